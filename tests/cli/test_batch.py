"""``stockpile batch``: killed, interrupted, twice at a time, on a full disk; what it prints, and its exit status."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from stockpile.plan.plan import Plan
from stockpile.study.batch.folder import Record, plan_folder, records
from stockpile.study.batch.index import indexed
from tests.cli.program import PATIENCE, call, run, start
from tests.study.batch.studies import batch

ROOT = Path(__file__).resolve().parents[2]
VALUES = 'format = 1\n[options]\ngap = 0.01\n[[grid]]\ninstances = ["quickstart"]\n[grid.set]\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an instance."""
    shutil.copytree(ROOT / "instances" / "quickstart", tmp_path / "quickstart")
    return tmp_path


def study(home: Path, count: int) -> Path:
    """So many variants of an instance."""
    (home / "study.toml").write_text(f'{VALUES}"prices[*].price*" = "0.8:1.2:{count}"\n', encoding="utf-8")
    return home / "study.toml"


def events(text: str, name: str) -> list[dict[str, Any]]:
    """The events of a kind in a log."""
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [event for event in found if event["event"] == name]


def seen(folder: Path) -> dict[str, Record]:
    """The runs that are done."""
    return {record.id: record for record in records(folder)}


def same(one: Path, other: Path) -> None:
    """Two batches came to the same: runs, objectives, keys and every digit of the plans."""
    found = [{name: (r.state, r.objective, r.bound, r.key) for name, r in seen(f).items()} for f in (one, other)]
    assert found[0] == found[1]
    for name, (state, *_) in found[0].items():
        if state == "optimal":
            assert Plan.read(plan_folder(one, name)).hash == Plan.read(plan_folder(other, name)).hash


def there(folder: Path) -> int:
    """How many runs are in their place."""
    return sum(not entry.name.startswith(".") for entry in (folder / "runs").glob("*"))


def killed(home: Path, done: dict[str, Record], target: int, wait: float) -> dict[str, Record]:
    """What is done after a batch was begun and killed, once some runs were done and a moment had passed."""
    process = start(["batch", "study.toml", "-o", "killed", "-j", "2", "-q"], home)
    until = time.monotonic() + PATIENCE
    while process.poll() is None and there(home / "killed") < target and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(wait)
    process.kill()
    process.wait()
    now = seen(home / "killed")
    assert {name: now[name] for name in done} == done
    return now


def to_its_end(arguments: list[str], home: Path) -> str:
    """What a long batch without a fault says on standard error."""
    process = start(arguments, home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, err = process.communicate(timeout=3600)
    assert process.returncode == 0, err
    return str(err)


def test_a_batch_that_is_killed_goes_on(home: Path) -> None:
    """It comes to what one without a break comes to; what was done is not touched, and its workers are gone with it."""
    file = study(home, 8)
    done = killed(home, {}, 2, 0.2)
    assert 2 <= len(done) < 8
    outcome, heard = batch(file, home / "killed")
    last = seen(home / "killed")
    assert {name: last[name] for name in done} == done
    assert set(heard.done) == set(last) - set(done)
    assert outcome.undone == 0
    assert indexed(home / "killed") == list(records(home / "killed"))
    assert not list((home / "killed" / "runs").glob(".*"))
    batch(file, home / "whole")
    same(home / "killed", home / "whole")


@pytest.mark.soak
def test_a_large_batch_that_is_killed_goes_on(home: Path) -> None:
    """Two hundred runs, killed at ten random moments: nothing is lost, nothing is done again."""
    killed_and_resumed(home, 200, 10, random.Random(2))


@pytest.mark.soak
def test_a_batch_that_is_killed_again_and_again_goes_on(home: Path) -> None:
    """Twenty runs, six times."""
    killed_and_resumed(home, 20, 6, random.Random(3))


def killed_and_resumed(home: Path, count: int, kills: int, draw: random.Random) -> None:
    """A study whose batch is killed at random moments comes to what one without a break comes to."""
    study(home, count)
    done: dict[str, Record] = {}
    for _ in range(kills):
        target = min(len(done) + draw.randint(0, 3 * count // (2 * kills)), count - 1)
        done = killed(home, done, target, draw.random())
    assert len(done) > 0
    err = to_its_end(["batch", "study.toml", "-o", "killed", "-j", "2", "--log-format", "json"], home)
    last = seen(home / "killed")
    assert {name: last[name] for name in done} == done
    assert len(last) == count
    assert {event["id"] for event in events(err, "run")} == set(last) - set(done)
    assert indexed(home / "killed") == list(records(home / "killed"))
    assert not list((home / "killed" / "runs").glob(".*"))
    to_its_end(["batch", "study.toml", "-o", "whole", "-j", "2", "-q"], home)
    same(home / "killed", home / "whole")


def test_two_batches_on_one_folder_share_the_work(home: Path) -> None:
    """No run is done twice, and both tell of all."""
    file = study(home, 40)
    command = ["batch", "study.toml", "-o", "out", "-j", "1", "--json", "--log-format", "json"]
    other = start(command, home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + PATIENCE
    while not there(home / "out") and time.monotonic() < until:
        time.sleep(0.02)
    outcome, heard = batch(file, home / "out")
    out, err = other.communicate(timeout=PATIENCE)
    assert other.returncode == 0, err
    others = {event["id"] for event in events(err, "run")}
    assert others
    assert heard.done
    assert not others & set(heard.done)
    assert others | set(heard.done) == set(seen(home / "out"))
    page = json.loads(out)
    assert (page["states"], page["undone"], outcome.undone, len(outcome.records)) == ({"optimal": 40}, 0, 0, 40)
    assert indexed(home / "out") == list(records(home / "out"))


def test_ctrl_c_keeps_what_is_done(home: Path) -> None:
    """Status 4, or 5 where nothing is done; the workers are gone with their batch; the same command goes on."""
    study(home, 100)
    command = ["batch", "study.toml", "-o", "out", "-j", "2"]
    process = start(command, home, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    until = time.monotonic() + PATIENCE
    while there(home / "out") < 2 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 4, err
    assert "stopped by hand (Ctrl-C)" in err
    assert "Traceback" not in err
    assert "not done" in out
    kept = seen(home / "out")
    assert 2 <= len(kept) < 100
    time.sleep(0.5)
    assert seen(home / "out") == kept
    assert not list((home / "out" / ".claims").iterdir())


def small_files() -> None:
    """No file of the process may be larger than this: a write beyond fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))


def test_a_disk_that_is_full_is_told_and_survived(home: Path) -> None:
    """No half of a plan is kept, no more runs are begun after a few, and with room the same command does the rest."""
    file = study(home, 6)
    ended = run("batch", "study.toml", "-o", "out", "-j", "1", "--json", folder=home, preexec_fn=small_files)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "could not be kept" in ended.stderr
    assert "File too large" in ended.stderr
    page = json.loads(ended.stdout)
    assert page["undone"] == 6
    assert 3 <= len(page["lost"]) < 6
    assert not [entry for entry in (home / "out" / "runs").iterdir() if entry.name.startswith("quickstart")]
    outcome, _ = batch(file, home / "out")
    assert [record.state for record in outcome.records] == ["optimal"] * 6
    assert len(indexed(home / "out")) == 6


def test_the_exit_status_is_that_of_the_worst_that_counts(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An infeasible run is a result unless it is asked about; bad input counts unless it is left out."""
    monkeypatch.chdir(home)
    (home / "study.toml").write_text(
        VALUES.replace('"quickstart"]', '"quickstart", "gone"]\nalways = ["tiers[*].share=0"]')
        + '"budgets[*].amount*" = 0\n'
    )
    assert call("batch", "study.toml", "-o", "out", "-j", "1") == 2
    out, err = capsys.readouterr()
    assert "1  infeasible  proven: no plan keeps all hard rules" in out
    assert "gone: there is no such folder" in out
    assert "[2/2]" in err
    for count, status in (
        ("infeasible", 3),
        ("none", 0),
        ("all", 2),
        ("killed, timed out", 0),
        ("limit,infeasible", 3),
    ):
        assert call("batch", "study.toml", "-o", "out", "--fail-on", count, "-q") == status
    capsys.readouterr()
    assert call("batch", "study.toml", "-o", "out", "--dry-run", "--json") == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [(run["id"], run["state"]) for run in runs] == [("quickstart", "infeasible"), ("gone", "bad input")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["study.toml"], "-o DIR"),
        (["study.toml", "-o", "quickstart"], "holds something else"),
        (["study.toml", "-o", "study.toml"], "a file"),
        (["study.toml", "-o", "out", "--fail-on", "ill"], "runs end as failed, killed"),
        (["study.toml", "-o", "out", "--again", "ill"], "runs end as failed, killed"),
        (["study.toml", "--new", "quickstart"], "is there already"),
        (["other.toml", "--new", "nowhere"], "there is no such instance"),
        (["gone.toml", "-o", "out"], "cannot be read"),
        (["bad.toml", "-o", "out"], "bad.toml:grid: is missing"),
        (["study.toml", "-o", "out", "--on", "tcp:9"], "dask://HOST:PORT"),
    ],
)
def test_what_cannot_be_is_told(
    home: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written."""
    monkeypatch.chdir(home)
    study(home, 2)
    (home / "bad.toml").write_text("format = 1\n")
    assert call("batch", *arguments) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (home / "out").exists()
