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


#: An offtake that lenders ask for before they pay for a plant, and that begins with it.
OFFTAKE: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "spot", "good": "ore"}, {"source": "works", "good": "ore"}],
    "prices": [{"source": "spot", "price": 10}],
    "contracts": [
        {"contract": "offtake", "source": "works", "project": "plant", "duration": "2"}
        | {"min_rate": 1, "max_rate": 2, "price": 4, "premium": 1},
        {"contract": "swap", "source": "spot", "duration": "2", "max_rate": 1, "price": 40},
    ],
    "projects": [{"project": "plant", "may_abandon": True, "exit_cost": 3}, {"project": "line"}],
    "stages": [
        {"project": "plant", "stage": 1, "milestone": "start", "duration": "1", "cost": 5},
        {"project": "line", "stage": 1, "milestone": "test", "duration": "0", "cost": 2},
    ],
    "requires": [
        {"project": "plant", "stage": 1, "needs_contract": "offtake"},
        {"project": "line", "stage": 1, "alternative": 1, "needs_contract": "offtake"},
        {"project": "line", "stage": 1, "alternative": 2, "needs_project": "plant", "needs_stage": 1},
    ],
    "sectors": [{"sector": "user"}],
    "demand": [{"sector": "user", "good": "ore", "quantity": 2}],
    "pins": [{"pin": "line", "decision": "release", "name": "line", "stage": 1, "until": "2027", "at_least": 1}],
}


def begun_with_plant(tables: Tables = OFFTAKE) -> tuple[Instance, Plan]:
    """Signed in 2026, with the plant in 2027 the offtake begins at 4, for two years; ore costs 10 else."""
    instance = instance_of("begun-with-plant", 4, tables)
    texts = {
        "orders": "2026 spot ore 2 0 2026\n2028 spot ore 1 0 2028\n2029 spot ore 2 0 2029",
        "order_steps": "2026 spot 1 2 10\n2028 spot 1 1 10\n2029 spot 1 2 10",
        "deliveries": "2026 spot ore 2026 2 20 0\n2028 spot ore 2028 1 10 0\n2029 spot ore 2029 2 20 0",
        "contracts": "2026 offtake works 1 -",
        "commencements": "2027 offtake plant 2028",
        "calls": "2027 offtake ore 2 0 4 8 2027\n2028 offtake ore 1 0 4 4 2028",
        "contract_deliveries": "2027 offtake ore 2027 2 8 0\n2028 offtake ore 2028 1 4 0",
        "balance": "\n".join(f"{year} ore 0 0 2 2 0 0 0 0 0 0" for year in range(2026, 2030)),
        "service": "\n".join(f"{year} user ore 2 2 0 0" for year in range(2026, 2030)),
        "go": "2026 plant 1 start 5 2027\n2026 line 1 test 2 2026",
        "exposure": "2026 unlimited plant 5 0",
        "disbursements": "2026 plant 1 unlimited 5\n2026 line 1 unlimited 2",
        "payments": """
            2026 unlimited purchases 20
            2026 unlimited contracts 1
            2026 unlimited projects 7
            2027 unlimited contracts 8
            2028 unlimited purchases 10
            2028 unlimited contracts 4
            2029 unlimited purchases 20
            """,
        "funds": """
            2026 unlimited 0 28 0 0 0 28 0 0 0 0 0
            2027 unlimited 0 8 0 0 0 8 0 0 0 0 0
            2028 unlimited 0 14 0 0 0 14 0 0 0 0 0
            2029 unlimited 0 20 0 0 0 20 0 0 0 0 0
            """,
    }
    return instance, plan_of(instance, {"purchases": 50.0, "contracts": 13.0, "projects": 7.0}, texts)
