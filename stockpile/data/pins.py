"""Pins as windows of nodes with limits in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Decisions that are pinned in each node of the window; all others are summed over the window.
STANDING = ("stock",)


@dataclass(frozen=True)
class Pin:
    """What is decided of ``name`` in the ``window`` (N) of nodes on every path: limits in model units.

    ``stage`` is that of a release (0 for other decisions), ``sector`` that of a service (empty: all).  ``unit`` is the
    instance's quantity or money in one unit of the model; limits that are not set are infinite.
    """

    pin: str
    decision: str
    name: str
    stage: int
    sector: str
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
        for pin in self.of(decision):
            if pin.name == name and pin.at_least > 0:
                out = np.maximum(out, np.where(pin.window, pin.at_least, 0.0))
        return out


def make_pins(instance: Instance, nodes: Nodes, scale: Scale) -> Pins:
    """Pins of an instance."""
    view = instance.view("pins")
    goods = {str(g): float(scale.good[i]) for i, g in enumerate(instance.view("goods")["good"])}
    sources = instance.view("sources")
    sold = {str(k): goods[str(g)] for k, g in zip(sources["source"], sources["good"], strict=True)}
    columns = (view[c].tolist() for c in ("pin", "decision", "name", "stage", "sector", "from", "until"))
    pins = []
    limits = zip(view["at_least"].tolist(), view["at_most"].tolist(), strict=True)
    for (pin, decision, name, stage, sector, begin, end), (least, most) in zip(
        zip(*columns, strict=True), limits, strict=True
    ):
        unit = {"order": sold.get(str(name), 1.0), "release": 1.0, "draw": scale.money}.get(
            decision, goods.get(str(name), 1.0)
        )
        pins.append(
            Pin(
                pin=str(pin),
                decision=str(decision),
                name=str(name),
                stage=int(stage) if stage == stage else 0,
                sector=sector if isinstance(sector, str) else "",
                window=(nodes.period >= begin) & (nodes.period < end),
                at_least=least / unit if least == least else -np.inf,
                at_most=most / unit if most == most else np.inf,
                unit=unit,
            )
        )
    return Pins(tuple(pins))
