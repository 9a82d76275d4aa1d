"""Where the reader and the checks put what they find, table by table, in numbers that a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from stockpile.errors import Problem

#: Faults of one column that are told one by one.
WORDED = 20


class Faults:
    """The faults of one file; of one column only the first are told one by one.

    Records are counted from 0 here; ``numbers`` gives the record number that a message shows (the header is 1).
    """

    def __init__(self, file: str, numbers: Sequence[int] | None = None) -> None:
        self.file = file
        self._numbers = numbers
        self._problems: list[Problem] = []
        self._found: Counter[str | None] = Counter()

    def empty(self) -> Faults:
        """Of the same file, with nothing found."""
        return Faults(self.file, self._numbers)

    def number(self, row: int) -> int:
        """The number of a record in the file."""
        return row + 2 if self._numbers is None else int(self._numbers[row])

    def add(self, message: str, row: int | None = None, column: str | None = None) -> None:
        """A fault in a record, or in the whole table."""
        self._found[column] += 1
        if self._found[column] <= WORDED:
            number = None if row is None else self.number(row)
            self._problems.append(Problem(self.file, message, number, column))

    def each(self, rows: Iterable[int], column: str | None, message: str | Callable[[int], str]) -> None:
        """The same kind of fault in several records, in the same words or in words for each."""
        found = [int(row) for row in rows]
        room = max(0, WORDED - self._found[column])
        for row in found[:room]:
            self.add(message if isinstance(message, str) else message(row), row, column)
        self._found[column] += len(found[room:])

    @property
    def problems(self) -> list[Problem]:
        """What was found in the order of the records, and how many more there are."""
        more = [
            Problem(self.file, f"and {count - WORDED:,} more like these", column=column)
            for column, count in self._found.items()
            if count > WORDED
        ]
        return sorted(self._problems, key=lambda problem: problem.row or 0) + more

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
