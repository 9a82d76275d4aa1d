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


@dataclass(frozen=True)
class Pin:
    """What is decided of ``name`` (and ``stage``) in the ``window`` (N) of nodes on every path: limits in model units.

    ``unit`` is the instance's quantity in one unit of the model; limits that are not set are infinite.
    """

    pin: str
    name: str
    stage: int
    window: Bools
    at_least: float
    at_most: float
    unit: float


@dataclass(frozen=True)
class Pins:
    """Pins of orders and of releases."""

    orders: tuple[Pin, ...]
    releases: tuple[Pin, ...]

    def required(self, sources: tuple[str, ...], nodes: int) -> Floats:
        """(K, N) the most that a pin requires of the orders at a source."""
        out = np.zeros((len(sources), nodes))
        for pin in self.orders:
            if pin.at_least > 0:
                row = sources.index(pin.name)
                out[row] = np.maximum(out[row], np.where(pin.window, pin.at_least, 0.0))
        return out


def make_pins(instance: Instance, nodes: Nodes, scale: Scale) -> Pins:
    """Pins of an instance."""
    view = instance.view("pins")
    goods = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
    good_of = dict(zip(instance.view("sources")["source"], instance.view("sources")["good"], strict=True))
    orders: list[Pin] = []
    releases: list[Pin] = []
    columns = (view[c].tolist() for c in ("pin", "decision", "name", "stage", "from", "until", "at_least", "at_most"))
    for pin, decision, name, stage, begin, end, least, most in zip(*columns, strict=True):
        unit = float(scale.good[goods[str(good_of[name])]]) if decision == "order" else 1.0
        made = Pin(
            pin=str(pin),
            name=str(name),
            stage=int(stage) if stage == stage else 0,
            window=(nodes.period >= begin) & (nodes.period < end),
            at_least=least / unit if least == least else -np.inf,
            at_most=most / unit if most == most else np.inf,
            unit=unit,
        )
        (orders if decision == "order" else releases).append(made)
    return Pins(tuple(orders), tuple(releases))
