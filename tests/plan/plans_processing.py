"""Plans made by hand in which processes turn goods into others, and in which a project makes demand fall."""

from __future__ import annotations

from dataclasses import replace

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Ore separated in the north a year ahead, metal made in the south by two processes, a furnace that a project enlarges.
MAKING: Tables = {
    "goods": [{"good": "ore"}, {"good": "oxide"}, {"good": "cerium", "disposal_cost": 1}, {"good": "metal"}],
    "stores": [{"store": "north"}, {"store": "south"}],
    "storage": [{"good": "oxide", "store": "north"}, {"good": "oxide", "store": "south"}],
    "transfers": [{"good": "oxide", "from_store": "north", "to_store": "south", "cost": 0.5}],
    "sources": [{"source": "mine", "good": "ore"}],
    "prices": [{"source": "mine", "price": 1}],
    "processes": [
        {"process": "separation", "cost": 1, "lead_time": "1", "store": "north", "energy": 2, "emissions": 0.5},
        {"process": "smelting", "cost": 2, "set_up_cost": 3, "min_run": 2, "store": "south"},
        {"process": "casting", "runs_with": "smelting", "store": "south"},
    ],
    "recipes": [
        {"process": "separation", "good": "ore", "amount": -4},
        {"process": "separation", "good": "oxide", "amount": 1},
        {"process": "separation", "good": "cerium", "amount": 2},
        {"process": "smelting", "good": "oxide", "amount": -1},
        {"process": "smelting", "good": "metal", "amount": 0.8},
        {"process": "casting", "good": "oxide", "amount": -1},
        {"process": "casting", "good": "metal", "amount": 0.5},
    ],
    "capacity": [
        {"process": "separation"},
        {"process": "smelting", "capacity": 3},
        {"process": "casting", "capacity": 1},
    ],
    "opening_runs": [{"process": "separation", "arrives": "2026", "level": 3}],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "metal", "from": year, "quantity": amount}
        for year, amount in (("2026", 2.4), ("2027", 2), ("2028", 4))
    ],
    "funds": [{"fund": "treasury", "uses": "purchases;storage;projects"}, {"fund": "works", "uses": "processing"}],
    "budgets": [{"fund": "treasury", "amount": 80}, {"fund": "works", "amount": 40}],
    "projects": [{"project": "furnace"}],
    "stages": [{"project": "furnace", "stage": 1, "duration": "1", "cost": 7}],
    "effects": [{"project": "furnace", "after": 1, "kind": "process", "name": "smelting", "amount": 2}],
    "resources": [{"resource": "crew", "capacity": 7}],
    "resource_use": [{"resource": "crew", "kind": "process", "name": "smelting", "per_unit": 1, "per_order": 2}],
}


def making(tables: Tables = MAKING) -> tuple[Instance, Plan]:
    """3 t of oxide of a run from before make 2.4 t of metal; 2 + 0.8 t and, in the larger furnace, 5 t follow.

    Of the oxide of 2027 0.2 t stay; all cerium is thrown away.
    """
    instance = instance_of("making", 3, tables)
    texts = {
        "orders": "2026 mine ore 12 0 2026\n2027 mine ore 20 0 2027",
        "order_steps": "2026 mine 1 12 1\n2027 mine 1 20 1",
        "deliveries": "2026 mine ore 2026 12 12 0\n2027 mine ore 2027 20 20 0",
        "stock": "2027 oxide north 0.2 0\n2028 oxide north 0.2 0",
        "transfers": """
            2026 oxide north south 0 3 1.5 2026
            2027 oxide north south 0 2.8 1.4 2027
            2028 oxide north south 0 5 2.5 2028
            """,
        "store_balance": """
            2026 oxide north 0 3 0 3 0 0
            2026 oxide south 0 0 3 0 3 0
            2027 oxide north 0 3 0 2.8 0 0.2
            2027 oxide south 0 0 2.8 0 2.8 0
            2028 oxide north 0 5 0 5 0 0.2
            2028 oxide south 0 0 5 0 5 0
            """,
        "balance": """
            2026 ore 0 0 12 0 0 0 0 0 0 0 0 12
            2026 oxide 0 0 3 0 0 0 0 0 0 0 0 3
            2026 cerium 0 0 6 0 0 6 0
            2026 metal 0 0 2.4 2.4
            2027 ore 0 0 20 0 0 0 0 0 0 0 0 20
            2027 oxide 0 0 3 0 0 0 0.2 0 0 0 0 2.8
            2027 cerium 0 0 6 0 0 6 0
            2027 metal 0 0 2 2
            2028 ore 0
            2028 oxide 0.2 0 5 0 0 0 0.2 0 0 0 0 5
            2028 cerium 0 0 10 0 0 10 0
            2028 metal 0 0 4 4
            """,
        "rotation": "2026 cerium disposal 6 1 6 0\n2027 cerium disposal 6 1 6 0\n2028 cerium disposal 10 1 10 0",
        "service": "2026 plant metal 2.4 2.4\n2027 plant metal 2 2\n2028 plant metal 4 4",
        "go": "2027 furnace 1 - 7 2028",
        "disbursements": "2027 furnace 1 treasury 7",
        "exposure": "2027 treasury furnace 7 0",
        "effects": "2028 furnace 1 process smelting 2",
        "resources": "2026 crew 5 7 0 0\n2027 crew 4 7 0 0\n2028 crew 7 7 0 0",
        "runs": """
            2026 separation 3 3 0 6 1.5 2027
            2026 smelting 3 6 3 0 0 2026
            2027 separation 5 5 0 10 2.5 2028
            2027 smelting 2 4 3 0 0 2027
            2027 casting 0.8 0 0 0 0 2027
            2028 smelting 5 10 3 0 0 2028
            """,
        "conversions": """
            2026 separation ore 12 0
            2026 separation oxide 0 3
            2026 separation cerium 0 6
            2026 smelting oxide 3 0
            2026 smelting metal 0 2.4
            2027 separation ore 20 0
            2027 separation oxide 0 3
            2027 separation cerium 0 6
            2027 smelting oxide 2 0
            2027 smelting metal 0 1.6
            2027 casting oxide 0.8 0
            2027 casting metal 0 0.4
            2028 separation oxide 0 5
            2028 separation cerium 0 10
            2028 smelting oxide 5 0
            2028 smelting metal 0 4
            """,
        "payments": """
            2026 treasury purchases 12
            2026 treasury transfers 1.5
            2026 treasury disposal 6
            2026 works processing 12
            2027 treasury purchases 20
            2027 treasury transfers 1.4
            2027 treasury disposal 6
            2027 treasury projects 7
            2027 works processing 12
            2028 treasury transfers 2.5
            2028 treasury disposal 10
            2028 works processing 13
            """,
        "funds": """
            2026 treasury 0 80 0 0 0 19.5 0 0 0 60.5 0
            2027 treasury 60.5 0 0 0 0 34.4 0 0 0 26.1 0
            2028 treasury 26.1 0 0 0 0 12.5 0 0 0 13.6 0
            2026 works 0 40 0 0 0 12 0 0 0 28 0
            2027 works 28 0 0 0 0 12 0 0 0 16 0
            2028 works 16 0 0 0 0 13 0 0 0 3 0
            """,
    }
    costs = {"purchases": 32.0, "transfers": 5.4, "disposal": 22.0, "processing": 37.0, "projects": 7.0}
    plan = plan_of(instance, costs, texts)
    totals = {"energy": {"value": 16.0, "unit": "MWh"}, "emissions": {"value": 4.0, "unit": "t"}}
    return instance, replace(plan, summary={**plan.summary, **totals})


#: Magnets with less dysprosium: two fifths of the demand fall away in two steps, a part of the rest may fall short.
SPARING: Tables = {
    "goods": [{"good": "Dy"}],
    "stores": [{"store": "vault"}],
    "storage": [{"good": "Dy", "store": "vault"}],
    "sources": [{"source": "spot", "good": "Dy"}],
    "prices": [{"source": "spot", "price": 2}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "Dy", "quantity": 10}],
    "tiers": [{"share": 0.125, "penalty": 3}],
    "targets": [{"good": "Dy", "cover": 73.05}],
    "projects": [{"project": "lean"}],
    "stages": [{"project": "lean", "stage": 1, "duration": "1", "cost": 5}],
    "effects": [
        {"project": "lean", "after": 1, "kind": "demand", "name": "Dy", "sector": "plant", "amount": 0.4, "ramp": "2"}
    ],
}


def sparing(tables: Tables = SPARING) -> tuple[Instance, Plan]:
    """10, 8 and 6 t are wanted, and a fifth of that in stock; 1 of the 8 t falls short, as much as the tier allows."""
    instance = instance_of("sparing", 3, tables)
    texts = {
        "orders": "2026 spot Dy 12 0 2026\n2027 spot Dy 6.6 0 2027\n2028 spot Dy 5.6 0 2028",
        "order_steps": "2026 spot 1 12 2\n2027 spot 1 6.6 2\n2028 spot 1 5.6 2",
        "deliveries": "2026 spot Dy 2026 12 24 0\n2027 spot Dy 2027 6.6 13.2 0\n2028 spot Dy 2028 5.6 11.2 0",
        "stock": "2026 Dy vault 2 0\n2027 Dy vault 1.6 0\n2028 Dy vault 1.2 0",
        "balance": """
            2026 Dy 0 0 12 10 0 0 2 2
            2027 Dy 2 0 6.6 7 0 0 1.6 1.6
            2028 Dy 1.6 0 5.6 6 0 0 1.2 1.2
            """,
        "service": "2026 plant Dy 10 10\n2027 plant Dy 8 7 0 1\n2028 plant Dy 6 6",
        "shortfall": "2027 plant Dy 1 1 3",
        "go": "2026 lean 1 - 5 2027",
        "disbursements": "2026 lean 1 unlimited 5",
        "exposure": "2026 unlimited lean 5 0",
        "effects": "2027 lean 1 demand Dy 0.2 plant\n2028 lean 1 demand Dy 0.4 plant",
        "payments": """
            2026 unlimited purchases 24
            2026 unlimited projects 5
            2027 unlimited purchases 13.2
            2028 unlimited purchases 11.2
            """,
        "funds": """
            2026 unlimited 0 29 0 0 0 29
            2027 unlimited 0 13.2 0 0 0 13.2
            2028 unlimited 0 11.2 0 0 0 11.2
            """,
    }
    return instance, plan_of(instance, {"purchases": 48.4, "shortfall": 3.0, "projects": 5.0}, texts)


#: Two metals melted into an alloy of bounded hardness; a tenth is lost.
BLENDING: Tables = {
    "goods": [{"good": "hard", "unit": "kg"}, {"good": "soft"}, {"good": "alloy"}],
    "sources": [{"source": "east", "good": "hard"}, {"source": "west", "good": "soft"}],
    "prices": [{"source": "east", "price": 4}, {"source": "west", "price": 1}],
    "processes": [{"process": "melting"}],
    "recipes": [
        {"process": "melting", "good": "hard"},
        {"process": "melting", "good": "soft"},
        {"process": "melting", "good": "alloy", "amount": 0.9},
    ],
    "attributes": [
        {"good": "hard", "attribute": "hardness", "value": 8},
        {"good": "soft", "attribute": "hardness", "value": 3},
    ],
    "blend": [
        {"process": "melting", "attribute": "hardness", "min": 6},
        {"process": "melting", "attribute": "hardness", "from": "2027", "max": 4},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "alloy", "quantity": 4.5},
        {"sector": "plant", "good": "alloy", "from": "2027", "quantity": 2.7},
    ],
}


def blending(tables: Tables = BLENDING) -> tuple[Instance, Plan]:
    """3 t of the hard and 2 t of the soft metal are just hard enough; a year later 0.6 and 2.4 t just soft enough."""
    instance = instance_of("blending", 2, tables)
    texts = {
        "orders": "2026 east hard 3 0 2026\n2026 west soft 2 0 2026\n2027 east hard 0.6 0 2027\n2027 west soft 2.4 0 2027",
        "order_steps": "2026 east 1 3 4\n2026 west 1 2 1\n2027 east 1 0.6 4\n2027 west 1 2.4 1",
        "deliveries": """
            2026 east hard 2026 3 12 0
            2026 west soft 2026 2 2 0
            2027 east hard 2027 0.6 2.4 0
            2027 west soft 2027 2.4 2.4 0
            """,
        "balance": """
            2026 hard 0 0 3 0 0 0 0 0 0 0 0 3
            2026 soft 0 0 2 0 0 0 0 0 0 0 0 2
            2026 alloy 0 0 4.5 4.5
            2027 hard 0 0 0.6 0 0 0 0 0 0 0 0 0.6
            2027 soft 0 0 2.4 0 0 0 0 0 0 0 0 2.4
            2027 alloy 0 0 2.7 2.7
            """,
        "service": "2026 plant alloy 4.5 4.5\n2027 plant alloy 2.7 2.7",
        "runs": "2026 melting 5 0 0 0 0 2026\n2027 melting 3 0 0 0 0 2027",
        "conversions": """
            2026 melting hard 3 0
            2026 melting soft 2 0
            2026 melting alloy 0 4.5
            2027 melting hard 0.6 0
            2027 melting soft 2.4 0
            2027 melting alloy 0 2.7
            """,
        "grades": "2026 melting hardness 6\n2027 melting hardness 4",
        "payments": "2026 unlimited purchases 14\n2027 unlimited purchases 4.8",
        "funds": "2026 unlimited 0 14 0 0 0 14\n2027 unlimited 0 4.8 0 0 0 4.8",
    }
    plan = plan_of(instance, {"purchases": 18.8}, texts)
    totals = {"energy": {"value": 0.0, "unit": "MWh"}, "emissions": {"value": 0.0, "unit": "t"}}
    return instance, replace(plan, summary={**plan.summary, **totals})
