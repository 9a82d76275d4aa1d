"""Accounts of participants on the page."""

from __future__ import annotations

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans_accounts import participating


def test_accounts_are_told_with_what_they_settle_and_pay() -> None:
    """What a participant draws, gives back and pays in every year stands in one line."""
    instance, plan = participating()
    page = render(instance, plan, audit(instance, plan))
    lines = [line.split() for line in page.split("\nAccounts")[1].splitlines() if line.strip()]
    assert ["plant", "ore", "2027", "2", "2", "-", "1"] in lines
    assert ["plant", "flux", "2028", "1", "-", "1", "8"] in lines
    assert "entitlement of" in page
    assert max(len(line) for line in page.splitlines()) <= 80
