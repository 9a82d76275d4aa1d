"""HTML from text that may hold anything: every name goes through here."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from stockpile.report.layout import digits, number, percent, plain
from stockpile.report.page.parts import Cell, Field, Grid

NOTHING = "–"
FIGURES, MOST = 2, 3
"""Figures with which also the smallest numbers of a column are told, and the most decimals for that."""
PRINTED = 40
"""Rows of a table that are printed; the page's style has the number, too."""
BROAD = 12
"""Letters of the heading of a number from which it gets room for its words."""
LONG = 24
"""Letters of a word that may be broken in a table, and of a cell that gets room for its words."""
ISOLATES = "\u2068\u2069"
"""Around a name within a sentence, so that its direction is its own."""


class Markup(str):
    """HTML that is safe to put on a page as it is."""

    __slots__ = ()


def safe(text: object) -> Markup:
    """Text as HTML; what is HTML already stays."""
    if isinstance(text, Markup):
        return text
    return Markup(escape("".join(c if c in ISOLATES else plain(c) for c in str(text)), quote=True))


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """An element: ``class_`` and ``data_x`` become class and data-x, None leaves an attribute out, True gives it without a value."""
    parts = [tag]
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(name)
        elif value is not None and value is not False:
            parts.append(f'{name}="{safe(value)}"')
    return Markup(f"<{' '.join(parts)}>{''.join(safe(child) for child in children)}</{tag}>")


def joined(children: Iterable[object]) -> Markup:
    """Elements one after another."""
    return Markup("\n".join(safe(child) for child in children))


def block(name: str, content: Any) -> Markup:
    """Plain values as JSON in a script element that cannot end early, whatever names it holds.  Raises ValueError for NaN."""
    said = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        said = said.replace(character, f"\\u{ord(character):04x}")
    return Markup(f'<script type="application/json" id="{safe(name)}">{said}</script>')


def script(code: str) -> Markup:
    """Code of our own in a script element.  Raises ValueError where it would end it early."""
    if "</script" in code.lower() or "<!--" in code:
        raise ValueError("code that ends its script element")
    return Markup(f"<script>{code}</script>")


def grid(table: Grid, place: str) -> Markup:
    """A table that can be read without a script; numbers carry their value for sorting and CSV."""
    columns = [[row[i] for row in table.rows] for i in range(len(table.fields))]
    every = [cell for field, cells in zip(table.fields, columns, strict=True) if field.number for cell in cells]
    shown = [
        _column(field, cells, every if table.alike else cells)
        for field, cells in zip(table.fields, columns, strict=True)
    ]
    head = [element("th", field.heading, scope="col", class_=_head(field)) for field in table.fields]
    body = [element("tr", *cells) for cells in zip(*shown, strict=True)]
    caption = element("caption", table.title)
    whole = element(
        "table",
        caption,
        element("thead", element("tr", *head)),
        element("tbody", joined(body)),
        id=place,
        data_csv=table.name,
    )
    more = element("p", f"and {table.more:,} more: {table.where}", class_="more") if table.more else ""
    left_out = len(table.rows) - PRINTED
    paper = element("p", f"and {left_out:,} more on the screen and as CSV", class_="more paper") if left_out > 0 else ""
    scroll = element("div", whole, class_="scroll", tabindex="0", role="group", aria_label=table.title)
    return element("div", scroll, paper, more, class_="grid")


def _column(field: Field, cells: Sequence[Cell], alike: Sequence[Cell]) -> list[Markup]:
    """The cells of a column; its numbers have the decimals of all ``alike``, but small ones as many as tell something."""
    if not field.number:
        told = ["" if cell is None else str(cell) for cell in cells]
        return [element("td", words, dir="auto", class_=_long(words)) for words in told]
    values, others = ([float(c) if isinstance(c, int | float) else math.nan for c in some] for some in (cells, alike))
    decimals = digits(others)
    return [_number(field, value, max(decimals, digits([value], FIGURES, MOST))) for value in values]


def _head(field: Field) -> str | None:
    """The class of a heading; that of a number gets room for more than one word in a line."""
    return ("n broad" if len(field.heading) > BROAD else "n") if field.number else None


def _long(words: str) -> str | None:
    """The class of a cell with a word that may be broken, or with more words than a narrow column holds."""
    if max(map(len, words.split()), default=0) > LONG:
        return "long"
    return "wordy" if len(words) > LONG else None


def _number(field: Field, value: float, decimals: int) -> Markup:
    """A number with its value; nothing, and what is not known, is a dash."""
    if not math.isfinite(value):
        return element("td", NOTHING, class_="n")
    if field.unit == "plain":
        said = f"{value:.10g}"
    elif field.unit == "share":
        said = percent(value).replace(".00 %", " %") if value else NOTHING
    else:
        said = number(value, decimals)
    exact = f"{value:.10g}"
    return element("td", NOTHING if said == "-" else said, class_="n", data_v=None if exact == said else exact)


def definitions(rows: Mapping[str, object]) -> Markup:
    """Words with what they stand for."""
    pairs = [element("div", element("dt", name), element("dd", value)) for name, value in rows.items()]
    return element("dl", *pairs, class_="figures")
