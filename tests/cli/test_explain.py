"""``stockpile explain``: a page or one document on why there is no plan; with a plan there is nothing to explain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import call

Capture = pytest.CaptureFixture[str]
TOO_MUCH = ("--set", "goods[*].end_stock=1000000")


def test_a_page_and_a_document_say_the_same(here: Path, capsys: Capture) -> None:
    """The page keeps within 80 columns, and names what is in conflict and what would have to change."""
    assert call("explain", "reserve", *TOO_MUCH) == 3
    page = capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= 80
    assert "has no plan" in page
    assert call("explain", "reserve", *TOO_MUCH, "--json") == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["minimal"]) == ("infeasible", True)
    assert "end_stock" in {rule["family"] for rule in found["conflict"]}
    assert all(change["amount"] > 0 for change in found["repair"])
    words = " ".join(page.split())
    for rule in found["conflict"]:
        assert rule["rule"] in words
    for change in found["repair"]:
        amount = f"{change['amount']:,.0f}" if change["amount"] >= 1e6 else f"{change['amount']:,.6g}"
        assert f"{change['how']}: {amount} {change['unit']}" in words


def test_where_there_is_a_plan_nothing_is_explained(here: Path, capsys: Capture) -> None:
    """Exit status 0, and the command that makes the plan."""
    assert call("explain", "reserve") == 0
    assert "has a plan: stockpile solve reserve" in capsys.readouterr().out
    assert call("explain", "reserve", "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] == "feasible"


def test_2_an_instance_that_cannot_be_read(here: Path, capsys: Capture) -> None:
    """Bad input is no conflict."""
    assert call("explain", "nowhere") == 2
    assert call("explain", "reserve", "--set", "goods[*].end_stock=-1") == 2


def test_5_without_the_time_to_know(here: Path, capsys: Capture) -> None:
    """No time is neither a plan nor a conflict."""
    assert call("explain", "reserve", "--time-limit", "0") == 5
    assert "the time was over" in capsys.readouterr().err
    assert call("explain", "reserve", "--time-limit", "0", *TOO_MUCH, "--json") == 5
    assert json.loads(capsys.readouterr().out)["status"] == "no plan"
