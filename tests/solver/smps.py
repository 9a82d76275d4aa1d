"""An independent reader of SMPS: three files -> the extensive form, solved by SciPy.  It shares no code with the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

Entries = dict[tuple[str, str], float]


def sections(file: Path) -> Iterator[tuple[str, list[str]]]:
    """The words of every line, with the header of its section; a header stands at the margin."""
    header = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("*"):
            continue
        if not line.startswith(" "):
            header = line.split()[0]
            yield header, line.split()
        else:
            yield f"{header} line", line.split()


@dataclass
class Core:
    """A linear model: rows with their kind, columns in order, entries (RHS is a column), bounds, integers."""

    kinds: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    entries: Entries = field(default_factory=dict)
    bounds: dict[str, list[float]] = field(default_factory=dict)
    integers: set[str] = field(default_factory=set)


def read_core(file: Path) -> Core:
    """A free MPS file."""
    core, inside = Core(), False
    for section, words in sections(file):
        if section == "ROWS line":
            core.kinds[words[1]] = words[0]
        elif section == "COLUMNS line" and words[1] == "'MARKER'":
            inside = words[2] == "'INTORG'"
        elif section in ("COLUMNS line", "RHS line"):
            name, row, value = words
            if section == "COLUMNS line" and name not in core.bounds:
                core.columns.append(name)
                core.bounds[name] = [0.0, np.inf]
                core.integers |= {name} if inside else set()
            core.entries[name, row] = float(value)
        elif section == "BOUNDS line":
            sides = {"LO": [0], "UP": [1], "FX": [0, 1], "MI": [0], "PL": [1], "FR": [0, 1]}[words[0]]
            for side in sides:
                endless = -np.inf if side == 0 else np.inf
                core.bounds[words[2]][side] = float(words[3]) if len(words) > 3 else endless
    return core


def read_stages(file: Path) -> list[tuple[str, str, str]]:
    """First column, first row and name of every stage."""
    found = [words for section, words in sections(file) if section == "PERIODS line"]
    return [(column, row, name) for column, row, name in found]


@dataclass
class Scenario:
    """A scenario with all its entries; ``owner`` gives for every stage the scenario whose columns it has."""

    chance: float
    entries: Entries
    owner: list[str]


def read_scenarios(file: Path, core: Core, stages: list[str]) -> dict[str, Scenario]:
    """The scenarios of a .sto file: each has what its parent has, but for its own lines."""
    found: dict[str, Scenario] = {}
    current = ""
    for section, words in sections(file):
        if section != "SCENARIOS line":
            continue
        if words[0] == "SC":
            _, current, parent, chance, stage = words
            at = stages.index(stage)
            if parent == "'ROOT'":
                owner = [*["root"] * at, *[current] * (len(stages) - at)]
                found[current] = Scenario(float(chance), dict(core.entries), owner)
            else:
                owner = [*found[parent].owner[:at], *[current] * (len(stages) - at)]
                found[current] = Scenario(float(chance), dict(found[parent].entries), owner)
        else:
            column, row, value = words
            assert row in core.kinds
            assert column in ("RHS", *core.bounds)
            found[current].entries[column, row] = float(value)
    return found


def solve(stem: Path) -> float:
    """The optimum of the extensive form of three files; raises AssertionError where there is none."""
    core = read_core(stem.with_name(stem.name + ".cor"))
    listed = read_stages(stem.with_name(stem.name + ".tim"))
    names = [name for _, _, name in listed]
    scenarios = read_scenarios(stem.with_name(stem.name + ".sto"), core, names)
    assert abs(sum(s.chance for s in scenarios.values()) - 1.0) < 1e-9
    rows = list(core.kinds)
    stage_of_column = _stages(core.columns, [column for column, _, _ in listed])
    stage_of_row = _stages(rows, [row for _, row, _ in listed])
    objective = rows[0]
    assert core.kinds[objective] == "N"
    place: dict[tuple[str, str], int] = {}
    cost: list[float] = []
    for scenario in scenarios.values():
        for column in core.columns:
            owner = scenario.owner[stage_of_column[column]]
            if (column, owner) not in place:
                place[column, owner] = len(cost)
                cost.append(0.0)
            cost[place[column, owner]] += scenario.chance * scenario.entries.get((column, objective), 0.0)
    made: dict[tuple[str, str], int] = {}
    triples: list[tuple[int, int, float]] = []
    lower: list[float] = []
    upper: list[float] = []
    for scenario in scenarios.values():
        fresh = {}
        for row in rows[1:]:
            owner = scenario.owner[stage_of_row[row]]
            if (row, owner) not in made:
                fresh[row] = made[row, owner] = len(lower)
                right = scenario.entries.get(("RHS", row), 0.0)
                lower.append(right if core.kinds[row] in "EG" else -np.inf)
                upper.append(right if core.kinds[row] in "EL" else np.inf)
        for (column, row), value in scenario.entries.items():
            if column != "RHS" and row in fresh:
                assert stage_of_column[column] <= stage_of_row[row], (column, row)
                triples.append((fresh[row], place[column, scenario.owner[stage_of_column[column]]], value))
    low, high = (np.array([core.bounds[column][side] for column, _ in place]) for side in (0, 1))
    whole = np.array([column in core.integers for column, _ in place], dtype=int)
    at, of, values = zip(*triples, strict=True)
    matrix = coo_array((values, (at, of)), shape=(len(lower), len(cost))).tocsr()
    found = milp(
        np.array(cost), constraints=LinearConstraint(matrix, lower, upper), bounds=Bounds(low, high), integrality=whole,
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert found.success, found.message
    return float(found.fun)


def _stages(members: list[str], first: list[str]) -> dict[str, int]:
    """The stage of every member, given the first of each in order."""
    found, stage = {}, -1
    for name in members:
        if stage + 1 < len(first) and name == first[stage + 1]:
            stage += 1
        found[name] = stage
    assert stage == len(first) - 1, "the first of a stage is missing"
    return {name: max(at, 0) for name, at in found.items()}
