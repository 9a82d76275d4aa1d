"""Plans of sales and loans: in order where money does not count, without idle charges, and as a start for another search."""

from __future__ import annotations

import numpy as np
import pytest

from stockpile import engine
from stockpile.plan.audit import audit
from stockpile.plan.extract import tidy
from stockpile.plan.guess import guide_of
from stockpile.solver.compile import compile_model
from tests.models.base import SECTOR, Rows, demand, make
from tests.models.cases_rotation import exchange, sale_events


def test_the_dear_step_is_sold_first_where_money_does_not_count() -> None:
    """Five tonnes are better sold than thrown away; the bank that gets the money is private, and nobody counts it."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore", "disposal_cost": 5, "shelf_life": "2"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "opening_stock": [{"good": "ore", "store": "yard", "age": "1", "quantity": 5}],
        "rotation": [{"good": "ore", "mode": "sale", "proceeds_to": "bank"}],
        "sales": [{"good": "ore", "step": s, "width": 3, "price": 9 - s} for s in (1, 2, 3)],
        "sectors": SECTOR,
        "demand": demand(0),
        "funds": [{"fund": "bank", "kind": "private"}],
    }
    instance = make("uncounted", 1, tables)
    plan = engine.solve(instance, gap=0)
    assert plan.objective == 0.0
    assert plan.sale_steps["quantity"].tolist() == [3.0, 2.0]
    assert plan.funds["proceeds"].tolist() == [3 * 8.0 + 2 * 7.0]
    assert audit(instance, plan).breaches == []


def test_a_charge_for_nothing_is_taken_back() -> None:
    """A search may leave the charge of a sale in place where nothing is sold."""
    model = engine.build(sale_events())
    compiled = compile_model(model)
    rotate = compiled.columns_of(model.rotate)
    x = np.zeros(compiled.columns)
    x[rotate] = 1.0
    sold = compiled.columns_of(model.sale)[0]
    x[sold] = 3.0
    left = tidy(model, compiled, x)
    events = list(model.ROTATIONS)
    assert [event for event, column in zip(events, rotate, strict=True) if left[column] > 0] == [
        ("ore", "sale", "2026")
    ]


def test_an_older_plan_says_in_which_periods_goods_are_sold_and_lent() -> None:
    """The search sets out from its decisions, and ends with a plan as good."""
    for make_instance in (sale_events, exchange):
        instance = make_instance()
        plan = engine.solve(instance, gap=0)
        model = engine.build(instance)
        start = guide_of(model, compile_model(model), plan).start
        assert start is not None
        moved = set(zip(plan.rotation["good"], plan.rotation["mode"], plan.rotation["node"], strict=True))
        chosen = start[compile_model(model).columns_of(model.rotate)]
        assert {event for event, one in zip(model.ROTATIONS, chosen, strict=True) if one} == moved & set(
            model.ROTATIONS
        )
        again = engine.solve(instance, gap=0, start=plan)
        assert again.objective == pytest.approx(plan.objective, rel=1e-9)


def test_an_age_that_no_stock_reaches_lowers_no_price() -> None:
    """Ore is bought and sold fresh within two years; that it would sell for less after three is of no account."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore", "shelf_life": "5"}],
        "ages": [{"good": "ore", "age": "3", "price_factor": 0.5}],
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 2}],
        "rotation": [{"good": "ore", "mode": "sale", "price": 3, "depth": 4}],
        "sectors": SECTOR,
        "demand": demand(1, 1),
    }
    instance = make("young", 2, tables)
    plan = engine.solve(instance, gap=0)
    assert audit(instance, plan).breaches == []
    assert plan.costs["sales"] == -24.0
