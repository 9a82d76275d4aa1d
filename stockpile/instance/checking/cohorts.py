"""Ages and freshness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.cells import cell_text
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def _check_ages(instance: Instance, report: Report) -> None:
    """Every row says something, about an age of its own that the good may reach."""
    view, entered = instance.view("ages"), instance.table("ages")
    life = dict(zip(instance.view("goods")["good"], instance.view("goods")["shelf_life"], strict=True))
    first: dict[tuple[str, float], int] = {}
    columns = (view[name] for name in ("good", "age", "loss_rate", "price_factor"))
    for row, (good, periods, loss, factor) in enumerate(zip(*columns, strict=True)):
        age = 0.0 if periods != periods else float(periods)
        said = cell_text(entered["age"].iloc[row]) or "0"
        before = first.setdefault((good, age), row)
        if before != row and entered["age"].iloc[before] != entered["age"].iloc[row]:
            other = cell_text(entered["age"].iloc[before]) or "0"
            report.fault(
                "ages", f"{said} is {age:g} periods of {good!r}, as {other} is: give each age once", row, "age"
            )
        if loss != loss and factor != factor:
            report.fault("ages", "says nothing; give loss_rate or price_factor", row, "loss_rate")
        if age >= life[good]:
            text = f"{good!r} never gets {age:g} periods old: its shelf life is {life[good]:g}"
            report.warn("ages", text, row, "age")


def _check_freshness(instance: Instance, report: Report) -> None:
    """The sector takes the good."""
    demand, accepts = instance.view("demand"), instance.view("accepts")
    taken = set(zip(demand["sector"], demand["good"], strict=True))
    taken |= set(zip(accepts["sector"], accepts["given"], strict=True))
    view = instance.view("freshness")
    for row, (sector, good) in enumerate(zip(view["sector"], view["good"], strict=True)):
        if (sector, good) not in taken:
            report.warn("freshness", f"{sector!r} takes no {good!r}", row, "good")


COHORT_RULES = (
    (_check_ages, "goods ages"),
    (_check_freshness, "demand accepts freshness"),
)
