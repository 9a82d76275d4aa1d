"""The folder of a batch: records and plans are there whole, or as they were."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from stockpile.plan.plan import SUMMARY, TABLES
from stockpile.study.batch import folder
from stockpile.study.batch.folder import Record, keep, read_record, records, run_folder, sweep, write_files

FILES = {SUMMARY: b"{}\n", **{f"{name}.csv": b"header\n" for name in TABLES}}
ENDED = Record(id="a--price=1", state="optimal", exit=0, objective=4.5, key="k", settings=["prices[*].price*=1"])


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """With its plan, without leftovers, and the same through JSON."""
    keep(tmp_path, ENDED, write_files(FILES))
    assert read_record(tmp_path, ENDED.id) == ENDED
    assert [entry.name for entry in (tmp_path / "runs").iterdir()] == [ENDED.id]
    assert json.loads((run_folder(tmp_path, ENDED.id) / "run.json").read_text())["format"] == 1


def test_a_newer_record_takes_the_place_of_the_older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the system can exchange folders or not; the plan of the older one does not stay."""
    for able in (True, False):
        keep(tmp_path, ENDED, write_files(FILES))
        if not able:
            monkeypatch.setattr(folder, "exchange", lambda one, other: False)
        keep(tmp_path, Record(id=ENDED.id, state="infeasible", exit=3))
        found = read_record(tmp_path, ENDED.id)
        assert found is not None
        assert found.state == "infeasible"
        assert not folder.plan_folder(tmp_path, ENDED.id).exists()
    sweep(tmp_path, ENDED.id)
    assert [entry.name for entry in (tmp_path / "runs").iterdir()] == [ENDED.id]


def test_a_plan_that_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old record stays, and nothing half-written lies about."""
    keep(tmp_path, ENDED, write_files(FILES))

    def full(file: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path, Record(id=ENDED.id, state="optimal", objective=9.0), write_files(FILES))
    assert read_record(tmp_path, ENDED.id) == ENDED
    assert [entry.name for entry in (tmp_path / "runs").iterdir()] == [ENDED.id]


@pytest.mark.parametrize("spoil", ["empty table", "no table", "half a record", "other id", "other format", "new state"])
def test_a_damaged_run_counts_as_not_done(tmp_path: Path, spoil: str) -> None:
    """After a loss of power a renamed folder may have empty files; a run is done anew then."""
    keep(tmp_path, ENDED, write_files(FILES))
    home = run_folder(tmp_path, ENDED.id)
    record, table = home / "run.json", home / "plan" / "orders.csv"
    text = record.read_text()
    if spoil == "empty table":
        table.write_bytes(b"")
    elif spoil == "no table":
        table.unlink()
    else:
        changed = {
            "half a record": text[: len(text) // 2],
            "other id": text.replace(ENDED.id, "b"),
            "other format": text.replace('"format": 1', '"format": 99'),
            "new state": text.replace('"optimal"', '"splendid"'),
        }
        record.write_text(changed[spoil])
    assert read_record(tmp_path, ENDED.id) is None
    assert list(records(tmp_path)) == []


def test_leftovers_of_a_killed_writer_are_swept_and_never_read(tmp_path: Path) -> None:
    """A folder under its temporary name is no run, and goes once the run is claimed; those of other runs stay."""
    keep(tmp_path, ENDED, write_files(FILES))
    for name in (".a--price=1.new-0123456789ab", ".a--price=1.old-0123456789ab", ".a--price=1--b=2.new-0123456789ab"):
        run_folder(tmp_path, ENDED.id).rename(tmp_path / "runs" / name)
        keep(tmp_path, ENDED, write_files(FILES))
    assert [record.id for record in records(tmp_path)] == [ENDED.id]
    sweep(tmp_path, ENDED.id)
    left = sorted(entry.name for entry in (tmp_path / "runs").iterdir())
    assert left == [".a--price=1--b=2.new-0123456789ab", ENDED.id]


def test_a_folder_without_runs_has_no_records(tmp_path: Path) -> None:
    """It need not be one of a batch."""
    assert list(records(tmp_path)) == []
    assert not folder.is_batch(tmp_path)
