"""``stockpile reproduce``: the verdict on the page and as a document, and what is needed to make a plan again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from stockpile.plan.plan import Plan
from stockpile.study.batch.folder import Record, keep
from tests.cli.program import call

Capture = pytest.CaptureFixture[str]
SOLVE = ("solve", "reserve", "--gap", "0.01", "--threads", "1", "--set", "prices[*].price*=1.1", "-q")


def test_0_a_plan_that_comes_out_the_same(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """From anywhere: the path of the instance leads on from a folder above the plan."""
    assert call(*SOLVE, "-o", "plans/dear") == 0
    monkeypatch.chdir("/")
    capsys.readouterr()
    assert call("reproduce", here / "plans" / "dear", "-o", here / "again") == 0
    page = capsys.readouterr().out
    assert page.startswith("reproduced: every number of every table is the same\n")
    assert max(map(len, page.splitlines())) <= 80
    assert Plan.read(here / "again").hash == Plan.read(here / "plans" / "dear").hash
    assert call("reproduce", here / "plans" / "dear", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["exact"], found["differences"]) == ("reproduced", True, [])
    assert found["then"] == found["now"]


def test_1_an_edited_number_is_told_with_its_place(here: Path, capsys: Capture) -> None:
    """A plan that was touched by hand does not pass for the program's."""
    assert call(*SOLVE, "-o", "plan") == 0
    lines = Path("plan/stock.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[3].split(",")
    changed = [*cells[:4], str(float(cells[4]) + 1), *cells[5:]]
    Path("plan/stock.csv").write_text("\n".join([*lines[:3], ",".join(changed), *lines[4:], ""]), encoding="utf-8")
    capsys.readouterr()
    assert call("reproduce", "plan") == 1
    page = capsys.readouterr().out
    assert page.startswith("not reproduced: the numbers differ\n")
    assert f"  stock.csv:4:quantity: {changed[4]} then, {cells[4]} now\n" in page
    assert call("reproduce", "plan", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["differences"] == [
        {"file": "stock.csv", "row": 4, "column": "quantity", "then": changed[4], "now": cells[4]}
    ]
    assert found["then"]["breaches"] > 0


def test_1_no_plan_this_time(here: Path, capsys: Capture) -> None:
    """A search that has less time than it needs is no proof against the plan, but does not reproduce it either."""
    assert call(*SOLVE, "-o", "plan") == 0
    summary = json.loads(Path("plan/plan.json").read_text(encoding="utf-8"))
    summary["options"]["time_limit"] = 0
    Path("plan/plan.json").write_text(json.dumps(summary), encoding="utf-8")
    capsys.readouterr()
    assert call("reproduce", "plan") == 1
    assert capsys.readouterr().out.startswith("not reproduced: this time no plan was found\n")


def test_2_the_instance_is_not_there_or_not_the_same(here: Path, capsys: Capture) -> None:
    """The remedy is on the page: name the instance as it was."""
    assert call(*SOLVE, "-o", "plan") == 0
    shutil.move("reserve", "moved")
    capsys.readouterr()
    assert call("reproduce", "plan") == 2
    assert "plan.json:instance.path: reserve is not there" in capsys.readouterr().err
    assert call("reproduce", "plan", "moved") == 0
    toml = Path("moved/instance.toml")
    toml.write_text(toml.read_text(encoding="utf-8").replace("discount_rate = 0.0", "discount_rate = 0.1"), "utf-8")
    capsys.readouterr()
    assert call("reproduce", "plan", "moved") == 2
    assert "moved: is not the data that the plan was made from" in capsys.readouterr().err
    assert call("reproduce", "moved") == 2
    assert "not a plan folder" in capsys.readouterr().err
    assert call("reproduce", "plan", "moved", "-o", "moved") == 2


def test_a_run_of_a_batch_is_made_again(here: Path, capsys: Capture) -> None:
    """A pipeline that has the folder of a run need not know where in it the plan is."""
    assert call(*SOLVE, "-o", "plan") == 0
    keep(here / "study", Record("reserve--dear", objective=1.0), Plan.read("plan").write)
    capsys.readouterr()
    assert call("reproduce", "study/runs/reserve--dear") == 0
    assert capsys.readouterr().out.startswith("reproduced: ")
    assert call("reproduce", "study") == 2
    assert "name one of its runs, as study/runs/ID" in capsys.readouterr().err
