"""Accounts of participants: of goods that the sector wants, with a set price where it is paid, of one origin class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def _check_draws(instance: Instance, report: Report) -> None:
    """The sector wants the good, and the good is not told apart by origin: what replaces it could come from anywhere."""
    demand, goods = instance.view("demand"), instance.view("goods")
    wanted = set(zip(demand["sector"], demand["good"], strict=True))
    traced = {g for g, flag in zip(goods["good"], goods["trace"], strict=True) if flag is True}
    view = instance.view("accounts")
    for row, (sector, good) in enumerate(zip(view["sector"], view["good"], strict=True)):
        if (sector, good) not in wanted:
            said = f"{sector!r} has no demand for {good!r}, which it could draw; give it a row in demand.csv"
            report.fault("accounts", said, row, "good")
        if good in traced:
            said = f"{good!r} is traced, and where replacements come from is not known; leave the row or the trace out"
            report.fault("accounts", said, row, "good")


def _check_prices(instance: Instance, report: Report) -> None:
    """What is bought has a price, and nothing else has one."""
    view = instance.view("accounts")
    for row, (way, price) in enumerate(zip(view["settled_by"], view["price"].tolist(), strict=True)):
        if way == "purchase" and price != price:
            report.fault("accounts", "what is drawn is bought; give the set price", row, "price")
        elif way == "replacement" and price == price:
            report.warn("accounts", "what is drawn is replaced in kind, so no price is paid", row, "price")


ACCOUNT_RULES = (
    (_check_draws, "accounts goods demand"),
    (_check_prices, "accounts"),
)
