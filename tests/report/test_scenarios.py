"""Scenarios on the page: what each costs, and all else in expectation."""

from __future__ import annotations

import pytest

from stockpile.engine import solve
from stockpile.plan.audit import audit
from stockpile.report.expected import expected
from stockpile.report.terminal import render
from tests.models.cases import pinned
from tests.models.cases_scenarios import gamble, unseen


def test_the_page_tells_what_each_scenario_costs() -> None:
    """380 with a ban, 200 without, and what binds by node, within 80 columns."""
    instance = gamble()
    plan = solve(instance)
    page = render(instance, plan, audit(instance, plan))
    lines = [line.rstrip() for line in page.splitlines()]
    assert max(map(len, lines)) <= 80
    cells = [line.split() for line in lines]
    assert ["ban", "30.00", "%", "380", "0.00", "%"] in cells
    assert ["calm", "70.00", "%", "200", "0.00", "%"] in cells
    assert any("expected over 2 scenarios" in line for line in lines)
    said = " ".join(page.split())
    assert "the mean cost of the worst 20.00 % of futures is 380.00 USD, of all 254.00 USD" in said
    assert "the worst count 10.00 %; at most 380.00 USD is allowed" in said


def test_what_binds_is_counted_by_node() -> None:
    """The mine is used up in three nodes of two years."""
    instance = unseen()
    plan = solve(instance)
    lines = render(instance, plan, audit(instance, plan)).splitlines()
    assert any(line.startswith("What binds") and line.endswith("in so many nodes") for line in map(str.rstrip, lines))
    assert "the penalties of shortfall of the worst future" in " ".join(" ".join(lines).split())


def test_amounts_are_weighed_by_probability() -> None:
    """Ore of the mine is ordered in 2027 in the calm alone, 6 of it: 0.7 x 6; its price is that of the rows there are."""
    instance = gamble()
    plan = solve(instance)
    orders = expected(plan, audit(instance, plan).tree).orders.set_index(["period", "source"])
    assert orders["quantity"].to_dict() == pytest.approx(
        {("2026", "mine"): 8.0, ("2027", "mine"): 0.7 * 6, ("2027", "spot"): 0.3 * 6}
    )
    steps = expected(plan, audit(instance, plan).tree).order_steps.set_index(["period", "source"])
    assert steps["price"].to_dict() == pytest.approx(
        {("2026", "mine"): 10.0, ("2027", "mine"): 10.0, ("2027", "spot"): 40.0}
    )


def test_a_plan_of_one_future_is_what_it_is() -> None:
    """Nothing is copied, summed or renamed."""
    instance = pinned()
    plan = solve(instance)
    assert expected(plan, audit(instance, plan).tree) is plan
