"""What a random instance gets of scenarios: futures in which it is easier, so that it stays feasible."""

from __future__ import annotations

from random import Random
from typing import Any

from stockpile.instance.draws import Draws, Tables

BRANCHING, CAREFUL = 0.3, 0.5
"""How often an instance has scenarios, and how often risk counts then."""


def add_scenario_rules(tables: Tables, periods: int, seed: int) -> None:
    """Two or three futures; in all but the first demand falls, and sources, stores or markets have more room, from a date on."""
    draws = Draws(Random(f"scenarios {seed}"), periods, tables)
    if not draws.chance(BRANCHING):
        return
    if draws.chance(0.3):
        _add_chain(draws)
        return
    split = (0.6, 0.4) if draws.chance(0.7) else (0.5, 0.3, 0.2)
    for name, probability in zip(("expected", "slump", "glut"), split, strict=False):
        draws.add("scenarios", scenario=name, probability=probability)
    goods = [row["good"] for row in tables["goods"]]
    for name in ("slump", "glut")[: len(split) - 1]:
        begin = draws.pick(1, max(1, periods - 1))
        told = draws.date(max(0, begin - 2)) if draws.chance(0.3) else None
        for quantity, low, high in (
            ("demand", 0.6, 0.95),
            ("supply", 1.05, 1.3),
            ("depth", 1.05, 1.5),
            ("budget", 1.02, 1.2),
        ):
            if quantity == "demand" or (draws.chance(0.4) and _has(tables, quantity)):
                good = goods[draws.pick(0, len(goods) - 1)] if quantity == "demand" and draws.chance(0.5) else None
                since = None if quantity == "budget" else draws.date(begin)
                cells = {"from": since, "factor": draws.number(low, high), "announced": told if since else None}
                draws.add("shocks", scenario=name, shock=f"{name} of {quantity}", quantity=quantity, good=good, **cells)
        _add_courses(draws, name, begin)


def _add_chain(draws: Draws) -> None:
    """Demand that goes down and up again at random, a few times, instead of scenarios."""
    every = max(1, -(-draws.periods // 3))
    draws.add("chains", **{"chain": "demand", "from": draws.date(1), "every": every})
    for state, share in (("usual", 0.6), ("low", 0.4)):
        draws.add("chain_states", chain="demand", state=state, probability=share)
    for before, to, share in (
        ("usual", "usual", 0.7),
        ("usual", "low", 0.3),
        ("low", "usual", 0.5),
        ("low", "low", 0.5),
    ):
        draws.add("chain_moves", chain="demand", from_state=before, to_state=to, probability=share)
    low = draws.number(0.6, 0.95)
    draws.add("chain_shocks", chain="demand", state="low", quantity="demand", factor=low)


def _add_courses(draws: Draws, scenario: str, begin: int) -> None:
    """Stages that are late in a scenario, or fail, of projects that need not be begun; it is told as it happens."""
    tables = draws.tables
    begun = {row["project"] for row in tables.get("opening_stages", [])}
    kept = {row["name"] for row in tables.get("pins", []) if row["decision"] == "abandonment"}
    for project in tables.get("projects", []):
        name, fails = project["project"], project.get("may_abandon") and project["project"] not in kept
        if name not in begun and draws.chance(0.3):
            told = draws.date(begin)
            cells = {"project": name, "stage": 1, "from": told, "announced": told}
            if fails and draws.chance(0.4):
                draws.add("shocks", scenario=scenario, shock=f"end of {name}", quantity="outcome", **cells, value=0)
            else:
                draws.add(
                    "shocks", scenario=scenario, shock=f"delay of {name}", quantity="duration", **cells, factor=1.5
                )


def _has(tables: Tables, quantity: str) -> bool:
    """Whether a quantity has something that a shock can change."""
    if quantity == "depth":
        return any(row.get("mode", "sale") == "sale" and row.get("depth") for row in tables.get("rotation", []))
    return bool(tables.get({"budget": "budgets"}.get(quantity, quantity)))


def risk_of(seed: int, tables: Tables) -> dict[str, Any] | None:
    """How risk counts in a random instance with scenarios; None where it does not."""
    random = Random(f"risk {seed}")
    if not (tables.get("scenarios") or tables.get("chains")) or random.random() >= CAREFUL:
        return None
    lossy = any(row.get("may_abandon") for row in tables.get("projects", []))
    return {
        "measure": random.choice(["cvar", "worst", "nested"]),
        "of": random.choice(["cost", "shortfall", *(["taxpayer_loss"] if lossy else [])]),
        "level": 0.8,
        "weight": round(random.uniform(0.1, 0.9), 2),
    }


__all__ = ["add_scenario_rules", "risk_of"]
