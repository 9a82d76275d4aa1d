"""When stages end, and when that can be seen."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance
from stockpile.instance.staging import NONE
from tests.models.base import SECTOR, TIER, Rows, demand, make


def built(*shocks: dict[str, Any], duration: str = "2", **tables: Rows) -> Instance:
    """A plant of two stages on six years, of which the second takes one; half of the futures are bad."""
    rows: Rows = [{"scenario": "bad", "shock": "x", "project": "plant", **row} for row in shocks]
    every: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 9}],
        "sectors": SECTOR,
        "demand": demand(4, 4, 4, 4, 4, 4),
        "tiers": TIER,
        "projects": [{"project": "plant", "may_abandon": True}],
        "stages": [
            {"project": "plant", "stage": 1, "duration": duration, "cost": 9},
            {"project": "plant", "stage": 2, "duration": "1", "cost": 9},
        ],
        "effects": [{"project": "plant", "after": 2, "kind": "supply", "name": "mine", "amount": 1}],
        "supply": [{"source": "mine", "capacity": 9}],
        "scenarios": [{"scenario": s, "probability": 0.5} for s in ("good", "bad")],
        "shocks": rows,
        **tables,
    }
    return make("built", 6, every)


def parted(instance: Instance) -> int:
    """The first period in which the futures can be told apart, 6 where they never can."""
    assert instance.scenarios is not None
    return int((instance.scenarios.groups()[1] == 0).sum())


DELAY: dict[str, Any] = {"quantity": "duration", "stage": 1, "factor": 2}
FAILURE: dict[str, Any] = {"quantity": "outcome", "stage": 1, "value": 0}


@pytest.mark.parametrize(
    ("shock", "first"),
    [
        (DELAY, 2),
        (FAILURE, 2),
        ({**DELAY, "factor": 0.5}, 1),
        ({**DELAY, "from": "2028"}, 2),
        ({**DELAY, "from": "2029"}, 3),
        ({**FAILURE, "stage": 2}, 3),
        ({**FAILURE, "from": "2030"}, 4),
        ({**FAILURE, "announced": "2027"}, 1),
        ({**DELAY, "from": "2029", "announced": "2026"}, 0),
        ({**FAILURE, "until": "2028"}, 6),
    ],
)
def test_futures_part_when_it_can_be_seen(shock: dict[str, Any], first: int) -> None:
    """A stage released at once ends in 2028, the next in 2029; before that nobody knows, unless it was announced."""
    assert parted(built(shock)) == first


def test_a_window_puts_off_what_can_be_seen() -> None:
    """A plant that cannot be begun before 2027 tells nothing before 2029, nor its second stage before 2030."""
    late: Rows = [{"project": "plant", "may_abandon": True, "start_from": "2027"}]
    assert parted(built(FAILURE, projects=late)) == 3
    assert parted(built({**FAILURE, "stage": 2}, projects=late)) == 4


def test_a_stage_from_before_ends_when_it_has_run_its_course() -> None:
    """Released in 2025 it would end in 2027; a shock that only acts later finds it over."""
    opening: Rows = [{"project": "plant", "stage": 1, "age": "1"}]
    assert parted(built(FAILURE, opening_stages=opening)) == 1
    assert parted(built({**FAILURE, "from": "2028"}, opening_stages=opening)) == 6


def test_a_duration_is_that_in_force() -> None:
    """Twice as long from 2027 to 2029: releases of 2026 and 2027 have both ended by 2029, two years and more old."""
    staging = built({**DELAY, "from": "2027", "until": "2029"}).staging
    assert staging is not None
    ended, fails = staging.of(("plant", 1))
    assert ended.tolist() == [[NONE, NONE, 0, 1, 2, 3], [NONE, NONE, NONE, 1, 2, 3]]
    assert not fails.any()
    assert staging.verified(("plant", 1), 0) == [2, 3]
    assert staging.last_release(("plant", 1)) == 3


def test_a_part_of_a_period_is_a_period() -> None:
    """One and a half times a year."""
    staging = built({**DELAY, "factor": 1.5}, duration="1").staging
    assert staging is not None
    assert staging.verified(("plant", 1), 0) == [1, 2]


def test_what_nobody_may_see_is_said() -> None:
    """The plan could wait until 2028, see, and release then, where it could only have seen by having released in 2026."""
    assert "part in 2028 by what becomes of stage 1 of 'plant'" in built(FAILURE).warnings[0].message
    assert built({**FAILURE, "announced": "2027"}).warnings == ()
    assert built(FAILURE, opening_stages=[{"project": "plant", "stage": 1, "age": "1"}]).warnings == ()
    pin: dict[str, Any] = {"pin": "go", "decision": "release", "name": "plant", "stage": 1, "at_least": 1}
    assert built(FAILURE, pins=[{**pin, "until": "2027"}]).warnings == ()
    assert len(built(FAILURE, pins=[{**pin, "until": "2028"}]).warnings) == 1


def test_what_was_verified_long_ago_has_been_so_for_long() -> None:
    """A stage that ended eight years ago cannot fail any more, and what grew from it over two years has grown."""
    plan = solve(
        built(
            {**FAILURE, "from": "2026"},
            opening_stages=[{"project": "plant", "stage": 1, "age": "10"}],
            effects=[{"project": "plant", "after": 1, "kind": "supply", "name": "mine", "amount": 3, "ramp": "2"}],
            supply=[{"source": "mine", "capacity": 0}],
            prices=[{"source": "mine", "price": 1}],
            stores=[{"store": "yard"}],
            storage=[{"store": "yard", "good": "ore"}],
        )
    )
    assert plan.summary["audit"]["breaches"] == 0
    assert plan.deliveries["quantity"].tolist() == pytest.approx([3.0] * 6)
