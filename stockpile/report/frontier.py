"""The points of a trade-off as a page, as CSV and as one document."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rich.text import Text

from stockpile.plan.plan import Plan
from stockpile.report.comparison import Comparison, compare, unit_of
from stockpile.report.figures import PENALTIES, Figure, finite
from stockpile.report.layout import Column, heading, numbers, percent, plain, sentence, table
from stockpile.report.sheet import NOISE
from stockpile.report.terminal import written

#: Words for how the search for a point ended, where that is not with a plan of the asked gap.
ENDS = {
    "feasible": "stopped",
    "infeasible": "no plan can be",
    "unbounded": "costs fall without end",
    "no plan": "no plan found",
}


class Point(Protocol):
    """A plan for one ``value`` of what is varied; None where ``status`` is infeasible, unbounded or no plan."""

    @property
    def value(self) -> float: ...
    @property
    def status(self) -> str: ...
    @property
    def plan(self) -> Plan | None: ...
    @property
    def bound(self) -> float: ...


@dataclass(frozen=True)
class Frontier:
    """Points along what is ``varied``, each value in ``unit`` (empty: as it was entered), and the money of the plans.

    ``about`` is the title or the name of the instance.
    """

    varied: str
    unit: str
    money: str
    points: Sequence[Point]
    about: str

    @property
    def plans(self) -> Comparison | None:
        """The plans of the points, side by side; None where no point has one."""
        found = [(f"at {p.value:,.6g}", p.plan) for p in self.points if p.plan is not None]
        return compare(found) if found else None


def page(frontier: Frontier, width: int = 80, colour: bool = False) -> str:
    """A line for each point: what was varied, cost with bound and gap, the penalties in it, and the days that stock covers."""
    points = frontier.points
    known = [p for p in points if p.plan is not None]
    lines = [Text(f"{len(points)} points along {plain(frontier.varied)}", style="bold")]
    lines += heading("Trade-off", f"{frontier.money}; cover in days, the mean over goods and time", width)
    costs = numbers([math.nan if p.plan is None else p.plan.objective for p in points], figures=7)
    bounds = numbers([p.bound for p in points], figures=7)
    fines = numbers(penalties(frontier), figures=7)
    days = ["-" if math.isnan(mean) else f"{mean:,.0f}" for mean in cover(frontier)]
    rows = [
        [
            f"{p.value:,.6g}",
            costs[i],
            bounds[i],
            "-" if p.plan is None else percent(p.plan.gap),
            fines[i],
            days[i],
            ENDS.get(p.status, ""),
        ]
        for i, p in enumerate(points)
    ]
    titles = ("value" if not frontier.unit else "at most", "cost", "bound", "gap", "penalties", "cover")
    lines += table([*(Column(title, right=True) for title in titles), Column("")], rows, width)
    if known and frontier.unit:
        lines += sentence("at most: what shortfall may be charged in all, expected over futures", width)
    return written(lines, width, colour)


def penalties(frontier: Frontier) -> list[float]:
    """What is penalties of the cost of each point, money; NaN without a plan."""
    found = _by_point(frontier, PENALTIES)
    return [math.nan if not v else v[0] if abs(v[0]) > NOISE else 0.0 for v in found]


def cover(frontier: Frontier) -> list[float]:
    """Days that stock covers at each point, the mean over goods and time; NaN without a plan, or without demand."""
    return [math.nan if not days else sum(days) / len(days) for days in _by_point(frontier, "mean: {0}")]


def _by_point(frontier: Frontier, words: str) -> list[list[float]]:
    """The values of all figures of these words at each point; none where it has no plan."""
    plans = frontier.plans
    out: list[list[float]] = []
    at = 0
    for point in frontier.points:
        out.append([])
        if point.plan is None or plans is None:
            continue
        rows = [plans.row(figure)[at] for figure in plans.figures if figure.words == words]
        out[-1] = [float(value) for value in rows if finite(value)]
        at += 1
    return out


def as_document(frontier: Frontier) -> dict[str, Any]:
    """Plain values for JSON: the points with all figures that ``compare`` has."""
    figures, values = _figures(frontier)
    return {
        "varied": frontier.varied,
        "unit": frontier.unit,
        "money": frontier.money,
        "points": [
            {
                "value": point.value,
                "status": point.status,
                "objective": None if point.plan is None else point.plan.objective,
                "bound": point.bound,
                "gap": None if point.plan is None else point.plan.gap,
                "figures": dict(zip(figures, row, strict=True)) if row else {},
            }
            for point, row in zip(frontier.points, values, strict=True)
        ],
    }


def as_csv(frontier: Frontier) -> str:
    """A line for each point, with all figures that ``compare`` has; a cell is blank where there is no plan."""
    figures, values = _figures(frontier)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["value", "status", f"objective ({frontier.money})", f"bound ({frontier.money})", "gap", *figures])
    for point, row in zip(frontier.points, values, strict=True):
        plan = point.plan
        cells = ["" if plan is None else plan.objective, point.bound if math.isfinite(point.bound) else ""]
        gap = "" if plan is None or not math.isfinite(plan.gap) else plan.gap
        writer.writerow([point.value, point.status, *cells, gap, *(row or [""] * len(figures))])
    return out.getvalue()


def _figures(frontier: Frontier) -> tuple[list[str], list[list[float | str] | None]]:
    """Titles of the figures of ``compare``, units included, and by point their values, None where it has no plan."""
    plans = frontier.plans
    if plans is None:
        return [], [None] * len(frontier.points)
    titles = [_title(figure, plans) for figure in plans.figures]
    columns = iter(zip(*(plans.row(figure) for figure in plans.figures), strict=True))
    return titles, [None if point.plan is None else _plain(next(columns)) for point in frontier.points]


def _plain(values: Sequence[float | str]) -> list[float | str]:
    return [value if isinstance(value, str) or finite(value) else "" for value in values]


def _title(figure: Figure, plans: Comparison) -> str:
    unit = unit_of(figure, plans)
    return f"{figure.section}: {figure.label}" + (f" ({unit})" if unit else "")
