"""``stockpile report``: a file, its figures, and what cannot be written or read."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from stockpile.report.page import whole
from tests.cli.program import call

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that draws takes seconds to put together."""
    monkeypatch.setattr(whole, "library", lambda: "/* the library */")


def test_a_file_and_its_figures(here: Path, capsys: Capture) -> None:
    """One HTML file, and each chart of it as SVG and PNG; what was there is replaced."""
    for _ in range(2):
        assert call("report", "plan", "-o", "a.html", "--figures", "some/figures", "--json") == 0
        out, err = capsys.readouterr()
    told = json.loads(out)
    page = (here / "a.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    figures = sorted(path.name for path in (here / "some" / "figures").iterdir())
    assert told["status"] == "ok"
    assert sorted(Path(name).name for name in told["figures"]) == figures
    assert {name.rpartition(".")[0] for name in figures} == set(
        json.loads(page.split('id="charts">')[1].split("</script>")[0])
    )
    assert len(figures) == 2 * len({name.rpartition(".")[0] for name in figures}) > 10
    assert f"report written to a.html\n{len(figures)} figures written to some/figures\n" in err


def test_without_a_name_it_is_here(here: Path, capsys: Capture) -> None:
    """The file has a name of its own; of several plans each has its charts."""
    assert call("report", "plan", "plan", "-q") == 0
    assert capsys.readouterr() == ("", "")
    assert 'id="p2-costs"' in (here / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "Missing argument 'PLAN [PLAN]...'"),
        ("nowhere", "no plan.json"),
        ("reserve", "not a plan folder"),
        ("plan -o plan/a.html", "in the folder of a plan"),
        ("plan -o plan/plan.json", "a file of the plan"),
        ("plan -o reserve", "a folder; give the name of a file"),
        ("plan -o no/where.html", "-o no/where.html: there is no folder"),
        ("plan --figures plan", "in the folder of a plan"),
        ("plan --figures reserve/instance.toml", "a file; give the name of a folder"),
    ],
)
def test_2_what_cannot_be(arguments: str, words: str, here: Path, capsys: Capture) -> None:
    """The fault names the place, and nothing is written."""
    before = sorted(here.rglob("*"))
    assert call("report", *arguments.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert sorted(here.rglob("*")) == before


def test_2_without_the_extra(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who installed the engine alone is told what to install."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "stockpile.cli.write_page.find_spec", lambda name: None if name == "vl_convert" else found(name)
    )
    assert call("report", "plan") == 2
    assert "pip install 'stockpile[report]'" in capsys.readouterr().err
    assert not (here / "report.html").exists()
