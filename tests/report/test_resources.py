"""Resources on the page."""

from __future__ import annotations

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans_resources import working


def test_resources_are_told_with_their_units_and_what_binds() -> None:
    """The fullest comes first; a crew without limit has no capacity to tell of."""
    instance, plan = working()
    page = render(instance, plan, audit(instance, plan))
    section = page.split("\nResources")[1].split("\nCover")[0]
    lines = [line.split() for line in section.splitlines()]
    assert ["used", "7", "-", "5"] in lines
    assert ["overtime", "1", "-", "-"] in lines
    assert ["capacity", "5", "5", "5"] in lines
    crew = section.split("  crew\n")[1].split("  machine, h\n")[0]
    assert "used" in crew
    assert "capacity" not in crew
    assert "capacity of resource machine" in page
    assert "capacity of resource dock" in page
    assert "overtime" in page.split("\nCosts")[1].split("\nMoney")[0]


def test_a_plan_without_resources_says_nothing_of_them() -> None:
    """A section that is always empty is noise."""
    instance, plan = working()
    bare = plan.tables["resources"].assign(used=0.0)
    quiet = type(plan)(plan.summary, {**plan.tables, "resources": bare})
    assert "\nResources" not in render(instance, quiet, audit(instance, plan))
