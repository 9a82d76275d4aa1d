"""A study -> its runs, each with an id that is stable and can be read."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from stockpile.errors import DataError, Problem
from stockpile.study.batch.keys import ALL, NEW, OPTIONS
from stockpile.study.batch.study import Axis, Grid, Study

MOST_RUNS = 100_000
LONGEST_ID = 120
_UNSAFE = re.compile(r"[^A-Za-z0-9._+=-]+")


@dataclass(frozen=True)
class Run:
    """One solve: an instance by its path as told, or random with what it is drawn from; its changes, futures and options.

    Options that are not there are those of the instance.
    """

    id: str
    instance: str
    path: str = ""
    new: Mapping[str, Any] | None = None
    scenarios: str = ALL
    settings: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> str:
        """A hash of what the study says of the run (SHA-256, hexadecimal): two runs with the same are one."""
        said = [os.path.normpath(self.instance), self.scenarios, self.settings, sorted(self.options.items())]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def expand(study: Study, file: str) -> list[Run]:
    """All runs in the order of the study.  Raises DataError where there are too many.

    An id has the instance's name and each value of what is varied; it ends with the beginning of a hash where it would be
    long or the same as another.
    """
    total = sum(_size(grid) for grid in study.grids)
    if total > MOST_RUNS:
        said = f"makes {total:,} runs; {MOST_RUNS:,} are the most: give fewer values, or several studies"
        raise DataError([Problem(file, said, column="grid")])
    runs = {run.recipe: run for grid in reversed(study.grids) for run in reversed(list(_runs(study, grid)))}
    ordered = list(reversed(runs.values()))
    named = Counter(run.id.casefold() for run in ordered)
    return [_told_apart(run, named[run.id.casefold()] > 1) for run in ordered]


def _size(grid: Grid) -> int:
    instances = len(grid.instances) + (0 if grid.new is None else prod(len(axis.values) for axis in grid.new))
    axes = (grid.scenarios, *grid.changes, *grid.options)
    return instances * prod(len(axis.values) for axis in axes)


def _runs(study: Study, grid: Grid) -> Iterator[Run]:
    for base in [*_given(study, grid), *_drawn(grid)]:
        for scenarios in grid.scenarios.values:
            for changes in product(*(axis.values for axis in grid.changes)):
                for options in product(*(axis.values for axis in grid.options)):
                    parts = [
                        base.id,
                        *_told(grid.scenarios, scenarios),
                        *(
                            text
                            for axis, value in zip(grid.changes, changes, strict=True)
                            for text in _told(axis, value)
                        ),
                        *(
                            text
                            for axis, value in zip(grid.options, options, strict=True)
                            for text in _told(axis, value)
                        ),
                    ]
                    varied = {axis.label: value for axis, value in zip(grid.options, options, strict=True)}
                    pairs = zip(grid.changes, changes, strict=True)
                    yield replace(
                        base,
                        id="--".join(parts),
                        scenarios=scenarios,
                        settings=(*grid.always, *(f"{axis.key}{value}" for axis, value in pairs)),
                        options={**_defaults(), **study.options, **varied},
                    )


def _defaults() -> dict[str, Any]:
    return {key.name: key.default for key in OPTIONS if isinstance(key.default, int)}


def _told(axis: Axis, value: Any) -> list[str]:
    """What an id says of a value: nothing where it is the only one by name."""
    return [f"{safe(axis.label)}={safe(_text(value))}"] if axis.varied else []


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def safe(text: str) -> str:
    """Text as a part of the name of a file on any system."""
    return _UNSAFE.sub("-", text).strip("-.") or "-"


def _given(study: Study, grid: Grid) -> Iterator[Run]:
    """The instances that are there.  Two with the same name are told apart by the folders that they are in."""
    places = {told: os.path.abspath(study.home / told) for told in grid.instances}
    every = {told: os.path.abspath(study.home / told) for g in study.grids for told in g.instances}
    names = Counter(Path(place).stem for place in set(every.values()))
    for told, place in places.items():
        name = Path(place).stem
        yield Run(id=safe(name if names[name] == 1 else f"{Path(place).parent.name}-{name}"), instance=told, path=place)


def _drawn(grid: Grid) -> Iterator[Run]:
    """The random instances."""
    if grid.new is None:
        return
    for values in product(*(axis.values for axis in grid.new)):
        told = dict(zip((axis.label for axis in grid.new), values, strict=True))
        drawn = {key.name: told.get(key.name, key.default) for key in NEW}
        varied = [text for axis, value in zip(grid.new, values, strict=True) for text in _told(axis, value)]
        name = "new " + " ".join(f"{label}={value}" for label, value in drawn.items())
        yield Run(id="--".join(["new", *varied]), instance=name, new=drawn)


def _told_apart(run: Run, clashes: bool) -> Run:
    if not clashes and len(run.id) <= LONGEST_ID:
        return run
    return replace(run, id=f"{run.id[:LONGEST_ID]}--{run.recipe[:8]}")
