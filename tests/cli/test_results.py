"""``stockpile results``: a page, CSV, JSON and Parquet say the same; what cannot be told is bad input."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from stockpile.plan.plan import Plan
from stockpile.study.batch.folder import Record, keep
from stockpile.study.results.columns import FORMAT, PLAN_TABLES, RUN_TABLES
from tests.cli.program import call

Capture = pytest.CaptureFixture[str]
NAME = "reserve--price=1.2--a-name-that-goes-on-beyond-what-a-column-of-a-page-has-room-for"


@pytest.fixture
def study(here: Path) -> Path:
    """A batch of two runs, one without a plan, whose message is hostile to terminals and spreadsheets."""
    plan = Plan.read("plan")
    record = Record(
        NAME, state="optimal", exit=0, objective=plan.objective, bound=plan.bound, gap=plan.gap, unit="MUSD"
    )
    keep(Path("study"), record, plan.write)
    keep(Path("study"), Record("other", state="infeasible", exit=3, message='=1+1 <b>\x1b[31m, "quoted"\nmore'))
    return here


def test_all_forms_say_the_same(study: Path, capsys: Capture) -> None:
    """Who reads the page, opens the sheet, parses the document or loads the file sees the same rows."""
    query = ("--sql", "SELECT run, state, objective, message FROM runs ORDER BY run")
    assert call("results", "study", *query) == 0
    page = capsys.readouterr().out
    assert call("results", "study", *query, "--to", "csv") == 0
    sheet = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert call("results", "study", *query, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert call("results", "study", *query, "--to", "json") == 0
    assert json.loads(capsys.readouterr().out) == found
    assert call("results", "study", *query, "--to", "parquet", "-o", "runs.parquet") == 0
    assert capsys.readouterr().err == "2 rows written to runs.parquet\n"
    kept = parquet.read_table("runs.parquet")
    assert kept.to_pylist() == found["rows"]
    assert found["format"] == FORMAT == int(kept.schema.metadata[b"stockpile.results.format"])
    assert [column["name"] for column in found["columns"]] == list(sheet[0])
    for row, line in zip(found["rows"], sheet, strict=True):
        assert line["objective"] == ("" if row["objective"] is None else repr(row["objective"]))
        assert (line["run"], line["message"]) == (row["run"], row["message"])
    assert f"{found['rows'][1]['objective']:,.6g}" in page or f"{found['rows'][0]['objective']:,.6g}" in page
    assert page.endswith("2 rows\n")


def test_the_page_fits_its_width_and_says_what_it_leaves_out(study: Path, capsys: Capture) -> None:
    """Long names are shortened, columns without room are named, and nothing in a name moves the cursor."""
    for query in ((), ("--sql", "SELECT * FROM runs"), ("--sql", "FROM stock")):
        assert call("results", "study", *query) == 0
        page = capsys.readouterr().out
        assert max(map(len, page.splitlines())) <= 80
        assert "\x1b" not in page
    assert call("results", "study", "--sql", "SELECT * FROM runs") == 0
    assert "no room for" in capsys.readouterr().out
    assert call("results", "study", "--sql", "SELECT * FROM range(5000)") == 0
    page = capsys.readouterr().out
    assert "5,000 rows, of which the first 1,000 are shown" in page
    assert len(page.splitlines()) == 1002


def test_the_columns_are_told_without_a_folder(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes a query looks for names and units there; a program reads the same."""
    monkeypatch.chdir(tmp_path)
    assert call("results", "--columns") == 0
    page = capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= 80
    assert f"format {FORMAT}" in page
    assert call("results", "--columns", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    names = [table["name"] for table in found["tables"]]
    assert len(set(names)) == len(names) == len(RUN_TABLES) + len(PLAN_TABLES)
    assert "plan.runs" in names
    for table in found["tables"]:
        assert f"\n{table['name']}  " in page
        assert all(f"\n  {column['name']:<16} " in page for column in table["columns"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "give DIR"),
        ("nowhere", "nowhere: is not there"),
        ("reserve", "holds neither runs nor plans"),
        ("plan/plan.json", "is a file"),
        ("study -o runs.csv", "-o needs --to"),
        ("study --to csv --json", "--json needs -o FILE"),
        ("study --to csv -o study", "-o study: a folder"),
        ("study --to csv -o study/study.toml", "a file of the batch"),
        ("study --to xlsx", "xlsx"),
        ("study --sql DROP_TABLE", "--sql: Parser Error"),
        ("study --sql FROM'/etc/passwd'", "--sql: Catalog Error"),
        ("study --sql FROM(SELECT(INTERVAL'1'DAY)) --to parquet -o x.parquet", "cast in the query"),
    ],
)
def test_2_what_cannot_be_told(arguments: str, words: str, study: Path, capsys: Capture) -> None:
    """The fault says what would be right, without a traceback, and nothing is written."""
    Path("study/study.toml").write_text("", encoding="utf-8")
    assert call("results", *arguments.split()) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert "--json" in arguments or out == ""
    assert not Path("runs.csv").exists()
    assert not Path("x.parquet").exists()


def test_2_without_duckdb_the_remedy_is_told(study: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra that most users do not need."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert call("results", "study") == 2
    assert "pip install 'stockpile[results]'" in capsys.readouterr().err


def test_a_file_is_whole_and_told_as_a_document(study: Path, capsys: Capture) -> None:
    """With -o the document says where the rows are."""
    assert call("results", "study", "--to", "csv", "-o", "runs.csv", "--json", "-q") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"status": "ok", "rows": 2, "format": "csv", "file": "runs.csv"}
    assert err == ""
    with Path("runs.csv").open(encoding="utf-8", newline="") as file:
        assert [row["run"] for row in csv.DictReader(file)] == ["other", NAME]
