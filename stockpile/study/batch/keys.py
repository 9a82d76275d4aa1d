"""The keys of a study file: each declared once with its kind, unit and meaning; reading, and the page about it, derive from here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stockpile.instance.cells import HIDDEN, LONGEST_NAME, cell_text, shown

FORMAT = 1
MOST_VALUES = 10_000
RANGE = re.compile(r"\s*([^:\s]+)\s*:\s*([^:\s]+)\s*:\s*([^:\s]+)\s*")
RULES = ("core", "all")
ALL, EXPECTED = "all", "expected"
"""Futures of a run that are none by name: all of them, and the mean of all."""

KINDS = {
    "text": f"text of up to {LONGEST_NAME} characters",
    "share": "a number of at least 0, 0.01 for 1 %",
    "seconds": "a number above 0, s",
    "megabytes": "a number above 0, MB",
    "count": "a whole number of at least 1",
    "integer": "a whole number of at least 0",
    "rules": "core or all",
}
"""What a single value may be, in words."""


@dataclass(frozen=True)
class Key:
    """A key of a study file.  ``several``: a list or LOW:HIGH:N gives several values, which the runs go through."""

    name: str
    kind: str
    meaning: str
    default: Any = None
    several: bool = False


OPTIONS = (
    Key("gap", "share", "the search stops when the plan is proven this close to the best", "that of the instance"),
    Key("time_limit", "seconds", "the search stops after this time with the best plan so far", "that of the instance"),
    Key("threads", "count", "threads of the solver", 1),
    Key("seed", "integer", "seed of the solver's random choices", 0),
)
LIMITS = (
    Key(
        "seconds",
        "seconds",
        "hard limit of a whole run, from reading to writing: its process is killed then",
        "twice options.time_limit and 60 s more; none where that is not given",
    ),
    Key("memory_mb", "megabytes", "hard limit of the memory of a run's process, with some 200 MB of libraries", "none"),
)
NEW = (
    Key("goods", "count", "number of goods", 4, True),
    Key("periods", "count", "number of quarters, at least 2", 20, True),
    Key("projects", "integer", "number of projects", 3, True),
    Key("scenarios", "count", "number of futures of prices; more than 1 with the core rules alone", 1, True),
    Key("rules", "rules", "the rules that the instance has", "core", True),
    Key("seed", "integer", "seed of the draw", 1, True),
)
TOP = (
    Key("format", "", f"layout of the file: {FORMAT}"),
    Key("name", "text", "short name of the study", "name of the file"),
    Key("title", "text", "what the study is about, in a line", ""),
)
GRID = (
    Key("instances", "", "folders or workbooks of instances; paths from the folder of the study file", "none"),
    Key("new", "", "random instances as `stockpile new` writes them, beside or instead of `instances`", "none"),
    Key("scenarios", "", "`all`: as the instance has them; `expected`: one future, the mean of all; or a scenario's name, which is then certain; or a list of these", "all"),
    Key("always", "", "changes of every run of the grid, as of `--set`: a list of `KEY=VALUE`", "none"),
    Key("set", "", "changes that the runs go through: see below", "none"),
    Key("options", "", "as `[options]`, for this grid; a list or LOW:HIGH:N of any is gone through", "those of `[options]`"),
)  # fmt: skip
SECTIONS = {"options": OPTIONS, "limits": LIMITS}


def checked(kind: str, raw: Any) -> Any:
    """A single value.  Raises ValueError with what would be right."""
    right = KINDS[kind]
    if kind in ("text", "rules"):
        if not isinstance(raw, str) or HIDDEN.search(raw) or len(raw) > LONGEST_NAME:
            raise ValueError(f"{shown(raw)} is not {right}")
        if kind == "rules" and raw not in RULES:
            raise ValueError(f"{shown(raw)} is neither {' nor '.join(RULES)}")
        return raw.strip()
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise ValueError(f"{shown(raw)} is not {right}")
    whole, least = kind in ("count", "integer"), {"share": 0.0, "integer": 0, "count": 1}.get(kind, 0.0)
    if raw < least or (raw == 0 and kind in ("seconds", "megabytes")) or (whole and raw != int(raw)):
        raise ValueError(f"{shown(raw)} is not {right}")
    if whole and raw >= 2**31:
        raise ValueError(f"{shown(raw)} is too large: {right}, below {2**31}")
    return int(raw) if whole else float(raw)


def several(raw: Any) -> tuple[list[Any], bool]:
    """The values of a list, of a range LOW:HIGH:N or of a single value, and whether they are more than that.

    Raises ValueError with what would be right.
    """
    if isinstance(raw, list):
        if not raw:
            raise ValueError("is an empty list; give at least one value")
        if len(raw) > MOST_VALUES:
            raise ValueError(f"has {len(raw):,} values; {MOST_VALUES:,} are the most")
        return raw, True
    found = RANGE.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        return [raw], False
    return spread(found[1], found[2], found[3], raw), True


def spread(low: str, high: str, count: str, told: str) -> list[float | int]:
    """So many values from one to the other, evenly spaced, both among them; whole ones as integers.  Raises ValueError."""
    try:
        first, last, number = float(low), float(high), int(count)
    except ValueError:
        raise ValueError(f"{shown(told)} is not a range; write LOW:HIGH:N, as 0.8:1.2:5") from None
    if not (math.isfinite(first) and math.isfinite(last)) or not 1 <= number <= MOST_VALUES:
        raise ValueError(f"{shown(told)}: LOW and HIGH are numbers, and N is from 1 to {MOST_VALUES:,}")
    step = (last - first) / max(number - 1, 1)
    values = [float(f"{first + step * at:.12g}") for at in range(number)]
    values[-1] = last if number > 1 else first
    return [int(value) if value.is_integer() and abs(value) < 1e15 else value for value in values]


def text_of(raw: Any) -> str:
    """A value of a change as text.  Raises ValueError where it is none."""
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, float) and not raw.is_integer():
        return f"{raw:.12g}"
    if isinstance(raw, bool | int | float | str):
        return cell_text(raw)
    raise ValueError(f"{shown(raw)} is not a value; give a number, a text, a date, true or false")
