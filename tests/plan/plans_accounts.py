"""A plan made by hand with accounts of participants: one that replaces what it draws, one that buys it."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

PARTICIPATING: Tables = {
    "goods": [{"good": "ore"}, {"good": "flux"}],
    "sources": [{"source": "spot", "good": "ore"}, {"source": "shop", "good": "flux"}],
    "prices": [{"source": "spot", "price": 10}, {"source": "shop", "price": 5}],
    "accounts": [
        {"sector": "plant", "good": "ore", "until": "2028", "entitlement": 2, "within": "1", "entry_fee": 2}
        | {"carrying_cost": 0.5, "proceeds_to": "vault"},
        {"sector": "plant", "good": "flux", "entitlement": 1, "within": "1", "settled_by": "purchase", "price": 8},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "ore", "quantity": 2},
        {"sector": "plant", "good": "flux", "quantity": 1},
    ],
    "funds": [{"fund": "vault"}],
    "budgets": [{"fund": "vault", "amount": 100}],
}


def participating(tables: Tables = PARTICIPATING) -> tuple[Instance, Plan]:
    """Ore is bought once and comes back twice; flux at 5 is bought at 8 a year after it was drawn.

    The vault gets the fee of 2 and 1 a year for the entitlement to ore; what is paid for flux goes to no fund.
    """
    instance = instance_of("participating", 3, tables)
    texts = {
        "orders": "2026 spot ore 2 0 2026\n" + "\n".join(f"{y} shop flux 1 0 {y}" for y in range(2026, 2029)),
        "order_steps": "2026 spot 1 2 10\n" + "\n".join(f"{y} shop 1 1 5" for y in range(2026, 2029)),
        "deliveries": "2026 spot ore 2026 2 20 0\n" + "\n".join(f"{y} shop flux {y} 1 5 0" for y in range(2026, 2029)),
        "accounts": """
            2026 plant ore 2 0 0 2 3 0
            2026 plant flux 1 0 0 1 0 0
            2027 plant ore 2 2 0 2 1 0
            2027 plant flux 1 0 1 1 0 8
            2028 plant ore 0 2 0 0 0 0
            2028 plant flux 1 0 1 1 0 8
            """,
        "balance": "\n".join(
            f"{y} {good} 0 0 {amount} {amount} 0 0 0 0 0 0"
            for y in range(2026, 2029)
            for good, amount in (("ore", 2), ("flux", 1))
        ),
        "service": "\n".join(
            f"{y} plant {good} {amount} {amount} 0 0"
            for y in range(2026, 2029)
            for good, amount in (("ore", 2), ("flux", 1))
        ),
        "payments": "2026 vault purchases 25\n2027 vault purchases 5\n2028 vault purchases 5",
        "funds": """
            2026 vault 0 100 0 3 0 25 0 0 0 78 0
            2027 vault 78 0 0 1 0 5 0 0 0 74 0
            2028 vault 74 0 0 0 0 5 0 0 0 69 0
            """,
    }
    return instance, plan_of(instance, {"purchases": 35.0, "releases": -20.0}, texts)
