"""``records.sqlite``: whatever happens to the file, the records are those of the runs' folders."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from stockpile.study.batch import index as module
from stockpile.study.batch.folder import INDEX, Record, keep, records
from stockpile.study.batch.index import Index, indexed


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Sixty runs without plans, of every kind of text, with their index."""
    for number in range(60):
        settings = [f"prices[*].price*={number}", 'sources["a, b"].order_cost=0.1']
        told: dict[str, Any] = {"state": "infeasible", "exit": 3, "message": "no plan\nat all ü" * number}
        keep(tmp_path, Record(id=f"run-{number}", key=str(number), settings=settings, options={"gap": 0.1}, **told))
    Index(tmp_path).close()
    assert indexed(tmp_path) == list(records(tmp_path))
    return tmp_path


def test_an_index_cut_at_any_length_is_made_anew(many: Path) -> None:
    """Twenty random lengths, of which many leave a beginning that looks like a data base."""
    whole = (many / INDEX).read_bytes()
    draw = random.Random(8)
    expected = list(records(many))
    assert len(expected) == 60
    for length in [0, 100, *(draw.randrange(len(whole)) for _ in range(18))]:
        (many / INDEX).write_bytes(whole[:length])
        assert indexed(many) == expected, length


@pytest.mark.parametrize("spoil", ["gone", "noise", "zeros inside", "older", "newer", "other table", "log left behind"])
def test_a_damaged_index_is_made_anew(many: Path, spoil: str) -> None:
    """Bytes that are none of its own, another format, or the log of another file beside it."""
    file = many / INDEX
    whole = file.read_bytes()
    if spoil == "gone":
        file.unlink()
    elif spoil == "noise":
        file.write_bytes(random.Random(1).randbytes(len(whole)))
    elif spoil == "zeros inside":
        file.write_bytes(whole[:4096] + bytes(8192) + whole[12288:])
    elif spoil == "log left behind":
        file.with_name(f"{INDEX}-wal").write_bytes(random.Random(1).randbytes(9000))
    else:
        with sqlite3.connect(file) as connection:
            statement = {
                "older": "DELETE FROM runs WHERE id LIKE '%7'",
                "newer": "PRAGMA user_version = 99",
                "other table": "ALTER TABLE runs ADD COLUMN more",
            }
            connection.execute(statement[spoil])
        connection.close()
    assert indexed(many) == list(records(many))
    assert len(indexed(many)) == 60


def test_a_run_that_is_put_is_there_and_one_that_is_gone_is_not(many: Path) -> None:
    """While the index is open, and after."""
    index = Index(many)
    record = Record(id="run-1", state="unbounded", exit=6)
    keep(many, record)
    index.put(record)
    index.put(record)
    index.close()
    with sqlite3.connect(many / INDEX) as connection:
        assert connection.execute("SELECT state, COUNT(*) FROM runs WHERE id = 'run-1'").fetchall() == [
            ("unbounded", 1)
        ]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    (many / "runs" / "run-2" / "run.json").unlink()
    assert [record.id for record in indexed(many)] == sorted(f"run-{n}" for n in range(60) if n != 2)


def test_trouble_with_the_index_is_told_and_mended(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk meets the index while the batch goes on; at its end there is room again."""
    index = Index(many)
    record = Record(id="more", state="unbounded", exit=6)
    keep(many, record)

    def full(connection: sqlite3.Connection, found: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(module, "_insert", full)
        index.put(record)
        index.put(record)
        assert "disk is full" in index.trouble
    index.close()
    assert index.trouble == ""
    with sqlite3.connect(many / INDEX) as connection:
        assert connection.execute("SELECT COUNT(*) FROM runs").fetchone() == (61,)
    connection.close()


def test_an_index_that_cannot_be_read_does_not_stop_a_batch(many: Path) -> None:
    """A folder in its place is told; the runs are kept all the same."""
    (many / INDEX).unlink()
    (many / INDEX).mkdir()
    index = Index(many)
    assert "records.sqlite cannot be written" in index.trouble
    index.put(Record(id="more"))
    index.close()
    assert index.trouble
