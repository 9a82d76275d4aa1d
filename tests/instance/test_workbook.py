"""A workbook is the same instance as the folder, to the last digit, and what a spreadsheet spoils is told."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from xlsxwriter import Workbook

from stockpile.errors import DataError, NotInstalledError, Problem
from stockpile.instance import Instance, load
from stockpile.instance.readme import readme_of
from stockpile.instance.starter import SETTINGS, STARTER
from stockpile.instance.workbook_write import workbook_of
from tests.instance.broken_workbooks import BROKEN, LAST
from tests.instance.test_names import NAMES, named
from tests.instance.test_round_trip import SOURCES, assert_same
from tests.instance.workbooks import Book, Formula, cell, formulas, opened, setting
from tests.oracle.strategies import instances
from tests.sampling import every

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(toml.parent for toml in (ROOT / "instances").rglob("instance.toml"))
HOSTILE = [
    *NAMES,
    "2027",
    "2027-01",
    "3-4",
    "1/2",
    "TRUE",
    "'x",
    "+1",
    "{=1}",
    "http://x.y",
    "_x0041_",
    "=cmd|' /C calc'!A0",
]


@pytest.fixture(scope="session")
def content(starter: Path) -> bytes:
    """The small commented instance as a workbook."""
    return workbook_of(load(starter))


@pytest.fixture
def book(content: bytes) -> Book:
    """Its cells, to be changed."""
    return opened(content)


def problems_of(place: Path) -> list[Problem]:
    """The faults of an instance, which must have some."""
    with pytest.raises(DataError) as caught:
        load(place)
    return caught.value.problems


def through(instance: Instance, file: Path, readme: str = "") -> Instance:
    """An instance written to a workbook and read back."""
    file.write_bytes(workbook_of(instance, readme))
    return load(file)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_instance_keeps_its_hash(folder: Path, tmp_path: Path) -> None:
    """With what it extends written out, its chains, its blanks, and its README."""
    instance = load(folder)
    readme = readme_of(folder)
    again = through(instance, tmp_path / "other.xlsx", readme)
    assert again.hash == instance.hash
    assert again.name == instance.name
    assert readme.startswith("# ")
    assert readme_of(tmp_path / "other.xlsx") == readme


@pytest.mark.parametrize("source", every(3, SOURCES))
def test_what_is_written_reads_back(source: str, tmp_path: Path) -> None:
    """Every rule that an instance can have, and the same bytes for the same content."""
    instance = SOURCES[source]()
    assert_same(instance, through(instance, tmp_path / "x.xlsx"))
    assert workbook_of(load(tmp_path / "x.xlsx")) == (tmp_path / "x.xlsx").read_bytes()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(instance=instances(scattered=True))
def test_any_instance_reads_back(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Weeks, months, kilograms among tonnes, long fractions and blanks of every table."""
    assert_same(instance, through(instance, tmp_path_factory.mktemp("any") / "x.xlsx"))


def test_every_digit_is_kept(tmp_path: Path) -> None:
    """The library would write 16 digits, and 0.1 + 0.2 needs 17."""
    numbers = [1 / 3, 5e-324, 123456789012345.0, 0.1 + 0.2, 1e-9, 999999999999999.9]
    rows = [{"sector": f"s{i}", "good": "Dy oxide", "quantity": number} for i, number in enumerate(numbers)]
    tables = {**STARTER, "sectors": [{"sector": row["sector"]} for row in rows], "demand": rows, "tiers": []}
    again = through(Instance.from_tables("x", SETTINGS, tables), tmp_path / "x.xlsx")
    assert again.table("demand")["quantity"].tolist() == numbers


@pytest.mark.parametrize("name", every(2, HOSTILE))
def test_a_name_is_only_a_name(name: str, tmp_path: Path) -> None:
    """No cell becomes a formula, a link, a number, a date or a truth value."""
    instance = named(name)
    again = through(instance, tmp_path / "x.xlsx", readme=f"# {name}\n\n{name}\n")
    assert again.hash == instance.hash
    assert again.table("goods")["good"].tolist() == [name]
    assert formulas((tmp_path / "x.xlsx").read_bytes()) == 0
    assert readme_of(tmp_path / "x.xlsx") == f"# {name}\n\n{name}\n"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook_is_refused_where_it_is_broken(name: str, book: Book, tmp_path: Path) -> None:
    """Without the check a blank, or another name, would stand for what the planner sees in the spreadsheet."""
    broken = BROKEN[name]
    broken.change(book)
    place = (broken.file, len(book.sheets["settings"]) if broken.row == LAST else broken.row, broken.column)
    problems = problems_of(book.write(tmp_path / "x.xlsx"))
    told = [p.message for p in problems if (p.file, p.row, p.column) == place]
    assert told, list(map(str, problems))
    assert any(broken.words in message for message in told), told
    assert all(len(str(problem)) < 1000 and str(problem).isprintable() for problem in problems)
    assert not any(".csv" in str(problem) or "instance.toml" in str(problem) for problem in problems)


def test_the_workbook_is_good_before_it_is_broken(book: Book, starter: Path, tmp_path: Path) -> None:
    """Otherwise the tests above would find faults of its own."""
    assert_same(load(starter), load(book.write(tmp_path / "x.xlsx")))


#: Changes that a spreadsheet makes of what is typed, and the same in a folder: both are one instance.
TYPED: dict[str, tuple[Callable[[Book], object], tuple[str, str, object]]] = {
    "a date": (cell("demand", 2, "from", date(2027, 1, 1)), ("demand", "from", "2027-01-01")),
    "a year": (cell("demand", 2, "from", 2027.0), ("demand", "from", "2027")),
    "periods": (cell("sources", 2, "lead_time", 1.0), ("sources", "lead_time", "1")),
    "a formula": (cell("prices", 2, "price", Formula("=10*2", 20)), ("prices", "price", 20.0)),
    "a number as text": (cell("prices", 2, "price", "21.5"), ("prices", "price", 21.5)),
    "a note that is a number": (cell("prices", 2, "note", 5.0), ("prices", "note", "5")),
    "a note that is a date": (cell("prices", 2, "note", date(2027, 1, 2)), ("prices", "note", "2027-01-02")),
}


@pytest.mark.parametrize("what", TYPED)
def test_what_a_spreadsheet_makes_of_typing_is_understood(what: str, book: Book, tmp_path: Path) -> None:
    """Excel makes a date of 2027-01 and a number of 2027; where that means the same, nobody need know."""
    change, (table, column, value) = TYPED[what]
    change(book)
    assert load(book.write(tmp_path / "x.xlsx")).table(table)[column].iloc[0] == value


def test_settings_may_be_typed_in_any_form(book: Book, starter: Path, tmp_path: Path) -> None:
    """Numbers as text, a date as text, and 10-01, of which Excel makes a date of this year."""
    setting("horizon.start", "2026-01-01")(book)
    setting("horizon.periods", str(load(starter).settings.horizon.periods))(book)
    setting("economics.fiscal_year_start", date(2026, 10, 1))(book)
    read = load(book.write(tmp_path / "x.xlsx"))
    assert read.settings.horizon == load(starter).settings.horizon
    assert read.settings.economics.fiscal_start == (10, 1)


def test_sheets_of_ones_own_and_case_do_not_matter(book: Book, starter: Path, tmp_path: Path) -> None:
    """A scratch sheet is passed over if its name says so; Excel takes Prices and prices for the same name."""
    book.sheets["_scratch"] = [["=", 1.0], ["any", "thing"]]
    book.sheets["Prices "] = book.sheets.pop("prices")
    book.sheets["empty"] = []
    book.sheets["sectors"].insert(2, ["", ""])
    assert load(book.write(tmp_path / "x.xlsx")).hash == load(starter).hash


def test_days_may_be_counted_from_1904(book: Book, starter: Path, tmp_path: Path) -> None:
    """Otherwise the horizon would start four years early."""
    assert isinstance(book.sheets["settings"][4][1], date)
    assert load(book.write(tmp_path / "x.xlsx", since_1904=True)).hash == load(starter).hash


def protected() -> bytes:
    """The beginning of a workbook that is protected by a password: no zip, but an OLE file with the encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def zipped(**parts: str) -> bytes:
    """A zip archive that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


NO_WORKBOOKS = {
    "protected": (protected(), "is protected by a password; save it without one"),
    "old": (protected()[:1000], "Excel 2003 or older; save it as .xlsx"),
    "text": (b"good,form\nDy,oxide\n", "is not a workbook (.xlsx)"),
    "empty": (b"", "is empty"),
    "archive": (zipped(a="x"), "is not a workbook that can be read"),
    "document": (zipped(_rels__x="x", x="y"), "is not a workbook that can be read"),
}


@pytest.mark.parametrize("what", NO_WORKBOOKS)
def test_a_file_that_is_no_workbook_is_refused(what: str, tmp_path: Path) -> None:
    """In words for the planner, not those of a library."""
    content, words = NO_WORKBOOKS[what]
    (tmp_path / "x.xlsx").write_bytes(content)
    (problem,) = problems_of(tmp_path / "x.xlsx")
    assert words in problem.message


@pytest.mark.parametrize("part", range(1, 10))
def test_half_a_workbook_is_refused(part: int, content: bytes, tmp_path: Path) -> None:
    """A download that broke off."""
    (tmp_path / "x.xlsx").write_bytes(content[: len(content) * part // 10])
    (problem,) = problems_of(tmp_path / "x.xlsx")
    assert "only a part of one" in problem.message


@pytest.mark.parametrize(
    ("name", "words"), [("x.ods", "save it as .xlsx"), ("x.toml", "a folder with instance.toml, or a")]
)
def test_other_files_are_refused(name: str, words: str, tmp_path: Path) -> None:
    """Other workbooks hold formulas that fail in ways that are not seen."""
    (tmp_path / name).write_bytes(b"x")
    (problem,) = problems_of(tmp_path / name)
    assert words in problem.message


def test_no_file_is_told_as_one(tmp_path: Path) -> None:
    """A name that is mistyped."""
    (problem,) = problems_of(tmp_path / "nowhere.xlsx")
    assert "there is no such file" in problem.message


def test_a_folder_may_have_the_name_of_a_workbook(starter: Path, tmp_path: Path) -> None:
    """It is read as what it is."""
    shutil.copytree(starter, tmp_path / "x.xlsx")
    assert load(tmp_path / "x.xlsx").hash == load(starter).hash


def test_a_stray_cell_far_away_does_not_fill_the_memory(book: Book, tmp_path: Path) -> None:
    """The library holds the whole rectangle: 17 thousand million cells."""
    book.sheets["_far"] = [["x"]]
    file = book.write(tmp_path / "x.xlsx")
    with Workbook(str(file)) as far:
        far.add_worksheet("settings").write_string(1_048_575, 16_383, "x")
    (problem,) = problems_of(file)
    assert "XFD1048576" in problem.message


def test_all_faults_come_at_once(book: Book, tmp_path: Path) -> None:
    """Those of sheets, of settings and of cells."""
    for change in (
        cell("prices", 2, "price", True),
        setting("units.time", "years"),
        cell("demand", 2, "quantity", -1.0),
    ):
        change(book)
    book.sheets["price"] = [["x"]]
    files = {problem.file for problem in problems_of(book.write(tmp_path / "x.xlsx"))}
    assert files == {"sheet prices", "sheet settings", "sheet demand", "sheet price"}


def test_a_workbook_may_extend_a_folder_and_a_folder_a_workbook(starter: Path, tmp_path: Path) -> None:
    """A what-if as a sheet or two: the same instance as the folder that says the same."""
    shutil.copytree(starter, tmp_path / "base")
    source = load(starter).table("sources")["source"].iloc[0]
    what_if: dict[str, list[list[Any]]] = {
        "settings": [
            ["setting", "value"],
            ["format", 1.0],
            ["name", "what-if"],
            ["extends", "base"],
            ["delete", "targets"],
        ],
        "sources": [["source", "lead_time", "delete"], [source, "2", ""]],
    }
    Book(what_if).write(tmp_path / "what-if.xlsx")
    (tmp_path / "same").mkdir()
    (tmp_path / "base.xlsx").write_bytes(workbook_of(load(starter)))
    text = 'format = 1\nname = "what-if"\nextends = "../base.xlsx"\ndelete = ["targets"]\n'
    (tmp_path / "same" / "instance.toml").write_text(text, encoding="utf-8")
    (tmp_path / "same" / "sources.csv").write_text(f"source,lead_time\n{source},2\n", encoding="utf-8")
    read = load(tmp_path / "what-if.xlsx")
    assert read.hash == load(tmp_path / "same").hash != load(starter).hash
    assert read.lineage.extends == ("base",)
    assert load(tmp_path / "same").lineage.extends == ("../base.xlsx",)
    what_if["sources"].append(["nowhere", "2", "true"])
    what_if["settings"][3][1] = "elsewhere"
    (problem,) = problems_of(Book(what_if).write(tmp_path / "what-if.xlsx"))
    assert str(problem).startswith("sheet settings:4:extends: the folder 'elsewhere' is not there")


@pytest.mark.parametrize("library", ["xlsxwriter", "python_calamine"])
def test_a_missing_library_is_told_with_its_remedy(
    library: str, starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most installations need no workbooks."""
    instance = load(starter)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotInstalledError, match=r"pip install 'stockpile\[excel\]'"):
        through(instance, tmp_path / "y.xlsx")


def test_no_library_is_loaded_without_need() -> None:
    """A folder is read without the libraries for workbooks."""
    code = (
        "import sys; from stockpile.instance import load; load('instances/quickstart'); "
        "print([m for m in ('xlsxwriter', 'python_calamine') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"
