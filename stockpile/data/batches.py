"""Batches: runs of the processes that pass origins on, by what their outputs bear, and which inputs may go into each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.origins import Mark, Marker, Marks, label_of, passed_on
from stockpile.data.processing import Processing
from stockpile.instance import Instance
from stockpile.instance.provenance import Link

Floats = npt.NDArray[np.float64]
#: A good and the number of its class.
Class = tuple[str, int]
#: A process and the number of its batch.
Batch = tuple[str, int]


class Classes:
    """Classes in the order in which they are met, with their marks."""

    def __init__(self) -> None:
        self.found: dict[Class, Marks] = {}

    def add(self, good: str, marks: Marks) -> Class:
        """The class of a good that bears some marks."""
        mine = [c for c in self.found if c[0] == good]
        for known in mine:
            if self.found[known] == marks:
                return known
        self.found[good, len(mine) + 1] = marks
        return good, len(mine) + 1

    def borne(self, good: str) -> list[Marks]:
        """The marks of each class of a good."""
        return [marks for (g, _), marks in self.found.items() if g == good]


@dataclass(frozen=True)
class Batches:
    """``batches`` (B) of processes, with the ``marks`` that each passes on; ``takes`` are the traced inputs of the processes.

    ``made`` is the class of every traced good that a batch makes; ``fed`` are (process, good, class of the good, batch) where
    a class may go into a batch: it bears nothing worse.
    """

    batches: tuple[Batch, ...]
    marks: tuple[Marks, ...]
    takes: dict[str, tuple[str, ...]]
    made: dict[tuple[str, str, int], Class]
    fed: tuple[tuple[str, str, int, int], ...]

    def label(self, at: int) -> str:
        """The name of a batch: the marks that it passes on."""
        return label_of(self.marks[at])


@dataclass(frozen=True)
class Chain:
    """What is known of the processes that pass origins on: their ``links``, places and the marks that rules tell apart."""

    links: dict[str, Link]
    places: dict[str, str | None]
    marks: dict[str, tuple[Mark, ...]]
    marker: Marker

    def passed(self, process: str) -> tuple[Mark, ...]:
        """The marks that depend on what a process takes."""
        return passed_on(self.marks, self.links[process])

    def outputs(self, process: str, passed: Marks, classes: Classes) -> dict[str, Class]:
        """By good the class of what a process makes that passes on some marks."""
        return {
            good: classes.add(good, self.marker.made(self.marks[good], passed, self.places[process]))
            for good in self.links[process].makes
        }


def make_batches(chain: Chain, classes: Classes) -> Batches:
    """Batches of every mixture of inputs that bears other marks; adds the classes of what they make to ``classes``."""
    found: dict[str, dict[Marks, None]] = {process: {} for process in chain.links}
    size = -1
    while size != (size := len(classes.found) + sum(map(len, found.values()))):
        for process, link in chain.links.items():
            told, place = chain.passed(process), chain.places[process]
            mixed = {chain.marker.through(told, (), place): None}
            for good in link.takes:
                each = classes.borne(good)
                mixed = {chain.marker.through(told, (m, b), place): None for m in mixed for b in each}
            for passed in mixed:
                found[process][passed] = None
                chain.outputs(process, passed, classes)
    batches = [(j, b, marks) for j, known in found.items() for b, marks in enumerate(known, start=1)]
    return Batches(
        batches=tuple((j, b) for j, b, _ in batches),
        marks=tuple(marks for _, _, marks in batches),
        takes={j: link.takes for j, link in chain.links.items()},
        made={(j, g, b): c for j, b, marks in batches for g, c in chain.outputs(j, marks, classes).items()},
        fed=tuple(
            (j, good, number, b)
            for j, b, marks in batches
            for good in chain.links[j].takes
            for (g, number), borne in classes.found.items()
            if g == good and chain.marker.through(chain.passed(j), (borne, marks), chain.places[j]) == marks
        ),
    )


def opening_runs(
    instance: Instance, nodes: Nodes, chain: Chain, classes: Classes, processing: Processing, unit: Floats
) -> list[tuple[Class, Floats]]:
    """What runs from before the horizon bring of each class, with its amount (N,); ``unit`` (J,) is one unit of run."""
    found = []
    for row in instance.view("opening_runs").to_dict("records"):
        process = str(row["process"])
        if process in chain.links:
            told, place = chain.passed(process), chain.places[process]
            taken = chain.marker.of(told, row["origin"], row["mined_in"])
            level = float(row["level"]) / float(unit[processing.names.index(process)])
            arrives = np.where(nodes.period == int(row["arrives"]), level, 0.0)
            for good, c in chain.outputs(process, chain.marker.through(told, (taken,), place), classes).items():
                found.append((c, processing.makes[process, good] * arrives))
    return found
