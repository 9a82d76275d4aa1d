"""What the page says in words: which projects it finances, what counts as short, what a limit that binds is worth."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from stockpile.plan.plan import Plan
from stockpile.plan.terms import HUNDREDTH
from stockpile.report.page import whole
from stockpile.report.page.document import report
from stockpile.report.page.marks import PLACE, colour
from tests.report.page.plans import chained, forked, quick
from tests.report.page.reading import Element, charts, read, table, words


@pytest.fixture(autouse=True)
def _without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that draws takes seconds to put together, and nothing here draws."""
    monkeypatch.setattr(whole, "library", lambda: "/* the library */")


def paged(plan: Plan) -> Element:
    """The report of a plan, read back."""
    return read(report([("plans/0", plan)]).html())


@pytest.mark.parametrize(("way", "said"), [("more", "higher"), ("less", "lower")])
def test_a_ratio_is_moved_by_a_hundredth(way: str, said: str) -> None:
    """What the bound of a mean is worth is told for a bound that is 1 % higher or lower, in the sentence and in the table."""
    row = {"family": "least_grade", "key": ["kiln", "purity"], "times": 2, "first": "2026", "last": "2027"}
    rows = [{**row, "worth": 3.5, "way": way, "per": HUNDREDTH}]
    plan = replace(quick(), summary={**quick().summary, "binding": {"limits": 1, "rows": rows}})
    told = words(paged(plan), "binding")[0]
    assert told == (
        f"Least mean of process, attribute: kiln, purity: a bound 1 % {said}, in each of 2 periods of 2026..2027,"
        " would save at most 3.5 MUSD."
    )
    assert table(paged(plan), "binding")[1][3:] == [3.5, f"a bound 1 % {said}"]


def test_projects_begun_before_are_told_apart() -> None:
    """A project that goes on without money or a release of the plan is not financed by it."""
    plan = quick()
    old = {"old mill": {"title": "", "stages": 1, "before": {"1": None}}}

    def told(kept: Plan, projects: dict[str, Any]) -> list[str]:
        context = {**plan.summary["context"], "projects": projects}
        return words(paged(replace(kept, summary={**plan.summary, "context": context})))

    both = told(plan, {**plan.summary["context"]["projects"], **old})
    assert both[5:7] == [
        "It finances 1 of 2 projects with 35.00 MUSD: smelter.",
        "Begun before the plan, which pays nothing more for them: old mill.",
    ]
    empty = {name: plan.tables[name].iloc[:0] for name in ("go", "disbursements")}
    none = told(replace(plan, tables={**plan.tables, **empty}), old)
    assert none[5] == "None of 1 projects is financed."


@pytest.mark.parametrize(("share", "lacks"), [(5e-7, False), (5e-6, True)])
def test_a_trace_of_shortfall_is_none(share: float, lacks: bool) -> None:
    """What is short by no more than the solver's tolerance is not told, and not red in a chart."""
    plan = quick()
    service = plan.tables["service"]
    tables = {**plan.tables, "service": service.assign(short=service["demand"] * share)}
    page = paged(replace(plan, tables=tables))
    assert ("No demand goes short." in words(page)) is not lacks
    assert ("No demand goes short." in words(page, "shortfall")) is not lacks
    assert any("short" in row for row in charts(page)["stock-1"]["data"]["values"]) is lacks


def test_figures_beside_counts_are_numbers() -> None:
    """Of plans with and without scenarios how many there are is a number, and money has the decimals of its table; periods stay text."""
    page = read(report([("plans/0", forked()), ("plans/1", quick())]).html())
    rows = {row[0]: row[2:] for row in table(page, "side-scenarios")}
    count, (costs, nothing) = rows["scenarios"], rows["cost of the worst"]
    assert count[0] == 3
    assert costs == pytest.approx(forked().tables["outcomes"]["cost"].max())
    assert math.isnan(float(count[1]))
    assert nothing == 0
    assert {row[0]: row[2:] for row in table(page, "side-plan")}["last period"] == ["2029", "2029"]


def test_a_note_says_what_charts_of_scenarios_and_blanks_are() -> None:
    """Money at risk is expected in a chart and the most in its table; a map of cover is blank where nothing is wanted."""
    expected, blank = "what is expected over scenarios, the first table the most", "blank where nothing is wanted"
    assert expected in words(paged(forked()), "exposure")[-1]
    assert expected not in words(paged(quick()), "exposure")[-1]
    plan = quick()
    service = plan.tables["service"]
    later = replace(plan, tables={**plan.tables, "service": service[service["period"] != "2026"]})
    assert blank in words(paged(later), "goods")[-1]
    assert blank not in words(paged(plan), "goods")[-1]


def test_a_column_without_any_text_is_left_out() -> None:
    """Projects of a random instance have no titles."""
    assert table(paged(chained()), "stages")[0][:2] == ["project", "stage"]
    assert table(paged(quick()), "stages")[0][:2] == ["project", "what it is"]


def test_long_names_in_a_legend_get_fewer_columns() -> None:
    """Names of 50 letters have 380 pixels each, short ones half of that."""
    legends = [colour("part", [name])["legend"] for name in ("coal", "c" * 50, "c" * 500)]
    assert [legend["columns"]["expr"] for legend in legends] == [
        f"max(1, floor({PLACE} / {room}))" for room in (190, 380, 480)
    ]
