"""Resources that orders, deliveries, stages and processes share, as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale, power_of_two
from stockpile.data.series import series_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]
#: What a typical capacity is in model units.
TYPICAL = 32.0


@dataclass(frozen=True)
class Resources:
    """Per resource (R) and node (N): ``capacity`` (inf where without limit), ``overtime`` at most, and its ``price``.

    ``unit`` (R) is the amount of a resource in one unit of the model.  ``per_unit`` and ``per_order`` map the kind of use
    (order, delivery, process) to pairs of resource and source, or process, with what a unit of its good or run in the model, or
    an order or set-up, takes;
    ``over_stage`` maps resource, project and stage to what each period of the stage takes.
    """

    names: tuple[str, ...]
    unit: Floats
    capacity: Floats
    overtime: Floats
    price: Floats
    per_unit: dict[str, dict[Pair, float]]
    per_order: dict[str, dict[Pair, float]]
    over_stage: dict[tuple[str, str, int], float]

    @property
    def set_up(self) -> frozenset[str]:
        """Sources whose orders take something whatever their quantity."""
        kinds = ("order", "delivery")
        return frozenset(source for kind in kinds for _, source in self.per_order[kind])

    def most_ordered(self, sources: tuple[str, ...]) -> Floats:
        """(K, N) the most that may be ordered at a source by the resources that its own orders take."""
        most = np.full((len(sources), self.capacity.shape[1]), np.inf)
        place = {k: i for i, k in enumerate(sources)}
        there = self.capacity + self.overtime
        for (resource, source), each in self.per_unit["order"].items():
            row = self.names.index(resource)
            left = there[row] - self.per_order["order"].get((resource, source), 0.0)
            most[place[source]] = np.minimum(most[place[source]], np.maximum(left, 0.0) / each)
        return most


def make_resources(instance: Instance, nodes: Nodes, scale: Scale) -> Resources:
    """Arrays of the resources."""
    names = tuple(dict.fromkeys(str(r) for r in instance.view("resources")["resource"]))
    keys = [(r,) for r in names]
    series = {c: series_of(instance, "resources", c, keys, 0.0) for c in ("capacity", "overtime", "overtime_price")}
    unit = np.array([_typical(capacity) for capacity in series["capacity"]])
    capacity = np.where(np.isnan(series["capacity"]), np.inf, series["capacity"])
    size = dict(zip(names, unit, strict=True))
    goods = {str(g): float(s) for g, s in zip(instance.view("goods")["good"], scale.good, strict=True)}
    sources = instance.view("sources")
    good = {str(k): goods[str(g)] for k, g in zip(sources["source"], sources["good"], strict=True)}
    runs = {str(j): float(s) for j, s in zip(instance.view("processes")["process"], scale.run, strict=True)}
    per_unit: dict[str, dict[Pair, float]] = {kind: {} for kind in ("order", "delivery", "process")}
    per_order: dict[str, dict[Pair, float]] = {kind: {} for kind in per_unit}
    over_stage: dict[tuple[str, str, int], float] = {}
    use = instance.view("resource_use")
    columns = (use[c].tolist() for c in ("resource", "kind", "name", "stage", "per_unit", "per_order", "over_stage"))
    for resource, kind, name, stage, each, fixed, running in zip(*columns, strict=True):
        if kind == "stage":
            over_stage[resource, name, int(stage)] = running / size[resource]
            continue
        if each > 0:
            unit_of = runs[name] if kind == "process" else good[name]
            per_unit[kind][resource, name] = each * unit_of / size[resource]
        if fixed > 0:
            per_order[kind][resource, name] = fixed / size[resource]
    return Resources(
        names=names,
        unit=unit,
        capacity=nodes.spread(capacity) / unit[:, None],
        overtime=nodes.spread(series["overtime"]) / unit[:, None],
        price=nodes.spread(series["overtime_price"]) * (unit / scale.money)[:, None],
        per_unit=per_unit,
        per_order=per_order,
        over_stage=over_stage,
    )


def _typical(capacity: Floats) -> float:
    """What the unit of a resource in the model is, by its median capacity."""
    positive = capacity[np.isfinite(capacity) & (capacity > 0)]
    return power_of_two(float(np.median(positive)) / TYPICAL) if len(positive) else 1.0
