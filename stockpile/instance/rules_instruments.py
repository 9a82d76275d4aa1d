"""Guarantees and price floors in random instances."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables


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


__all__ = ["add_instrument_rules"]
