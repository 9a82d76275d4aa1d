"""Pins that cannot be kept: which ones, and by how much they fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.data import Data
from stockpile.solver.elastic import least_failure
from stockpile.solver.job import Options

if TYPE_CHECKING:
    from stockpile.instance import Instance

FAMILIES = {
    "orders_required": ("ORDER_PINS_LEAST", "{0} less can be ordered than its {1}"),
    "orders_forbidden": ("ORDER_PINS_MOST", "{0} more must be ordered than its {1}"),
    "release_required": ("RELEASE_PINS_LEAST", "the stage cannot be released"),
    "release_forbidden": ("RELEASE_PINS_MOST", "the stage must be released"),
}
"""Families of rows with the set of their pins, and what it means that one fails."""
NOISE = 1e-6
SECONDS = 60.0


def failing_pins(instance: Instance, data: Data, model: Any, compiled: Any) -> list[str]:
    """Lines on the pins that keep an instance from having a plan; none where there is no plan without them either.

    Together they fail by as little as they can, each counted as a part of what it asks for.
    """
    pins = {p.pin: p for p in (*data.pins.orders, *data.pins.releases)}
    rows, names, families = [], [], []
    for family, (index, _) in FAMILIES.items():
        if family in compiled.families:
            rows += list(compiled.families[family])
            names += [pin for pin, _ in getattr(model, index)]
            families += [family] * len(compiled.families[family])
    if not rows or len(rows) != len(names):
        return []
    limit = [
        abs(pins[n].at_least if "required" in f else pins[n].at_most) for n, f in zip(names, families, strict=True)
    ]
    weight = 1.0 / np.maximum(np.array(limit), 1.0)
    failure = least_failure(compiled, np.array(rows, np.int32), weight, Options(gap=1e-3, time_limit=SECONDS))
    if failure is None:
        return []
    worst: dict[tuple[str, str], float] = {}
    for name, family, amount in zip(names, families, failure, strict=True):
        worst[name, family] = max(worst.get((name, family), 0.0), float(amount) * pins[name].unit)
    return [_line(instance, pins[name], family, amount) for (name, family), amount in worst.items() if amount > NOISE]


def _line(instance: Instance, pin: Any, family: str, amount: float) -> str:
    unit = instance.settings.units.quantity
    limit = (pin.at_least if "required" in family else pin.at_most) * pin.unit
    said = FAMILIES[family][1].format(f"{amount:,.6g} {unit}", f"{limit:,.6g} {unit}")
    return f"  pin {pin.pin} cannot be kept: {said}"
