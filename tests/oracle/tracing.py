"""Traced goods in the oracle: every unit is followed from where it came from to who gets it, place by place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, number, text
from tests.oracle.lineage import Place, counts_as, fed_from, is_traced, made_of, place_in, place_of, taken_from
from tests.oracle.policies import arrived
from tests.oracle.program import Sum, total

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Sums = list[Sum]


def follow(b: Builder, good: str) -> None:
    """Stock of a good that is followed: closing stock, what leaves, and what each sector gets of every place."""
    places = _arrivals(b, good)
    lent = {place: [Sum() for _ in range(b.facts.periods)] for place in places}
    for n, end, factor, column in b.loans.get(good, []):
        parts = {place: b.program.column() for place in places}
        b.program.zero(total(parts.values()).add(column, -1.0))
        for place, part in parts.items():
            lent[place][n].add(part)
            if end < b.facts.periods:
                places[place][end].add(part, factor)
    out = [Sum() for _ in range(b.facts.periods)]
    sectors = [e for e, g in b.taken if g == good]
    for place, received in places.items():
        leaving = _keep(b, good, place, received)
        for n in range(b.facts.periods):
            out[n].plus(leaving[n])
            rest = Sum().plus(leaving[n]).plus(lent[place][n], -1.0).plus(taken_from(b, good, place, n), -1.0)
            for sector in sectors:
                use = b.program.column(math.inf if accepts(b.facts, sector, place) else 0.0)
                b.followed.setdefault((sector, good, n), {})[place] = Sum().add(use)
                rest.add(use, -1.0)
            b.program.row(rest, 0.0)
    for n in range(b.facts.periods):
        b.program.zero(out[n].plus(b.outflow[good][n], -1.0))
        for sector in sectors:
            got = Sum()
            for mine in b.followed.get((sector, good, n), {}).values():
                got.plus(mine)
            b.program.zero(got.plus(b.taken[sector, good][n], -1.0))
    for (sector, name, _), got in b.normal.got.items():
        source = next(r for r in b.facts.rows("sources") if r["source"] == name)
        if source["good"] == good and not accepts(b.facts, sector, place_in(source)):
            b.program.row(Sum().plus(got), high=0.0)


def _arrivals(b: Builder, good: str) -> dict[Place, Sums]:
    """What arrives in each period by where it comes from, but for what is lent."""
    facts = b.facts
    places: dict[Place, Sums] = {place_of(None, None): [Sum() for _ in range(facts.periods)]}

    def at(place: Place) -> Sums:
        return places.setdefault(place, [Sum() for _ in range(facts.periods)])

    for row in facts.rows("sources"):
        if row["good"] == good and row["paid_by"] != "market":
            for n, amount in enumerate(arrived(b, str(row["source"]))):
                at(place_in(row))[n].plus(amount)
    for row in facts.rows("opening_lent"):
        if row["good"] == good:
            at(place_in(row))[int(row["due"])].constant += float(row["quantity"])
    for place, n, amount in made_of(b, good):
        at(place)[n].plus(amount)
    for place in fed_from(b, good):
        at(place)
    for row in facts.rows("opening_stock"):
        if row["good"] == good:
            at(place_in(row))
    return places


def _keep(b: Builder, good: str, place: Place, arriving: Sums) -> Sums:
    """What leaves of one place in each period; every unit received in b leaves in b..b+L-1 or stays to the end."""
    row, periods = b.facts.goods[good], b.facts.periods
    life, keep = number(row["shelf_life"]), 1 - float(row["loss_rate"])
    received = [(n, Sum().plus(amount)) for n, amount in enumerate(arriving)]
    for r in b.facts.rows("opening_stock"):
        if r["good"] == good and place_in(r) == place:
            age = round(number(r["age"]))
            if age == 0:
                received[0][1].constant += float(r["quantity"])
            else:
                received.append((-age, Sum(float(r["quantity"]))))
    leaving = [Sum() for _ in range(periods)]
    for begin, quantity in received:
        first, shift = max(begin, 0), 1 if begin < 0 else 0
        last = periods if math.isnan(life) else min(begin + round(life) - 1, periods)
        leaves = {m: b.program.column() for m in range(first, last + 1)}
        b.program.zero(total(leaves.values()).plus(quantity, -1.0))
        for m, column in leaves.items():
            if m < periods:
                leaving[m].add(column, keep ** (m - first + shift))
            for n in range(first, min(m, periods)):
                b.closing[good][n].add(column, keep ** (n - first + shift))
    return leaving


def accepts(facts: Facts, sector: str, place: Place) -> bool:
    """Whether a sector takes what was processed there."""
    group = next(text(r["accepted_origins"]) for r in facts.rows("sectors") if r["sector"] == sector)
    groups = [text(r["group"]) for r in facts.rows("origins") if r["origin"] == place.origin]
    return group is None or group in groups


def count_in_use(b: Builder, row: Row, periods: list[int], value: Sum, base: Sum) -> None:
    """What sectors get of traced goods, and what of that comes from the origin or group of a policy."""
    facts = b.facts

    def speaks(sector: str, good: str) -> bool:
        named = text(row["good"]) in (None, good) and text(row["material"]) in (
            None,
            text(facts.goods[good]["material"]),
        )
        return named and is_traced(facts, good) and text(row["sector"]) in (None, sector)

    def add(place: Place, got: Sum) -> None:
        base.plus(got)
        value.plus(got, 1.0 if counts_as(facts, row, place) else 0.0)

    if row["paid_by"] != "market":
        for (sector, good, n), uses in b.followed.items():
            if n in periods and speaks(sector, good):
                for place, got in uses.items():
                    add(place, got)
    if row["paid_by"] != "fund":
        for (sector, name, n), got in b.normal.got.items():
            source = next(r for r in facts.rows("sources") if r["source"] == name)
            if n in periods and speaks(sector, str(source["good"])):
                add(place_in(source), got)
