"""A study file (TOML) -> what is to be run.  Every fault is told at once, with its place and what would be right."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stockpile.errors import DataError, Problem
from stockpile.instance.cells import HIDDEN, LONGEST_NAME, nearest, shown
from stockpile.instance.files import Unreadable, reason, text_of
from stockpile.instance.target import parse_change
from stockpile.study.batch import keys
from stockpile.study.batch.keys import ALL, GRID, LIMITS, NEW, OPTIONS, SECTIONS, TOP, Key


@dataclass(frozen=True)
class Axis:
    """What runs go through: a label for their ids, and values.  ``key`` is the address of a change, with its operator.

    A value that was given alone, neither in a list nor as a range, is not told in ids: then ``varied`` is false.
    """

    label: str
    values: tuple[Any, ...]
    varied: bool = True
    key: str = ""


@dataclass(frozen=True)
class Limits:
    """Hard limits of a run: seconds and memory (MB; None: no limit)."""

    seconds: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True)
class Grid:
    """Instances (paths as told), random ones, and what their runs go through."""

    instances: tuple[str, ...] = ()
    new: tuple[Axis, ...] | None = None
    scenarios: Axis = Axis("scenarios", (ALL,), varied=False)
    always: tuple[str, ...] = ()
    changes: tuple[Axis, ...] = ()
    options: tuple[Axis, ...] = ()


@dataclass(frozen=True)
class Study:
    """What is to be run.  ``home`` is the folder that the paths of instances start from, ``text`` the file as it was read."""

    home: Path
    name: str
    title: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    grids: tuple[Grid, ...] = ()
    text: str = ""


def read_study(path: Path) -> Study:
    """Read a study file.  Raises DataError with every fault of form; whether instances are there is seen by their runs."""
    try:
        text = text_of(path)
        document = tomllib.loads(text)
    except Unreadable as error:
        raise DataError([Problem(str(path), str(error))]) from None
    except OSError as error:
        hint = "; a study is a TOML file, and `stockpile batch STUDY --new INSTANCE` writes one to start from"
        raise DataError([Problem(str(path), f"cannot be read: {reason(error)}{hint}")]) from None
    except (ValueError, RecursionError) as error:
        raise DataError([Problem(path.name, f"is not TOML: {reason(error)}")]) from None
    study, problems = study_from(document, path)
    if problems:
        raise DataError(problems)
    return replace(study, text=text)


def study_from(document: Mapping[str, Any], path: Path) -> tuple[Study, list[Problem]]:
    """A study from the content of its file, and every fault in it."""
    reader = _Reader(path.name)
    reader.known(document, [*(key.name for key in TOP), *SECTIONS, "grid"], "")
    if type(document.get("format")) is not int or document["format"] != keys.FORMAT:
        said = f"{shown(document['format'])} is not known" if "format" in document else "is missing"
        reader.fault("format", f"{said}; this version reads format = {keys.FORMAT}")
    texts = {key.name: reader.single(key, document[key.name], key.name) for key in TOP[1:] if key.name in document}
    options = reader.section(document.get("options", {}), "options", OPTIONS)
    limits = reader.section(document.get("limits", {}), "limits", LIMITS)
    grids = document.get("grid")
    if not isinstance(grids, list) or not grids or not all(isinstance(grid, dict) for grid in grids):
        reader.fault("grid", "is missing; write [[grid]] and below it instances = [...]")
        grids = []
    made = tuple(reader.grid(grid, f"grid[{number}]") for number, grid in enumerate(grids, 1))
    name = texts.get("name") or HIDDEN.sub("?", path.stem)[:LONGEST_NAME] or "study"
    study = Study(path.parent, name, texts.get("title") or "", options, Limits(**limits), made)
    return study, reader.problems


class _Reader:
    """Reads parts of a study and collects their faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, where: str, message: str) -> None:
        self.problems.append(Problem(self.file, message, column=HIDDEN.sub("?", where)[:200]))

    def known(self, document: Mapping[str, Any], names: Sequence[str], where: str) -> None:
        """Keys that are not known are faults."""
        for name in document:
            if name not in names:
                place = f"{where}.{name}" if where else name
                self.fault(place, f"{shown(name)} is not a key here; {nearest(name, names)}")

    def single(self, key: Key, raw: Any, where: str) -> Any:
        """One value, None (and a fault) where it is wrong."""
        try:
            return keys.checked(key.kind, raw)
        except ValueError as error:
            self.fault(where, str(error))
            return None

    def section(self, raw: Any, where: str, declared: Sequence[Key]) -> dict[str, Any]:
        """The values of a section that are there and right."""
        if not self.is_table(raw, where):
            return {}
        self.known(raw, [key.name for key in declared], where)
        found = {k.name: self.single(k, raw[k.name], f"{where}.{k.name}") for k in declared if k.name in raw}
        return {name: value for name, value in found.items() if value is not None}

    def is_table(self, raw: Any, where: str) -> bool:
        if isinstance(raw, dict):
            return True
        self.fault(where, f"{shown(raw)} is not a table; write [{where}] and its keys below")
        return False

    def axes(self, raw: Any, where: str, declared: Sequence[Key]) -> tuple[Axis, ...]:
        """Declared keys of which each may have several values."""
        if not self.is_table(raw, where):
            return ()
        self.known(raw, [key.name for key in declared], where)
        found = []
        for key in (key for key in declared if key.name in raw):
            try:
                values, varied = keys.several(raw[key.name])
            except ValueError as error:
                self.fault(f"{where}.{key.name}", str(error))
                continue
            right = [self.single(key, value, f"{where}.{key.name}") for value in values]
            if None not in right:
                found.append(Axis(key.name, tuple(dict.fromkeys(right)), varied))
        return tuple(found)

    def grid(self, raw: Mapping[str, Any], where: str) -> Grid:
        """One grid, as far as it is right."""
        self.known(raw, [key.name for key in GRID], where)
        grid = Grid(
            instances=self.texts(raw.get("instances", []), f"{where}.instances", "paths of instances"),
            new=self.axes(raw["new"], f"{where}.new", NEW) if "new" in raw else None,
            scenarios=self.scenarios(raw.get("scenarios", ALL), f"{where}.scenarios"),
            always=self.texts(raw.get("always", []), f"{where}.always", "changes, KEY=VALUE"),
            changes=self.changes(raw.get("set", {}), f"{where}.set"),
            options=self.axes(raw.get("options", {}), f"{where}.options", OPTIONS),
        )
        for text in grid.always:
            self.is_change(text, f"{where}.always")
        if not raw.get("instances") and grid.new is None:
            self.fault(f"{where}.instances", "is missing; give paths of instances, or new = { seed = [1, 2, 3] }")
        self.together(grid.new or (), f"{where}.new")
        return grid

    def together(self, new: Sequence[Axis], where: str) -> None:
        """What only one value of a random instance cannot be, or two cannot be together."""
        values = {axis.label: axis.values for axis in new}
        if any(count < 2 for count in values.get("periods", ())):
            self.fault(f"{where}.periods", "is below 2: an instance is drawn with at least 2 quarters")
        if "all" in values.get("rules", ()) and any(count > 1 for count in values.get("scenarios", ())):
            self.fault(f"{where}.scenarios", "is above 1 with all rules; futures of prices go with rules = 'core'")

    def texts(self, raw: Any, where: str, what: str) -> tuple[str, ...]:
        """A list of texts, or one."""
        found = [raw] if isinstance(raw, str) else raw
        if not isinstance(found, list) or not all(isinstance(text, str) and text.strip() for text in found):
            self.fault(where, f"{shown(raw)} is not a list of {what}")
            return ()
        wrong = [text for text in found if HIDDEN.search(text)]
        for text in wrong:
            self.fault(where, f"{shown(text)} has characters that cannot be seen")
        return tuple(dict.fromkeys(text for text in found if text not in wrong))

    def scenarios(self, raw: Any, where: str) -> Axis:
        names = self.texts(raw, where, "scenarios: all, expected, or names") or (ALL,)
        return Axis("scenarios", names, isinstance(raw, list))

    def is_change(self, text: str, where: str) -> bool:
        try:
            parse_change(text)
        except ValueError as error:
            self.fault(where, f"{shown(text)} {error}")
            return False
        return True

    def changes(self, raw: Any, where: str) -> tuple[Axis, ...]:
        """The changes that are gone through, with labels for ids that are short and differ."""
        if not self.is_table(raw, where):
            return ()
        axes = [axis for name, value in raw.items() if (axis := self.change(name, value, f"{where}.{name}"))]
        short = [axis.label for axis in axes]
        return tuple(
            replace(axis, label=axis.key.rstrip("=")) if short.count(axis.label) > 1 else axis for axis in axes
        )

    def change(self, name: str, raw: Any, where: str) -> Axis | None:
        """One: ADDRESS = values, or LABEL = { key = ADDRESS, values = values }."""
        address, label = name, ""
        if isinstance(raw, dict):
            self.known(raw, ["key", "values"], where)
            address, label = raw.get("key", ""), name
            if not isinstance(address, str) or not address or "values" not in raw:
                self.fault(where, "needs key and values; write { key = 'prices[*].price*', values = [0.9, 1.1] }")
                return None
            raw = raw["values"]
        try:
            values, varied = keys.several(raw)
            texts = tuple(dict.fromkeys(keys.text_of(value) for value in values))
        except ValueError as error:
            self.fault(where, str(error))
            return None
        key = f"{address}="
        if not all(self.is_change(f"{key}{text}", where) for text in texts[:1]):
            return None
        return Axis(label or parse_change(key).target.column, texts, varied, key)
