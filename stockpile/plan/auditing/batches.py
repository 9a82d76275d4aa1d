"""Batches: runs by what they pass on of where their traced inputs come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.origins import Mark, Marks, Origins, name_of

#: By traced good its classes.
Known = Mapping[str, list[Marks]]


@dataclass(frozen=True)
class Batched:
    """What batches make of every good and class, and what they take, (nodes,)."""

    made: dict[tuple[str, Marks], Floats]
    taken: dict[tuple[str, Marks], Floats]


class Batches:
    """The batches that runs may be made of; ``marks`` are those that rules tell apart by traced good."""

    def __init__(self, origins: Origins, marks: Mapping[str, list[Mark]]) -> None:
        self.origins, self.marks = origins, marks
        self.back = {
            process: list(dict.fromkeys(m for g in link.makes for m in marks[g] if m.by != "processed"))
            for process, link in origins.links.items()
        }
        self.found: dict[str, list[Marks]] = {process: [] for process in origins.links}

    def outputs(self, process: str, passed: Marks) -> dict[str, Marks]:
        """The class of every good that a batch makes."""
        place = self.origins.place[process]
        return {
            good: self.origins.of([m for m in self.marks[good] if m.by == "processed"], place, None)
            | passed.intersection(self.marks[good])
            for good in self.origins.links[process].makes
        }

    def of_opening(self, process: str, origin: object, mined_in: object) -> Marks:
        """What a run of before the horizon passes on whose inputs come from there."""
        told = self.back[process]
        return self.origins.passed(told, [self.origins.of(told, origin, mined_in)], self.origins.place[process])

    def find(self, known: dict[str, list[Marks]]) -> None:
        """Find the batches of all mixtures of classes; what they make is added to the classes ``known``."""
        news = True
        while news:
            news = False
            for process, link in self.origins.links.items():
                for mixture in product(*(known[good] for good in link.takes)):
                    passed = self.origins.passed(self.back[process], mixture, self.origins.place[process])
                    if passed not in self.found[process]:
                        self.found[process].append(passed)
                        news = True
                    for good, marks in self.outputs(process, passed).items():
                        if marks not in known[good]:
                            known[good].append(marks)
                            news = True

    def may_take(self, process: str, passed: Marks, marks: Marks) -> bool:
        """Whether a class is no worse than what a batch passes on: it bears nothing that only one must bear, and all that all must."""
        told = self.back[process]
        return all((m not in passed or m in marks) if m.every else (m not in marks or m in passed) for m in told)


def check_batches(case: Case, batches: Batches, known: Known, levels: Mapping[str, Floats]) -> Batched:
    """Check that runs are made of batches, and that these take what their recipes say of classes that are no worse."""
    keys: list[Key] = [(j, name_of(passed)) for j, found in batches.found.items() for passed in found]
    grid = case.reader.grid("batches", keys)
    case.not_negative(grid, "level")
    level = dict(zip(keys, grid.amount("level"), strict=True))
    for process in batches.found:
        whole = sum((amount for (j, _), amount in level.items() if j == process), np.zeros(len(case.tree)))
        words = "the batches of {0} add up to {left}, but it is run {right}"
        rule = case.rule("batches_make_run", grid, [(process,)], case.quantity, words)
        case.book.equal(rule, whole[None, :], levels[process][None, :])
    return Batched(_made(case, batches, level), _taken(case, batches, known, level))


def _recipe(case: Case) -> dict[Key, float]:
    """What a unit of run takes or makes, by process and good."""
    view = case.view("recipes")
    return dict(zip(zip(view["process"], view["good"], strict=True), view["amount"].tolist(), strict=True))


def _made(case: Case, batches: Batches, level: Mapping[Key, Floats]) -> dict[tuple[str, Marks], Floats]:
    """What arrives of batches, those from before the horizon among them."""
    view, recipe = case.view("processes"), _recipe(case)
    lead = dict(zip(view["process"], view["lead_time"], strict=True))
    runs = [
        (process, passed, case.earlier(level[process, name_of(passed)], int(lead[process])))
        for process, found in batches.found.items()
        for passed in found
    ]
    for row in case.view("opening_runs").records:
        if row["process"] in batches.found:
            passed = batches.of_opening(row["process"], row["origin"], row["mined_in"])
            runs.append((row["process"], passed, np.where(case.period == row["arrives"], float(row["level"]), 0.0)))
    made: dict[tuple[str, Marks], Floats] = {}
    for process, passed, arrived in runs:
        for good, marks in batches.outputs(process, passed).items():
            amount = recipe[process, good] * arrived
            made[good, marks] = made.get((good, marks), np.zeros(len(case.tree))) + amount
    return made


def _taken(case: Case, batches: Batches, known: Known, level: Mapping[Key, Floats]) -> dict[tuple[str, Marks], Floats]:
    """What batches take of every class."""
    recipe, links = _recipe(case), batches.origins.links
    fed = [
        (process, passed, good, marks)
        for process, found in batches.found.items()
        for passed in found
        for good in links[process].takes
        for marks in known[good]
        if batches.may_take(process, passed, marks)
    ]
    keys: list[Key] = [(j, name_of(passed), g, name_of(marks)) for j, passed, g, marks in fed]
    grid = case.reader.grid("batch_inputs", keys)
    case.not_negative(grid, "taken")
    amounts = grid.amount("taken")
    taken: dict[tuple[str, Marks], Floats] = {}
    into: dict[Key, Floats] = {}
    for (process, passed, good, marks), amount in zip(fed, amounts, strict=True):
        taken[good, marks] = taken.get((good, marks), 0.0) + amount
        key = (process, name_of(passed), good)
        into[key] = into.get(key, 0.0) + amount
    for process, batch in level:
        for good in links[str(process)].takes:
            wanted = -recipe[process, good] * level[process, batch]
            got = into.get((process, batch, good), np.zeros(len(case.tree)))
            words = "batches of {0} that pass on {1} take {left} of {2}, but by the recipe it is {right}"
            rule = case.rule("batch_takes_inputs", grid, [(process, batch, good)], case.quantity, words)
            case.book.equal(rule, got[None, :], wanted[None, :])
    return taken
