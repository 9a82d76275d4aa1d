"""Stock by age and stock in one number: the same where age does not matter, and how far apart where it does."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, seed

from stockpile.engine import solve
from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.oracle.strategies import instances
from tests.oracle.test_oracle import drawing
from tests.oracle.verdict import plan_or_verdict


def with_ages(instance: Instance, ages: Rows, freshness: Rows) -> Instance:
    """The instance with other tables of ages."""
    tables: dict[str, Any] = {
        name: frame for name, frame in instance.tables.items() if name not in ("ages", "freshness")
    }
    settings = {**instance.settings.as_document(), "name": instance.name, "title": instance.title}
    return Instance.from_tables("random", settings, tables | {"ages": ages, "freshness": freshness})


@pytest.mark.parametrize(("part", "examples", "plans"), [(7, 30, 5), pytest.param(8, 300, 33, marks=pytest.mark.soak)])
def test_ages_that_change_nothing_change_nothing(part: int, examples: int, plans: int) -> None:
    """All goods kept by age, at the full price and with the loss that they have anyway: the same optimum, with other rows."""
    seen: Counter[str] = Counter()

    @seed(part)
    @drawing(examples)
    @given(instances(scattered=True))
    def compare(instance: Instance) -> None:
        rates = [instance.table(t)["release_rate"].notna().any() for t in ("stores", "storage")]
        traced = instance.table("goods")["trace"].notna().any()
        if len(instance.table("transfers")) or any(rates) or traced:
            return
        goods = [str(g) for g in instance.table("goods")["good"]]
        ages: Rows = [{"good": g, "age": a, "price_factor": 1.0} for g in goods for a in ("0", "2")]
        plain = plan_or_verdict(with_ages(instance, [], []))
        aged = plan_or_verdict(with_ages(instance, ages, []))
        if not isinstance(plain, Plan) or not isinstance(aged, Plan):
            assert plain == aged
            return
        size = max(1.0, sum(abs(cost) for cost in plain.costs.values()))
        assert abs(plain.objective - aged.objective) <= 1e-6 * size
        assert plain.cohorts.empty
        seen["plans"] += 1
        seen["stock of some age"] += bool((aged.cohorts["closing"] > 0).any())

    compare()
    assert seen["plans"] >= plans, seen
    assert seen["stock of some age"] >= plans // 2, seen


def ore(ages: Rows, freshness: Rows) -> Instance:
    """Ore at 2 that may lie for 4 years, against 10 from 2027 on; 10 wanted in each of 4 years."""
    return make(
        "ore",
        4,
        {
            "goods": [{"good": "ore", "shelf_life": "4"}],
            "ages": ages,
            "freshness": freshness,
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard"}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 2}, {"source": "mine", "from": "2027", "price": 10}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10),
            "tiers": TIER,
        },
    )


def test_how_wrong_a_plan_without_ages_would_be() -> None:
    """All 40 are bought at 2 in 2026: 80.  A plant that takes ore of one year at most buys 20 so, and 20 at 10: 240.

    What is lost, nothing in the first year and half in each one later, makes 10 + 10 + 20 + 40 of it at 2: 160.
    So a plan without ages would promise 67 % and 50 % too little.
    """
    wrong = solve(ore([], [])).objective
    assert wrong == pytest.approx(80)
    assert 1 - wrong / solve(ore([], [{"sector": "plant", "good": "ore", "max_age": "1"}])).objective == pytest.approx(
        2 / 3
    )
    lost: Rows = [{"good": "ore", "age": "1", "loss_rate": 0.5}]
    assert 1 - wrong / solve(ore(lost, [])).objective == pytest.approx(1 / 2)


def test_how_wrong_a_price_without_ages_would_be() -> None:
    """10 t of each of two ages and a market for 10 at 8, 4 for the older; 10 are wanted now.  The new are sold, the old used: -80.

    Who sells the oldest first, as a count of stock alone does not forbid, gets 40.
    """
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore", "shelf_life": "2"}],
        "ages": [{"good": "ore", "age": "1", "price_factor": 0.5}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "opening_stock": [{"good": "ore", "store": "yard", "age": str(a), "quantity": 10} for a in (0, 1)],
        "rotation": [{"good": "ore", "price": 8, "depth": 10}],
        "sectors": SECTOR,
        "demand": demand(10),
        "tiers": TIER,
    }
    plan = solve(make("old-and-new", 1, tables))
    assert plan.objective == pytest.approx(-80)
    assert set(zip(plan.cohort_flows["age"], plan.cohort_flows["use"], strict=True)) == {(0, "sale"), (1, "other")}
    fresh: Rows = [{"sector": "plant", "good": "ore", "max_age": "0"}]
    assert solve(make("wants-new", 1, {**tables, "freshness": fresh})).objective == pytest.approx(-40)
