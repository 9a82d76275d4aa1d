"""Traced goods: classes of origin as far as rules tell them apart, and who must be served of which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.data.demand import Demand
from stockpile.data.nodes import Nodes
from stockpile.data.processing import Processing
from stockpile.data.purchasing import Purchasing
from stockpile.data.scale import Scale
from stockpile.data.selection import Record, records_of
from stockpile.data.stock import Stock
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
#: What a rule tells apart: an origin, a group of origins (one of them may be None), and whether where goods were mined counts.
Mark = tuple[str | None, str | None, bool]
#: A good and the number of its class.
Class = tuple[str, int]
#: Blocks that bring goods.
Bringing = tuple[Stock, Demand, Purchasing, Processing]


@dataclass(frozen=True)
class Tracing:
    """``classes`` (C,) of the traced ``goods``, with the ``marks`` that each bears; goods whose origins no rule tells apart have none.

    ``sources`` and ``makers`` are the class of what every source, and every process of a good, brings.  ``fresh`` (C,),
    ``opening`` (C,), ``past`` (C, P) and ``unexpired`` (C,) are the opening stock as in ``Stock``; ``due`` (C, N) is what
    arrives whatever is decided.  ``uses`` are (sector, good, class) that a rule allows or counts, ``users`` their sectors
    and goods; ``market_due`` (C, N) is what the market ordered before the horizon.
    """

    goods: tuple[str, ...]
    classes: tuple[Class, ...]
    marks: tuple[frozenset[Mark], ...]
    sources: dict[str, Class]
    makers: dict[tuple[str, str], Class]
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


def label_of(marks: frozenset[Mark]) -> str:
    """The marks of a class in words; ``other`` where it bears none."""
    words = [f"{group or origin}{' (mined)' if mined else ''}" for origin, group, mined in marks]
    return " + ".join(sorted(words)) or "other"


class _Marker:
    """Tells which marks goods bear by where they were processed and mined."""

    def __init__(self, instance: Instance) -> None:
        view = instance.view("origins")
        self.pairs = set(zip(view["origin"], view["group"], strict=True))

    def bears(self, mark: Mark, origin: Any, mined_in: Any) -> bool:
        """Whether a good of that origin and mine bears a mark."""
        name, group, mined = mark
        place = mined_in if mined else origin
        return name in (None, place) and (group is None or (place, group) in self.pairs)

    def of(self, marks: list[Mark], origin: Any, mined_in: Any) -> frozenset[Mark]:
        """The marks that it bears."""
        return frozenset(mark for mark in marks if self.bears(mark, origin, mined_in))


def mark_of(record: Record) -> Mark:
    """What a policy on origins in use tells apart."""
    return record.origin, record.group, record.mined


def traced_goods(instance: Instance) -> tuple[str, ...]:
    """Goods whose stock is told apart by origin."""
    view = instance.view("goods")
    return tuple(str(g) for g, traced in zip(view["good"], view["trace"], strict=True) if traced is True)


def accepted_groups(instance: Instance) -> dict[str, str]:
    """By sector the group of origins that it accepts, where it does not accept all."""
    view = instance.view("sectors")
    pairs = zip(view["sector"], view["accepted_origins"], strict=True)
    return {str(e): group for e, group in pairs if isinstance(group, str)}


def marks_of(instance: Instance, good: str, sectors: set[str]) -> list[Mark]:
    """What rules tell apart of a good that some sectors take."""
    found: dict[Mark, None] = {}
    for record in records_of(instance):
        if record.kind == "origin-in-use" and good in record.goods:
            found[mark_of(record)] = None
    for sector, group in accepted_groups(instance).items():
        if sector in sectors:
            found[None, group, False] = None
    return list(found)


def make_tracing(instance: Instance, nodes: Nodes, scale: Scale, blocks: Bringing) -> Tracing:
    """Classes of the traced goods that some rule follows into use."""
    stock, demand, purchasing, processing = blocks
    takers = {g: _takers(demand, g) for g in traced_goods(instance)}
    marks = {g: marks_of(instance, g, set(sectors)) for g, sectors in takers.items()}
    goods = tuple(g for g, found in marks.items() if found)
    marker, maker = _Marker(instance), _Classes()
    sources: dict[str, Class] = {}
    for row in instance.records("sources"):
        if row["good"] in goods:
            bears = marker.of(marks[row["good"]], row["origin"], row["mined_in"])
            sources[str(row["source"])] = maker.add(str(row["good"]), bears)
    places = dict(zip(instance.view("processes")["process"], instance.view("processes")["origin"], strict=True))
    makers = {(j, g): maker.add(g, marker.of(marks[g], places[j], None)) for j, g in processing.makes if g in goods}
    before = {
        name: _marked(instance, name, goods, marks, (marker, maker)) for name in ("opening_stock", "opening_lent")
    }
    for good in goods:
        maker.add(good, frozenset())
    place = {c: i for i, c in enumerate(maker.found)}
    due, market_due = (np.zeros((len(place), len(nodes.horizon))) for _ in range(2))
    for k, c in sources.items():
        arriving = market_due if k in purchasing.market_paid else due
        arriving[place[c]] += purchasing.due[purchasing.sources.index(k)]
    for (j, g), c in makers.items():
        due[place[c]] += processing.makes[j, g] * processing.due[processing.names.index(j)]
    for row, c in before["opening_lent"]:
        back = float(row["quantity"]) / float(scale.good[stock.goods.index(c[0])])
        due[place[c]] += np.where(nodes.period == int(row["due"]), back, 0.0)
    users, uses = _uses(instance, {g: takers[g] for g in goods}, maker.found)
    return Tracing(
        goods=goods,
        classes=tuple(maker.found),
        marks=tuple(maker.found.values()),
        sources=sources,
        makers=makers,
        **_opening(before["opening_stock"], place, nodes, (stock, scale)),
        due=due,
        market_due=market_due,
        users=users,
        uses=uses,
    )


class _Classes:
    """Classes in the order in which they are met, with their marks."""

    def __init__(self) -> None:
        self.found: dict[Class, frozenset[Mark]] = {}

    def add(self, good: str, marks: frozenset[Mark]) -> Class:
        """The class of a good that bears some marks."""
        mine = [c for c in self.found if c[0] == good]
        for known in mine:
            if self.found[known] == marks:
                return known
        self.found[good, len(mine) + 1] = marks
        return good, len(mine) + 1


def _marked(
    instance: Instance,
    table: str,
    goods: tuple[str, ...],
    marks: dict[str, list[Mark]],
    makers: tuple[_Marker, _Classes],
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
    instance: Instance, takers: dict[str, list[str]], classes: dict[Class, frozenset[Mark]]
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
                if g == good and (sector not in groups or (None, groups[sector], False) in marks):
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
