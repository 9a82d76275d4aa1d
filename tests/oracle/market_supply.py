"""What the market buys for normal consumption: what each sector gets of every price step, from the order to the arrival."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Source, number
from tests.oracle.maker import LENGTH, Maker, Row
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder


def turn_slots(facts: Facts) -> dict[tuple[str, int], int]:
    """Markets from which funds and the market buy, by period, with the number of their steps."""
    payers: dict[str, set[bool]] = {}
    steps: dict[str, int] = {}
    for source in facts.sources:
        if source.market is not None:
            payers.setdefault(source.market, set()).add(source.traded)
            steps[source.market] = len(source.steps)
    return {(u, n): steps[u] for u, both in payers.items() if len(both) == 2 for n in range(facts.periods)}


class Normal:
    """``flow`` holds what is ordered by source and period in every step, ``due`` what sectors get of orders from before, ``got`` what
    each sector gets of a source in a period.
    """

    def __init__(self, facts: Facts) -> None:
        self.sources = [source for source in facts.sources if source.traded]
        self.flow: dict[tuple[str, int], dict[int, Sum]] = {}
        self.due: dict[tuple[str, int], Sum] = {}
        self.got: dict[tuple[str, str, int], Sum] = {}

    def serve(self, b: Builder, user: tuple[str, str], t: int, served: Sum) -> None:
        """What a sector gets in a period: a part of what was ordered for then in each step, and of what was under way."""
        sector, good = user
        for source in self.sources:
            got = self.got.setdefault((sector, source.name, t), Sum())
            if source.good == good and any(due == t for due, _, _ in source.due):
                part = b.program.column()
                served.add(part)
                got.add(part)
                self.due.setdefault((source.name, t), Sum()).add(part)
            n = t - source.lead
            if source.good == good and n >= 0 and source.first <= n < source.until and source.arrive[t] > 0:
                self._order(b, source, n, (served, got))

    def _order(self, b: Builder, source: Source, n: int, sums: tuple[Sum, Sum]) -> None:
        if source.lumpy and (source.name, n) not in b.chosen.orders:
            return
        arrival = n + source.lead
        for i, (widths, prices) in enumerate(source.steps):
            price = prices[n]
            if widths[n] is not None and price is not None:
                q = b.program.column()
                for served in sums:
                    served.add(q, source.arrive[arrival])
                self.flow.setdefault((source.name, n), {}).setdefault(i, Sum()).add(q)
                if b.facts.all_counted:
                    paid = price * source.arrive[arrival] * (1 + source.duty[arrival])
                    b.program.cost.add(q, paid * b.facts.discount[arrival])

    def settle(self, b: Builder) -> None:
        """The rows of all that sectors get: steps, capacity, whole orders, charges, and what is under way at the start."""
        for source in self.sources:
            for n in range(b.facts.periods):
                self._whole(b, source, n)
            for t, quantity, owed in source.due:
                if t < b.facts.periods:
                    arrived = source.arrive[t] * quantity
                    b.program.zero(Sum(-arrived).plus(self.due.get((source.name, t), Sum())))
                    if b.facts.all_counted:
                        b.program.cost.constant += arrived * owed * (1 + source.duty[t]) * b.facts.discount[t]
        for (market, n), last in b.chosen.normal.items():
            self._turn(b, market, n, last)

    def _whole(self, b: Builder, source: Source, n: int) -> None:
        """An order of one period, that nobody may need."""
        steps, whole, placed = self.flow.get((source.name, n), {}), Sum(), (source.name, n) in b.chosen.orders
        for i, flow in steps.items():
            whole.plus(flow)
            width = number(source.steps[i][0][n])
            if source.market is not None:
                b.sold.setdefault((source.market, i, n), Sum()).plus(flow)
            elif not math.isnan(width):
                b.program.row(flow, high=width)
        b.decided.of("order", source.name)[n].plus(whole)
        if source.lot > 0:
            size = b.chosen.lots.get((source.name, n), 0) * source.lot
            b.program.row(Sum().plus(whole), size, size)
        if placed:
            b.program.row(Sum().plus(whole), source.min_order)
            if b.facts.all_counted:
                b.program.cost.constant += source.order_cost * b.facts.discount[n]
        if source.base is not None:
            extra = b.works.supply.get(source.name, [0.0] * b.facts.periods)
            b.program.row(whole, high=source.base[n] + extra[n])

    def _turn(self, b: Builder, market: str, n: int, last: int) -> None:
        """Normal consumption fills the steps before its last one, and uses none after it."""
        mine = [source for source in self.sources if source.market == market]
        for i, (widths, _) in enumerate(mine[0].steps):
            used, width = Sum(), widths[n]
            for source in mine:
                used.plus(self.flow.get((source.name, n), {}).get(i, Sum()))
            if i > last:
                b.program.row(used, high=0.0)
            elif i < last and width is not None:
                b.program.row(used, low=1e9 if math.isnan(width) else width)


def add_market_orders(m: Maker) -> None:
    """What the market buys comes late, costs a charge, is bought in lots, takes a resource, or shares a market's steps."""
    for row in [r for r in m.rows("sources") if r.get("paid_by") == "market"]:
        name, good = row["source"], row["good"]
        if m.chance(40):
            row["lead_time"] = m.lasting(1)
        if m.chance(70):
            m.room = max(m.room, 27 if m.periods == 3 else 16)
        markets = sorted({r["market"] for r in m.rows("sources") if r["good"] == good and "market" in r})
        kind = m.pick(["charge", "charge", "least", "least", "lots", "lots"])
        if markets and m.chance(75):
            _join(m, row, m.pick(markets))
        elif kind in ("charge", "least") and m.take(2**m.periods):
            charge, least = m.money(m.number(0.2, 4)), m.quantity(good, m.number(0.5, 2))
            row |= {"order_cost": charge} if kind == "charge" else {"min_order": least}
            m.perspective = "all" if kind == "charge" and m.chance(70) else m.perspective
        elif kind == "lots":
            _sell_lots(m, row)
        if m.rows("resources") and m.chance(60):
            use = {"per_unit": m.number(0.2, 2) / m.good_units.get(good, 1.0)}
            resource = m.pick(m.rows("resources"))["resource"]
            m.add("resource_use", resource=resource, kind=m.pick(["order", "delivery"]), name=name, **use)
        if m.chance(35):
            n = m.pick(range(m.periods))
            least = sum(_first_demand(m, good, r["sector"]) for r in m.rows("sectors"))
            if least > 0:
                cells = {"quantity": least * m.number(0.1, 0.9), "price": m.pick([None, m.number(1, 6)])}
                m.add("opening_orders", source=name, arrives=m.first_day(n).isoformat(), **cells)


def _join(m: Maker, row: Row, market: str) -> None:
    """It gives up its own prices, and perhaps its capacity, where there is room for the steps that it may use first."""
    mine = [r for r in m.rows("markets") if r["market"] == market]
    always = any(r.get("step", 1) == 1 and not r.get("from") for r in mine)
    if not always or any(floor["index"] == row["source"] for floor in m.rows("price_floors")):
        return
    steps = len({r.get("step", 1) for r in mine})
    if m.take(max(steps, 2) ** m.periods):
        row["market"] = market
        for first in [r for r in mine if r.get("step", 1) == 1]:
            if steps == 1:
                wide = first.get("width") or m.rate(m.quantity(row["good"], 20))
                m.add("markets", **{**first, "step": 2, "width": wide, "price": first["price"] + 1.5})
            first["width"] = m.rate(m.quantity(row["good"], m.number(0.5, 3)))
        m.tables["prices"] = [p for p in m.rows("prices") if p["source"] != row["source"]]
        fed = any(e["kind"] == "supply" and e["name"] == row["source"] for e in m.rows("effects"))
        if m.chance(30) and not fed:
            m.tables["supply"] = [s for s in m.rows("supply") if s["source"] != row["source"]]


def _sell_lots(m: Maker, row: Row) -> None:
    """Small lots, of which one or two are offered at one price."""
    most = m.pick([1, 1, 2])
    if not m.take((most + 1) ** m.periods):
        return
    size = m.quantity(row["good"], m.number(0.5, 2.5))
    row["lot_size"] = round(size, 6)
    mine = [p for p in m.rows("prices") if p["source"] == row["source"]]
    m.tables["prices"] = [p for p in m.rows("prices") if p not in mine[1:]]
    mine[0]["width"] = m.rate(size * (most + 0.2))


def _first_demand(m: Maker, good: str, sector: str) -> float:
    """The least that a sector wants of a good in any period, 0 where it wants none at some time."""
    mine = [r for r in m.rows("demand") if (r["good"], r["sector"]) == (good, sector)]
    if len(mine) != 1 or mine[0].get("from") or "until" in mine[0]:
        return 0.0
    return float(mine[0]["quantity"]) * (1.0 if m.time == "period" else LENGTH[m.step])
