"""The report as text: its figures are those made by hand, names are text, and each plan has its sections and charts."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from stockpile.errors import DataError
from stockpile.instance.calendar import make_calendar
from stockpile.plan.plan import Plan
from stockpile.report.comparison import compare
from stockpile.report.layout import plain
from stockpile.report.page import whole
from stockpile.report.page.document import report
from stockpile.report.page.facts import OTHERS, Facts, parted
from stockpile.report.page.html import block
from stockpile.report.page.stock import expiring
from tests.instance.test_names import NAMES
from tests.plan.cases import CASES
from tests.plan.plans_tracing import passed_on
from tests.report.page.plans import ALERT, alerting, chained, forked, quick, strange
from tests.report.page.reading import Element, charts, read, table, words
from tests.sampling import every

LIMIT = 5_000_000
"""Bytes that a report may have."""


@pytest.fixture(autouse=True)
def _without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that draws takes seconds to put together, and nothing here draws."""
    monkeypatch.setattr(whole, "library", lambda: "/* the library */")


def paged(*plans: Plan) -> Element:
    """The report of plans, read back."""
    return read(report([(f"plans/{i}", plan) for i, plan in enumerate(plans)]).html())


REPORTS = {
    "one path": lambda: [quick()],
    "a tree": lambda: [forked()],
    "every rule": lambda: [chained()],
    "hostile names": lambda: [strange()[0]],
    "several": lambda: [quick(), quick("prices[*].price*=1.2"), forked()],
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_is_whole(name: str) -> None:
    """Elements are closed where they are opened, places are unique, what points to one finds it, and nothing is loaded."""
    html = report([(f"plans/{i}", plan) for i, plan in enumerate(REPORTS[name]())]).html()
    assert len(html.encode()) < LIMIT - 1_000_000, "the library that draws takes almost a million"
    page = read(html)
    every = page.every
    ids = [e.attributes["id"] for e in every if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for element in every:
        if "aria-labelledby" in element.attributes:
            assert element.attributes["aria-labelledby"] in ids
        for attribute in ("href", "src", "action", "data", "srcset", "poster"):
            assert attribute not in element.attributes or re.match(r"#|data:,$", element.attributes[attribute])
        assert not any(attribute.startswith("on") for attribute in element.attributes)
    assert {link.attributes["href"][1:] for link in page.all("a")} <= set(ids)
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert page.all("html")[0].attributes["lang"] == "en"
    assert len(page.all("script")) == 3
    levels = [int(e.tag[1]) for e in every if re.fullmatch(r"h[1-6]", e.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    drawn = {e.attributes["data-chart"] for e in every if "data-chart" in e.attributes}
    assert drawn == set(charts(page))
    assert all(e.attributes["aria-label"] for e in every if "data-chart" in e.attributes)


@pytest.mark.parametrize("name", REPORTS)
def test_only_charts_with_data_appear(name: str) -> None:
    """An empty frame tells nothing, and a number that is none cannot be drawn."""
    for place, chart in charts(paged(*REPORTS[name]())).items():
        assert chart["data"]["values"], place
        layers = chart.get("layer", [chart])
        for layer in layers:
            for channel in layer["encoding"].values():
                if isinstance(channel, dict) and "field" in channel:
                    values = [row.get(channel["field"]) for row in chart["data"]["values"]]
                    assert any(value is not None for value in values), (place, channel)


def test_the_figures_of_the_quickstart_are_those_made_by_hand() -> None:
    """Its page works out every amount."""
    page = paged(quick())
    told = words(page)
    assert told[0] == "The plan of 2026 to 2029 costs 418.0 MUSD (public funds)."
    assert told[2].startswith("The audit passed: ")
    assert (
        told[3]
        == "Most of it: purchases 352.0 MUSD, shortfall (penalty) 35.00 MUSD, project tranches 21.00 MUSD, holding stock 10.00 MUSD."
    )
    assert told[4] == "It buys goods for 352.0 MUSD (not discounted), by cost from abroad 72.73 %, home 27.27 %."
    assert told[5] == "It finances 1 of 1 projects with 35.00 MUSD: smelter."
    assert (
        told[6]
        == "What goes short is charged 35.00 MUSD (not discounted); most of it is antimony (5.00 % of its demand)."
    )
    assert table(page, "costs")[1:] == [
        ["purchases", 352.0], ["shortfall (penalty)", 35.0], ["project tranches", 21.0], ["holding stock", 10.0],
        ["total (objective)", 418.0],
    ]  # fmt: skip
    money = {tuple(row[:3]): row[3:] for row in table(page, "money")[1:]}
    assert money["treasury", "appropriation", "purchases"] == [-80, -176, -48, -48]
    assert money["treasury", "appropriation", "projects"][:2] == [-3, -18]
    assert money["investors", "private", "cash at year end"] == [18, 6, 6, 6]
    assert table(page, "purchases")[1:] == [
        ["antimony", "imports", "abroad", "order", 22.0, pytest.approx(256 / 22), 256.0, 0.0, "2026..2027"],
        ["antimony", "smelter output", "home", "order", 12.0, 8.0, 96.0, 0.0, "2028..2029"],
    ]  # fmt: skip
    goods = {row[1]: row for row in table(page, "goods")[1:]}
    assert [goods[year][9] for year in (2026, 2027, 2028)] == [2, 6, 2]
    assert goods[2027][-1] == pytest.approx(6 / 10 * 365.25)
    assert [row[2:6] for row in table(page, "stages")[1:]] == [
        [1, "permit", "2026", "2027"], [2, "commissioning", "2027", "2028"],
    ]  # fmt: skip
    assert table(page, "shortfall")[1:] == [["defence", "antimony", 40, 2, 0.05, 35]]
    assert ["price step of source is full: imports, 1", 2, "2026..2027", 11, "one kt more"] in table(page, "binding")


def test_what_a_chart_shows_is_what_its_table_says() -> None:
    """Bars by year add up to the account of the fund, stock is that of the table, and origins are those of the sources."""
    page = paged(quick())
    drawn = charts(page)

    def total(place: str, **names: Any) -> float:
        rows = drawn[place]["data"]["values"]
        return sum(float(row["amount"]) for row in rows if all(row.get(k) == v for k, v in names.items()))

    years = [total("paid-by-fund", part="treasury", year=str(year)) for year in range(2026, 2030)]
    assert years == [80 + 2 + 3, 176 + 6 + 18, 48 + 2, 48]
    assert total("paid-by-use", part="purchases") == 352
    assert total("purchases-by-origin", part="home") == 96
    assert total("exposure", date="2027-01-01") == 30
    stock = [row for row in drawn["stock-1"]["data"]["values"] if row.get("part") == "expires later"]
    assert [(row["date"], row["amount"]) for row in stock] == [
        ("2026-01-01", 2), ("2027-01-01", 6), ("2028-01-01", 2), ("2029-01-01", 0), ("2030-01-01", 0),
    ]  # fmt: skip
    (short,) = [row for row in drawn["stock-1"]["data"]["values"] if "short" in row]
    assert (short["date"], short["until"], short["short"]) == ("2029-01-01", "2030-01-01", 2)


def test_a_tree_is_told_as_expected_and_apart() -> None:
    """Amounts are weighed by probability; the spread, the tree and the table of scenarios have each future."""
    page, plan = paged(forked()), forked()
    outcomes = plan.outcomes.set_index("scenario")
    assert {row[0]: row[2] for row in table(page, "scenarios")[1:]} == pytest.approx(dict(outcomes["cost"]))
    drawn = charts(page)
    spread = drawn["spread-1"]["data"]["values"]
    paths = plan.paths.merge(plan.shortfall, on="node", how="left").fillna({"penalty": 0.0})
    for row in spread:
        of_year = paths[paths["period_x"] == row["year"]].groupby("scenario")["penalty"].sum()
        assert (row["least"], row["most"]) == pytest.approx((of_year.min(), of_year.max()))
        assert row["mean"] == pytest.approx(float((of_year * outcomes["probability"]).sum()))
        assert row["least"] <= row["low"] <= row["high"] <= row["most"]
    assert sum(row["mean"] for row in spread) == pytest.approx(table(page, "shortfall")[1][5])
    pieces = drawn["tree"]["data"]["values"]
    assert sorted((p["from"], p["to"], p["label"]) for p in pieces) == [
        ("2026-01-01", "2027-01-01", None),
        *(("2027-01-01", "2030-01-01", name) for name in ("ban", "calm", "dear")),
    ]
    assert [p["probability"] for p in pieces] == pytest.approx([1, 0.5, 0.3, 0.2])
    assert {p["parent"] for p in pieces[1:]} == {pieces[0]["height"]} == {1}
    assert [row[2:] for row in table(page, "stages")[1:]] == [
        [1, "permit", "2026", "2027", 5, 1], [2, "commissioning", "2027", "2028", 30, 1],
    ]  # fmt: skip


def test_flows_come_out_as_they_go_in() -> None:
    """What is drawn of a chain has the quantities of the table, and bands fill the boxes that they touch, no more."""
    page, plan = paged(chained()), chained()
    rows = table(page, "flows")[1:]
    made = plan.conversions.merge(
        pd.Series(plan.summary["context"]["probability"], name="weight"), left_on="node", right_index=True
    )
    for process, own in made.groupby("process"):
        assert sum(float(q) for _, to, q in rows if to == process) == pytest.approx(
            float((own["taken"] * own["weight"]).sum())
        )
        assert sum(float(q) for source, _, q in rows if source == process) == pytest.approx(
            float((own["brought"] * own["weight"]).sum())
        )
    drawn = charts(page)["flows"]["data"]["values"]
    boxes = [row for row in drawn if "place" in row]
    ends = [row for row in drawn if "flow" in row]
    for number in {row["flow"] for row in ends}:
        band = [row for row in ends if row["flow"] == number]
        for row, name in ((band[0], "source"), (band[-1], "target")):
            (box,) = [
                b for b in boxes if b["place"] == plain(row[name]) and b["left"] - 1e-6 <= row["x"] <= b["right"] + 1e-6
            ]
            assert box["foot"] - 1e-4 <= row["y"] <= row["y2"] <= box["head"] + 1e-4


def test_what_expires_is_told_apart() -> None:
    """Shelf life 4: the oldest leaves first, so what must leave within a year is what is left beyond the last two receipts.

    4 kt are a year old at the start; a tenth is lost in 2026 and 2027.  At the end of 2026 12 kt are less than 4 x 0.9 + 10,
    of 2027 11 kt are less than 10 x 0.9 + 3, of 2028 6 of 9 kt are beyond 3 + 0, of 2029 all 4 kt are old.
    """
    plan = quick()
    amounts = {
        "opening": [4.0, 12.0, 11.0, 9.0],
        "loss": [0.4, 1.2, 0.0, 0.0],
        "received": [10.0, 3.0, 0.0, 0.0],
        "closing": [12.0, 11.0, 9.0, 4.0],
    }
    context = {**plan.summary["context"], "shelf_life": {"antimony": 4}, "opening_stock": {"antimony": {"1": 4.0}}}
    aged = replace(plan, tables={**plan.tables, "balance": plan.balance.assign(**amounts)},
                   summary={**plan.summary, "context": context})  # fmt: skip
    facts = Facts(aged, "x")
    soon = expiring(facts, "antimony")
    assert soon == pytest.approx({"2026": 0, "2027": 0, "2028": 6, "2029": 4})
    assert [row[3:] for row in table(paged(aged), "expiry")[1:]] == [[12, 0], [11, 0], [9, 6], [4, 4]]
    stock = [row for row in charts(paged(aged))["stock-1"]["data"]["values"] if "amount" in row]
    assert [r["amount"] for r in stock if r["part"] == "expires within a year"][:4] == [0, 0, 6, 4]
    assert [r["amount"] for r in stock if r["part"] == "expires later"][:4] == [12, 11, 3, 0]


def test_traced_goods_are_told_by_origin() -> None:
    """What sectors get, what batches pass on and what they take, with the shares that each class has of it."""
    plan, traced = quick(), passed_on()[1]
    names = ("traced_use", "batches", "batch_inputs")
    page = paged(replace(plan, tables={**plan.tables, **{name: traced.tables[name] for name in names}}))
    assert table(page, "traced-use")[1:] == [
        ["plant", "magnet", "covered (chain)", 2026, 2, 0, 1],
        ["plant", "magnet", "covered (chain)", 2027, 1.5, 0, 0.75],
        ["plant", "magnet", "allied (all mined)", 2027, 0.5, 0, 0.25],
        ["army", "magnet", "allied (all mined)", 2027, 1, 0, 1],
    ]
    assert table(page, "batches")[1:] == [
        ["sintering", "covered (chain)", 2026, 1.5, 0.5],
        ["sintering", "allied (all mined)", 2026, 1.5, 0.5],
    ]
    assert table(page, "batch-inputs")[1:] == [
        ["sintering", "covered (chain)", "metal", "covered (chain)", 1.5, 1],
        ["sintering", "covered (chain)", "dysprosium", "allied (all mined)", 0.375, 1],
        ["sintering", "allied (all mined)", "metal", "allied (all mined)", 1.5, 1],
        ["sintering", "allied (all mined)", "dysprosium", "allied (all mined)", 0.375, 1],
    ]
    drawn = charts(page)
    bars = {(r["what"], r["part"]): r["amount"] for r in drawn["traced-use"]["data"]["values"]}
    assert bars["plant: magnet", "covered (chain)"] == pytest.approx(3.5 / 4)
    assert ("sintering, passes on covered (chain): metal", "covered (chain)") in {
        (r["what"], r["part"]) for r in drawn["batches"]["data"]["values"]
    }
    assert "tracing-section" not in {s.attributes["id"] for s in paged(plan).all("section")}


def test_limits_come_by_what_they_are_worth() -> None:
    """Those of money first; the sentences tell the first of each, and that decisions are fixed.  An older plan has none of it."""
    page = paged(quick())
    rows = table(page, "binding")[1:]
    assert [row[4] for row in rows] == ["one MUSD more"] * 2 + ["one kt more"] * 3
    assert [row[3] for row in rows] == [1, 1, 19, 11, 0.5]
    told = words(page, "binding")
    assert told[2] == (
        "Capacity of source smelter output: one kt more, in each of 2 periods of 2028..2029, would save at most 19 MUSD."
    )
    assert "with the plan's whole decisions fixed" in told[-1]
    binding = quick().summary["binding"]
    bare = [{k: v for k, v in row.items() if k not in ("worth", "way", "per")} for row in binding["rows"]]
    old = paged(replace(quick(), summary={**quick().summary, "binding": {**binding, "rows": bare}}))
    assert table(old, "binding")[0] == ["limit", "periods", "when"]
    assert "is not told here" in words(old, "binding")[-1]


def test_goods_kept_by_age_say_what_expires() -> None:
    """Where a plan has cohorts, what is old enough is what expires: with a shelf life of 3 years all that is a year old."""
    plan = CASES["aged"][0]()[1]
    old = plan.cohorts[plan.cohorts["age"] >= 1].groupby("period")["closing"].sum()
    assert old.sum() > 0
    assert expiring(Facts(plan, "x"), "ore") == pytest.approx(dict(old))


@pytest.mark.parametrize("name", every(3, ["</script><!--", *NAMES, "var(--c1)", "{{x}}", "a\u2028b"]))
def test_names_are_text(name: str) -> None:
    """A name is shown as it is in tables and in charts; nothing of it becomes an element, or ends the script that holds it."""
    plan = quick()
    tables = {
        n: frame.replace({"antimony": name, "defence": name, "treasury": name, "imports": name})
        for n, frame in plan.tables.items()
    }
    context = {**plan.summary["context"], "sources": {name: {"origin": name, "paid_by": "fund"}}}
    odd = replace(plan, tables=tables, summary={**plan.summary, "context": context,
                  "instance": {**plan.summary["instance"], "title": name}, "options": {"set": [name]}})  # fmt: skip
    html = report([(f"plans/{name}", odd)]).html()
    page = read(html)
    assert len(page.all("script")) == 3
    assert page.all("title")[0].text == page.all("h1")[0].text == plain(name)
    assert table(page, "shortfall")[1][:2] == [plain(name), plain(name)]
    assert {row["good"] for row in charts(page)["cover"]["data"]["values"]} == {name}
    assert len(read(report([(f"plans/{name}", odd), ("b", plan)]).html()).all("script")) == 3


def test_a_good_that_is_a_script_is_shown_as_text() -> None:
    """The name of a good goes from the instance through a solve to the page and stays a name."""
    page = paged(alerting())
    assert page.all("h1")[0].text == ALERT
    assert ALERT in [row[0] for row in table(page, "goods")]
    assert any(ALERT in sentence for sentence in words(page))
    assert ALERT not in report([("x", alerting())]).html()


def test_every_name_of_an_instance_of_all_rules_is_shown() -> None:
    """Sources, funds, sectors and projects of the plan bear hostile names."""
    plan, _ = strange()
    page = paged(plan)
    assert {row[1] for row in table(page, "purchases")[1:]} <= {
        plain(name) for name in [*plan.deliveries["source"], *plan.calls["contract"]]
    }
    assert {row[0] for row in table(page, "money")[1:]} <= {plain(name) for name in plan.funds["fund"]}
    assert {row[0] for row in table(page, "stages")[1:]} == {plain(name) for name in plan.go["project"]}


def test_plans_stand_side_by_side() -> None:
    """The tables have what ``compare`` tells; every plan has its sections, in its own units."""
    plans = [quick(), quick("prices[*].price*=1.2"), forked()]
    page = paged(*plans)
    found = compare([(f"plans/{i}", plan) for i, plan in enumerate(plans)])
    (total,) = [found.row(figure) for figure in found.figures if figure.label == "total (objective)"]
    (row,) = [row for row in table(page, "side-cost") if row[0] == "total (objective)"]
    assert row[1:] == ["MUSD", *(pytest.approx(value) for value in total)]
    stack = charts(page)["side-costs"]["data"]["values"]
    for title, value in zip(found.titles, total, strict=True):
        assert sum(r["amount"] for r in stack if r["plan"] == title) == pytest.approx(value)
    shares = charts(page)["side-origins"]["data"]["values"]
    assert [sum(r["amount"] for r in shares if r["plan"] == title) for title in found.titles] == pytest.approx(
        [1, 1, 1]
    )
    risk = {r["plan"]: r["amount"] for r in charts(page)["side-exposure"]["data"]["values"]}
    assert risk == {title: pytest.approx(30) for title in found.titles}, "no sum of peaks that come at different times"
    bound = [plan.bound for plan in plans]
    order = sorted(range(3), key=lambda i: plans[i].objective)
    told = words(page, "side")
    assert told[0].startswith(
        f"Plan {found.titles[order[0]]} costs least: {plans[order[0]].objective:,.1f} MUSD (35.00 of it penalties)"
    )
    for sentence, i in zip(told[1:3], order[1:], strict=True):
        least, most = bound[i] - plans[order[0]].objective, plans[i].objective - bound[order[0]]
        assert 0 < least <= most
        assert sentence.endswith(f": at least {least:,.2f} and at most {most:,.2f} MUSD more.")
    headings = [h.text for h in page.all("h2")]
    assert headings[1] == "What differs"
    assert [h[:8] for h in headings[2:]] == ["Plan 1 0", "Plan 2 1", "Plan 3 2"]
    assert sum(h.text == "The answer" for h in page.all("h3")) == 3
    assert "Plan 2 1: quickstart, with prices[*].price*=1.2" in words(page, "side")


def test_which_of_two_costs_less_may_not_be_proven() -> None:
    """A plan 10 dearer with a bound 20 below it may be the cheaper one; of different discount rates none is ranked."""
    plan = quick()
    dearer = {**plan.summary, "objective": plan.objective + 10, "bound": plan.bound - 10}
    told = words(paged(plan, replace(plan, summary=dearer)), "side")
    assert "is not proven" in told[1]
    context = plan.summary["context"]
    other = {**context, "discount_rate": 0.1}
    told = words(paged(plan, replace(plan, summary={**plan.summary, "context": other})), "side")
    assert not any("costs least" in sentence for sentence in told)


def test_an_older_plan_has_what_it_knows() -> None:
    """Without what plan.json keeps since, the rest is told; without its context it says what to do."""
    plan = quick()
    context = {
        k: v for k, v in plan.summary["context"].items() if k not in ("funds", "shelf_life", "policies", "provenance")
    }
    old = replace(plan, summary={**{k: v for k, v in plan.summary.items() if k != "binding"}, "context": context})
    page = paged(old)
    names = {t.attributes["data-csv"] for t in page.all("table")}
    assert {"costs", "money", "stages"} <= names
    assert not {"binding", "trust"} & names
    with pytest.raises(DataError, match="solve the instance again"):
        paged(replace(plan, summary={k: v for k, v in plan.summary.items() if k != "context"}))


def test_a_plan_that_fails_its_audit_says_so_at_once() -> None:
    """Nobody should read on as if nothing was."""
    broken = replace(quick(), summary={**quick().summary, "audit": {"breaches": 3, "rows": 10}})
    assert any(sentence.startswith("The audit FAILED: 3 breaches.") for sentence in words(paged(broken)))


def test_a_plan_that_was_stopped_says_so() -> None:
    """A plan without a bound is not told as the best one."""
    stopped = {"status": "feasible", "stopped_by": "time limit", "bound": None, "gap": None}
    told = words(paged(replace(quick(), summary={**quick().summary, **stopped})))
    assert (
        told[1] == "Feasible: stopped by the time limit before the asked gap of 0.00 % was proven. No bound is known."
    )


def test_a_page_of_many_weeks_and_goods_stays_small() -> None:
    """Ten years by weeks, forty goods, twenty funds: charts and tables show what matters most."""
    plan, weeks = quick(), 520
    labels = make_calendar(date(2026, 1, 5), weeks, "week").labels
    context = {**plan.summary["context"], "shelf_life": {f"good {i}": 100 for i in range(40)}, "horizon": {
        "start": "2026-01-05", "periods": weeks, "step": "week", "first": labels[0], "last": labels[-1], "years_per_period": 7 / 365.25}}  # fmt: skip

    def many(name: str, column: str, count: int) -> pd.DataFrame:
        first = plan.tables[name].iloc[[0]]
        rows = pd.concat([first.assign(**{column: f"{column} {i}"}) for i in range(count)])
        grown = pd.concat([rows] * weeks, ignore_index=True)
        at = [label for label in labels for _ in range(count)]
        noise = pd.Series(range(len(grown))) * 1.2345678 % 7
        numbers = {c: grown[c] + noise for c in grown.columns if pd.api.types.is_float_dtype(grown[c])}
        return grown.assign(node=at, period=at, **numbers)

    empty = {name: frame.iloc[:0] for name, frame in plan.tables.items()}
    grown = {"balance": many("balance", "good", 40), "service": many("service", "good", 40),
             "funds": many("funds", "fund", 20), "shortfall": many("shortfall", "good", 40)}  # fmt: skip
    long = replace(plan, tables={**empty, **grown}, summary={**plan.summary, "context": context})
    page = report([("x", long)]).html()
    assert len(page.encode()) < LIMIT - 1_000_000
    assert len(charts(read(page))["cover"]["data"]["values"]) >= 8 * weeks


def test_small_parts_are_told_together() -> None:
    """A bar of thirty colours would tell nothing; what is left out of it is one part, so that the bar is as long."""
    frame = pd.DataFrame(
        {"year": 2026, "fund": [f"fund {i}" for i in range(12)], "amount": [float(i) for i in range(12)]}
    )
    names, rows = parted(frame, "fund", "amount", 3)
    assert names == ["fund 11", "fund 10", "fund 9", OTHERS]
    assert {row["part"]: row["amount"] for row in rows} == {"fund 11": 11, "fund 10": 10, "fund 9": 9, OTHERS: 36}


def test_the_page_is_made_of_valid_values() -> None:
    """Numbers of charts are finite, so that JSON holds them."""
    with pytest.raises(ValueError, match="JSON"):
        block("x", {"y": math.nan})
    assert json.loads(read(block("x", {"y": "</script>&\u2028"})).text) == {"y": "</script>&\u2028"}
