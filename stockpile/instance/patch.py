"""Folders that extend another: rows that patch the base's by key, rows that are new, rows and tables that go.

A page of ``instances/README.md`` (from ``document.py``) says what is done here; every cell of the result knows the file and
the record in which it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stockpile.errors import Problem
from stockpile.instance.calendar import Calendar, parse_date
from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Place, Places
from stockpile.instance.keys import keys_of
from stockpile.instance.parse import Cells, Raw, as_text, stripped
from stockpile.instance.patch_rows import DELETE, Rows, read_rows
from stockpile.instance.removal import removed_with
from stockpile.instance.schema import TABLES, Table
from stockpile.instance.settings import FILE

#: Settings that a folder has for itself, and does not take from the one that it extends.
OWN = ("format", "name")


@dataclass(frozen=True)
class Layer:
    """One folder, or workbook, as it was found.

    ``label`` stands before the names of its files (sheets), ``unread`` are tables that could not be read, ``settings`` is the
    file of its settings, ``rows`` the number of the row of each where they are a sheet.
    """

    label: str
    document: Mapping[str, Any]
    tables: Mapping[str, Raw]
    unread: frozenset[str] = frozenset()
    settings: str = FILE
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The file of its settings."""
        return self.label + self.settings

    def place(self, setting: str) -> str:
        """The file of a setting, and its row where it has one."""
        return f"{self.file}:{self.rows[setting]}" if setting in self.rows else self.file

    @property
    def deleted(self) -> list[str]:
        """Tables and settings of the base that it leaves out; not checked."""
        found = self.document.get("delete", [])
        return [str(name) for name in found] if isinstance(found, list) else []


@dataclass
class Patched:
    """Tables put together: their rows, how many were changed, added and removed in each, what is wrong, what one should know."""

    tables: dict[str, Raw] = field(default_factory=dict)
    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    faults: dict[str, list[Problem]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    def count(self, table: str, changed: int, added: int, removed: int) -> None:
        """Adds to the counts of a table."""
        if changed or added or removed:
            old = self.counts.get(table, (0, 0, 0))
            self.counts[table] = (old[0] + changed, old[1] + added, old[2] + removed)


def merge_settings(layers: Sequence[Layer], problems: list[Problem]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of folders, the base first: key by key the last that gives one; and the file of each, by its place."""
    document: dict[str, Any] = {}
    files: dict[str, str] = {}
    for at, layer in enumerate(layers):
        document = {key: value for key, value in document.items() if key not in OWN}
        if at:
            _leave_out(layer, document, files, layers[:at], problems)
        for key, value in layer.document.items():
            if key in ("extends", "delete"):
                continue
            files[key] = layer.place(key)
            if isinstance(value, Mapping) and isinstance(document.get(key, {}), Mapping):
                document[key] = {**document.get(key, {}), **value}
                files.update({f"{key}.{name}": layer.place(f"{key}.{name}") for name in value})
            else:
                document[key] = value
    return document, files


def _leave_out(
    layer: Layer,
    document: dict[str, Any],
    files: dict[str, str],
    below: Sequence[Layer],
    problems: list[Problem],
) -> None:
    """Removes the settings that a layer deletes, and says what is wrong with its list."""
    asked = layer.document.get("delete", [])
    if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
        problems.append(
            Problem(
                layer.place("delete"),
                "is a list of tables and settings, as ['projects', 'solver.gap']",
                column="delete",
            )
        )
        return
    tables = {name for lower in below for name in [*lower.tables, *lower.unread]}
    settings = [f"{s}.{k}" for s, values in document.items() if isinstance(values, Mapping) for k in values]
    settings += [key for key, value in document.items() if not isinstance(value, Mapping)]
    for name in asked:
        section, _, setting = name.rpartition(".")
        if name in settings:
            del (document[section] if section else document)[setting]
            files[name] = layer.file
        elif name not in tables:
            hint = nearest(name, [*sorted(tables), *settings], "it has")
            problems.append(Problem(layer.place("delete"), f"the base has no {shown(name)}; {hint}", column="delete"))


def merge_tables(layers: Sequence[Layer], calendar: Calendar, short_from: int) -> Patched:
    """The tables of folders, the base first.

    The rows of layers below ``short_from`` were written for another horizon: those that begin after this one are left out.
    """
    done = Patched()
    for at, layer in enumerate(layers):
        own = {
            name: _within(raw, name, calendar, done) if at < short_from else raw for name, raw in layer.tables.items()
        }
        own = {name: raw for name, raw in own.items() if raw.rows}
        if at == 0:
            done.tables = own
            continue
        for name in layer.deleted:
            if name in done.tables:
                done.count(name, 0, 0, done.tables.pop(name).rows)
        _patch(done, own, calendar)
    return done


def _within(raw: Raw, name: str, calendar: Calendar, done: Patched) -> Raw:
    """A table of one file without the rows whose key begins after the horizon."""
    keep = np.ones(raw.rows, dtype=bool)
    for column in TABLES[name].key:
        if TABLES[name].column(column).kind == "from" and column in raw.columns:
            keep &= np.array([not _after(cell, calendar) for cell in stripped(raw.columns[column])], dtype=bool)
    left_out = int((~keep).sum())
    if not left_out:
        return raw
    said = (
        f"{left_out} {'row begins' if left_out == 1 else 'rows begin'} after the horizon, and {_is(left_out)} left out"
    )
    done.warnings.append(Problem(raw.file, said))
    numbers = [number for number, kept in zip(raw.numbers, keep, strict=True) if kept]
    return Raw({name: cells[keep] for name, cells in raw.columns.items()}, numbers, raw.file)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _after(cell: Any, calendar: Calendar) -> bool:
    """Whether a date is one on or after which no period starts."""
    try:
        return cell is not None and calendar.first_from(parse_date(as_text(cell))) >= calendar.periods
    except ValueError:
        return False


def _patch(done: Patched, own: Mapping[str, Raw], calendar: Calendar) -> None:
    """Patches the tables that were put together so far with those of a folder."""
    rows: dict[str, Rows] = {}
    for name, raw in own.items():
        base = done.tables.get(name)
        known = [] if base is None else keys_of(TABLES[name], base, calendar)
        rows[name] = read_rows(TABLES[name], raw, base, known, calendar)
    kept = {name: _names(TABLES[name], own[name], found) for name, found in rows.items()}
    gone = removed_with(done.tables, {name: set(found.removed) for name, found in rows.items()}, kept)
    for name in TABLES:
        base, lost = done.tables.get(name), gone.get(name, set())
        found = rows.get(name)
        if found is None and (base is None or not lost):
            continue
        if found is not None:
            found.without(lost)
            if found.faults:
                done.faults.setdefault(name, []).extend(found.faults.problems)
            done.count(name, len(found.changed), len(found.added), len(lost))
            done.tables[name] = _merged(base, own[name], found, lost)
        elif base is not None:
            done.count(name, 0, 0, len(lost))
            done.tables[name] = _merged(base, Raw({}, [], base.file), Rows(base.faults()), lost)
        if not done.tables[name].rows:
            del done.tables[name]


def _names(table: Table, own: Raw, rows: Rows) -> set[str]:
    """The names that a folder's rows have in the first column of a table, but for rows that remove one."""
    first = own.columns.get(table.columns[0].name)
    if first is None:
        return set()
    going = set(rows.removed.values())
    return {as_text(cell) for at, cell in enumerate(stripped(first)) if at not in going and cell is not None}


def placed(raw: Raw) -> Places:
    """Where the rows and columns of a table stand."""
    if raw.places is not None:
        return raw.places
    rows = [Place(raw.file, int(number)) for number in raw.numbers]
    return Places(rows, {}, dict.fromkeys(raw.columns, raw.file))


def _merged(base: Raw | None, own: Raw, rows: Rows, lost: Iterable[int]) -> Raw:
    """The base's rows but for those that are lost, each as the folder patches it, then the folder's new rows."""
    base = Raw({}, [], own.file) if base is None else base
    under, over = placed(base), placed(own)
    count = base.rows
    keep = np.ones(count + len(rows.added), dtype=bool)
    keep[list(lost)] = False
    columns: dict[str, Cells] = {}
    for name in [*base.columns, *(n for n in own.columns if n not in base.columns and n != DELETE)]:
        columns[name] = np.full(len(keep), None, dtype=object)
        if name in base.columns:
            columns[name][:count] = base.columns[name]
        if name in own.columns:
            columns[name][count:] = own.columns[name][rows.added]
    cells = dict(under.cells)
    for at, row in rows.changed.items():
        for name in [*rows.taken[at], *rows.cleared[at]]:
            if name in columns:
                given = name in own.columns and name in rows.taken[at]
                columns[name][row] = own.columns[name][at] if given else None
                cells[row, name] = over.rows[at]
    new = np.cumsum(keep) - 1
    every = [*under.rows, *(over.rows[at] for at in rows.added)]
    places = Places(
        [place for place, kept in zip(every, keep, strict=True) if kept],
        {(int(new[row]), name): place for (row, name), place in cells.items() if keep[row]},
        {**over.columns, **under.columns},
    )
    return Raw({name: cells[keep] for name, cells in columns.items()}, range(int(keep.sum())), own.file, places)
