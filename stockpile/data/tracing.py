"""Traced goods: classes of origin as far as rules tell them apart, and who must be served of which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.data.batches import Batches, Chain, Class, Classes, make_batches, opening_runs
from stockpile.data.demand import Demand
from stockpile.data.nodes import Nodes
from stockpile.data.origins import Mark, Marker, Marks, accepted_groups, label_of, marks_by_good
from stockpile.data.processing import Processing
from stockpile.data.purchasing import Purchasing
from stockpile.data.scale import Scale
from stockpile.data.selection import records_of
from stockpile.data.stock import Stock
from stockpile.instance import Instance
from stockpile.instance.provenance import linked_goods, links_of, traced_goods

Floats = npt.NDArray[np.float64]
#: Blocks that bring goods.
Bringing = tuple[Stock, Demand, Purchasing, Processing]


@dataclass(frozen=True)
class Tracing:
    """``classes`` (C,) of the traced ``goods``, with the ``marks`` that each bears; goods whose origins no rule tells apart have none.

    ``sources`` and ``makers`` are the class of what every source, and every process of a good that passes no origin on, brings;
    ``linked`` are the goods that processes pass on in ``batches``.  ``fresh`` (C,),
    ``opening`` (C,), ``past`` (C, P) and ``unexpired`` (C,) are the opening stock as in ``Stock``; ``due`` (C, N) is what
    arrives whatever is decided.  ``uses`` are (sector, good, class) that a rule allows or counts, ``users`` their sectors
    and goods; ``market_due`` (C, N) is what the market ordered before the horizon.
    """

    goods: tuple[str, ...]
    classes: tuple[Class, ...]
    marks: tuple[Marks, ...]
    sources: dict[str, Class]
    makers: dict[tuple[str, str], Class]
    linked: frozenset[str]
    batches: Batches
    fresh: Floats
    opening: Floats
    past: Floats
    unexpired: Floats
    due: Floats
    market_due: Floats
    users: tuple[tuple[str, str], ...]
    uses: tuple[tuple[str, str, int], ...]

    def of(self, good: str) -> list[Class]:
        """The classes of a good."""
        return [c for c in self.classes if c[0] == good]

    def label(self, at: int) -> str:
        """The name of a class: the marks that it bears."""
        return label_of(self.marks[at])


def make_tracing(instance: Instance, nodes: Nodes, scale: Scale, blocks: Bringing) -> Tracing:
    """Classes of the traced goods that some rule follows into use."""
    stock, demand, purchasing, processing = blocks
    links = links_of(instance)
    takers = {g: _takers(demand, g) for g in traced_goods(instance)}
    marks = marks_by_good(instance, takers, links)
    goods = tuple(g for g, found in marks.items() if found)
    marker, classes = Marker(instance), Classes()
    places = dict(zip(instance.view("processes")["process"], instance.view("processes")["origin"], strict=True))
    sources: dict[str, Class] = {}
    for row in instance.records("sources"):
        if row["good"] in goods:
            bears = marker.of(marks[row["good"]], row["origin"], row["mined_in"])
            sources[str(row["source"])] = classes.add(str(row["good"]), bears)
    makers = {
        (j, g): classes.add(g, marker.of(marks[g], places[j], None))
        for j, g in processing.makes
        if g in goods and g not in (links[j].makes if j in links else ())
    }
    before = {
        name: _marked(instance, name, goods, marks, (marker, classes)) for name in ("opening_stock", "opening_lent")
    }
    chain = Chain(links, places, marks, marker)
    running = opening_runs(instance, nodes, chain, classes, processing, scale.run)
    for good in goods:
        classes.add(good, frozenset())
    batches = make_batches(chain, classes)
    place = {c: i for i, c in enumerate(classes.found)}
    due, market_due = (np.zeros((len(place), len(nodes.horizon))) for _ in range(2))
    for k, c in sources.items():
        arriving = market_due if k in purchasing.market_paid else due
        arriving[place[c]] += purchasing.due[purchasing.sources.index(k)]
    for (j, g), c in makers.items():
        due[place[c]] += processing.makes[j, g] * processing.due[processing.names.index(j)]
    for c, amount in running:
        due[place[c]] += amount
    for row, c in before["opening_lent"]:
        back = float(row["quantity"]) / float(scale.good[stock.goods.index(c[0])])
        due[place[c]] += np.where(nodes.period == int(row["due"]), back, 0.0)
    users, uses = _uses(instance, {g: takers[g] for g in goods}, classes.found)
    return Tracing(
        goods=goods,
        classes=tuple(classes.found),
        marks=tuple(classes.found.values()),
        sources=sources,
        makers=makers,
        linked=linked_goods(links),
        batches=batches,
        **_opening(before["opening_stock"], place, nodes, (stock, scale)),
        due=due,
        market_due=market_due,
        users=users,
        uses=uses,
    )


def _marked(
    instance: Instance,
    table: str,
    goods: tuple[str, ...],
    marks: dict[str, tuple[Mark, ...]],
    makers: tuple[Marker, Classes],
) -> list[tuple[dict[Any, Any], Class]]:
    """The rows of a table about traced goods, each with its class."""
    rows = [row for row in instance.records(table) if row["good"] in goods]
    return [
        (row, makers[1].add(row["good"], makers[0].of(marks[row["good"]], row["origin"], row["mined_in"])))
        for row in rows
    ]


def _takers(demand: Demand, good: str) -> list[str]:
    """Sectors that want a good, or take it instead of another."""
    wants = [e for e, g in demand.pairs if g == good] + [e for e, _, h in demand.accepts if h == good]
    return list(dict.fromkeys(wants))


def _uses(
    instance: Instance, takers: dict[str, list[str]], classes: dict[Class, Marks]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, int], ...]]:
    """Sectors and goods that some rule is about, and the classes that they may get: all, or those of the group that they accept."""
    groups = accepted_groups(instance)
    records = [r for r in records_of(instance) if r.kind == "origin-in-use"]
    users, uses = [], []
    for good, sectors in takers.items():
        for sector in sectors:
            told = any(good in r.goods and r.sector in (None, sector) for r in records)
            if not told and sector not in groups:
                continue
            users.append((sector, good))
            for (g, number), marks in classes.items():
                if g == good and (sector not in groups or Mark(None, groups[sector], "processed") in marks):
                    uses.append((sector, good, number))
    return tuple(users), tuple(uses)


def _opening(
    rows: list[tuple[dict[Any, Any], Class]], place: dict[Class, int], nodes: Nodes, blocks: tuple[Stock, Scale]
) -> dict[str, Floats]:
    """Opening stock by class: that of age 0, what is older, when it arrived, and what of it may still stay."""
    stock, scale = blocks
    fresh, opening, unexpired = (np.zeros(len(place)) for _ in range(3))
    past = np.zeros((len(place), len(nodes.past)))
    for row, c in rows:
        g = stock.goods.index(c[0])
        age = int(row["age"]) if row["age"] == row["age"] else 0
        amount = float(row["quantity"]) / float(scale.good[g])
        if age == 0:
            fresh[place[c]] += amount
            continue
        opening[place[c]] += amount
        if stock.life[g] > 0:
            unexpired[place[c]] += amount
            past[place[c], len(nodes.past) - age] += amount / float(stock.keep[g]) ** (age - 1)
    return {"fresh": fresh, "opening": opening, "past": past, "unexpired": unexpired}
