"""Goods that come back after use, in the oracle: orders of a collecting source against what its sectors got before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.facts import number
from tests.oracle.maker import Maker
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder


def add_returns(b: Builder) -> None:
    """What is ordered in a period is no more than the shares of all that went into use so many periods before."""
    rows = b.facts.rows("returns")
    for source in dict.fromkeys(str(row["source"]) for row in rows):
        for n in range(b.facts.periods):
            left = Sum().plus(b.decided.of("order", source)[n], -1.0)
            for row in rows:
                if row["source"] == source:
                    left.plus(
                        _in_use(b, str(row["sector"]), str(row["good"]), n - round(number(row["lag"]))),
                        float(row["share"]),
                    )
            b.program.row(left, 0.0)


def _in_use(b: Builder, sector: str, good: str, period: int) -> Sum:
    """What a sector got of a good in a period, from the reserve, as a substitute, or from the market; negative: before the start."""
    if period >= 0:
        return Sum().plus(b.taken[sector, good][period]).plus(b.traded[sector, good][period])
    amount = 0.0
    for row in b.facts.rows("opening_use"):
        if (row["sector"], row["good"]) == (sector, good) and round(number(row["age"])) == -period:
            amount += float(row["quantity"])
    return Sum(amount)


def draw_returns(m: Maker) -> None:
    """A source that collects what sectors used of one or two goods, at one or two lags."""
    pairs = list(dict.fromkeys((row["sector"], row["good"]) for row in m.rows("demand")))
    pairs += [(row["sector"], row["given"]) for row in m.rows("accepts")]
    if not m.chance(30):
        return
    good = m.pick([row["good"] for row in m.rows("goods")])
    m.add("sources", source="back", good=good, lead_time=m.lasting(1) if m.chance(25) else None)
    wide = m.rate(m.quantity(good, m.number(3, 12))) if m.chance(40) else None
    m.add("prices", source="back", price=m.number(0.3, 2), width=wide)
    if wide is not None and m.chance(50) and m.take(2**m.periods):
        m.tables["sources"][-1]["min_order"] = m.quantity(good, m.number(0.5, 2))
    for sector, used in dict.fromkeys(m.pick(pairs) for _ in range(m.pick([1, 2, 2]))):
        for lag in m.pick([[1], [1], [2], [1, 2]]):
            share = m.number(0.1, 0.5)
            m.add("returns", source="back", sector=sector, good=used, share=share, lag=m.lasting(lag))
        if m.chance(60):
            amount = m.quantity(used, m.number(2, 12))
            m.add("opening_use", sector=sector, good=used, age=m.lasting(m.pick([1, 1, 2])), quantity=amount)
