"""What funds have, owe and have paid at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SMALL = 1e-9


def _check_opening_cash(instance: Instance, report: Report) -> None:
    """Only a credit facility owes, and nothing that is overdue; what was paid is within the limit that it counts towards."""
    funds = instance.view("funds").set_index("fund")
    view, entered = instance.view("opening_cash"), instance.table("opening_cash")
    paid: dict[str, float] = {}
    columns = (view[name] for name in ("fund", "age", "debt", "paid"))
    for row, (fund, age, debt, before) in enumerate(zip(*columns, strict=True)):
        kind, limit, maturity = (funds[name][fund] for name in ("kind", "limit", "maturity"))
        if debt > 0 and kind != "credit":
            said = f"only a fund of kind credit owes; {fund!r} is of kind {kind}"
            report.fault("opening_cash", said, row, "debt")
        elif debt > 0 and age > maturity:
            said = f"drawn {entered['age'].iloc[row]} before the start, the debt of {fund!r} was due within {maturity:g} periods"
            report.fault("opening_cash", f"{said}; give the age of what is still owed", row, "age")
        if before > 0 and limit != limit:
            report.warn("opening_cash", f"{fund!r} has no limit, so what it has paid has no effect", row, "paid")
        paid[fund] = paid.get(fund, 0.0) + before
        if paid[fund] > limit * (1 + SMALL):
            said = f"{fund!r} has paid {paid[fund]:g} in all, more than its limit of {limit:g}"
            report.fault("opening_cash", said, row, "paid")


OPENING_MONEY_RULES = ((_check_opening_cash, "funds opening_cash"),)
