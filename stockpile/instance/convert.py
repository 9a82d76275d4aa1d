"""Typed tables -> views: one unit for every quantity and for money, rates per period, dates and durations in periods."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.instance.calendar import Calendar, parse_date
from stockpile.instance.labels import labels_of
from stockpile.instance.schema import DATES, TABLES, Column, Table
from stockpile.instance.settings import TIMES, Units
from stockpile.instance.units import price_factor, quantity_factor

Floats = npt.NDArray[np.float64]
_EMPTY: dict[str, pd.DataFrame] = {}
"""Views of tables without rows."""


class Converter:
    """Converts the tables of one instance; views are in the instance's quantity and money, prices in money per quantity."""

    def __init__(self, units: Units, calendar: Calendar, tables: dict[str, pd.DataFrame]) -> None:
        self.calendar = calendar
        self.tables = tables
        self.price = price_factor(units.price, units.quantity, units.money)
        #: Length of a period in units of the time basis.
        self.time = 1.0 if units.time == "period" else calendar.length / TIMES[units.time]
        goods = tables["goods"]
        own = [units.quantity if u is None else str(u) for u in goods["unit"]]
        self.factor = {str(g): quantity_factor(u, units.quantity) for g, u in zip(goods["good"], own, strict=True)}
        sources = tables["sources"]
        self.good_of = {str(k): str(g) for k, g in zip(sources["source"], sources["good"], strict=True)}
        sold = zip(sources["market"], sources["good"], strict=True)
        self.good_sold_in = {str(u): str(g) for u, g in reversed(list(sold)) if isinstance(u, str)}
        self._index: dict[tuple[str, str], int] = {}

    def view(self, name: str) -> pd.DataFrame:
        """A table with every column converted; ``from`` and ``until`` are periods, durations numbers of periods.

        Tables without rows are the same in all units: one view of each serves all instances.
        """
        table, frame = TABLES[name], self.tables[name]
        if not len(frame) and name in _EMPTY:
            return _EMPTY[name]
        columns = {c.name: self.column(table, c, frame) for c in table.columns}
        if name == "funds":
            private = frame["kind"].to_numpy(dtype=object) == "private"
            given = frame["public"].to_numpy(dtype=object)
            columns["public"] = np.array(
                [not p if g is None else bool(g) for p, g in zip(private, given, strict=True)], bool
            )
        view = pd.DataFrame(columns, frame.index, labels_of(name), copy=False)
        return view if len(frame) else _EMPTY.setdefault(name, view)

    def column(self, table: Table, column: Column, frame: pd.DataFrame) -> Any:
        """The cells of a column of some rows of a table, converted."""
        cells = frame[column.name]
        if column.kind in DATES:
            return periods_of(cells, column, self.calendar)
        if column.kind == "duration":
            return self._durations(cells)
        if not column.is_number:
            return cells
        values = cells.to_numpy(dtype=np.float64)
        if column.kind in ("quantity", "flow"):
            values = values * self._factors(frame)
        if column.kind == "effect":
            return values * self._effect_factors(frame)
        if column.kind == "bound":
            return values * np.where(frame["kind"] == "deliveries", self._factors(frame), 1.0)
        if column.kind == "fine":
            return values * self._fine_factors(frame)
        if column.kind == "intensity":
            return values / self._user_factors(frame)
        if column.kind in ("energy", "emissions"):
            return values / self._factors(frame)
        if column.kind in ("price", "price_rate"):
            values = values * self.price
        if column.kind == "end":
            values = np.where(frame["kind"].isin(("lent", "order")).to_numpy(), values * self.price, values)
        if column.kind in ("flow", "price_rate", "effort"):
            values = values * self.time
        if column.kind == "loss":
            values = values if self.time == 1.0 else -np.expm1(self.time * np.log1p(-values))
        if column.kind == "interest":
            values = values if self.time == 1.0 else np.expm1(self.time * np.log1p(values))
        if column.kind == "integer" and not np.isnan(values).any():
            return values.astype(np.int64)
        return values

    def _factors(self, frame: pd.DataFrame) -> Any:
        """Factor of the good of every row; 1 in a table without goods, and in a row of all goods."""
        if "good" in frame.columns:
            goods = frame["good"].to_numpy(dtype=object)
        elif "source" in frame.columns:
            goods = np.array([self.good_of[k] for k in frame["source"]], dtype=object)
        elif "market" in frame.columns:
            sold = [self.good_sold_in.get(str(u)) for u in frame["market"]]
            return np.array([1.0 if g is None else self.factor[g] for g in sold], dtype=np.float64)
        else:
            return 1.0
        if all(f == 1.0 for f in self.factor.values()):
            return 1.0
        return np.array([self.factor[g] if isinstance(g, str) else 1.0 for g in goods], dtype=np.float64)

    def _effect_factors(self, frame: pd.DataFrame) -> Floats:
        """Supply is a rate in the unit of the source's good, that of a process one in the instance's; capacity a quantity,
        revenue money per time unit, demand a share."""
        factors = []
        for kind, name in zip(frame["kind"], frame["name"], strict=True):
            if kind == "supply":
                factors.append(self.time * self.factor[self.good_of[name]])
            else:
                factors.append(self.time if kind in ("revenue", "process") else 1.0)
        return np.array(factors, dtype=np.float64)

    def _user_factors(self, frame: pd.DataFrame) -> Floats:
        """Factor of what every row orders or delivers; 1 for a stage or a process."""
        rows = zip(frame["kind"], frame["name"], strict=True)
        return np.array(
            [1.0 if kind in ("stage", "process") else self.factor[self.good_of[name]] for kind, name in rows],
            np.float64,
        )

    def _fine_factors(self, frame: pd.DataFrame) -> Floats:
        """A penalty is a price where quantities are limited, money for money elsewhere; per time unit of what stands."""
        price = {"deliveries": self.price, "share": self.price, "market-share": self.price, "cover": self.price}
        time = {"cover": self.time, "exposure": self.time}
        return np.array([price.get(kind, 1.0) * time.get(kind, 1.0) for kind in frame["kind"]], dtype=np.float64)

    def _durations(self, cells: pd.Series) -> Floats:
        return _mapped(cells, lambda text: float(self.calendar.in_periods(text)), np.nan)


def periods_of(cells: pd.Series, column: Column, calendar: Calendar) -> npt.NDArray[np.int64]:
    """Dates as periods: blank is the one after the last in a column of kind ``until``, the first one in others."""
    blank = float(calendar.periods) if column.kind == "until" else 0.0
    return _mapped(cells, lambda text: float(calendar.first_from(parse_date(text))), blank).astype(np.int64)


def _mapped(cells: pd.Series, value: Callable[[str], float], blank: float) -> Floats:
    """A value for every text, worked out once for each that occurs."""
    codes, texts = pd.factorize(cells.to_numpy(dtype=object))
    return np.array([*map(value, texts), blank], dtype=np.float64)[codes]


def _grouped(view: pd.DataFrame, names: list[str]) -> tuple[list[tuple[Any, ...]], npt.NDArray[np.int64]]:
    """The keys of some columns in order of first appearance (None for a blank), and the number of its key for every row."""
    code = np.zeros(len(view), dtype=np.int64)
    for name in names:
        codes, known = pd.factorize(view[name])
        code = code * (len(known) + 1) + codes + 1
    group = pd.factorize(code)[0].astype(np.int64)
    first = np.unique(group, return_index=True)[1]
    keys = zip(*(view[name].iloc[first].tolist() for name in names), strict=True)
    return [tuple(None if part is None or part != part else part for part in key) for key in keys], group


def in_force(
    table: Table, view: pd.DataFrame, column: str, fill: float, periods: int
) -> tuple[list[tuple[Any, ...]], Floats]:
    """The step functions of a column: keys in order of first appearance, values (keys, periods).

    A row holds from its ``from`` until its ``until`` or the next row of its key; ``fill`` stands where no row holds, NaN
    where the row that holds is blank.
    """
    if not len(view):
        return [], np.empty((0, periods))
    keys, group = _grouped(view, list(table.series_key))
    values = view[column].to_numpy(dtype=np.float64)
    holds = np.full((len(keys), periods), -1, dtype=np.int64)
    begin = view["from"].to_numpy(dtype=np.int64)
    holds[group, begin] = np.arange(len(view))
    # The row that began last: rows are numbered in any order, so carry positions forward, not maxima.
    at = np.where(holds >= 0, np.arange(periods)[None, :], -1)
    last = np.maximum.accumulate(at, axis=1) if periods else at
    row = np.where(last >= 0, np.take_along_axis(holds, np.maximum(last, 0), axis=1), -1)
    until = view["until"].to_numpy(dtype=np.int64)
    active = (row >= 0) & (np.arange(periods)[None, :] < until[row])
    return keys, np.where(active, values[row], fill)


def spans(table: Table, view: pd.DataFrame, periods: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(rows,) the first period in which every row of a table of step functions holds, and the one after the last."""
    begin = view["from"].to_numpy(dtype=np.int64)
    end = np.minimum(view["until"].to_numpy(dtype=np.int64), periods)
    _, group = _grouped(view, list(table.series_key))
    following: dict[int, int] = {}
    for row in np.argsort(begin, kind="stable")[::-1]:
        end[row] = min(int(end[row]), following.get(int(group[row]), periods))
        following[int(group[row])] = int(begin[row])
    return begin, end


@cache
def empty_table(name: str) -> pd.DataFrame:
    """A table with all its columns and no rows; one for all instances, so never to be changed."""
    columns = {c.name: pd.Series(dtype="float64" if c.is_number else "object") for c in TABLES[name].columns}
    return pd.DataFrame(columns)


def records(view: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a data frame by name of the column."""
    columns = {str(name): column.tolist() for name, column in view.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
