"""Write the model of a tree in SMPS: the model of one path, what belongs to which stage, and how the other paths differ.

Source: Birge, Dempster, Gassmann, Gunn, King and Wallace (1987), A standard input format for multiperiod stochastic linear
programs; Gassmann and Kristjansson (2008), The SMPS format explained.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled
from stockpile.solver.export import Row, Sheet, mps, number
from stockpile.solver.names import Names
from stockpile.solver.paths import Key, Paths, paths_of
from stockpile.tree import Tree

ENDINGS = (".cor", ".tim", ".sto")
Nodes = tuple[int, ...]
#: The families that tie decisions of nodes of several futures; stages say it instead.
TIES = frozenset(["same_order", "same_signing", "same_call", "same_release"])
CONSTANT = ("objective_constant", (), -1)
"""The column that a row keeps at 1, with what every plan costs: so the first stage has a column and a row."""


@dataclass(frozen=True)
class Tied:
    """Variables whose values in some periods are decided in an earlier stage: by period, the period of that stage, -1 the first."""

    variables: tuple[str, ...]
    decided_in: Mapping[int, int]


@dataclass(frozen=True)
class _Side:
    """One comparison of a row at a node: what stands right of it, and its coefficients by column."""

    right: float = 0.0
    terms: Mapping[Key, float] = field(default_factory=dict)


def write_smps(
    compiled: Compiled,
    tree: Tree,
    tied: Sequence[Tied],
    stem: Path,
    title: str = "",
    unit: str = "",
    scale: float = 1.0,
) -> list[Path]:
    """Write ``stem`` with the endings .cor, .tim and .sto, each atomically; gives their paths.

    A stage is a run of periods between forks of the tree.  Costs are those of one path: probabilities stand in the .sto
    file.  Bounds that differ between paths become rows, and so do ties of decisions that are taken before the data of their
    period are seen.  Raises SolverError for what links futures that have parted.
    """
    if compiled.maximise:
        raise SolverError("SMPS is written of models that are minimised")
    writer = _Writer(compiled, tree, tied)
    contents = dict(zip(ENDINGS, (writer.core(title, unit, scale), writer.time(), writer.stochastic()), strict=True))
    files = [stem.with_name(stem.name + ending) for ending in ENDINGS]
    for file, lines in zip(files, contents.values(), strict=True):
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as sink:
                sink.writelines(f"{line}\n" for line in lines)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    return files


NOTHING = _Side()


class _Writer:
    """Columns, rows and stages of the core, and the paths in the order in which they are told."""

    def __init__(self, compiled: Compiled, tree: Tree, tied: Sequence[Tied]) -> None:
        self.compiled, self.tree = compiled, tree
        self.paths: Paths = paths_of(compiled, tree, TIES)
        self.stage_of = _stages(tree)
        self.stages = int(self.stage_of.max())
        self.leaves = _in_order(tree)
        self.shared = {name: t.decided_in for t in tied for name in t.variables}
        self.columns: dict[Key, int] = {CONSTANT: 1}
        """The stage of every column."""
        self.sides: dict[Key, dict[int, _Side]] = {}
        """By row (its key, and E, L or G) and node the comparison; a node that has none sets nothing."""
        self._take_columns()
        self._take_rows()
        self._fill_stages()
        self.columns = dict(sorted(self.columns.items(), key=lambda item: item[1]))
        self.rows = dict(sorted(self._row_stages(), key=lambda item: item[1]))
        self._name()

    def _stage(self, period: int) -> int:
        return int(self.stage_of[period]) if period >= 0 else 1

    def _take_columns(self) -> None:
        """Every column, one more for each that is decided before its stage, and rows where bounds differ."""
        compiled = self.compiled
        self.bounds: dict[Key, tuple[float, float, bool]] = {CONSTANT: (0.0, np.inf, False)}
        self.sides[("one", (), -1), "E"] = {-1: _Side(1.0, {CONSTANT: 1.0})}
        self.cost: dict[Key, dict[int, float]] = {CONSTANT: {-1: compiled.offset}}
        for key, at in self.paths.column.items():
            name, rest, period = key
            numbers = list(at.values())
            lower, upper = compiled.lower[numbers], compiled.upper[numbers]
            whole = bool(compiled.integer[numbers].any())
            self.columns[key] = self._stage(period)
            self.bounds[key] = (float(lower.min()), float(upper.max()), whole)
            self.cost[key] = {n: float(compiled.cost[j]) / self._probability(n) + 0.0 for n, j in at.items()}
            for sign, bounds in (("L", upper), ("G", lower)):
                if (bounds != bounds[0]).any():
                    sides = {n: _Side(float(b), {key: 1.0}) for n, b in zip(at, bounds, strict=True) if np.isfinite(b)}
                    self.sides[(f"bound_{name}", rest, period), sign] = sides
            if period in self.shared.get(name, ()):
                first = (f"shared_{name}", rest, period)
                self.columns[first] = self._stage(self.shared[name][period])
                self.bounds[first], self.cost[first] = (-np.inf, np.inf, False), {}
                self.sides[(f"same_{name}", rest, period), "E"] = {n: _Side(0.0, {key: 1.0, first: -1.0}) for n in at}

    def _probability(self, node: int) -> float:
        return float(self.tree.probability[node]) if node >= 0 else 1.0

    def _take_rows(self) -> None:
        """The comparisons of every row."""
        compiled, keys = self.compiled, self.paths.column_key
        for key, at in self.paths.row.items():
            lower, upper = (side[list(at.values())] for side in (compiled.row_lower, compiled.row_upper))
            equal = bool((lower == upper).all())
            for n, i in at.items():
                part = slice(compiled.start[i], compiled.start[i + 1])
                pairs = zip(compiled.index[part].tolist(), compiled.value[part].tolist(), strict=True)
                terms = {keys[j]: value for j, value in pairs}
                limits = (
                    [("E", compiled.row_upper[i])]
                    if equal
                    else [("L", compiled.row_upper[i]), ("G", compiled.row_lower[i])]
                )
                for sign, limit in limits:
                    if np.isfinite(limit):
                        self.sides.setdefault((key, sign), {})[n] = _Side(float(limit), terms)

    def _row_stages(self) -> Iterator[tuple[Key, int]]:
        """Every row with the stage of its data and of its columns."""
        for row, at in self.sides.items():
            columns = {column for side in at.values() for column in side.terms}
            yield row, max([self._stage(row[0][2]), *(self.columns[c] for c in columns)])

    def _fill_stages(self) -> None:
        """A column and a row that say nothing, where a stage beyond the first would have none: files name the first of each."""
        for stage in range(2, self.stages + 1):
            if stage not in self.columns.values():
                key = ("open", (stage,), -1)
                self.columns[key], self.bounds[key], self.cost[key] = stage, (0.0, 0.0, False), {}
            if stage not in dict(self._row_stages()).values():
                column = next(c for c, s in self.columns.items() if s == stage)
                self.sides[("open", (stage,), -1), "L"] = {-1: _Side(0.0, {column: 0.0})}

    def _name(self) -> None:
        """Legal names, with the period in the place of the node."""
        rows, columns = Names(), Names()
        self.objective = rows.take("objective")
        self.column_name = {key: columns.take(self._spoken(key)) for key in self.columns}
        twice = {row[0] for row in self.rows if sum((row[0], s) in self.rows for s in "ELG") > 1}
        self.row_name = {
            row: rows.take(self._spoken(row[0]) + (".low" if row[0] in twice and row[1] == "G" else ""))
            for row in self.rows
        }
        self.altered = [
            *(f"column {name} = {wanted}" for name, wanted in columns.altered.items()),
            *(f"row {name} = {wanted}" for name, wanted in rows.altered.items()),
        ]

    def _spoken(self, key: Key) -> str:
        name, rest, period = key
        parts = [*map(str, rest), *([f"t{period + 1}"] if period >= 0 else [])]
        return f"{name}[{','.join(parts)}]" if parts else str(name)

    def path(self, leaf: int) -> Nodes:
        """The nodes of a path by period."""
        found, node = [], leaf
        while node >= 0:
            found.append(node)
            node = int(self.tree.parent[node])
        return tuple(reversed(found))

    def values(self, path: Nodes) -> dict[tuple[str, str], float]:
        """Every entry of the model of a path that is not 0, by column (or RHS) and row."""
        found: dict[tuple[str, str], float] = {}
        for key, at in self.cost.items():
            value = at.get(_node(path, key), 0.0)
            if value:
                found[self.column_name[key], self.objective] = value
        for row in self.rows:
            side = self.sides[row].get(_node(path, row[0]), NOTHING)
            if side.right:
                found["RHS", self.row_name[row]] = side.right
            for column, value in side.terms.items():
                if value:
                    found[self.column_name[column], self.row_name[row]] = value
        return found

    def core(self, title: str, unit: str, scale: float) -> Iterator[str]:
        """The .cor file: the model of the first path, with a 0 where another has an entry."""
        path = self.path(self.leaves[0])
        place = {key: j for j, key in enumerate(self.columns)}
        rows = []
        for row in self.rows:
            here = self.sides[row].get(_node(path, row[0]), NOTHING)
            every = dict.fromkeys(column for side in self.sides[row].values() for column in side.terms)
            terms = [(place[column], here.terms.get(column, 0.0)) for column in every]
            rows.append(Row(self.row_name[row], row[1], here.right, terms))
        cost = [self.cost[key].get(_node(path, key), 0.0) for key in self.columns]
        lower, upper, whole = zip(*(self.bounds[key] for key in self.columns), strict=True)
        notes = [
            *([title] if title else []),
            f"the row {self.objective} is minimised",
            f"1 in the objective is {number(scale)} {unit}".rstrip(),
            *(f"t{t + 1} is a period of stage {stage}" for t, stage in enumerate(self.stage_of.tolist())),
            *self.altered,
        ]
        flat = [" ".join(note.split())[:400] for note in notes]
        names = [self.column_name[key] for key in self.columns]
        yield from mps(Sheet(flat, False, self.objective, names, cost, [*lower], [*upper], [*whole], rows))

    def time(self) -> Iterator[str]:
        """The .tim file: the first column and the first row of every stage."""
        yield "TIME model"
        yield "PERIODS IMPLICIT"
        for stage in range(1, self.stages + 1):
            column = next(key for key, s in self.columns.items() if s == stage)
            row = next((self.row_name[row] for row, s in self.rows.items() if s == stage), self.objective)
            yield f" {self.column_name[column]} {row} STAGE{stage}"
        yield "ENDATA"

    def stochastic(self) -> Iterator[str]:
        """The .sto file: every path with its probability, the core or earlier path that it leaves, the stage, what differs."""
        yield "STOCH model"
        yield "SCENARIOS DISCRETE"
        core = self.path(self.leaves[0])
        trunk = core[: min(_together(core, self.path(leaf)) for leaf in self.leaves)]
        told = [("'ROOT'", trunk, self.values(core))]
        for count, leaf in enumerate(self.leaves, start=1):
            path, name = self.path(leaf), f"PATH{count}"
            values, chance = self.values(path), number(float(self.tree.probability[leaf]))
            parent, other, before = max(told, key=lambda t: _together(t[1], path))
            stage = int(self.stage_of[_together(other, path)]) if len(self.leaves) > 1 else 1
            yield f" SC {name} {parent} {chance} STAGE{stage}"
            changed = [at for at in {**before, **values} if before.get(at, 0.0) != values.get(at, 0.0)]
            yield from (f" {column} {row} {number(values.get((column, row), 0.0))}" for column, row in changed)
            told.append((name, path, values))
        yield "ENDATA"


def _node(path: Nodes, key: Key) -> int:
    """The node of a path that a key speaks of, -1 where it is of none."""
    return path[key[2]] if key[2] >= 0 else -1


def _together(one: Nodes, other: Nodes) -> int:
    """How many nodes two paths share."""
    return sum(1 for a, b in zip(one, other, strict=False) if a == b)


def _stages(tree: Tree) -> Any:
    """(T,) the stage of every period, from 1: a new one wherever the tree forks, and so the second where it forks at once."""
    periods = int(tree.period.max()) + 1
    forks = np.zeros(periods, dtype=np.int64)
    for t in range(periods):
        parents = tree.parent[tree.period == t]
        forks[t] = len(parents) > len(np.unique(parents))
    return 1 + np.cumsum(forks)


def _in_order(tree: Tree) -> list[int]:
    """The leaves, those with a common node next to one another."""
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(tree.parent.tolist()):
        children.setdefault(parent, []).append(node)
    found, todo = [], [*reversed(children[-1])]
    while todo:
        node = todo.pop()
        below = children.get(node, [])
        found += [] if below else [node]
        todo += reversed(below)
    return found


__all__ = ["ENDINGS", "Tied", "write_smps"]
