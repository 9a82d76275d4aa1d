"""Plans made by hand in which magnets are told apart by origin, or by that of what they are made of."""

from __future__ import annotations

from dataclasses import replace

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


#: Magnets of metal of X or Y and of dysprosium of Y, of which the army takes none with anything of X.
PASSED_ON: Tables = {
    "goods": [{"good": g, "trace": True} for g in ("metal", "dysprosium", "magnet")],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "dysprosium", "store": "yard"}],
    "opening_stock": [
        {"good": "dysprosium", "store": "yard", "age": "1", "origin": "Y", "mined_in": "Y", "quantity": 1}
    ],
    "sources": [
        {"source": "cheap", "good": "metal", "origin": "X", "mined_in": "X"},
        {"source": "dear", "good": "metal", "origin": "Y", "mined_in": "Y"},
    ],
    "prices": [{"source": "cheap", "price": 1}, {"source": "dear", "price": 3}],
    "processes": [{"process": "sintering", "origin": "Y", "cost": 1, "lead_time": "1"}],
    "recipes": [
        {"process": "sintering", "good": "metal", "amount": -1},
        {"process": "sintering", "good": "dysprosium", "amount": -0.25},
        {"process": "sintering", "good": "magnet", "amount": 1},
    ],
    "opening_runs": [{"process": "sintering", "arrives": "2026", "origin": "Y", "mined_in": "X", "level": 2}],
    "sectors": [{"sector": "plant"}, {"sector": "army"}],
    "demand": [
        {"sector": "plant", "good": "magnet", "quantity": 2},
        {"sector": "army", "good": "magnet", "from": "2027", "quantity": 1},
    ],
    "origins": [{"origin": "X", "group": "covered"}, {"origin": "Y", "group": "allied"}],
    "policies": [
        {
            "policy": "army",
            "kind": "origin-in-use",
            "good": "magnet",
            "sector": "army",
            "group": "covered",
            "by": "chain",
            "at_most": 0,
            "from": "2027",
        },
        {
            "policy": "mines",
            "kind": "origin-in-use",
            "good": "magnet",
            "sector": "plant",
            "group": "allied",
            "by": "mined",
            "at_least": 0.5,
            "from": "2027",
            "penalty": 2,
        },
    ],
}


def passed_on(tables: Tables = PASSED_ON) -> tuple[Instance, Plan]:
    """Of 3 t run in 2026 half are of metal of Y, and all of dysprosium of Y: 1 t for the army and 0.5 t for the plant.

    The plant should get 1 t of its 2 t without anything mined outside of Y: missed by 0.5 at 2.
    """
    instance = instance_of("passed-on", 2, tables)
    texts = {
        "orders": "2026 cheap metal 1.5 0 2026\n2026 dear metal 1.5 0 2026",
        "order_steps": "2026 cheap 1 1.5 1\n2026 dear 1 1.5 3",
        "deliveries": "2026 cheap metal 2026 1.5 1.5 0\n2026 dear metal 2026 1.5 4.5 0",
        "stock": "2026 dysprosium yard 0.25 0\n2027 dysprosium yard 0.25 0",
        "balance": """
            2026 metal 0 0 3 0 0 0 0 0 0 0 0 3
            2026 dysprosium 1 0 0 0 0 0 0.25 0 0 0 0 0.75
            2026 magnet 0 0 2 2
            2027 metal 0
            2027 dysprosium 0.25 0 0 0 0 0 0.25
            2027 magnet 0 0 3 3
            """,
        "service": "2026 plant magnet 2 2\n2026 army magnet 0\n2027 plant magnet 2 2\n2027 army magnet 1 1",
        "runs": "2026 sintering 3 3 0 0 0 2027",
        "conversions": """
            2026 sintering metal 3 0
            2026 sintering dysprosium 0.75 0
            2026 sintering magnet 0 2
            2027 sintering magnet 0 3
            """,
        "traced_stock": """
            2026 metal covered~(chain) 0 0 1.5 0 1.5 0
            2027 metal covered~(chain) 0 0 0 0 0 0
            2026 metal allied~(all~mined) 0 0 1.5 0 1.5 0
            2027 metal allied~(all~mined) 0 0 0 0 0 0
            2026 metal other 0 0 0 0 0 0
            2027 metal other 0 0 0 0 0 0
            2026 dysprosium allied~(all~mined) 1 0 0 0 0.75 0.25
            2027 dysprosium allied~(all~mined) 0.25 0 0 0 0 0.25
            2026 dysprosium other 0 0 0 0 0 0
            2027 dysprosium other 0 0 0 0 0 0
            2026 magnet covered~(chain) 0 0 2 0 2 0
            2027 magnet covered~(chain) 0 0 1.5 0 1.5 0
            2026 magnet allied~(all~mined) 0 0 0 0 0 0
            2027 magnet allied~(all~mined) 0 0 1.5 0 1.5 0
            2026 magnet other 0 0 0 0 0 0
            2027 magnet other 0 0 0 0 0 0
            """,
        "traced_use": """
            2026 plant magnet covered~(chain) 2 0
            2027 plant magnet covered~(chain) 1.5 0
            2027 plant magnet allied~(all~mined) 0.5 0
            2027 army magnet allied~(all~mined) 1 0
            """,
        "batches": """
            2026 sintering covered~(chain) 1.5
            2026 sintering allied~(all~mined) 1.5
            """,
        "batch_inputs": """
            2026 sintering covered~(chain) metal covered~(chain) 1.5
            2026 sintering covered~(chain) dysprosium allied~(all~mined) 0.375
            2026 sintering allied~(all~mined) metal allied~(all~mined) 1.5
            2026 sintering allied~(all~mined) dysprosium allied~(all~mined) 0.375
            """,
        "policies": "2027 army at_most 0 0 0\n2027 mines at_least 0.5 1 0 0.5 1",
        "payments": "2026 unlimited purchases 6\n2026 unlimited processing 3",
        "funds": "2026 unlimited 0 9 0 0 0 9 0 0 0 0 0\n2027 unlimited 0",
    }
    plan = plan_of(instance, {"purchases": 6, "processing": 3, "policies": 1}, texts)
    totals = {"energy": {"value": 0.0, "unit": "MWh"}, "emissions": {"value": 0.0, "unit": "t"}}
    return instance, replace(plan, summary={**plan.summary, **totals})
