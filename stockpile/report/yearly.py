"""What a plan has of money and goods by calendar year, from the plan folder alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from stockpile.report.figures import Sums
from stockpile.report.money import IN, LEFT, OUT, USES
from stockpile.report.sheet import NOISE

#: Lines of a good: title, table, column, and whether it is what stands at the end of the year rather than a sum.
GOODS = (
    ("wanted", "service", "demand", False),
    ("short", "service", "short", False),
    ("received", "balance", "received", False),
    ("released", "balance", "released", False),
    ("sold", "balance", "sold", False),
    ("disposed of", "balance", "disposed", False),
    ("lost in storage", "balance", "loss", False),
    ("made less used by processes", "balance", "processed", False),
    ("stock at year end", "balance", "closing", True),
)


@dataclass(frozen=True)
class Line:
    """One figure of a fund or a good in every year; expected ones where the plan has several futures."""

    kind: str
    name: str
    title: str
    unit: str
    values: list[float]


def years_of(sums: Sums) -> list[str]:
    """The calendar years in which a period of the plan starts."""
    return sorted({str(period)[:4] for period in sums.plan.tables["balance"]["period"]})


def by_year(sums: Sums) -> list[Line]:
    """Every line that is not nothing throughout: funds first, then goods; what funds pay is negative."""
    years = years_of(sums)
    return [line for line in (*_funds(sums, years), *_goods(sums, years)) if max(map(abs, line.values)) > NOISE]


def _funds(sums: Sums, years: list[str]) -> Iterator[Line]:
    unit, funds, payments = sums.units["money"], sums.rows("funds"), sums.rows("payments")
    for name in dict.fromkeys(funds["fund"]):
        account, spent = funds[funds["fund"] == name], payments[payments["fund"] == name]
        for title, column in IN:
            yield Line("fund", name, title, unit, _sum(account, column, years))
        for use, title in USES.items():
            paid = _sum(spent[spent["use"] == use], "amount", years)
            yield Line("fund", name, title, unit, [-value for value in paid])
        for title, column in OUT:
            yield Line("fund", name, title, unit, [-value for value in _sum(account, column, years)])
        for title, column in LEFT:
            yield Line("fund", name, title, unit, _last(account, column, years))


def _goods(sums: Sums, years: list[str]) -> Iterator[Line]:
    unit = sums.units["quantity"]
    tables = {name: sums.rows(name) for name in ("service", "balance")}
    for good in dict.fromkeys(tables["balance"]["good"]):
        for title, table, column, last in GOODS:
            own = tables[table][tables[table]["good"] == good]
            yield Line("good", good, title, unit, (_last if last else _sum)(own, column, years))


def _sum(frame: pd.DataFrame, column: str, years: list[str]) -> list[float]:
    """Expected sum of a column in every year."""
    sums = (frame[column] * frame["weight"]).groupby(frame["period"].str[:4]).sum()
    return [float(sums.get(year, 0.0)) for year in years]


def _last(frame: pd.DataFrame, column: str, years: list[str]) -> list[float]:
    """Expected value of a column in the last period of every year."""
    by_period = (frame[column] * frame["weight"]).groupby(frame["period"]).sum().sort_index()
    last = by_period.groupby(by_period.index.str[:4]).last()
    return [float(last.get(year, 0.0)) for year in years]
