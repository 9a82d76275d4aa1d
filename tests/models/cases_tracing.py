"""Small instances in which goods are told apart by origin, and sectors take only some."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import demand, make
from tests.models.cases_policies import policy


def traced() -> Instance:
    """Magnets of X are cheap and last two years; the army takes allied ones only, the fleet by then at most half of X.

    Some were there before, of X and of Y, or lent; some are lent, and come back as they are; a works in Y makes some, and the
    market buys some, of X at first.
    """
    return make(
        "traced",
        4,
        {
            "goods": [
                {"good": "magnet", "material": "NdFeB", "trace": True, "shelf_life": "2", "loss_rate": 0.1},
                {"good": "alloy", "material": "NdFeB", "trace": True},
                {"good": "swarf"},
            ],
            "stores": [{"store": "yard"}, {"store": "vault"}],
            "storage": [
                {"good": "magnet", "store": "yard", "holding_cost": 0.1},
                {"good": "magnet", "store": "vault", "capacity": 3},
                {"good": "alloy", "store": "yard", "holding_cost": 0.3},
            ],
            "opening_stock": [
                {"good": "magnet", "store": "yard", "origin": "X", "age": "1", "quantity": 4},
                {"good": "magnet", "store": "vault", "origin": "Y", "quantity": 3},
                {"good": "alloy", "store": "yard", "age": "3", "quantity": 2},
            ],
            "opening_lent": [{"good": "magnet", "due": "2027", "origin": "Y", "quantity": 1}],
            "sources": [
                {"source": "cheap", "good": "magnet", "origin": "X"},
                {"source": "dear", "good": "magnet", "origin": "Y", "lead_time": "1"},
                {"source": "home", "good": "magnet", "origin": "Z"},
                {"source": "trade of X", "good": "magnet", "origin": "X", "paid_by": "market"},
                {"source": "trade of Y", "good": "magnet", "origin": "Y", "paid_by": "market"},
                {"source": "alloys", "good": "alloy", "origin": "X"},
                {"source": "alloys of Z", "good": "alloy", "origin": "Z", "until": "2028"},
                {"source": "scrap", "good": "swarf"},
            ],
            "opening_orders": [{"source": "dear", "arrives": "2026", "quantity": 1, "price": 5}],
            "prices": [
                {"source": "cheap", "price": 2},
                {"source": "dear", "price": 7},
                {"source": "home", "price": 12},
                {"source": "trade of X", "price": 3, "width": 3},
                {"source": "trade of Y", "price": 6, "width": 2},
                {"source": "alloys", "price": 2},
                {"source": "alloys of Z", "price": 5},
                {"source": "scrap", "price": 1},
            ],
            "processes": [{"process": "works", "origin": "Y", "cost": 3, "lead_time": "1"}],
            "recipes": [
                {"process": "works", "good": "swarf", "amount": -2},
                {"process": "works", "good": "magnet", "amount": 1},
            ],
            "capacity": [{"process": "works", "capacity": 2}],
            "rotation": [
                {"good": "magnet", "price": 1.5, "depth": 3},
                {"good": "magnet", "mode": "exchange", "lag": "1", "premium": 0.4, "depth": 2},
            ],
            "sectors": [
                {"sector": "plant"},
                {"sector": "army", "accepted_origins": "allied"},
                {"sector": "fleet"},
            ],
            "demand": [
                *demand(5, 5, 5, 5, good="magnet"),
                {"sector": "army", "good": "magnet", "quantity": 4},
                {"sector": "fleet", "good": "magnet", "quantity": 6},
                {"sector": "fleet", "good": "alloy", "quantity": 3},
            ],
            "accepts": [{"sector": "army", "wanted": "magnet", "given": "alloy", "rate": 2, "cost": 1}],
            "tiers": [{"share": 1, "penalty": 30}, {"sector": "army", "share": 1, "penalty": 9}],
            "origins": [
                {"origin": "Y", "group": "allied"},
                {"origin": "Z", "group": "allied"},
                {"origin": "X", "group": "covered"},
            ],
            "policies": [
                policy("fleet", "origin-in-use", good="magnet", sector="fleet", group="covered", at_most=0.5, paid_by="both", **{"from": "2027"}),
                policy("metal", "origin-in-use", material="NdFeB", origin="Z", at_least=0.1, per="horizon", penalty=2),
                policy("mine", "origin-in-use", good="alloy", group="covered", by="mined", at_most=0),
            ],
        },
        perspective="all",
    )  # fmt: skip


def fresh_allies() -> Instance:
    """Magnets of Y are cheap in the first year only and last for two; those of X cannot stand in for them when they are old."""
    return make(
        "fresh-allies",
        4,
        {
            "goods": [{"good": "magnet", "trace": True, "shelf_life": "2"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "magnet", "store": "yard", "holding_cost": 1}],
            "opening_stock": [{"good": "magnet", "store": "yard", "origin": "Y", "quantity": 1}],
            "sources": [{"source": "X", "good": "magnet", "origin": "X"}, {"source": "Y", "good": "magnet", "origin": "Y"}],
            "prices": [
                {"source": "X", "price": 2},
                {"source": "Y", "price": 3},
                {"source": "Y", "from": "2027", "price": 20},
            ],
            "sectors": [{"sector": "plant"}, {"sector": "army", "accepted_origins": "allied"}],
            "demand": [*demand(6, 6, 6, 6, good="magnet"), {"sector": "army", "good": "magnet", "quantity": 2}],
            "tiers": [{"share": 1, "penalty": 30}],
            "origins": [{"origin": "Y", "group": "allied"}],
        },
    )  # fmt: skip


def magnet_rule() -> Instance:
    """Magnets of metal and dysprosium, neither of which may come of X for the army: mined there, separated or made there.

    Iron is not traced: X sells it, and it does not matter.  Metal is smelted in Y of oxide of X or Z; what is cut off the
    magnets is smelted again.  The plant wants a third that is mined by allies only, all of it, and some metal and dysprosium
    of whatever origin.  A run of before brings magnets of which only the mine of what they are made of is known.
    """
    goods = ("oxide", "metal", "dysprosium", "magnet", "swarf")
    return make(
        "magnet-rule",
        4,
        {
            "goods": [*({"good": g, "trace": True} for g in goods), {"good": "iron"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": g, "store": "yard", "holding_cost": 0.1} for g in goods],
            "opening_stock": [{"good": "oxide", "store": "yard", "origin": "Z", "mined_in": "Z", "quantity": 1}],
            "sources": [
                {"source": "oxide of X", "good": "oxide", "origin": "X", "mined_in": "X"},
                {"source": "oxide of Z", "good": "oxide", "origin": "Z", "mined_in": "Z"},
                {"source": "separated in X", "good": "oxide", "origin": "X", "mined_in": "Z"},
                {"source": "dysprosium of X", "good": "dysprosium", "origin": "Y", "mined_in": "X"},
                {"source": "dysprosium of Y", "good": "dysprosium", "origin": "Y", "mined_in": "Y"},
                {"source": "iron", "good": "iron", "origin": "X", "mined_in": "X"},
                {"source": "magnets of Z", "good": "magnet", "origin": "Z", "mined_in": "Z"},
            ],
            "prices": [
                {"source": "oxide of X", "price": 1},
                {"source": "oxide of Z", "price": 4},
                {"source": "separated in X", "price": 2},
                {"source": "dysprosium of X", "price": 3},
                {"source": "dysprosium of Y", "price": 8},
                {"source": "iron", "price": 0.1},
                {"source": "magnets of Z", "price": 14},
            ],
            "processes": [
                {"process": "smelting", "origin": "Y", "cost": 1},
                {"process": "sintering", "origin": "Z", "cost": 2, "lead_time": "1"},
                {"process": "remelting", "origin": "Z", "cost": 0.5},
            ],
            "recipes": [
                {"process": "smelting", "good": "oxide", "amount": -1.2},
                {"process": "smelting", "good": "metal", "amount": 1},
                {"process": "sintering", "good": "metal", "amount": -1},
                {"process": "sintering", "good": "dysprosium", "amount": -0.25},
                {"process": "sintering", "good": "iron", "amount": -2},
                {"process": "sintering", "good": "magnet", "amount": 1},
                {"process": "sintering", "good": "swarf", "amount": 0.4},
                {"process": "remelting", "good": "swarf", "amount": -1},
                {"process": "remelting", "good": "metal", "amount": 0.5},
            ],
            "capacity": [{"process": "sintering", "capacity": 4}],
            "opening_runs": [{"process": "sintering", "arrives": "2026", "mined_in": "X", "level": 22}],
            "sectors": [{"sector": "plant"}, {"sector": "army"}],
            "demand": [
                *demand(4, 5, 5, 5, good="magnet"),
                {"sector": "army", "good": "magnet", "quantity": 3},
                {"sector": "plant", "good": "metal", "quantity": 1},
                {"sector": "plant", "good": "dysprosium", "quantity": 0.3},
            ],
            "tiers": [{"share": 1, "penalty": 30}],
            "origins": [{"origin": "X", "group": "covered"}, {"origin": "Y", "group": "allied"}, {"origin": "Z", "group": "allied"}],
            "policies": [
                policy("army", "origin-in-use", good="magnet", sector="army", group="covered", by="chain", at_most=0, **{"from": "2027"}),
                policy("mines", "origin-in-use", good="magnet", sector="plant", group="allied", by="mined", at_least=0.3, penalty=4),
                policy("makers", "origin-in-use", good="magnet", sector="plant", origin="Z", at_most=0.8, per="horizon", penalty=1),
            ],
        },
    )  # fmt: skip


TRACING_CASES = (traced, fresh_allies, magnet_rule)
