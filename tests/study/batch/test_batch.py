"""Batches on this machine: what runs come to, what is done again, and what does not end the rest."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stockpile import engine
from stockpile.instance import load
from stockpile.instance.generate import random_instance
from stockpile.instance.write import write
from stockpile.plan.plan import TABLES, Plan
from stockpile.study.asked import Asked, instance_of
from stockpile.study.batch.batch import Board
from stockpile.study.batch.claims import claim
from stockpile.study.batch.folder import plan_folder, read_record, run_folder
from stockpile.study.batch.index import indexed
from stockpile.study.batch.perform import Ended, Job
from stockpile.study.batch.study import read_study
from stockpile.study.batch.workers import Local, Running
from stockpile.study.reproduce import reproduce
from tests.study.batch.studies import HEAD, QUICKSTART, Heard, batch, results, write_study

LARGE = "new = { goods = 300, periods = 40, projects = 0 }"
ROOM_MB = 225
"""More than a small run takes with its libraries, and less than the large one takes to be built."""


@dataclass
class Nobody:
    """Takes a job and does not do it: then comes Ctrl-C."""

    jobs: list[Job] = field(default_factory=list)
    workers: int = 1

    def room(self) -> int:
        return 1 if not self.jobs else 0

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def wait(self, seconds: float) -> list[Ended]:
        raise KeyboardInterrupt

    def running(self) -> list[Running]:
        return []

    def stop(self) -> None:
        pass


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of one instance that is there, one that is not and one that has no plan, done in ``out``; not to be changed."""
    home = tmp_path_factory.mktemp("batch")
    shutil.copytree(QUICKSTART, home / "quickstart")
    grid = "instances = ['quickstart', 'nowhere']\n[grid.set]\n'prices[*].price*' = [0.9, 1.1]\n"
    hard = "[[grid]]\ninstances = ['quickstart']\nalways = ['tiers[*].share=0']\nset = { 'budgets[*].amount*' = [0, 'many'] }"
    outcome, heard = batch(write_study(home, grid + hard), home / "out")
    assert heard.done == [record.id for record in outcome.records]
    assert heard.boards[-1][0] == 6
    return home


def copied(done: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The study and the folder of its runs, to be changed."""
    shutil.copytree(done, tmp_path, dirs_exist_ok=True)
    return tmp_path / "study.toml", tmp_path / "out"


def test_each_run_comes_to_what_it_is_and_the_rest_completes(done: Path) -> None:
    """An instance that is not there, in the middle, and changes that cannot be made, are results."""
    states = {record.id: (record.state, record.exit) for record in indexed(done / "out")}
    assert states == {
        "quickstart--price=0.9": ("optimal", 0),
        "quickstart--price=1.1": ("optimal", 0),
        "nowhere--price=0.9": ("bad input", 2),
        "nowhere--price=1.1": ("bad input", 2),
        "quickstart--amount=0": ("infeasible", 3),
        "quickstart--amount=many": ("bad input", 2),
    }
    wrong = read_record(done / "out", "quickstart--amount=many")
    assert wrong is not None
    assert "--set:budgets[*].amount: 'many' is not a number" in wrong.message
    assert not plan_folder(done / "out", wrong.id).exists()


def test_a_plan_is_that_of_a_solve_of_its_own(done: Path) -> None:
    """The same tables to the last digit, with the changes that its record tells."""
    direct = engine.solve(load(QUICKSTART, ["prices[*].price*=0.9"]), gap=0.01, threads=1)
    kept = Plan.read(plan_folder(done / "out", "quickstart--price=0.9"))
    record = read_record(done / "out", "quickstart--price=0.9")
    assert record is not None
    assert kept.hash == direct.hash
    assert (record.objective, record.bound, record.gap) == (direct.objective, direct.bound, direct.gap)
    assert record.instance_hash == direct.summary["instance"]["hash"]
    assert record.versions == direct.summary["versions"]
    assert kept.summary["options"]["set"] == record.settings == ["prices[*].price*=0.9"]
    assert record.seconds > 0
    assert (record.memory_mb or 0) > 50
    assert (plan_folder(done / "out", record.id) / "solver.log").exists()


def test_nothing_is_done_again(done: Path, tmp_path: Path) -> None:
    """Not a job is handed out."""
    file, out = copied(done, tmp_path)
    before = {r.id: r.started for r in indexed(out)}
    outcome, heard = batch(file, out, backend=Nobody())
    assert (outcome.fresh, outcome.undone, heard.done) == (0, 0, [])
    assert {r.id: r.started for r in outcome.records} == before


def test_only_what_has_changed_is_done_again(done: Path, tmp_path: Path) -> None:
    """A price in a file changes the runs of its instance, and no other; a file written otherwise changes none; states on request."""
    file, out = copied(done, tmp_path)
    prices = tmp_path / "quickstart" / "prices.csv"
    prices.write_text(prices.read_text() + "\n")
    outcome, _ = batch(file, out)
    assert outcome.fresh == 1, "only bad input without a hash of its content is looked at again"
    before = {r.id: r.started for r in outcome.records}
    prices.write_text(prices.read_text().replace(",10,", ",10.5,").replace(",10\n", ",10.5\n"))
    outcome, heard = batch(file, out)
    assert set(heard.done) == {name for name in before if name.startswith("quickstart")}
    assert {r.id for r in outcome.records if r.started != before[r.id]} == set(heard.done)
    _, heard = batch(file, out, again=("infeasible",))
    assert heard.done == ["quickstart--amount=0"]


def test_a_run_of_which_a_part_is_lost_is_done_again(done: Path, tmp_path: Path) -> None:
    """As after a loss of power; its leftovers are gone."""
    file, out = copied(done, tmp_path)
    (plan_folder(out, "quickstart--price=0.9") / "orders.csv").write_bytes(b"")
    shutil.rmtree(run_folder(out, "quickstart--price=1.1"))
    (out / "runs" / ".quickstart--price=1.1.new-0123456789ab").mkdir()
    outcome, heard = batch(file, out)
    assert sorted(heard.done) == ["quickstart--price=0.9", "quickstart--price=1.1"]
    assert results(outcome) == {r.id: (r.state, r.objective, r.key) for r in indexed(done / "out")}
    assert not list((out / "runs").glob(".*"))
    assert not list((out / ".claims").iterdir())


def test_a_run_that_another_batch_does_is_waited_for(done: Path, tmp_path: Path) -> None:
    """And not done here once it is there; one that is let go undone is."""
    file, out = copied(done, tmp_path)
    names = ("quickstart--price=0.9", "quickstart--price=1.1")
    for name in names:
        run_folder(out, name).rename(tmp_path / name)
    held = {name: claim(out, name) for name in names}
    assert claim(out, names[0]) is None
    since = time.monotonic()

    class Other(Heard):
        def tick(self, board: Board) -> None:
            if held and time.monotonic() > since + 1:
                assert board.waiting == 2
                (tmp_path / names[0]).rename(run_folder(out, names[0]))
                for name in names:
                    mine = held.pop(name)
                    assert mine is not None
                    mine.release()

    outcome, heard = batch(file, out, heard=Other())
    assert heard.done == [names[1]]
    assert results(outcome) == {r.id: (r.state, r.objective, r.key) for r in indexed(done / "out")}


def test_a_run_that_needs_too_much_memory_is_a_result(tmp_path: Path) -> None:
    """It is in the middle; the rest completes.  It is not tried again before it has more room."""
    small = f"instances = ['{QUICKSTART}']\nset = {{ 'prices[*].price*' = [%s] }}\n[[grid]]\n"
    file = write_study(
        tmp_path,
        (small % 0.9) + LARGE + "\n[[grid]]\n" + (small % 1.1)[:-9],
        f"{HEAD}[limits]\nmemory_mb = {ROOM_MB}\n",
    )
    outcome, _ = batch(file, tmp_path / "out", backend=Local(tmp_path / "out", 1, read_study(file).limits))
    assert [(r.state, r.exit) for r in outcome.records] == [("optimal", 0), ("killed", 5), ("optimal", 0)]
    assert f"the limit is {ROOM_MB} MB" in outcome.records[1].message
    assert (outcome.records[1].memory_mb or 0) > ROOM_MB
    assert (outcome.undone, outcome.lost, outcome.worst(), outcome.worst(["optimal"])) == (0, [], 5, 0)
    assert [record.state for record in indexed(tmp_path / "out")].count("killed") == 1
    assert batch(file, tmp_path / "out")[0].fresh == 0
    file.write_text(file.read_text().replace(f"= {ROOM_MB}", "= 4000"))
    nobody = Nobody()
    assert batch(file, tmp_path / "out", backend=nobody)[0].interrupted
    assert [job.run.new is not None for job in nobody.jobs] == [True]


def test_a_run_that_takes_too_long_and_a_worker_that_dies_are_results(tmp_path: Path) -> None:
    """One search has no end, the worker of another run is killed as the system does; the rest completes."""
    grid = f"""new = {{ goods = 20, periods = 40, projects = 6 }}
    options = {{ gap = 0 }}
    [[grid]]
    instances = ['{QUICKSTART}']
    set = {{ 'prices[*].price*' = [0.9, 1.0, 1.1] }}
    """
    file = write_study(tmp_path, grid, f"{HEAD}[limits]\nseconds = 8\n")
    out = tmp_path / "out"
    backend, victim = Local(out, 1, read_study(file).limits), "quickstart--price=1"

    class Reaper(Heard):
        def tick(self, board: Board) -> None:
            for worker in backend.pool:
                if worker.job is not None and worker.job.run.id == victim:
                    os.kill(worker.process.pid or 0, signal.SIGKILL)

    outcome, _ = batch(file, out, backend=backend, heard=Reaper())
    states = [(record.state, record.exit) for record in outcome.records]
    assert states == [("timed out", 5), ("optimal", 0), ("killed", 1), ("optimal", 0)]
    slow, victims = outcome.records[0], outcome.records[2]
    assert "the limit is 8.0 s" in slow.message
    assert 8 <= slow.seconds < 30
    assert "SIGKILL" in victims.message
    assert (outcome.undone, outcome.lost, outcome.worst()) == (0, [], 1)
    assert batch(file, out)[0].fresh == 0
    assert batch(file, out, again=("killed",))[1].done == [victim]


def test_futures_are_chosen_and_each_plan_can_be_made_again(tmp_path: Path) -> None:
    """All of them, the mean of all, or one; also of instances that are drawn, which lie nowhere."""
    write(random_instance(2, 4, 0, 1, scenarios=2), tmp_path / "two")
    name = load(tmp_path / "two").table("scenarios")["scenario"][1]
    file = write_study(
        tmp_path,
        f"""instances = ['two']
        scenarios = ['all', 'expected', '{name}', 'none such']
        [[grid]]
        new = {{ goods = 2, periods = 4, projects = 0, scenarios = 2 }}
        scenarios = 'expected'
        set = {{ 'economics.discount_rate' = 0.05 }}""",
    )
    outcome, _ = batch(file, tmp_path / "out")
    assert [record.state for record in outcome.records] == ["optimal", "optimal", "optimal", "bad input", "optimal"]
    assert "scenarios.csv:scenario: has no scenario 'none such'" in outcome.records[3].message
    told = [Plan.read(plan_folder(tmp_path / "out", r.id)) for r in outcome.records[:3]]
    assert [plan.summary["instance"].get("futures") for plan in told] == [None, ["expected"], ["only", name]]
    assert [len(plan.tables["outcomes"]) for plan in told] == [2, 1, 1]
    assert told[2].objective != told[1].objective
    assert len({record.key for record in outcome.records}) == 5
    for record in outcome.records[:3] + outcome.records[4:]:
        folder = plan_folder(tmp_path / "out", record.id)
        asked = Asked.of(Plan.read(folder))
        again = reproduce(folder, instance_of(folder, asked, None), asked)
        assert again.exact
        assert again.reproduced, record.id
    assert batch(file, tmp_path / "out")[0].fresh == 0


@pytest.mark.parametrize("where", ["stockpile.engine.solve", "stockpile.study.batch.perform.put"])
def test_a_full_disk_in_the_midst_of_a_run_is_no_result(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Neither where the solver's log has no room, nor where the record has none: the next batch does the run."""
    file, out = copied(done, tmp_path)
    shutil.rmtree(run_folder(out, "quickstart--price=0.9"))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(where, full)
        outcome, heard = batch(file, out)
    assert (outcome.undone, outcome.fresh) == (1, 0)
    assert "No space left on device" in heard.troubles[0]
    assert batch(file, out)[1].done == ["quickstart--price=0.9"]


def test_plans_hold_all_tables(done: Path) -> None:
    """What a reader of a batch may count on."""
    names = {file.name for file in plan_folder(done / "out", "quickstart--price=0.9").iterdir()}
    assert names == {"plan.json", "solver.log", *(f"{table}.csv" for table in TABLES)}
