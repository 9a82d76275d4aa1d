"""Periods, their labels and dates, and durations in periods."""

from __future__ import annotations

import calendar as gregorian
import math
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

#: Length of a period of each step in years, and in months where it is a whole number of them.
LENGTHS = {"week": 7 / 365.25, "month": 1 / 12, "quarter": 1 / 4, "year": 1.0}
MONTHS = {"month": 1, "quarter": 3, "year": 12}

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?|Q([1-4]))?")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]*)")
_YEARS = {
    **dict.fromkeys(("d", "day", "days"), 1 / 365.25),
    **dict.fromkeys(("w", "week", "weeks"), 7 / 365.25),
    **dict.fromkeys(("mo", "month", "months"), 1 / 12),
    **dict.fromkeys(("q", "quarter", "quarters"), 1 / 4),
    **dict.fromkeys(("y", "year", "years"), 1.0),
}
_PERIODS = ("", "p", "period", "periods")


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it is shorter."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def parse_date(text: str) -> date:
    """The first day of an ISO date or period label: 2027-03-01, 2027-03, 2027Q1, 2027-W05, 2027.  Raises ValueError."""
    text = text.upper()
    week = _WEEK.fullmatch(text)
    if week:
        return date.fromisocalendar(int(week[1]), int(week[2]), 1)
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a date")
    year, month, day, quarter = found.groups()
    if quarter:
        return date(int(year), 3 * int(quarter) - 2, 1)
    return date(int(year), int(month or 1), int(day or 1))


@dataclass(frozen=True)
class Calendar:
    """The periods of a horizon.  ``starts`` has one entry more than there are periods: the day after the last."""

    step: str
    starts: tuple[date, ...]
    fiscal_year_start: tuple[int, int] = (1, 1)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Label of every period: 2027, 2027Q1, 2027-03, or the first day of a week."""
        return tuple(_label(self.step, day) for day in self.starts[:-1])

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.starts) - 1

    @property
    def length(self) -> float:
        """Length of a period in years."""
        return LENGTHS[self.step]

    @cached_property
    def fiscal_year_end(self) -> npt.NDArray[np.bool_]:
        """(periods,) whether the next period starts in another fiscal year."""
        month, day = self.fiscal_year_start
        years = np.array([d.year - ((d.month, d.day) < (month, day)) for d in self.starts])
        return np.asarray(years[1:] != years[:-1])

    def parse(self, text: str) -> date:
        """A date or a period label as a date; raises ValueError."""
        return parse_date(text)

    def first_from(self, day: date) -> int:
        """The first period that starts on or after a day; the number of periods where none does."""
        return min(bisect_left(self.starts, day), self.periods)

    def in_periods(self, text: str) -> int:
        """A duration (``9mo``, ``2y``, ``3``) rounded up to periods; raises ValueError."""
        found = _DURATION.fullmatch(text.lower())
        unit = found[2] if found else ""
        if not found or (unit not in _PERIODS and unit not in _YEARS):
            raise ValueError(f"{text!r} is not a duration")
        periods = float(found[1]) * (1.0 if unit in _PERIODS else _YEARS[unit] / self.length)
        return math.ceil(periods - 1e-9)


def make_calendar(start: date, periods: int, step: str, fiscal_year_start: tuple[int, int] = (1, 1)) -> Calendar:
    """The calendar of a horizon.  Raises OverflowError or ValueError where it ends after the year 9999."""
    if step == "week":
        starts = [start + timedelta(days=7 * t) for t in range(periods + 1)]
    else:
        starts = [add_months(start, MONTHS[step] * t) for t in range(periods + 1)]
    return Calendar(step, tuple(starts), fiscal_year_start)


def _label(step: str, day: date) -> str:
    if step == "year":
        return f"{day.year}"
    if step == "quarter":
        return f"{day.year}Q{(day.month + 2) // 3}"
    return f"{day.year}-{day.month:02}" if step == "month" else day.isoformat()
