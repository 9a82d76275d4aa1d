"""Orders in the first price steps: what is moved, and that nobody is paid more for it."""

from __future__ import annotations

import numpy as np

from stockpile import engine
from stockpile.plan.audit import audit
from stockpile.plan.steps import in_order
from stockpile.solver.compile import compile_model
from tests.models.base import SECTOR, Rows, demand, make
from tests.models.cases_markets import shared_market


def test_the_steps_of_a_market_are_filled_for_all_its_sources() -> None:
    """In 2026 5 t stand in the second step while 3 of 4 t in the first are free: they move within their own source."""
    model = engine.build(shared_market())
    compiled = compile_model(model)
    columns = compiled.columns_of(model.order).reshape(len(model.STEPS), -1)[:, -3:]
    at = {step: columns[i, 0] for i, step in enumerate(model.STEPS)}
    x = np.zeros(compiled.columns)
    unit = compiled.upper[at["near", 1]] / 4.0
    for step, amount in ((("near", 1), 1.0), (("near", 2), 2.0), (("far", 2), 1.0)):
        x[at[step]] = amount * unit
    moved = in_order(model, compiled, x)
    assert moved is not None
    after = {step: moved[1][list(moved[0]).index(at[step])] / unit for step in at}
    assert after == {("near", 1): 3.0, ("near", 2): 0.0, ("far", 1): 1.0, ("far", 2): 0.0, ("dear", 1): 0.0}
    x[moved[0]] = moved[1]
    assert in_order(model, compiled, x) is None


def test_a_market_is_used_from_the_first_step_on_where_money_does_not_count() -> None:
    """Purchases of a private fund cost the public nothing; a plan that pays the dear step first would be wrong."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": k, "good": "ore", "market": "spot", "premium": p} for k, p in (("a", 0), ("b", 3))],
        "markets": [{"market": "spot", "step": s, "width": 4, "price": 2 * s} for s in (1, 2, 3)],
        "sectors": SECTOR,
        "demand": demand(6, 10),
        "funds": [{"fund": "bank", "kind": "private"}],
        "budgets": [{"fund": "bank", "amount": 900}],
    }
    instance = make("free", 2, tables)
    plan = engine.solve(instance, gap=0)
    sold = plan.order_steps.groupby(["node", "step"])["quantity"].sum()
    assert sold.to_dict() == {("2026", 1): 4.0, ("2026", 2): 2.0, ("2027", 1): 4.0, ("2027", 2): 4.0, ("2027", 3): 2.0}
    assert audit(instance, plan).breaches == []
