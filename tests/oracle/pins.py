"""What must and what may be decided, in some periods together or, of stock, in each of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tests.oracle.facts import Facts, number, text
from tests.oracle.maker import Maker, Row
from tests.oracle.program import Program, Sum

#: Decisions that the assignments keep, and those that hold at the close of each period.
ONCE, CLOSING = ("release", "abandonment", "signing"), ("stock", "backlog")
SECTORS = ("service", "substitution", "backlog", "shortfall")


class Decided:
    """Sums by period of what is decided: by decision, name and whom it is about, a sector or the stores from and to."""

    def __init__(self, facts: Facts, closing: dict[str, list[Sum]]) -> None:
        self.periods = facts.periods
        self._sums: dict[tuple[str, ...], list[Sum]] = {("stock", good): sums for good, sums in closing.items()}

    def of(self, decision: str, name: str, *whom: str) -> list[Sum]:
        """The sums of one decision, empty where nothing has been decided yet."""
        return self._sums.setdefault((decision, name, *whom), [Sum() for _ in range(self.periods)])

    def over(self, decision: str, name: str, *whom: str | None) -> list[Sum]:
        """The same over all whom it may be about where none is named."""
        found = [Sum() for _ in range(self.periods)]
        for (kind, of, *about), sums in self._sums.items():
            if (kind, of) == (decision, name) and all(w in (None, a) for w, a in zip(whom, about, strict=True)):
                for n, part in enumerate(sums):
                    found[n].plus(part)
        return found


def hold(facts: Facts, program: Program, decided: Decided) -> None:
    """The rows of all pins but those that the assignments keep."""
    for pin in facts.rows("pins"):
        decision, low, high = str(pin["decision"]), number(pin["at_least"]), number(pin["at_most"])
        sides = (-math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high)
        if decision in ONCE:
            continue
        stores = [text(pin["from_store"]), text(pin["to_store"])]
        sector = [text(pin["sector"])]
        whom = stores if decision == "transfer" else sector if decision in SECTORS else []
        parts = decided.over(decision, str(pin["name"]), *whom)
        inside = parts[int(pin["from"]) : min(int(pin["until"]), facts.periods)]
        if decision in CLOSING:
            for held in inside:
                program.row(Sum().plus(held), *sides)
            continue
        whole = Sum()
        for part in inside:
            whole.plus(part)
        program.row(whole, *sides)


def add_use_pins(m: Maker) -> None:
    """Service, sales, disposal, stock and draws that are required or forbidden, some of them impossible."""
    sold, kept = ({r["good"] for r in m.rows(t) if r.get("mode", "sale") == "sale"} for t in ("rotation", "storage"))
    for good in [row["good"] for row in m.rows("goods")]:
        wants = [r["sector"] for r in m.rows("demand") if r["good"] == good]
        if wants and m.chance(15):
            _pin(m, "service", good, m.pick([3, 8]), sector=m.pick([None, wants[0]]))
        if good in sold and m.chance(15):
            _pin(m, "sale", good, 3)
        if m.chance(15):
            _pin(m, "disposal", good, 3)
        if good in kept and m.chance(15):
            _pin(m, "stock", good, 5)
    for row in m.rows("funds"):
        if row.get("kind") == "credit" and m.chance(35):
            _pin(m, "draw", row["fund"], m.money(m.pick([3, 10])))


def _pin(m: Maker, decision: str, name: str, most: float, **cells: str | None) -> None:
    """One pin, of up to ``most`` at least, or of a part of it at most."""
    side = "at_most" if decision == "draw" else m.pick(["at_least", "at_most"])
    _add(m, decision, name, (side, most), **cells)


def _add(m: Maker, decision: str, name: str, limit: tuple[str, float], **cells: str | None) -> None:
    """One pin in some periods."""
    side, most = limit
    end = m.first_day(m.periods - 1).isoformat() if m.chance(25) else None
    begin = 0 if end else m.pick([0, m.later()])
    amount = most * m.number(0.1, 1.0) if side == "at_least" else m.pick([0.0, most / 2])
    dates = {"from": m.since(begin), "until": end}
    label = f"{decision} of {name}, number {len(m.rows('pins'))}"
    m.add("pins", pin=label, decision=decision, name=name, **cells, **dates, **{side: amount})


def add_more_pins(m: Maker) -> None:
    """Loans, transfers, overtime, substitutes, waiting, shortfall, borrowing and abandonment, required or forbidden."""
    for decision, name, most, whom in [*_of_goods(m), *_of_money(m)]:
        sides = ["at_least"] if decision == "draw" else ["at_most", "at_most", "at_least"]
        side = m.pick(sides)
        if decision in ("draw", "repayment") and side == "at_least" and not _steps_in_order(m):
            side = "at_most"
        if (decision == "transfer" and _turns(m)) or (decision == "run" and len(m.rows("processes")) > 1):
            side = "at_most"
        amount = most / 2 if side == "at_least" else most
        _add(m, decision, name, (side, amount), **{k: w for k, w in whom.items() if m.chance(60)})
    for row in m.rows("projects"):
        if row.get("may_abandon") and m.chance(15):
            cells = {"from": m.since(m.pick([0, m.later()])), m.pick(["at_most", "at_least"]): m.pick([0.0, 1.0])}
            m.add("pins", pin=f"end of {row['project']}", decision="abandonment", name=row["project"], **cells)


def _of_goods(m: Maker) -> Iterator[tuple[str, str, float, dict[str, str]]]:
    """What of goods is pinned: the decision, the name, an amount, and whom it may be about."""
    wants = [(str(r["sector"]), str(r["good"])) for r in m.rows("demand")]
    for good in [str(row["good"]) for row in m.rows("goods")]:
        if any((r["good"], r["mode"]) == (good, "exchange") for r in m.rows("rotation")) and m.chance(15):
            yield "exchange", good, 3.0, {}
        for sector in dict.fromkeys(e for e, g in wants if g == good):
            waits = _most_specific(m, "backlog", sector, good)
            if _most_specific(m, "tiers", sector, good) is not None and m.chance(7):
                yield "shortfall", good, m.pick([4.0, 20.0]), {"sector": sector}
            if waits is not None and waits.get("max_wait") != "0" and m.chance(12):
                yield "backlog", good, m.pick([2.0, 6.0]), {"sector": sector}
    for row in m.rows("accepts"):
        if (row["sector"], row["wanted"]) in wants and m.chance(12):
            yield "substitution", row["given"], 3.0, {"sector": row["sector"]}
    for row in m.rows("transfers"):
        if m.chance(12):
            kept = [{r["store"] for r in m.rows("storage") if r["good"] == g} for g in ("A", "B")]
            both = [g for g, stores in zip(("A", "B"), kept, strict=True) if {"S1", "S2"} <= stores]
            yield "transfer", row.get("good") or both[0], 3.0, {k: row[k] for k in ("from_store", "to_store")}


def _of_money(m: Maker) -> Iterator[tuple[str, str, float, dict[str, str]]]:
    """What of runs, overtime and credit is pinned."""
    for name in [row["process"] for row in m.rows("processes")]:
        if m.chance(20):
            yield "run", name, m.pick([2.0, 6.0]), {}
    for name in dict.fromkeys(row["resource"] for row in m.rows("resources") if row.get("overtime")):
        if m.chance(25):
            yield "overtime", name, 2.0, {}
    for row in m.rows("funds"):
        for decision in ("draw", "repayment"):
            if row.get("kind") == "credit" and m.chance(15):
                yield decision, row["fund"], m.money(3.0), {}


def _most_specific(m: Maker, table: str, sector: str, good: str) -> Row | None:
    """The row that counts for a sector and a good."""
    for key in ((sector, good), (sector, None), (None, good), (None, None)):
        for row in m.rows(table):
            if (row.get("sector"), row.get("good")) == key:
                return row
    return None


def _steps_in_order(m: Maker) -> bool:
    """Whether there is room to try up to which step every source is used, of which none shares those of a market."""
    choices = 1
    for row in m.rows("sources"):
        if row.get("paid_by") == "market" or row.get("discount"):
            continue
        if row.get("market"):
            return False
        steps = {p.get("step", 1) for p in m.rows("prices") if p["source"] == row["source"]}
        choices *= (len(steps) + 1) ** m.periods if len(steps) > 1 else 1
    return m.take(choices)


def _turns(m: Maker) -> bool:
    """Whether a unit could go from a store to the other and back in one period."""
    ways = {(r["from_store"], r["to_store"]) for r in m.rows("transfers") if "lead_time" not in r}
    return len(ways) > 1
