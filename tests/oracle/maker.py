"""The tools of the strategy: draws, dates, units, and how many assignments an instance may still have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

X = TypeVar("X")
Row = dict[str, Any]

MONTHS = {"year": 12, "quarter": 3, "month": 1}
LENGTH = {"year": 1.0, "quarter": 1 / 4, "month": 1 / 12, "week": 7 / 365.25}
UNITS = [("unit", "USD/unit", "USD", 1.0), ("t", "USD/t", "kUSD", 1e-3), ("t", "USD/kg", "MUSD", 1e-3)]
"""Quantity, price, money, and what a price of 1 times a quantity of 1 is in money."""


@dataclass
class Maker:
    """What all parts of an instance share.  ``integer`` draws a whole number between two.  ``room`` is the number of assignments that may still be multiplied;
    ``durations`` are those of a project's stages, ``first_release`` the window of its first one, ``maturity`` that of credit, ``perspective`` whose cost counts where that was chosen.
    """

    integer: Callable[[int, int], int]
    periods: int
    step: str
    start: date
    units: tuple[str, str, str, float]
    time: str
    room: int = 64
    perspective: str | None = None
    good_units: dict[str, float] = field(default_factory=dict)
    durations: dict[str, list[int]] = field(default_factory=dict)
    first_release: dict[str, tuple[int, int]] = field(default_factory=dict)
    maturity: dict[str, int] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def pick(self, choices: Sequence[X]) -> X:
        """One of some values."""
        return choices[self.integer(0, len(choices) - 1)]

    def chance(self, percent: int) -> bool:
        """True about that often."""
        return self.integer(0, 99) >= 100 - percent

    def number(self, low: float, high: float) -> float:
        """One of a hundred steps between two numbers."""
        share = self.integer(0, 100) / 100
        return round(low + (high - low) * share, 6)

    def first_day(self, period: int) -> date:
        """The first day of a period."""
        if self.step == "week":
            return self.start + timedelta(days=7 * period)
        months = self.start.month - 1 + MONTHS[self.step] * period
        return date(self.start.year + months // 12, months % 12 + 1, self.start.day)

    def since(self, period: int) -> str:
        """A date that acts from a period on; blank for the first."""
        if period == 0:
            return ""
        early = self.pick([0, 0, 3])
        return (self.first_day(period) - timedelta(days=early)).isoformat()

    def lasting(self, periods: int) -> str:
        """A duration that is rounded up to a number of periods."""
        if self.step == "quarter" and periods:
            return self.pick([str(periods), f"{3 * periods}mo", f"{3 * periods - 1}mo"])
        if self.step == "week" and periods:
            return self.pick([str(periods), f"{7 * periods}d", f"{periods}w"])
        return str(periods)

    def later(self) -> int:
        """A period after the first."""
        return self.pick(range(1, self.periods))

    def rate(self, amount: float) -> float:
        """An amount per period as the instance's time basis wants it."""
        return amount if self.time == "period" else amount / LENGTH[self.step]

    def share_rate(self, share: float) -> float:
        """A share per period as a share per year where the basis is the year."""
        return share if self.time == "period" else 1 - (1 - share) ** (1 / LENGTH[self.step])

    def quantity(self, good: str, amount: float) -> float:
        """A quantity in the good's own unit."""
        return amount * self.good_units.get(good, 1.0)

    def money(self, amount: float) -> float:
        """Money, from units of price times quantity."""
        return amount * self.units[3]

    def add(self, table: str, **cells: Any) -> Row:
        """A row; cells that are None stay blank."""
        row = {name: value for name, value in cells.items() if value is not None}
        self.tables.setdefault(table, []).append(row)
        return row

    def rows(self, table: str) -> list[Row]:
        """The rows so far."""
        return self.tables.get(table, [])

    def take(self, count: int) -> bool:
        """Whether there is room for so many alternatives; if so they are taken."""
        if count > self.room:
            return False
        self.room //= max(count, 1)
        return True

    def settings(self) -> dict[str, Any]:
        """The settings of the instance."""
        quantity, price, money, _ = self.units
        rate, drawn = self.pick([0.0, 0.0, 0.05, 0.2]), self.pick(["public", "public", "all"])
        return {
            "format": 1,
            "name": "random",
            "title": "random",
            "horizon": {"start": self.start.isoformat(), "periods": self.periods, "step": self.step},
            "units": {"quantity": quantity, "price": price, "money": money, "time": self.time},
            "economics": {
                "discount_rate": rate,
                "perspective": self.perspective or drawn,
                "fiscal_year_start": self.pick(["01-01", "04-01", "10-01"]),
            },
        }


def release_plans(durations: list[int], first: int, until: int, periods: int) -> int:
    """In how many ways the stages of a project can be released, the empty one included."""
    if not durations:
        return 1
    ways = 1
    for n in range(first, min(until, periods - durations[0])):
        ways += release_plans(durations[1:], n + durations[0], periods, periods)
    return ways
