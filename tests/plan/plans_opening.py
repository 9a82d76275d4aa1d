"""A plan made by hand with projects that were begun before the horizon, and what funds paid, lent and promised for them."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: A mill whose last stage runs, a kiln whose milestone is open, and works that repay and pay dividends since 2025.
CARRIED: Tables = {
    "goods": [{"good": "ore"}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [
        {"fund": "treasury", "commitment_limit": 20, "exposure_limit": 15},
        {"fund": "bank", "kind": "private", "uses": "projects"},
    ],
    "budgets": [{"fund": "treasury", "amount": 20}],
    "projects": [{"project": "mill"}, {"project": "kiln"}, {"project": "works"}],
    "stages": [
        {"project": "mill", "stage": 1, "milestone": "permit", "duration": "1", "cost": 20},
        {"project": "mill", "stage": 2, "milestone": "start", "duration": "2", "cost": 12, "pay_on": "verification"},
        {"project": "kiln", "stage": 1, "milestone": "start", "duration": "2", "cost": 6},
        {"project": "works", "stage": 1, "milestone": "start", "duration": "1", "cost": 30},
    ],
    "financing": [
        {"project": "mill", "fund": "bank", "instrument": "loan", "interest": 0.1, "tenor": "2"},
        {"project": "mill", "fund": "treasury"},
        {"project": "works", "fund": "treasury", "instrument": "loan", "tenor": "4"},
        {"project": "works", "fund": "bank", "instrument": "equity", "dividend": 0.2},
    ],
    "opening_stages": [
        {"project": "mill", "stage": 1, "age": "3"},
        {"project": "mill", "stage": 2, "age": "1"},
        {"project": "kiln", "stage": 1, "age": "1"},
        {"project": "works", "stage": 1, "age": "3"},
    ],
    "opening_disbursements": [
        {"project": "mill", "stage": 1, "fund": "bank", "amount": 10},
        {"project": "mill", "stage": 1, "fund": "treasury", "amount": 10},
        {"project": "kiln", "stage": 1, "fund": "treasury", "amount": 6},
        {"project": "works", "stage": 1, "fund": "treasury", "amount": 8},
        {"project": "works", "stage": 1, "fund": "bank", "amount": 10},
    ],
}


def carried(tables: Tables = CARRIED) -> tuple[Instance, Plan]:
    """The bank's 10 of 2023 have grown to 12.1 at 10 % and grow on, for the mill is verified in 2027, when its 12 are due.

    The works were verified in 2024: of the treasury's 8 a quarter came back in 2025 and comes in 2026 and 2027, and the bank
    gets a dividend of 2. The treasury has 6 at risk in the kiln in 2026, and the promise of the 12 from the start.
    """
    instance = instance_of("carried", 2, tables)
    texts = {
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2027 ore 0 0 0 0 0 0 0 0 0 0",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 0 0 0 0",
        "disbursements": "2027 mill 2 treasury 12",
        "loans": """
            2026 mill 1 bank 0 1.21 0 13.31
            2026 works 1 treasury 0 0 2 4
            2026 works 1 bank 0 2 2 10
            2027 mill 1 bank 0 1.331 0 14.641
            2027 works 1 treasury 0 0 2 2
            2027 works 1 bank 0 2 2 10
            """,
        "exposure": """
            2026 bank mill 0 13.31
            2026 treasury kiln 6 0
            2026 bank works 0 10
            2026 treasury works 0 4
            2027 bank mill 0 14.641
            2027 bank works 0 10
            2027 treasury works 0 2
            """,
        "commitments": "2026 treasury stage mill 2 12",
        "payments": "2027 treasury projects 12",
        "funds": """
            2026 treasury 0 20 0 0 0 0 0 0 0 22 0 2 12
            2027 treasury 22 0 0 0 0 12 0 0 0 12 0 2 0
            2026 bank 0 0 0 0 0 0 0 0 0 2 0 2 0
            2027 bank 2 0 0 0 0 0 0 0 0 4 0 2 0
            """,
    }
    return instance, plan_of(instance, {"projects": 12.0, "repayments": -4.0}, texts)
