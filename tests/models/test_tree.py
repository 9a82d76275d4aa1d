"""The mathematics on a tree that branches: futures that do not differ cost what the one path costs."""

from __future__ import annotations

import numpy as np
import pytest

from stockpile.data import make_data
from stockpile.instance import Instance
from stockpile.models.build import build_model
from stockpile.plan.extract import extract
from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options, run
from stockpile.tree import Tree, build_tree
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.models.cases import CASES


def forked(periods: int) -> Tree:
    """One root, then two futures, the second three times as likely as the first."""
    later = [(t, b) for t in range(1, periods) for b in (0, 1)]
    place = {step: i + 1 for i, step in enumerate(later)}
    return Tree(
        labels=("root", *(f"{t} {'ab'[b]}" for t, b in later)),
        parent=np.array([-1, *(place.get((t - 1, b), 0) for t, b in later)]),
        period=np.array([0, *(t for t, _ in later)]),
        probability=np.array([1.0, *((0.25, 0.75)[b] for _, b in later)]),
        leaves=np.array([place[periods - 1, b] for b in (0, 1)]),
    )


def apart(periods: int) -> Tree:
    """Two futures that are apart from the start."""
    every = np.arange(periods)
    return Tree(
        labels=tuple(f"{t} {b}" for b in "ab" for t in every),
        parent=np.concatenate([every - 1, np.where(every > 0, every - 1 + periods, -1)]),
        period=np.tile(every, 2),
        probability=np.repeat([0.25, 0.75], periods),
        leaves=np.array([periods - 1, 2 * periods - 1]),
    )


def planned(instance: Instance, tree: Tree) -> float:
    """The optimum on a tree; the tables of its plan can be written."""
    data = make_data(instance, tree)
    model = build_model(data)
    compiled = compile_model(model)
    outcome = run(compiled, Options(gap=0.0, time_limit=60.0))
    assert outcome.x is not None
    _, costs = extract(instance, tree, data, model, compiled, outcome.x)
    return sum(costs.values())


ONE_FUTURE = [case for case, make in CASES.items() if make().scenarios is None]


@pytest.mark.parametrize("case", ONE_FUTURE)
def test_two_futures_that_do_not_differ_cost_what_one_costs(case: str) -> None:
    """A lag, a parent or a leaf that is taken from the list of nodes and not from the path would change the optimum."""
    instance = CASES[case]()
    periods = instance.calendar.periods
    if periods > 1:
        assert planned(instance, forked(periods)) == pytest.approx(planned(instance, build_tree(instance)), rel=1e-6)


@pytest.mark.parametrize("case", ONE_FUTURE)
def test_futures_that_are_apart_from_the_start_cost_what_one_costs(case: str) -> None:
    """What the first period has of before the horizon belongs to all first nodes: with the first alone the others would lack it."""
    instance = CASES[case]()
    periods = instance.calendar.periods
    assert planned(instance, apart(periods)) == pytest.approx(planned(instance, build_tree(instance)), rel=1e-6)


def promised() -> Instance:
    """A stage released a year before the horizon is paid when it is verified, by a fund that may promise little."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "import", "good": "ore"}],
        "prices": [{"source": "import", "price": 3}],
        "sectors": SECTOR,
        "demand": demand(1, 1, 1),
        "tiers": TIER,
        "funds": [{"fund": "treasury", "commitment_limit": 12}],
        "budgets": [{"fund": "treasury", "from": "2026-01-01", "amount": 100}],
        "projects": [{"project": "mill"}],
        "stages": [{"project": "mill", "stage": 1, "duration": "3", "cost": 10, "pay_on": "verification"}],
        "opening_stages": [{"project": "mill", "stage": 1, "age": 1}],
    }
    return make("promised", 3, tables)


def test_what_is_promised_before_is_promised_in_every_first_node() -> None:
    """10 fall due in 2028 whatever comes, beside 9 for ore."""
    assert (
        planned(promised(), apart(3)) == pytest.approx(planned(promised(), build_tree(promised()))) == pytest.approx(19)
    )
