"""Plans made by hand for what funds have, lend and promise: every number in them was worked out on paper."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Make, Tables, instance_of, plan_of

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


CASES: dict[str, tuple[Make, Tables]] = {
    "indebted": (indebted, INDEBTED),
}
