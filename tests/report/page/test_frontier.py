"""A trade-off as a page: points with their intervals, what lies between them, and points without a plan."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from stockpile.report.page import whole
from stockpile.report.page.draw import picture
from stockpile.report.page.frontier import frontier_page
from tests.report.page.plans import ALERT, Point, curved, quick
from tests.report.page.reading import Element, charts, read, table


@pytest.fixture(autouse=True)
def _without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that draws takes seconds to put together, and nothing here draws."""
    monkeypatch.setattr(whole, "library", lambda: "/* the library */")


def words(page: Element) -> list[str]:
    """All sentences."""
    return [p.text.replace("\u00a0", " ") for p in page.all("p")]


def test_the_curve_has_every_interval() -> None:
    """Each point stands from its bound to its cost; where there is no plan there is a mark and no cost."""
    found = curved()
    plans = [p.plan for p in found.points if p.plan is not None]
    drawn = charts(read(frontier_page(found).html()))["frontier"]["data"]["values"]
    assert [(r["value"], r["cost"], r["bound"], r["end"]) for r in drawn] == [
        (1.0, plans[0].objective, 418.0, ""),
        (1.5, plans[1].objective, 400.0, ""),
        (2.0, None, None, "no plan can be"),
    ]


def test_the_table_tells_what_one_more_costs() -> None:
    """The least cost rises from 418 by at least (400 - 418) / 0.5 and at most (cost - 418) / 0.5 for one more of the value."""
    found = curved()
    page = read(frontier_page(found).html())
    rows = table(page, "frontier")[1:]
    cost = found.points[1].plan.objective if found.points[1].plan is not None else math.nan
    assert [row[0] for row in rows] == [1, 1.5, 2]
    assert rows[1][1:3] == pytest.approx([cost, 400])
    assert rows[1][3] == pytest.approx(1 - 400 / cost)
    assert rows[1][4:6] == pytest.approx([-36, (cost - 418) / 0.5])
    assert all(isinstance(v, float) and math.isnan(v) for v in rows[0][4:6] + rows[2][1:8])
    assert rows[2][-1] == "no plan can be"
    told = words(page)
    assert (
        f"Varied: factor of prices[imports,*].price. The plan costs 418.00 MUSD at 1 and {cost:.2f} MUSD at 1.5."
        in told
    )
    assert f"Each cost is proven to within {100 * (1 - 400 / cost):.2f} % of the least." in told
    assert "No plan can be at 2." in told


def test_bars_add_up_to_the_cost_of_their_point() -> None:
    """Costs by name, gains below zero."""
    found = curved()
    rows = charts(read(frontier_page(found).html()))["frontier-costs"]["data"]["values"]
    for point in found.points[:2]:
        assert point.plan is not None
        assert sum(r["amount"] for r in rows if r["value"] == f"{point.value:g}") == pytest.approx(point.plan.objective)


def test_every_figure_of_few_points_and_of_many_none() -> None:
    """A table with a column for each of a hundred points could not be read."""
    found = curved()
    page = read(frontier_page(found).html())
    (total,) = [row for row in table(page, "side-cost") if row[0] == "total (objective)"]
    assert total[2:] == pytest.approx([p.plan.objective for p in found.points if p.plan is not None])
    many = replace(found, points=[Point(float(i), "optimal", quick(), 418.0) for i in range(13)])
    names = {t.attributes["data-csv"] for t in read(frontier_page(many).html()).all("table")}
    assert names == {"frontier"}


def test_without_any_plan_the_table_is_left() -> None:
    """That nothing can be is an answer, too."""
    page = read(frontier_page(replace(curved(), points=curved().points[2:])).html())
    assert charts(page) == {}
    assert table(page, "frontier")[1][-1] == "no plan can be"


def test_a_limit_has_its_unit_and_names_are_text() -> None:
    """Limits of shortfall are money; titles and addresses are shown as they are."""
    found = replace(curved(), varied="a limit of shortfall", unit="MUSD", about=ALERT)
    page = read(frontier_page(found).html())
    assert table(page, "frontier")[0][0] == "limit of shortfall, MUSD"
    first, *others = found.points
    none = frontier_page(replace(found, points=[Point(0.0, first.status, first.plan, first.bound), *others]))
    assert read(none.html()).all("td")[0].text == "0", "a dash would be no limit"
    assert page.all("h1")[0].text == f"Trade-off: {ALERT}"
    assert len(page.all("script")) == 3
    odd = read(frontier_page(replace(curved(), varied=f"goods[{ALERT}].end_stock=0:1:2")).html())
    assert f"goods[{ALERT}].end_stock" in odd.text


def test_the_curve_is_a_picture() -> None:
    """With a mark for the point that has no plan."""
    (curve,) = [chart for place, chart in frontier_page(curved()).charts() if place == "frontier"]
    svg, png = picture(curve)
    assert png.startswith(b"\x89PNG")
    assert "#b3261e" in svg
    assert "var(" not in svg
