"""What is surely a mistake in rotation, and still has a plan, is warned of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.models.base import SECTOR, Rows, demand, make

TABLES: dict[str, Rows] = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "mine", "good": "ore"}],
    "prices": [{"source": "mine", "price": 4}],
    "sectors": SECTOR,
    "demand": demand(3, 3),
}
LOAN = {"good": "ore", "mode": "exchange", "lag": "1", "depth": 2, "premium": 0.5}
WARNED: list[tuple[dict[str, Rows], str]] = [
    (
        {"rotation": [{"good": "ore", "depth": 2, "min_lot": 3}]},
        "rotation.csv:2:min_lot: the market never takes a least",
    ),
    (
        {
            "rotation": [{"good": "ore", "min_lot": 3}],
            "sales": [{"good": "ore", "step": s, "width": 1, "price": 3 - s} for s in (1, 2)],
        },
        "rotation.csv:2:min_lot: the market never takes a least lot of 'ore': it takes 2 a period at most",
    ),
    (
        {"rotation": [LOAN], "end_values": [{"kind": "lent", "value": 3}]},
        "rotation.csv:2:mode: what is owed of 'ore' at the end is worth its cheapest price",
    ),
    (
        {
            "release_prices": [{"sector": "plant", "good": "gas", "price": 3}],
            "goods": [{"good": "ore"}, {"good": "gas"}],
        },
        "release_prices.csv:2:good: 'plant' never gets 'gas': it neither wants it nor takes it instead",
    ),
]


@pytest.mark.parametrize(("tables", "words"), WARNED)
def test_a_mistake_is_warned_of(tables: dict[str, Any], words: str) -> None:
    """The plan of such an instance would be right, and not what was meant."""
    warnings = [str(warning) for warning in make("warned", 2, {**TABLES, **tables}).warnings]
    assert any(text.startswith(words) for text in warnings), warnings


def test_what_is_meant_is_not_warned_of() -> None:
    """A lot that fits, and goods lent that are worth less than they cost."""
    tables: dict[str, Rows] = {
        "rotation": [{"good": "ore", "depth": 3, "min_lot": 3}, LOAN],
        "end_values": [{"kind": "lent", "value": 2.5}],
        "release_prices": [{"sector": "plant", "good": "ore", "price": 3}],
    }
    assert make("meant", 2, {**TABLES, **tables}).warnings == ()
