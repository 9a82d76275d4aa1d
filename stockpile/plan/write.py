"""Writing a plan folder: all of it in a folder beside, then renamed, so that a reader never sees half a plan."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import uuid
from pathlib import Path
from typing import Any

from stockpile.errors import DataError, Problem
from stockpile.plan.plan import FORMAT, LOG, SUMMARY, TABLES, Plan, as_csv

#: What a plan folder may hold; a folder with anything else in it is not ours to replace.
FILES = frozenset({SUMMARY, LOG, *(f"{name}.csv" for name in TABLES)})
#: What stands for a byte of a path that is not UTF-8; as text it cannot be written, in JSON it can.
LONE = re.compile("[\ud800-\udfff]")


def write_plan(plan: Plan, folder: Path, log: Path | None = None) -> None:
    """Write ``plan`` to ``folder`` with ``log`` as its solver.log; an old plan there is replaced in one step.

    Raises DataError where ``folder`` is a file or a folder with anything in it that is not part of a plan.
    """
    target = folder.resolve()
    check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(target, "new")
    try:
        fresh.mkdir()
        _fill(plan, fresh, log)
        _put(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _beside(target: Path, what: str) -> Path:
    """A name for a hidden folder next to the target, so that a rename stays on one file system."""
    return target.parent / f".{target.name}.{what}-{uuid.uuid4().hex[:12]}"


def check_target(target: Path) -> None:
    """Raise DataError unless a plan may be written to ``target``: nothing is there, an empty folder, or an old plan."""
    if not target.exists():
        return
    if not target.is_dir():
        raise DataError([Problem(str(target), "is a file; a plan is a folder, choose another name")])
    found = sorted(entry.name for entry in target.iterdir())
    if not found:
        return
    foreign = [name for name in found if name not in FILES]
    if foreign:
        some = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise DataError([Problem(str(target), f"holds what is not part of a plan ({some}); choose another folder")])
    if not _is_summary(target / SUMMARY):
        raise DataError([Problem(str(target), f"is not a plan folder: no {SUMMARY} of a plan; choose another folder")])


def _is_summary(file: Path) -> bool:
    """Whether a file is the summary of a plan."""
    try:
        summary = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(summary, dict) and summary.get("format") == FORMAT and "instance" in summary


def _fill(plan: Plan, folder: Path, log: Path | None) -> None:
    """The files of a plan: one CSV per table, the summary, the solver's protocol."""
    for name, table in TABLES.items():
        (folder / f"{name}.csv").write_bytes(as_csv(plan.tables[name], table).encode())
    (folder / SUMMARY).write_text(summary_text(plan), encoding="utf-8")
    if log is not None:
        shutil.copyfile(log, folder / LOG)


def summary_text(plan: Plan) -> str:
    """plan.json as it is written."""
    told = json.dumps(plan.summary, indent=2, ensure_ascii=False, allow_nan=False, default=_plain)
    return LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", told) + "\n"


def _plain(value: Any) -> Any:
    """A number of numpy as one of Python; raises TypeError for anything else."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in {SUMMARY}")


def _put(fresh: Path, target: Path) -> None:
    """Move the new folder to its place; an old one is exchanged for it, and then removed by the caller."""
    if target.exists() and any(target.iterdir()):
        if exchange(fresh, target):
            return
        old = _beside(target, "old")
        target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
    else:
        if target.exists():
            target.rmdir()
        fresh.rename(target)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can (Linux); false where it cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
