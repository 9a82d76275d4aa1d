"""Sources that the market pays: a flow for normal consumption, in which the reserve decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: What only an order of the reserve has.
DECIDED = ("lead_time", "order_cost", "min_order", "lot_size")
#: Why a market is refused: without a cost for what the market buys nothing says who takes the cheap steps.
SHARED = "normal consumption takes the cheap steps of a market first; give the source prices of its own, or a narrower market"


def _market_paid(instance: Instance) -> set[str]:
    view = instance.view("sources")
    return {str(k) for k, payer in zip(view["source"], view["paid_by"], strict=True) if payer == "market"}


def _check_flow(instance: Instance, report: Report) -> None:
    """What the market buys has no orders: no lead time, charge, minimum, lots, discount or shared steps; and someone wants it."""
    view, wanted = instance.view("sources"), set(instance.view("demand")["good"])
    for row, (source, payer) in enumerate(zip(view["source"], view["paid_by"], strict=True)):
        if payer != "market":
            continue
        for column in DECIDED:
            if view[column].iloc[row] > 0:
                said = f"the market pays {source!r}: a flow, which is not ordered; leave it blank"
                report.fault("sources", said, row, column)
        if isinstance(view["discount"].iloc[row], str):
            said = f"the market pays {source!r}: its prices do not fall; leave it blank"
            report.fault("sources", said, row, "discount")
        if isinstance(view["store"].iloc[row], str):
            said = f"the market pays {source!r}: nothing of it is stored; leave it blank"
            report.fault("sources", said, row, "store")
        if isinstance(view["market"].iloc[row], str):
            report.fault("sources", f"the market pays {source!r}, and {SHARED}", row, "market")
        good = view["good"].iloc[row]
        if good not in wanted:
            said = f"the market pays {source!r} for normal consumption, but no sector wants {good!r}"
            report.warn("sources", said, row, "paid_by")


def _check_open_orders(instance: Instance, report: Report) -> None:
    paid = _market_paid(instance)
    for row, source in enumerate(instance.view("opening_orders")["source"]):
        if source in paid:
            said = f"the market pays {source!r}: what is under way there is no order of the reserve; delete the row"
            report.fault("opening_orders", said, row, "source")


def _check_pinned(instance: Instance, report: Report) -> None:
    paid, view = _market_paid(instance), instance.view("pins")
    for row, (decision, name) in enumerate(zip(view["decision"], view["name"], strict=True)):
        if decision == "order" and name in paid:
            said = f"the market pays {name!r}: the reserve decides nothing there; limit it with supply.csv"
            report.fault("pins", said, row, "name")


MARKET_SUPPLY_RULES = (
    (_check_open_orders, "opening_orders"),
    (_check_pinned, "pins"),
    (_check_flow, "demand"),
)
