"""Reading instances and plans for a command: what is odd about an instance is a message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stockpile.cli.console import Console, printable
from stockpile.cli.work import Work

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan


def read_instance(console: Console, path: Path, changes: Sequence[str]) -> Instance:
    """Load an instance with some changes and pass on its warnings.  Raises DataError with every problem."""
    from stockpile.instance import load

    console.subject = path.name or str(path)
    with Work(console, "reading the instance"):
        instance = load(path, changes)
    for warning in instance.warnings:
        console.warn(str(warning))
    return instance


def read_plan(console: Console, folder: Path) -> Plan:
    """Read a plan.  Raises DataError with every problem."""
    from stockpile.plan.plan import Plan

    console.subject = printable(folder)
    with Work(console, "reading the plan"):
        return Plan.read(folder)


def read_plans(console: Console, folders: Sequence[Path]) -> list[tuple[str, Plan]]:
    """Read some plans, each with the name of its folder.  Raises DataError with every problem of the first that has some."""
    from stockpile.plan.plan import Plan

    read = []
    with Work(console, "reading plans") as work:
        for i, folder in enumerate(folders):
            work(i, len(folders))
            console.subject = printable(folder)
            read.append((str(folder), Plan.read(folder)))
    return read
