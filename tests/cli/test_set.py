"""``--set`` on every command that reads an instance: recorded in the plan, needed by its audit, told where it is wrong."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from stockpile.instance import load
from stockpile.instance.write import write
from stockpile.plan.plan import Plan
from tests.cli.program import call, example, shown
from tests.instance.test_names import NAMES, named

Capture = pytest.CaptureFixture[str]
DEAR = ["--set", "prices[*].price*=1.2", "--set", "economics.discount_rate = 0.05"]


def test_a_plan_records_what_was_set_and_its_audit_needs_the_same(here: Path, capsys: Capture) -> None:
    """Without the record nobody could tell from which question the plan is."""
    assert call("solve", "reserve", *DEAR, "-o", "dear") == 0
    page = capsys.readouterr().out
    assert "  with prices[*].price*=1.2\n  with economics.discount_rate=0.05\n" in page
    plan = Plan.read(here / "dear")
    assert plan.summary["options"]["set"] == ["prices[*].price*=1.2", "economics.discount_rate=0.05"]
    assert plan.summary["instance"]["hash"] == load(here / "reserve", plan.summary["options"]["set"]).hash
    (again,) = [line for line in example(page.replace("check it again:  ", "\n  ")) if line[1] == "audit"]
    assert call(*again[1:]) == 0
    capsys.readouterr()
    assert call("audit", "reserve", "dear") == 1
    said = "the plan was made with --set 'prices[*].price*=1.2' --set economics.discount_rate=0.05; give the same here"
    assert said in capsys.readouterr().err
    assert call("audit", "reserve", "plan", *DEAR) == 1
    assert "the plan was made without --set; leave it out here, too" in capsys.readouterr().err


def test_without_a_folder_the_page_repeats_the_changes(here: Path, capsys: Capture) -> None:
    """The command that keeps the plan is pasted, and must ask the same question."""
    assert call("solve", "reserve", *DEAR) == 0
    page = capsys.readouterr().out
    assert "stockpile solve reserve --set 'prices[*].price*=1.2' --set economics.discount_rate=0.05 -o PLAN" in page


def test_check_and_export_take_changes(here: Path, capsys: Capture) -> None:
    """The check tells how many cells are changed, so that a key that means too much or too little is seen."""
    assert call("check", "reserve", *DEAR) == 0
    page = capsys.readouterr().out
    assert "  set       prices[*].price*=1.2: 4 places\n" in page
    assert call("check", "reserve", *DEAR, "--json") == 0
    assert json.loads(capsys.readouterr().out)["set"]["prices[*].price*=1.2"] == 4
    assert call("export", "reserve", "--to", "lp", "-o", "plain.lp") == 0
    assert call("export", "reserve", *DEAR, "--to", "lp", "-o", "dear.lp") == 0
    assert (here / "plain.lp").read_bytes() != (here / "dear.lp").read_bytes()


@pytest.mark.parametrize(
    "command", ["solve reserve", "check reserve", "audit reserve plan", "export reserve --to lp -o m.lp"]
)
def test_2_a_change_that_cannot_be_made(command: str, here: Path, capsys: Capture) -> None:
    """The same message and exit status as for a fault in a file."""
    assert call(*command.split(), "--set", "prices[spt,1].price=3") == 2
    out, err = capsys.readouterr()
    assert "1 problem in reserve" in out + err
    assert "  --set:prices[spt,1].price: 'spt' is not in prices.csv; did you mean 'spot'?\n" in out + err
    assert call(*command.split(), "--set", "a\x1b[31m=1", "--json") == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["file"] == "--set"
    assert shown(problem["column"])


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_addressed_through_a_shell(name: str, here: Path, capsys: Capture) -> None:
    """A key with every sign that a shell or the address itself could take for something else."""
    write(named(name), here / "odd")
    quote = '"' + name.replace('"', '""') + '"'
    change = f"storage[{quote},{quote}].holding_cost=7"
    assert call("check", "odd", *shlex.split(f"--set {shlex.quote(change)}"), "--json") == 0
    assert [*json.loads(capsys.readouterr().out)["set"].values()] == [1]
