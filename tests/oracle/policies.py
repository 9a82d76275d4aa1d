"""Policies in the oracle: rows written from their words, over sums by source, good, fund and project."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, number, text
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Sums = list[Sum]


def hold_policies(builder: Builder) -> None:
    """Add the rows of all policies; what one is missed by costs its penalty in the last period that it sums."""
    facts, program = builder.facts, builder.program
    for row in facts.rows("policies"):
        for periods in stretches(facts, row):
            for side, sign in (("at_least", -1.0), ("at_most", 1.0)):
                amount, value, base = number(row[side]), Sum(), Sum()
                if math.isnan(amount):
                    continue
                once = _sides(builder, {**row, "side": side}, periods, value, base)
                if once is None:
                    continue
                if row["kind"] in ("spending", "budget-use") and side == "at_least" and text(row["project"]) is None:
                    for n in periods:
                        for fund, sums in builder.idle.items():
                            value.plus(sums[n], -1.0 if text(row["fund"]) in (None, fund) else 0.0)
                over = Sum().plus(value, sign).plus(base, -sign * amount).plus(Sum(once * amount), -sign)
                penalty = number(row["penalty"])
                if not math.isnan(penalty):
                    missed = program.column()
                    over.add(missed, -1.0)
                    program.cost.add(missed, penalty * facts.discount[periods[-1]])
                program.row(over, high=0.0)


def stretches(facts: Facts, row: Row) -> Iterator[list[int]]:
    """The periods over which a row of the table sums both sides."""
    begin, end = int(row["from"]), min(int(row["until"]), facts.periods)
    for other in facts.rows("policies"):
        if other["policy"] == row["policy"] and int(other["from"]) > begin:
            end = min(end, int(other["from"]))
    groups: dict[int, list[int]] = {}
    for n in range(begin, end):
        groups.setdefault(_year(facts, str(row["per"]), n), []).append(n)
    yield from groups.values()


def _year(facts: Facts, per: str, n: int) -> int:
    """The same number for periods that are summed together."""
    if per in ("period", "horizon"):
        return n if per == "period" else 0
    first = facts.instance.calendar.starts[n]
    month, day = map(int, str(facts.instance.settings.economics.fiscal_year_start).split("-"))
    return int(first.year + (per == "fiscal-year" and (first.month, first.day) >= (month, day)))


def _sides(builder: Builder, row: Row, periods: list[int], value: Sum, base: Sum) -> float | None:
    """Fill in what a policy limits and what it is a share of; gives a number that is added to the latter, None: no limit."""
    facts, kind = builder.facts, str(row["kind"])
    if kind in ("deliveries", "share"):
        for source in facts.rows("sources"):
            sums = arrived(builder, str(source["source"]))
            if sells(facts, row, source):
                for n in periods:
                    base.plus(sums[n], 1.0 if kind == "share" else 0.0)
                    value.plus(sums[n], 1.0 if counts(facts, row, source) else 0.0)
        return 0.0 if kind == "share" else 1.0
    if kind == "origin-in-use":
        builder.count_in_use(row, periods, value, base)
        return 0.0
    if kind in ("energy", "emissions"):
        _burden(builder, row, periods, value)
        return 1.0
    if kind == "market-share":
        for source in facts.rows("sources"):
            if sells(facts, row, source) and counts(facts, row, source):
                for n in periods:
                    value.plus(ordered(builder, str(source["source"]))[n])
        there = sum(_offer(facts, row, n) for n in periods)
        return there if math.isfinite(there) else None
    if kind == "cover":
        n = periods[0]
        for good in facts.goods:
            value.plus(builder.closing[good][n], 1.0 if speaks_of(facts, row, good) else 0.0)
        return _daily(builder, row, n)
    _money(builder, row, periods, value)
    if kind == "budget-use":
        return sum(f.budget[n] for f in facts.funds for n in periods if text(row["fund"]) in (None, f.name))
    return 1.0


def _burden(builder: Builder, row: Row, periods: list[int], value: Sum) -> None:
    """Energy or emissions of what arrives and of what is run."""
    facts, kind = builder.facts, str(row["kind"])
    for source in facts.rows("sources"):
        if text(row["process"]) is None and sells(facts, row, source) and counts(facts, row, source):
            sums = arrived(builder, str(source["source"]))
            for n in periods:
                value.plus(sums[n], float(source[kind]))
    for process in facts.rows("processes"):
        name = text(row["process"])
        if name is None and any(text(row[c]) for c in ("good", "material", "supplier", "source", "market")):
            continue
        nowhere = {"mined_in": None, "supplier": None, "source": None, "market": None}
        if name == process["process"] or (
            name is None and counts(facts, row, {**nowhere, "origin": process["origin"]})
        ):
            for n in periods:
                value.plus(builder.runs[str(process["process"])][n], float(process[kind]))


def _daily(builder: Builder, row: Row, n: int) -> float:
    """What sectors still want in a day of the goods that a policy speaks of."""
    facts, falls = builder.facts, builder.works.falls
    wanted = facts.series("demand", "quantity", 0.0, 0.0, "sector", "good")
    none = [0.0] * facts.periods
    rates = [
        a[n] * (1 - falls.get((str(e), str(g)), none)[n])
        for (e, g), a in wanted.items()
        if speaks_of(facts, row, str(g)) and text(row["sector"]) in (None, e)
    ]
    return sum(rates) / facts.length / 365.25


def _money(builder: Builder, row: Row, periods: list[int], value: Sum) -> None:
    """Payments, tranches of a project, or what is at risk."""
    fund, project = text(row["fund"]), text(row["project"])
    for n in periods:
        if row["kind"] == "exposure":
            parts = builder.risks.standing.items()
            mine = [s[n] for (f, p), s in parts if fund in (None, f) and project in (None, p)]
        elif project is not None:
            mine = [s[n] for (p, f), s in builder.financed.items() if p == project and fund in (None, f)]
        else:
            mine = [sums[n] for f, sums in builder.paid.items() if fund in (None, f)]
        for part in mine:
            value.plus(part)


def ordered(builder: Builder, source: str) -> Sums:
    """What is ordered at a source, by the reserve or the market, by period."""
    return builder.decided.of("order", source)


def arrived(builder: Builder, source: str) -> Sums:
    """What arrives of a source by period, of orders from before the horizon too."""
    facts, placed = builder.facts, builder.taken_of(source)
    fact = next(s for s in facts.sources if s.name == source)
    out = [Sum() for _ in range(facts.periods)]
    for n, order in enumerate(placed):
        if n + fact.lead < facts.periods:
            out[n + fact.lead].plus(order, fact.arrive[n + fact.lead])
    for period, quantity, _ in fact.due:
        if period < facts.periods:
            out[period].constant += fact.arrive[period] * quantity
    return out


def speaks_of(facts: Facts, row: Row, good: str) -> bool:
    """Whether a policy is about a good."""
    return text(row["good"]) in (None, good) and text(row["material"]) in (None, text(facts.goods[good]["material"]))


def sells(facts: Facts, row: Row, source: Row) -> bool:
    """Whether a source sells what a policy is about to those whom it speaks of."""
    return speaks_of(facts, row, str(source["good"])) and row["paid_by"] in ("both", source["paid_by"])


def counts(facts: Facts, row: Row, source: Row) -> bool:
    """Whether what a source sells is what a policy limits."""
    place = text(source["mined_in" if row["by"] == "mined" else "origin"])
    groups = [text(r["group"]) for r in facts.rows("origins") if r["origin"] == place]
    return (
        text(row["origin"]) in (None, place)
        and (text(row["group"]) is None or text(row["group"]) in groups)
        and all(text(row[c]) in (None, text(source[c])) for c in ("supplier", "source", "market"))
    )


def _offer(facts: Facts, row: Row, n: int) -> float:
    """The volume in a period, or all that the price steps in force offer, those of a market once; inf without limit."""
    if not math.isnan(number(row["volume"])):
        return float(row["volume"])
    seen: dict[str, float] = {}
    for fact, source in zip(facts.sources, facts.rows("sources"), strict=True):
        market = text(source["market"])
        if not sells(facts, row, source) or text(row["market"]) not in (None, market):
            continue
        if fact.first <= n < fact.until:
            widths = [w[n] for w, p in fact.steps if w[n] is not None and p[n] is not None]
            name = f"source {fact.name}" if market is None else f"market {market}"
            seen[name] = sum(math.inf if w is None or math.isnan(w) else w for w in widths)
    return sum(seen.values())
