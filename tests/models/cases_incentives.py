"""Small instances in which incentives pay for what projects deliver, each made so that certain rows decide its optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make

#: Spot ore and metal at 9, a mill and a smelter that make them for less once they are built.
WORKS: dict[str, Rows] = {
    "goods": [{"good": "ore"}, {"good": "metal"}, {"good": "slag"}],
    "sources": [
        {"source": "import", "good": "ore"},
        {"source": "metal spot", "good": "metal"},
        {"source": "plant", "good": "ore", "lead_time": "1"},
    ],
    "prices": [
        {"source": "import", "price": 9},
        {"source": "metal spot", "price": 16},
        {"source": "plant", "price": 1},
    ],
    "processes": [{"process": "smelting", "cost": 0.5}],
    "recipes": [
        {"process": "smelting", "good": "ore", "amount": -1},
        {"process": "smelting", "good": "metal", "amount": 0.5},
        {"process": "smelting", "good": "slag", "amount": 0.25},
    ],
    "sectors": SECTOR,
    "tiers": [{k: v for k, v in TIER[0].items() if k != "good"}],
    "projects": [{"project": "mill"}, {"project": "smelter"}],
    "stages": [
        {"project": "mill", "stage": 1, "duration": "1", "cost": 6},
        {"project": "smelter", "stage": 1, "duration": "0", "cost": 4},
    ],
    "effects": [
        {"project": "mill", "after": 1, "kind": "supply", "name": "plant", "amount": 8, "ramp": "2"},
        {"project": "smelter", "after": 1, "kind": "process", "name": "smelting", "amount": 6},
    ],
}


def credited() -> Instance:
    """A treasury pays for ore within three years, less from 2029 on, and up to caps for metal and slag; a maker pays for ore.

    The maker, whose money does not count, is to spend 40: it would pay for ore that was never delivered.
    """
    return make(
        "credited",
        6,
        {
            **WORKS,
            "demand": [*demand(4, 4, 4, 4, 4, 4), *demand(1, 1, 1, 1, 1, 1, good="metal")],
            "sources": [*WORKS["sources"], {"source": "shaft", "good": "ore"}],
            "prices": [*WORKS["prices"], {"source": "shaft", "price": 2}],
            "opening_orders": [{"source": "shaft", "arrives": "2026", "quantity": 1, "price": 1}],
            "projects": [*WORKS["projects"], {"project": "pit"}],
            "stages": [*WORKS["stages"], {"project": "pit", "stage": 1, "duration": "1", "cost": 5}],
            "opening_stages": [{"project": "pit", "stage": 1, "age": "3"}],
            "effects": [*WORKS["effects"], {"project": "pit", "after": 1, "kind": "supply", "name": "shaft", "amount": 1}],
            "contracts": [
                {"contract": "offtake", "source": "plant", "duration": "2", "max_rate": 2, "price": 0.5, "premium": 1},
            ],
            "funds": [{"fund": "treasury"}, {"fund": "maker", "kind": "private", "uses": "projects"}],
            "budgets": [{"fund": "treasury", "amount": 200, "every": "year"}, {"fund": "maker", "amount": 60}],
            "financing": [{"project": p, "fund": "treasury"} for p in ("mill", "smelter")],
            "incentives": [
                {"incentive": "ore credit", "project": "mill", "fund": "treasury", "rate": 3, "term": "3"},
                {"incentive": "ore credit", "project": "mill", "fund": "treasury", "from": "2029", "rate": 2, "term": "3"},
                {"incentive": "metal credit", "project": "smelter", "good": "metal", "fund": "treasury", "rate": 3, "cap": 30},
                {"incentive": "tight credit", "project": "smelter", "good": "slag", "fund": "treasury", "rate": 8, "cap": 10},
                {"incentive": "old credit", "project": "pit", "fund": "treasury", "rate": 4, "term": "4"},
                {"incentive": "bonus", "project": "mill", "fund": "maker", "rate": 1, "cap": 27},
            ],
            "policies": [
                {"policy": "word", "kind": "spending", "fund": "maker", "at_least": 40, "per": "horizon", "penalty": 2},
            ],
        },
    )  # fmt: skip


def credited_in_futures() -> Instance:
    """Demand falls in half of the futures, so that the cap is reached in the others alone, and a strike makes the mill late.

    A small mill could be built in its place, for which nothing is promised.
    """
    return make(
        "credited-in-futures",
        6,
        {
            **WORKS,
            "demand": [*demand(6, 6, 6, 6, 6, 6), *demand(2, 2, 2, 2, 2, 2, good="metal")],
            "projects": [
                *({"project": p, "group": "mills"} for p in ("mill", "small mill")),
                {"project": "smelter"},
            ],
            "stages": [*WORKS["stages"], {"project": "small mill", "stage": 1, "duration": "1", "cost": 5}],
            "effects": [
                *WORKS["effects"],
                {"project": "small mill", "after": 1, "kind": "supply", "name": "plant", "amount": 2},
            ],
            "scenarios": [{"scenario": s, "probability": 0.5} for s in ("calm", "slump")],
            "shocks": [
                {"scenario": "slump", "shock": "slump", "quantity": "demand", "from": "2029", "factor": 0.25},
                {"scenario": "slump", "shock": "strike", "quantity": "duration", "project": "mill", "from": "2027", "value": 2},
            ],
            "funds": [{"fund": "treasury"}],
            "budgets": [{"fund": "treasury", "amount": 200, "every": "year"}],
            "incentives": [
                {"incentive": "ore credit", "project": "mill", "fund": "treasury", "rate": 3, "cap": 30, "term": "3"},
                {"incentive": "metal credit", "project": "smelter", "good": "metal", "fund": "treasury", "rate": 3, "cap": 20},
            ],
        },
    )  # fmt: skip


INCENTIVE_CASES = (credited, credited_in_futures)
