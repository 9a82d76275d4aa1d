"""Moves between stores on the page."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans import buying
from tests.plan.plans_stores import moving


@pytest.mark.parametrize("width", [60, 80])
def test_moves_between_stores_are_shown(width: int) -> None:
    """8 t of ore go to the cavern for 4 USD: a planner must see who is to move what, when."""
    instance, plan = moving()
    text = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, text.splitlines())) <= width
    line = next(line for line in text.splitlines() if line.split()[:2] == ["ore", "port"])
    assert line.split() == ["ore", "port", "cavern", "8", "4", "2026"]
    assert "moving stock" in text
    assert "route of good, from, to: ore, port, cavern" in text


def test_goods_that_move_freely_have_no_moves() -> None:
    """A heading with nothing below would only tire the reader."""
    instance, plan = buying()
    assert "Moves between stores" not in render(instance, plan, audit(instance, plan))
