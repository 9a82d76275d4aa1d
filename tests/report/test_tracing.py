"""Origins of traced goods on the page."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans import buying
from tests.plan.plans_tracing import followed, passed_on


@pytest.mark.parametrize("width", [60, 80])
def test_origins_in_use_are_told(width: int) -> None:
    """Of the 10 t of the plant 9.45 are of X, and all of the army's 6 of allies."""
    instance, plan = followed()
    page = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, page.splitlines())) <= width
    lines = [line.split() for line in page.split("\nOrigins in use")[1].split("\nCover")[0].splitlines()]
    assert ["plant", "magnet", "X", "9.45", "94.50", "%", "2026..2028"] in lines
    assert ["army", "magnet", "allied", "6.00", "100", "%", "2026..2028"] in lines


@pytest.mark.parametrize("width", [60, 80])
def test_batches_are_told(width: int) -> None:
    """Half of the 3 t of magnets are made of metal of X, all of them with dysprosium of allies."""
    instance, plan = passed_on()
    page = render(instance, plan, audit(instance, plan), width=width)
    assert max(map(cell_len, page.splitlines())) <= width
    told = page.split("\nBatches")[1].split("\nCover")[0]
    lines = [line.split() for line in told.splitlines()]
    assert ["sintering", "covered", "(chain)", "1.5", "50", "%"] in lines
    assert ["sintering", "allied", "(all", "mined)", "1.5", "50", "%"] in lines
    assert "metal: 1.5 of covered (chain); dysprosium: 0.375 of allied (all mined)" in " ".join(told.split())


def test_without_traced_goods_the_page_says_nothing_of_them() -> None:
    """A heading with nothing below would only tire the reader."""
    instance, plan = buying()
    page = render(instance, plan, audit(instance, plan))
    assert "Origins in use" not in page
    assert "Batches" not in page
