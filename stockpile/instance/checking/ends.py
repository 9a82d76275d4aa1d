"""Values at the end of the horizon go with what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: The tables and the words for what the names of a kind are.
NAMED = {
    "debt": {"funds": "fund"},
    "project": {"projects": "project"},
    "lent": {"goods": "good"},
    "principal": {"funds": "fund"},
    "order": {"sources": "source", "goods": "good"},
}


def _check_names(instance: Instance, report: Report) -> None:
    """A name is in a table of its kind; debt is that of a credit facility, and counts once at most."""
    view, funds = instance.view("end_values"), instance.view("funds")
    credit = {str(f) for f, kind in zip(funds["fund"], funds["kind"], strict=True) if kind == "credit"}
    for row, (kind, name, value) in enumerate(zip(view["kind"], view["name"], view["value"], strict=True)):
        known = [str(v) for table, column in NAMED[kind].items() for v in instance.view(table)[column]]
        if isinstance(name, str) and name not in known:
            hint = nearest(name, known) if known else "the table is missing"
            where = " or ".join(f"{table}.csv" for table in NAMED[kind])
            report.fault("end_values", f"{shown(name)} is not in {where}; {hint}", row, "name")
        elif kind == "debt" and isinstance(name, str) and name not in credit:
            report.fault("end_values", f"{name!r} is no credit facility and has no debt", row, "name")
        if kind in ("debt", "principal") and value > 1:
            report.fault("end_values", f"a share of the {kind} is at most 1", row, "value")


def _check_orders(instance: Instance, report: Report) -> None:
    """What is on order at the end is that of a source that funds pay, and of funds that may pay."""
    view, sources = instance.view("end_values"), instance.view("sources")
    rows = {str(k): (good, payer) for k, good, payer in sources[["source", "good", "paid_by"]].itertuples(index=False)}
    goods = {str(g) for g in instance.view("goods")["good"]}
    funds = [str(f) for f in instance.view("funds")["fund"]]
    payers = [f for f in funds if "purchases" in instance.uses_of(f)]
    for row, (kind, name, value) in enumerate(zip(view["kind"], view["name"], view["value"], strict=True)):
        if kind != "order" or value <= 0:
            continue
        if funds and not payers:
            said = "no fund may pay for what is on order; give one the use purchases"
            report.fault("end_values", said, row, "kind")
        if name in rows and name in goods and rows[name][0] != name:
            said = f"{name!r} is a source, and a good that it does not sell; rename one of them"
            report.fault("end_values", said, row, "name")
        if name in rows and rows[name][1] == "market":
            said = f"the market pays {name!r}: what is under way there is no order of the reserve; delete the row"
            report.fault("end_values", said, row, "name")


def _check_worth(instance: Instance, report: Report) -> None:
    """Goods on order that are worth as much as they cost would be ordered without need; those that never are count for nothing."""
    view, sources = instance.view("end_values"), instance.view("sources")
    named = zip(view["kind"], view["name"], strict=True)
    rows = {n if isinstance(n, str) else None: row for row, (kind, n) in enumerate(named) if kind == "order"}
    opening = instance.view("opening_orders")
    late = set(opening["source"][opening["arrives"] >= instance.calendar.periods])
    cheapest, used = cheapest_prices(instance), set()
    for source, good, lead, worth in zip(
        sources["source"], sources["good"], sources["lead_time"], instance.order_values(), strict=True
    ):
        row = next((rows[name] for name in (source, good, None) if name in rows), -1)
        if lead > 0 or source in late:
            used.add(row)
        if lead > 0 and worth > 0 and worth >= cheapest.get(source, np.inf):
            said = (
                f"what is on order at {source!r} at the end is worth its cheapest price: "
                "it may be ordered only to be left on its way"
            )
            report.warn("end_values", said, row, "value")
    for name, row in rows.items():
        if row not in used:
            said = "nothing can be on order at the end: no source of it has a lead time; delete the row"
            report.warn("end_values", said, row, "kind" if name is None else "name")


def cheapest_prices(instance: Instance) -> dict[str, float]:
    """The lowest price of every source that funds pay, money for a unit."""
    view = instance.view("sources")
    bought = {str(k) for k, payer in zip(view["source"], view["paid_by"], strict=True) if payer != "market"}
    cheapest: dict[str, float] = {}
    for (source, _), price in zip(*instance.offers("price", np.nan), strict=True):
        known = price[~np.isnan(price)]
        if len(known) and source in bought:
            cheapest[source] = min(cheapest.get(source, np.inf), float(known.min()))
    return cheapest


def _check_open_orders(instance: Instance, report: Report) -> None:
    """An order from before the horizon that arrives after it counts only with an end value."""
    sources = instance.view("sources")
    traded = set(sources["source"][sources["paid_by"] == "market"])
    calendar, worth = (
        instance.calendar,
        dict(zip(instance.view("sources")["source"], instance.order_values(), strict=True)),
    )
    entered, view = instance.table("opening_orders")["arrives"], instance.view("opening_orders")
    for row, (source, arrives) in enumerate(zip(view["source"], view["arrives"], strict=True)):
        if arrives >= calendar.periods and not worth[source] > 0:
            remedy = f"give what is on order at {source!r} at the end a value in end_values.csv (kind order), or "
            said = (
                f"{entered.iloc[row]} is off the horizon, {calendar.starts[0]} until {calendar.starts[-1]}; "
                f"{'' if source in traded else remedy}delete the row"
            )
            report.fault("opening_orders", said, row, "arrives")


END_RULES = (
    (_check_names, "end_values funds projects"),
    (_check_orders, "end_values sources funds"),
    (_check_worth, "end_values sources prices markets opening_orders"),
    (_check_open_orders, "opening_orders end_values sources"),
)
