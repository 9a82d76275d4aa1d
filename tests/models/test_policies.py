"""Policies, where they meet other rules."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.errors import InfeasibleError
from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make


def one_order(*policies: dict[str, Any], **more: Rows) -> Instance:
    """10 wanted in the first of two years, from a mine in X with a charge of 40 for an order, at 2."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "sources": [{"source": "mine", "good": "ore", "origin": "X", "order_cost": 40}],
        "prices": [{"source": "mine", "price": 2}],
        "sectors": SECTOR,
        "demand": demand(10, 0),
        "tiers": TIER,
        "policies": [{"policy": f"policy {i}", **policy} for i, policy in enumerate(policies)],
        **more,
    }
    return make("one-order", 2, tables)


#: An order of 30 that is on its way from Y.
DUE: dict[str, Rows] = {
    "sources": [
        {"source": "mine", "good": "ore", "origin": "X", "order_cost": 40},
        {"source": "other", "good": "ore", "origin": "Y", "until": "2027"},
    ],
    "prices": [{"source": "mine", "price": 2}, {"source": "other", "price": 90}],
    "opening_orders": [{"source": "other", "arrives": "2026", "quantity": 30}],
}


@pytest.mark.parametrize(
    ("policy", "more", "cost"),
    [
        ({"kind": "deliveries", "source": "mine", "at_least": 50, "per": "horizon"}, {}, 40 + 2 * 50),
        ({"kind": "cover", "good": "ore", "until": "2027", "at_least": 1826.25}, {}, 40 + 2 * 60),
        ({"kind": "market-share", "source": "mine", "good": "ore", "volume": 90, "at_least": 0.5}, {}, 2 * (40 + 2 * 45)),
        ({"kind": "spending", "at_least": 200, "per": "horizon"}, {}, 240),
        ({"kind": "share", "origin": "X", "at_least": 0.6, "per": "horizon"}, DUE, 40 + 2 * 45),
        ({"kind": "share", "origin": "Y", "at_most": 0.25, "per": "horizon"}, DUE, 40 + 2 * 90),
        ({"kind": "share", "origin": "Y", "at_most": 0.25, "per": "horizon", "penalty": 1}, DUE, 22.5),
    ],
)  # fmt: skip
def test_one_order_is_as_large_as_a_policy_requires(policy: dict[str, Any], more: dict[str, Rows], cost: float) -> None:
    """A link of the order to its charge that knows of the demand of 10 alone would find no plan, or pay more charges."""
    assert solve(one_order(policy, **more), threads=1).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"kind": "deliveries", "origin": "X", "at_most": 0}, "it is missed by 10 unit, over its 0 unit, in 2026"),
        (
            {"kind": "share", "origin": "X", "at_most": 0.2, "per": "horizon"},
            "policy 0 cannot be kept: it is missed by 5.5 unit in 2027",
        ),
        (
            {"kind": "share", "origin": "Y", "at_least": 0.5, "per": "year"},
            "policy 0 cannot be kept: it is missed by 2.5 unit in 2026",
        ),
        (
            {"kind": "market-share", "good": "ore", "volume": 80, "at_most": 0.1},
            "it is missed by 2 unit, over its 8 unit, in 2026",
        ),
        ({"kind": "cover", "good": "ore", "at_most": 0}, "it is missed by 20 unit, over its 0 unit, in 2026"),
        ({"kind": "spending", "at_most": 90}, "it is missed by 10 USD, over its 90 USD, in 2026"),
    ],
)
def test_a_policy_that_no_plan_keeps_says_by_how_much(policy: dict[str, Any], words: str) -> None:
    """Ten must be served and twenty left, of X or a little of Y; a policy on what cannot matter says nothing."""
    instance = one_order(
        policy,
        {"kind": "deliveries", "origin": "X", "at_most": 900},
        {"kind": "share", "origin": "X", "at_most": 0.1, "penalty": 0.01},
        goods=[{"good": "ore", "end_stock": 20 if policy["kind"] == "cover" else 0}],
        sources=[
            {"source": "mine", "good": "ore", "origin": "X", "order_cost": 80, "until": "2027"},
            {"source": "other", "good": "ore", "origin": "Y"},
        ],
        prices=[{"source": "mine", "price": 2}, {"source": "other", "price": 3}],
        supply=[{"source": "other", "capacity": 2.5 if policy["kind"] == "share" else 0, "until": "2027"}],
        tiers=[{"share": 0, "penalty": 1}],
        **({"storage": []} if policy["kind"] == "market-share" else {}),
    )
    with pytest.raises(InfeasibleError, match="policy policy 0 cannot be kept") as found:
        solve(instance, threads=1)
    assert words in str(found.value)
    assert "policy 1" not in str(found.value)
    assert "policy 2" not in str(found.value)


def test_pins_and_policies_that_fail_together_are_both_named() -> None:
    """8 of X are required by a pin and 3 allowed by a policy: of the two, one gives way by 5, told with the other kept."""
    instance = one_order(
        {"kind": "deliveries", "origin": "X", "at_most": 3},
        pins=[{"pin": "a", "decision": "order", "name": "mine", "at_least": 8, "until": "2027"}],
    )
    with pytest.raises(InfeasibleError) as found:
        solve(instance, threads=1)
    said = [line for line in str(found.value).splitlines() if "cannot be kept" in line]
    assert said == ["  pin a cannot be kept: 5 unit less can be ordered than its 8 unit"] or said == [
        "  policy policy 0 cannot be kept: it is missed by 5 unit, over its 3 unit, in 2026"
    ]


def test_a_policy_that_nothing_decided_can_keep_leaves_no_plan() -> None:
    """An order of 30 is on its way from Y, from where nothing may come: a row without anything to decide."""
    instance = one_order({"kind": "deliveries", "source": "other", "until": "2027", "at_most": 12}, **{
        **DUE, "sources": [DUE["sources"][0], {**DUE["sources"][1], "qualified_from": "2027", "until": None}],
    })  # fmt: skip
    with pytest.raises(
        InfeasibleError, match="policy policy 0 cannot be kept: it is missed by 18 unit, over its 12 unit"
    ):
        solve(instance, threads=1)


#: Demand of 10, then 10 or, as likely, 20; ore of X costs 1 and then 1 or 2, that of Y 3.
FUTURES: dict[str, Rows] = {
    "goods": [{"good": "ore"}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "ore", "store": "yard", "capacity": 5}],
    "sources": [{"source": "X", "good": "ore", "origin": "X"}, {"source": "Y", "good": "ore", "origin": "Y"}],
    "prices": [{"source": "X", "price": 1, "width": 40}, {"source": "Y", "price": 3, "width": 20}],
    "sectors": SECTOR,
    "demand": demand(10, 10),
    "tiers": TIER,
    "scenarios": [{"scenario": "calm", "probability": 0.5}, {"scenario": "boom", "probability": 0.5}],
    "shocks": [
        {"scenario": "boom", "shock": "boom", "quantity": "demand", "from": "2027", "factor": 2},
        {"scenario": "boom", "shock": "boom", "quantity": "price", "source": "X", "from": "2027", "factor": 2},
    ],
}


@pytest.mark.parametrize(
    ("policy", "cost"),
    [
        (None, 15 + (5 + 2 * 15) / 2),
        ({"kind": "share", "origin": "X", "at_most": 0.5, "per": "horizon"}, 25 + (15 + 2 * 5 + 30) / 2),
        ({"kind": "share", "origin": "X", "at_most": 0.5}, 30 + (10 + 15 + 22.5) / 2),
        ({"kind": "market-share", "good": "ore", "at_most": 0.2}, 12 + (8 + 24 + 6 * 50) / 2),
        ({"kind": "cover", "good": "ore", "from": "2027", "at_least": 73.05}, 15 + (7 + 2 * 19) / 2),
    ],
)
def test_a_policy_holds_in_every_future(policy: dict[str, Any] | None, cost: float) -> None:
    """Its sums run along each path, with the demand and the offers of its future."""
    rules: Rows = [] if policy is None else [{"policy": "a", **policy}]
    plan = solve(make("futures", 2, {**FUTURES, "policies": rules}), threads=1)
    assert plan.summary["audit"]["breaches"] == 0
    assert plan.objective == pytest.approx(cost)
