"""What the page says of projects that do not run as they were begun."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans_opening import carried
from tests.plan.plans_stages import given_up, under_way


def test_what_is_abandoned_is_told() -> None:
    """A planner who reads of a release would otherwise count on the plant."""
    instance, plan = given_up()
    page = render(instance, plan, audit(instance, plan), width=100, colour=False, hints=[])
    assert "abandoned in 2028 at a cost of 3 USD" in page
    assert "exit costs of projects" in page


def test_what_runs_at_the_start_is_told() -> None:
    """The pit is not a project that is not started."""
    instance, plan = under_way()
    page = render(instance, plan, audit(instance, plan), width=100, colour=False, hints=[])
    assert page.count("released before the horizon: stage 1") == 2
    assert "not started" not in page


@pytest.mark.parametrize("width", [60, 80])
def test_what_was_paid_before_the_horizon_is_shown(width: int) -> None:
    """A planner who reads that the mill is verified and not paid for must see who paid for it, and when that was."""
    instance, plan = carried()
    text = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "released before the horizon: stage 1, 2; paid then by bank 10, treasury 10" in " ".join(text.split())
