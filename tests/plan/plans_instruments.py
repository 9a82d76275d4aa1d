"""Plans made by hand for instruments that move risk: every number in them was worked out on paper."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: A mine whose output is covered by a treasury, whose floor rises in 2028, and for a year by an agency.
PROTECTED: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "spot", "good": "ore"}, {"source": "works", "good": "ore"}],
    "prices": [
        {"source": "spot", "price": 5},
        {"source": "spot", "from": "2028", "price": 12},
        {"source": "works", "price": 1},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [{"fund": "treasury"}, {"fund": "agency"}],
    "budgets": [{"fund": "treasury", "amount": 20}, {"fund": "agency", "amount": 20}],
    "projects": [{"project": "mine", "may_abandon": True}],
    "stages": [{"project": "mine", "stage": 1, "milestone": "start", "duration": "1", "cost": 4}],
    "effects": [{"project": "mine", "after": 1, "kind": "supply", "name": "works", "amount": 6, "ramp": "2"}],
    "price_floors": [
        {"project": "mine", "source": "works", "fund": "treasury", "floor": 8, "index": "spot", "share": 0.5},
        {
            "project": "mine",
            "source": "works",
            "fund": "treasury",
            "from": "2028",
            "floor": 9,
            "index": "spot",
            "share": 0.5,
            "strike": 10,
            "upside_share": 0.5,
        },
        {
            "project": "mine",
            "source": "works",
            "fund": "agency",
            "floor": 6,
            "index": "spot",
            "share": 0.5,
            "term": "1",
        },
    ],
}


def protected(tables: Tables = PROTECTED) -> tuple[Instance, Plan]:
    """In 2027 half of 3 t is covered at 8 and half at 6, the price is 5: 4.5 and 1.5 are paid.

    In 2028 half of 6 t brings half of 12 - 10 a tonne; in 2029 the mine is given up, and with it the cover ends.
    """
    instance = instance_of("protected", 4, tables)
    years = ("2026", "2027", "2028", "2029")
    texts = {
        "balance": "\n".join(f"{y} ore 0 0 0 0 0 0 0 0 0 0" for y in years),
        "service": "\n".join(f"{y} plant ore 0 0 0 0" for y in years),
        "go": "2026 mine 1 start 4 2027",
        "abandonments": "2029 mine 0",
        "disbursements": "2026 mine 1 treasury 4",
        "effects": "2027 mine 1 supply works 3\n2028 mine 1 supply works 6",
        "exposure": "2026 treasury mine 4 0\n2029 treasury mine 0 0 4",
        "price_floors": """
            2027 mine works treasury 1.5 5 4.5 0
            2028 mine works treasury 3 12 0 3
            2027 mine works agency 1.5 5 1.5 0
            """,
        "payments": "2026 treasury projects 4\n2027 treasury price_floors 4.5\n2027 agency price_floors 1.5",
        "funds": """
            2026 treasury 0 20 0 0 0 4 0 0 0 16
            2027 treasury 16 0 0 0 0 4.5 0 0 0 11.5
            2028 treasury 11.5 0 0 0 3 0 0 0 0 14.5
            2029 treasury 14.5 0 0 0 0 0 0 0 0 14.5
            2026 agency 0 20 0 0 0 0 0 0 0 20
            2027 agency 20 0 0 0 0 1.5 0 0 0 18.5
            2028 agency 18.5 0 0 0 0 0 0 0 0 18.5
            2029 agency 18.5 0 0 0 0 0 0 0 0 18.5
            """,
    }
    return instance, plan_of(instance, {"projects": 4.0, "price_floors": 6.0, "revenue": -3.0}, texts)


#: Loans of a bank that an agency guarantees: to a mine that is given up, before the start too, and to a mill.
BACKED: Tables = {
    "goods": [{"good": "ore"}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [{"fund": "bank"}, {"fund": "agency", "commitment_limit": 19}],
    "budgets": [{"fund": "bank", "amount": 30}, {"fund": "agency", "amount": 20}],
    "projects": [
        {"project": "mine", "may_abandon": True, "recovery": 0.4, "recovery_lag": "1"},
        {"project": "mill"},
    ],
    "stages": [
        {"project": "mine", "stage": 1, "duration": "1", "cost": 20},
        {"project": "mine", "stage": 2, "duration": "1", "cost": 5},
        {"project": "mill", "stage": 1, "duration": "1", "cost": 8, "pay_on": "verification"},
    ],
    "financing": [
        {"project": "mine", "fund": "bank", "instrument": "loan", "interest": 0.5, "tenor": "2"},
        {"project": "mill", "fund": "bank", "instrument": "loan", "interest": 0.5, "tenor": "1"},
    ],
    "opening_loans": [{"project": "mine", "fund": "bank", "principal": 4, "interest": 0.25, "tenor": "2"}],
    "guarantees": [
        {"project": "mine", "lender": "bank", "fund": "agency", "share": 0.5, "fee": 0.1},
        {"project": "mine", "stage": 0, "lender": "bank", "fund": "agency", "share": 0.2},
        {"project": "mill", "lender": "bank", "fund": "agency", "share": 0.5},
        {"project": "mill", "stage": 1, "lender": "bank", "fund": "agency", "fee": 0.25},
    ],
}


def backed(tables: Tables = BACKED) -> tuple[Instance, Plan]:
    """Given up in 2027, the mine owes 30 and 6.25, of which the agency pays half and a fifth; 0.4 comes back in 2028.

    Of the 14.5 that come back the bank keeps 8.  The mill's 8 are promised in 2026, lent in 2027, and repaid with 4 of
    interest in 2028; the agency earns 1 on the mine's 10 and 2 on the mill's 8.
    """
    instance = instance_of("backed", 3, tables)
    years = ("2026", "2027", "2028")
    texts = {
        "balance": "\n".join(f"{y} ore 0 0 0 0 0 0 0 0 0 0" for y in years),
        "service": "\n".join(f"{y} plant ore 0 0 0 0" for y in years),
        "go": "2026 mine 1 - 20 2027\n2026 mill 1 - 8 2027",
        "abandonments": "2027 mine 0",
        "disbursements": "2026 mine 1 bank 20 loan\n2027 mill 1 bank 8 loan",
        "commitments": "2026 bank stage mill 1 8",
        "loans": """
            2026 mine 1 bank 20 0 0 20
            2027 mine 1 bank 0 10 0 0 30
            2028 mine 1 bank 0 0 0 0 0 12
            2026 mine 0 bank 0 1 0 5
            2027 mine 0 bank 0 1.25 0 0 6.25
            2028 mine 0 bank 0 0 0 0 0 2.5
            2027 mill 1 bank 8 0 0 8
            2028 mill 1 bank 0 4 12 0
            """,
        "guarantees": """
            2026 mine 1 bank agency 10 1 0 0
            2027 mine 1 bank agency 0 0 15 0
            2028 mine 1 bank agency 0 0 0 6
            2026 mine 0 bank agency 1 0 0 0
            2027 mine 0 bank agency 0 0 1.25 0
            2028 mine 0 bank agency 0 0 0 0.5
            2027 mill 1 bank agency 8 2 0 0
            """,
        "exposure": """
            2026 bank mine 10 4
            2026 agency mine 10 1
            2027 bank mine 0 0 20
            2027 agency mine 0 0 16.25
            2027 agency mill 0 8
            2028 bank mine 0 0 12
            2028 agency mine 0 0 9.75
            """,
        "payments": "2026 bank projects 20\n2027 bank projects 8\n2027 agency guarantees 16.25",
        "funds": """
            2026 bank 0 30 0 0 0 20 0 0 0 10 0 0 0
            2027 bank 10 0 0 0 0 8 0 0 0 18.25 0 16.25 0
            2028 bank 18.25 0 0 0 0 0 0 0 0 38.25 0 20 0
            2026 agency 0 20 0 0 0 0 0 0 0 21 0 1 19
            2027 agency 21 0 0 0 0 16.25 0 0 0 6.75 0 2 8
            2028 agency 6.75 0 0 0 0 0 0 0 0 13.25 0 6.5 0
            """,
    }
    return instance, plan_of(instance, {"projects": 28.0, "guarantees": 16.25, "repayments": -45.75}, texts)
