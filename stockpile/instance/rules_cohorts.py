"""What a random instance gets of goods that are kept by age."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables


def add_cohort_rules(tables: Tables, periods: int, seed: int) -> None:
    """Goods that are lost faster or sell for less as they age, and industry that wants them fresh."""
    draws = Draws(Random(f"cohorts {seed}"), periods, tables)
    for row in tables["goods"]:
        good, life = row["good"], row["shelf_life"] or 8
        if draws.chance(0.2) and life > 1:
            age, factor = draws.pick(1, life - 1), draws.number(0.4, 0.9)
            draws.add("ages", good=good, age=0, loss_rate=draws.number(0.0, 0.02), price_factor=None)
            draws.add("ages", good=good, age=age, loss_rate=draws.number(0.02, 0.1), price_factor=factor)
            if draws.chance(0.6):
                draws.add("freshness", sector="industry", good=good, max_age=draws.pick(0, life - 1))


__all__ = ["add_cohort_rules"]
