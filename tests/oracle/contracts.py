"""Contracts in the oracle: once it is known when each is signed, its calls are plain purchases between two rates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, Source, number, text
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Signed = dict[str, int]


@dataclass(frozen=True)
class Deal:
    """A contract as the oracle sees it; ``begun`` is the (negative) period of signing and the price agreed, if it is past."""

    name: str
    row: Row
    source: Source
    index: list[float]
    begun: tuple[int, float] | None

    @property
    def duration(self) -> int:
        """Periods in which something may be called."""
        return round(number(self.row["duration"]))

    def price(self, called: int, signed: int, known: int | None = None) -> float:
        """Price of what is called in a period, once it was signed in another; as it is known in a third."""
        if text(self.row["index_kind"]) is None:
            return self._bounded(0.0)
        if text(self.row["price_fixed"]) == "start":
            return self.begun[1] if self.begun is not None else self._bounded(self.index[signed])
        return self._bounded(self.index[called if known is None else min(called, known)])

    def _bounded(self, index: float) -> float:
        price = float(self.row["price"]) + float(self.row["index_factor"]) * index
        ceiling = number(self.row["ceiling"])
        if price > ceiling:
            price = ceiling + float(self.row["upside_share"]) * (price - ceiling)
        return max(price, float(self.row["floor"]))

    def calls(self, signed: int, periods: int) -> list[int]:
        """The periods in which something can be called so that it arrives."""
        last = min(signed + self.duration, self.source.until, periods - self.source.lead)
        return list(range(max(signed, self.source.first, 0), last))


def deals_of(facts: Facts) -> list[Deal]:
    """All contracts."""
    opening = {
        str(r["contract"]): (-round(number(r["age"])), number(r["price"])) for r in facts.rows("opening_contracts")
    }
    sources = {s.name: s for s in facts.sources}
    return [
        Deal(str(r["contract"]), r, sources[str(r["source"])], _index(facts, r), opening.get(str(r["contract"])))
        for r in facts.rows("contracts")
    ]


def _index(facts: Facts, row: Row) -> list[float]:
    """What the price of a contract follows, by period; nan where it has no value."""
    kind, name = text(row["index_kind"]), text(row["index"])
    if kind == "series":
        return facts.series("indices", "price", math.nan, math.nan, "index")[name,]
    if kind == "source":
        prices = next(s for s in facts.sources if s.name == name).steps[0][1]
        return [math.nan if p is None else p for p in prices]
    found = facts.series("markets", "price", math.nan, math.nan, "market", "step")
    return next((v for (market, step), v in found.items() if market == name and float(step) == 1), [])


def signings(facts: Facts) -> Iterator[Signed]:
    """Every way of signing the contracts that pins allow."""
    deals = deals_of(facts)
    ways = []
    for deal in deals:
        window = range(int(deal.row["sign_from"]), min(int(deal.row["sign_until"]), facts.periods))
        slots: list[int | None] = [n for n in window if deal.calls(n, facts.periods)]
        ways.append([None, *slots] if deal.begun is None else [deal.begun[0]])
    for picks in product(*ways):
        signed = {deal.name: n for deal, n in zip(deals, picks, strict=True) if n is not None}
        if _pins_hold(facts, signed):
            yield signed


def _pins_hold(facts: Facts, signed: Signed) -> bool:
    """Contracts that must be signed are, and those that may not be are not."""
    for pin in facts.rows("pins"):
        if pin["decision"] == "signing":
            inside = int(pin["from"]) <= signed.get(str(pin["name"]), -1) < int(pin["until"])
            if inside < number(pin["at_least"]) or inside > number(pin["at_most"]):
                return False
    return True


def add_contracts(builder: Builder) -> None:
    """What is called under the contracts that are signed, and what it costs."""
    for deal in deals_of(builder.facts):
        signed = builder.chosen.signed.get(deal.name)
        if signed is None:
            continue
        if signed >= 0:
            builder.spending["contracts"][signed].constant += float(deal.row["premium"])
        for n in deal.calls(signed, builder.facts.periods):
            _call(builder, deal, n, signed)
        if deal.begun is None and float(deal.row["min_rate"]) > 0:
            _answer_for(builder, deal, signed)


def _sums(builder: Builder) -> list[Sum]:
    """A sum for every period."""
    return [Sum() for _ in range(builder.facts.periods)]


def _call(builder: Builder, deal: Deal, n: int, signed: int) -> None:
    """One period: some is called, some is paid for without being taken."""
    source, least, most = deal.source, float(deal.row["min_rate"]), float(deal.row["max_rate"])
    call, untaken = builder.program.column(most), builder.program.column(least)
    builder.program.row(Sum().add(call).add(untaken), least)
    at, price = n + source.lead, deal.price(n, signed)
    share = source.arrive[at]
    builder.called.setdefault(source.name, _sums(builder))[n].add(call)
    builder.inflow[source.good][at].add(call, share)
    if source.store is not None:
        there = builder.delivered.setdefault((source.good, source.store), _sums(builder))
        there[at].add(call, share)
    builder.spending["contracts"][at].add(call, share * price).add(untaken, share * price)
    builder.spending["duties"][at].add(call, share * price * source.duty[at])


def _answer_for(builder: Builder, deal: Deal, signed: int) -> None:
    """Funds answer for parts of the least rate, pay them, and have promised what is not yet paid."""
    funds = [f for f in builder.facts.funds if "purchases" in f.uses]
    if all(f.committed == math.inf for f in funds):
        return
    periods, lead, least = builder.facts.periods, deal.source.lead, float(deal.row["min_rate"])
    whole = Sum(-1.0)
    for fund in funds:
        part = builder.program.column()
        whole.add(part)
        standing = builder.promises.standing.setdefault(fund.name, _sums(builder))
        for n in deal.calls(signed, periods):
            owed = deal.source.arrive[n + lead] * least * deal.price(n, signed)
            builder.answered.setdefault(fund.name, _sums(builder))[n + lead].add(part, owed)
            for known in range(signed, n + lead):
                standing[known].add(part, least * deal.price(n, signed, known))
    builder.program.zero(whole)
