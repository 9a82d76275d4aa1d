"""What processing changes in other blocks: bounds of orders, and what a project may add."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile import engine
from stockpile.errors import DataError
from stockpile.instance import Instance
from tests.models.base import SECTOR, Rows, demand, make


def with_charge(**tables: Rows) -> Instance:
    """An order with a charge, which must be bounded by what it could be used for."""
    base: dict[str, Rows] = {
        "goods": [{"good": "ore"}, {"good": "metal"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "sources": [{"source": "mine", "good": "ore", "order_cost": 30}],
        "prices": [{"source": "mine", "price": 1}],
        "sectors": SECTOR,
        "demand": demand(4, 4, 4),
    }
    return make("charge", 3, {**base, **tables})


def test_an_order_may_be_for_all_that_processes_take() -> None:
    """One order of 12 + 30 t: bounded by demand alone it would be 12 t, and metal would fall short for 900."""
    processing: dict[str, Any] = {
        "processes": [{"process": "smelting"}],
        "recipes": [
            {"process": "smelting", "good": "ore", "amount": -2},
            {"process": "smelting", "good": "metal", "amount": 1},
        ],
        "demand": [*demand(4, 4, 4), *demand(5, 5, 5, good="metal")],
        "tiers": [{"share": 1, "penalty": 60}],
    }
    with pytest.raises(DataError, match="its price steps a width, the source a capacity"):
        with_charge(**processing)
    plan = engine.solve(with_charge(**processing, capacity=[{"process": "smelting", "capacity": 6}]), gap=0)
    assert plan.objective == pytest.approx(30 + 42)


def test_an_order_may_be_for_cover_of_demand_that_does_not_fall() -> None:
    """A year of cover is bought with the first order, 4 + 4 t; the project that could make demand fall is too dear."""
    lean: dict[str, Any] = {
        "targets": [{"good": "ore", "until": "2027", "cover": 365.25}],
        "projects": [{"project": "lean"}],
        "stages": [{"project": "lean", "stage": 1, "duration": "1", "cost": 900}],
        "effects": [{"project": "lean", "after": 1, "kind": "demand", "name": "ore", "sector": "plant", "amount": 0.5}],
        "demand": demand(4, 0, 0),
    }
    plan = engine.solve(with_charge(**lean), gap=0)
    assert plan.objective == pytest.approx(30 + 8)
    assert plan.summary["audit"]["breaches"] == 0


def test_a_project_may_be_the_only_capacity() -> None:
    """A process without a capacity of its own, which a project feeds, starts from nothing: as supply does."""
    tables: dict[str, Any] = {
        "processes": [{"process": "smelting"}],
        "recipes": [
            {"process": "smelting", "good": "ore", "amount": -1},
            {"process": "smelting", "good": "metal", "amount": 1},
        ],
        "demand": demand(2, 2, 2, good="metal"),
        "tiers": [{"share": 1, "penalty": 60}],
        "projects": [{"project": "smelter"}],
        "stages": [{"project": "smelter", "stage": 1, "duration": "1", "cost": 10}],
        "effects": [{"project": "smelter", "after": 1, "kind": "process", "name": "smelting", "amount": 5}],
    }
    plan = engine.solve(with_charge(**tables), gap=0)
    assert dict(zip(plan.runs["period"], plan.runs["level"], strict=True)) == pytest.approx({"2027": 2, "2028": 2})
    assert plan.objective == pytest.approx(10 + 120 + 30 + 4)
