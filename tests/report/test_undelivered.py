"""Goods on order at the end on the page."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans import buying
from tests.plan.plans_ends import ordered


@pytest.mark.parametrize("width", [60, 80])
def test_what_is_on_order_is_shown_with_what_is_still_to_be_paid(width: int) -> None:
    """A planner who reads that 8 t from afar are worth 32 must see that 11 are still to be paid for them."""
    instance, plan = ordered()
    text = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, text.splitlines())) <= width
    lines = text[text.index("On order at the end") :].splitlines()
    assert lines[2].split() == ["far", "8", "32", "11.00", "21.00"]
    assert lines[3].split() == ["mine", "5", "15", "8.25", "6.75"]


def test_a_plan_with_nothing_on_order_does_not_speak_of_it() -> None:
    """A heading with nothing below would only tire the reader."""
    instance, plan = buying()
    assert "On order at the end" not in render(instance, plan, audit(instance, plan))
