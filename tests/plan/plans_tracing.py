"""A plan made by hand in which magnets are told apart by origin."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Cheap magnets of X, dear ones of Y, which the army asks for; the market buys some of X for the plant.
FOLLOWED: Tables = {
    "goods": [{"good": "magnet", "trace": True, "shelf_life": "2", "loss_rate": 0.1}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "magnet", "store": "yard"}],
    "opening_stock": [{"good": "magnet", "store": "yard", "age": "1", "origin": "Y", "quantity": 2}],
    "sources": [
        {"source": "cheap", "good": "magnet", "origin": "X", "mined_in": "Y"},
        {"source": "dear", "good": "magnet", "origin": "Y"},
        {"source": "trade", "good": "magnet", "origin": "X", "paid_by": "market"},
    ],
    "prices": [
        {"source": "cheap", "price": 1},
        {"source": "dear", "price": 3},
        {"source": "trade", "price": 2, "width": 5},
    ],
    "rotation": [{"good": "magnet", "mode": "exchange", "lag": "1", "premium": 0.5, "depth": 5}],
    "sectors": [{"sector": "plant"}, {"sector": "army", "accepted_origins": "allied"}],
    "demand": [
        {"sector": e, "good": "magnet", "from": year, "quantity": amount}
        for e, amounts in (("plant", (4, 4, 2)), ("army", (2, 2, 2)))
        for year, amount in zip(("2026", "2027", "2028"), amounts, strict=True)
    ],
    "origins": [{"origin": "Y", "group": "allied"}],
    "policies": [
        {
            "policy": "plants",
            "kind": "origin-in-use",
            "good": "magnet",
            "sector": "plant",
            "group": "allied",
            "at_most": 0.25,
            "paid_by": "both",
            "penalty": 2,
        },
        {"policy": "army", "kind": "origin-in-use", "sector": "army", "origin": "X", "at_most": 0.9, "per": "horizon"},
    ],
}


def followed(tables: Tables = FOLLOWED) -> tuple[Instance, Plan]:
    """1 t of X is lent and comes back as 1.5; of 1.8 t of Y left in 2026 the army gets 1.62, and 0.38 fresh ones.

    In 2028 the plant gets 0.55 t of Y of 2, where 0.5 may be: missed by 0.05 at 2.
    """
    instance = instance_of("followed", 3, tables, perspective="all")
    texts = {
        "orders": """
            2026 cheap magnet 3 0 2026
            2026 dear magnet 2 0 2026
            2026 trade magnet 2 0 2026
            2027 dear magnet 0.38 0 2027
            2027 trade magnet 3 0 2027
            2028 dear magnet 2.55 0 2028
            2028 trade magnet 1 0 2028
            """,
        "order_steps": """
            2026 cheap 1 3 1
            2026 dear 1 2 3
            2026 trade 1 2 2
            2027 dear 1 0.38 3
            2027 trade 1 3 2
            2028 dear 1 2.55 3
            2028 trade 1 1 2
            """,
        "deliveries": """
            2026 cheap magnet 2026 3 3 0
            2026 dear magnet 2026 2 6 0
            2026 trade magnet 2026 2 4 0
            2027 dear magnet 2027 0.38 1.14 0
            2027 trade magnet 2027 3 6 0
            2028 dear magnet 2028 2.55 7.65 0
            2028 trade magnet 2028 1 2 0
            """,
        "stock": "2026 magnet yard 1.8 0\n2027 magnet yard 0.5 0",
        "balance": """
            2026 magnet 2 0.2 5 4 1 0 1.8 0 0 0
            2027 magnet 1.8 0.18 1.88 3 0 0 0.5 0 0 0
            2028 magnet 0.5 0.05 2.55 3 0 0 0 0 0 0
            """,
        "rotation": "2026 magnet exchange 1 0 0 0",
        "exchange": "2026 magnet 1 2027 0 1.5\n2027 magnet 0 - 1.5 0",
        "service": """
            2026 plant magnet 4 2 0 0
            2027 plant magnet 4 1 0 0
            2028 plant magnet 2 1 0 0
            2026 army magnet 2 2 0 0
            2027 army magnet 2 2 0 0
            2028 army magnet 2 2 0 0
            """,
        "market_supply": "2026 plant magnet 2\n2027 plant magnet 3\n2028 plant magnet 1",
        "traced_stock": """
            2026 magnet X 0 0 3 1 3 0
            2027 magnet X 0 0 1.5 0 1 0.5
            2028 magnet X 0.5 0.05 0 0 0.45 0
            2026 magnet allied 2 0.2 2 0 2 1.8
            2027 magnet allied 1.8 0.18 0.38 0 2 0
            2028 magnet allied 0 0 2.55 0 2.55 0
            2026 magnet other 0 0 0 0 0 0
            2027 magnet other 0 0 0 0 0 0
            2028 magnet other 0 0 0 0 0 0
            """,
        "traced_use": """
            2026 plant magnet X 2 2
            2027 plant magnet X 1 3
            2028 plant magnet X 0.45 1
            2028 plant magnet allied 0.55 0
            2026 army magnet allied 2 0
            2027 army magnet allied 2 0
            2028 army magnet allied 2 0
            """,
        "policies": """
            2026 plants at_most 0 1 1
            2027 plants at_most 0 1 1
            2028 plants at_most 0.55 0.5 0 0.05 0.1
            2028 army at_most 0 5.4 5.4
            """,
        "payments": """
            2026 unlimited purchases 9
            2027 unlimited purchases 1.14
            2028 unlimited purchases 7.65
            """,
        "funds": """
            2026 unlimited 0 9 0 0 0 9 0 0 0 0 0
            2027 unlimited 0 1.14 0 0 0 1.14 0 0 0 0 0
            2028 unlimited 0 7.65 0 0 0 7.65 0 0 0 0 0
            """,
    }
    costs = {"purchases": 17.79, "policies": 0.1, "market_purchases": 12.0}
    return instance, plan_of(instance, costs, texts)
