"""Small instances with policies: against what is cheapest, goods come from elsewhere, stay in stock, and money is spent."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from tests.models.base import SECTOR, demand, make


def policy(name: str, kind: str, **cells: Any) -> dict[str, Any]:
    """A policy."""
    return {"policy": name, "kind": kind, **cells}


def sourced() -> Instance:
    """Ore from X is cheap and capped, some of it must come from allies, whose works gets a least order; gas of X is banned.

    A part of what a market offers is bought there though it is dear, little of what another sells; ore is kept for some
    days though holding costs, and little oil for the dear year.  Some of it is missed at a penalty.
    """
    return make(
        "sourced",
        3,
        {
            "goods": [{"good": "ore", "material": "metal"}, {"good": "gas"}, {"good": "oil", "material": "fat"}],
            "stores": [{"store": "yard"}],
            "storage": [
                {"good": g, "store": "yard", "holding_cost": h} for g, h in (("ore", 1), ("gas", 9), ("oil", 0))
            ],
            "sources": [
                {"source": "cheap", "good": "ore", "origin": "X", "supplier": "one"},
                {"source": "dear", "good": "ore", "origin": "Y", "mined_in": "X", "lead_time": "1", "supplier": "two"},
                {"source": "dearest", "good": "ore", "origin": "Z", "mined_in": "Z"},
                {"source": "well", "good": "gas", "origin": "X"},
                {"source": "far well", "good": "gas", "origin": "Z", "market": "exchange"},
                {"source": "press", "good": "oil"},
            ],
            "opening_orders": [{"source": "dear", "arrives": "2026", "quantity": 2, "price": 3}],
            "markets": [{"market": "exchange", "step": 1, "width": 10, "price": 6}],
            "prices": [
                {"source": "cheap", "price": 1},
                {"source": "dear", "price": 3},
                {"source": "dearest", "price": 9},
                {"source": "well", "price": 2},
                {"source": "press", "price": 1, "width": 20},
                {"source": "press", "from": "2028", "price": 8, "width": 20},
            ],
            "sectors": [*SECTOR, {"sector": "mill"}],
            "demand": [
                *demand(10, 12, 8),
                *demand(6, 6, 6, good="gas"),
                *demand(7, 7, 7, good="oil"),
                {"sector": "mill", "good": "ore", "from": "2026", "quantity": 4},
            ],
            "tiers": [{"share": 1, "penalty": 40}],
            "origins": [
                {"origin": "X", "group": "covered"},
                {"origin": "Y", "group": "allied"},
                {"origin": "Z", "group": "allied"},
                {"origin": "Z", "group": "domestic"},
            ],
            "policies": [
                policy("cap on X", "share", good="ore", origin="X", at_most=0.6, per="horizon"),
                policy("allied ore", "share", material="metal", group="allied", at_least=0.4, per="year", penalty=1),
                policy("allied ore", "share", material="metal", group="allied", **{"from": "2027"}, at_least=0.5, per="year"),
                policy("mined in covered", "share", good="ore", group="covered", by="mined", at_most=0.4, until="2028", penalty=3),
                policy("works of Z", "deliveries", source="dearest", at_least=3, per="horizon"),
                policy("no gas of X", "deliveries", good="gas", origin="X", **{"from": "2027"}, at_most=0),
                policy("at the exchange", "market-share", market="exchange", at_least=0.3, at_most=0.55),
                policy("world's oil", "market-share", good="oil", volume=30, at_most=0.3),
                policy("days of ore", "cover", good="ore", sector="mill", at_least=182.625),
                policy("days of oil", "cover", good="oil", at_most=73.05, penalty=4),
            ],
        },
    )  # fmt: skip


def budgeted() -> Instance:
    """A bank whose money does not count pays little, the treasury most; a plant of two stages, of which little is at risk."""
    return make(
        "budgeted",
        4,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "mine", "price": 5}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10),
            "tiers": [{"share": 1, "penalty": 40}],
            "funds": [{"fund": "treasury"}, {"fund": "bank", "kind": "private"}, {"fund": "agency", "public": False}],
            "budgets": [
                {"fund": "treasury", "amount": 60, "every": "year"},
                {"fund": "bank", "amount": 40, "every": "year"},
                {"fund": "agency", "amount": 10, "every": "year"},
            ],
            "projects": [{"project": "plant", "may_abandon": True, "recovery": 0.5, "recovery_lag": "1"}, {"project": "survey"}],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "1", "cost": 6},
                {"project": "plant", "stage": 2, "duration": "1", "cost": 10},
                {"project": "survey", "stage": 1, "duration": "1", "cost": 8},
            ],
            "financing": [
                {"project": "plant", "fund": "treasury"},
                {"project": "plant", "fund": "agency", "instrument": "loan", "interest": 0.1, "tenor": "4"},
                {"project": "survey", "fund": "treasury"},
            ],
            "effects": [
                {"project": "plant", "after": 2, "kind": "supply", "name": "plant", "amount": 10},
                {"project": "survey", "after": 1, "kind": "supply", "name": "plant", "amount": 3},
            ],
            "opening_loans": [{"project": "old", "fund": "agency", "principal": 2, "tenor": "2", "first_instalment": "2026"}],
            "policies": [
                policy("bank", "spending", fund="bank", at_most=30, per="horizon"),
                policy("treasury", "spending", fund="treasury", at_least=24, **{"from": "2028"}, until="2029", penalty=1.5),
                policy("plant", "spending", project="plant", at_most=15, per="horizon", penalty=0.1),
                policy("use it", "budget-use", fund="treasury", **{"from": "2029"}, at_least=0.1, per="fiscal-year"),
                policy("no more", "budget-use", at_most=0.5, until="2027"),
                policy("at risk", "exposure", at_most=12),
                policy("at risk in the plant", "exposure", project="plant", at_most=9, penalty=0.2),
            ],
        },
    )  # fmt: skip


def clean() -> Instance:
    """Metal made of ore by a dirty furnace that takes much energy, by a dear one that does not, or bought; little may be emitted."""
    return make(
        "clean",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "metal"}],
            "sources": [
                {"source": "mine", "good": "ore", "emissions": 0.2},
                {"source": "import", "good": "metal", "origin": "X", "emissions": 3},
                {"source": "due", "good": "metal", "emissions": 0.5, "until": "2027"},
            ],
            "prices": [
                {"source": "mine", "price": 1},
                {"source": "import", "price": 6},
                {"source": "due", "price": 20},
            ],
            "opening_orders": [{"source": "due", "arrives": "2026", "quantity": 2}],
            "processes": [
                {"process": "furnace", "origin": "X", "cost": 1, "energy": 5, "emissions": 2},
                {"process": "arc", "origin": "Y", "cost": 2, "energy": 9},
            ],
            "recipes": [
                {"process": j, "good": g, "amount": a}
                for j in ("furnace", "arc")
                for g, a in (("ore", -2), ("metal", 1))
            ],
            "sectors": SECTOR,
            "demand": demand(10, 10, good="metal"),
            "tiers": [{"share": 1, "penalty": 40}],
            "policies": [
                policy("all", "emissions", at_most=12, per="year"),
                policy("of X", "emissions", origin="X", at_most=14, per="horizon", penalty=0.5),
                policy("power", "energy", at_most=60, penalty=0.3),
                policy("power of the arc", "energy", process="arc", at_most=50),
                policy("of ore", "emissions", source="mine", at_most=3.5),
            ],
        },
    )


POLICY_CASES = (sourced, budgeted, clean)
