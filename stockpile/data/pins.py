"""Pins as windows of nodes with limits in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.processing import Processing
from stockpile.data.resources import Resources
from stockpile.data.scale import Scale
from stockpile.instance import Instance
from stockpile.instance.schema.pins import DECISIONS

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Decisions that are pinned in each node of the window; all others are summed over the window.
STANDING = ("stock", "backlog")
#: Decisions about money, and those that happen or do not; all others are quantities.
MONEY = ("draw", "repayment")
OF_PROJECTS = ("release", "abandonment")
ONCE = (*OF_PROJECTS, "signing")


@dataclass(frozen=True)
class Pin:
    """What is decided of ``name`` in the ``window`` (N) of nodes on every path: limits in model units.

    ``stage`` is that of a release (0 for other decisions), ``sector`` that of what a sector gets or lacks, ``start`` and
    ``end`` the stores of a transfer (empty: all).  ``unit`` is the instance's quantity or money, or the resource's own
    unit, in one unit of the model; limits that are not set are infinite.
    """

    pin: str
    decision: str
    name: str
    stage: int
    sector: str
    start: str
    end: str
    window: Bools
    at_least: float
    at_most: float
    unit: float


@dataclass(frozen=True)
class Pins:
    """All pins of an instance."""

    all: tuple[Pin, ...]

    def of(self, decision: str) -> list[Pin]:
        """The pins of a decision."""
        return [pin for pin in self.all if pin.decision == decision]

    def required(self, decision: str, name: str, nodes: int) -> Floats:
        """(N,) the most that a pin requires of a decision about ``name``, in the nodes of its window."""
        out = np.zeros(nodes)
        for part in self._required(decision, name):
            out = np.maximum(out, part)
        return out

    def moved(self, good: str, nodes: int) -> Floats:
        """(N,) what pins require to be sent of a good on all its routes together, in the nodes of their windows."""
        return sum(self._required("transfer", good), np.zeros(nodes))

    @property
    def borrowed(self) -> float:
        """What pins require to be drawn or repaid, in all."""
        return sum(max(pin.at_least, 0.0) for decision in MONEY for pin in self.of(decision))

    def _required(self, decision: str, name: str) -> list[Floats]:
        return [
            np.where(pin.window, pin.at_least, 0.0)
            for pin in self.of(decision)
            if pin.name == name and pin.at_least > 0
        ]


def make_pins(instance: Instance, nodes: Nodes, scale: Scale, blocks: tuple[Resources, Processing]) -> Pins:
    """Pins of an instance."""
    view = instance.view("pins")
    units = _units(instance, scale, *blocks)
    columns = (view[c].tolist() for c in ("pin", "decision", "name", "stage", "sector", "from_store", "to_store"))
    windows = zip(view["from"].tolist(), view["until"].tolist(), strict=True)
    limits = zip(view["at_least"].tolist(), view["at_most"].tolist(), strict=True)
    pins = []
    for (pin, decision, name, stage, *others), (begin, end), (least, most) in zip(
        zip(*columns, strict=True), windows, limits, strict=True
    ):
        unit = units[decision][str(name)]
        sector, start, to = (other if isinstance(other, str) else "" for other in others)
        pins.append(
            Pin(
                pin=str(pin),
                decision=str(decision),
                name=str(name),
                stage=int(stage) if stage == stage else 0,
                sector=sector,
                start=start,
                end=to,
                window=(nodes.period >= begin) & (nodes.period < end),
                at_least=least / unit if least == least else -np.inf,
                at_most=most / unit if most == most else np.inf,
                unit=unit,
            )
        )
    return Pins(tuple(pins))


def _units(
    instance: Instance, scale: Scale, resources: Resources, processing: Processing
) -> dict[str, dict[str, float]]:
    """By decision the unit of everything that it may name."""
    goods = {str(g): float(scale.good[i]) for i, g in enumerate(instance.view("goods")["good"])}
    sources = instance.view("sources")
    named = {
        "order": {str(k): goods[str(g)] for k, g in zip(sources["source"], sources["good"], strict=True)},
        "run": {j: float(unit) for j, unit in zip(processing.names, scale.run, strict=True)},
        "overtime": {r: float(unit) for r, unit in zip(resources.names, resources.unit, strict=True)},
        **{decision: {str(f): scale.money for f in instance.view("funds")["fund"]} for decision in MONEY},
        **{decision: {str(p): 1.0 for p in instance.view("projects")["project"]} for decision in OF_PROJECTS},
        "signing": {str(c): 1.0 for c in instance.view("contracts")["contract"]},
    }
    return {decision: named.get(decision, goods) for decision in DECISIONS}
