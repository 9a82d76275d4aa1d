"""Demand that may wait, as a transport from the period in which it is wanted to the one in which it is served."""

from __future__ import annotations

import math

from tests.oracle.facts import Facts, Row, number, text
from tests.oracle.maker import Maker
from tests.oracle.program import Program, Sum


def backlog_of(facts: Facts, sector: str, good: str) -> Row | None:
    """The most specific row, None where demand does not wait."""
    for key in ((sector, good), (sector, None), (None, good), (None, None)):
        for row in facts.rows("backlog"):
            if (text(row["sector"]), text(row["good"])) == key:
                return None if number(row["max_wait"]) == 0 else row
    return None


def serve(
    facts: Facts, program: Program, row: Row | None, wanted: list[float], parts: tuple[list[Sum], list[Sum], list[Sum]]
) -> Sum:
    """What is ``wanted`` is served or short in its period or, with a row of the backlog, served later.

    ``parts`` are what is served, what is short, and what waits at the close of a period, which is told here.

    Gives the penalty of what still waits at the end.
    """
    served, short, waiting = parts
    taken, left = [Sum() for _ in wanted], Sum()
    for n, amount in enumerate(wanted):
        split = Sum().plus(short[n])
        for s in range(n, _last(row, n, len(wanted)) + 1):
            part = program.column()
            split.add(part)
            for closed in range(n, s):
                waiting[closed].add(part)
            if row is not None:
                program.cost.add(part, float(row["cost"]) * sum(facts.discount[n:s]))
            if s < len(wanted):
                taken[s].add(part)
            elif row is not None:
                left.add(part, float(row["end_penalty"]) * facts.discount[s])
        program.row(split, amount, amount)
    for n, got in enumerate(served):
        program.zero(Sum().plus(got).plus(taken[n], -1.0))
    program.cost.plus(left)
    return left


def _last(row: Row | None, n: int, end: int) -> int:
    """The last period in which what is wanted in n may be served; ``end`` where it may wait beyond the horizon."""
    if row is None:
        return n
    longest, last = number(row["max_wait"]), end - 1 if math.isnan(number(row["end_penalty"])) else end
    return last if math.isnan(longest) else min(n + round(longest), last)


def add_backlog(m: Maker) -> None:
    """Sectors that wait, all or some of them, for all goods or some."""
    sectors, goods = ([row[name] for row in m.rows(f"{name}s")] for name in ("sector", "good"))
    if not m.chance(45):
        return
    keys: list[tuple[str | None, str | None]] = [
        (None, None),
        (sectors[0], None),
        (None, goods[-1]),
        (sectors[0], goods[0]),
    ]
    for sector, good in keys:
        if not m.chance(40):
            continue
        longest = m.pick([None, None, 0, 1, 1, 2])
        m.add(
            "backlog",
            sector=sector,
            good=good,
            cost=m.rate(m.number(0, m.pick([1, 4]))),
            max_wait=None if longest is None else m.lasting(longest),
            end_penalty=m.number(0, 9) if m.chance(55) else None,
        )
