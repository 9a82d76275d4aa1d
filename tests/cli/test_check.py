"""``stockpile check`` shows when scenarios part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import call


def test_the_tree_is_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A planner sees which futures are one until when, and how likely each branch is."""
    (here / "reserve" / "scenarios.csv").write_text("scenario,probability\ncalm,0.5\nban,0.3\nwar,0.2\n")
    (here / "reserve" / "shocks.csv").write_text(
        "scenario,shock,quantity,source,from,factor,announced\n"
        "ban,cut,supply,recycler,2027Q1,0.5,\nwar,cut,supply,spot,2027Q1,0,2026Q3\n"
    )
    assert call("check", "reserve") == 0
    page = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "2026Q1 to 2026Q2  all, 100 %" in page
    assert "2026Q3 to 2026Q4  calm, ban, 80 %" in page
    assert "2026Q3 to 2028Q4  war, 20 %" in page
    assert call("check", "reserve", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(b["from"], b["to"], b["depth"], b["scenarios"], b["probability"]) for b in facts["tree"]] == [
        ("2026Q1", "2026Q2", 0, ["calm", "ban", "war"], 1.0),
        ("2026Q3", "2026Q4", 1, ["calm", "ban"], 0.8),
        ("2027Q1", "2028Q4", 2, ["calm"], 0.5),
        ("2027Q1", "2028Q4", 2, ["ban"], 0.3),
        ("2026Q3", "2028Q4", 1, ["war"], 0.2),
    ]


def test_a_shock_that_changes_nothing_is_warned_of(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of what is without limit is without limit: the planner would think to be prepared."""
    (here / "reserve" / "shocks.csv").write_text("shock,quantity,source,factor\ncut,supply,spot,0.5\n")
    assert call("check", "reserve") == 0
    page = capsys.readouterr().out
    assert "shocks.csv:2:factor: changes nothing" in page
    (here / "reserve" / "shocks.csv").write_text("shock,quantity,source,factor\ncut,supply,recycler,0.5\n")
    assert call("check", "reserve") == 0
    assert "changes nothing" not in capsys.readouterr().out
    ends = "shock,quantity,source,from,factor\ncut,supply,recycler,2026-04-01,0.5\ncut,supply,recycler,2027-04-01,{}\n"
    (here / "reserve" / "shocks.csv").write_text(ends.format(1))
    assert call("check", "reserve") == 0
    assert "changes nothing" not in capsys.readouterr().out
    (here / "reserve" / "shocks.csv").write_text(ends.format(0.5))
    assert call("check", "reserve") == 0
    assert "shocks.csv:3:factor: changes nothing" in capsys.readouterr().out
