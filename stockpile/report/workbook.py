"""A plan as a workbook to hand on: a summary, what happens by year, every figure, and every table that has rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stockpile.instance.spreadsheet import Book, put, put_table
from stockpile.plan.plan import TABLES, Column, Table
from stockpile.report.comparison import Comparison, compare, says_something, unit_of
from stockpile.report.figures import Sums
from stockpile.report.workbook_styles import pattern
from stockpile.report.workbook_summary import write_summary
from stockpile.report.yearly import Line, by_year, years_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from stockpile.plan.plan import Plan

YEARS, FIGURES = "by year", "figures"


def workbook_of(plan: Plan, folder: str) -> bytes:
    """The workbook of a plan; ``folder`` names it in a message.

    Raises NotInstalledError without the library, DataError where plan.json does not say from what the plan is, or a table
    has more rows than a sheet.
    """
    found = compare([(folder, plan)])
    sums = Sums(plan, folder)
    lines = by_year(sums)
    about = plan.summary["instance"]
    title = str(about.get("title") or about.get("name") or "plan")
    book = Book(title)
    tables = [table for table in TABLES.values() if len(plan.tables[table.name])]
    contents: list[tuple[str, str, int | None]] = [
        (YEARS, "money and goods by calendar year", len(lines)),
        (FIGURES, "every figure by which plans are compared", None),
        *((table.name, table.meaning, len(plan.tables[table.name])) for table in tables),
    ]
    write_summary(book, title, found, lines, contents)
    _years(book, sums, lines)
    _figures(book, found)
    for table in tables:
        _table(book, table, sums)
    return book.bytes()


def _years(book: Book, sums: Sums, lines: Sequence[Line]) -> None:
    """Money and goods by calendar year, a line for each figure: to be filtered, or put into a chart."""
    years = years_of(sums)
    sheet = book.sheet(YEARS)
    expected = ", expected over all scenarios" if sums.weights else ""
    notes = {2: f"Not discounted{expected}; what a fund pays is negative."}
    columns: list[list[Any]] = [[line.kind for line in lines], [line.name for line in lines]]
    columns += [[line.title for line in lines], [line.unit for line in lines]]
    columns += [[line.values[at] for line in lines] for at in range(len(years))]
    titles = ["about", "name", "figure", "unit", *years]
    put_table(book, sheet, titles, notes, columns, [book.format()] * len(titles))
    kinds = {"fund": "money", "good": "quantity"}
    shown = {kind: pattern(kinds[kind], _of(lines, kind)) for kind in kinds}
    for row, line in enumerate(lines, 1):
        for at, value in enumerate(line.values, 4):
            put(sheet, row, at, value, book.format(num_format=shown[line.kind]))
    sheet.freeze_panes(1, 3)


def _of(lines: Sequence[Line], kind: str) -> list[float]:
    """All values of the lines about funds, or about goods."""
    return [value for line in lines if line.kind == kind for value in line.values]


def _figures(book: Book, found: Comparison) -> None:
    """Every figure that says something, by section."""
    own = [figure for figure in found.figures if says_something(figure, found.row(figure))]
    values = [found.row(figure)[0] for figure in own]
    units = ["" if figure.kind in ("share", "rate") else unit_of(figure, found) for figure in own]
    sheet = book.sheet(FIGURES)
    columns: list[list[Any]] = [[f.section for f in own], [f.label for f in own], values, units]
    put_table(
        book,
        sheet,
        ["section", "figure", "value", "unit"],
        {},
        columns,
        [*[book.format()] * 3, book.format(indent=1, align="left")],
    )
    for row, (figure, value) in enumerate(zip(own, values, strict=True), 1):
        shown = "@" if isinstance(value, str) else pattern(figure.kind, [value])
        put(sheet, row, 2, value, book.format(num_format=shown, align="right"))
    sheet.set_column(2, 2, 18)


def _table(book: Book, table: Table, sums: Sums) -> None:
    """One table of the plan: units in its header, the meaning of each column as a note on it.

    Nodes are left out where they are the periods; where they are not, each has its probability.
    """
    frame, units = sums.plan.tables[table.name], {**sums.plan.summary["units"], **sums.units}
    titles: list[str] = []
    notes: dict[int, str] = {}
    cells: list[list[Any]] = []
    styles: list[Format | None] = []

    def add(title: str, note: str, values: list[Any], style: Format) -> None:
        notes[len(titles)] = note
        titles.append(title)
        cells.append(values)
        styles.append(style)

    for column in table.columns:
        values = frame[column.name].tolist()
        if column.name == "node" and values == frame["period"].tolist():
            continue
        unit = units.get(column.kind, "")
        title = column.name.replace("_", " ") + (f" ({unit})" if unit else "")
        text = column.dtype == "str"
        style = (
            book.format(num_format="@", indent=1, align="left")
            if text
            else book.format(num_format=pattern(column.kind, values))
        )
        add(title, column.meaning + _depends(column), values, style)
        if column.name == "period" and sums.weights:
            likely = [sums.weights.get(node, 1.0) for node in frame["node"]]
            add("probability", "how likely the node is", likely, book.format(num_format="0.0 %"))
    sheet = book.sheet(table.name)
    put_table(book, sheet, titles, notes, cells, styles)
    sheet.freeze_panes(1, min(sum(column.kind in ("period", "name") for column in table.columns), 3))


def _depends(column: Column) -> str:
    """What is said of a unit that is not the same in all rows."""
    return "; its unit is that of what the row is about" if column.kind in ("bound", "effect", "figure") else ""
