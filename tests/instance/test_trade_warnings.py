"""What the market buys, and sectors can never take, is warned of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.models.base import SECTOR, Rows, demand, make

TRADE: dict[str, Any] = {"source": "trade", "good": "ore", "paid_by": "market"}


def told(source: dict[str, Any], **tables: Rows) -> list[str]:
    """The warnings of an instance in which 3 and 5 are wanted."""
    base: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{**TRADE, **source}],
        "prices": [{"source": "trade", "width": 20, "price": 4}],
        "sectors": SECTOR,
        "demand": demand(3, 5),
    }
    return [str(warning) for warning in make("warned", 2, {**base, **tables}).warnings]


@pytest.mark.parametrize(("column", "words"), [("min_order", "least order"), ("lot_size", "whole lot")])
def test_an_order_that_sectors_can_never_take_is_warned_of(column: str, words: str) -> None:
    """Nothing of it is stored, so that more than 5 can never arrive; where demand waits it is 8."""
    said = f"sources.csv:2:{column}: the market never takes a {words} of 'trade': sectors want 5 in a period at most"
    assert told({column: 6}) == [said]
    assert told({column: 5}) == []
    assert told({column: 8}, backlog=[{"sector": "plant", "cost": 1}]) == []
    assert len(told({column: 9}, backlog=[{"sector": "plant", "cost": 1}])) == 1
