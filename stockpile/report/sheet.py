"""What every section of the page reads: an instance, its plan, its audit, and years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rich.text import Text

from stockpile.report.layout import GAP, Column, digits, number, plain, shorten, table

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.plan import Plan

NOISE = 1e-9
"""Amounts up to this are rounding."""


@dataclass(frozen=True)
class Sheet:
    """An instance, its plan and its audit on a page of ``width`` columns.

    ``plan`` has what is expected over all scenarios, ``told`` the plan as it is.
    """

    instance: Instance
    plan: Plan
    audit: Audit
    told: Plan
    width: int = 80

    @property
    def money(self) -> str:
        """Unit of money."""
        return self.instance.settings.units.money

    @property
    def quantity(self) -> str:
        """Unit of quantities."""
        return self.instance.settings.units.quantity

    @property
    def price(self) -> str:
        """Unit of prices."""
        return self.instance.settings.units.price

    def price_of(self, money: pd.Series, quantity: pd.Series) -> list[float]:
        """Average prices of quantities, in the unit of prices; NaN for nothing."""
        scale = 1.0 / self.instance.price_factor
        pairs = zip(money, quantity, strict=True)
        return [m / q * scale if q > NOISE else np.nan for m, q in pairs]

    @cached_property
    def order(self) -> dict[str, int]:
        """Position of every period label."""
        return {label: t for t, label in enumerate(self.instance.calendar.labels)}

    @cached_property
    def year_of(self) -> dict[str, int]:
        """Calendar year in which a period starts, by label."""
        calendar = self.instance.calendar
        return {label: start.year for label, start in zip(calendar.labels, calendar.starts, strict=False)}

    @cached_property
    def years(self) -> list[int]:
        """The calendar years in which a period starts."""
        return sorted(set(self.year_of.values()))

    def rows(self, name: str) -> pd.DataFrame:
        """A table of the plan with the calendar year of each row."""
        frame = self.plan.tables[name].copy()
        frame["year"] = frame["period"].map(self.year_of)
        return frame

    def by_year(self, frame: pd.DataFrame, column: str) -> list[float]:
        """Sum of a column in every year."""
        sums = frame.groupby("year")[column].sum()
        return [float(sums.get(year, 0.0)) for year in self.years]

    def at_year_end(self, frame: pd.DataFrame, column: str) -> list[float]:
        """Value of a column in the last period of every year; NaN where there is no row."""
        last = frame.assign(at=frame["period"].map(self.order)).sort_values("at").groupby("year")[column].last()
        return [float(last.get(year, np.nan)) for year in self.years]


@dataclass(frozen=True)
class Line:
    """A figure by year; figures of one unit are shown with the same decimals."""

    name: str
    unit: str
    values: list[float]


@dataclass(frozen=True)
class Block:
    """Figures by year under one title, the name of a fund or a good."""

    title: str
    lines: list[Line]


def years_table(sheet: Sheet, blocks: list[Block]) -> list[Text]:
    """Years across, blocks of lines down; as many tables below one another as the width needs."""
    lines = [line for block in blocks for line in block.lines]
    units = {line.unit for line in lines}
    decimals = {unit: digits(v for line in lines if line.unit == unit for v in line.values) for unit in units}
    names = max(len(line.name) for line in lines)
    wide = max([4, *(len(number(v, decimals[line.unit])) for line in lines for v in line.values)])
    room = max((sheet.width - 4 - names) // (wide + GAP), 1)
    pieces = -(-len(sheet.years) // room)
    each = -(-len(sheet.years) // pieces)
    out: list[Text] = []
    for start in range(0, len(sheet.years), each):
        if start:
            out.append(Text())
        part = slice(start, start + each)
        columns = [Column(" " * names), *(Column(str(year).rjust(wide), right=True) for year in sheet.years[part])]
        out += table(columns, [], sheet.width, indent=4)
        for block in blocks:
            rows = [
                [line.name.ljust(names), *(number(v, decimals[line.unit]).rjust(wide) for v in line.values[part])]
                for line in block.lines
            ]
            out.append(Text(f"  {shorten(plain(block.title), sheet.width - 2)}"))
            out += table([replace(column, title="") for column in columns], rows, sheet.width, indent=4)
    return out
