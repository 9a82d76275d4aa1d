"""Workbooks as they are written: exact numbers, text that stays text, and never a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from stockpile.errors import DataError, NotInstalledError, Problem

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: The most rows of a sheet, and characters of the header of a printed page.
MOST_ROWS, MOST_HEADER = 1_048_576, 200
#: Widths of columns, in characters.
NARROWEST, WIDEST = 9, 48
#: Rows whose cells decide how wide a column is.
_MEASURED = 500
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
#: When a workbook says it was made: always the same, so that the same content is the same file.
_MADE = datetime(2000, 1, 1)


class Exact(float):
    """A number that is written with every digit: the library's 16 would make another one of some."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


@dataclass
class Book:
    """A workbook that is being written; ``bytes()`` ends it.  Raises NotInstalledError where the library is missing."""

    title: str
    _sink: io.BytesIO = field(default_factory=io.BytesIO)
    _formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)
    _book: Workbook = field(init=False)

    def __post_init__(self) -> None:
        try:
            from xlsxwriter import Workbook
        except ImportError:
            raise NotInstalledError("XlsxWriter", "writing a workbook", "excel") from None
        self._book = Workbook(self._sink, _SAFE)
        self._book.set_properties({"title": self.title, "author": "stockpile", "created": _MADE})

    def format(self, **properties: Any) -> Format:
        """A format of cells; equal ones are one."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **properties})
        return self._formats[key]

    def header(self, right: bool = False) -> Format:
        """How the names of columns look, of those of figures to the right."""
        side = {"align": "right"} if right else {"align": "left", "indent": 1}
        return self.format(bold=True, bg_color="#DCE6F1", bottom=1, text_wrap=True, **side)

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, set up to be printed: landscape, as wide as the page, title, name and page below."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.title[:MOST_HEADER].replace('&', '&&')}&R&A   &P / &N")
        return sheet

    def bytes(self) -> bytes:
        """The finished workbook."""
        self._book.close()
        return self._sink.getvalue()


def put(sheet: Worksheet, row: int, column: int, value: Any, style: Format | None = None) -> None:
    """Write a cell as what it is: text, an exact number, true or false, a date; blank where it is none of these.

    Rows and columns count from 0.
    """
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    elif value is not None and math.isfinite(value):
        sheet.write_number(row, column, Exact(value), style)
    elif style is not None:
        sheet.write_blank(row, column, None, style)


def put_table(
    book: Book,
    sheet: Worksheet,
    titles: Sequence[str],
    notes: Mapping[int, str],
    columns: Sequence[Sequence[Any]],
    styles: Sequence[Format | None],
    top: int = 0,
) -> None:
    """Write a table: a header that stays in sight, is repeated on every page, can filter and has notes, then its columns.

    Raises DataError where it has more rows than a sheet.
    """
    rows = len(columns[0]) if columns else 0
    if rows + top + 1 > MOST_ROWS:
        what = f"has {rows:,} rows, and a sheet holds {MOST_ROWS - 1:,}; use CSV or Parquet"
        raise DataError([Problem(f"sheet {sheet.get_name()}", what)])
    widths = [width_of(title, cells) for title, cells in zip(titles, columns, strict=True)]
    for at, (title, cells, style) in enumerate(zip(titles, columns, styles, strict=True)):
        sheet.set_column(at, at, widths[at], style)
        figures = any(isinstance(cell, float | int) and not isinstance(cell, bool) for cell in cells[:_MEASURED])
        put(sheet, top, at, title, book.header(figures))
        if at in notes:
            sheet.write_comment(top, at, notes[at], {"x_scale": 2.2, "y_scale": 1.0 + len(notes[at]) / 200})
        for row, value in enumerate(cells, top + 1):
            put(sheet, row, at, value, style)
    lines = max((_lines(title, width) for title, width in zip(titles, widths, strict=True)), default=1)
    sheet.set_row(top, 15.0 * lines + 3.0)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, top + rows, max(len(titles) - 1, 0))
    sheet.autofilter(top, 0, top + rows, max(len(titles) - 1, 0))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})


def heighten(sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]]) -> None:
    """Make a row as high as its texts need, each in a column so wide: not every spreadsheet does so by itself."""
    lines = max((-(-len(text) // max(width - 2, 1)) for text, width in texts), default=1)
    if lines > 1:
        sheet.set_row(row, 15.0 * lines)


def width_of(title: str, cells: Sequence[Any]) -> int:
    """The width of a column: that of its cells, within reason; a long title goes on two lines, broken between its words."""
    words = max((len(word) for word in title.split()), default=0)
    content = max((len(shown(cell)) for cell in cells[:_MEASURED]), default=0)
    return min(max(words + 4, len(title) // 2 + 4, content + 3, NARROWEST), WIDEST)


def _lines(title: str, width: int) -> int:
    """How many lines a title takes in a column, with room for the button of the filter."""
    lines, used = 1, 0
    for word in title.split():
        if used and used + 1 + len(word) > width - 3:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + bool(used)
    return lines


def shown(cell: Any) -> str:
    """About what a cell shows."""
    if isinstance(cell, float):
        return f"{cell:,.6g}" if math.isfinite(cell) else ""
    return "" if cell is None else str(cell)
