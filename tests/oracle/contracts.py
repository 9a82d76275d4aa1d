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

    def price(self, called: int, begun: int, known: int | None = None) -> float:
        """Price of what is called in a period, once it has begun in another; as it is known in a third."""
        if text(self.row["index_kind"]) is None:
            return self._bounded(0.0)
        if text(self.row["price_fixed"]) == "start":
            return self.begun[1] if self.begun is not None and begun < 0 else self._bounded(self.index[begun])
        return self._bounded(self.index[called if known is None else min(called, known)])

    def _bounded(self, index: float) -> float:
        price = float(self.row["price"]) + float(self.row["index_factor"]) * index
        ceiling = number(self.row["ceiling"])
        if price > ceiling:
            price = ceiling + float(self.row["upside_share"]) * (price - ceiling)
        return max(price, float(self.row["floor"]))

    @property
    def project(self) -> str | None:
        """The project whose commissioning it waits for."""
        return text(self.row["project"])

    def calls(self, begun: int, periods: int, duration: int | None = None) -> list[int]:
        """The periods in which something can be called so that it arrives, once it has begun."""
        last = min(begun + (self.duration if duration is None else duration), self.source.until)
        return list(range(max(begun, self.source.first, 0), min(last, periods - self.source.lead)))


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
        lasting = facts.periods if deal.project else None
        slots: list[int | None] = [n for n in window if deal.calls(n, facts.periods, lasting)]
        ways.append([None, *slots] if deal.begun is None else [deal.begun[0]])
    for picks in product(*ways):
        signed = {deal.name: n for deal, n in zip(deals, picks, strict=True) if n is not None}
        if _pins_hold(facts, signed):
            yield signed


def beginning(
    facts: Facts, deal: Deal, signed: Signed, released: dict[tuple[str, int], int], abandoned: dict[str, int]
) -> int | None:
    """The period in which a contract begins: as it is signed, or when its project is commissioned, too; None: never."""
    at = signed.get(deal.name)
    if at is None or deal.project is None:
        return at
    project = next(p for p in facts.projects if p.name == deal.project)
    last = project.stages[-1]
    if (project.name, last.number) not in released:
        return None
    ready = released[project.name, last.number] + last.duration
    given_up = abandoned.get(project.name, facts.periods)
    begins = max(at, ready)
    return begins if begins < given_up else None


def stands(
    facts: Facts,
    deals: list[Deal],
    signed: Signed,
    released: dict[tuple[str, int], int],
    abandoned: dict[str, int],
) -> bool:
    """Whether no project is abandoned while a contract runs that waited for it."""
    for deal in deals:
        begun = beginning(facts, deal, signed, released, abandoned)
        if begun is not None and deal.project in abandoned and abandoned[deal.project] < begun + deal.duration:
            return False
    return True


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
        chosen = builder.chosen
        signed = chosen.signed.get(deal.name)
        if signed is not None and signed >= 0:
            builder.spending["contracts"][signed].constant += float(deal.row["premium"])
        begun = beginning(builder.facts, deal, chosen.signed, chosen.released, chosen.abandoned)
        if begun is None:
            continue
        for n in deal.calls(begun, builder.facts.periods):
            _call(builder, deal, n, begun)
        if deal.begun is None and float(deal.row["min_rate"]) > 0:
            _answer_for(builder, deal, begun)


def _sums(builder: Builder) -> list[Sum]:
    """A sum for every period."""
    return [Sum() for _ in range(builder.facts.periods)]


def _call(builder: Builder, deal: Deal, n: int, begun: int) -> None:
    """One period: some is called, some is paid for without being taken."""
    source, least, most = deal.source, float(deal.row["min_rate"]), float(deal.row["max_rate"])
    call, untaken = builder.program.column(most), builder.program.column(least)
    builder.program.row(Sum().add(call).add(untaken), least)
    at, price = n + source.lead, deal.price(n, begun)
    share = source.arrive[at]
    builder.called.setdefault(source.name, _sums(builder))[n].add(call)
    builder.inflow[source.good][at].add(call, share)
    if source.store is not None:
        there = builder.delivered.setdefault((source.good, source.store), _sums(builder))
        there[at].add(call, share)
    builder.spending["contracts"][at].add(call, share * price).add(untaken, share * price)
    builder.spending["duties"][at].add(call, share * price * source.duty[at])


def _answer_for(builder: Builder, deal: Deal, begun: int) -> None:
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
        for n in deal.calls(begun, periods):
            owed = deal.source.arrive[n + lead] * least * deal.price(n, begun)
            builder.answered.setdefault(fund.name, _sums(builder))[n + lead].add(part, owed)
            for known in range(begun, n + lead):
                standing[known].add(part, least * deal.price(n, begun, known))
    builder.program.zero(whole)
