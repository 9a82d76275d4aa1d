"""Guarantees, price floors and incentives in random instances."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Row, Tables


def add_instrument_rules(tables: Tables, periods: int, seed: int) -> None:
    """Guarantees of what investors lend, and floors on the output of projects, against the first source of the good.

    Nothing has to be begun, so it stays feasible; what was begun before the horizon gets no floor.
    """
    draws = Draws(Random(f"instruments {seed}"), periods, tables)
    for row in tables.get("financing", []):
        if row.get("instrument") == "loan" and draws.chance(0.5):
            cells = {"project": row["project"], "lender": row["fund"], "fund": "treasury"}
            fee = draws.number(0.002, 0.02, 4) if draws.chance(0.7) else None
            draws.add("guarantees", **cells, share=draws.number(0.3, 0.9, 2), fee=fee)
    begun = {row["project"] for row in tables.get("opening_stages", [])}
    good_of = {row["source"]: row["good"] for row in tables["sources"]}
    for effect in tables.get("effects", []):
        if effect["kind"] == "supply" and effect["project"] not in begun and draws.chance(0.4):
            _floor(draws, effect["project"], effect["name"], good_of[effect["name"]])


def add_incentive_rules(tables: Tables, periods: int, seed: int) -> None:
    """Incentives for what projects alone supply; what was begun before the horizon gets none, so that it stays feasible."""
    draws = Draws(Random(f"incentives {seed}"), periods, tables)
    begun = {row["project"] for row in tables.get("opening_stages", [])}
    good_of = {row["source"]: row["good"] for row in tables["sources"]}
    supplies = [row for row in tables.get("effects", []) if row["kind"] == "supply" and row["project"] not in begun]
    for effect in supplies:
        if _alone(tables, effect) and draws.chance(0.5):
            _incentive(draws, effect, good_of[effect["name"]])


def _alone(tables: Tables, effect: Row) -> bool:
    """Whether a project alone gives a source capacity, and nothing but sources."""
    fed = [row for row in tables["effects"] if row["kind"] == "supply" and row["name"] == effect["name"]]
    own = {row["kind"] for row in tables["effects"] if row["project"] == effect["project"]}
    known = {row["source"] for name in ("supply", "opening_orders") for row in tables.get(name, [])}
    return len(fed) == 1 and "process" not in own and effect["name"] not in known


def _incentive(draws: Draws, effect: Row, good: str) -> None:
    """A part of the market price for what is delivered, at times within a term, up to a cap, or less from a date on."""
    first = next(
        row for row in draws.tables["prices"] if row["source"].startswith(f"{good} from ") and row["step"] == 1
    )
    rate = round(first["price"] * draws.number(0.05, 0.2), 4)
    amount = effect["amount"] * rate * draws.number(0.2, 2.0) * MONEY
    cells: Row = {
        "incentive": f"credit {effect['project']} {effect['name']}",
        "project": effect["project"],
        "good": good,
    }
    cells |= {"fund": "treasury", "term": draws.pick(4, 40) if draws.chance(0.4) else None}
    cells |= {"cap": round(amount, 4) if draws.chance(0.6) else None}
    draws.add("incentives", **cells, rate=rate, **{"from": None})
    later = draws.date(draws.pick(1, draws.periods - 1)) if draws.periods > 1 else None
    if later and draws.chance(0.3):
        draws.add("incentives", **cells, rate=round(rate * 0.5, 4), **{"from": later})


def _floor(draws: Draws, project: str, source: str, good: str) -> None:
    """A floor near the market price, with or without a share of what is above, at times higher from a date on."""
    index = f"{good} from"
    prices = [row for row in draws.tables["prices"] if row["source"].startswith(f"{index} ") and row["step"] == 1]
    first = prices[0]
    cells = {"project": project, "source": source, "fund": "treasury", "index": first["source"]}
    level = round(first["price"] * draws.number(0.8, 1.2), 4)
    upside = {"upside_share": draws.number(0.1, 0.5), "strike": round(level * 1.1, 4)} if draws.chance(0.5) else {}
    cells |= {"share": draws.number(0.3, 1.0), "term": draws.pick(4, 40) if draws.chance(0.5) else None, **upside}
    draws.add("price_floors", **cells, floor=level, **{"from": None})
    later = draws.date(draws.pick(1, draws.periods - 1)) if draws.periods > 1 else None
    if later and draws.chance(0.3):
        higher = {"strike": round(cells["strike"] * 1.05, 4)} if upside else {}
        draws.add("price_floors", **(cells | higher), floor=round(level * 1.05, 4), **{"from": later})


__all__ = ["add_incentive_rules", "add_instrument_rules"]
