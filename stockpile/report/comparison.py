"""Plans side by side: the same figures of each, as a page, as CSV and as plain values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from stockpile.instance.cells import cell_text
from stockpile.plan.context import CONTEXT
from stockpile.plan.plan import Plan
from stockpile.report.figures import (
    CHARGED_FOR,
    CHARGED_TO,
    SECTIONS,
    SHORT_FOR,
    SHORT_OF,
    Figure,
    Sums,
    Values,
    figures,
    finite,
    missing,
)
from stockpile.report.layout import GAP, digits, heading, number, percent, plain, sentence, shorten
from stockpile.report.sheet import NOISE
from stockpile.report.terminal import written

MOST = 10
"""Rows shown that differ only in what they name; the others are in the CSV."""
LABEL, VALUE = 30, 10
"""Cells that the words of a row and each of its values have at least."""
LEADS = {
    SHORT_OF: CHARGED_FOR,
    SHORT_FOR: CHARGED_TO,
    "least: {0}": "mean: {0}",
    "last in: {0}": "verified: {0}",
    "abandoned: {0}": "verified: {0}",
}
"""Of rows about the same name those that say whether it matters."""
NOTES = {
    "Plan": "",
    "Cost": "{money}; as the objective counts it, discounted; - is a gain",
    "Scenarios": "{money}, discounted; what each path costs in all",
    "Shortfall": "{quantity} over the horizon; penalties in {money}, not discounted",
    "Cover": "days of demand in stock at the close of a period",
    "Origin of deliveries": "shares of what the reserve buys; of each good by quantity",
    "Exposure": "{money} at risk in projects at the close of a period",
    "Spending": "{money} over the horizon, not discounted",
    "Processing": "over the horizon",
    "Projects": "milestones verified, and in which period the last of them",
}
DIFFERENT = {
    "horizon": "their horizons differ, and so do the times over which amounts are summed",
    "discount_rate": "their discount rates differ, and so does what a cost in later years counts",
    "perspective": "they count the costs of different payers",
    "goal": "they make different things least first",
}


@dataclass(frozen=True)
class Comparison:
    """Plans with the folder of each, the units of all figures, and the figures of each plan."""

    plans: Sequence[tuple[str, Plan]]
    units: Mapping[str, str]
    values: Sequence[Values]
    notes: Sequence[str]

    @cached_property
    def figures(self) -> list[Figure]:
        """Every figure that some plan has: section by section, those of the first plan first."""
        known = list(dict.fromkeys(figure for values in self.values for figure in values))
        sections = list(SECTIONS)
        return sorted(known, key=lambda figure: sections.index(figure.section))

    @property
    def titles(self) -> list[str]:
        """The heading of each plan: its number and the name of its folder."""
        return [f"{i} {plain(Path(folder).absolute().name)}" for i, (folder, _) in enumerate(self.plans, 1)]

    def row(self, figure: Figure) -> list[float | str]:
        """The value of a figure in every plan."""
        return [values.get(figure, missing(figure)) for values in self.values]


def compare(plans: Sequence[tuple[str, Plan]]) -> Comparison:
    """Figures of some plans, each with the name of its folder, in the units of the first.

    Raises DataError where one does not say from what it was made, or has another currency or kind of quantity.
    """
    sums = [Sums(plan, folder) for folder, plan in plans]
    units: dict[str, str] = {}
    for own in sums:
        units = {**own.units, **units}
    for own in sums:
        own.convert(units)
    return Comparison(plans, units, [figures(own) for own in sums], [*_notes(sums, units)])


def _notes(sums: Sequence[Sums], units: Mapping[str, str]) -> Iterator[str]:
    """In which ways the plans cannot simply be set against one another."""
    for name, words in DIFFERENT.items():
        if any(own.context.get(name) != sums[0].context.get(name) for own in sums):
            yield words
    for i, own in enumerate(sums, 1):
        changed = [f"{unit} into {units[what]}" for what, unit in own.units.items() if unit != units[what]]
        if changed:
            yield f"plan {i} is converted: {' and '.join(changed)}"


def as_document(found: Comparison) -> dict[str, Any]:
    """The comparison as plain values; a number that is not known is not finite."""
    return {
        "plans": [
            {
                "folder": folder,
                "instance": plan.summary["instance"],
                "set": changes_of(plan),
                "status": plan.status,
                CONTEXT: plan.summary[CONTEXT],
            }
            for folder, plan in found.plans
        ],
        "units": dict(found.units),
        "notes": list(found.notes),
        "figures": [
            {
                "section": figure.section,
                "figure": figure.label,
                "names": list(figure.names),
                "unit": unit_of(figure, found),
                "values": found.row(figure),
            }
            for figure in found.figures
        ],
    }


def as_csv(found: Comparison) -> str:
    """The comparison as CSV: a line for every figure, a column for every plan; no cell begins with a name."""
    sheet = io.StringIO()
    rows = csv.writer(sheet, lineterminator="\n")
    rows.writerow(["section", "figure", "unit", *found.titles])
    for figure in found.figures:
        values = [plain(cell_text(v)) if isinstance(v, str) or finite(v) else "" for v in found.row(figure)]
        rows.writerow([figure.section, plain(figure.label), plain(unit_of(figure, found)), *values])
    return sheet.getvalue()


def unit_of(figure: Figure, found: Comparison) -> str:
    """The unit of a figure; empty for text."""
    named = {"rate": "share", "text": ""}
    return found.units.get(figure.kind, named.get(figure.kind, figure.kind))


def changes_of(plan: Plan) -> list[str]:
    """What was set when the plan was made."""
    options = plan.summary.get("options")
    kept = options.get("set") if isinstance(options, dict) else None
    return [str(text) for text in kept] if isinstance(kept, list) else []


def page(found: Comparison, width: int = 80, colour: bool = False) -> str:
    """The comparison as a page so wide; of many plans a page for so many as fit, the first one on all of them."""
    told = {SHORT_OF, CHARGED_FOR} if len(_sectors(found)) < 2 else {SHORT_FOR, CHARGED_TO}
    shown = [f for f in found.figures if f.words not in told and says_something(f, found.row(f))]
    cells = dict(_cells(found, shown))
    content = max([VALUE, *(cell_len(cell) for row in cells.values() for cell in row)])
    room = max((width - 2 - LABEL) // (content + GAP), 2)
    others = list(range(1, len(found.plans)))
    groups = [[0, *others[at : at + room - 1]] for at in range(0, len(others), room - 1)]
    share = (width - 2 - LABEL) // len(groups[0]) - GAP
    wide = max(content, min(share, max(cell_len(title) for title in found.titles)))
    lines = _head(found, width)
    for columns in groups:
        label = width - 2 - len(columns) * (wide + GAP)
        for section in dict.fromkeys(figure.section for figure in shown):
            lines += _section(found, section, cells, columns, (label, wide, width))
    return written(lines, width, colour)


def _sectors(found: Comparison) -> set[str]:
    """The sectors that go short in some plan: with one its rows are shown, with several what goes short in all of them."""
    return {figure.names[0] for figure in found.figures if figure.words == SHORT_FOR}


def says_something(figure: Figure, row: Sequence[float | str]) -> bool:
    """Whether some plan has something of a figure; no days of cover, and no gap, is something."""
    if figure.kind in ("days", "rate"):
        return any(finite(value) for value in row)
    if figure.words == "verified: {0}":
        return any(isinstance(value, str) and value and not value.startswith("0 of") for value in row)
    return any(value != "" if isinstance(value, str) else finite(value) and abs(value) > NOISE for value in row)


def _head(found: Comparison, width: int) -> list[Text]:
    """The plans by number, from what each was made, and what to keep in mind."""
    units = found.units
    lines = [Text(f"{len(found.plans)} plans side by side", style="bold")]
    lines += sentence(f"quantity in {units['quantity']}, money in {units['money']}", width)
    for i, (folder, plan) in enumerate(found.plans, 1):
        name = plan.summary["instance"].get("name")
        lines.append(Text(shorten(f"  {i}  {plain(folder)}: {plain(name)}", width)))
        lines += [line for change in changes_of(plan) for line in sentence(f"with {change}", width, indent=5)]
    return lines + [line for note in found.notes for line in sentence(f"note: {note}", width, "yellow")]


def _cells(found: Comparison, shown: Sequence[Figure]) -> Iterator[tuple[Figure, list[str]]]:
    """Every value as it is shown; the amounts of a section have the same decimals."""
    for section in dict.fromkeys(figure.section for figure in shown):
        own = [figure for figure in shown if figure.section == section]
        for kind in dict.fromkeys(figure.kind for figure in own):
            rows = {figure: found.row(figure) for figure in own if figure.kind == kind}
            numbers = [v for row in rows.values() for v in row if not isinstance(v, str) and finite(v)]
            decimals = digits(numbers, figures=7, most=2) if section == "Cost" else digits(numbers)
            for figure, row in rows.items():
                yield figure, [_shown(value, kind, decimals) for value in row]


def _shown(value: float | str, kind: str, decimals: int) -> str:
    if isinstance(value, str):
        return shorten(plain(value), VALUE) or "-"
    if not finite(value):
        return "-"
    if kind == "days":
        return f"{value:,.0f}"
    if kind == "rate":
        return percent(value)
    return f"{100 * value:.1f} %" if kind == "share" and value else number(value, decimals)


def _section(
    found: Comparison,
    section: str,
    cells: dict[Figure, list[str]],
    columns: Sequence[int],
    widths: tuple[int, int, int],
) -> list[Text]:
    """The rows of a section for some of the plans; of many the largest."""
    label, wide, width = widths
    own = [figure for figure in found.figures if figure in cells and figure.section == section]
    parts = [figure for figure in own if figure.words.startswith("cost: ")]
    own = [*sorted(parts, key=lambda figure: -_size(found, figure)), *(figure for figure in own if figure not in parts)]
    kept = [figure for figure in own if _matters(found, own, figure)]
    lines = heading(section, NOTES[section].format(**found.units), width)
    titles = [found.titles[i] for i in columns]
    lines.append(Text(_line("", titles, label, wide), style="dim"))
    for figure in kept:
        unit = f", {plain(found.units[figure.kind])}" if section == "Processing" else ""
        words = shorten(plain(figure.label.removeprefix("cost: ")), label - cell_len(unit)) + unit
        lines.append(Text(_line(words, [cells[figure][i] for i in columns], label, wide)))
    told = [f for f in found.figures if f.section == section and f.words in (SHORT_FOR, CHARGED_TO) and f not in cells]
    more = len(own) - len(kept) + sum(says_something(figure, found.row(figure)) for figure in told)
    return lines + (sentence(f"and {more} more: --csv", width) if more else [])


def _matters(found: Comparison, figures: Sequence[Figure], row: Figure) -> bool:
    """Whether what a row names is among that which matters most: rows about the same are shown together, or not at all."""
    words = LEADS.get(row.words, row.words)
    names = {figure.names for figure in figures if LEADS.get(figure.words, figure.words) == words}
    like = [figure for figure in found.figures if figure.words == words and figure.names in names]
    return row.names in [f.names for f in sorted(like, key=lambda figure: -_size(found, figure))[:MOST]]


def _size(found: Comparison, figure: Figure) -> float:
    """How much a row matters: its largest amount, and of days of cover by how many plans differ; text always does."""
    row = found.row(figure)
    if figure.kind == "days":
        days = [float(v) for v in row if finite(v)]
        return max(days, default=0.0) - min(days, default=0.0)
    return max((abs(float(v)) if finite(v) else float("inf") if isinstance(v, str) else 0.0) for v in row)


def _line(words: str, values: Sequence[str], label: int, wide: int) -> str:
    """Words to the left and values to the right of their columns."""
    out = "  " + words + " " * (label - cell_len(words))
    for value in values:
        text = shorten(plain(value), wide)
        out += " " * (GAP + wide - cell_len(text)) + text
    return out.rstrip()
