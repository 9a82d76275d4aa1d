"""What went wrong, in one line for people, as a document for programs, and as an exit status."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from stockpile.errors import DataError, Problem, StockpileError

OK, BREACH, BAD_INPUT, INFEASIBLE, STOPPED, NO_PLAN, UNBOUNDED = range(7)
ERROR = BREACH
INTERRUPTED = 130
BROKEN_PIPE = 141

WORDS = {
    ERROR: "error",
    BAD_INPUT: "bad input",
    INFEASIBLE: "infeasible",
    NO_PLAN: "no plan",
    UNBOUNDED: "unbounded",
    INTERRUPTED: "interrupted",
}


@dataclass(frozen=True)
class Failure:
    """A command that did not do its work."""

    exit_status: int
    message: str
    details: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    internal: bool = False

    @property
    def status(self) -> str:
        """The status as a word."""
        return WORDS.get(self.exit_status, "error")

    def as_document(self) -> dict[str, Any]:
        """What ``--json`` prints instead of a result."""
        return {
            "status": self.status,
            "exit_status": self.exit_status,
            "message": self.message,
            "details": list(self.details),
            "problems": [as_document(problem) for problem in self.problems],
        }


def as_document(problem: Problem) -> Mapping[str, Any]:
    """A problem of the input as plain values."""
    return {"file": problem.file, "row": problem.row, "column": problem.column, "message": problem.message}


class UsageProblem(click.ClickException):
    """An argument that cannot work, found before anything else is done."""

    exit_code = BAD_INPUT


def describe(error: BaseException, subject: str = "") -> Failure:
    """The failure behind an exception; what is not known is an error of the program itself.

    ``subject`` is the folder that the command was reading.
    """
    if isinstance(error, DataError):
        count = len(error.problems)
        place = f" in {subject}" if subject else ""
        headline = f"{count} problem{'' if count == 1 else 's'}{place}"
        return Failure(error.exit_status, headline, problems=tuple(error.problems))
    if isinstance(error, StockpileError):
        first, *rest = str(error).splitlines() or [type(error).__name__]
        return Failure(error.exit_status, first, tuple(line.strip() for line in rest))
    if isinstance(error, click.ClickException):
        return Failure(BAD_INPUT, error.format_message())
    if isinstance(error, OSError) and error.errno is not None:
        return Failure(_os_status(error), _os_message(error))
    if isinstance(error, MemoryError):
        return Failure(ERROR, "not enough memory")
    return Failure(ERROR, f"internal error: {type(error).__name__}: {_first_line(error)}", internal=True)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else "no message"


def _os_status(error: OSError) -> int:
    """A path that cannot be used is bad input; a disk that fails or fills up is not."""
    return ERROR if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO) else BAD_INPUT


def _os_message(error: OSError) -> str:
    """The system's words with the file, or those of whoever raised it: they say more where there is no file."""
    return f"{error.filename}: {os.strerror(error.errno or 0)}" if error.filename else str(error.strerror)
