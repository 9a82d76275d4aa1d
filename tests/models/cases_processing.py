"""Small instances in which processes turn goods into others."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, Rows, demand, make

METAL: Rows = [{"share": 1, "penalty": 60}]


def separated() -> Instance:
    """Ore is separated a year ahead in the north, cerium with it thrown away; metal is made in the south, and swarf comes back.

    Metal making has a charge and a least run of 6; casting makes more of the oxide, but only where metal making runs.
    """
    return make(
        "separated",
        4,
        {
            "goods": [
                {"good": "ore"},
                {"good": "oxide"},
                {"good": "cerium", "disposal_cost": 1},
                {"good": "metal"},
                {"good": "swarf"},
            ],
            "stores": [{"store": "north"}, {"store": "south"}],
            "storage": [
                {"good": "oxide", "store": "north"},
                {"good": "oxide", "store": "south", "holding_cost": 0.2},
            ],
            "transfers": [{"good": "oxide", "from_store": "north", "to_store": "south", "cost": 0.5}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 1}],
            "processes": [
                {"process": "separation", "cost": 0.2, "lead_time": "1", "store": "north", "energy": 3},
                {
                    "process": "metal making",
                    "cost": 1,
                    "set_up_cost": 4,
                    "min_run": 6,
                    "store": "south",
                    "emissions": 2,
                },
                {"process": "casting", "cost": 0.5, "runs_with": "metal making", "store": "south"},
                {"process": "recycling", "cost": 1, "store": "south"},
            ],
            "recipes": [
                {"process": "separation", "good": "ore", "amount": -4},
                {"process": "separation", "good": "oxide", "amount": 1},
                {"process": "separation", "good": "cerium", "amount": 2},
                {"process": "metal making", "good": "oxide", "amount": -1.2},
                {"process": "metal making", "good": "metal", "amount": 0.8},
                {"process": "metal making", "good": "swarf", "amount": 0.3},
                {"process": "casting", "good": "oxide", "amount": -1},
                {"process": "casting", "good": "metal", "amount": 0.9},
                {"process": "recycling", "good": "swarf", "amount": -1},
                {"process": "recycling", "good": "oxide", "amount": 0.9},
            ],
            "capacity": [
                {"process": "metal making", "capacity": 20},
                {"process": "casting", "capacity": 3},
                {"process": "casting", "from": "2028", "capacity": 8},
                {"process": "separation"},
                {"process": "separation", "from": "2027", "until": "2028", "capacity": 9},
            ],
            "opening_runs": [{"process": "separation", "arrives": "2026", "level": 12}],
            "sectors": SECTOR,
            "demand": demand(4, 9, 2, 8, good="metal"),
            "tiers": METAL,
        },
    )


def furnaces() -> Instance:
    """Two furnaces on one line with a set-up each; a second line is built in two steps, and given up once it is not worth it."""
    return make(
        "furnaces",
        4,
        {
            "goods": [{"good": "oxide"}, {"good": "metal"}, {"good": "alloy"}],
            "sources": [{"source": "import", "good": "oxide"}, {"source": "trader", "good": "alloy"}],
            "prices": [{"source": "import", "price": 1}, {"source": "trader", "price": 25}],
            "processes": [
                {"process": "furnace", "cost": 2},
                {"process": "mixer", "cost": 1},
                {"process": "old mixer", "cost": 9},
            ],
            "recipes": [
                {"process": "furnace", "good": "oxide", "amount": -1.5},
                {"process": "furnace", "good": "metal", "amount": 1},
                {"process": "mixer", "good": "metal", "amount": -1},
                {"process": "mixer", "good": "alloy", "amount": 1},
                {"process": "old mixer", "good": "metal", "amount": -1},
                {"process": "old mixer", "good": "alloy", "amount": 1},
            ],
            "capacity": [{"process": "furnace", "capacity": 14}, {"process": "old mixer", "capacity": 2}],
            "sectors": SECTOR,
            "demand": [*demand(3, 4, 5, 5, good="metal"), *demand(4, 8, 9, 3, good="alloy")],
            "tiers": METAL,
            "projects": [{"project": "line"}, {"project": "kiln", "may_abandon": True, "exit_cost": 1}],
            "stages": [
                {"project": "line", "stage": 1, "duration": "1", "cost": 20},
                {"project": "kiln", "stage": 1, "duration": "1", "cost": 3},
            ],
            "effects": [
                {"project": "line", "after": 1, "kind": "process", "name": "mixer", "amount": 7, "ramp": "2"},
                {"project": "kiln", "after": 1, "kind": "process", "name": "furnace", "amount": 4},
            ],
            "resources": [{"resource": "crew", "capacity": 18}],
            "resource_use": [
                {"resource": "crew", "kind": "process", "name": "furnace", "per_unit": 1, "per_order": 3},
                {"resource": "crew", "kind": "process", "name": "mixer", "per_unit": 0.5},
            ],
        },
    )


def lean_magnets() -> Instance:
    """Magnets with less dysprosium: half of a sector's demand falls away, and with it the tiers and the cover of what is left.

    A third of it may fall short at little; magnets without any are tried, too, and given up if they cost more than they save.
    """
    return make(
        "lean-magnets",
        4,
        {
            "goods": [{"good": "Dy"}],
            "stores": [{"store": "vault"}],
            "storage": [{"good": "Dy", "store": "vault", "holding_cost": 0.5}],
            "sources": [{"source": "spot", "good": "Dy"}],
            "prices": [{"source": "spot", "width": 8, "price": 4}, {"source": "spot", "step": 2, "price": 9}],
            "sectors": SECTOR,
            "demand": demand(12, 12, 14, 10, good="Dy"),
            "tiers": [
                {"tier": 1, "share": 0.3, "penalty": 3},
                {"tier": 2, "share": 0.7, "penalty": 40},
            ],
            "targets": [{"good": "Dy", "from": "2027", "quantity": 1, "cover": 146.1}],
            "projects": [{"project": "lean"}, {"project": "without", "may_abandon": True}],
            "stages": [
                {"project": "lean", "stage": 1, "duration": "1", "cost": 12},
                {"project": "without", "stage": 1, "duration": "1", "cost": 15},
            ],
            "effects": [
                {
                    "project": "lean",
                    "after": 1,
                    "kind": "demand",
                    "name": "Dy",
                    "sector": "plant",
                    "amount": 0.5,
                    "ramp": "2",
                },
                {"project": "without", "after": 1, "kind": "demand", "name": "Dy", "sector": "plant", "amount": 0.25},
            ],
        },
    )


def blended() -> Instance:
    """Alloy of two concentrates and scrap: rich enough, not too much phosphorus; later richer, and mixed in the yard itself.

    A tenth of what goes in is lost, and flux goes in with it; scrap is cheap, and too full of phosphorus.
    """
    return make(
        "blended",
        3,
        {
            "goods": [*({"good": g} for g in ("rich", "poor", "scrap", "flux", "alloy"))],
            "stores": [{"store": "port"}, {"store": "yard"}],
            "storage": [
                *({"good": "scrap", "store": w} for w in ("port", "yard")),
                {"good": "poor", "store": "port", "holding_cost": 0.5},
            ],
            "transfers": [{"good": "scrap", "from_store": "port", "to_store": "yard", "cost": 0.1}],
            "opening_stock": [{"good": "scrap", "store": "port", "age": "1", "quantity": 9}],
            "sources": [*({"source": g, "good": g} for g in ("rich", "poor", "flux"))],
            "prices": [
                {"source": "rich", "width": 9, "price": 6},
                {"source": "rich", "step": 2, "price": 11},
                {"source": "poor", "price": 3},
                {"source": "poor", "from": "2028", "price": 5},
                {"source": "flux", "price": 1},
            ],
            "processes": [{"process": "mixing", "cost": 0.5, "store": "yard"}],
            "recipes": [
                *({"process": "mixing", "good": g} for g in ("rich", "poor", "scrap")),
                {"process": "mixing", "good": "flux", "amount": -0.1},
                {"process": "mixing", "good": "alloy", "amount": 0.9},
            ],
            "attributes": [
                {"good": "rich", "attribute": "grade", "value": 0.9},
                {"good": "poor", "attribute": "grade", "value": 0.5},
                {"good": "scrap", "attribute": "grade", "value": 0.8},
                {"good": "rich", "attribute": "P", "value": 1},
                {"good": "poor", "attribute": "P", "value": 4},
                {"good": "scrap", "attribute": "P", "value": 9},
            ],
            "blend": [
                {"process": "mixing", "attribute": "grade", "min": 0.65},
                {"process": "mixing", "attribute": "grade", "from": "2027", "min": 0.75, "max": 0.8},
                {"process": "mixing", "attribute": "P", "max": 4},
            ],
            "sectors": SECTOR,
            "demand": demand(9, 12, 9, good="alloy"),
            "tiers": METAL,
        },
    )


def magnets_back() -> Instance:
    """Scrap of magnets is cheap, and limited by what went into use one and two years before: from the reserve, the market,
    and ferrites taken instead; what went into use before the start comes back at first.
    """
    return make(
        "magnets-back",
        4,
        {
            "goods": [{"good": "NdFeB"}, {"good": "ferrite"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "NdFeB", "store": "yard", "holding_cost": 2}],
            "sources": [
                {"source": "import", "good": "NdFeB"},
                {"source": "trade", "good": "NdFeB", "paid_by": "market"},
                {"source": "ferrites", "good": "ferrite"},
                {"source": "scrap", "good": "NdFeB"},
                {"source": "old ferrites", "good": "ferrite"},
            ],
            "supply": [{"source": "trade", "capacity": 4}, {"source": "import", "capacity": 8}],
            "prices": [
                {"source": "import", "price": 9},
                {"source": "trade", "price": 8},
                {"source": "ferrites", "price": 3},
                {"source": "scrap", "price": 2},
                {"source": "old ferrites", "price": 1},
            ],
            "sectors": SECTOR,
            "demand": demand(14, 14, 12, 12, good="NdFeB"),
            "accepts": [{"sector": "plant", "wanted": "NdFeB", "given": "ferrite", "rate": 2, "cost": 1.5}],
            "tiers": METAL,
            "returns": [
                {"source": "scrap", "sector": "plant", "good": "NdFeB", "share": 0.3, "lag": "1"},
                {"source": "scrap", "sector": "plant", "good": "NdFeB", "share": 0.4, "lag": "2"},
                {"source": "old ferrites", "sector": "plant", "good": "ferrite", "share": 0.5, "lag": "1"},
            ],
            "opening_use": [
                {"sector": "plant", "good": "NdFeB", "age": "1", "quantity": 10},
                {"sector": "plant", "good": "NdFeB", "age": "2", "quantity": 5},
            ],
        },
    )


PROCESSING_CASES = (separated, furnaces, lean_magnets, blended, magnets_back)
