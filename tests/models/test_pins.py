"""Pins, where they meet other rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.errors import InfeasibleError
from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.models.cases_pins import pinned_flows, pinned_work


def one_order(*pins: dict[str, Any], **more: Rows) -> Instance:
    """10 wanted in the first of two years, from a mine with a charge of 40 for an order, at 2."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "sources": [{"source": "mine", "good": "ore", "order_cost": 40}],
        "prices": [{"source": "mine", "price": 2}],
        "sectors": SECTOR,
        "demand": demand(10, 0),
        "tiers": TIER,
        "pins": [{"pin": f"pin {i}", **pin} for i, pin in enumerate(pins)],
        **more,
    }
    return make("one-order", 2, tables)


@pytest.mark.parametrize(
    ("pin", "cost"),
    [
        ({"decision": "stock", "name": "ore", "at_least": 50}, 40 + 2 * 60),
        ({"decision": "stock", "name": "ore", "from": "2027", "at_least": 50}, 40 + 2 * 60),
        ({"decision": "disposal", "name": "ore", "at_least": 70}, 40 + 2 * 80),
        ({"decision": "service", "name": "ore", "at_most": 4}, 40 + 2 * 4 + 50 * 6),
    ],
)
def test_one_order_is_as_large_as_its_pins_require(pin: dict[str, Any], cost: float) -> None:
    """A link of the order to its charge that knows of the demand of 10 alone would find no plan, or pay two charges."""
    assert solve(one_order(pin), threads=1).objective == pytest.approx(cost)


def test_one_order_is_as_large_as_what_must_be_moved() -> None:
    """Of 50 that must go to another store 10 are used, and 40 are thrown away there."""
    instance = one_order(
        {"decision": "transfer", "name": "ore", "to_store": "shed", "at_least": 50},
        stores=[{"store": "yard"}, {"store": "shed"}],
        storage=[{"good": "ore", "store": "yard"}, {"good": "ore", "store": "shed"}],
        transfers=[{"from_store": "yard", "to_store": "shed"}],
    )
    assert solve(instance, threads=1).objective == pytest.approx(40 + 2 * 50)


@pytest.mark.parametrize(("least", "cost"), [(50, 60), (150, 150)])
def test_a_draw_that_is_required_pays_for_something(least: float, cost: float) -> None:
    """The bank pays for what is bought in any case; where that is too little, for ore that is thrown away."""
    instance = one_order(
        {"decision": "draw", "name": "bank", "until": "2027", "at_least": least},
        funds=[{"fund": "bank", "kind": "credit", "credit_limit": 300}, {"fund": "treasury"}],
        budgets=[{"fund": "treasury", "amount": 100}],
    )
    plan = solve(instance, threads=1)
    assert plan.objective == pytest.approx(cost)
    assert plan.summary["audit"]["breaches"] == 0
    assert plan.funds["drawn"].sum() == pytest.approx(least)


def test_what_must_be_borrowed_is_not_spent_on_the_dear_step_first() -> None:
    """10 at 6 would cost the 60 too; but the first 20 cost 2 each, and only what is bought beyond them costs 6."""
    instance = one_order(
        {"decision": "draw", "name": "bank", "until": "2027", "at_least": 60},
        sources=[{"source": "mine", "good": "ore"}],
        prices=[{"source": "mine", "step": i, "width": 20, "price": p} for i, p in ((1, 2), (2, 6))],
        funds=[{"fund": "bank", "kind": "credit", "credit_limit": 300}],
    )
    plan = solve(instance, threads=1)
    assert plan.objective == pytest.approx(60)
    steps = plan.order_steps.groupby("step")["quantity"].sum()
    assert steps.to_dict() == pytest.approx({1: 20, 2: 20 / 6})
    assert plan.summary["audit"]["breaches"] == 0


def test_a_charge_may_be_paid_for_nothing_where_a_draw_is_required() -> None:
    """Nothing else may be bought than what is wanted, so that an empty order in 2027 is what spends the rest."""
    instance = one_order(
        {"decision": "draw", "name": "bank", "at_least": 95},
        {"decision": "order", "name": "mine", "at_most": 10},
        funds=[{"fund": "bank", "kind": "credit", "credit_limit": 300}],
    )
    plan = solve(instance, threads=1)
    assert plan.objective == pytest.approx(40 + 2 * 10 + 40)
    assert sorted(plan.orders["quantity"]) == pytest.approx([0, 10])
    assert plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize("price", [0, 3])
def test_overtime_that_is_required_is_worked_even_if_not_used(price: float) -> None:
    """At no price too: the plan says so, though its orders need none."""
    instance = one_order(
        {"decision": "overtime", "name": "crew", "until": "2027", "at_least": 4},
        resources=[{"resource": "crew", "capacity": 50, "overtime": 9, "overtime_price": price}],
        resource_use=[{"resource": "crew", "kind": "order", "name": "mine", "per_unit": 1}],
    )
    plan = solve(instance, threads=1)
    assert plan.objective == pytest.approx(60 + 4 * price)
    assert plan.resources["overtime"].sum() == pytest.approx(4)
    assert plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize(
    ("base", "pin", "words"),
    [
        (pinned_flows, {"decision": "transfer", "name": "ore", "at_least": 40}, "10 unit less can be sent than its 40"),
        (pinned_flows, {"decision": "exchange", "name": "gas", "at_least": 30}, "12 unit less can be lent than its 30"),
        (
            pinned_flows,
            {"decision": "substitution", "name": "coal", "sector": "plant", "at_least": 40},
            "22 unit less can be given instead of another good than its 40 unit",
        ),
        (
            pinned_flows,
            {"decision": "backlog", "name": "ore", "sector": "mill", "until": "2027", "at_least": 9},
            "4 unit less can be left waiting than its 9 unit",
        ),
        (
            pinned_flows,
            {"decision": "shortfall", "name": "ore", "sector": "mill", "at_least": 40},
            "31 unit less can be left short than its 40 unit",
        ),
        (pinned_work, {"decision": "overtime", "name": "crew", "at_least": 12}, "2 h less can be worked in overtime"),
        (
            pinned_work,
            {"decision": "draw", "name": "bank", "until": "2027", "at_least": 900},
            "866.667 USD less can be drawn than its 900 USD",
        ),
        (
            pinned_work,
            {"decision": "repayment", "name": "usurer", "until": "2027", "at_least": 25},
            "17 USD less can be repaid than its 25 USD",
        ),
        (
            pinned_work,
            {"decision": "abandonment", "name": "mill", "until": "2027", "at_least": 1},
            "the project cannot be abandoned",
        ),
    ],
)
def test_a_pin_on_what_flows_says_by_how_much_it_fails(
    base: Callable[[], Instance], pin: dict[str, Any], words: str
) -> None:
    """One more pin, on what the others leave: it fails by less than any of them would have to."""
    old = base()
    pins = old.table("pins").astype(object)
    rows: Rows = [{str(c): v for c, v in row.items()} for row in pins.where(pins.notna(), None).to_dict("records")]
    tables: dict[str, Any] = {**old.tables, "pins": [*rows, {"pin": "too much", **pin}]}
    instance = Instance.from_tables(old.name, old.settings.as_document(), tables)
    with pytest.raises(InfeasibleError, match="pin too much cannot be kept") as found:
        solve(instance, threads=1)
    assert words in str(found.value)


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        (
            {"decision": "service", "name": "ore", "sector": "plant", "at_least": 12},
            "2 unit less can be released to sectors",
        ),
        ({"decision": "sale", "name": "ore", "at_least": 12}, "7 unit less can be sold than its 12 unit"),
        (
            {"decision": "disposal", "name": "ore", "at_most": 1},
            "3 unit more must be thrown away than its 1",
        ),
        (
            {"decision": "stock", "name": "ore", "from": "2027", "at_least": 90},
            "30 unit less can be kept than its 90 unit",
        ),
        (
            {"decision": "stock", "name": "ore", "from": "2027", "at_most": 12},
            "8 unit more must be kept than its 12 unit",
        ),
        ({"decision": "draw", "name": "bank", "at_most": 10}, "8 USD more must be drawn than its 10 USD"),
    ],
)
def test_a_pin_that_no_plan_keeps_says_by_how_much(pin: dict[str, Any], words: str) -> None:
    """Gas of no use fills the yard, the bank alone may pay, and a pin on orders that arrive too late says nothing."""
    name = "gas" if pin["decision"] == "disposal" else pin["name"]
    instance = one_order(
        {"decision": "order", "name": "late", "at_most": 5},
        {**pin, "name": name},
        goods=[{"good": "ore", "end_stock": 20}, {"good": "gas", "shelf_life": "2"}],
        stores=[{"store": "yard", "capacity": 60}],
        storage=[{"good": "ore", "store": "yard"}, {"good": "gas", "store": "yard"}],
        opening_stock=[{"good": "gas", "store": "yard", "quantity": 4}],
        sources=[
            {"source": "mine", "good": "ore", "until": "2027"},
            {"source": "late", "good": "ore", "lead_time": "2"},
        ],
        prices=[{"source": "mine", "price": 0.9}, {"source": "late", "price": 1}],
        rotation=[{"good": "ore", "from": "2027", "price": 1, "depth": 5}],
        funds=[
            {"fund": "bank", "kind": "credit", "credit_limit": 300, "maturity": "1"},
            {"fund": "other", "uses": "projects"},
        ],
        budgets=[{"fund": "bank", "from": "2027", "amount": 300}],
    )
    with pytest.raises(InfeasibleError, match="pin 1 cannot be kept") as found:
        solve(instance, threads=1)
    assert words in str(found.value)
    assert "pin 0" not in str(found.value)
