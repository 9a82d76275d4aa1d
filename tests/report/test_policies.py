"""Policies on the page."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans import buying
from tests.plan.plans_policies import limited


@pytest.mark.parametrize("width", [60, 80])
def test_policies_are_told_with_what_they_are_missed_by(width: int) -> None:
    """All ore of 2028 comes from X, where 60 % may: 1.6 t too much, and 0.8 t the year before, for 4.8 USD."""
    instance, plan = limited()
    page = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, page.splitlines())) <= width
    section = page.split("\nPolicies")[1].split("\nCover")[0]
    lines = [line.split() for line in section.splitlines()]
    assert ["cap", "at", "most", "100", "%", "60", "%", "2028", "2.4", "t", "4.8"] in lines
    assert ["survey", "at", "most", "3", "USD", "3", "USD", "2026", "-", "-"] in lines
    assert "missed policies (penalty)" in page
    if width == 80:
        assert "policy allows no more: world" in page
        assert "policy asks for all of it: days" in page


def test_without_policies_the_page_says_nothing_of_them() -> None:
    """A heading with nothing below would only tire the reader."""
    instance, plan = buying()
    assert "\nPolicies" not in render(instance, plan, audit(instance, plan))
