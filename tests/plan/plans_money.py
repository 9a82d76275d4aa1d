"""Plans made by hand for what funds have, lend and promise: every number in them was worked out on paper."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: A facility that opens with cash and with two debts, one of them older.
INDEBTED: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "mine", "good": "ore"}],
    "prices": [{"source": "mine", "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 1}],
    "funds": [
        {"fund": "facility", "kind": "credit", "credit_limit": 12, "interest": 0.1, "maturity": "3", "limit": 20}
    ],
    "budgets": [{"fund": "facility", "amount": 10}],
    "opening_cash": [
        {"fund": "facility", "cash": 5, "debt": 4, "paid": 15},
        {"fund": "facility", "age": "2", "debt": 6},
    ],
}


def indebted(tables: Tables = INDEBTED) -> tuple[Instance, Plan]:
    """The debt of 6 is repaid in 2026, a year early, the debt of 4 in 2028 when it is due; interest is 1 + 0.4 + 0.4."""
    instance = instance_of("indebted", 3, tables)
    years = ("2026", "2027", "2028")
    texts = {
        "orders": "\n".join(f"{y} mine ore 1 0 {y}" for y in years),
        "order_steps": "\n".join(f"{y} mine 1 1 1" for y in years),
        "deliveries": "\n".join(f"{y} mine ore {y} 1 1 0" for y in years),
        "balance": "\n".join(f"{y} ore 0 0 1 1 0 0 0 0 0 0" for y in years),
        "service": "\n".join(f"{y} plant ore 1 1 0 0" for y in years),
        "payments": "\n".join(f"{y} facility purchases 1" for y in years),
        "funds": """
            2026 facility 5 10 0 0 0 1 1 6 0 7 4
            2027 facility 7 0 0 0 0 1 0.4 0 0 5.6 4
            2028 facility 5.6 0 0 0 0 1 0.4 4 0 0.2 0
            """,
    }
    return instance, plan_of(instance, {"purchases": 3.0, "interest": 1.8}, texts)


#: A plant paid half by a loan, half by equity; an old loan with dates, and one that waits for the plant.
LENT: Tables = {
    "goods": [{"good": "ore"}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [{"fund": "treasury"}, {"fund": "agency"}],
    "budgets": [{"fund": "treasury", "amount": 10}, {"fund": "agency", "amount": 10}],
    "projects": [{"project": "plant"}],
    "stages": [{"project": "plant", "stage": 1, "milestone": "start", "duration": "1", "cost": 20}],
    "financing": [
        {"project": "plant", "fund": "treasury", "instrument": "loan", "interest": 0.5, "tenor": "2", "max_share": 0.5},
        {"project": "plant", "fund": "agency", "instrument": "equity", "dividend": 0.2, "max_share": 0.5},
    ],
    "opening_loans": [
        {
            "project": "mill",
            "fund": "treasury",
            "principal": 6,
            "interest": 0.5,
            "tenor": "1",
            "first_instalment": "2027",
        },
        {"project": "plant", "fund": "agency", "principal": 4, "tenor": "4", "grace": "1"},
    ],
}


def lent(tables: Tables = LENT) -> tuple[Instance, Plan]:
    """The 10 lent in 2026 are 15 at commissioning in 2027; two instalments of 15 x 0.9 repay them; equity brings 2 a year.

    The mill owes 6, then 9, and pays 13.5 in 2027; the plant's old 4 are repaid by 1 a year from 2029 on.
    """
    instance = instance_of("lent", 4, tables)
    years = ("2026", "2027", "2028", "2029")
    texts = {
        "balance": "\n".join(f"{y} ore 0 0 0 0 0 0 0 0 0 0" for y in years),
        "service": "\n".join(f"{y} plant ore 0 0 0 0" for y in years),
        "go": "2026 plant 1 start 20 2027",
        "disbursements": "2026 plant 1 treasury 10 loan\n2026 plant 1 agency 10 equity",
        "loans": """
            2026 plant 1 treasury 10 0 0 10
            2027 plant 1 treasury 0 5 0 15
            2028 plant 1 treasury 0 7.5 13.5 9
            2029 plant 1 treasury 0 4.5 13.5 0
            2026 plant 1 agency 10 0 0 10
            2027 plant 1 agency 0 0 0 10
            2028 plant 1 agency 0 2 2 10
            2029 plant 1 agency 0 2 2 10
            2026 mill 0 treasury 0 3 0 9
            2027 mill 0 treasury 0 4.5 13.5 0
            2026 plant 0 agency 0 0 0 4
            2027 plant 0 agency 0 0 0 4
            2028 plant 0 agency 0 0 0 4
            2029 plant 0 agency 0 0 1 3
            """,
        "exposure": """
            2026 treasury plant 10 0
            2027 treasury plant 0 15
            2028 treasury plant 0 9
            2026 treasury mill 0 9
            2026 agency plant 10 4
            2027 agency plant 0 14
            2028 agency plant 0 14
            2029 agency plant 0 13
            """,
        "payments": "2026 treasury projects 10\n2026 agency projects 10",
        "funds": """
            2026 treasury 0 10 0 0 0 10 0 0 0 0 0 0
            2027 treasury 0 0 0 0 0 0 0 0 0 13.5 0 13.5
            2028 treasury 13.5 0 0 0 0 0 0 0 0 27 0 13.5
            2029 treasury 27 0 0 0 0 0 0 0 0 40.5 0 13.5
            2026 agency 0 10 0 0 0 10 0 0 0 0 0 0
            2027 agency 0 0 0 0 0 0 0 0 0 0 0 0
            2028 agency 0 0 0 0 0 0 0 0 0 2 0 2
            2029 agency 2 0 0 0 0 0 0 0 0 5 0 3
            """,
    }
    return instance, plan_of(instance, {"projects": 20.0, "repayments": -45.5}, texts)


#: An order and a stage that are paid a year later, by a fund that may promise 12 and one that may promise all.
PROMISED: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "mine", "good": "ore", "lead_time": "1"}],
    "prices": [{"source": "mine", "price": 4}],
    "arrivals": [{"source": "mine", "from": "2027", "share": 0.5}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "from": "2027", "quantity": 1.5}],
    "funds": [{"fund": "treasury", "commitment_limit": 12}, {"fund": "agency"}],
    "budgets": [{"fund": "treasury", "amount": 10}, {"fund": "agency", "amount": 10}],
    "projects": [{"project": "pilot"}],
    "stages": [{"project": "pilot", "stage": 1, "duration": "1", "cost": 10, "pay_on": "verification"}],
}


def promised(tables: Tables = PROMISED) -> tuple[Instance, Plan]:
    """3 t are ordered for 12, of which half arrives: the treasury promised 8 and pays 4; of the pilot's 10 it promised 4."""
    instance = instance_of("promised", 2, tables)
    texts = {
        "orders": "2026 mine ore 3 0 2027",
        "order_steps": "2026 mine 1 3 4",
        "deliveries": "2027 mine ore 2026 1.5 6 0",
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2027 ore 0 0 1.5 1.5 0 0 0 0 0 0",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 1.5 1.5 0 0",
        "go": "2026 pilot 1 - 10 2027",
        "disbursements": "2027 pilot 1 treasury 4\n2027 pilot 1 agency 6",
        "commitments": """
            2026 treasury stage pilot 1 4
            2026 agency stage pilot 1 6
            2026 treasury order mine 0 8
            2026 agency order mine 0 4
            """,
        "payments": """
            2027 treasury projects 4
            2027 agency projects 6
            2027 treasury purchases 4
            2027 agency purchases 2
            """,
        "funds": """
            2026 treasury 0 10 0 0 0 0 0 0 0 10 0 0 12
            2027 treasury 10 0 0 0 0 8 0 0 0 2 0 0 0
            2026 agency 0 10 0 0 0 0 0 0 0 10 0 0 0
            2027 agency 10 0 0 0 0 8 0 0 0 2 0 0 0
            """,
    }
    return instance, plan_of(instance, {"purchases": 6.0, "projects": 10.0}, texts)


#: A plant that is given up with a loan, a grant and an old loan in it.
LOST: Tables = {
    "goods": [{"good": "ore"}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [{"fund": "treasury"}, {"fund": "agency"}],
    "budgets": [{"fund": "treasury", "amount": 10}, {"fund": "agency", "amount": 10}],
    "projects": [{"project": "plant", "may_abandon": True, "recovery": 0.4, "recovery_lag": "1"}],
    "stages": [
        {"project": "plant", "stage": 1, "duration": "1", "cost": 20},
        {"project": "plant", "stage": 2, "duration": "1", "cost": 5},
    ],
    "financing": [
        {"project": "plant", "fund": "treasury", "instrument": "loan", "interest": 0.5, "tenor": "2", "max_share": 0.5},
        {"project": "plant", "fund": "agency", "max_share": 0.5},
    ],
    "opening_loans": [{"project": "plant", "fund": "agency", "principal": 4, "interest": 0.25, "tenor": "2"}],
}


def lost(tables: Tables = LOST) -> tuple[Instance, Plan]:
    """Given up in 2027, the plant owes 10 and 4, with interest 15 and 6.25; 0.4 of that comes back in 2028."""
    instance = instance_of("lost", 3, tables)
    years = ("2026", "2027", "2028")
    texts = {
        "balance": "\n".join(f"{y} ore 0 0 0 0 0 0 0 0 0 0" for y in years),
        "service": "\n".join(f"{y} plant ore 0 0 0 0" for y in years),
        "go": "2026 plant 1 - 20 2027",
        "abandonments": "2027 plant 0",
        "disbursements": "2026 plant 1 treasury 10 loan\n2026 plant 1 agency 10",
        "loans": """
            2026 plant 1 treasury 10 0 0 10
            2027 plant 1 treasury 0 5 0 0 15
            2028 plant 1 treasury 0 0 0 0 0 6
            2026 plant 0 agency 0 1 0 5
            2027 plant 0 agency 0 1.25 0 0 6.25
            2028 plant 0 agency 0 0 0 0 0 2.5
            """,
        "exposure": """
            2026 treasury plant 10 0
            2027 treasury plant 0 0 15
            2028 treasury plant 0 0 9
            2026 agency plant 10 5
            2027 agency plant 0 0 16.25
            2028 agency plant 0 0 13.75
            """,
        "payments": "2026 treasury projects 10\n2026 agency projects 10",
        "funds": """
            2026 treasury 0 10 0 0 0 10 0 0 0 0
            2027 treasury 0 0 0 0 0 0 0 0 0 0
            2028 treasury 0 0 0 0 0 0 0 0 0 6 0 6
            2026 agency 0 10 0 0 0 10 0 0 0 0
            2027 agency 0 0 0 0 0 0 0 0 0 0
            2028 agency 0 0 0 0 0 0 0 0 0 2.5 0 2.5
            """,
    }
    return instance, plan_of(instance, {"projects": 20.0, "repayments": -8.5}, texts)
