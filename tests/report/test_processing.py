"""Processing on the page."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans import buying
from tests.plan.plans_processing import blending, making, sparing


@pytest.mark.parametrize("width", [60, 80])
def test_runs_are_told_with_what_they_make_and_take(width: int) -> None:
    """The dearest process comes first; energy and emissions are those of all, in their units."""
    instance, plan = making()
    page = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, page.splitlines())) <= width
    section = page.split("\nProcessing")[1].split("\nRotation")[0]
    lines = [line.split() for line in section.splitlines()]
    assert ["run,", "t", "3.0", "5.0", "-"] in lines
    assert ["makes", "cerium,", "t", "6.0", "6.0", "10.0"] in lines
    assert ["cost,", "USD", "9", "7", "13"] in lines
    assert section.index("smelting") < section.index("separation")
    assert "all runs together: 16 MWh of energy, 4 t of emissions" in section
    assert "capacity of process smelting" in page
    assert "least run of process smelting" in page
    assert "capacity of process smelting up to 2 t a year" in " ".join(page.split())
    costs = page.split("\nCosts")[1].split("\nMoney")[0]
    assert ["processing", "37.00"] in [line.split() for line in costs.splitlines()]


def test_blends_are_told_with_their_grades() -> None:
    """Just hard enough, then just soft enough: that is what binds."""
    instance, plan = blending()
    page = render(instance, plan, audit(instance, plan))
    section = page.split("\nProcessing")[1].split("\nCover")[0]
    assert ["mean", "hardness", "6", "4"] in [line.split() for line in section.splitlines()]
    assert "least mean of process, attribute: melting, hardness" in page
    assert "greatest mean of process, attribute: melting, hardn" in page


def test_demand_that_falls_is_told_with_its_project() -> None:
    """Two fifths of what the plant wants: a planner must see where the demand went."""
    instance, plan = sparing()
    page = render(instance, plan, audit(instance, plan))
    assert "from 2027 (stage 1) demand of Dy for plant falls by up to 40.00 %" in page


def test_a_plan_without_runs_says_nothing_of_them() -> None:
    """A section that is always empty is noise."""
    instance, plan = buying()
    assert "\nProcessing" not in render(instance, plan, audit(instance, plan))
