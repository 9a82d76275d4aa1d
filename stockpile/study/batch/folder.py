"""The folder of a batch: where the runs are, what their records say, and how they are written whole or not at all.

``study.toml`` is the study as it was run, ``runs/ID/run.json`` the record of a run and ``runs/ID/plan/`` its plan where
it has one.  These folders are the truth; ``records.sqlite`` is an index of them that can be made anew.
"""

from __future__ import annotations

import errno
import glob
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stockpile.plan.plan import SUMMARY, TABLES
from stockpile.plan.write import exchange

STUDY = "study.toml"
RUNS = "runs"
RECORD = "run.json"
PLAN = "plan"
INDEX = "records.sqlite"
FORMAT = 1

STATES = {
    "optimal": "a plan with the asked gap",
    "limit": "a plan, but the search was stopped before the asked gap was reached",
    "no plan": "stopped by a limit before a plan was found",
    "infeasible": "proven: no plan keeps all hard rules",
    "unbounded": "cost can fall without end",
    "bad input": "the instance, or a change of it, has faults",
    "failed": "an error of the program, or a plan that fails its audit",
    "killed": "its process died: for want of memory, or by a signal",
    "timed out": "ended at the hard limit of seconds",
}
"""How a run may have ended."""


@dataclass(frozen=True)
class Record:
    """What ``run.json`` says of a run.

    ``instance`` is its path as told in the study, ``settings`` are its changes as of ``--set``, ``scenarios`` which of its futures.
    ``key`` hashes what the result depends on: content of the instance after its changes, scenarios, options, versions;
    ``source`` hashes the bytes of its files.  ``exit`` is the status that ``stockpile solve`` would have had, ``objective`` and
    ``bound`` are money in ``unit``, ``gap`` is a share, ``seconds`` those of the run from reading to writing, ``memory_mb`` the most
    that its process took, ``limits`` the hard ones that it ran under, ``started`` and ``ended`` UTC.
    """

    id: str
    key: str = ""
    instance: str = ""
    instance_hash: str = ""
    source: str = ""
    settings: list[str] = field(default_factory=list)
    scenarios: str = "all"
    options: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    platform: str = ""
    state: str = "failed"
    exit: int = 1
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    unit: str = ""
    seconds: float = 0.0
    memory_mb: float | None = None
    message: str = ""
    started: str = ""
    ended: str = ""
    attempts: int = 1

    def as_document(self) -> dict[str, Any]:
        """The record as plain values, as it is written."""
        return {"format": FORMAT, **asdict(self)}


def record_from(document: Any) -> Record | None:
    """A record from what was written; None where that is none of this format."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return None
    known = {f.name for f in fields(Record)}
    try:
        found = Record(**{name: value for name, value in document.items() if name in known})
    except TypeError:
        return None
    return found if isinstance(found.id, str) and found.state in STATES else None


def now() -> str:
    """The time as a record has it: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def run_folder(batch: Path, run: str) -> Path:
    """The folder of a run."""
    return batch / RUNS / run


def plan_folder(batch: Path, run: str) -> Path:
    """The folder of a run's plan, there or not."""
    return run_folder(batch, run) / PLAN


def is_batch(path: Path) -> bool:
    """Whether a folder is that of a batch."""
    return (path / RUNS).is_dir()


def read_record(batch: Path, run: str) -> Record | None:
    """The record of a run; None where there is none, or where a file of its plan is missing or empty."""
    folder = run_folder(batch, run)
    try:
        record = record_from(json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    if record is None or record.id != run:
        return None
    return record if record.objective is None or _is_whole(folder / PLAN) else None


def records(batch: Path) -> Iterator[Record]:
    """The records of all runs that are kept, by id."""
    try:
        names = sorted(entry.name for entry in os.scandir(batch / RUNS) if not entry.name.startswith("."))
    except FileNotFoundError:
        return
    for name in names:
        record = read_record(batch, name)
        if record is not None:
            yield record


@contextmanager
def draft(batch: Path, run: str) -> Iterator[Path]:
    """A folder for a run beside its place, under a name that no reader looks at; it is gone at the end unless it was put in place.

    Raises OSError where there is no room for it.
    """
    fresh = batch / RUNS / f".{run}.new-{uuid.uuid4().hex[:12]}"
    try:
        fresh.mkdir(parents=True)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def put(batch: Path, fresh: Path, record: Record) -> None:
    """Add the record to the draft of a run and put it in its place in one step; an older one is exchanged for it.

    Raises OSError where that cannot be, and leaves what was there.
    """
    write_text(fresh / RECORD, _text(record))
    _put(fresh, run_folder(batch, record.id))


def keep(batch: Path, record: Record, fill: Callable[[Path], None] | None = None) -> None:
    """Put the folder of a run in its place; ``fill`` writes the plan to a folder of the name that it is given.

    Raises OSError as ``put`` does.
    """
    with draft(batch, record.id) as fresh:
        if fill is not None:
            fill(fresh / PLAN)
        put(batch, fresh, record)


def write_files(files: Mapping[str, bytes]) -> Callable[[Path], None]:
    """What writes a plan of which the bytes of its files are known."""

    def fill(folder: Path) -> None:
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)

    return fill


def amend(batch: Path, record: Record) -> None:
    """Write the record of a run anew, beside the plan that is there.  Raises OSError."""
    replace_text(run_folder(batch, record.id) / RECORD, _text(record))


def _text(record: Record) -> str:
    return json.dumps(record.as_document(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_text(file: Path, text: str) -> None:
    """A file whose content is on the disk when this returns."""
    with file.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def replace_text(file: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old one or the new one."""
    near = file.with_name(f".{file.name}.{uuid.uuid4().hex[:12]}")
    try:
        write_text(near, text)
        os.replace(near, file)
    finally:
        near.unlink(missing_ok=True)


def _put(fresh: Path, target: Path) -> None:
    """Rename the new folder to its place; an old one there is exchanged for it, and is removed by the caller."""
    try:
        fresh.rename(target)
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    if not exchange(fresh, target):
        target.rename(fresh.with_name(f".{target.name}.old-{uuid.uuid4().hex[:12]}"))
        fresh.rename(target)


def sweep(batch: Path, run: str) -> None:
    """Remove what writers of a run that were killed have left.  Only who has claimed the run may do so."""
    folder = run_folder(batch, run)
    for what in ("new", "old"):
        for left in folder.parent.glob(f".{glob.escape(run)}.{what}-" + "?" * 12):
            shutil.rmtree(left, ignore_errors=True)


def _is_whole(plan: Path) -> bool:
    """Whether every file of a plan is there and has something in it, as not all have after the machine lost its power."""
    try:
        sizes = {entry.name: entry.stat().st_size for entry in os.scandir(plan)}
    except OSError:
        return False
    return all(sizes.get(name) for name in (SUMMARY, *(f"{table}.csv" for table in TABLES)))
