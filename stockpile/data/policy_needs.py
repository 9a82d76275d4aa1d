"""What policies may make an order worth beyond what its goods are used for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.selection import Record, offered, records_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
#: The most that such an order is, in model units: as far as a link of an order to its charge may go.
LARGEST = 1e5


@dataclass(frozen=True)
class Needs:
    """``kept`` is by good the stock (N,) that cover asks for, model units; ``records`` are those of the policies.

    ``asked`` (records,) is the quantity that a record asks for whatever else is bought, in the instance's unit.  ``unit`` is
    by good the instance's quantity in one unit of the model.
    """

    kept: dict[str, Floats]
    records: tuple[Record, ...]
    asked: Floats
    unit: dict[str, float]
    good_of: dict[str, str]

    def beyond_use(self, sources: tuple[str, ...], used: Floats, forced: Floats) -> Floats:
        """(K,) the most that may arrive at once of a source beyond what its good is used for, so that a policy holds.

        ``used`` (G,) is what is used of every good over the horizon, ``forced`` (K,) what orders are made larger by than
        that, model units.  With a least share phi, what counts is at most phi / (1 - phi) of the rest, which nobody buys
        more of than that; with a greatest share the rest is at most (1 - phi) / phi of what counts.  Where several
        shares meet in a good, one order may make others worth while without end: cut as a link should be.
        """
        beyond = np.zeros(len(sources))
        place = {k: i for i, k in enumerate(sources)}
        size = np.array([self.unit[self.good_of[k]] for k in sources])
        amounts = dict(zip(self.unit, used * np.array(list(self.unit.values())), strict=True))
        lifting: dict[str, set[str]] = {}
        for record in self.records:
            if record.kind == "share":
                for good in record.goods:
                    lifting.setdefault(good, set()).add(record.policy)
        more = float(self.asked.sum())
        for record, asked in zip(self.records, self.asked, strict=True):
            mine = np.array([place[k] for k in record.part], dtype=np.int64)
            if record.kind in ("spending", "budget-use") and record.at_least > 0:
                beyond[:] = np.inf
            beyond[mine] += asked / size[mine]
            if record.kind != "share":
                continue
            rest = np.array([place[k] for k in record.whole if k not in record.part], dtype=np.int64)
            both = np.concatenate([mine, rest])
            whole = sum(amounts[g] for g in record.goods) + float((forced * size)[both].sum()) + more
            if any(len(lifting[g]) > 1 for g in record.goods):
                whole = np.inf
            for members, share in ((mine, record.at_least), (rest, 1.0 - record.at_most)):
                if 0.0 < share < 1.0:
                    beyond[members] += share / (1.0 - share) * whole / size[members]
        return np.minimum(beyond, LARGEST)


def make_needs(instance: Instance, nodes: Nodes, scale: Scale) -> Needs:
    """What policies ask for."""
    goods = [str(g) for g in instance.view("goods")["good"]]
    unit = {g: float(s) for g, s in zip(goods, scale.good, strict=True)}
    sources = instance.view("sources")
    records = records_of(instance)
    kept: dict[str, Floats] = {}
    for record in records:
        if record.kind == "cover" and record.at_least > 0:
            inside = (nodes.period >= record.begin) & (nodes.period < record.end)
            amount = np.where(inside, nodes.spread(record.at_least / 365.25 * wanted_yearly(instance, record)), 0.0)
            for good in record.goods:
                kept[good] = np.maximum(kept.get(good, 0.0), amount / unit[good])
    asked = [_asked(instance, record) for record in records]
    good_of = {str(k): str(g) for k, g in zip(sources["source"], sources["good"], strict=True)}
    return Needs(kept, records, np.array(asked, dtype=np.float64), unit, good_of)


def _asked(instance: Instance, record: Record) -> float:
    """The quantity that a record asks for over one of its windows, whatever else is bought."""
    if not record.at_least > 0:
        return 0.0
    if record.kind == "deliveries":
        return record.at_least
    if record.kind == "market-share":
        there = offered(instance, record).reshape(-1, instance.calendar.periods)[:, record.begin : record.end]
        return float(record.at_least * np.where(np.isfinite(there), there, 0.0).sum(axis=1).max())
    return 0.0


def wanted_yearly(instance: Instance, record: Record) -> Floats:
    """(T,) the yearly demand of the goods of a record, of its sector or of all."""
    keys, values = instance.series("demand", "quantity", 0.0)
    wanted = [
        row
        for (sector, good), row in zip(keys, values, strict=True)
        if good in record.goods and record.sector in (None, sector)
    ]
    total = np.sum(wanted, axis=0) if wanted else np.zeros(instance.columns)
    return np.asarray(total / instance.calendar.length)
