"""The rows of one table of a folder that extends another: which they change, which they remove, which are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stockpile.instance.calendar import Calendar
from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Faults
from stockpile.instance.keys import Key, keys_of, told
from stockpile.instance.parse import FALSE, TRUE, Cells, Raw, as_text, stripped
from stockpile.instance.schema import PROVENANCE, Table

#: The column that says what a row removes.
DELETE = "delete"
_TRUST = tuple(column.name for column in PROVENANCE)


@dataclass
class Rows:
    """What the rows of a folder do: rows are counted from 0, those of the folder first, those of the base second.

    ``changed`` has the base's row of every row that changes one, ``taken`` the columns that it takes from the folder's,
    ``cleared`` those that it empties; ``removed`` has the folder's row of every row of the base that goes; ``added`` rows are
    new.  ``faults`` says what is wrong with any of them.
    """

    faults: Faults
    changed: dict[int, int] = field(default_factory=dict)
    taken: dict[int, list[str]] = field(default_factory=dict)
    cleared: dict[int, list[str]] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    added: list[int] = field(default_factory=list)

    def without(self, lost: set[int]) -> None:
        """Rows that go with others cannot be changed."""
        for at, row in [*self.changed.items()]:
            if row in lost:
                self.faults.add("changes a row that goes with what this folder removes; leave one of them out", at)
                del self.changed[at]


def read_rows(table: Table, own: Raw, base: Raw | None, known: Sequence[Key], calendar: Calendar) -> Rows:
    """What the rows of a folder's table do to the base's, whose keys are ``known``."""
    return _Reader(table, own, base, known).read(keys_of(table, own, calendar))


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, table: Table, own: Raw, base: Raw | None, known: Sequence[Key]) -> None:
        self.table, self.own, self.base = table, own, base
        self.cells: dict[str, Cells] = {name: stripped(cells) for name, cells in own.columns.items()}
        self.rows_of: dict[Key, list[int]] = {}
        for row, key in enumerate(known):
            self.rows_of.setdefault(key, []).append(row)
        self.rows = Rows(own.faults())
        self.faults = self.rows.faults

    def read(self, keys: Sequence[Key]) -> Rows:
        """Sorts the rows with these keys into those that change, remove and add."""
        seen: dict[Key, int] = {}
        for at, key in enumerate(keys):
            matching = self.rows_of.get(key, [])
            first = seen.setdefault(key, at)
            if matching and first != at:
                self._fault(at, f"is there twice, first in {self.faults.record(first)}; {self._must_differ()}")
            elif len(matching) > 1:
                self._fault(at, f"stands for {len(matching)} rows of {self._base}; write its key as it is there")
            elif matching:
                self._meet(at, matching[0])
            else:
                self._alone(at)
        return self.rows

    @property
    def _base(self) -> str:
        return "the base" if self.base is None else self.base.file

    def _must_differ(self) -> str:
        return f"{', '.join(self.table.key)} must differ"

    def _fault(self, at: int, what: str, column: str | None = None) -> None:
        message = what if column else f"{shown(told(self.table, self.own, at))} {what}"
        self.faults.add(message, at, column or self.table.key[0])

    def _given(self, at: int, names: Sequence[str]) -> list[str]:
        """Columns among some in which a row has a cell."""
        return [name for name in names if name in self.cells and self.cells[name][at] is not None]

    @property
    def _figures(self) -> list[str]:
        """Columns that are neither key nor provenance."""
        return [name for name in self.table.names if name not in self.table.key and name not in _TRUST]

    def _asked(self, at: int) -> tuple[bool, list[str]]:
        """What the row's ``delete`` says: whether the row goes, or which columns are emptied."""
        cell = self.cells[DELETE][at] if DELETE in self.cells else None
        text = "" if cell is None else as_text(cell)
        if text.lower() in (*TRUE, *FALSE, ""):
            return text.lower() in TRUE, []
        return False, [word.strip() for word in text.split(";") if word.strip()]

    def _meet(self, at: int, row: int) -> None:
        """A row whose key the base has."""
        goes, cleared = self._asked(at)
        figures = self._given(at, self._figures)
        if goes:
            if figures:
                self._fault(at, f"the row goes, so it has no {figures[0]}; leave one of them blank", DELETE)
            else:
                self.rows.removed[row] = at
            return
        wrong = [word for word in cleared if not self._check_cleared(at, row, word)]
        trust = self._given(at, _TRUST)
        if wrong:
            return
        if not figures and not cleared and not trust:
            self._fault(at, f"changes nothing in {self._base}; give a cell, or leave the row out")
            return
        self.rows.changed[at] = row
        self.rows.taken[at] = [*figures, *(_TRUST if figures or cleared else trust)]
        self.rows.cleared[at] = cleared

    def _check_cleared(self, at: int, row: int, word: str) -> bool:
        """Whether a cell that is to be emptied is there."""
        able = [*self._figures, *_TRUST]
        if word not in able:
            hint = nearest(word, able, "write true to remove the row, or columns:")
            self._fault(at, f"{shown(word)} is not a column that can be emptied; {hint}", DELETE)
        elif self._given(at, [word]):
            self._fault(at, f"{word} is emptied and given; leave one of them out", DELETE)
        elif (
            self.base is None
            or word not in self.base.columns
            or stripped(self.base.columns[word][row : row + 1])[0] is None
        ):
            self._fault(at, f"{word} is blank in {self._base}", DELETE)
        else:
            return True
        return False

    def _alone(self, at: int) -> None:
        """A row whose key the base does not have: a new one, if it is complete."""
        goes, cleared = self._asked(at)
        if goes or cleared:
            self._fault(at, f"is not in {self._base}, so nothing of it can be removed; {self._nearest(at)}", None)
            return
        missing = [c.name for c in self.table.columns if c.required and c.name not in self.table.key]
        missing = [name for name in missing if not self._given(at, [name])]
        if missing and self.base is not None:
            self._fault(at, f"is not in {self._base}; {self._nearest(at)}; a new row needs {' and '.join(missing)}")
            return
        self.rows.added.append(at)

    def _nearest(self, at: int) -> str:
        """The key of the base that was probably meant."""
        if self.base is None:
            return "the base has no such table"
        keys = [told(self.table, self.base, row) for row in range(min(self.base.rows, 2000))]
        return nearest(told(self.table, self.own, at), keys, "it has")
