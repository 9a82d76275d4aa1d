"""What the page says of instruments that move risk."""

from __future__ import annotations

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans_incentives import rewarded
from tests.plan.plans_instruments import backed, protected


def test_price_floors_are_told() -> None:
    """Who pays, who gets something back, and when: a floor is money that buys no stock."""
    instance, plan = protected()
    page = render(instance, plan, audit(instance, plan), width=80, colour=False, hints=[])
    assert "price floor on works, 2027..2028: treasury pays 4.5 and gets 3.0 USD" in page
    assert "price floor on works, 2027: agency pays 1.5 USD" in page
    assert "- price floors" in page
    assert "price floors        6.00" in page
    assert max(map(len, page.splitlines())) <= 80


def test_guarantees_are_told() -> None:
    """What no tranche shows: a fund that pays nothing at first, and much when the mine is given up."""
    instance, plan = backed()
    page = render(instance, plan, audit(instance, plan), width=80, colour=False, hints=[])
    words = " ".join(page.split())
    assert "guarantees called 16.25" in words
    assert "- guarantees called - 16.25 -" in words
    assert (
        "agency guarantees loans of bank: up to 11.00 USD, earns 1.00 in fees, pays 16.25, gets 6.50 of that back"
        in words
    )
    assert max(map(len, page.splitlines())) <= 80


def test_incentives_are_told() -> None:
    """What is paid for what was delivered, and that a cap ended it: without one the maker would owe twice as much."""
    instance, plan = rewarded()
    page = render(instance, plan, audit(instance, plan), width=100, colour=False, hints=[])
    assert "ore-credit, 2027..2028: treasury pays 9 USD for 6 t of ore\n" in page
    assert "bonus, 2027..2029: maker pays 6 USD for 3 t of metal, up to its cap; without one 12" in page
    assert "- incentives" in page
    words = " ".join(page.split())
    assert "incentives 9.00" in words
    assert max(map(len, page.splitlines())) <= 100
