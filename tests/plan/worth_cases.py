"""Instances whose limits stand in several rows of the model at once: steps that must be filled, charges, what borrowers owe."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make

SOME: dict[str, Rows] = {"goods": [{"good": "ore"}], "sectors": SECTOR, "tiers": TIER}
YARD: dict[str, Rows] = {"stores": [{"store": "yard"}], "storage": [{"good": "ore", "store": "yard"}]}


def old_ore(amount: float) -> dict[str, Rows]:
    """A yard with stock of age 0."""
    return {**YARD, "opening_stock": [{"good": "ore", "store": "yard", "age": "0", "quantity": amount}]}


def cheaper_steps() -> Instance:
    """Of a mine all three steps are used, each cheaper than the one before; there is never enough."""
    widths = [(1, 6, 9), (2, 8, 4), (3, 4, 2)]
    tables: dict[str, Rows] = {
        "sources": [{"source": "mine", "good": "ore", "discount": "incremental", "order_cost": 3}],
        "prices": [{"source": "mine", "step": s, "width": width, "price": price} for s, width, price in widths],
        "demand": demand(20, 20, 20),
    }
    return make("cheaper-steps", 3, {**SOME, **tables})


def full_step() -> Instance:
    """A full step is the way to a cheaper one that has room: a wider one would only cost more."""
    tables: dict[str, Rows] = {
        "sources": [{"source": "mine", "good": "ore", "discount": "incremental"}],
        "prices": [
            {"source": "mine", "step": 1, "width": 6, "price": 9},
            {"source": "mine", "step": 2, "price": 4},
        ],
        "demand": demand(20, 20, 20),
    }
    return make("full-step", 3, {**SOME, **tables})


def lends() -> Instance:
    """Ore is lent at a charge up to what borrowers may owe, and comes back with a premium two years later."""
    tables: dict[str, Rows] = {
        **old_ore(20),
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 20}],
        "rotation": [
            {"good": "ore", "mode": "exchange", "fixed_cost": 1, "lag": 2, "premium": 0.25, "credit_limit": 5}
        ],
        "demand": demand(1, 20, 20),
    }
    return make("lends", 3, {**SOME, **tables})


def sold_out() -> Instance:
    """More ore lies there than a market takes in all its steps, at a charge for each year of sales."""
    tables: dict[str, Rows] = {
        **old_ore(40),
        "rotation": [{"good": "ore", "mode": "sale", "fixed_cost": 2}],
        "sales": [
            {"good": "ore", "step": 1, "width": 3, "price": 5},
            {"good": "ore", "step": 2, "width": 4, "price": 3},
        ],
        "demand": demand(1, 1),
    }
    return make("sold-out", 2, {**SOME, **tables})


WORTH_CASES = {case.__name__: case for case in (cheaper_steps, full_step, lends, sold_out)}
