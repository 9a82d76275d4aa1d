"""Where the reader and the checks put what they find, table by table, in numbers that a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stockpile.errors import Problem

#: Faults of one column that are told one by one.
WORDED = 20


@dataclass(frozen=True)
class Place:
    """Where something stands: a file, the number of a record (the header is 1), and how its column is called there."""

    file: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Places:
    """Where the parts of a table stand that was put together from several files.

    ``rows`` has the place of every row, ``cells`` those of cells (row from 0, column) that stand elsewhere, ``columns`` the
    files of whole columns.
    """

    rows: Sequence[Place]
    cells: Mapping[tuple[int, str], Place] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def of(self, row: int, column: str | None) -> Place:
        """The place of a cell, or of a row."""
        return self.rows[row] if column is None else self.cells.get((row, column), self.rows[row])


class Faults:
    """The faults of one table; of one column only the first are told one by one.

    Records are counted from 0 here; ``numbers`` gives the record number that a message shows (the header is 1), and ``places``
    where each stands if not all are in ``file``.
    """

    def __init__(self, file: str, numbers: Sequence[int] | None = None, places: Places | None = None) -> None:
        self.file = file
        self._numbers = numbers
        self._places = places
        self._problems: list[Problem] = []
        self._found: Counter[str | None] = Counter()

    def empty(self) -> Faults:
        """Of the same table, with nothing found."""
        return Faults(self.file, self._numbers, self._places)

    def record(self, row: int) -> str:
        """A record in words: its number, and its file where that is not the table's."""
        place = self._place(row, None)
        return f"record {place.row}" if place.file == self.file else f"record {place.row} of {place.file}"

    def _place(self, row: int | None, column: str | None) -> Place:
        if self._places is not None:
            if row is not None:
                return self._places.of(row, column)
            return Place(self._places.columns.get(column or "", self.file))
        if row is None:
            return Place(self.file)
        return Place(self.file, row + 2 if self._numbers is None else int(self._numbers[row]))

    def add(self, message: str, row: int | None = None, column: str | None = None) -> None:
        """A fault in a record, or in the whole table; one that many cells have from the same place is one."""
        place = self._place(row, column)
        problem = Problem(place.file, message, place.row, place.column or column)
        if place.column and problem in self._problems:
            return
        self._found[column] += 1
        if self._found[column] <= WORDED:
            self._problems.append(problem)

    def each(self, rows: Iterable[int], column: str | None, message: str | Callable[[int], str]) -> None:
        """The same kind of fault in several records, in the same words or in words for each."""
        found = [int(row) for row in rows]
        for at, row in enumerate(found):
            if self._found[column] >= WORDED:
                self._found[column] += len(found) - at
                return
            self.add(message if isinstance(message, str) else message(row), row, column)

    def take(self, problems: Iterable[Problem]) -> None:
        """Faults that were found before the table was put together."""
        self._problems += problems

    @property
    def problems(self) -> list[Problem]:
        """What was found in the order of the records, and how many more there are."""
        more = [
            Problem(self.file, f"and {count - WORDED:,} more like these", column=column)
            for column, count in self._found.items()
            if count > WORDED
        ]
        return (
            sorted(self._problems, key=lambda problem: (problem.file != self.file, problem.file, problem.row or 0))
            + more
        )

    def __bool__(self) -> bool:
        return bool(self._problems)


class Report:
    """Faults, which make an instance bad input, and warnings, table by table.

    ``unread`` are tables whose file is there but could not be read: nothing can be said of what refers to them.
    """

    def __init__(self, faults: Mapping[str, Faults], unread: Iterable[str] = ()) -> None:
        self._faults = dict(faults)
        self._warnings: dict[str, Faults] = {}
        self.unread = frozenset(unread)

    def of(self, table: str) -> Faults:
        """The faults of a table."""
        return self._faults.setdefault(table, Faults(f"{table}.csv"))

    def fault(self, table: str, message: str, row: int | None = None, column: str | None = None) -> None:
        """A fault in a record (counted from 0) or in the whole table."""
        self.of(table).add(message, row, column)

    def warn(self, table: str, message: str, row: int | None = None, column: str | None = None) -> None:
        """Something that is allowed and probably not meant."""
        same_file = self.of(table).empty()
        self._warnings.setdefault(table, same_file).add(message, row, column)

    def sound(self, tables: Iterable[str]) -> bool:
        """Whether nothing was found in any of some tables so far."""
        return not any(table in self.unread or self._faults.get(table) for table in tables)

    @property
    def faults(self) -> list[Problem]:
        """Every fault."""
        return [problem for faults in self._faults.values() for problem in faults.problems]

    @property
    def warnings(self) -> list[Problem]:
        """Every warning."""
        return [problem for faults in self._warnings.values() for problem in faults.problems]
