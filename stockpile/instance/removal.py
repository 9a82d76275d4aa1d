"""What goes with a row that is removed: the rows that cannot be without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from stockpile.instance.check import TABLES_OF_KINDS
from stockpile.instance.checking.ends import NAMED
from stockpile.instance.checking.pins import TABLES as TABLES_OF_DECISIONS
from stockpile.instance.parse import Raw, as_text, stripped
from stockpile.instance.schema import TABLES
from stockpile.instance.schema.pins import DECISIONS

#: Table, column with the name, and where it matters the column of the row's kind and the kinds, of rows that need a name.
Links = list[tuple[str, str, str, frozenset[str]]]
Texts = list[str | None]


def links_to(target: str) -> Links:
    """The rows that need a name of a table: they have it in their key, or must have it."""
    links: Links = []
    for table in TABLES.values():
        for column in table.columns:
            if column.refers == target and (column.required or column.name in table.key):
                links.append((table.name, column.name, "", frozenset()))
    for name, kinds in TABLES_OF_KINDS.items():
        links.append((name, "name", "kind", frozenset(kind for kind, named in kinds.items() if named == target)))
    decisions = (
        decision for decision in DECISIONS if TABLES_OF_DECISIONS.get(decision, ("goods", "good"))[0] == target
    )
    links.append(("pins", "name", "decision", frozenset(decisions)))
    links.append(("end_values", "name", "kind", frozenset(kind for kind, named in NAMED.items() if target in named)))
    return [link for link in links if link[3] or not link[2]]


def removed_with(
    tables: Mapping[str, Raw], removed: Mapping[str, Iterable[int]], kept: Mapping[str, set[str]]
) -> dict[str, set[int]]:
    """The rows that are removed from tables, and all rows that need a name that goes with them.

    A name goes with the last row that has it in the first column of its table, unless it is among those ``kept``.
    """
    texts = _Texts(tables)
    gone: dict[str, set[int]] = {name: set(rows) for name, rows in removed.items()}
    todo = {name: rows for name, rows in gone.items() if rows}
    while todo:
        more: dict[str, set[int]] = {}
        for target, rows in todo.items():
            links = links_to(target)
            lost = texts.lost(target, rows, gone[target]) - kept.get(target, set()) if links else set()
            for link in links if lost else ():
                more.setdefault(link[0], set()).update(texts.naming(*link, lost))
        todo = {name: rows - gone.get(name, set()) for name, rows in more.items()}
        todo = {name: rows for name, rows in todo.items() if rows}
        for name, rows in todo.items():
            gone.setdefault(name, set()).update(rows)
    return gone


class _Texts:
    """The cells of tables as texts, each column read once."""

    def __init__(self, tables: Mapping[str, Raw]) -> None:
        self._tables = tables
        self._read: dict[tuple[str, str], Texts] = {}

    def of(self, table: str, column: str) -> Texts:
        """The cells of a column, None where they are blank and have no default."""
        if (table, column) not in self._read:
            raw, default = self._tables[table], TABLES[table].column(column).default
            cells = stripped(raw.columns[column]) if column in raw.columns else np.full(raw.rows, None, dtype=object)
            filled = [default if cell is None else cell for cell in cells]
            self._read[table, column] = [None if cell is None else as_text(cell) for cell in filled]
        return self._read[table, column]

    def lost(self, table: str, rows: Iterable[int], gone: set[int]) -> set[str]:
        """The names that some rows have and no row that stays."""
        names = self.of(table, TABLES[table].columns[0].name)
        asked = {name for row in rows if (name := names[row]) is not None}
        return asked - {name for row, name in enumerate(names) if name in asked and row not in gone}

    def naming(self, table: str, column: str, by: str, kinds: frozenset[str], names: set[str]) -> set[int]:
        """The rows of a table, of some kinds if there is a column of them, that have one of some names in a column."""
        if table not in self._tables:
            return set()
        cells = self.of(table, column)
        kind_of = self.of(table, by) if by else cells
        return {row for row, cell in enumerate(cells) if cell in names and (not by or kind_of[row] in kinds)}
