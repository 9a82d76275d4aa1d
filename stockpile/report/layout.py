"""Lines of a page: aligned columns that keep within its width whatever names they hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len
from rich.text import Text

GAP = 2
ELLIPSIS = "…"
SHORTEST = 3
"""Cells of a text column where there is no room for more."""


@dataclass(frozen=True)
class Column:
    """One column: its heading; numbers stand ``right``, and only the others are shortened, to ``least`` cells first.

    Where it ``wraps``, what has no room goes on in the next line, indented by a gap.
    """

    title: str
    right: bool = False
    least: int = 6
    wraps: bool = False


def plain(name: object) -> str:
    """A name as text on one line: nothing in it can move the cursor or colour the terminal."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in str(name))


def shorten(text: str, width: int) -> str:
    """At most so many cells, with an ellipsis where something is left out."""
    if cell_len(text) <= width:
        return text
    kept = ""
    for character in text:
        if cell_len(kept + character) > width - 1:
            break
        kept += character
    return kept + ELLIPSIS


def heading(title: str, note: str, width: int) -> list[Text]:
    """An empty line, then the title of a section with a note on its units."""
    line = Text(shorten(plain(title), width), style="bold")
    room = width - line.cell_len - GAP
    if note and room > 0:
        line.append(f"{' ' * GAP}{shorten(plain(note), room)}", style="dim")
    return [Text(), line]


def sentence(text: str, width: int, style: str = "", indent: int = 2) -> list[Text]:
    """A text on as many lines as it needs; a word that is longer than a line is shortened."""
    return [Text(" " * indent + line, style=style) for line in _broken(plain(text), width - indent)]


def _broken(text: str, width: int, later: int = 0) -> list[str]:
    """A text in lines of so many cells, from the second on ``later`` cells shorter."""
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width - later * (len(lines) > 1):
            lines[-1] += f" {word}"
        else:
            lines.append(shorten(word, width - later * bool(lines)))
    return lines


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int, indent: int = 2) -> list[Text]:
    """A heading and a line per row, aligned.  Empty headings give no heading line."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = _widths(columns, cells, width - indent)
    lines = [_line(columns, part, widths, indent) for row in cells for part in _wrapped(columns, row, widths)]
    titles = [column.title for column in columns]
    if any(titles):
        first = _line(columns, titles, widths, indent)
        first.stylize("dim")
        lines.insert(0, first)
    return lines


def _widths(columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """As wide as the content; where that is too much the widest of the texts give way first, to their least, then further."""
    widths = [max([cell_len(c.title), *(cell_len(row[i]) for row in cells)]) for i, c in enumerate(columns)]
    over = sum(widths) + GAP * (len(widths) - 1) - width
    for least in ([c.least for c in columns], [SHORTEST] * len(columns)):
        while over > 0:
            able = [i for i, c in enumerate(columns) if not c.right and widths[i] > least[i]]
            if not able:
                break
            widths[max(able, key=lambda i: widths[i])] -= 1
            over -= 1
    return widths


def _wrapped(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    """A row as one or more, of which only the columns that wrap go on in the later ones."""
    parts = [
        _broken(cell, width, GAP) if c.wraps and cell_len(cell) > width > GAP else [cell]
        for c, cell, width in zip(columns, row, widths, strict=True)
    ]
    first, *rest = zip_longest(*parts, fillvalue="")
    return [list(first), *([f"{' ' * GAP}{cell}" if cell else "" for cell in line] for line in rest)]


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], indent: int) -> Text:
    parts = []
    for column, cell, width in zip(columns, row, widths, strict=True):
        text = shorten(cell, width)
        pad = " " * (width - cell_len(text))
        parts.append(pad + text if column.right else text + pad)
    return Text((" " * indent + (" " * GAP).join(parts)).rstrip())


def digits(values: Iterable[float], figures: int = 4, most: int = 6) -> int:
    """Decimals that show the largest of the values with about so many figures, and none that are 0 in all of them."""
    finite = [v for v in values if math.isfinite(v)]
    largest = max((abs(v) for v in finite), default=0.0)
    if largest == 0:
        return 0
    decimals = min(max(figures - 1 - math.floor(math.log10(largest)), 0), most)
    while decimals and all(round(v, decimals) == round(v, decimals - 1) for v in finite):
        decimals -= 1
    return decimals


def number(value: float, decimals: int) -> str:
    """A number with thousands separators; ``-`` for nothing, whether zero or undefined."""
    if not math.isfinite(value) or value == 0:
        return "-"
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not any(c in "123456789" for c in text) else text


def numbers(values: Sequence[float], figures: int = 4) -> list[str]:
    """The values of one column with the same decimals."""
    decimals = digits(values, figures)
    return [number(value, decimals) for value in values]


def percent(share: float) -> str:
    """A share in percent, with the decimals that it needs to be seen."""
    decimals = 2 if share == 0 or abs(share) >= 1e-4 else min(-math.floor(math.log10(abs(share))) - 1, 9)
    return f"{100 * share:.{decimals}f} %"


def span(labels: Sequence[str], order: dict[str, int]) -> str:
    """The first and the last of some periods: ``2026Q1`` or ``2026Q1..2027Q4``."""
    known = sorted(set(labels), key=lambda label: order.get(label, 0))
    return known[0] if len(known) == 1 else f"{known[0]}..{known[-1]}"
