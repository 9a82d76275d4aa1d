"""Pins that cannot be kept: which ones, and by how much they fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.data import Data
from stockpile.solver.elastic import least_failure
from stockpile.solver.job import Options

if TYPE_CHECKING:
    from stockpile.instance import Instance

LESS, MORE = "{0} less can be %s than its {1}", "{0} more must be %s than its {1}"
WORDS = {
    "orders": "ordered",
    "service": "released to sectors",
    "sale": "sold",
    "disposal": "thrown away",
    "stock": "kept",
    "draw": "drawn",
}
FAMILIES = {
    **{f"{name}_required": LESS % done for name, done in WORDS.items()},
    **{f"{name}_forbidden": MORE % done for name, done in WORDS.items()},
    "release_required": "the stage cannot be released",
    "release_forbidden": "the stage must be released",
}
"""Families of rows, and what it means that one of them fails."""
NOISE = 1e-6
SECONDS = 60.0


def failing_pins(instance: Instance, data: Data, model: Any, compiled: Any) -> list[str]:
    """Lines on the pins that keep an instance from having a plan; none where there is no plan without them either.

    Together they fail by as little as they can, each counted as a part of what it asks for.
    """
    pins = {p.pin: p for p in data.pins.all}
    rows, names, families = [], [], []
    for family in FAMILIES:
        if family in compiled.families:
            numbers = compiled.by_index(family, np.arange(compiled.rows, dtype=np.float64))
            for row, (pin, _) in zip(numbers, getattr(model, f"{family}_pins"), strict=True):
                if not np.isnan(row):
                    rows.append(int(row))
                    names.append(pin)
                    families.append(family)
    if not rows:
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
    units = instance.settings.units
    unit = units.money if pin.decision == "draw" else units.quantity
    limit = (pin.at_least if "required" in family else pin.at_most) * pin.unit
    said = FAMILIES[family].format(f"{amount:,.6g} {unit}", f"{limit:,.6g} {unit}")
    return f"  pin {pin.pin} cannot be kept: {said}"
