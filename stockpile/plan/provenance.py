"""How far the data behind a plan can be trusted: the ``status`` of the instance's rows, counted for readers of the plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stockpile.instance import Instance
from stockpile.instance.schema import TABLES

NAMED = {
    "prices": "source",
    "markets": "market",
    "contracts": "contract",
    "processes": "process",
    "stages": "project",
    "financing": "project",
    "storage": "good",
    "tiers": "good",
    "targets": "good",
    "rotation": "good",
    "goods": "good",
    "funds": "fund",
}
"""Tables whose rows are counted by name, too, with the column that names what they are about."""


def provenance_of(instance: Instance) -> dict[str, dict[str, Any]]:
    """By table how many rows have each status (empty where a row says nothing), and of some tables the same by name.

    Counts by name are there where the rows of the table differ in their status.  Nothing where no row of the instance has any.
    """
    frames = {name: instance.table(name) for name in TABLES if len(instance.table(name))}
    if all(frame["status"].isna().all() for frame in frames.values()):
        return {}
    out: dict[str, dict[str, Any]] = {}
    for table, frame in frames.items():
        rows = _counts(frame["status"])
        out[table] = {"rows": rows}
        if table in NAMED and len(rows) > 1:
            groups = frame.groupby(NAMED[table], sort=False, dropna=False)["status"]
            out[table]["by"] = {_text(name): _counts(statuses) for name, statuses in groups}
    return out


def _counts(statuses: Iterable[object]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for status in statuses:
        counts[_text(status)] = counts.get(_text(status), 0) + 1
    return counts


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
