"""Price floors: on what a project supplies, against a market price that is there, by a fund that may pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SMALL = 1e-9


def _check_output(instance: Instance, report: Report) -> None:
    """The project supplies the source, and the index is of the same good."""
    effects, sources = instance.view("effects"), instance.view("sources")
    good_of = dict(zip(sources["source"], sources["good"], strict=True))
    supplied: dict[str, list[str]] = {}
    for project, kind, name in zip(effects["project"], effects["kind"], effects["name"], strict=True):
        if kind == "supply":
            supplied.setdefault(str(project), []).append(str(name))
    view = instance.view("price_floors")
    for row, (project, source, index) in enumerate(zip(view["project"], view["source"], view["index"], strict=True)):
        known = supplied.get(project, [])
        if source not in known:
            hint = nearest(source, known, "it supplies") if known else "give it an effect of kind supply"
            said = f"{shown(project)} supplies nothing to {shown(source)} that a floor could cover; {hint}"
            report.fault("price_floors", said, row, "source")
        if good_of[source] != good_of[index]:
            said = f"{shown(index)} sells {shown(good_of[index])}, but {shown(source)} sells {shown(good_of[source])}"
            report.fault("price_floors", f"{said}; the index is a source of the same good", row, "index")


def _check_index(instance: Instance, report: Report) -> None:
    """There is a market price in every period that is covered."""
    view = instance.view("price_floors")
    for row, (index, begin, end) in enumerate(zip(view["index"], *instance.spans("price_floors"), strict=True)):
        missing = np.flatnonzero(np.isnan(instance.market_price(index)[int(begin) : int(end)]))
        if len(missing):
            period = instance.calendar.labels[int(begin) + int(missing[0])]
            said = f"{shown(index)} has no price in {period}; a floor needs one in every period that it covers"
            report.fault("price_floors", said, row, "index")


def _check_upside(instance: Instance, report: Report) -> None:
    """The fund gets something only above the floor."""
    view = instance.view("price_floors")
    columns = (view[name] for name in ("floor", "strike", "upside_share"))
    for row, (floor, strike, share) in enumerate(zip(*columns, strict=True)):
        if strike < floor:
            report.fault("price_floors", "is below the floor; the fund would get and pay at once", row, "strike")
        elif strike == strike and share == 0:
            report.fault("price_floors", "the fund gets nothing above it; give upside_share", row, "strike")


def _check_funds(instance: Instance, report: Report) -> None:
    """A fund that pays may pay for projects, and no unit is covered twice."""
    view = instance.view("price_floors")
    covered: dict[tuple[str, str], np.ndarray] = {}
    columns = (view[name] for name in ("project", "source", "fund", "share"))
    rows = zip(*columns, *instance.spans("price_floors"), strict=True)
    for row, (project, source, fund, share, begin, end) in enumerate(rows):
        if "projects" not in instance.uses_of(str(fund)):
            said = f"{shown(fund)} may not pay for projects; see its uses in funds.csv"
            report.fault("price_floors", said, row, "fund")
        sum_of = covered.setdefault((project, source), np.zeros(instance.calendar.periods))
        sum_of[int(begin) : int(end)] += share
        if sum_of.max() > 1 + SMALL:
            said = (
                f"{sum_of.max():g} of what {shown(project)} supplies to {shown(source)} would be covered; at most 1 is"
            )
            report.fault("price_floors", said, row, "share")


PRICE_FLOOR_RULES = (
    (_check_output, "projects effects price_floors"),
    (_check_index, "prices markets price_floors"),
    (_check_upside, "price_floors"),
    (_check_funds, "funds price_floors"),
)
