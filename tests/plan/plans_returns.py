"""A plan made by hand in which magnets come back a year after they went into use."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Half of what went into use comes back a year later: of the reserve's, of the market's, and of that before the start.
COLLECTING: Tables = {
    "goods": [{"good": "magnet"}],
    "sources": [
        {"source": "import", "good": "magnet"},
        {"source": "scrap", "good": "magnet"},
        {"source": "trade", "good": "magnet", "paid_by": "market"},
    ],
    "supply": [{"source": "trade", "capacity": 2}],
    "prices": [
        {"source": "import", "price": 5},
        {"source": "scrap", "price": 1},
        {"source": "trade", "price": 4},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "magnet", "quantity": 8},
        {"sector": "plant", "good": "magnet", "from": "2027", "quantity": 6},
    ],
    "returns": [{"source": "scrap", "sector": "plant", "good": "magnet", "share": 0.5, "lag": "1"}],
    "opening_use": [{"sector": "plant", "good": "magnet", "age": "1", "quantity": 4}],
}


def collecting(tables: Tables = COLLECTING) -> tuple[Instance, Plan]:
    """Of 4, 8 and 6 t in use 2, 4 and 3 t come back; the market brings 2 t a year, imports the rest."""
    instance = instance_of("collecting", 3, tables)
    texts = {
        "orders": """
            2026 import magnet 4 0 2026
            2026 scrap magnet 2 0 2026
            2026 trade magnet 2 0 2026
            2027 scrap magnet 4 0 2027
            2027 trade magnet 2 0 2027
            2028 import magnet 1 0 2028
            2028 scrap magnet 3 0 2028
            2028 trade magnet 2 0 2028
            """,
        "order_steps": """
            2026 import 1 4 5
            2026 scrap 1 2 1
            2026 trade 1 2 4
            2027 scrap 1 4 1
            2027 trade 1 2 4
            2028 import 1 1 5
            2028 scrap 1 3 1
            2028 trade 1 2 4
            """,
        "deliveries": """
            2026 import magnet 2026 4 20 0
            2026 scrap magnet 2026 2 2 0
            2026 trade magnet 2026 2 8 0
            2027 scrap magnet 2027 4 4 0
            2027 trade magnet 2027 2 8 0
            2028 import magnet 2028 1 5 0
            2028 scrap magnet 2028 3 3 0
            2028 trade magnet 2028 2 8 0
            """,
        "balance": "2026 magnet 0 0 6 6\n2027 magnet 0 0 4 4\n2028 magnet 0 0 4 4",
        "service": "2026 plant magnet 8 6\n2027 plant magnet 6 4\n2028 plant magnet 6 4",
        "market_supply": "2026 plant magnet 2\n2027 plant magnet 2\n2028 plant magnet 2",
        "returns": "2026 scrap 2 2\n2027 scrap 4 4\n2028 scrap 3 3",
        "payments": "2026 unlimited purchases 22\n2027 unlimited purchases 4\n2028 unlimited purchases 8",
        "funds": "2026 unlimited 0 22 0 0 0 22\n2027 unlimited 0 4 0 0 0 4\n2028 unlimited 0 8 0 0 0 8",
    }
    return instance, plan_of(instance, {"purchases": 34.0}, texts)
