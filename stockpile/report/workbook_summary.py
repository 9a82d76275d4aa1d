"""The first sheet of a plan's workbook: what was planned, how good it is, what it costs and brings, on a page or two."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stockpile.instance.spreadsheet import Book, put
from stockpile.report.comparison import NOTES, Comparison, changes_of, says_something, unit_of
from stockpile.report.figures import PENALTIES, TOTAL, Figure, finite
from stockpile.report.money import IN, OUT, USES
from stockpile.report.summary import MEANINGS, verdict
from stockpile.report.workbook_styles import pattern
from stockpile.report.yearly import Line

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from stockpile.plan.plan import Plan

SUMMARY = "summary"
#: Origins that are shown; the others are among the figures.
MOST_ORIGINS = 10
#: Widths of the columns, in characters.
_FIRST, _OTHERS, _COLUMNS = 36, 14, 9
_BLUE, _BAND, _GREEN, _YELLOW, _RED, _GREY = "#1F3864", "#DCE6F1", "#006100", "#7F6000", "#9C0006", "#606060"


@dataclass(frozen=True)
class Grid:
    """A part of the summary: its heading with a note, the titles and kinds of its columns, rows, and the rows in bold."""

    heading: str
    note: str
    titles: Sequence[str]
    kinds: Sequence[str]
    rows: Sequence[Sequence[Any]]
    bold: frozenset[int] = field(default_factory=frozenset)


def write_summary(
    book: Book, title: str, found: Comparison, lines: Sequence[Line], contents: Sequence[tuple[str, str, int | None]]
) -> None:
    """The sheet; ``contents`` are the other sheets, each with what it holds and how many rows."""
    plan, sheet = found.plans[0][1], book.sheet(SUMMARY)
    sheet.set_tab_color(_BLUE)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _FIRST)
    sheet.set_column(1, _COLUMNS - 1, _OTHERS)
    put(sheet, 0, 0, title, book.format(bold=True, font_size=16, font_color=_BLUE))
    sheet.set_row(0, 24)
    row = _words(book, sheet, plan)
    for grid in _grids(found, lines):
        row = _write(book, sheet, row + 1, grid)
    row = _heading(book, sheet, row + 1, "Sheets", "click on one to go there")
    for name, meaning, count in contents:
        sheet.write_url(
            row,
            0,
            f"internal:'{name}'!A1",
            book.format(font_color="#0563C1", underline=1, indent=1, align="left"),
            name,
        )
        put(sheet, row, 1, count, book.format(num_format='#,##0 "rows"'))
        put(sheet, row, 2, meaning, book.format(indent=1, align="left"))
        row += 1
    sheet.print_area(0, 0, row - 1, _COLUMNS - 1)


def _words(book: Book, sheet: Worksheet, plan: Plan) -> int:
    """What was planned, how the search ended, what the audit said; the row after it."""
    colour = _GREEN if plan.status == "optimal" else _YELLOW
    horizon, units = plan.summary["context"]["horizon"], plan.summary["units"]
    periods = f"{horizon['periods']} {horizon['step']}{'' if horizon['periods'] == 1 else 's'}"
    measures = ", ".join(f"{what} in {units[what]}" for what in ("quantity", "money", "price") if what in units)
    about = f"{plan.summary['instance'].get('name')}: {periods}, {horizon['first']} to {horizon['last']}; {measures}"
    lines: list[tuple[str, dict[str, Any]]] = [(about, {}), *((f"with --set {text}", {}) for text in changes_of(plan))]
    lines += [(verdict(plan), {"bold": True, "font_color": colour}), _audit(plan)]
    for row, (text, style) in enumerate(lines, 1):
        put(sheet, row, 0, text, book.format(**style))
    return len(lines) + 1


def _audit(plan: Plan) -> tuple[str, dict[str, Any]]:
    """What the audit said when the plan was made."""
    audit = plan.summary.get("audit")
    if not isinstance(audit, dict) or "breaches" not in audit:
        return "not audited: run stockpile audit INSTANCE PLAN", {"font_color": _YELLOW}
    count, rows = int(audit["breaches"]), int(audit.get("rows", 0))
    if count:
        said = f"audit FAILED: {count:,} {'breach' if count == 1 else 'breaches'}; run stockpile audit INSTANCE PLAN"
        return said, {"bold": True, "font_color": _RED}
    return f"audit passed: {rows:,} rows and every cost recomputed from the plan's tables", {"font_color": _GREEN}


def _grids(found: Comparison, lines: Sequence[Line]) -> Iterator[Grid]:
    """The parts of the summary that have something to say."""
    every = [_result(found), _costs(found), _plain(found, "Scenarios"), _funds(found, lines), _goods(found, lines)]
    every += [_origins(found), _plain(found, "Exposure"), _projects(found), _plain(found, "Processing")]
    yield from (grid for grid in every if grid.rows)


def _result(found: Comparison) -> Grid:
    plan, money = found.plans[0][1], found.units["money"]
    bound = plan.bound if math.isfinite(plan.bound) else "none known"
    gap = plan.gap if math.isfinite(plan.gap) else "unknown"
    rows = [
        ("objective", plan.objective, money, MEANINGS["objective"]),
        ("bound", bound, money, MEANINGS["bound"]),
        ("gap", gap, "", MEANINGS["gap"]),
    ]
    return Grid("Result", "", (), ("text", "objective", "unit", "note"), rows)


def _costs(found: Comparison) -> Grid:
    """The named costs, largest first, with their total."""
    own = [f for f in found.figures if f.section == "Cost" and says_something(f, found.row(f))]
    parts = [(f.label.removeprefix("cost: "), found.row(f)[0]) for f in own if f.words.startswith("cost: ")]
    parts.sort(key=lambda part: -float(part[1]))
    rows = [*parts, (TOTAL, found.plans[0][1].objective)]
    rows += [(f.label, found.row(f)[0]) for f in own if f.words == PENALTIES]
    note = NOTES["Cost"].format(**found.units)
    return Grid("Costs", note, (), ("text", "money"), rows, frozenset({len(parts)}))


def _plain(found: Comparison, section: str) -> Grid:
    """The figures of a section as they are."""
    own = [f for f in found.figures if f.section == section and says_something(f, found.row(f))]
    rows = [(f.label, found.row(f)[0], unit_of(f, found)) for f in own]
    return Grid(section, NOTES[section].format(**found.units), (), ("text", "money", "unit"), rows)


def _funds(found: Comparison, lines: Sequence[Line]) -> Grid:
    """What every fund got and paid over the horizon, and what it has and owes at the end."""
    owed = {title for title, _ in OUT}
    income = {title for title, _ in IN} - {"budget", "drawn on credit"}
    parts: list[tuple[str, set[str]]] = [
        ("budget", {"budget"}),
        ("drawn on credit", {"drawn on credit"}),
        ("other income", income),
        ("paid", set(USES.values())),
        ("interest, repaid, lapsed", owed),
    ]
    rows = []
    for name in dict.fromkeys(line.name for line in lines if line.kind == "fund"):
        own = [line for line in lines if line.kind == "fund" and line.name == name]
        sums = [sum(sum(line.values) for line in own if line.title in titles) for _, titles in parts]
        ends = [
            sum(line.values[-1] for line in own if line.title == title)
            for title in ("cash at year end", "debt at year end")
        ]
        rows.append([name, *sums, *ends])
    titles = ["fund", *(title for title, _ in parts), "cash at the end", "debt at the end"]
    note = f"{found.units['money']} over the horizon, not discounted; - is paid"
    return Grid("Funds", note, titles, ["text", *["money"] * (len(titles) - 1)], rows)


def _goods(found: Comparison, lines: Sequence[Line]) -> Grid:
    """What every good was wanted, received and short, what that is charged, and the cover of its stock."""
    values = found.values[0]
    rows = []
    for name in dict.fromkeys(line.name for line in lines if line.kind == "good"):
        own = {line.title: line.values for line in lines if line.kind == "good" and line.name == name}
        sums = [sum(own.get(title, ())) for title in ("wanted", "received", "short")]
        days = [values.get(Figure("Cover", words, (name,), "days")) for words in ("least: {0}", "mean: {0}")]
        charged = values.get(Figure("Shortfall", "penalty: {0}", (name,), "money"), 0.0)
        rows.append([name, *sums, charged, own.get("stock at year end", [0.0])[-1], *days])
    quantity = found.units["quantity"]
    titles = ["good", *(f"{what} ({quantity})" for what in ("wanted", "received", "short"))]
    titles += [
        f"penalty ({found.units['money']})",
        f"stock at the end ({quantity})",
        "least cover (days)",
        "mean cover (days)",
    ]
    kinds = ["text", *["quantity"] * 3, "money", "quantity", "days", "days"]
    return Grid(
        "Goods",
        "over the horizon; penalties not discounted; cover at the close of periods with demand",
        titles,
        kinds,
        rows,
    )


def _origins(found: Comparison) -> Grid:
    """The largest origins by what deliveries cost."""
    own = [f for f in found.figures if f.section == "Origin of deliveries" and f.words.startswith("by cost")]
    rows = [(f.names[0] if f.names else "unknown", found.row(f)[0]) for f in own if says_something(f, found.row(f))]
    more = len(rows) - MOST_ORIGINS
    note = "shares of what the reserve's deliveries cost" + (
        f"; and {more} more in the sheet figures" if more > 0 else ""
    )
    return Grid("Origins", note, (), ("text", "share"), rows[:MOST_ORIGINS])


def _projects(found: Comparison) -> Grid:
    """The milestones of every project that any tranche was released for."""
    values: Mapping[tuple[str, str], Any] = {
        (f.words, f.names[0]): found.row(f)[0] for f in found.figures if f.section == "Projects"
    }
    begun = [f for f in found.figures if f.words == "verified: {0}" and says_something(f, found.row(f))]
    rows = [
        [
            f.names[0],
            *(values.get((words, f.names[0]), "") for words in ("verified: {0}", "last in: {0}", "abandoned: {0}")),
        ]
        for f in begun
    ]
    return Grid("Projects", "", ("project", "verified", "last in", "abandoned"), ["text", *["word"] * 3], rows)


def _heading(book: Book, sheet: Worksheet, row: int, title: str, note: str) -> int:
    band = {"bg_color": _BAND, "bottom": 1}
    put(sheet, row, 0, title, book.format(bold=True, **band))
    for at in range(1, _COLUMNS):
        put(sheet, row, at, note if at == 1 else None, book.format(italic=True, indent=1, align="left", **band))
    return row + 1


def _write(book: Book, sheet: Worksheet, row: int, grid: Grid) -> int:
    """Writes a part from a row on; the row after it.  Figures of one kind have the same decimals."""
    row = _heading(book, sheet, row, grid.heading, grid.note)
    if grid.titles:
        for at, (title, kind) in enumerate(zip(grid.titles, grid.kinds, strict=True)):
            side = "left" if kind == "text" else "right"
            put(
                sheet,
                row,
                at,
                title,
                book.format(font_color=_GREY, text_wrap=True, align=side, indent=int(side == "left")),
            )
        sheet.set_row(row, 15 if all(len(title) < _OTHERS for title in grid.titles) else 31)
        row += 1
    patterns = {}
    for kind in set(grid.kinds) - {"text", "word", "unit", "note"}:
        cells = [line[at] for line in grid.rows for at, other in enumerate(grid.kinds) if other == kind]
        patterns[kind] = pattern(kind, [cell for cell in cells if not isinstance(cell, str | None) and finite(cell)])
    for number, line in enumerate(grid.rows):
        for at, (value, kind) in enumerate(zip(line, grid.kinds, strict=True)):
            style: dict[str, Any] = {"bold": True} if number in grid.bold else {}
            if kind in patterns:
                rate = kind == "objective" and line[0] == "gap"
                style |= {
                    "num_format": pattern("rate", [value]) if rate and finite(value) else patterns[kind],
                    "align": "right",
                }
            elif kind == "word":
                style |= {"align": "right"}
            else:
                style |= {"indent": 1, "align": "left"} | ({"font_color": _GREY} if kind == "note" else {})
            put(sheet, row, at, value, book.format(**style))
        row += 1
    return row
