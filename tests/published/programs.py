"""Published stochastic programs as instances: the frame that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from stockpile.instance import Instance

Rows = list[dict[str, Any]]
Futures = list[tuple[float, Rows]]
"""By future its probability, and its shocks without their names."""


def program(
    name: str, periods: int, tables: Mapping[str, Rows], futures: Futures, **sections: dict[str, Any]
) -> Instance:
    """An instance in years from 2026, rates per period, money in USD, in which futures ``0``, ``1``, ... may come."""
    settings: dict[str, Any] = {
        "format": 1,
        "name": name,
        "horizon": {"start": "2026-01-01", "periods": periods, "step": "year"},
        "units": {"quantity": "unit", "price": "USD/unit", "money": "USD", "time": "period"},
        "solver": {"gap": 0.0},
        **sections,
    }
    scenarios = [{"scenario": str(s), "probability": p} for s, (p, _) in enumerate(futures)]
    shocks = [{"scenario": str(s), "shock": "data", **row} for s, (_, rows) in enumerate(futures) for row in rows]
    return Instance.from_tables(name, settings, {**tables, "scenarios": scenarios, "shocks": shocks})


def independent(*stages: Sequence[tuple[float, Rows]]) -> Futures:
    """The futures of stages whose outcomes do not depend on one another: every combination."""
    found = []
    for outcomes in product(*stages):
        probability, rows = 1.0, []
        for p, more in outcomes:
            probability *= p
            rows += more
        found.append((probability, rows))
    return found


def in_year(year: int, quantity: str, value: float, **selectors: str) -> dict[str, Any]:
    """A shock that sets a value in one year."""
    return {"quantity": quantity, "from": str(year), "until": str(year + 1), "value": value, **selectors}


def free(goods: Iterable[str]) -> Rows:
    """Goods that can be thrown away for nothing."""
    return [{"good": good, "disposal_cost": 0} for good in goods]


def stored(goods: Iterable[str], **cells: Any) -> dict[str, Rows]:
    """A store for goods."""
    return {
        "stores": [{"store": "yard"}],
        "storage": [{"good": good, "store": "yard", **cells} for good in goods],
    }


def unwanted(good: str) -> dict[str, Rows]:
    """A sector that wants nothing, for problems without demand: an instance has one."""
    return {"sectors": [{"sector": "nobody"}], "demand": [{"sector": "nobody", "good": good, "quantity": 0}]}
