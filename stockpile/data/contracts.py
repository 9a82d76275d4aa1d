"""Contracts, their rates, prices and bands as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.purchasing import Purchasing
from stockpile.data.scale import Scale
from stockpile.instance import Instance
from stockpile.instance.commencement import awaited_stages, begun_before
from stockpile.instance.indexes import index_values

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Band = tuple[str, int]
Call = tuple[str, int, str]


@dataclass(frozen=True)
class Contracts:
    """Per contract (C), band (B) and node (N).

    A band is a range of periods since a contract began in which it has one price: ``first`` up to before ``after``, (B,).
    A contract whose price index is read when it begins has a band for each period, any other has one; it is named by its first period.
    ``least`` and ``most`` (C, N) are what can be called at a node, 0 where nothing can; ``price`` (B, N) is that of a call.
    ``source_of`` names the source, ``lead`` (C,) is its lead time, ``duration`` (C,) that of the contract; ``open`` (C, N) is 1 where a contract may be signed.
    ``ages`` are the periods since the signing of those signed before the horizon, ``began`` those since they began, where they have.
    ``awaited`` names the stage whose milestone lets a contract begin that waits for a project.
    """

    names: tuple[str, ...]
    source_of: dict[str, str]
    lead: Ints
    duration: Ints
    open: Floats
    premium: Floats
    ages: dict[str, int]
    began: dict[str, int]
    awaited: dict[str, tuple[str, int]]
    least: Floats
    most: Floats
    bands: tuple[Band, ...]
    first: Ints
    after: Ints
    price: Floats

    @property
    def calls(self) -> tuple[Call, ...]:
        """What can be called in every band: of the least rate of its contract, and more, where there is any."""
        least, more = self.least.max(axis=1) > 0, (self.most - self.least).max(axis=1) > 0
        parts = {
            c: (*["least"] * bool(has), *["more"] * bool(up))
            for c, has, up in zip(self.names, least, more, strict=True)
        }
        return tuple((c, b, part) for c, b in self.bands for part in parts[c])

    @property
    def rate_of_calls(self) -> Floats:
        """(calls, N) the most of each."""
        row = self.rows([c for c, _, _ in self.calls])
        least = np.array([part == "least" for _, _, part in self.calls], dtype=bool)[:, None]
        return np.where(least, self.least[row], (self.most - self.least)[row])

    @property
    def price_now(self) -> Floats:
        """(C, N) the price of what is called at a node under a contract signed there."""
        return self.price[[self.bands.index((c, 0)) for c in self.names]]

    def rows(self, names: Any) -> Ints:
        """Row of each of some contracts."""
        place = {c: i for i, c in enumerate(self.names)}
        return np.array([place[c] for c in names], dtype=np.int64)

    def begun_before(self, past: int) -> Floats:
        """(C, P) 1 in the past from the period on in which a contract began; the last of the past is the one before the start."""
        since = np.zeros((len(self.names), past))
        for name, age in self.began.items():
            since[self.names.index(name), past - age :] = 1.0
        return since

    def signed_before(self, past: int) -> tuple[Floats, Floats]:
        """(C, P) 1 in the past period of signing, and from it on; the last of the past is the one before the start."""
        at, since = np.zeros((len(self.names), past)), np.zeros((len(self.names), past))
        for row, name in enumerate(self.names):
            if name in self.ages:
                at[row, past - self.ages[name]] = 1.0
                since[row, past - self.ages[name] :] = 1.0
        return at, since


def oldest_contract(instance: Instance) -> int:
    """The most periods since a signing before the horizon, 0 where there is none."""
    return int(max(instance.view("opening_contracts")["age"], default=0))


def make_contracts(instance: Instance, nodes: Nodes, scale: Scale, purchasing: Purchasing) -> Contracts:
    """Arrays of the contracts."""
    view, opening = instance.view("contracts"), instance.view("opening_contracts")
    names = tuple(str(c) for c in view["contract"])
    source_of = dict(zip(names, (str(k) for k in view["source"]), strict=True))
    row = np.array([purchasing.sources.index(source_of[c]) for c in names], dtype=np.int64)
    goods = [str(g) for g in instance.view("goods")["good"]]
    unit = scale.good[[goods.index(purchasing.good_of[source_of[c]]) for c in names]]
    ages = {str(c): int(age) for c, age in zip(opening["contract"], opening["age"], strict=True)}
    agreed = dict(zip(opening["contract"], opening["price"].to_numpy(dtype=float), strict=True))
    lead = purchasing.lead[row]
    calls = _callable(instance, nodes, lead, row)
    duration = view["duration"].to_numpy(dtype=float).astype(np.int64)
    prices = np.array([contract_price(instance, terms) for terms in instance.records("contracts")])
    prices = nodes.spread(prices.reshape(len(names), instance.columns))
    window = (nodes.period >= view["sign_from"].to_numpy()[:, None]) & (
        nodes.period < view["sign_until"].to_numpy()[:, None]
    )
    began, awaited = begun_before(instance), awaited_stages(instance)
    reach = np.where(np.isin(names, list(awaited)), nodes.period.max() + 1, duration)
    may_sign = window & _some_call(nodes, calls, reach) & ~np.isin(names, list(ages))[:, None]
    bands: list[Band] = []
    first: list[int] = []
    after: list[int] = []
    price: list[Floats] = []
    fixed = (view["price_fixed"] == "start").to_numpy() & view["index_kind"].notna().to_numpy()
    for i, name in enumerate(names):
        if fixed[i] and name in began:
            prices[i] = agreed[name]
        own = [prices[i]]
        if fixed[i] and name not in began:
            own = [_at_signing(nodes, prices[i], age) for age in range(min(duration[i], nodes.period.max() + 1))]
        bands += [(name, age) for age in range(len(own))]
        first += range(len(own))
        after += [int(duration[i])] if len(own) == 1 else [age + 1 for age in range(len(own))]
        price += [p * unit[i] / scale.money for p in own]
    columns = (view[c].to_numpy(dtype=float)[:, None] / unit[:, None] for c in ("min_rate", "max_rate"))
    least, most = (rate * calls for rate in columns)
    return Contracts(
        names=names,
        source_of=source_of,
        lead=lead,
        duration=duration,
        open=may_sign.astype(float),
        premium=view["premium"].to_numpy(dtype=float) / scale.money,
        ages=ages,
        began=began,
        awaited=awaited,
        least=least,
        most=most,
        bands=tuple(bands),
        first=np.array(first, dtype=np.int64),
        after=np.array(after, dtype=np.int64),
        price=np.nan_to_num(np.array(price).reshape(len(bands), len(nodes.horizon))),
    )


def contract_price(instance: Instance, terms: dict[Any, Any]) -> Floats:
    """(columns,) price of a unit by the index of every period and scenario, money per quantity; NaN where the index has no value.

    What is added to the index and the index itself are bounded by the floor, and by the ceiling but for the share above it.
    """
    raw = np.full(instance.columns, float(terms["price"]))
    if isinstance(terms["index_kind"], str):
        raw = raw + float(terms["index_factor"]) * index_values(instance, terms["index_kind"], terms["index"])
    ceiling = float(terms["ceiling"]) if terms["ceiling"] == terms["ceiling"] else np.inf
    above = np.maximum(raw - ceiling, 0.0)
    price: Floats = np.maximum(np.minimum(raw, ceiling), float(terms["floor"])) + float(terms["upside_share"]) * above
    return price


def _callable(instance: Instance, nodes: Nodes, lead: Ints, source: Ints) -> Floats:
    """(C, N) 1 where something may be called: the source is qualified, and it arrives within the horizon."""
    view = instance.view("sources")
    start, until = (view[c].to_numpy(dtype=float)[source, None] for c in ("qualified_from", "until"))
    inside = nodes.period + lead[:, None] < len(instance.calendar.labels)
    return np.asarray((nodes.period >= start) & (nodes.period < until) & inside, dtype=np.float64)


def _at_signing(nodes: Nodes, price: Floats, age: int) -> Floats:
    """(N,) the price of the node that many periods back; 0 before the start."""
    back = nodes.tree.ancestor(age)
    return np.where(back >= 0, price[np.maximum(back, 0)], 0.0)


def _some_call(nodes: Nodes, calls: Floats, duration: Ints) -> npt.NDArray[np.bool_]:
    """(C, N) whether something can be called under a contract signed at a node, on some path."""
    found = np.zeros(calls.shape, dtype=bool)
    for age in range(min(int(duration.max(initial=0)), int(nodes.period.max()) + 1)):
        back = nodes.tree.ancestor(age)
        inside = back >= 0
        for row in np.flatnonzero(duration > age):
            np.logical_or.at(found[row], back[inside], calls[row, inside] > 0)
    return found
