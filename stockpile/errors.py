"""What can go wrong, each with the exit status that the command line gives for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class StockpileError(Exception):
    """Anything this package raises on purpose."""

    exit_status = 1


@dataclass(frozen=True)
class Problem:
    """A fault in an instance: file, record number (the header is 1), column, and what would be right."""

    file: str
    message: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [self.file, *(str(part) for part in (self.row, self.column) if part is not None)]
        return f"{':'.join(place)}: {self.message}"


class DataError(StockpileError):
    """Every fault found in an instance, at once."""

    exit_status = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InfeasibleError(StockpileError):
    """Proven: no plan satisfies every row."""

    exit_status = 3


class NoPlanError(StockpileError):
    """Stopped by a limit or by hand before a plan was found; no plan costs less than ``bound``, in money."""

    exit_status = 5

    def __init__(self, message: str, bound: float = float("-inf"), stopped_by: str | None = None) -> None:
        super().__init__(message)
        self.bound, self.stopped_by = bound, stopped_by


class UnboundedError(StockpileError):
    """Cost can fall without end: a price, a width or a capacity is missing."""

    exit_status = 6


class SolverError(StockpileError):
    """The solver or the compilation failed."""


class NotInstalledError(StockpileError):
    """A library that only some commands need is not there."""

    exit_status = 2

    def __init__(self, library: str, what: str, extra: str) -> None:
        command = f"python -m pip install 'stockpile[{extra}]'"
        super().__init__(f"{what} needs {library}, which is not installed\ninstall it with:  {command}")
