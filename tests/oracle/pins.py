"""What must and what may be decided, in some periods together or, of stock, in each of them."""

from __future__ import annotations

import math

from tests.oracle.facts import Facts, number, text
from tests.oracle.maker import Maker
from tests.oracle.program import Program, Sum


class Decided:
    """Sums by period of what is decided: by decision, name and (for a service) sector."""

    def __init__(self, facts: Facts, closing: dict[str, list[Sum]]) -> None:
        self.periods = facts.periods
        self._sums = {("stock", good, ""): sums for good, sums in closing.items()}

    def of(self, decision: str, name: str, sector: str = "") -> list[Sum]:
        """The sums of one decision, empty where nothing has been decided yet."""
        return self._sums.setdefault((decision, name, sector), [Sum() for _ in range(self.periods)])

    def over(self, decision: str, name: str, sector: str | None) -> list[Sum]:
        """The same over all sectors where none is named."""
        found = [Sum() for _ in range(self.periods)]
        for (kind, of, user), sums in self._sums.items():
            if (kind, of) == (decision, name) and sector in (None, user):
                for n, part in enumerate(sums):
                    found[n].plus(part)
        return found


def hold(facts: Facts, program: Program, decided: Decided) -> None:
    """The rows of all pins but those of releases, which the assignments keep."""
    for pin in facts.rows("pins"):
        decision, low, high = str(pin["decision"]), number(pin["at_least"]), number(pin["at_most"])
        sides = (-math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high)
        if decision == "release":
            continue
        parts = decided.over(decision, str(pin["name"]), text(pin["sector"]))
        inside = parts[int(pin["from"]) : min(int(pin["until"]), facts.periods)]
        if decision == "stock":
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
    end = m.first_day(m.periods - 1).isoformat() if m.chance(25) else None
    begin = 0 if end else m.pick([0, m.later()])
    amount = most * m.number(0.1, 1.0) if side == "at_least" else m.pick([0.0, most / 2])
    dates = {"from": m.since(begin), "until": end}
    m.add("pins", pin=f"{decision} of {name}", decision=decision, name=name, **cells, **dates, **{side: amount})
