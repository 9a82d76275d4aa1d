"""Demand that waits, where it meets other rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stockpile.engine import solve
from stockpile.instance.settings import Goal
from tests.models.base import SECTOR, TIER, Rows, demand, make

WAITS: Rows = [{"good": "ore", "cost": 1}]


def late_order(backlog: Rows, **source: object) -> float:
    """The cost of 10 a year for three years from a mine that opens in 2028, with a charge for the order."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore", "shelf_life": "1"}],
        "sources": [{"source": "mine", "good": "ore", "order_cost": 40, "qualified_from": "2028", **source}],
        "prices": [{"source": "mine", "price": 2}],
        "sectors": SECTOR,
        "demand": demand(10, 10, 10),
        "tiers": TIER,
        "backlog": backlog,
    }
    return solve(make("late-order", 3, tables), threads=1).objective


def test_an_order_may_serve_all_that_waits() -> None:
    """One order of 30 in 2028: 60 and its charge of 40, and 10 + 20 for waiting.

    A link of the order to its charge that knows of the 10 of its own period alone would leave 20 short: 20 + 40 + 1000.
    """
    assert late_order(WAITS) == pytest.approx(130.0)
    assert late_order([]) == pytest.approx(1060.0)


def test_what_may_wait_for_a_year_counts_for_a_year() -> None:
    """Of 2027 the 10 may be served in 2028, those of 2026 not: 20 ordered, 10 short, 10 for waiting."""
    assert late_order([{**WAITS[0], "max_wait": "1"}]) == pytest.approx(40 + 40 + 500 + 10)


def test_lots_count_what_waits() -> None:
    """Five lots of 6 are the 30 that are wanted."""
    assert late_order(WAITS, lot_size=6) == pytest.approx(130.0)


def test_the_most_specific_row_counts() -> None:
    """All wait but this sector's ore, which may not."""
    rows: Rows = [
        {"cost": 1},
        {"sector": "plant", "cost": 1},
        {"sector": "plant", "good": "ore", "cost": 0, "max_wait": "0"},
    ]
    assert late_order(rows) == pytest.approx(1060.0)
    assert late_order(rows[:2]) == pytest.approx(130.0)


def test_what_waits_at_the_end_is_served_or_paid_for() -> None:
    """With a penalty of 5 at the end nobody orders: 30 x 5, and 10 + 20 + 30 for waiting."""
    assert late_order([{**WAITS[0], "end_penalty": 5}]) == pytest.approx(130.0)
    assert late_order([{**WAITS[0], "end_penalty": 1}]) == pytest.approx(30 + 60)


def test_waiting_for_what_nobody_wants_is_warned_of() -> None:
    """A row that no demand meets is most likely a name that was mistaken for another."""
    rows: Rows = [{"sector": "plant", "good": "gas", "cost": 1}, {"good": "ore", "cost": 1}]
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}, {"good": "gas"}],
        "sectors": SECTOR,
        "demand": demand(1),
        "tiers": TIER,
        "backlog": rows,
    }
    found = make("waits", 1, tables).warnings
    assert [(p.file, p.row) for p in found] == [("backlog.csv", 2)]
    assert "no demand of 'plant' and 'gas' that could wait" in found[0].message


def test_waiting_for_ever_is_shortfall() -> None:
    """Where shortfall comes first, what still waits at the end is no way around it: 30 are ordered, dear as it is."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 9}],
        "sectors": SECTOR,
        "demand": demand(10, 10, 10),
        "tiers": TIER,
        "backlog": [{"cost": 0, "end_penalty": 1}],
    }
    instance = make("for-ever", 3, tables)
    settings = replace(instance.settings, objective=Goal("least-shortfall"))
    assert solve(instance, threads=1).costs["shortfall"] == pytest.approx(30.0)
    assert solve(replace(instance, settings=settings), threads=1).costs["purchases"] == pytest.approx(270.0)
