"""Runs on a Dask cluster that is there: each instance is shipped once, plans come back as bytes, lost workers' runs are tried again."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stockpile.errors import NotInstalledError, StockpileError
from stockpile.study.batch.folder import now
from stockpile.study.batch.perform import KEPT, Ended, Job, blank, perform_away
from stockpile.study.batch.sources import read_base
from stockpile.study.batch.workers import Running

if TYPE_CHECKING:
    from stockpile.instance import Instance

SCHEME = "dask://"
PATIENCE = 30.0
"""Seconds that a scheduler and a first worker are waited for."""
ATTEMPTS = 3
"""How often a run is submitted that the scheduler has lost; how often one is tried whose worker is lost is the scheduler's to say."""
MOST_KEPT = 8
"""Instances that are held on the cluster for runs to come."""
LOOK = 2.0
"""Seconds after which the workers are counted anew."""

_ONE = threading.Lock()


class Abandoned(Exception):
    """Nobody waits for this run any more."""


@dataclass
class _Flight:
    job: Job
    future: Any
    since: float
    started: str
    attempt: int = 1


@dataclass
class Cluster:
    """A cluster by the address of its scheduler, dask://HOST:PORT; one run at a time in each of its workers, or ``most`` in all.

    Raises NotInstalledError without the library, StockpileError where there is no cluster, or one with other versions.
    """

    address: str
    most: int | None = None
    client: Any = None
    flights: dict[str, _Flight] = field(default_factory=dict)
    over: list[Ended] = field(default_factory=list)
    instances: OrderedDict[str, Any] = field(default_factory=OrderedDict)
    counted: tuple[float, int] = (0.0, 0)

    def __post_init__(self) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise NotInstalledError("distributed", "a batch on a cluster", "dask") from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        place = self.address.replace(SCHEME, "tcp://", 1)
        try:
            self.client = Client(place, timeout=PATIENCE, set_as_default=False)
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            if self.client is not None:
                self.client.close()
                raise StockpileError(f"{self.address} has no workers; start some with: dask worker {place}") from error
            raise StockpileError(f"no scheduler answers at {self.address}: {error}") from error
        _check(self.address, self.client)

    @property
    def workers(self) -> int:
        """Runs that are done at the same time."""
        looked, count = self.counted
        if time.monotonic() - looked > LOOK:
            count = max(len(self.client.scheduler_info(n_workers=-1)["workers"]), 1)
            self.counted = time.monotonic(), count
        return count if self.most is None else min(count, self.most)

    def room(self) -> int:
        """Jobs that may be submitted now."""
        return self.workers - len(self.flights) - len(self.over)

    def submit(self, job: Job) -> None:
        """Have a run done; a fault of its instance is found here."""
        try:
            held = self._held(job)
        except Exception as error:
            self.over.append(perform_away(job, _raising(error), job.source))
            return
        self._launch(job, held, 1)

    def _held(self, job: Job) -> Any:
        """The instance of a run on the cluster.  Raises what reading it raises."""
        name = f"{job.run.path}\n{job.source}"
        if name not in self.instances:
            base = replace(read_base(job.run), _cache={})
            self.instances[name] = self.client.submit(_same, base, key=f"stockpile-instance-{base.hash}")
        self.instances.move_to_end(name)
        while len(self.instances) > MOST_KEPT:
            self.instances.popitem(last=False)
        return self.instances[name]

    def _launch(self, job: Job, held: Any, attempt: int) -> None:
        key = f"stockpile-run-{uuid.uuid4().hex}"
        future = self.client.submit(_do, job, held, key=key, pure=False)
        self.flights[job.run.id] = _Flight(job, future, time.monotonic(), now(), attempt)

    def wait(self, seconds: float) -> list[Ended]:
        """What has ended, after so many seconds or earlier.  Raises StockpileError where the scheduler is gone."""
        from distributed import wait

        found, self.over = self.over, []
        futures = [flight.future for flight in self.flights.values()]
        if futures and not found:
            try:
                wait(futures, timeout=seconds, return_when="FIRST_COMPLETED")
            except TimeoutError:
                pass
            except Exception:
                time.sleep(seconds)
        elif not found:
            time.sleep(seconds)
        if self.client.status not in ("running", "connecting"):
            raise StockpileError(f"the scheduler at {self.address} is gone; the same command goes on once it is back")
        for flight in list(self.flights.values()):
            ended = self._landed(flight)
            if ended is not None:
                del self.flights[flight.job.run.id]
                found.append(ended)
        return found

    def _landed(self, flight: _Flight) -> Ended | None:
        """What came of a run, None while it is under way or where it is tried again."""
        status, seconds = flight.future.status, time.monotonic() - flight.since
        if status == "pending":
            limit = flight.job.limits.get("seconds")
            if limit is None or seconds <= limit:
                return None
            flight.future.cancel(force=True)
            return _ended(flight, "timed out", 5, f"ran for {seconds:,.1f} s; the limit is {limit:,.1f} s")
        try:
            found: Ended = flight.future.result(timeout=PATIENCE)
            return replace(found, record=replace(found.record, attempts=flight.attempt))
        except Exception as error:
            return self._failed(flight, error)

    def _failed(self, flight: _Flight, error: Exception) -> Ended | None:
        name = type(error).__name__
        if name == "KilledWorker":
            tries = int(getattr(error, "allowed_failures", 0)) + 1
            lost = replace(flight, attempt=tries)
            return _ended(lost, "killed", 1, f"each of the {tries} workers that tried it was lost")
        if "Cancelled" in name or isinstance(error, TimeoutError):
            if flight.attempt < ATTEMPTS:
                self.instances.clear()
                try:
                    self._launch(flight.job, self._held(flight.job), flight.attempt + 1)
                except StockpileError as fault:
                    return perform_away(flight.job, _raising(fault), flight.job.source)
                return None
            return _ended(flight, "killed", 1, f"the cluster lost it {flight.attempt} times")
        return _ended(flight, "failed", 1, f"{name}: {error}")

    def running(self) -> list[Running]:
        """What is being done."""
        clock = time.monotonic()
        return [Running(name, clock - flight.since, 0.0) for name, flight in self.flights.items()]

    def stop(self) -> None:
        """Leave the cluster; a search whose run is given up ends by itself."""
        with contextlib.suppress(Exception):
            self.client.cancel([flight.future for flight in self.flights.values()], force=True)
        with contextlib.suppress(Exception):
            self.client.close(timeout=5)
        self.flights.clear()


def _check(address: str, client: Any) -> None:
    """The workers must have what is here.  Raises StockpileError."""
    from stockpile.plan.circumstances import versions

    mine = versions()
    try:
        theirs = client.run(_versions)
    except Exception as error:
        client.close()
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        raise StockpileError(f"the workers of {address} cannot run stockpile: {said}") from error
    for worker, found in theirs.items():
        other = [f"{name} {found.get(name)} (here {mine[name]})" for name in mine if found.get(name) != mine[name]]
        if other:
            client.close()
            raise StockpileError(f"the worker {worker} of {address} has other versions: {', '.join(other)}")


def _versions() -> dict[str, str]:
    """On a worker: its versions; the libraries are loaded on the way."""
    import stockpile.engine  # noqa: F401
    from stockpile.plan.circumstances import versions

    return versions()


def _same(instance: Instance) -> Instance:
    """On a worker: the instance as it was shipped; each worker that needs it gets it once, from any that has it."""
    return instance


def _do(job: Job, base: Instance) -> Ended:
    """On a worker: one run, alone in its process."""
    with _ONE:
        return perform_away(job, lambda run, source: base, job.source, _given_up())


def _given_up() -> Any:
    """On a worker: a listener to a search that ends it once nobody waits for the run."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def listen(progress: object) -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise Abandoned(key)

    return listen


def _raising(error: Exception) -> Any:
    def read(run: object, source: str) -> Any:
        raise error

    return read


def _ended(flight: _Flight, state: str, status: int, said: str) -> Ended:
    record = blank(
        flight.job,
        state=state,
        exit=status,
        message=said[:1000],
        started=flight.started,
        ended=now(),
        seconds=round(time.monotonic() - flight.since, 3),
        attempts=flight.attempt,
    )
    return Ended(flight.job, KEPT, record, files={})
