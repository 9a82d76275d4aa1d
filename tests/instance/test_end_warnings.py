"""Goods on order at the end that are worth as much as they cost, or that never are, are warned of."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile import engine
from stockpile.errors import UnboundedError
from tests.models.base import SECTOR, Rows, demand, make

TABLES: dict[str, Rows] = {
    "goods": [{"good": "ore"}],
    "sources": [
        {"source": "mine", "good": "ore", "lead_time": "1"},
        {"source": "near", "good": "ore"},
    ],
    "prices": [{"source": "mine", "price": 4}, {"source": "near", "price": 5}],
    "sectors": SECTOR,
    "demand": demand(3, 3),
}
DEAR = "what is on order at 'mine' at the end is worth its cheapest price: it may be ordered only to be left on its way"
NEVER = "nothing can be on order at the end: no source of it has a lead time; delete the row"
WARNED: list[tuple[Rows, list[str]]] = [
    ([{"value": 4}], [f"end_values.csv:2:value: {DEAR}"]),
    ([{"value": 9}, {"name": "mine", "value": 3}], ["end_values.csv:2:kind: " + NEVER]),
    (
        [{"name": "ore", "value": 9}, {"value": 3}],
        [f"end_values.csv:2:value: {DEAR}", "end_values.csv:3:kind: " + NEVER],
    ),
    ([{"name": "near", "value": 2}], ["end_values.csv:2:name: " + NEVER]),
    ([{"name": "ore", "value": 3.9}], []),
]


def told(values: Rows, **tables: Any) -> list[str]:
    """The warnings of an instance with these end values."""
    ends = [{"kind": "order", **row} for row in values]
    return [str(warning) for warning in make("warned", 2, {**TABLES, "end_values": ends, **tables}).warnings]


@pytest.mark.parametrize(("values", "words"), WARNED)
def test_a_value_at_or_above_the_price_is_warned_of(values: Rows, words: list[str]) -> None:
    """The plan of such an instance would be right, and not what was meant."""
    assert told(values) == words


def test_what_is_worth_something_is_not_said_to_come_too_late() -> None:
    """A lead time of two in two years is a fault of the table only where nothing counts that is still on its way."""
    slow = [{"source": "mine", "good": "ore", "lead_time": "2"}]
    priced = [{"source": "mine", "price": 4}]
    assert told([{"value": 3}], sources=slow, prices=priced) == []
    assert "can arrive within the horizon" in told([{"kind": "lent", "value": 3}], sources=slow, prices=priced)[0]


def test_orders_without_limit_that_earn_something_have_no_plan() -> None:
    """Each unit on order earns 1: the cost can fall without end, and what to look for is said."""
    instance = make("endless", 2, {**TABLES, "end_values": [{"kind": "order", "value": 5}]})
    with pytest.raises(UnboundedError, match="an end value"):
        engine.solve(instance)
