"""Batches: how many runs more two workers do than one in the same time, and what a run costs beside itself."""

from __future__ import annotations

import statistics
import tempfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from stockpile.study.batch.batch import Board, run_batch
from stockpile.study.batch.expand import expand
from stockpile.study.batch.folder import Record
from stockpile.study.batch.study import read_study
from stockpile.study.batch.workers import Local

QUICKSTART = Path(__file__).resolve().parents[1] / "instances" / "quickstart"
LONG = "new = { goods = 30, periods = 40, projects = 0 }\nset = { 'economics.discount_rate' = '0.01:0.08:8' }"
TINY = f"instances = ['{QUICKSTART}']\nset = {{ 'prices[*].price*' = '0.8:1.2:30' }}"


class Silent:
    """Listens to a batch and says nothing."""

    def tick(self, board: Board) -> None:
        pass

    def ended(self, record: Record, board: Board) -> None:
        pass

    def trouble(self, message: str) -> None:
        raise RuntimeError(message)


def measure() -> dict[str, Any]:
    """Runs of more than a second by one worker and by two, from the first that begins to the last that ends; a tiny run's overhead.

    The overhead is the time from the end of a run to the beginning of the next one in a warm worker, s: its folder is put in
    its place, its record is kept, and the next run is claimed and handed over.
    """
    one, two = (_records(LONG, workers) for workers in (1, 2))
    rates = [len(found) / _span(found) for found in (one, two)]
    tiny = sorted(_records(TINY, 1), key=lambda record: record.started)
    pauses = [_seconds(before.ended, after.started) for before, after in pairwise(tiny)]
    return {
        "runs": len(one),
        "seconds": statistics.median(record.seconds for record in one),
        "runs_per_second": {"1": rates[0], "2": rates[1]},
        "ratio": rates[1] / rates[0],
        "tiny_seconds": statistics.median(record.seconds for record in tiny),
        "overhead": statistics.median(pauses),
    }


def _records(grid: str, workers: int) -> list[Record]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "study.toml"
        file.write_text(f"format = 1\noptions = {{ gap = 0.02 }}\n[[grid]]\n{grid}\n", encoding="utf-8")
        study, out = read_study(file), Path(folder) / "out"
        backend = Local(out, workers, study.limits)
        outcome = run_batch(study, expand(study, file.name), out, backend, Silent())
    wrong = [record for record in outcome.records if record.state != "optimal"]
    if wrong or outcome.undone:
        raise RuntimeError(f"{len(wrong)} runs without a plan of the asked gap, {outcome.undone} undone")
    return outcome.records


def _span(found: list[Record]) -> float:
    return _seconds(min(record.started for record in found), max(record.ended for record in found))


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


if __name__ == "__main__":
    print(measure())
