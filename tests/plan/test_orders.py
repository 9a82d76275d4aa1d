"""Orders of a solution: what nothing is ordered for is no order, unless it is paid for."""

from __future__ import annotations

import pytest

from stockpile.data import make_data
from stockpile.models.build import build_model
from stockpile.plan.extract import extract
from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options, run
from stockpile.tree import build_tree
from tests.models.base import SECTOR, TIER, demand, make


@pytest.mark.parametrize(("charge", "rows", "hours"), [(0, 1, 0), (3, 2, 2)])
def test_a_set_up_that_nothing_follows_never_took_place(charge: float, rows: int, hours: float) -> None:
    """A plan that lies within the gap may set up a machine for nothing: that is an order only if its charge is paid."""
    instance = make(
        "set-up",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "works", "good": "ore", "order_cost": charge}],
            "prices": [{"source": "works", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 0),
            "tiers": TIER,
            "resources": [{"resource": "machine", "capacity": 20}],
            "resource_use": [{"resource": "machine", "kind": "order", "name": "works", "per_unit": 1, "per_order": 2}],
        },
    )
    tree = build_tree(instance)
    data = make_data(instance, tree)
    model = build_model(data)
    compiled = compile_model(model)
    x = run(compiled, Options(gap=0.0)).x
    assert x is not None
    x = x.copy()
    x[compiled.columns_of(model.place)[-1]] = 1.0
    tables, _ = extract(instance, tree, data, model, compiled, x)
    assert len(tables["orders"]) == rows
    assert tables["resources"]["used"].tolist() == pytest.approx([12, hours])
