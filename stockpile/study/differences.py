"""Where a plan folder and a plan say different things, cell by cell and to the last digit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.plan.plan import SUMMARY, TABLES, as_csv
from stockpile.plan.write import summary_text

if TYPE_CHECKING:
    from stockpile.plan.plan import Plan

MOST = 1000
"""Cells that are listed of one file."""
FREE = (
    ("seconds",),
    ("versions",),
    ("platform",),
    ("value",),
    ("instance", "path"),
    ("instance", "drawn"),
    ("options", "threads"),
    ("options", "threads_used"),
    ("options", "start", "path"),
)
"""Entries of plan.json in which plans of the same search may differ: what it is worth to know the future is not searched for again."""


@dataclass(frozen=True)
class Difference:
    """One cell: ``file``, ``row`` (the record's number, the header being 1; None in plan.json), ``column`` (there the entry)."""

    file: str
    row: int | None
    column: str
    then: str
    now: str

    def __str__(self) -> str:
        """The place as problems of an instance are told, then both values."""
        place = ":".join(str(part) for part in (self.file, self.row, self.column) if part not in (None, ""))
        return f"{place}: {self.then} then, {self.now} now"


def differences(folder: Path, plan: Plan) -> list[Difference]:
    """What differs between the files of a plan folder and those that ``plan`` would be written as, at most 1000 of a file.

    Times, versions and the solver's log may.  Raises OSError where a file cannot be read.
    """
    before = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    found = [*islice(_entries(before, json.loads(summary_text(plan)), ()), MOST)]
    for name, table in TABLES.items():
        then, now = (folder / f"{name}.csv").read_bytes(), as_csv(plan.tables[name], table).encode()
        if then != now:
            found += islice(_cells(f"{name}.csv", then.decode("utf-8", "replace"), now.decode()), MOST)
    return found


def _entries(then: Any, now: Any, path: tuple[str, ...]) -> Iterator[Difference]:
    """Entries of plan.json that differ."""
    if path in FREE:
        return
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        then, now = dict(enumerate(then)), dict(enumerate(now))
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*then, *now)):
            yield from _entries(then.get(key, _MISSING), now.get(key, _MISSING), (*path, str(key)))
    elif then != now or isinstance(then, bool) != isinstance(now, bool):
        yield Difference(SUMMARY, None, ".".join(path), _told(then), _told(now))


_MISSING = object()


def _told(value: Any) -> str:
    text = "nothing" if value is _MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _cells(file: str, then: str, now: str) -> Iterator[Difference]:
    """Cells of a table that differ; where it has more rows or fewer, those of the first row that differs, and both numbers."""
    (head, *before), (columns, *after) = (list(csv.reader(io.StringIO(text))) for text in (then, now))
    found = False
    if head != columns:
        found = True
        yield Difference(file, 1, "", ",".join(head), ",".join(columns))
    place = [(name, head.index(name), columns.index(name)) for name in columns if name in head]
    for row, (old, new) in enumerate(zip(before, after, strict=False), 2):
        cells = [(name, old[i] if i < len(old) else "", new[j]) for name, i, j in place]
        unlike = [Difference(file, row, name, a or "blank", b or "blank") for name, a, b in cells if a != b]
        yield from unlike
        found = found or bool(unlike)
        if unlike and len(before) != len(after):
            break
    if len(before) != len(after):
        yield Difference(file, None, "", f"{len(before):,} rows", f"{len(after):,} rows")
    elif not found:
        yield Difference(file, None, "", "written with other line ends or quotes", "the same cells")


__all__ = ["Difference", "differences"]
