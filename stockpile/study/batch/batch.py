"""A batch: the runs of a study that are missing or changed are done, each is kept, and nothing that happens to one ends it."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from stockpile.plan.circumstances import versions
from stockpile.study.batch.claims import Claim, claim
from stockpile.study.batch.expand import Run
from stockpile.study.batch.folder import RUNS, STUDY, Record, amend, keep, read_record, replace_text, sweep, write_files
from stockpile.study.batch.index import Index
from stockpile.study.batch.perform import LOST, SAME, STOPPED, Ended, Job
from stockpile.study.batch.sources import source_of
from stockpile.study.batch.study import Limits, Study
from stockpile.study.batch.workers import Backend, Running

TICK = 0.1
"""Seconds after which limits, and runs that others do, are looked at again."""
AGAIN = 0.5
"""Seconds after which a run that another batch does is looked at again."""
IN_A_ROW = 3
"""Runs in a row that cannot be kept, after which no more are begun."""

SEARCHES, BESIDE = 2.0, 60.0
"""A run may take so many times its time limit, for the LP that fixes a plan may take as long again as the search, and so many seconds."""

WORST = ("failed", "killed", "bad input", "unbounded", "timed out", "no plan", "infeasible", "limit", "optimal")
"""How runs may end, the worst first."""
FAILURES = ("failed", "killed", "bad input", "unbounded", "timed out", "no plan")
"""Those that are told by the exit status unless others are asked for."""


@dataclass
class Board:
    """How far a batch is: runs in all, ended by state, done here and now, being done; seconds that are left by estimate."""

    total: int
    states: Counter[str] = field(default_factory=Counter)
    fresh: int = 0
    seconds: float = 0.0
    waiting: int = 0
    running: list[Running] = field(default_factory=list)
    workers: int = 1
    started: float = field(default_factory=time.monotonic)

    @property
    def ended(self) -> int:
        """Runs that are done, now or before."""
        return sum(self.states.values())

    @property
    def left(self) -> float | None:
        """Seconds until all is done, from what runs took that were done now; None where none was yet."""
        if not self.fresh:
            return None
        begun = sum(min(run.seconds, self.seconds / self.fresh) for run in self.running)
        todo = (self.total - self.ended) * self.seconds / self.fresh - begun
        return max(todo, 0.0) / max(self.workers, 1)


class Listener(Protocol):
    """Who wants to know how a batch goes."""

    def tick(self, board: Board) -> None:
        """Some time has gone by."""

    def ended(self, record: Record, board: Board) -> None:
        """A run was done."""

    def trouble(self, message: str) -> None:
        """Something could not be kept."""


@dataclass(frozen=True)
class Outcome:
    """What a batch came to: the records of its runs, what could not be kept, and how many runs it leaves undone."""

    records: list[Record]
    lost: list[str]
    undone: int
    fresh: int
    interrupted: bool = False

    def worst(self, count: Collection[str] = FAILURES) -> int:
        """The exit status of the worst run among those whose states count; 0 where there is none."""
        found = [record for record in self.records if record.state in count]
        return min(found, key=lambda record: WORST.index(record.state)).exit if found else 0


def run_batch(
    study: Study, runs: list[Run], folder: Path, backend: Backend, listener: Listener, again: Iterable[str] = ()
) -> Outcome:
    """Do the runs that are missing in a folder or have changed; those in the states ``again`` anew.

    Another batch may work on the same folder: a run that it does is waited for, not done twice.  Ctrl-C ends what is
    running and keeps what is done.  Raises OSError where the folder cannot be written at all.
    """
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    replace_text(folder / STUDY, study.text)
    index = Index(folder)
    batch = _Batch(folder, study.limits, backend, listener, index, frozenset(again), Board(len(runs)))
    interrupted = False
    try:
        batch.look(runs)
        batch.work()
    except KeyboardInterrupt:
        interrupted = True
    finally:
        backend.stop()
        for held in batch.held.values():
            held.release()
        index.close()
    if index.trouble:
        listener.trouble(index.trouble)
    done = batch.done
    records = [done[run.id] for run in runs if run.id in done]
    return Outcome(records, batch.lost, len(runs) - len(records), batch.board.fresh, interrupted)


def is_same(run: Run, record: Record, source: str, of: dict[str, str] | None = None) -> bool:
    """Whether a record is what a run would come to again: of the same files, changes, futures, options and versions."""
    asked = (list(run.settings), run.scenarios, dict(run.options), versions() if of is None else of)
    had = (record.settings, record.scenarios, record.options, record.versions)
    return asked == had and bool(record.source) and record.source == source


def hard_limits(limits: Limits, run: Run) -> dict[str, float]:
    """The hard limits of a run: its seconds, unless they are told, are what a search may take with what goes beside it."""
    found = {"memory_mb": limits.memory_mb, "seconds": limits.seconds}
    soft = run.options.get("time_limit")
    if limits.seconds is None and soft is not None:
        found["seconds"] = SEARCHES * soft + BESIDE
    return {name: value for name, value in found.items() if value is not None}


def sources_of(runs: list[Run]) -> dict[str, str]:
    """What the files of the instance of each run hash to, by the id of the run."""
    by_place = {run.path or run.instance: run for run in runs}
    found = {place: source_of(run) for place, run in by_place.items()}
    return {run.id: found[run.path or run.instance] for run in runs}


@dataclass
class _Batch:
    folder: Path
    limits: Limits
    backend: Backend
    listener: Listener
    index: Index
    again: frozenset[str]
    board: Board
    todo: deque[Run] = field(default_factory=deque)
    others: dict[str, tuple[Run, float]] = field(default_factory=dict)
    held: dict[str, Claim] = field(default_factory=dict)
    done: dict[str, Record] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    row: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=versions)
    redone: set[str] = field(default_factory=set)

    def look(self, runs: list[Run]) -> None:
        """See which runs are done already."""
        for run in runs:
            record = read_record(self.folder, run.id)
            if record is not None and self.is_current(run, record):
                self.take(record)
            else:
                self.todo.append(run)
        self.board.workers = self.backend.workers

    def source(self, run: Run) -> str:
        """What the files of a run's instance hash to, looked at once."""
        place = run.path or run.instance
        if place not in self.sources:
            self.sources[place] = source_of(run)
        return self.sources[place]

    def is_current(self, run: Run, record: Record) -> bool:
        """Whether a record is that of the run as it is now, as far as can be told without reading the instance."""
        if record.state in self.again and record.id not in self.redone:
            return False
        if record.state in ("killed", "timed out") and record.limits != hard_limits(self.limits, run):
            return False
        return is_same(run, record, self.source(run), self.versions)

    def take(self, record: Record) -> None:
        """A run is done."""
        self.done[record.id] = record
        self.board.states[record.state] += 1

    def work(self) -> None:
        """Until all runs are done: begin what there is room for, and keep what has ended."""
        while self.todo or self.others or self.held:
            while self.todo and self.backend.room() > 0:
                self.begin(self.todo.popleft())
            for run, when in list(self.others.values()):
                if time.monotonic() >= when and self.backend.room() > 0:
                    del self.others[run.id]
                    self.begin(run)
            for ended in self.backend.wait(TICK):
                self.end(ended)
            self.board.running, self.board.waiting = self.backend.running(), len(self.others)
            self.listener.tick(self.board)
            if self.row >= IN_A_ROW:
                self.listener.trouble(f"{self.row} runs in a row could not be kept: no more are begun")
                return

    def begin(self, run: Run) -> None:
        """Claim a run and have it done, unless another batch does it or has done it by now."""
        try:
            mine = claim(self.folder, run.id)
        except OSError as error:
            self.lose(f"{run.id} could not be begun: {error}")
            return
        if mine is None:
            self.others[run.id] = run, time.monotonic() + AGAIN
            return
        self.held[run.id] = mine
        record = read_record(self.folder, run.id)
        if record is not None and self.is_current(run, record):
            self.index.put(record)
            self.take(record)
            self.release(run.id)
            return
        sweep(self.folder, run.id)
        anew = record is None or record.state in self.again or record.state in ("killed", "timed out")
        known = "" if record is None or anew else record.key
        self.backend.submit(Job(run, known, hard_limits(self.limits, run), source=self.source(run)))

    def end(self, ended: Ended) -> None:
        """Keep what came of a run."""
        run = ended.job.run
        record: Record | None = ended.record
        try:
            if ended.how == SAME:
                old = read_record(self.folder, run.id)
                record = None if old is None else replace(old, source=ended.record.source)
                if record is not None:
                    amend(self.folder, record)
            elif ended.how == LOST:
                self.lose(ended.message)
                return
            elif ended.how == STOPPED:
                return
            elif ended.files is not None:
                record = self.keep(ended.record, ended.files)
        except OSError as error:
            self.lose(f"{run.id} could not be kept: {error}")
            return
        finally:
            self.release(run.id)
        if record is None:
            self.todo.append(run)
            return
        self.row = 0
        self.redone.add(record.id)
        self.index.put(record)
        self.take(record)
        if ended.how != SAME:
            self.board.fresh += 1
            self.board.seconds += record.seconds
            self.listener.ended(record, self.board)

    def keep(self, record: Record, files: dict[str, bytes]) -> Record:
        """Keep what no worker has written; but a worker that was killed just after it had written has done its run."""
        sweep(self.folder, record.id)
        there = read_record(self.folder, record.id) if record.state in ("killed", "timed out") else None
        if there is not None and there.started >= record.started:
            return there
        keep(self.folder, record, write_files(files) if files else None)
        return record

    def lose(self, message: str) -> None:
        """A run that cannot be kept: it is done by the next batch."""
        self.row += 1
        self.lost.append(message)
        self.listener.trouble(message)

    def release(self, run: str) -> None:
        self.held.pop(run).release()
