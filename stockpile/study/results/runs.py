"""The runs in a folder: those of a batch, or plans beside each other, each of which is a run then."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stockpile.errors import DataError, Problem
from stockpile.plan.plan import SUMMARY
from stockpile.study.batch.folder import RUNS, Record, is_batch, plan_folder, read_record, run_folder

Signature = tuple[int, int]


@dataclass(frozen=True)
class Run:
    """A run: its record, the folder of its plan and what plan.json says, both None and empty where there is no plan.

    ``place`` is the folder that is exchanged as a whole when the run is done again, ``signature`` how it was when it was read.
    """

    record: Record
    place: Path
    signature: Signature | None
    plan: Path | None = None
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def unchanged(self) -> bool:
        """Whether its folder is still the one that was read."""
        return self.signature is not None and _signature(self.place) == self.signature


def read_runs(folder: Path) -> list[Run]:
    """The runs that are kept in a folder, by id.

    Raises DataError where it holds neither the runs of a batch nor plans.
    """
    if not folder.is_dir():
        raise DataError([Problem(str(folder), "is a file" if folder.exists() else "is not there")])
    if is_batch(folder):
        return [*_of_batch(folder)]
    found = [*_of_plans(folder)]
    if not found:
        said = "holds neither runs nor plans; give the folder of stockpile batch, or one that holds plan folders"
        raise DataError([Problem(str(folder), said)])
    return found


def _of_batch(folder: Path) -> Iterator[Run]:
    for name in sorted(os.listdir(folder / RUNS)):
        signature = _signature(run_folder(folder, name))
        record = None if name.startswith(".") else read_record(folder, name)
        if record is not None:
            plan = plan_folder(folder, name)
            summary = _summary(plan)
            yield Run(record, run_folder(folder, name), signature, plan if summary else None, summary)


def _of_plans(folder: Path) -> Iterator[Run]:
    """Plan folders that lie in a folder: a run each."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        place = Path(entry.path)
        if entry.name.startswith(".") or not (place / SUMMARY).is_file():
            continue
        signature = _signature(place)
        summary = _summary(place)
        if summary:
            yield Run(_record(entry.name, summary), place, signature, place, summary)


def _record(name: str, summary: dict[str, Any]) -> Record:
    """The record of a plan that no batch has kept one for."""
    made, options, versions = (_part(summary, part) for part in ("instance", "options", "versions"))
    settings = options.get("set")
    breaches = _part(summary, "audit").get("breaches")
    optimal = summary.get("status") == "optimal"
    return Record(
        id=name,
        instance=str(made.get("path") or made.get("name") or ""),
        instance_hash=str(made.get("hash") or ""),
        settings=[str(text) for text in settings] if isinstance(settings, list) else [],
        versions={str(key): str(value) for key, value in versions.items()},
        platform=str(summary.get("platform") or ""),
        state="failed" if breaches else "optimal" if optimal else "limit",
        exit=1 if breaches else 0 if optimal else 4,
        objective=number(summary.get("objective")),
        bound=number(summary.get("bound")),
        gap=number(summary.get("gap")),
        unit=str(_part(summary, "units").get("money") or ""),
        seconds=number(_part(summary, "seconds").get("total")) or 0.0,
        message=f"the audit of the plan found {breaches:,} breaches" if breaches else "",
    )


def number(value: Any) -> float | None:
    """A number, None where it is none."""
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except OverflowError:
        return None


def _part(summary: dict[str, Any], name: str) -> dict[str, Any]:
    found = summary.get(name)
    return found if isinstance(found, dict) else {}


def _summary(plan: Path) -> dict[str, Any]:
    """What plan.json says; nothing where there is none."""
    try:
        found = json.loads((plan / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _signature(place: Path) -> Signature | None:
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


__all__ = ["Run", "number", "read_runs"]
