"""A plan made by hand with contracts: one signed before, one for delivery a year later, an option."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

CONTRACTED: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [
        {"source": "spot", "good": "ore"},
        {"source": "far", "good": "ore", "lead_time": "1", "origin": "abroad"},
        {"source": "works", "good": "ore"},
    ],
    "prices": [{"source": "spot", "price": 5}, {"source": "spot", "from": "2028", "price": 9}],
    "supply": [{"source": "works", "capacity": 2}],
    "arrivals": [{"source": "far", "from": "2028", "share": 0.5}],
    "duties": [{"origin": "abroad", "rate": 0.5}],
    "indices": [{"index": "exchange", "price": 4}, {"index": "exchange", "from": "2027", "price": 8}],
    "contracts": [
        {
            "contract": "offtake",
            "source": "far",
            "sign_until": "2028",
            "duration": "2",
            "min_rate": 2,
            "max_rate": 4,
            "price": 1,
            "index_kind": "series",
            "index": "exchange",
            "index_factor": 0.5,
            "price_fixed": "start",
            "premium": 3,
        },
        {
            "contract": "option",
            "source": "works",
            "sign_from": "2027",
            "duration": "3",
            "max_rate": 3,
            "index_kind": "source",
            "index": "spot",
            "floor": 2,
            "ceiling": 6,
            "upside_share": 0.25,
            "premium": 1,
        },
        {"contract": "old", "source": "works", "duration": "2", "min_rate": 1, "max_rate": 1, "price": 4},
    ],
    "opening_contracts": [{"contract": "old", "age": "1"}],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "ore", "from": "2027", "quantity": 5},
        {"sector": "plant", "good": "ore", "from": "2028", "quantity": 2.5},
    ],
    "funds": [{"fund": "treasury", "commitment_limit": 9}, {"fund": "agency"}],
    "budgets": [{"fund": "treasury", "amount": 100}, {"fund": "agency", "amount": 10}],
    "resources": [{"resource": "crew", "capacity": 8}],
    "resource_use": [
        {"resource": "crew", "kind": "order", "name": "works", "per_unit": 1},
        {"resource": "crew", "kind": "delivery", "name": "far", "per_unit": 2},
    ],
    "pins": [{"pin": "have it", "decision": "signing", "name": "option", "from": "2027", "at_least": 1, "at_most": 1}],
}


def contracted(tables: Tables = CONTRACTED) -> tuple[Instance, Plan]:
    """Ore at 1 + 4/2 = 3 from afar, of which 1 t is not taken in 2027 and half of the rest lost; the option at 5, then 6 + 3/4.

    Of the 12 that the offtake costs at least the treasury answers for 9, and pays 6.75 of it as half of the last 6 is lost.
    """
    instance = instance_of("contracted", 3, tables)
    texts = {
        "contracts": "2026 offtake far 3 2027\n2027 option works 1 2028",
        "calls": """
            2026 offtake ore 3 0 3 9 2027
            2026 old ore 0 1 4 4 2026
            2027 offtake ore 1 1 3 6 2028
            2027 option ore 2 0 5 10 2027
            2028 option ore 2 0 6.75 13.5 2028
            """,
        "contract_deliveries": """
            2026 old ore 2026 0 4 0
            2027 offtake ore 2026 3 9 4.5
            2027 option ore 2027 2 10 0
            2028 offtake ore 2027 0.5 3 0.75
            2028 option ore 2028 2 13.5 0
            """,
        "commitments": "2026 treasury contract offtake 0 9\n2026 agency contract offtake 0 3",
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2027 ore 0 0 5 5 0 0 0 0 0 0\n2028 ore 0 0 2.5 2.5 0 0 0 0 0 0",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 5 5 0 0\n2028 plant ore 2.5 2.5 0 0",
        "resources": "2026 crew 0 8 0 0\n2027 crew 8 8 0 0\n2028 crew 3 8 0 0",
        "payments": """
            2026 treasury contracts 7
            2027 treasury contracts 18
            2028 treasury contracts 14.5
            2027 agency contracts 2
            2028 agency contracts 2
            2027 treasury duties 4.5
            2028 treasury duties 0.75
            """,
        "funds": """
            2026 treasury 0 100 0 0 0 7 0 0 0 93 0 0 9
            2027 treasury 93 0 0 0 0 22.5 0 0 0 70.5 0 0 4.5
            2028 treasury 70.5 0 0 0 0 15.25 0 0 0 55.25 0 0 0
            2026 agency 0 10 0 0 0 0 0 0 0 10 0 0 0
            2027 agency 10 0 0 0 0 2 0 0 0 8 0 0 0
            2028 agency 8 0 0 0 0 2 0 0 0 6 0 0 0
            """,
    }
    return instance, plan_of(instance, {"contracts": 43.5}, texts)
