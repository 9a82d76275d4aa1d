"""Instances as runs take them: what their files hash to, and read once for all runs in a process."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.errors import DataError, Problem, StockpileError
from stockpile.instance.cells import nearest
from stockpile.instance.files import is_workbook
from stockpile.instance.settings import FILE
from stockpile.study.batch.keys import ALL, EXPECTED

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.study.batch.expand import Run

ENDINGS = (".csv", ".parquet")
MOST_KEPT = 4
"""Instances that a process keeps read."""


def source_of(run: Run) -> str:
    """A hash of what the instance of a run is read from: bytes of its files and of those that it extends, or what it is drawn from."""
    if run.new is not None:
        return hashlib.sha256(json.dumps(run.new, sort_keys=True).encode()).hexdigest()
    digest = hashlib.sha256()
    place: Path | None = Path(run.path)
    seen: set[Path] = set()
    try:
        while place is not None and place.resolve() not in seen:
            seen.add(place.resolve())
            files = [place] if is_workbook(place) else sorted(filter(_is_read, place.iterdir()))
            for file in files:
                content = file.read_bytes()
                digest.update(f"\n{file.name} {len(content)}\n".encode())
                digest.update(content)
            place = _base_of(place)
    except (OSError, ValueError, RecursionError, StockpileError) as error:
        digest.update(f"\n{type(error).__name__}".encode())
    return digest.hexdigest()


def _is_read(file: Path) -> bool:
    """Whether a file of a folder is one of its instance's."""
    return file.name == FILE or file.suffix.lower() in ENDINGS


def _base_of(place: Path) -> Path | None:
    """What an instance extends.  Raises OSError, ValueError or StockpileError where that cannot be read."""
    if is_workbook(place):
        content = place.read_bytes()
        name, home = _extended_by(content), place.parent
    else:
        name, home = tomllib.loads((place / FILE).read_text(encoding="utf-8-sig")).get("extends"), place
    return home / name if isinstance(name, str) else None


@lru_cache(maxsize=MOST_KEPT)
def _extended_by(workbook: bytes) -> Any:
    from stockpile.instance.workbook import read_workbook

    return read_workbook(workbook, []).document.get("extends")


@dataclass
class Shelf:
    """Instances that were read, the last few of them, by source."""

    kept: OrderedDict[str, Instance] = field(default_factory=OrderedDict)

    def read(self, run: Run, source: str) -> Instance:
        """The instance of a run before its changes.  Raises DataError with every fault."""
        name = f"{run.path}\n{source}"
        if name not in self.kept:
            self.kept[name] = read_base(run)
        self.kept.move_to_end(name)
        if len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
        return self.kept[name]


def read_base(run: Run) -> Instance:
    """The instance of a run before its changes, from its files or drawn.  Raises DataError with every fault."""
    if run.new is None:
        from stockpile.instance import load

        return load(run.path)
    from stockpile.instance.generate import random_instance

    return random_instance(**run.new)


def variant(base: Instance, run: Run) -> Instance:
    """The instance of a run, with its changes and futures.  Raises DataError with every fault."""
    instance = base.changed(run.settings) if run.settings else base
    if run.scenarios == ALL:
        return instance
    from stockpile.study.futures import expected, only

    if run.scenarios == EXPECTED:
        return expected(instance)
    names = [str(name) for name in instance.table("scenarios")["scenario"]]
    if run.scenarios not in names:
        hint = nearest(run.scenarios, names) if names else f"the instance has none; give {ALL!r}"
        raise DataError([Problem("scenarios.csv", f"has no scenario {run.scenarios!r}; {hint}", column="scenario")])
    return only(instance, run.scenarios)


def key_of(instance: Instance, run: Run, versions: dict[str, str]) -> str:
    """A hash of what the result of a run depends on (SHA-256, hexadecimal)."""
    parts: dict[str, Any] = {
        "instance": instance.hash,
        "scenarios": run.scenarios,
        "options": dict(run.options),
        "versions": versions,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
