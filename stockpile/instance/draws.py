"""What the makers of random instances share: draws, dates and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

#: What a price of 1 USD/kg and a quantity of 1 t make in MUSD.
MONEY = 1e-3


@dataclass
class Draws:
    """Draws from one generator, for tables in quarters from 2026 on."""

    random: Random
    periods: int
    tables: Tables = field(default_factory=dict)

    def number(self, low: float, high: float, digits: int = 3) -> float:
        return round(low + (high - low) * self.random.random(), digits)

    def pick(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def add(self, table: str, **cells: Any) -> Row:
        self.tables.setdefault(table, []).append(cells)
        return cells

    def date(self, period: int) -> str | None:
        """Label of a quarter; None for the first."""
        period = min(period, self.periods - 1)
        return f"{2026 + period // 4}Q{period % 4 + 1}" if period > 0 else None
