"""One run of a batch, from reading to writing: whatever happens to it is told, nothing is raised."""

from __future__ import annotations

import errno
import platform
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.errors import DataError, InfeasibleError, NoPlanError, StockpileError, UnboundedError
from stockpile.study.batch.expand import Run
from stockpile.study.batch.folder import PLAN, Record, draft, now, put
from stockpile.study.batch.machine import peak_mb, reset_peak
from stockpile.study.batch.sources import key_of, source_of, variant

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan

KEPT, SAME, LOST, STOPPED = "kept", "same", "lost", "stopped"
"""How a run may end: with a record; with the key of the one that is there; without one, as it could not be written; by hand."""
INTERRUPT = "interrupt"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Faults of a disk, which say nothing about a run."""
LONGEST = 4000
"""Characters of a message."""
Read = Callable[[Run, str], "Instance"]


@dataclass(frozen=True)
class Job:
    """A run that is to be done; ``known`` is the key of the record that is there, ``source`` what its files hash to
    where that is known.  ``limits`` are told in the record."""

    run: Run
    known: str = ""
    limits: dict[str, Any] = field(default_factory=dict)
    attempt: int = 1
    source: str = ""


@dataclass(frozen=True)
class Ended:
    """What came of a job.  ``files`` are those of its plan where they are not in the folder of the batch yet."""

    job: Job
    how: str
    record: Record
    files: dict[str, bytes] | None = None
    message: str = ""


def perform(
    job: Job, read: Read, place: Path, source: str | None = None, progress: Callable[[Any], None] | None = None
) -> Ended:
    """Do a run; ``place`` is a folder that is there, to which its plan is written as ``plan``.

    ``source`` is what the files of its instance hash to where they are not here; ``progress`` listens to the search, and may
    end it by an exception.

    What the run came to is in the record: its own errors and those of the instance, too.
    """
    started, clock = now(), time.perf_counter()
    reset_peak()
    try:
        told, plan = _search(job, read, place, source, progress)
    except OSError as error:
        return Ended(job, LOST, blank(job), message=f"{job.run.id} could not be kept: {error}")
    if told.key and told.key == job.known:
        return Ended(job, SAME, told)
    if told.message == INTERRUPT:
        return Ended(job, STOPPED, told)
    log = place / "solver.log"
    if plan is not None:
        try:
            plan.write(place / PLAN, log if log.exists() else None)
        except (OSError, StockpileError) as error:
            return Ended(job, LOST, told, message=f"the plan of {job.run.id} could not be kept: {error}")
    log.unlink(missing_ok=True)
    seconds = round(time.perf_counter() - clock, 3)
    return Ended(job, KEPT, replace(told, started=started, ended=now(), seconds=seconds, memory_mb=peak_mb()))


def perform_in(batch: Path, job: Job, read: Read) -> Ended:
    """Do a run and put its folder in its place in a batch."""
    run = job.run.id
    try:
        with draft(batch, run) as place:
            ended = perform(job, read, place)
            if ended.how == KEPT:
                put(batch, place, ended.record)
            return ended
    except OSError as error:
        return Ended(job, LOST, blank(job), message=f"{run} could not be kept: {error}")


def perform_away(job: Job, read: Read, source: str, progress: Callable[[Any], None] | None = None) -> Ended:
    """Do a run where the folder of the batch is not, and hand back the files of its plan."""
    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        ended = perform(job, read, Path(folder), source, progress)
        plan = Path(folder) / PLAN
        files = {file.name: file.read_bytes() for file in sorted(plan.iterdir())} if plan.is_dir() else {}
    return replace(ended, files=files)


def blank(job: Job, **more: Any) -> Record:
    """The record of a run of which nothing is known but what was asked."""
    run = job.run
    asked = Record(
        id=run.id,
        instance=run.instance,
        source=job.source,
        settings=list(run.settings),
        scenarios=run.scenarios,
        options=dict(run.options),
        limits=job.limits,
        versions=_versions(),
        platform=platform.platform(),
        attempts=job.attempt,
    )
    return replace(asked, **more)


@cache
def _versions() -> dict[str, str]:
    from stockpile.plan.circumstances import versions

    return versions()


def _search(
    job: Job, read: Read, place: Path, source: str | None, progress: Callable[[Any], None] | None
) -> tuple[Record, Plan | None]:
    """The plan of a run and what there is to tell; a fault of the instance has a key, too: it is found again by the files."""
    run, told = job.run, blank(job)
    try:
        source = source_of(run) if source is None else source
        told = replace(told, source=source)
        instance = variant(read(run, source), run)
        told = replace(
            told,
            key=key_of(instance, run, told.versions),
            instance_hash=instance.hash,
            unit=instance.settings.units.money,
        )
        if told.key == job.known:
            return told, None
        from stockpile.engine import solve

        plan = solve(instance, log_file=place / "solver.log", progress=progress, **run.options)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        return _failed(told, error), None
    return _planned(told, plan), plan


def _planned(told: Record, plan: Plan) -> Record:
    breaches = plan.summary["audit"]["breaches"]
    ended = ("failed", 1) if breaches else ("optimal", 0) if plan.status == "optimal" else ("limit", 4)
    said = f"{breaches} breaches in the audit of the plan" if breaches else plan.summary["stopped_by"] or ""
    return replace(
        told,
        state=ended[0],
        exit=ended[1],
        objective=plan.objective,
        bound=plan.summary["bound"],
        gap=plan.summary["gap"],
        message=said,
    )


def _failed(told: Record, error: Exception) -> Record:
    """What an exception means for a run."""
    said = str(error) or type(error).__name__
    state = "failed"
    if isinstance(error, DataError):
        state = "bad input"
    elif isinstance(error, InfeasibleError):
        state = "infeasible"
    elif isinstance(error, UnboundedError):
        state = "unbounded"
    elif isinstance(error, NoPlanError):
        state, said = "no plan", str(error.stopped_by) if error.stopped_by == INTERRUPT else said
    elif isinstance(error, MemoryError):
        state, said = "killed", "not enough memory"
    elif not isinstance(error, StockpileError):
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {said} ({Path(where.filename).name}:{where.lineno})"
    status = error.exit_status if isinstance(error, StockpileError) else 1
    bound = error.bound if isinstance(error, NoPlanError) and abs(error.bound) < float("inf") else None
    return replace(told, state=state, exit=status, bound=bound, message=said[:LONGEST])


__all__ = ["KEPT", "LOST", "SAME", "STOPPED", "Ended", "Job", "blank", "perform_away", "perform_in"]
