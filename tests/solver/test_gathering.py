"""Trickles of a relaxation are gathered into orders and runs: where the least order is large, other guesses have no plan."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from stockpile import engine
from stockpile.instance import Instance
from stockpile.plan.guess import guide_of
from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options
from stockpile.solver.job import Job
from stockpile.solver.start import _Relaxation
from tests.models.base import SECTOR, Rows, demand, make

WIDE = [{"source": "mine", "step": 1, "price": 9}]
FALLING = [{"source": "mine", "step": 1, "width": 4, "price": 10}, {"source": "mine", "step": 2, "price": 9}]


def mill(offer: dict[str, Any], prices: Rows, least_run: float = 0.0) -> Instance:
    """A mill that uses a tonne of ore a year; the treasury gets little more than a tonne costs."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}, {"good": "metal"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": g, "store": "yard", "holding_cost": 0.01} for g in ("ore", "metal")],
        "sources": [{"source": "mine", "good": "ore", "order_cost": 0.1, **offer}],
        "supply": [{"source": "mine", "capacity": 30}],
        "prices": prices,
        "processes": [{"process": "mill", "set_up_cost": 0.1, "min_run": least_run}],
        "recipes": [{"process": "mill", "good": g, "amount": a} for g, a in (("ore", -1), ("metal", 1))],
        "capacity": [{"process": "mill", "capacity": 10}],
        "sectors": SECTOR,
        "demand": demand(1, good="metal"),
        "tiers": [{"tier": 1, "share": 1, "penalty": 40}],
        "funds": [{"fund": "treasury"}],
        "budgets": [{"fund": "treasury", "from": "2026", "amount": 10.5, "every": "year"}],
    }
    return make("mill", 24, tables)


CASES = {
    "least order": mill({"min_order": 4}, WIDE),
    "lots": mill({"lot_size": 4}, WIDE),
    "least order of several lots": mill({"min_order": 4, "lot_size": 2}, WIDE),
    "price of a whole order": mill({"discount": "all-units"}, FALLING),
    "price of a whole order in lots": mill({"discount": "all-units", "lot_size": 2}, FALLING),
    "least run": mill({}, WIDE, least_run=4),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_gathered_is_a_plan(case: str) -> None:
    """It buys or runs every fourth year; in every year, as the other guesses, is more than the treasury can pay."""
    model = engine.build(CASES[case])
    compiled = compile_model(model)
    relaxation = _Relaxation(Job(compiled, Options(gap=0.0), None, time.perf_counter()))
    assert relaxation.x is not None
    guide = guide_of(model, compiled, None)
    plans = [relaxation.fixed(guess) for guess in guide.guesses(relaxation.x.copy())]
    early, late, *others = [np.inf if plan is None else compiled.objective(plan.x) for plan in plans]
    assert min(late, early) < min(others)
