"""Broken tables of what funds have, lend and promise."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content

CASH = "fund,age,cash,debt,paid\n"
LOANS = "project,fund,principal,tenor,first_instalment,grace\n"
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
    "negative-commitment-limit": Broken(
        cell("funds", 2, "commitment_limit", "-1"), "funds.csv", 2, "commitment_limit", "at least 0"
    ),
    "exposure-over-limit": Broken(
        both(
            cell("funds", 2, "exposure_limit", "5"),
            content("opening_loans.csv", f"{LOANS}old mill,treasury,6,1y,2027Q1,\n"),
        ),
        "funds.csv",
        2,
        "exposure_limit",
        "above the limit of 5",
    ),
    "dated-loan-to-what-may-end": Broken(
        both(
            cell("projects", 2, "may_abandon", "true"),
            content("opening_loans.csv", f"{LOANS}separation plant,treasury,6,1y,2027Q1,\n"),
        ),
        "opening_loans.csv",
        2,
        "first_instalment",
        "leave the date blank",
    ),
    "recovery-of-more-than-all": Broken(
        cell("projects", 2, "recovery", "1.5"), "projects.csv", 2, "recovery", "0 to 1"
    ),
    "loan-without-tenor": Broken(
        cell("financing", 2, "instrument", "loan"), "financing.csv", 2, "tenor", "give the time over which it is repaid"
    ),
    "interest-on-a-grant": Broken(
        cell("financing", 2, "interest", "0.1"), "financing.csv", 2, "interest", "only a loan"
    ),
    "dividend-on-a-loan": Broken(
        both(
            cell("financing", 2, "instrument", "loan"),
            cell("financing", 2, "tenor", "1y"),
            cell("financing", 2, "dividend", "0.1"),
        ),
        "financing.csv",
        2,
        "dividend",
        "only equity has it",
    ),
    "unknown-instrument": Broken(
        cell("financing", 2, "instrument", "lone"), "financing.csv", 2, "instrument", "did you mean 'loan'?"
    ),
    "old-loan-of-nobody": Broken(
        content("opening_loans.csv", f"{LOANS}separation,treasury,5,1y,,\n"),
        "opening_loans.csv",
        2,
        "project",
        "give first_instalment",
    ),
    "old-loan-with-grace": Broken(
        content("opening_loans.csv", f"{LOANS}separation plant,treasury,5,1y,2027Q1,6mo\n"),
        "opening_loans.csv",
        2,
        "grace",
        "leave grace blank",
    ),
    "old-loan-for-ever": Broken(
        content("opening_loans.csv", f"{LOANS}separation plant,treasury,5,0,,\n"),
        "opening_loans.csv",
        2,
        "tenor",
        "at least one period",
    ),
}
