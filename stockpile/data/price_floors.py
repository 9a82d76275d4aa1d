"""Price floors as arrays in model units: what covers which step of which effect, and what a unit costs and brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.financing import Financing
from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Part = tuple[int, int, int]


@dataclass(frozen=True)
class PriceFloors:
    """Per row of the table (Y): its number, project, source and fund; ``full`` is what it covers at the full output.

    ``parts`` maps (row, effect, periods since the effect's milestone) to what is covered more from then on, in model units
    of the good; negative where the term ends.  ``inside`` (Y, N) is 1 where a row is in force; there ``market_price``
    (Y, N) is the price of a unit in model money, ``pays`` and ``gets`` (Y, N) what the fund pays and gets for one.
    """

    numbers: tuple[int, ...]
    projects: tuple[str, ...]
    sources: tuple[str, ...]
    funds: tuple[str, ...]
    parts: dict[Part, float]
    full: Floats
    inside: Floats
    market_price: Floats
    pays: Floats
    gets: Floats


def make_price_floors(instance: Instance, nodes: Nodes, scale: Scale, financing: Financing) -> PriceFloors:
    """Arrays of the table of price floors; empty where there is none."""
    view = instance.view("price_floors")
    names = {c: tuple(str(name) for name in view[c]) for c in ("project", "source", "fund", "index")}
    goods = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
    sources = instance.view("sources")
    good_of = dict(zip(sources["source"], sources["good"], strict=True))
    unit = np.array([scale.good[goods[good_of[k]]] for k in names["source"]], dtype=float)[:, None] / scale.money
    market = np.array([instance.market_price(k) for k in names["index"]])
    market = nodes.spread(market.reshape(len(view), instance.columns))
    floor, strike, upside = (view[c].to_numpy(dtype=float)[:, None] for c in ("floor", "strike", "upside_share"))
    begin, end = (at[:, None] for at in instance.spans("price_floors"))
    strike = np.where(np.isnan(strike), floor, strike)
    inside = ((nodes.period >= begin) & (nodes.period < end)).astype(float)
    market = np.where(inside > 0, market, floor)
    parts = _parts(instance, financing)
    full = np.zeros(len(view))
    for (y, _, _), more in parts.items():
        full[y - 1] += max(more, 0.0)
    return PriceFloors(
        numbers=tuple(range(1, len(view) + 1)),
        projects=names["project"],
        sources=names["source"],
        funds=names["fund"],
        parts=parts,
        full=full,
        inside=inside,
        market_price=market * unit,
        pays=np.maximum(floor - market, 0.0) * unit,
        gets=upside * np.maximum(market - strike, 0.0) * unit,
    )


def _parts(instance: Instance, financing: Financing) -> dict[Part, float]:
    """What each row covers of the effects of its project: the steps of their ramps until the term ends."""
    view = instance.view("price_floors")
    parts: dict[Part, float] = {}
    columns = (view[c].tolist() for c in ("project", "source", "share", "term"))
    for y, (project, source, share, term) in enumerate(zip(*columns, strict=True), start=1):
        for effect in financing.effects:
            if (effect.project, effect.kind, effect.name) == (project, "supply", source):
                steps = effect.steps if term != term else min(effect.steps, int(term))
                parts |= {(y, effect.number, r): share * effect.increment for r in range(steps)}
                if term == term:
                    parts[y, effect.number, int(term)] = -share * effect.increment * steps
    return parts
