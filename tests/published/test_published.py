"""Optima from the literature, each computed a second time by counting."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from stockpile import engine
from stockpile.instance import Instance
from tests.published import choices, lots
from tests.published.choices import CHOICES, Choice
from tests.published.lots import PRODUCTIONS, SNYDER, Production, settings


@pytest.mark.parametrize("case", PRODUCTIONS, ids=lambda case: case.name)
def test_lot_sizes_and_production_plans(case: Production) -> None:
    """The citation stands with the data."""
    assert lots.counted(case) == pytest.approx(case.optimum)
    plan = engine.solve(lots.instance_of(case), gap=0)
    assert plan.objective == pytest.approx(case.optimum, rel=1e-7)
    assert plan.summary["audit"]["breaches"] == 0


def test_the_orders_of_the_textbook() -> None:
    """The only optimal orders are 210, 0, 150, 0."""
    orders = engine.solve(lots.instance_of(SNYDER), gap=0).tables["orders"]
    assert dict(zip(orders["period"], orders["quantity"], strict=True)) == pytest.approx({"2001": 210, "2003": 150})


@pytest.mark.parametrize("case", CHOICES, ids=lambda case: case.name)
def test_capital_budgets(case: Choice) -> None:
    """The value of the best set of projects, and the set itself."""
    assert choices.counted(case) == case.optimum
    plan = engine.solve(choices.instance_of(case), gap=0)
    assert plan.objective == pytest.approx(-case.optimum, rel=1e-7)
    finished = plan.tables["go"].query(f"stage == {len(case.outlays)}")["project"]
    assert set(finished) == {f"project {j}" for j in case.chosen}
    assert plan.summary["audit"]["breaches"] == 0


PRICES, ROOM, HOLDING, OPENING = (10, 12, 8, 9), 100, 1, 50
"""Dantzig, Linear Programming and Extensions, 1963, section 3.6, and the GAMS model library, whouse: cost -600."""


def test_the_warehouse_problem() -> None:
    """Buy and sell any amount at the price of the quarter, keep up to 100 at 1 a quarter, begin with 50."""

    @cache
    def best(t: int, stock: int) -> float:
        if t == len(PRICES):
            return 0.0
        kept = range(0, ROOM + 1, 10)
        return min(PRICES[t] * (left - stock) + HOLDING * left + best(t + 1, left) for left in kept)

    assert best(0, OPENING) == -600
    plan = engine.solve(warehouse(), gap=0)
    assert plan.objective == pytest.approx(-600, rel=1e-7)
    assert plan.summary["audit"]["breaches"] == 0


def warehouse() -> Instance:
    """Sales are at the price of the source, without limit."""
    prices = [{"source": "market", "from": str(2001 + t), "price": price} for t, price in enumerate(PRICES)]
    tables: dict[str, Any] = {
        "goods": [{"good": "ware"}],
        "stores": [{"store": "house", "capacity": ROOM}],
        "storage": [{"good": "ware", "store": "house", "holding_cost": HOLDING}],
        "opening_stock": [{"good": "ware", "store": "house", "age": "1", "quantity": OPENING}],
        "sources": [{"source": "market", "good": "ware"}],
        "prices": prices,
        "rotation": [{"good": "ware", "mode": "sale"}],
        "sectors": [{"sector": "nobody"}],
        "demand": [{"sector": "nobody", "good": "ware", "quantity": 0}],
    }
    return Instance.from_tables(name="warehouse", settings=settings("warehouse", len(PRICES)), tables=tables)


def test_every_case_names_its_source() -> None:
    """A published value without a publication is a guess."""
    cases: list[Production | Choice] = [*PRODUCTIONS, *CHOICES]
    assert len({case.name for case in cases}) == len(cases)
    assert all(any(str(year) in case.citation for year in range(1955, 2021)) for case in cases)
