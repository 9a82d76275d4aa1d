"""The scenario tree: derived from what is known when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stockpile.instance import Instance
from stockpile.tree import branches, build_tree
from tests.models.base import SECTOR, TIER, Rows, demand, make

FUTURES: Rows = [{"scenario": s, "probability": p} for s, p in (("calm", 0.5), ("ban", 0.3), ("war", 0.2))]


def told(*rows: dict[str, Any], futures: Rows = FUTURES) -> Instance:
    """An instance of four years with shocks on the supply of its mine."""
    shocks = [
        {"shock": "cut", "quantity": "supply", "source": "mine", "from": "2028", "factor": 0.5, **r} for r in rows
    ]
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "mine", "good": "ore"}],
        "supply": [{"source": "mine", "from": "2027", "capacity": 20}],
        "prices": [{"source": "mine", "price": 9}],
        "sectors": SECTOR,
        "demand": demand(4, 4, 4, 4),
        "tiers": TIER,
        "scenarios": futures,
        "shocks": shocks,
    }
    return make("told", 4, tables)


def parted(instance: Instance) -> list[list[int]]:
    """For every scenario the first one that it cannot be told apart from, period by period."""
    assert instance.scenarios is not None
    groups: list[list[int]] = instance.scenarios.groups().tolist()
    return groups


def test_scenarios_part_when_a_shock_begins() -> None:
    """Before 2028 all is the same, so decisions are."""
    assert parted(told({"scenario": "ban"})) == [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]]


def test_what_is_announced_is_known() -> None:
    """The ban of 2028 is announced in 2027, the war is not."""
    groups = parted(told({"scenario": "ban", "announced": "2027"}, {"scenario": "war"}))
    assert groups == [[0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 2, 2]]


def test_equal_data_are_equal_whatever_their_names() -> None:
    """Two rows that together halve supply, and one that does, are the same future until they differ."""
    rows: Rows = [
        {"scenario": "ban", "shock": "a", "factor": 0.5},
        {"scenario": "war", "shock": "b", "factor": 0.25},
        {"scenario": "war", "shock": "c", "factor": 2},
        {"scenario": "war", "shock": "d", "from": "2029", "factor": 0},
    ]
    assert parted(told(*rows)) == [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 2]]


@pytest.mark.parametrize("cells", [{"factor": 1}, {"from": "2026", "until": "2027"}, {"factor": None, "value": 20}])
def test_a_shock_that_changes_nothing_tells_nothing(cells: dict[str, Any]) -> None:
    """Before 2027 the mine has nothing to lose."""
    assert parted(told({"scenario": "ban", **cells})) == [[0, 0, 0, 0]] * 3


def test_the_end_of_a_shock_is_not_known_before_it_is_told() -> None:
    """Both begin alike; the one that ends in 2029 is known then."""
    rows: Rows = [{"scenario": "ban"}, {"scenario": "ban", "from": "2029", "factor": 1}, {"scenario": "war"}]
    assert parted(told(*rows)) == [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 2]]


def test_those_who_parted_stay_apart() -> None:
    """A ban that is over leaves a future that remembers it."""
    assert parted(told({"scenario": "ban", "until": "2029"})) == [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]]


def test_nodes_and_probabilities() -> None:
    """Parents before children, paths from the root, probabilities that sum to 1 in every period."""
    tree = build_tree(told({"scenario": "ban", "announced": "2027"}, {"scenario": "war"}))
    assert tree.labels == (
        "2026", "2027 calm +1", "2027 ban", "2028 calm", "2028 ban", "2028 war", "2029 calm", "2029 ban", "2029 war",
    )  # fmt: skip
    assert tree.parent.tolist() == [-1, 0, 0, 1, 2, 1, 3, 4, 5]
    assert tree.probability.tolist() == pytest.approx([1, 0.7, 0.3, 0.5, 0.3, 0.2, 0.5, 0.3, 0.2])
    assert tree.paths.tolist() == [[0, 1, 3, 6], [0, 2, 4, 7], [0, 1, 5, 8]]
    assert [(b.first, b.last, b.depth, b.scenarios) for b in branches(tree)] == [
        (0, 0, 0, ("calm", "ban", "war")),
        (1, 1, 1, ("calm", "war")),
        (3, 6, 2, ("calm",)),
        (5, 8, 2, ("war",)),
        (2, 7, 1, ("ban",)),
    ]


def test_a_first_period_that_differs_gives_several_roots() -> None:
    """Its data are seen before its decisions."""
    tree = build_tree(told({"scenario": "ban", "from": "2026", "quantity": "demand", "source": None, "factor": 2}))
    assert tree.parent[:2].tolist() == [-1, -1]
    assert tree.branches
    assert tree.ancestor(1).tolist()[2:4] == [0, 1]


def test_a_node_has_the_data_of_its_scenarios() -> None:
    """20 a year, halved by the ban; a value of the war replaces it."""
    instance = told({"scenario": "ban"}, {"scenario": "war", "factor": None, "value": 7})
    tree = build_tree(instance)
    supply = tree.spread(instance.series("supply", "capacity", 0.0)[1])[0]
    found = dict(zip(tree.labels, supply.tolist(), strict=True))
    assert found == {
        "2026": 0, "2027": 20, "2028 calm": 20, "2028 ban": 10, "2028 war": 7, "2029 calm": 20, "2029 ban": 10, "2029 war": 7,
    }  # fmt: skip


def test_odd_names_do_not_make_two_nodes_one() -> None:
    """A scenario that is called as a group would be."""
    futures: Rows = [{"scenario": s, "probability": 0.25} for s in ("a", "a +1", "b", "c")]
    rows: Rows = [{"scenario": "a +1", "from": "2027"}, {"scenario": "b", "from": "2027", "factor": 0}]
    tree = build_tree(told(*rows, futures=futures))
    assert len(set(tree.labels)) == len(tree.labels) == 10


def test_one_scenario_is_one_path() -> None:
    """Its shocks act; there is nothing to branch."""
    tree = build_tree(told({"scenario": "calm"}, futures=[{"scenario": "calm", "probability": 1}]))
    assert tree.labels == ("2026", "2027", "2028", "2029")
    assert not tree.branches
    assert np.array_equal(tree.paths, [[0, 1, 2, 3]])
