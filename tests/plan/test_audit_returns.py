"""The audit of returns: what it says, in the planner's words, where more is ordered than comes back."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_returns import COLLECTING, collecting

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("returns", 0, {"share": 0.4}, "2027: 4 t is ordered at scrap, 0.8 t more than the 3.2 t that comes back"),
    ("returns", 0, {"share": 0.4}, "2027: 4 t is written to come back to scrap, but of what went into use 3.2 t does"),
    ("returns", 0, {"lag": "2"}, "2026: 2 t is ordered at scrap, 2 t more than the 0 t that comes back"),
    ("opening_use", 0, {"quantity": 3}, "2026: 2 t is ordered at scrap, 0.5 t more than the 1.5 t that comes back"),
    ("opening_use", 0, {"age": "2"}, "2026: 2 t is ordered at scrap, 2 t more than the 0 t that comes back"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_more_than_comes_back_is_caught(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and one cell of the instance moves."""
    found = messages(audit(*collecting(changed(COLLECTING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_what_is_taken_instead_comes_back_as_what_it_is() -> None:
    """The plant takes ferrite for a half of its magnets: half of that comes back as ferrite, and fewer magnets do."""
    ferrite = {"source": "ferrites", "good": "ferrite"}
    tables = {
        **COLLECTING,
        "goods": [*COLLECTING["goods"], {"good": "ferrite"}],
        "sources": [*COLLECTING["sources"], ferrite],
        "prices": [*COLLECTING["prices"], {"source": "ferrites", "price": 1}],
        "accepts": [{"sector": "plant", "wanted": "magnet", "given": "ferrite"}],
        "returns": [{"source": "scrap", "sector": "plant", "good": "ferrite", "share": 0.5, "lag": "1"}],
        "opening_use": [],
    }
    found = messages(audit(*collecting(tables)))
    assert "2027: 4 t is written to come back to scrap, but of what went into use 0 t does" in found


def test_what_is_written_as_ordered_is() -> None:
    """Otherwise the table would say that some came back and was left."""
    instance, plan = collecting()
    found = messages(audit(instance, with_cell(plan, "returns", 1, "ordered", 3.0)))
    assert found == ["2027: 3 t is written as ordered of what comes back to scrap, but its orders are 4 t"]


def test_what_binds_is_told() -> None:
    """All that comes back is ordered in all three years."""
    instance, plan = collecting()
    page = render(instance, plan, audit(instance, plan))
    line = next(line for line in page.splitlines() if "what comes back to source scrap" in line)
    assert line.split()[-2:] == ["3", "2026..2028"]
