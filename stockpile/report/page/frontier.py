"""A trade-off as a page: what each point costs, at least and at most, and what it gives."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from stockpile.report.frontier import ENDS, Frontier, Point, cover, penalties
from stockpile.report.layout import percent, plain
from stockpile.report.page.facts import OTHERS
from stockpile.report.page.marks import BACK, COLOURS, WARNING, Spec, colour, spec, tip, value
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, text
from stockpile.report.page.side import every_figure
from stockpile.report.page.whole import Page
from stockpile.report.sheet import NOISE
from stockpile.report.summary import NAMES

PARTS = 8
"""Costs told apart in a bar."""
SIDE = 12
"""Points whose every figure is shown, a column for each."""
SIGNS = {"*=": "factor of ", "+=": "amount added to ", "=": ""}
"""What a value is to what is varied, by the operator of its address."""
WORDS = {
    "feasible": "The search was stopped before the asked gap was proven",
    "infeasible": "No plan can be",
    "unbounded": "Costs fall without end",
    "no plan": "No plan was found before the search was stopped",
}
"""How a search ended, where that is not with a plan of the asked gap."""


def frontier_page(frontier: Frontier) -> Page:
    """The curve, what it is made of, a row for each point, and of few points every figure."""
    curve = Section(
        "frontier", "Trade-off", [*_words(frontier)], [*_charts(frontier)], [_points(frontier)], _note(frontier)
    )
    found = frontier.plans
    sections = [curve]
    if found is not None and len(found.plans) <= SIDE:
        sections.append(Section("figures", "Every figure of each point", grids=every_figure(found)))
    return Page(f"Trade-off: {plain(frontier.about)}", _about(frontier), sections)


def _along(frontier: Frontier) -> str:
    """What a value is, in words."""
    if frontier.unit:
        return f"limit of shortfall, {plain(frontier.unit)}"
    key = frontier.varied.rpartition("=")[0] + "="
    sign = next(sign for sign in SIGNS if key.endswith(sign))
    return SIGNS[sign] + plain(key.removesuffix(sign))


def _about(frontier: Frontier) -> str:
    return f"{len(frontier.points)} points along {plain(frontier.varied)}; money in {plain(frontier.money)}"


def _note(frontier: Frontier) -> str:
    limit = " The limit is what shortfall may be charged in all, expected over futures." if frontier.unit else ""
    return (
        "The least cost at a point lies between its bound, below which no plan can cost, and the cost of the plan that was"
        f" found.{limit} One more: by how much the least cost changes for one more of the value, from the point before to"
        " this one. Cover is the mean over goods and time."
    )


def _words(frontier: Frontier) -> Iterator[str]:
    """From where to where the curve goes, and at which points there is no plan."""
    known = [(p.value, p.plan.objective, p.plan.gap) for p in frontier.points if p.plan is not None]
    if known:
        ends = [known[0], known[-1]][: len(known)]
        told = " and ".join(f"{_money(frontier, cost)} at {at:,.6g}" for at, cost, _ in ends)
        yield f"Varied: {_along(frontier)}. The plan costs {told}."
        worst = max(gap for _, _, gap in known)
        yield (
            f"Each cost is proven to within {percent(worst)} of the least."
            if math.isfinite(worst)
            else "Not every cost has a bound."
        )
    for status, words in WORDS.items():
        at = [f"{p.value:,.6g}" for p in frontier.points if p.status == status]
        if at:
            some = ", ".join(at[:SIDE]) + (f" and {len(at) - SIDE} more" if len(at) > SIDE else "")
            yield f"{words} at {some}."


def _money(frontier: Frontier, cost: float) -> str:
    return f"{cost:,.{0 if abs(cost) >= 1000 else 2}f} {plain(frontier.money)}"


def _charts(frontier: Frontier) -> Iterator[Chart]:
    points = [p for p in frontier.points if p.plan is not None]
    if not points:
        return
    yield _curve(frontier)
    for name, title, unit, values in (
        ("penalties", f"Penalties in the cost, {plain(frontier.money)}", frontier.money, penalties(frontier)),
        ("cover", "Days of demand that stock covers, the mean over goods", "days", cover(frontier)),
    ):
        rows = [
            {"value": p.value, "amount": v} for p, v in zip(frontier.points, values, strict=True) if math.isfinite(v)
        ]
        if any(row["amount"] > NOISE for row in rows):
            yield Chart(
                f"frontier-{name}",
                title,
                f"A line over {len(rows)} points.",
                _line(frontier, plain(unit)),
                rows,
                small=True,
            )
    if len(points) > 1:
        yield _parts(frontier)


def _across(frontier: Frontier) -> Spec:
    return value(
        "value",
        _along(frontier),
        scale={"zero": False, "nice": False, "padding": 12},
        axis={"grid": False, "tickCount": 8},
    )


def _curve(frontier: Frontier) -> Chart:
    """Cost against what is varied: the plans as points on a line, from each a rule down to its bound; red where none can be."""
    rows: list[dict[str, Any]] = [_row(p) for p in frontier.points]
    unit = plain(frontier.money)
    up: Spec = {"scale": {"zero": False}}
    told = tip(
        ("value", _along(frontier), ",.6~r"),
        ("cost", f"cost, {unit}", ",.7~r"),
        ("bound", f"bound, {unit}", ",.7~r"),
        ("gap", "gap", ".2%"),
    )
    layers: list[Spec] = [
        _layer("datum.cost != null && datum.bound != null", {"type": "rule", "strokeWidth": 3, "color": COLOURS[1]},
               y=value("bound", f"cost, {unit}", **up), y2={"field": "cost"}, tooltip=told),
        _layer("datum.bound != null", {"type": "tick", "thickness": 2, "size": 14, "orient": "horizontal", "color": COLOURS[1]},
               y=value("bound", **up), tooltip=told),
        _layer("datum.cost != null", {"type": "line", "color": COLOURS[0], "strokeWidth": 1.5, "opacity": 0.7}, y=value("cost", **up)),
        _layer("datum.cost != null", {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": COLOURS[0], "stroke": BACK},
               y=value("cost", **up), tooltip=told),
    ]  # fmt: skip
    if any(row["cost"] is None for row in rows):
        why = tip(("value", _along(frontier), ",.6~r"), ("end", "at this point", ""))
        layers.append(
            _layer("datum.cost == null", {"type": "rule", "color": WARNING, "strokeDash": [4, 3]}, tooltip=why)
        )
    found = sum(row["cost"] is not None for row in rows)
    says = (
        f"Cost against {_along(frontier)}: {found} points on a line, from each a rule down to the bound that was proven"
        f"{'; dashed in red where there is no plan' if found < len(rows) else ''}. The table has every figure."
    )
    plan = spec(320, layer=layers, encoding={"x": _across(frontier)})
    return Chart("frontier", f"Cost with its bound, {unit}", says, plan, rows)


def _layer(where: str, mark: Spec, **encoding: Any) -> Spec:
    return {"transform": [{"filter": where}], "mark": mark, "encoding": encoding}


def _row(point: Point) -> dict[str, Any]:
    plan = point.plan
    return {
        "value": point.value,
        "cost": None if plan is None else plan.objective,
        "bound": point.bound if math.isfinite(point.bound) else None,
        "gap": None if plan is None or not math.isfinite(plan.gap) else plan.gap,
        "end": ENDS.get(point.status, ""),
    }


def _line(frontier: Frontier, unit: str) -> Spec:
    return spec(
        180,
        mark={"type": "line", "point": {"filled": True, "size": 40, "color": COLOURS[0]}, "color": COLOURS[0]},
        encoding={
            "x": _across(frontier),
            "y": value("amount", unit),
            "tooltip": tip(("value", _along(frontier), ",.6~r"), ("amount", unit, ",.5~r")),
        },
    )


def _parts(frontier: Frontier) -> Chart:
    """A bar for each point of its costs by name, gains below zero."""
    plans = [(f"{p.value:,.6g}", p.plan) for p in frontier.points if p.plan is not None]
    size = {name: max(abs(plan.costs[name]) for _, plan in plans) for name in plans[0][1].costs}
    kept = sorted((name for name in size if size[name] > NOISE), key=lambda name: -size[name])[:PARTS]
    names = [NAMES.get(name, name.replace("_", " ")) for name in kept]
    rows: list[dict[str, Any]] = []
    for at, plan in plans:
        rest = sum(cost for name, cost in plan.costs.items() if name not in kept)
        sums = [*(plan.costs[name] for name in kept), rest]
        rows += [
            {"value": at, "part": name, "place": place, "amount": cost}
            for place, (name, cost) in enumerate(zip([*names, OTHERS], sums, strict=True))
            if abs(cost) > NOISE
        ]
    names += [OTHERS] if any(row["part"] == OTHERS for row in rows) else []
    unit = plain(frontier.money)
    encoding: Spec = {
        "x": {
            "field": "value",
            "type": "nominal",
            "sort": [at for at, _ in plans],
            "title": _along(frontier),
            "axis": {"labelAngle": 0},
        },
        "y": value("amount", unit),
        "color": colour("part", names),
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": tip(("value", _along(frontier), ""), ("part", "cost", ""), ("amount", unit, ",.5~r")),
    }
    says = f"A bar for each of {len(plans)} points, stacked by {len(names)} costs, gains below zero; the largest is {names[0]}."
    return Chart(
        "frontier-costs", f"Costs by name, {unit}", says, spec(260, mark={"type": "bar"}, encoding=encoding), rows
    )


def _points(frontier: Frontier) -> Grid:
    """A row for each point."""
    money = plain(frontier.money)
    fines, days = penalties(frontier), cover(frontier)
    rows: list[list[Cell]] = []
    for i, point in enumerate(frontier.points):
        low, high = _slope(frontier, i)
        row = _row(point)
        rows.append([point.value, row["cost"], row["bound"], row["gap"], low, high, fines[i], days[i], row["end"]])
    fields = [
        amount(f"limit of shortfall, {money}", "plain") if frontier.unit else amount("value", "plain"),
        amount("cost", money),
        amount("bound", money),
        amount("gap", "share"),
        amount("one more, at least", money),
        amount("and at most", money),
        amount("penalties", money),
        amount("cover", "days"),
        text("what became of it"),
    ]
    return Grid("frontier", "Points", fields, rows)


def _slope(frontier: Frontier, at: int) -> tuple[float, float]:
    """By how much the least cost changes for one more of the value since the point before, at least and at most; NaN where that is not known."""
    if at == 0:
        return math.nan, math.nan
    before, here = frontier.points[at - 1], frontier.points[at]
    step = here.value - before.value
    if before.plan is None or here.plan is None or not abs(step) > 0:
        return math.nan, math.nan
    ends = ((here.bound - before.plan.objective) / step, (here.plan.objective - before.bound) / step)
    return (min(ends), max(ends)) if all(map(math.isfinite, ends)) else (math.nan, math.nan)
