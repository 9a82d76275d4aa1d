"""Money paid into funds, by period."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.instance.calendar import Calendar, add_months, parse_date


def paid_in(view: pd.DataFrame, entered: pd.DataFrame, calendar: Calendar, fund: str) -> npt.NDArray[np.float64]:
    """(periods,) what the rows of the budgets table, converted and as ``entered``, pay into a fund; money.

    A payment falls in the first period that starts on or after its date; one repeated every year on each anniversary.
    """
    rows = [i for i, name in enumerate(view["fund"]) if name == fund]
    rows.sort(key=lambda i: int(view["from"].iloc[i]))
    paid = np.zeros(calendar.periods)
    begins = [int(view["from"].iloc[i]) for i in rows]
    for i, following in zip(rows, [*begins[1:], calendar.periods], strict=False):
        end = min(int(view["until"].iloc[i]), following)
        start = entered["from"].iloc[i]
        first = calendar.starts[0] if start is None else parse_date(start)
        for t in _payments(calendar, first, entered["every"].iloc[i]):
            paid[t] += float(view["amount"].iloc[i]) if t < end else 0.0
    return paid


def _payments(calendar: Calendar, first: date, every: str | None) -> list[int]:
    """Periods of the payments that begin on a day."""
    if every == "period":
        return list(range(calendar.first_from(first), calendar.periods))
    years = range(calendar.starts[-1].year - first.year + 1) if every == "year" else range(1)
    days = [add_months(first, 12 * k) for k in years]
    return [t for t in map(calendar.first_from, days) if t < calendar.periods]
