"""Where the rules between tables put what they find."""

from __future__ import annotations

from collections.abc import Mapping

from stockpile.errors import Problem


class Report:
    """Faults, which make an instance bad input, and warnings; ``files`` names the file of every table."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.faults: list[Problem] = []
        self.warnings: list[Problem] = []

    def _problem(self, table: str, message: str, row: int | None, column: str | None) -> Problem:
        return Problem(self.files.get(table, f"{table}.csv"), message, None if row is None else row + 2, column)

    def fault(self, table: str, message: str, row: int | None = None, column: str | None = None) -> None:
        """A fault in a record (counted from 0) or in the whole table."""
        self.faults.append(self._problem(table, message, row, column))

    def warn(self, table: str, message: str, row: int | None = None, column: str | None = None) -> None:
        """Something that is allowed and probably not meant."""
        self.warnings.append(self._problem(table, message, row, column))
