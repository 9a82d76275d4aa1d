"""A plan's workbook says what the plan says, and opens in a spreadsheet."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from stockpile.engine import solve
from stockpile.errors import NotInstalledError
from stockpile.instance import load
from stockpile.plan.plan import TABLES, Plan
from stockpile.report.comparison import compare
from stockpile.report.workbook import workbook_of
from stockpile.report.workbook_styles import pattern
from tests.instance.test_names import named
from tests.instance.workbooks import formulas
from tests.models.cases import CASES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of the page of data that can be followed by hand."""
    return solve(load(ROOT / "instances" / "quickstart"))


@pytest.fixture(scope="module")
def content(plan: Plan) -> bytes:
    """Its workbook."""
    return workbook_of(plan, "plan")


def rows_of(content: bytes, sheet: str) -> list[list[Any]]:
    """The rows of a sheet."""
    with python_calamine.load_workbook(io.BytesIO(content)) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def names_of(content: bytes) -> list[str]:
    """The names of the sheets."""
    with python_calamine.load_workbook(io.BytesIO(content)) as book:
        return book.sheet_names


def test_every_table_with_rows_is_a_sheet_with_all_its_cells(plan: Plan, content: bytes) -> None:
    """A figure that is rounded or left out would make another plan of it; empty sheets would only be in the way."""
    filled = [name for name in TABLES if len(plan.tables[name])]
    assert names_of(content) == ["summary", "by year", "figures", *filled]
    for name in filled:
        frame = plan.tables[name]
        header, *rows = rows_of(content, name)
        columns = [column for column in TABLES[name].columns if column.name != "node"]
        assert [title.split(" (")[0].replace(" ", "_") for title in header] == [c.name for c in columns]
        for at, column in enumerate(columns):
            cells = [row[at] for row in rows]
            assert cells == frame[column.name].tolist(), (name, column.name)


def test_headers_have_units(content: bytes) -> None:
    """A number without its unit is no number."""
    assert rows_of(content, "funds")[0][:4] == ["period", "fund", "opening (MUSD)", "budget (MUSD)"]
    assert "price (USD/kg)" in rows_of(content, "order_steps")[0]
    assert "quantity (kt)" in rows_of(content, "orders")[0]


def test_the_summary_says_what_the_page_says(plan: Plan, content: bytes) -> None:
    """Status, objective, bound, gap, audit, every cost, funds, goods and projects, in the page's words."""
    rows = rows_of(content, "summary")
    cells = [cell for row in rows for cell in row if cell != ""]
    assert plan.summary["instance"]["title"] == rows[0][0]
    assert "optimal: within the asked gap of 0.01 % of the best possible plan" in cells
    checked = plan.summary["audit"]["rows"]
    assert checked > 900
    assert f"audit passed: {checked:,} rows and every cost recomputed from the plan's tables" in cells
    first = {row[0]: row[1:] for row in reversed(rows)}
    assert [first[name][0] for name in ("objective", "bound", "gap")] == [418.0, 418.0, 0.0]
    assert [first[name][0] for name in ("purchases", "shortfall (penalty)", "project tranches", "holding stock")] == [
        352.0,
        35.0,
        21.0,
        10.0,
    ]
    assert first["total (objective)"][0] == 418.0
    assert first["treasury"][:7] == [600.0, 0.0, 0.0, -383.0, 0.0, 217.0, 0.0]
    assert first["antimony"][:7] == [40.0, 34.0, 2.0, 35.0, 0.0, 0.0, pytest.approx(91.3125)]
    assert first["smelter"][:2] == ["2 of 2", "2028"]
    assert {name: first[name][0] for name in ("home", "abroad")} == {
        "home": pytest.approx(96 / 352),
        "abroad": pytest.approx(256 / 352),
    }


def test_years_add_up_to_the_accounts(plan: Plan, content: bytes) -> None:
    """What a fund gets less what it pays is what it has at the end."""
    header, *rows = rows_of(content, "by year")
    assert header == ["about", "name", "figure", "unit", "2026", "2027", "2028", "2029"]
    own = [row for row in rows if row[:2] == ["fund", "treasury"]]
    flows = sum(sum(row[4:]) for row in own if "year end" not in row[2])
    (cash,) = [row for row in own if row[2] == "cash at year end"]
    assert (
        flows
        == pytest.approx(cash[-1])
        == pytest.approx(plan.funds[plan.funds["fund"] == "treasury"]["closing"].iloc[-1])
    )


def test_every_figure_is_there(plan: Plan, content: bytes) -> None:
    """As `stockpile compare` has them, exactly."""
    found = compare([("plan", plan)])
    told = {(row[0], row[1]): row[2] for row in rows_of(content, "figures")[1:]}
    assert len(told) > 20
    by_label = {(figure.section, figure.label): found.row(figure)[0] for figure in found.figures}
    assert all(by_label[key] == value for key, value in told.items())


def test_the_same_plan_is_the_same_file(plan: Plan, content: bytes) -> None:
    """Not the hour at which it was written."""
    assert workbook_of(plan, "plan") == content


@pytest.mark.parametrize(
    "name", ["=1+1", "@SUM(A1)", "<b>&", "2027-01", "=cmd|' /C calc'!A0", "x" * 200, "&D&F", "http://x.y"]
)
def test_names_are_only_names(name: str) -> None:
    """In cells, in the title and in the footer of the printed page, where & has a meaning."""
    content = workbook_of(solve(named(name)), "plan")
    assert formulas(content) == 0
    assert rows_of(content, "summary")[0][0] == name
    assert {row[1] for row in rows_of(content, "balance")[1:]} == {name}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        links = "".join(parts.read(part).decode() for part in parts.namelist() if part.endswith(".rels"))
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "http://x.y" not in links
    if name == "&D&F":
        assert "&amp;L&amp;L" not in sheet
        assert "&amp;L&amp;&amp;D&amp;&amp;F&amp;R" in sheet


def test_futures_have_their_probability() -> None:
    """Without it nobody could take an expected value of the rows."""
    plan = solve(CASES["in_the_dark"]())
    content = workbook_of(plan, "plan")
    header, *rows = rows_of(content, "balance")
    assert header[:3] == ["node", "period", "probability"]
    first = [row for row in rows if row[1] == rows[0][1] and row[3] == rows[0][3]]
    assert sum(row[2] for row in first) == pytest.approx(1.0)
    assert "outcomes" in names_of(content)


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("money", [1234.5], '#,##0.00;-#,##0.00;"-"'),
        ("quantity", [22.0, 8.0], '#,##0;-#,##0;"-"'),
        ("quantity", [0.35, 1200.0], '#,##0.00;-#,##0.00;"-"'),
        ("price", [math.nan], '#,##0;-#,##0;"-"'),
        ("share", [0.5], "0.0 %"),
        ("rate", [0.00001], "0.0000 %"),
        ("number", [3], "0"),
    ],
)
def test_numbers_are_shown_with_the_decimals_they_need(kind: str, values: list[float], shown: str) -> None:
    """A third of a tonne that is shown as 0 is read as nothing."""
    assert pattern(kind, values) == shown


def test_a_missing_library_is_told(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'stockpile\[excel\]'"):
        workbook_of(plan, "plan")


@pytest.mark.skipif(
    shutil.which("libreoffice") is None, reason="LibreOffice is not installed (apt-get install libreoffice-calc)"
)
def test_a_spreadsheet_opens_it(content: bytes, tmp_path: Path) -> None:
    """LibreOffice reads every sheet of the plan, and prints it; what Excel finds broken it mostly refuses, too."""
    (tmp_path / "plan.xlsx").write_bytes(content)
    office = ["libreoffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    for form in ("pdf", "xlsx:Calc MS Excel 2007 XML"):
        command = [*office, form, "--outdir", str(tmp_path / "out"), str(tmp_path / "plan.xlsx")]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    pdf = (tmp_path / "out" / "plan.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 10_000
    again = (tmp_path / "out" / "plan.xlsx").read_bytes()
    assert names_of(again) == names_of(content)
    for sheet in ("summary", "by year", "funds"):
        cells, kept = (
            [cell for row in rows_of(book, sheet) for cell in row if cell != ""] for book in (content, again)
        )
        assert [c for c in kept if isinstance(c, str)] == [c for c in cells if isinstance(c, str)]
        numbers = [c for c in cells if not isinstance(c, str)]
        assert [c for c in kept if not isinstance(c, str)] == pytest.approx(numbers, rel=1e-14)
