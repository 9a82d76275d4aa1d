"""``stockpile compare``: a page, CSV or one document; plans that cannot be compared are bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.program import call, shown

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def two(here: Path, capsys: Capture) -> Path:
    """A working folder with a second plan beside the first, after dearer prices."""
    assert call("solve", "reserve", "--set", "prices[*].price*=1.2", "--gap", "0.01", "-o", "dear") == 0
    capsys.readouterr()
    return here


def test_a_page_a_sheet_and_a_document_say_the_same(two: Path, capsys: Capture) -> None:
    """Who reads the page, opens the sheet or parses the document sees one set of figures."""
    assert call("compare", "plan", "dear") == 0
    page = capsys.readouterr().out
    assert "     with prices[*].price*=1.2\n" in page
    assert max(map(len, page.splitlines())) <= 80
    assert call("compare", "plan", "dear", "--csv") == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["section", "figure", "unit", "1 plan", "2 dear"]
    assert call("compare", "plan", "dear", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [plan["set"] for plan in found["plans"]] == [[], ["prices[*].price*=1.2"]]
    assert [row[1] for row in rows[1:]] == [figure["figure"] for figure in found["figures"]]
    (total,) = [figure["values"] for figure in found["figures"] if figure["figure"] == "total (objective)"]
    assert f"{total[0]:.2f}" in page
    assert [float(v) for v in next(row for row in rows if row[1] == "total (objective)")[3:]] == total
    assert total[1] > total[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "give two plans or more"),
        ("plan", "give two plans or more"),
        ("plan dear --csv --json", "--csv and --json are two forms"),
        ("plan nowhere", "no plan.json"),
        ("plan reserve", "not a plan folder"),
        ("plan old", "does not say from what the plan is (context, units); solve the instance again"),
        ("plan euro", "'MEUR' does not convert into 'MUSD': one is in EUR, the other in USD"),
    ],
)
def test_2_what_cannot_be_compared(arguments: str, words: str, two: Path, capsys: Capture) -> None:
    """The fault names the folder, on standard error, and in the document where that is asked."""
    for name, entry, value in (("old", "context", None), ("euro", "units", {"quantity": "t", "money": "MEUR"})):
        (two / name).mkdir()
        for file in (two / "plan").iterdir():
            (two / name / file.name).write_bytes(file.read_bytes())
        summary = json.loads((two / name / "plan.json").read_text(encoding="utf-8"))
        (two / name / "plan.json").write_text(json.dumps({**summary, entry: value}), encoding="utf-8")
    assert call("compare", *arguments.split()) == 2
    out, err = capsys.readouterr()
    assert (out == "") == ("--json" not in arguments)
    assert words in err
    assert "Traceback" not in err
    assert call("compare", *arguments.split(), "--json") == 2
    assert json.loads(capsys.readouterr().out)["status"] == "bad input"


def test_the_names_of_folders_do_nothing_to_the_terminal(two: Path, capsys: Capture) -> None:
    """Headings carry the names of folders, on the page and in the sheet."""
    for odd in ("a\x1b[31mb", "=1+1", "\u202eb"):
        (two / "dear").rename(two / odd)
        for form in ((), ("--csv",), ("--json",)):
            assert call("compare", "plan", odd, *form) == 0
            assert shown(capsys.readouterr().out)
        (two / odd).rename(two / "dear")
