"""Pins and policies that cannot be kept: which ones, and by how much they fail together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.data import Data
from stockpile.data.pins import MONEY, ONCE, Pin
from stockpile.instance.schema.policies import MEASURES
from stockpile.models.policies import family_of
from stockpile.solver.elastic import least_failure
from stockpile.solver.job import Options

if TYPE_CHECKING:
    from stockpile.instance import Instance

LESS, MORE = "{0} less can be %s than its {1}", "{0} more must be %s than its {1}"
WORDS = {
    "orders": "ordered",
    "service": "released to sectors",
    "substitution": "given instead of another good",
    "backlog": "left waiting",
    "shortfall": "left short",
    "sale": "sold",
    "exchange": "lent",
    "disposal": "thrown away",
    "stock": "kept",
    "transfer": "sent",
    "run": "run",
    "overtime": "worked in overtime",
    "draw": "drawn",
    "repayment": "repaid",
}
FAMILIES = {
    **{f"{name}_required": LESS % done for name, done in WORDS.items()},
    **{f"{name}_forbidden": MORE % done for name, done in WORDS.items()},
    "release_required": "the stage cannot be released",
    "release_forbidden": "the stage must be released",
    "abandonment_required": "the project cannot be abandoned",
    "abandonment_forbidden": "the project must be abandoned",
    "signing_required": "the contract cannot be signed",
    "signing_forbidden": "the contract must be signed",
}
"""Families of rows of pins, and what it means that one of them fails."""
NOISE = 1e-6
SECONDS = 60.0


@dataclass(frozen=True)
class Asking:
    """A row of a pin or policy: what it asks for, in its own units, of which ``unit`` makes one of the instance's.

    ``words`` say what it means that it fails, by an amount and with what it asks for.
    """

    row: int
    family: str
    who: str
    limit: float
    unit: float
    words: str
    measure: str


def failing(instance: Instance, data: Data, model: Any, compiled: Any) -> list[str]:
    """Lines on the pins and policies that keep an instance from having a plan; none where there is no plan without them.

    Together they fail by as little as they can, each counted as a part of what it asks for.  Of each that which fails most
    is told.
    """
    asking = asking_of(instance, data, model, compiled)
    if not asking:
        return []
    weight = 1.0 / np.maximum(np.array([abs(one.limit) for one in asking]), 1.0)
    rows = np.array([one.row for one in asking], np.int32)
    failure = least_failure(compiled, rows, weight, Options(gap=1e-3, time_limit=SECONDS))
    if failure is None:
        return []
    worst: dict[tuple[str, str], tuple[float, Asking]] = {}
    for one, amount in zip(asking, failure * np.array([one.unit for one in asking]), strict=True):
        if amount > worst.get((one.who, one.family), (NOISE, one))[0]:
            worst[one.who, one.family] = (float(amount), one)
    return [_line(amount, one) for amount, one in worst.values()]


def asking_of(instance: Instance, data: Data, model: Any, compiled: Any) -> list[Asking]:
    """The rows of pins, and those of policies that are kept."""
    return [*_pins(instance, data, model, compiled), *_policies(instance, data, model, compiled)]


def _line(amount: float, one: Asking) -> str:
    said = (f"{value:,.6g} {one.measure}".rstrip() for value in (amount, one.limit * one.unit))
    return f"  {one.who} cannot be kept: {one.words.format(*said)}"


def _rows(compiled: Any, family: str) -> list[float]:
    """The rows of a family in the order of its index, NaN for those that were dropped; none without the family."""
    if family not in compiled.families:
        return []
    return list(compiled.by_index(family, np.arange(compiled.rows, dtype=np.float64)))


def _pins(instance: Instance, data: Data, model: Any, compiled: Any) -> Iterator[Asking]:
    """Rows of pins."""
    pins = {p.pin: p for p in data.pins.all}
    for family, words in FAMILIES.items():
        for row, (name, _) in zip(_rows(compiled, family), getattr(model, f"{family}_pins", ()), strict=False):
            if not np.isnan(row):
                pin = pins[name]
                limit = pin.at_least if "required" in family else pin.at_most
                measure = _unit(instance, pin)
                yield Asking(int(row), family, f"pin {name}", limit, pin.unit, words, measure)


def _unit(instance: Instance, pin: Pin) -> str:
    """The unit in which a pin is given; none for decisions of yes and no."""
    if pin.decision in ONCE:
        return ""
    units, view = instance.settings.units, instance.view("resources")
    if pin.decision == "overtime":
        found = view.loc[view["resource"] == pin.name, "unit"].dropna()
        return str(found.iloc[0]) if len(found) else ""
    return units.money if pin.decision in MONEY else units.quantity


def _policies(instance: Instance, data: Data, model: Any, compiled: Any) -> Iterator[Asking]:
    """Rows of policies that are kept; what a share asks for depends on the plan, so that only the amount is told."""
    block, units = data.policies, instance.settings.units
    keys = zip(block.names, block.kinds, block.least, block.node, strict=True)
    place = {(a, k, bool(s), data.nodes.horizon[n]): i for i, (a, k, s, n) in enumerate(keys)}
    for kind in dict.fromkeys(block.kinds):
        for least in (True, False):
            family = family_of(kind, least)
            for row, (name, node) in zip(
                _rows(compiled, family), getattr(model, f"{family}_policies", ()), strict=False
            ):
                at = place[name, kind, least, node]
                if np.isnan(row) or block.soft[at]:
                    continue
                period = instance.calendar.labels[data.nodes.period[block.node[at]]]
                words = f"it is missed by {{0}} in {period}"
                if kind not in ("share", "origin-in-use"):
                    words = f"it is missed by {{0}}, {'below' if least else 'over'} its {{1}}, in {period}"
                measure = getattr(units, MEASURES[kind])
                yield Asking(
                    int(row),
                    family,
                    f"policy {name}",
                    float(block.limit_base[at]),
                    float(block.unit[at]),
                    words,
                    measure,
                )
