"""``stockpile frontier``: a page, CSV or one document, plan folders; what cannot be varied is bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from stockpile.plan.plan import Plan
from stockpile.report.page import whole
from tests.cli.program import call
from tests.report.page.reading import charts, read

Capture = pytest.CaptureFixture[str]
DEARER = ("--vary", "prices[*].price*=1:1.5:3", "--gap", "0.01")


def test_a_page_a_sheet_and_a_document_say_the_same(here: Path, capsys: Capture) -> None:
    """Who reads the page, opens the sheet or parses the document sees one set of points."""
    assert call("frontier", "reserve", *DEARER) == 0
    page = capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= 80
    assert call("frontier", "reserve", *DEARER, "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert call("frontier", "reserve", *DEARER, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [float(row["value"]) for row in rows] == [point["value"] for point in found["points"]] == [1, 1.25, 1.5]
    costs = [point["objective"] for point in found["points"]]
    assert [float(row["objective (MUSD)"]) for row in rows] == costs == sorted(costs)
    assert all(point["bound"] <= point["objective"] for point in found["points"])
    assert all(f"{cost:,.2f}" in page for cost in costs)
    assert all(point["figures"]["Cost: total (objective) (MUSD)"] == point["objective"] for point in found["points"])


def test_each_point_has_a_plan_folder(here: Path, capsys: Capture) -> None:
    """They can be read, and a shorter frontier leaves none of a longer one."""
    assert call("frontier", "reserve", *DEARER, "-o", "points") == 0
    plans = [Plan.read(folder) for folder in sorted(Path("points").iterdir())]
    assert [plan.summary["options"]["set"] for plan in plans] == [
        [f"prices[*].price*={v}"] for v in ("1", "1.25", "1.5")
    ]
    assert call("frontier", "reserve", "--shortfall", "2", "--gap", "0.01", "-o", "points") == 0
    assert [folder.name for folder in sorted(Path("points").iterdir())] in (["point-001"], ["point-001", "point-002"])
    assert Plan.read(Path("points/point-001")).status == "optimal"


def test_points_without_plans_have_their_status(here: Path, capsys: Capture) -> None:
    """Some infeasible points are part of the answer; only where all are is that the exit status."""
    assert call("frontier", "reserve", "--vary", "goods[*].end_stock=0:1e9:2", "--json") == 0
    assert [p["status"] for p in json.loads(capsys.readouterr().out)["points"]] == ["optimal", "infeasible"]
    assert call("frontier", "reserve", "--vary", "goods[*].end_stock=1e8:1e9:2") == 3
    assert "no plan can be" in capsys.readouterr().out


def test_a_page_and_pictures(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The HTML file may lie beside the plans of the points; its curve has what the document says."""
    monkeypatch.setattr(whole, "library", lambda: "/* the library */")
    places = ("-o", "points", "--html", "points/curve.html", "--figures", "points/figures")
    for _ in range(2):
        assert call("frontier", "reserve", *DEARER, *places, "--json") == 0
        out, err = capsys.readouterr()
    found = json.loads(out)["points"]
    page = read(Path("points/curve.html").read_text(encoding="utf-8"))
    drawn = charts(page)
    assert [(r["value"], r["cost"], r["bound"]) for r in drawn["frontier"]["data"]["values"]] == [
        (p["value"], p["objective"], p["bound"]) for p in found
    ]
    names = {f"{place}.{ending}" for place in drawn for ending in ("png", "svg")}
    assert {path.name for path in Path("points/figures").iterdir()} == names
    assert f"report written to points/curve.html\n{len(names)} figures written to points/figures\n" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "give one of --vary"),
        ("--vary prices[*].price*=1:2:3 --shortfall 3", "give one of --vary"),
        ("--vary prices[*].price*=1:2", "write KEY=LOW:HIGH:N"),
        ("--vary prices[*].price*=1:2:3:4", "write KEY=LOW:HIGH:N"),
        ("--vary 1:2:3", "write KEY=LOW:HIGH:N"),
        ("--vary prices[*].price*=1:x:3", "write KEY=LOW:HIGH:N"),
        ("--vary prices[*].price*=1:inf:3", "LOW and HIGH are numbers"),
        ("--vary prices[*].price*=1:2:1", "N is from 2 to"),
        ("--vary nosuch[*].price*=1:2:3", "nosuch"),
        ("--vary prices[*].price=-1:2:3", "price"),
        ("--shortfall 1", "--shortfall"),
        ("--shortfall 3 --csv --json", "--csv and --json are two forms"),
        ("--shortfall 3 -o reserve", "-o reserve"),
        ("--shortfall 3 --html no/where.html", "--html no/where.html: there is no folder"),
        ("--shortfall 3 --html reserve/instance.toml", "a file of the instance"),
        ("--shortfall 3 -o points --html points", "--html points: a folder to be; give the name of a file"),
        ("--shortfall 3 --html plan", "--html plan: a folder"),
        ("--shortfall 3 --figures reserve", "--figures: in the folder of an instance"),
    ],
)
def test_2_what_cannot_be_varied(arguments: str, words: str, here: Path, capsys: Capture) -> None:
    """The fault says what would be right, and nothing is solved."""
    assert call("frontier", "reserve", *arguments.split()) == 2
    assert words in capsys.readouterr().err
