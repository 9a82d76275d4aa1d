"""Processes that do one run after another: started once, watched for memory and time, ended without harm to the others."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, get_context, set_start_method
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Protocol

from stockpile.errors import StockpileError
from stockpile.study.batch.folder import now
from stockpile.study.batch.machine import first_to_go, resident_mb
from stockpile.study.batch.perform import KEPT, Ended, Job, blank, perform_in
from stockpile.study.batch.study import Limits

ROOM_MB = 2000.0
"""A process that keeps so much more than it had at first is replaced by a new one."""
MOST_KEPT = 0.5
"""The share of a limit of memory that a process may keep between runs, beside what it had at first."""
TRIES = 3


@dataclass(frozen=True)
class Running:
    """A run that is being done, and for how many seconds."""

    id: str
    seconds: float
    memory_mb: float


class Backend(Protocol):
    """Where runs are done."""

    @property
    def workers(self) -> int:
        """Runs that are done at the same time."""

    def room(self) -> int:
        """Jobs that may be submitted now."""

    def submit(self, job: Job) -> None:
        """Have a run done."""

    def wait(self, seconds: float) -> list[Ended]:
        """What has ended, after so many seconds or earlier."""

    def running(self) -> list[Running]:
        """What is being done."""

    def stop(self) -> None:
        """End all that is running, and the workers."""


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    job: Job | None = None
    since: float = 0.0
    started: str = ""
    most: float = 0.0
    first: float = 0.0


@dataclass
class Local:
    """Workers on this machine, which write to the folder of the batch themselves."""

    batch: Path
    workers: int
    limits: Limits
    pool: list[_Worker] = field(default_factory=list)
    waiting: deque[Job] = field(default_factory=deque)
    deaths: int = 0

    def room(self) -> int:
        """Jobs that may be submitted now."""
        busy = sum(worker.job is not None for worker in self.pool)
        return self.workers - busy - len(self.waiting)

    def submit(self, job: Job) -> None:
        """Have a run done, by a worker that waits or by a new one."""
        self.waiting.append(job)
        self._hand_out()

    def _hand_out(self) -> None:
        """Give jobs to workers that are ready; where there are more jobs than free workers, start some."""
        free = sum(worker.job is None for worker in self.pool)
        for _ in range(min(len(self.waiting) - free, self.workers - len(self.pool))):
            self.pool.append(_start(self.batch))
        for worker in self.pool:
            if self.waiting and worker.ready and worker.job is None:
                worker.job, worker.since, worker.started = self.waiting.popleft(), time.monotonic(), now()
                worker.most = 0.0
                with contextlib.suppress(OSError):
                    worker.pipe.send(worker.job)

    def wait(self, seconds: float) -> list[Ended]:
        """What has ended, after so many seconds or earlier.  Raises StockpileError where no worker can be started."""
        sources = [worker.pipe for worker in self.pool]
        if sources:
            connection.wait(sources, timeout=seconds)
        else:
            time.sleep(seconds)
        found = [ended for worker in list(self.pool) for ended in self._heard(worker)]
        found += [ended for worker in list(self.pool) if worker.job is not None for ended in self._watched(worker)]
        self._hand_out()
        return found

    def _heard(self, worker: _Worker) -> Iterator[Ended]:
        """What a worker has said; the end of its pipe is its own."""
        try:
            while worker.pipe.poll():
                told = worker.pipe.recv()
                if told is None:
                    worker.ready, worker.first, self.deaths = True, resident_mb(worker.process.pid or 0), 0
                    continue
                worker.job = None
                yield told
                if self._is_replaced(worker):
                    return
        except (EOFError, OSError):
            yield from self._died(worker)

    def _died(self, worker: _Worker) -> Iterator[Ended]:
        """A worker that is gone: with its run, or before it had any."""
        worker.process.join(5)
        self._drop(worker)
        if worker.job is not None:
            yield self._killed(worker, worker.job, *_why(worker.process.exitcode, worker.most))
            return
        self.deaths += 0 if worker.ready else 1
        if self.deaths >= TRIES:
            said, _ = _why(worker.process.exitcode, worker.most)
            raise StockpileError(f"no worker can be started: {said}")

    def _watched(self, worker: _Worker) -> Iterator[Ended]:
        """A worker whose run is over its limits is killed."""
        job = worker.job
        assert job is not None
        most_mb, most_seconds = job.limits.get("memory_mb"), job.limits.get("seconds")
        taken, seconds = resident_mb(worker.process.pid or 0), time.monotonic() - worker.since
        worker.most = max(worker.most, taken)
        if most_mb is not None and taken > most_mb:
            said = f"had {taken:,.0f} MB of memory; the limit is {most_mb:,.0f} MB"
            yield self._end(worker, job, said, "killed")
        elif most_seconds is not None and seconds > most_seconds:
            yield self._end(worker, job, f"ran for {seconds:,.1f} s; the limit is {most_seconds:,.1f} s", "timed out")

    def _end(self, worker: _Worker, job: Job, said: str, state: str) -> Ended:
        worker.process.kill()
        worker.process.join()
        self._drop(worker)
        return self._killed(worker, job, said, 5, state)

    def _killed(self, worker: _Worker, job: Job, said: str, status: int, state: str = "killed") -> Ended:
        record = blank(
            job,
            state=state,
            exit=status,
            message=said,
            started=worker.started,
            ended=now(),
            seconds=round(time.monotonic() - worker.since, 3),
            memory_mb=round(worker.most, 1) or None,
        )
        return Ended(job, KEPT, record, files={})

    def _drop(self, worker: _Worker) -> None:
        worker.pipe.close()
        self.pool.remove(worker)

    def _is_replaced(self, worker: _Worker) -> bool:
        """Whether a worker was let go, as it keeps much memory, which would count against the next run."""
        kept = resident_mb(worker.process.pid or 0) - worker.first
        limit = self.limits.memory_mb
        most = ROOM_MB if limit is None else min(ROOM_MB, MOST_KEPT * max(limit - worker.first, 0.0))
        if kept <= most:
            return False
        worker.process.kill()
        self._drop(worker)
        return True

    def running(self) -> list[Running]:
        """What is being done."""
        busy = [worker for worker in self.pool if worker.job is not None]
        clock = time.monotonic()
        return [Running(worker.job.run.id, clock - worker.since, worker.most) for worker in busy if worker.job]

    def stop(self) -> None:
        """End all workers."""
        for worker in self.pool:
            worker.process.kill()
        for worker in self.pool:
            worker.process.join(10)
            worker.pipe.close()
        self.pool.clear()
        self.waiting.clear()


def _why(code: int | None, most: float) -> tuple[str, int]:
    """Why a process is gone, in words, and the exit status for that."""
    had = f"; the most memory that was seen is {most:,.0f} MB" if most else ""
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        hint = ", as the system does where memory runs out" if -code == signal.SIGKILL else ""
        return f"its process was ended by signal {name}{hint}{had}", 1
    return f"its process ended with status {code}{had}", 1


def _start(batch: Path) -> _Worker:
    """A new worker.  It does not hear of Ctrl-C: whoever started it decides what that means."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, batch), daemon=True, name="stockpile-worker")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return _Worker(process, ours)


def _work(pipe: Connection, batch: Path) -> None:
    """The main function of a worker: libraries once, then run after run.  It ends with the process that started it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    set_start_method("fork", force=True)  # a lock that Pyomo makes would else be left behind where a worker is killed
    first_to_go()
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, jobs), daemon=True).start()
    import stockpile.engine  # noqa: F401
    from stockpile.study.batch.sources import Shelf

    shelf = Shelf()
    pipe.send(None)
    while True:
        pipe.send(perform_in(batch, jobs.get(), shelf.read))


def _listen(pipe: Connection, jobs: queue.SimpleQueue[Job]) -> None:
    """Pass on jobs; without the process that hands them out there is nothing left to do."""
    while True:
        try:
            jobs.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(1)
