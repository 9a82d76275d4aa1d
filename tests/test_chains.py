"""Chains of states are the scenarios that one would otherwise type in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stockpile.engine import solve
from stockpile.errors import DataError
from stockpile.instance import Instance
from stockpile.plan.audit import audit
from stockpile.study.futures import known, only
from stockpile.tree import build_tree
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.models.cases_scenarios import with_sections

MOVES: Rows = [
    {"chain": "price", "from_state": before, "to_state": to, "probability": share}
    for before, to, share in (("low", "low", 0.8), ("low", "high", 0.2), ("high", "high", 1.0))
]
HIGH: dict[str, Any] = {"quantity": "price", "source": "mine", "factor": 2}


def plain(**tables: Rows) -> Instance:
    """An instance of four years with a mine and a yard."""
    every: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard", "holding_cost": 4}],
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 10}],
        "sectors": SECTOR,
        "demand": demand(2, 2, 2, 2),
        "tiers": TIER,
    }
    return make("chained", 4, every | tables)


def chained(moves: Rows = MOVES, **cells: Any) -> Instance:
    """A price that doubles with a probability of 30 %, and 20 % in every later year, and stays so if it is a Markov chain."""
    return plain(
        chains=[{"chain": "price", "from": "2027", **cells}],
        chain_states=[
            {"chain": "price", "state": "low", "probability": 0.7},
            {"chain": "price", "state": "high", "probability": 0.3},
        ],
        chain_moves=moves,
        chain_shocks=[{"chain": "price", "state": "high", **HIGH}],
    )


def typed() -> Instance:
    """The same, path by path."""
    shares = {"low low low": 0.448, "low low high": 0.112, "low high high": 0.14, "high high high": 0.3}
    begins = {"low low high": "2029", "low high high": "2028", "high high high": "2027"}
    return plain(
        scenarios=[{"scenario": s, "probability": p} for s, p in shares.items()],
        shocks=[{"scenario": s, "shock": "price", **HIGH, "from": since} for s, since in begins.items()],
    )


def test_a_markov_chain_is_its_paths() -> None:
    """0.7 x 0.8 x 0.8 stay low; a move that has no probability is no path.  Tree and optimum are those of the typed paths."""
    instance, other = chained(), typed()
    assert instance.table("scenarios")["scenario"].tolist() == other.table("scenarios")["scenario"].tolist()
    assert instance.table("scenarios")["probability"].tolist() == pytest.approx([0.448, 0.112, 0.14, 0.3])
    tree, same = build_tree(instance), build_tree(other)
    assert tree.labels == same.labels
    assert np.array_equal(tree.paths, same.paths)
    plan = solve(instance)
    assert plan.objective == pytest.approx(solve(other).objective)
    assert audit(instance, plan).clean


def test_without_moves_every_state_is_drawn_anew() -> None:
    """Eight paths of three years; those that are back to normal have the price as it was."""
    instance = chained(moves=[])
    found: dict[str, float] = dict(
        zip(*(instance.table("scenarios")[c] for c in ("scenario", "probability")), strict=True)
    )
    assert len(found) == 8
    assert found["high low high"] == pytest.approx(0.3 * 0.7 * 0.3)
    prices = instance.series("prices", "price", np.nan)[1].reshape(8, 4)
    assert prices[list(found).index("high low high")].tolist() == [10, 20, 10, 20]


def test_several_chains_are_all_their_combinations() -> None:
    """Four paths of the price and two of demand, which is drawn once."""
    instance = plain(
        chains=[{"chain": "price", "from": "2027"}, {"chain": "demand", "from": "2028", "until": "2029"}],
        chain_states=[
            {"chain": "price", "state": "low", "probability": 0.7},
            {"chain": "price", "state": "high", "probability": 0.3},
            *({"chain": "demand", "state": s, "probability": 0.5} for s in ("same", "more")),
        ],
        chain_moves=MOVES,
        chain_shocks=[
            {"chain": "price", "state": "high", **HIGH},
            {"chain": "demand", "state": "more", "quantity": "demand", "factor": 3},
        ],
    )
    assert len(instance.table("scenarios")) == 8
    assert instance.table("scenarios")["probability"].sum() == pytest.approx(1)
    wanted = instance.series("demand", "quantity", 0.0)[1].reshape(8, 4)
    assert sorted({tuple(row) for row in wanted.tolist()}) == [(2, 2, 2, 2), (2, 2, 6, 6)]


def test_a_chain_may_move_less_often() -> None:
    """Every second year from 2027: in 2027 and in 2029."""
    assert len(chained(every="2").table("scenarios")) == 3
    assert len(chained(until="2028").table("scenarios")) == 2


def test_more_paths_than_allowed_are_refused() -> None:
    """The number that there would be, and what to do."""
    instance = chained()
    assert len(with_sections(instance, tree={"most_scenarios": 4}).table("scenarios")) == 4
    with pytest.raises(DataError) as caught:
        with_sections(instance, tree={"most_scenarios": 3})
    assert "the chains have 4 paths together ('price' 4), but [tree] most_scenarios allows 3" in str(caught.value)


def test_a_long_chain_is_counted_and_not_written_out() -> None:
    """Two to the forty paths would fill any memory."""
    tables = {name: frame for name, frame in chained(moves=[]).tables.items() if name != "demand"}
    document = chained().settings.as_document()
    document["horizon"] = {**document["horizon"], "periods": 41}
    with pytest.raises(DataError) as caught:
        Instance.from_tables("long", document, {**tables, "demand": demand(2)})
    assert "1,099,511,627,776 paths" in str(caught.value)


def test_one_future_of_a_chain_is_one_future() -> None:
    """Studies of information take single paths, or all of them known, out of what the chain makes."""
    assert only(chained(), "low high high").series("prices", "price", np.nan)[1].tolist() == [[10, 10, 20, 20]]
    everything = known(chained())
    assert everything.scenarios is not None
    assert everything.scenarios.groups()[:, 0].tolist() == [0, 1, 2, 3]
