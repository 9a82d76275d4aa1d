"""Cells in words: as text that reads back, in a message, and with what was probably meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Any
from unicodedata import normalize

#: Characters of a name, and of any cell.
LONGEST_NAME, LONGEST_CELL = 200, 10_000
#: The largest number a cell may hold: a solver takes 1e20 for infinite, and amounts multiply prices.
LARGEST = 1e15
#: Characters that cannot be seen: control characters, line ends, marks that turn the direction of text, invisible blanks.
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]")

_SHOWN = 60
#: Names that a wrong one is compared with: looking for the nearest of a hundred thousand takes seconds.
_COMPARED = 2000
_GROUPED = re.compile(r"[+-]?\d[\d.,'’\s_]*\d")
_WITH_UNIT = re.compile(r"[^\d]{0,4}\d[\d.]*\s*[^\d\s]{1,12}|[^\d\s+-.]{1,4}\s*\d[\d.]*")


def shown(cell: Any) -> str:
    """A cell as text in quotes, shortened where it is long."""
    text = str(cell)
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}..."


def cell_text(value: Any) -> str:
    """A cell as text that reads back as the same value; whole numbers have no point."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    return str(value)


def nearest(word: str, known: Iterable[str], otherwise: str = "known are") -> str:
    """``did you mean 'x'?``, or some of the known words where none is near."""
    known = list(known)
    folded = {name.casefold(): name for name in reversed(known)}
    near = [word.casefold()] if word.casefold() in folded else []
    near = near or get_close_matches(word.casefold(), islice(folded, _COMPARED), n=1, cutoff=0.5)
    if near:
        name = folded[near[0]]
        if normalize("NFKC", name) == normalize("NFKC", word):
            return f"it looks like {shown(name)} but is written with other characters; copy the name from there"
        return f"did you mean {shown(name)}?"
    some = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"{otherwise} {some}"


def about_number(cell: Any) -> str:
    """What to do about a cell that is not a number; empty where nothing can be guessed."""
    text = str(cell)
    if text.endswith("%"):
        return "; write 5 % as 0.05"
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        return "; leave the cell blank where there is no limit"
    if _GROUPED.fullmatch(text):
        return "; write it with a decimal point and without separators of thousands, as 1234.5"
    if len(text) < 40 and _WITH_UNIT.fullmatch(text):
        return "; write the number alone, units are declared in instance.toml"
    return ""


def about_date(text: str, label: str) -> str:
    """What to do about a cell that is not a date; ``label`` is a period label of the horizon."""
    hint = f"write a date as 2027-03-01 (year-month-day) or a period label as {label}"
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return f"it looks like a spreadsheet's serial number; {hint}"
    return hint
