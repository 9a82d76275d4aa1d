"""Studies of small instances, and who listens to their batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stockpile.study.batch.batch import Board, Outcome, run_batch
from stockpile.study.batch.expand import expand
from stockpile.study.batch.folder import Record
from stockpile.study.batch.perform import Ended, Job, perform_in
from stockpile.study.batch.sources import Shelf
from stockpile.study.batch.study import read_study
from stockpile.study.batch.workers import Backend, Running

ROOT = Path(__file__).resolve().parents[3]
QUICKSTART = ROOT / "instances" / "quickstart"
HEAD = "format = 1\n[options]\ngap = 0.01\n"


class Heard:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.troubles: list[str] = []
        self.boards: list[tuple[int, float | None]] = []

    def tick(self, board: Board) -> None:
        self.boards.append((board.ended, board.left))

    def ended(self, record: Record, board: Board) -> None:
        self.done.append(record.id)

    def trouble(self, message: str) -> None:
        self.troubles.append(message)


@dataclass
class Here:
    """Runs in this process, one after the other, as a worker does them: no libraries are loaded again."""

    batch: Path
    workers: int = 1
    jobs: list[Job] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)

    def room(self) -> int:
        return 1 - len(self.jobs)

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def wait(self, seconds: float) -> list[Ended]:
        return [perform_in(self.batch, self.jobs.pop(), self.shelf.read)] if self.jobs else []

    def running(self) -> list[Running]:
        return [Running(job.run.id, 0.0, 0.0) for job in self.jobs]

    def stop(self) -> None:
        self.jobs.clear()


def write_study(folder: Path, grid: str, head: str = HEAD) -> Path:
    """A study of a grid in a folder."""
    file = folder / "study.toml"
    file.write_text(f"{head}[[grid]]\n{grid}\n", encoding="utf-8")
    return file


def batch(
    file: Path,
    folder: Path,
    again: tuple[str, ...] = (),
    backend: Backend | None = None,
    heard: Heard | None = None,
) -> tuple[Outcome, Heard]:
    """The runs of a study, done in a folder in this process unless told otherwise."""
    study, heard = read_study(file), heard or Heard()
    runs = expand(study, file.name)
    return run_batch(study, runs, folder, backend or Here(folder), heard, again), heard


def results(outcome: Outcome) -> dict[str, tuple[str, float | None, str]]:
    """What runs came to that must be the same each time."""
    return {r.id: (r.state, r.objective, r.key) for r in outcome.records}
