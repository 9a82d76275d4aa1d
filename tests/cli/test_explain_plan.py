"""``stockpile explain INSTANCE PLAN``: a page or one document on why a plan is as it is, and plans that cannot be explained."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from stockpile.engine import solve
from stockpile.instance import load
from stockpile.instance.write import write
from tests.cli.program import call, shown
from tests.instance.test_names import named

Capture = pytest.CaptureFixture[str]
ONLY_LIMITS = ("--time-limit", "0")


def test_a_page_and_a_document_say_the_same(here: Path, capsys: Capture) -> None:
    """The page keeps within 80 columns: what binds and its worth, what a decision saves, break-even prices."""
    source = str(load(here / "reserve").view("sources")["source"].iloc[0])
    assert call("explain", "reserve", "plan", "--decision", source, "-q") == 0
    page = capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= 80
    assert call("explain", "reserve", "plan", "--decision", source, "--json", "-q") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["left"], found["stopped_by"], found["plan"]) == ("explained", [], None, "plan")
    (decision,) = found["decisions"]
    assert (decision["kind"], decision["name"]) == ("source", source)
    assert decision["status"] == "infeasible" or 0 <= decision["more"]["low"] <= decision["more"]["high"]
    worth = [limit for limit in found["binding"] if limit["worth"]]
    assert worth
    assert all(limit["exact"] for limit in worth)
    words = " ".join(page.split())
    for limit in worth[:3]:
        assert f"1 {limit['per']} {limit['way']}" in words
        assert f"{limit['worth']:,.6g}" in words
    assert f"source {source}"[:20] in words
    assert "decisions of yes and no" in words


def test_without_time_what_binds_is_told_alone(here: Path, capsys: Capture) -> None:
    """What was left is named; worth is the most that it can be."""
    assert call("explain", "reserve", "plan", *ONLY_LIMITS, "--json", "-q") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["decisions"], found["break_even"]) == ([], [])
    assert len(found["left"]) >= 2
    assert call("explain", "reserve", "plan", *ONLY_LIMITS, "-q") == 0
    assert "There was no time before" in " ".join(capsys.readouterr().out.split())


def test_2_a_plan_of_another_instance(here: Path, capsys: Capture) -> None:
    """The hash tells; nothing is explained with wrong data."""
    assert call("explain", "reserve", "plan", "--set", "economics.discount_rate=0.2") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "the hash differs" in err


def test_2_what_is_no_decision_and_no_plan(here: Path, capsys: Capture) -> None:
    """Names that are unknown, options that need a plan, and folders that hold none."""
    assert call("explain", "reserve", "plan", "--decision", "nobody") == 2
    assert "nobody" in capsys.readouterr().err
    assert call("explain", "reserve", "--decision", "nobody") == 2
    assert call("explain", "reserve", "--gap", "0.1") == 2
    assert call("explain", "reserve", "nowhere") == 2
    assert call("explain", "reserve", "reserve") == 2


def test_1_a_plan_that_does_not_pass_its_audit(here: Path, capsys: Capture) -> None:
    """A plan is audited first; what is wrong is told."""
    table = here / "plan" / "orders.csv"
    frame = pd.read_csv(table)
    frame["quantity"] *= 2
    frame.to_csv(table, index=False)
    assert call("explain", "reserve", "plan") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "does not pass its audit" in err


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "&amp; [bold]x[/bold] \\[red] {0} %s $HOME `ls`"])
def test_hostile_names_are_text(name: str, here: Path, capsys: Capture) -> None:
    """A good, store, source or fund may be called anything; the page shows it and does nothing else."""
    write(named(name), here / "odd")
    solve(load(here / "odd"), gap=0.05).write(here / "odd-plan")
    status = call("explain", "odd", "odd-plan", *ONLY_LIMITS, "-q")
    out, err = capsys.readouterr()
    assert status == 0, err
    assert shown(out + err)
    assert max(map(len, out.splitlines())) <= 80
    assert call("explain", "odd", "odd-plan", *ONLY_LIMITS, "--json", "-q") == 0
    assert shown(capsys.readouterr().out)
