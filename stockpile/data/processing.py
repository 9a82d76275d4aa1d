"""Processes, their recipes and capacity as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.data.financing import Financing
from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.series import series_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Blends:
    """Bounds on what goes into blends: ``keys`` (B) of process and attribute; ``value`` by process, attribute and good.

    ``least`` and ``most`` (B, N) are the bounds of the mean, NaN where there is none.
    """

    keys: tuple[Pair, ...]
    value: dict[tuple[str, str, str], float]
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Processing:
    """Per process (J) and node (N).

    ``takes`` and ``makes`` map process and good to amounts for a unit of run; ``free`` (process, good) to what a unit of a free
    input counts in units of run.  ``capacity`` (J, N) is that without projects,
    inf where there is none; ``most`` (J, N) the most that may be run at a node, with all that projects could add and 0 where
    what is made would arrive after the horizon.  ``raised`` are the processes that projects feed.  ``cost``, ``energy`` and
    ``emissions`` (J,) are those of a unit of run, the last two in the instance's units; ``set_up_cost`` and ``min_run``
    (J,) those of a period with a run, which is a decision of its own for the ``lumpy`` ones.  ``pairs`` are processes and
    those that must run with them.  ``open`` (J, N) is 1 where what a run makes arrives within the horizon, ``due`` (J, N) are the runs from before it whose outputs arrive at a node;
    ``store_of`` names the stores of processes.
    """

    names: tuple[str, ...]
    takes: dict[Pair, float]
    makes: dict[Pair, float]
    lead: Ints
    capacity: Floats
    most: Floats
    raised: tuple[str, ...]
    cost: Floats
    set_up_cost: Floats
    min_run: Floats
    energy: Floats
    emissions: Floats
    lumpy: tuple[str, ...]
    pairs: tuple[Pair, ...]
    open: Floats
    due: Floats
    store_of: dict[str, str]
    free: dict[Pair, float]
    blends: Blends

    def most_taken(self, good: str, nodes: int) -> Floats:
        """(N,) the most of a good that all processes together could take at a node; inf where nothing limits one."""
        most = np.zeros(nodes)
        for (process, taken), amount in self.takes.items():
            if taken == good:
                most += amount * self.most[self.names.index(process)]
        for (process, taken), each in self.free.items():
            if taken == good:
                most += self.most[self.names.index(process)] / each
        return most


def make_processing(instance: Instance, nodes: Nodes, scale: Scale, financing: Financing) -> Processing:
    """Arrays of the processing block."""
    view = instance.view("processes")
    names = tuple(str(j) for j in view["process"])
    unit = scale.run
    takes, makes, free = _recipes(instance, names, scale)
    lead = view["lead_time"].to_numpy(dtype=float).astype(np.int64)
    capacity = _capacity(instance, nodes, names, financing) / unit[:, None]
    gain = np.zeros(len(names))
    for effect in financing.effects:
        if effect.kind == "process":
            gain[names.index(effect.name)] += effect.increment * effect.steps
    productive = np.isin(list(names), [j for j, _ in makes])
    late = nodes.period[None, :] + np.where(productive, lead, 0)[:, None] > len(instance.calendar.labels) - 1
    use = instance.view("resource_use")
    set_up = set(use.loc[(use["kind"] == "process") & (use["per_order"] > 0), "name"])
    pairs = tuple((str(j), str(k)) for j, k in zip(names, view["runs_with"], strict=True) if isinstance(k, str))
    paired = {j for pair in pairs for j in pair}
    cost, least = view["set_up_cost"].to_numpy(dtype=float), view["min_run"].to_numpy(dtype=float)
    lumpy = (cost > 0) | (least > 0) | np.isin(list(names), list(set_up | paired))
    return Processing(
        names=names,
        takes=takes,
        makes=makes,
        lead=lead,
        capacity=capacity,
        most=np.where(late, 0.0, capacity + gain[:, None]),
        open=(~late).astype(np.float64),
        raised=tuple(dict.fromkeys(e.name for e in financing.effects if e.kind == "process")),
        cost=view["cost"].to_numpy(dtype=float) * unit / scale.money,
        set_up_cost=cost / scale.money,
        min_run=least / unit,
        energy=view["energy"].to_numpy(dtype=float) * unit,
        emissions=view["emissions"].to_numpy(dtype=float) * unit,
        lumpy=tuple(j for j, is_lumpy in zip(names, lumpy, strict=True) if is_lumpy),
        pairs=pairs,
        due=_due(instance, nodes, names) / unit[:, None],
        store_of=_stores(view),
        free=free,
        blends=_blends(instance, nodes, free),
    )


def _blends(instance: Instance, nodes: Nodes, free: dict[Pair, float]) -> Blends:
    """Bounds of blends, and the values of what may go in."""
    view = instance.view("attributes")
    known = dict(zip(zip(view["good"], view["attribute"], strict=True), view["value"].tolist(), strict=True))
    keys = tuple((str(j), str(a)) for j, a in instance.series("blend", "min", np.nan)[0])
    bounds = [nodes.spread(series_of(instance, "blend", name, keys, np.nan)) for name in ("min", "max")]
    value = {(j, a, g): float(known[g, a]) for j, a in keys for k, g in free if k == j}
    return Blends(keys, value, *bounds)


def _stores(view: pd.DataFrame) -> dict[str, str]:
    """The store of every process that names one."""
    return {str(j): str(w) for j, w in zip(view["process"], view["store"], strict=True) if isinstance(w, str)}


def _recipes(instance: Instance, names: tuple[str, ...], scale: Scale) -> tuple[dict[Pair, float], ...]:
    """What a unit of run takes and makes, and what a unit of a free input counts in it, by process and good."""
    goods = {str(g): float(s) for g, s in zip(instance.view("goods")["good"], scale.good, strict=True)}
    unit = dict(zip(names, scale.run.tolist(), strict=True))
    takes, makes, free = dict[Pair, float](), dict[Pair, float](), dict[Pair, float]()
    view = instance.view("recipes")
    for process, good, amount in zip(view["process"], view["good"], view["amount"].tolist(), strict=True):
        if amount != amount:
            free[str(process), str(good)] = goods[good] / unit[process]
        else:
            (makes if amount > 0 else takes)[str(process), str(good)] = abs(amount) * unit[process] / goods[good]
    return takes, makes, free


def _capacity(instance: Instance, nodes: Nodes, names: tuple[str, ...], financing: Financing) -> Floats:
    """(J, N) capacity without projects in the instance's quantity, inf where there is none."""
    limited = set(instance.view("capacity")["process"].astype(str)) | {
        e.name for e in financing.effects if e.kind == "process"
    }
    values = series_of(instance, "capacity", "capacity", [(j,) for j in names], 0.0)
    values = np.where(np.isnan(values), np.inf, values)
    values[[j not in limited for j in names]] = np.inf
    return nodes.spread(values)


def _due(instance: Instance, nodes: Nodes, names: tuple[str, ...]) -> Floats:
    """(J, N) runs from before the horizon, in the instance's quantity, where their outputs arrive."""
    view = instance.view("opening_runs")
    level = np.zeros((len(names), len(instance.calendar.labels)))
    row = {j: i for i, j in enumerate(names)}
    at = (np.array([row[str(j)] for j in view["process"]], dtype=np.int64), view["arrives"].to_numpy(dtype=np.int64))
    np.add.at(level, at, view["level"].to_numpy(dtype=float))
    return nodes.spread(level)
