"""What the page says of instruments that move risk."""

from __future__ import annotations

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans_instruments import protected


def test_price_floors_are_told() -> None:
    """Who pays, who gets something back, and when: a floor is money that buys no stock."""
    instance, plan = protected()
    page = render(instance, plan, audit(instance, plan), width=80, colour=False, hints=[])
    assert "price floor on works, 2027..2028: treasury pays 4.5 and gets 3.0 USD" in page
    assert "price floor on works, 2027: agency pays 1.5 USD" in page
    assert "- price floors" in page
    assert "price floors        6.00" in page
    assert max(map(len, page.splitlines())) <= 80
