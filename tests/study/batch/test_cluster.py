"""Batches on a Dask cluster that the test starts on the loopback address: a scheduler and workers, processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stockpile.errors import StockpileError
from stockpile.instance import load
from stockpile.plan.plan import Plan
from stockpile.study.batch.batch import Board
from stockpile.study.batch.cluster import Cluster
from stockpile.study.batch.folder import Record, plan_folder
from tests.study.batch.studies import HEAD, QUICKSTART, Heard, batch, results, write_study

PATIENCE = 180.0
ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__DASHBOARD__LINK": "",
}


@dataclass
class Dask:
    """A scheduler and its workers."""

    address: str
    home: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add(self) -> None:
        """One worker more, of one thread and without a nurse: who kills it kills it for good."""
        name = f"worker-{len(self.workers)}"
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--memory-limit", "0"]
        where = ["--local-directory", str(self.home / name), "--host", "127.0.0.1"]
        self.workers.append(started(["worker", self.address.replace("dask", "tcp"), *options, *where], self.home))


def started(arguments: list[str], home: Path) -> subprocess.Popen[bytes]:
    """A process of Dask's."""
    log = (home / "dask.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments], stdout=log, stderr=log, env=ENVIRONMENT, cwd=home
    )


@contextmanager
def dask_in(home: Path, workers: int) -> Iterator[Dask]:
    """A cluster while it is entered."""
    home.mkdir(exist_ok=True)
    file = home / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    scheduler = started(["scheduler", *options], home)
    made = Dask("", home)
    try:
        until = time.monotonic() + PATIENCE
        while not file.exists() and time.monotonic() < until and scheduler.poll() is None:
            time.sleep(0.1)
        made.address = json.loads(file.read_text())["address"].replace("tcp", "dask")
        for _ in range(workers):
            made.add()
        yield made
    finally:
        for process in [*made.workers, scheduler]:
            process.kill()
            process.wait()


def test_a_cluster_comes_to_the_same_though_a_worker_is_killed(tmp_path: Path) -> None:
    """Half of the workers go with their runs; every run has the plan that it has here, and instances are shipped once each."""
    grid = f"""instances = ['{QUICKSTART}', 'nowhere']
    [grid.set]
    'prices[*].price*' = '0.8:1.2:5'
    [[grid]]
    instances = ['{QUICKSTART}']
    always = ['tiers[*].share=0']
    set = {{ 'budgets[*].amount*' = [0] }}
    [[grid]]
    new = {{ goods = 2, periods = 4, seed = [1, 2] }}"""
    file = write_study(tmp_path, grid)
    shipped: set[str] = set()
    with dask_in(tmp_path / "dask", 2) as dask:
        cluster = Cluster(dask.address)

        class Reaper(Heard):
            def ended(self, record: Record, board: Board) -> None:
                super().ended(record, board)
                shipped.update(str(key) for key in cluster.client.who_has() if "instance" in str(key))
                if record.state == "optimal" and dask.workers[0].poll() is None:
                    dask.workers[0].kill()

        there, heard = batch(file, tmp_path / "there", backend=cluster, heard=Reaper())
        assert dask.workers[0].wait(PATIENCE) == -signal.SIGKILL
        assert heard.troubles == []
        assert batch(file, tmp_path / "there", backend=Cluster(dask.address))[0].fresh == 0
    here, _ = batch(file, tmp_path / "here")
    assert results(there) == results(here)
    assert len(shipped) == 3
    assert f"stockpile-instance-{load(QUICKSTART).hash}" in shipped
    assert [record.state for record in here.records].count("optimal") == 7
    for record in here.records:
        if record.objective is not None:
            plans = [Plan.read(plan_folder(tmp_path / place, record.id)) for place in ("here", "there")]
            assert plans[0].hash == plans[1].hash
            assert plans[0].summary["options"]["set"] == plans[1].summary["options"]["set"]


@pytest.mark.soak
def test_a_run_that_is_over_its_time_or_takes_its_workers_with_it_is_a_result(tmp_path: Path) -> None:
    """The search on the worker ends once nobody waits for it, so that the rest is done there."""
    grid = f"""new = {{ goods = 20, periods = 40, projects = 6 }}
    options = {{ gap = 0 }}
    [[grid]]
    instances = ['{QUICKSTART}']"""
    file = write_study(tmp_path, grid, f"{HEAD}[limits]\nseconds = 20\n")
    with dask_in(tmp_path / "dask", 1) as dask:
        outcome, _ = batch(file, tmp_path / "out", backend=Cluster(dask.address))
        assert [(r.state, r.exit) for r in outcome.records] == [("timed out", 5), ("optimal", 0)]

        class Reaper(Heard):
            seen: float = 0.0

            def tick(self, board: Board) -> None:
                if board.running and time.monotonic() > self.seen + 6:
                    self.seen = time.monotonic()
                    dask.workers[-1].kill()
                    dask.add()

        file.write_text(file.read_text().replace("seconds = 20", "seconds = 500").split("[[grid]]\n    inst")[0])
        outcome, _ = batch(file, tmp_path / "out", backend=Cluster(dask.address), heard=Reaper())
        assert [(r.state, r.exit) for r in outcome.records] == [("killed", 1)]
        assert "workers that tried it was lost" in outcome.records[0].message


def test_where_there_is_no_cluster_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler, a scheduler without workers, workers of other versions."""
    monkeypatch.setattr("stockpile.study.batch.cluster.PATIENCE", 2.0)
    with pytest.raises(StockpileError, match=r"no scheduler answers at dask://127\.0\.0\.1:9"):
        Cluster("dask://127.0.0.1:9")
    with dask_in(tmp_path / "dask", 0) as dask:
        with pytest.raises(StockpileError, match=r"has no workers; start some with: dask worker tcp://127\.0\.0\.1:"):
            Cluster(dask.address)
        dask.add()
        monkeypatch.setattr("stockpile.study.batch.cluster.PATIENCE", PATIENCE)
        monkeypatch.setattr("stockpile.plan.circumstances.versions", lambda: {"stockpile": "9.9"})
        with pytest.raises(StockpileError, match=r"has other versions: stockpile 0\.\d+\.\d+ \(here 9\.9\)"):
            Cluster(dask.address)
