"""Broken tables of what funds have, lend and promise."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content

CASH = "fund,age,cash,debt,paid\n"
MONEY = {
    "cash-of-nobody": Broken(
        content("opening_cash.csv", f"{CASH}treasure,,5,,\n"), "opening_cash.csv", 2, "fund", "did you mean 'treasury'?"
    ),
    "debt-without-credit": Broken(
        content("opening_cash.csv", f"{CASH}treasury,,,5,\n"),
        "opening_cash.csv",
        2,
        "debt",
        "only a fund of kind credit",
    ),
    "overdue-debt": Broken(
        content("opening_cash.csv", f"{CASH}facility,2y,,5,\n"),
        "opening_cash.csv",
        2,
        "age",
        "was due within 6 periods",
    ),
    "debt-of-today": Broken(
        content("opening_cash.csv", f"{CASH}facility,0,,5,\n"), "opening_cash.csv", 2, "age", "at least one period"
    ),
    "paid-over-limit": Broken(
        both(cell("funds", 2, "limit", "30"), content("opening_cash.csv", f"{CASH}treasury,,,,20\ntreasury,2,,,20\n")),
        "opening_cash.csv",
        3,
        "paid",
        "more than its limit of 30",
    ),
    "negative-cash": Broken(
        content("opening_cash.csv", f"{CASH}treasury,,-1,,\n"), "opening_cash.csv", 2, "cash", "at least 0"
    ),
}
