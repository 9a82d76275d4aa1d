"""What a solve tells a program and a person: every figure, the hard rules of what has no plan, where an error of ours is."""

from __future__ import annotations

import json
import math
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stockpile.instance import load
from stockpile.instance.write import write
from stockpile.plan.plan import Plan
from tests.cli.program import ENVIRONMENT, call, run
from tests.models.base import SECTOR, TIER, demand, make

Capture = pytest.CaptureFixture[str]


def test_the_document_of_a_solve_is_complete(here: Path, capsys: Capture) -> None:
    """A script compares runs by these figures; a cost that is left out would make the parts smaller than the whole."""
    assert call("solve", "reserve", "-o", "new", "--gap", "0.02", "--threads", "1", "--json") == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["status"] == "optimal"
    assert told["stopped_by"] is None
    assert math.fsum(told["costs"].values()) == pytest.approx(told["objective"], rel=1e-12)
    assert told["bound"] <= told["objective"]
    assert told["gap"] == pytest.approx((told["objective"] - told["bound"]) / told["objective"], abs=1e-12)
    assert told["gap"] <= 0.02
    phases = dict(told["seconds"])
    total = phases.pop("total")
    assert set(phases) >= {"data", "build", "compile", "solve", "extract", "audit"}
    assert total == pytest.approx(sum(phases.values()), abs=0.01)
    assert (told["options"]["gap"], told["options"]["threads"]) == (0.02, 1)
    assert told["plan"] == "new"
    assert {**Plan.read(here / "new").summary, "plan": "new"} == told
    assert err == "plan written to new\n"


def test_messages_never_reach_standard_output(here: Path) -> None:
    """Warnings, progress, sizes and seconds in the middle of a document or a page would break whoever reads it."""
    file = here / "reserve" / "duties.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Overseas", "Nowhere"), encoding="utf-8")
    quiet = run("solve", "reserve", "--threads", "1", "-q", folder=here)
    chatty = run("solve", "reserve", "--threads", "1", "-v", folder=here)
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert chatty.stdout == quiet.stdout
    assert all(word in chatty.stderr for word in ("warning: ", "sizes: ", "seconds: "))


def test_a_plan_to_set_out_from(here: Path, capsys: Capture) -> None:
    """The older plan is only a start: its folder stays as it is, and the answer is proven as any other."""
    before = {file: file.read_bytes() for file in (here / "plan").iterdir()}
    assert call("solve", "reserve", "--start", "plan", "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"
    assert {file: file.read_bytes() for file in (here / "plan").iterdir()} == before


def impossible(**more: Any) -> dict[str, Any]:
    """A source of 4 against a demand of 10 that may fall short."""
    return {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "sources": [{"source": "mine", "good": "ore"}],
        "supply": [{"source": "mine", "capacity": 4}],
        "prices": [{"source": "mine", "price": 2}],
        "sectors": SECTOR,
        "demand": demand(10),
        "tiers": TIER,
        **more,
    }


@pytest.mark.parametrize(
    ("tables", "hint"),
    [
        ({"tiers": []}, "demand that no tier lets fall short must be served: ore for plant"),
        ({"targets": [{"good": "ore", "quantity": 50}]}, "targets without a penalty must be met: ore"),
        ({"goods": [{"good": "ore", "end_stock": 50}]}, "end_stock must be there at the end: ore"),
        (
            {"pins": [{"pin": "a", "decision": "order", "name": "mine", "at_least": 7}]},
            "pin a cannot be kept: 3 unit less can be ordered than its 7 unit",
        ),
    ],
)
def test_what_has_no_plan_names_its_hard_rules(tables: dict[str, Any], hint: str, here: Path, capsys: Capture) -> None:
    """A planner who reads only "infeasible" has nowhere to look; a rule that is soft must not be blamed."""
    write(make("hard", 1, impossible(**tables)), here / "hard")
    assert call("solve", "hard", "-o", "new") == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["error: no plan keeps all the hard rules of hard", f"  {hint}"]
    assert not (here / "new").exists()
    assert call("solve", "hard", "--json", "-q") == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["exit_status"], told["details"]) == ("infeasible", 3, [hint])


def test_the_instance_of_the_hard_rules_has_a_plan_without_them(here: Path) -> None:
    """Otherwise the test above would find something else infeasible."""
    write(make("soft", 1, impossible()), here / "soft")
    assert call("solve", "soft") == 0


@pytest.mark.parametrize(
    ("instance", "plan"), [("-reserve", "-plan"), ("it's", "a b"), ("$HOME", "`id`"), ("<script>", "a&b")]
)
def test_what_comes_next_works_when_pasted(instance: str, plan: str, here: Path, capsys: Capture) -> None:
    """A hint that the shell or the program takes for something else would send the planner away."""
    assert call("new", "--", instance) == 0
    hint = re.findall("next: (.*)", capsys.readouterr().err)[0]
    assert call(*shlex.split(hint)[1:]) == 0
    keep = re.findall("keep the plan: +(.*)", capsys.readouterr().out)[0]
    assert call(*shlex.split(keep)[1:-1], plan) == 0
    page = capsys.readouterr().out
    said = {"check it again": "passed", "why it is so": "What binds", "with charts": ""}
    for hint, words in said.items():
        assert call(*shlex.split(re.findall(f"{hint}: +(.*)", page)[0])[1:]) == 0
        assert words in capsys.readouterr().out
    assert Path(f"{plan}.html").stat().st_size > 0


def test_nothing_replaces_the_folder_one_stands_in(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shell would be left in a folder that is gone, and its user would see no plan."""
    for place in ("plan", "empty"):
        (here / place).mkdir(exist_ok=True)
        monkeypatch.chdir(here / place)
        for name in (".", f"../{place}", "x/.."):
            assert call("solve", "../reserve", "-o", name) == 2
            assert "the folder you are in" in capsys.readouterr().err
    assert call("new", ".") == 2
    assert "the folder you are in" in capsys.readouterr().err
    assert [*(here / "empty").iterdir()] == []


CRASH = """
from stockpile.cli.app import program
from stockpile.cli.options import json_option, talk

@program.command()
@json_option
@talk
def crash(console):
    raise ZeroDivisionError("no \\x1b[31msteel\\nsecond line")

program.main()
"""


@pytest.mark.parametrize("flags", [[], ["-v"], ["--json"], ["-q"], ["-v", "--json"]])
def test_an_error_of_ours(flags: list[str]) -> None:
    """One line that says whose fault it is; with -v the place, which a report of the bug needs."""
    command = [sys.executable, "-c", CRASH, "crash", *flags]
    ended = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    assert ended.returncode == 1
    assert "error: internal error: ZeroDivisionError: no ?[31msteel\n" in ended.stderr
    assert ("Traceback" in ended.stderr) == ("-v" in flags)
    assert ("run it again with -v" in ended.stderr) == (not {"-v", "-q"} & set(flags))
    if "--json" in flags:
        assert json.loads(ended.stdout)["exit_status"] == 1
    else:
        assert ended.stdout == ""


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_new_writes_the_same_bytes_for_the_same_seed(here: Path, capsys: Capture) -> None:
    """A benchmark is told by its options; an empty folder is as good as none, and one with anything in it is refused."""
    (here / "b").mkdir()
    for folder, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        assert call("new", folder, "--goods", "2", "--periods", "6", "--projects", "1", "--seed", seed) == 0
    first = content(here / "a")
    assert content(here / "b") == first
    assert content(here / "c") != first
    assert len(load(here / "a").table("goods")) == 2
    capsys.readouterr()
    assert call("new", "a", "--seed", "6") == 2
    assert "not an empty folder" in capsys.readouterr().err
    assert content(here / "a") == first
