"""An instance: settings and typed tables, with the views that the rooms above read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.errors import Problem
from stockpile.instance.budgets import paid_in
from stockpile.instance.calendar import Calendar
from stockpile.instance.cells import nearest
from stockpile.instance.chains import expand
from stockpile.instance.convert import Converter, empty_table, in_force, records, spans
from stockpile.instance.lineage import Lineage
from stockpile.instance.offers import members_of, offered
from stockpile.instance.parse import raw_table
from stockpile.instance.schema import TABLES
from stockpile.instance.settings import Settings
from stockpile.instance.shocks import WITHOUT_ROW, Scenarios, make_scenarios, mean_of
from stockpile.instance.staging import Staging, make_staging, plain_stages

Floats = npt.NDArray[np.float64]
Periods = npt.NDArray[np.int64]
Key = tuple[Any, ...]
Rows = Iterable[Mapping[Any, Any]]


@dataclass(frozen=True)
class Instance:
    """What a planner hands in.

    ``tables`` are typed, in the units in which they were entered, one frame for every table that is not empty;
    ``table(name)`` gives any of them with all its columns, ``view(name)`` the same in the instance's quantity and money,
    rates per period, prices in money per quantity, dates and durations in periods.  Where it is ``averaged``, there is one
    future, with the mean of the data of its scenarios.
    """

    settings: Settings
    calendar: Calendar
    tables: dict[str, pd.DataFrame]
    warnings: tuple[Problem, ...] = ()
    lineage: Lineage = field(default_factory=Lineage, compare=False)
    averaged: bool = False
    _cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_tables(cls, name: str, settings: Mapping[str, Any], tables: Mapping[str, Rows | pd.DataFrame]) -> Instance:
        """An instance from the content of instance.toml and records by table.  Raises DataError with every fault."""
        from stockpile.instance.make import make_instance
        from stockpile.instance.patch import Layer

        raw = {table: raw_table(f"{table}.csv", rows) for table, rows in tables.items()}
        unknown = [
            Problem(f"{t}.csv", f"is not a table; {nearest(t, TABLES, 'tables are')}") for t in raw if t not in TABLES
        ]
        return make_instance([Layer("", settings, {table: r for table, r in raw.items() if r.rows})], name, unknown)

    def changed(self, changes: Sequence[str]) -> Instance:
        """The instance with some more changes, each ``KEY=VALUE`` as for ``--set``.  Raises DataError with every fault."""
        from stockpile.instance.make import make_instance
        from stockpile.instance.patch import Layer

        raw = {name: raw_table(f"{name}.csv", frame) for name, frame in self.tables.items()}
        found = make_instance([Layer("", self.settings.as_document(), raw)], self.name, (), changes)
        return replace(found, lineage=replace(self.lineage, set=(*self.lineage.set, *found.lineage.set)))

    @property
    def name(self) -> str:
        """Short name."""
        return self.settings.name

    @property
    def title(self) -> str:
        """What the instance is about, in a line."""
        return self.settings.title

    @cached_property
    def hash(self) -> str:
        """Hash of the content: settings and every cell, whatever files held them (SHA-256, hexadecimal)."""
        digest = hashlib.sha256(json.dumps(self.settings.as_document(), sort_keys=True).encode())
        for name, frame in self.tables.items():
            digest.update(f"\n{name} {len(frame)}".encode())
            for column in TABLES[name].columns:
                cells = frame[column.name]
                digest.update(f"\n{column.name}\n".encode())
                if column.is_number:
                    digest.update((cells.to_numpy(dtype=np.float64) + 0.0).tobytes())
                else:
                    digest.update(json.dumps(cells.tolist()).encode())
        return digest.hexdigest()

    def table(self, name: str) -> pd.DataFrame:
        """A table as it was entered, typed; without rows where the instance has none.  Raises KeyError."""
        made = self._made if name in ("scenarios", "shocks") else {}
        return made.get(name, self.tables[name] if name in self.tables else empty_table(name))

    @cached_property
    def _made(self) -> dict[str, pd.DataFrame]:
        """The scenarios and shocks that its chains make; of an instance without them nothing."""
        return expand(self)

    def view(self, name: str) -> pd.DataFrame:
        """A table converted (see the class).  Raises KeyError."""
        view: pd.DataFrame = self.kept(("view", name), lambda: self._converter.view(name))
        return view

    def records(self, name: str) -> list[dict[str, Any]]:
        """The rows of a view by name of the column; nobody may change them.  Raises KeyError."""
        found: list[dict[str, Any]] = self.kept(("records", name), lambda: records(self.view(name)))
        return found

    @cached_property
    def _converter(self) -> Converter:
        return Converter(self.settings.units, self.calendar, {name: self.table(name) for name in TABLES})

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made of the instance under this key, made once; nobody may change it."""
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    @property
    def price_factor(self) -> float:
        """Money of one unit of quantity at a price of 1, in the instance's units; 0.001 for t, USD/kg and MUSD."""
        return self._converter.price

    @cached_property
    def discount(self) -> Floats:
        """(periods + 1,) discount factor of the start of every period, and of the end of the last."""
        years = np.arange(self.calendar.periods + 1) * self.calendar.length
        return np.asarray((1.0 + self.settings.economics.discount_rate) ** -years, dtype=np.float64)

    @cached_property
    def scenarios(self) -> Scenarios | None:
        """Its scenarios and the shocks in them; None where there is one future and nothing happens in it."""
        found = make_scenarios(self)
        return mean_of(found) if self.averaged and found is not None else found

    @cached_property
    def staging(self) -> Staging | None:
        """What shocks do to its stages; None where they do nothing to any."""
        return make_staging(self)

    @property
    def columns(self) -> int:
        """Columns of a step function: the periods of the first scenario, those of the second, and so on."""
        return self.calendar.periods if self.scenarios is None else self.scenarios.columns

    def label_at(self, column: int) -> str:
        """Label of the period of a column."""
        return self.calendar.labels[column % self.calendar.periods]

    def in_view(self, table: str, column: str, key: Key, value: float) -> float:
        """A value as it would stand in the row of a key -> in view units; of stages as it is."""
        if table == "stages":
            return value
        names = dict(zip(TABLES[table].series_key, key, strict=True))
        frame = pd.DataFrame({**{name: [part] for name, part in names.items()}, column: [value]})
        return float(self._converter.column(TABLES[table], TABLES[table].column(column), frame)[0])

    def series(self, table: str, column: str, fill: float) -> tuple[list[Key], Floats]:
        """A column of a table of step functions by key: keys (the table's without ``from``), (keys, ``columns``).

        ``fill`` stands where no row is in force, NaN where the row in force is blank.  In view units, with the shocks of
        every scenario.
        """
        found: tuple[list[Key], Floats] = self.kept(
            ("series", table, column, repr(fill)), lambda: self._series(table, column, fill)
        )
        return found

    def plain_series(self, table: str, column: str) -> tuple[list[Key], Floats]:
        """A step function without shocks: keys, (keys, periods); of budgets what is paid in, of duties that of every offer.

        Of stages their durations in periods, and as ``outcome`` 1: they pass.
        """
        if table == "budgets":
            funds: list[Key] = [(str(fund),) for fund in dict.fromkeys(self.view("budgets")["fund"])]
            return funds, np.array(
                [paid_in(self.view("budgets"), self.table("budgets"), self.calendar, fund) for (fund,) in funds]
            ).reshape(len(funds), self.calendar.periods)
        if table == "stages":
            return plain_stages(self, column)
        if table == "duties":
            view = self.view("sources")
            pairs: list[Key] = list(
                dict.fromkeys((o, g) for o, g in zip(view["origin"], view["good"], strict=True) if isinstance(o, str))
            )
            return pairs, np.array([self._plain_duty(*pair) for pair in pairs]).reshape(
                len(pairs), self.calendar.periods
            )
        return in_force(TABLES[table], self.view(table), column, WITHOUT_ROW.get(table, 0.0), self.calendar.periods)

    def _series(self, table: str, column: str, fill: float) -> tuple[list[Key], Floats]:
        if table == "stages":
            plain = self.plain_series(table, column)
        else:
            plain = in_force(TABLES[table], self.view(table), column, fill, self.calendar.periods)
        return plain if self.scenarios is None else self.scenarios.shocked(table, column, plain)

    def spans(self, table: str) -> tuple[Periods, Periods]:
        """(rows,) the first period in which every row of a table of step functions holds, and the one after the last."""
        return spans(TABLES[table], self.view(table), self.calendar.periods)

    def offers(self, column: str, fill: float) -> tuple[list[Key], Floats]:
        """The ``width`` or ``price`` of every price step by source, as ``series`` gives it.

        The steps of a market stand for every source in it, their prices with its premium.
        """
        found: tuple[list[Key], Floats] = self.kept(("offers", column, repr(fill)), lambda: self._offers(column, fill))
        return found

    def _offers(self, column: str, fill: float) -> tuple[list[Key], Floats]:
        sources = self.view("sources")
        members, own = members_of(sources), self.series("prices", column, fill)
        if not members:
            return own
        premium = dict(zip(sources["source"], sources["premium"].to_numpy(dtype=np.float64), strict=True))
        added = [float(premium[k]) if column == "price" else 0.0 for names in members.values() for k in names]
        return offered(own, self.series("markets", column, fill), members, added)

    def tiers_of(self, sector: str, good: str) -> pd.DataFrame:
        """The tiers of shortfall of a sector and a good in their order: the most specific rows that the table has."""
        return self._specific("tiers", sector, good)

    def backlog_of(self, sector: str, good: str) -> pd.DataFrame:
        """The row of the backlog table that counts for a sector and a good; no row where its demand does not wait."""
        rows = self._specific("backlog", sector, good)
        return rows[rows["max_wait"] != 0]

    def _specific(self, table: str, sector: str, good: str) -> pd.DataFrame:
        """The rows of a sector and a good, else of the sector, else of the good, else of neither."""
        found: dict[Key, pd.DataFrame] = self.kept(("specific", table), lambda: self._by_user(table))
        for key in ((sector, good), (sector, None), (None, good), (None, None)):
            if key in found:
                return found[key]
        return self.view(table).iloc[:0]

    def _by_user(self, table: str) -> dict[Key, pd.DataFrame]:
        view = self.view(table)
        view = view.sort_values("tier", kind="stable") if table == "tiers" else view
        return {key: view.iloc[rows] for key, rows in _groups(view, ["sector", "good"]).items()}

    def financing_of(self, project: str, stage: int) -> pd.DataFrame:
        """Shares and terms of the funds that may pay for a stage; rows of the stage come before general ones."""
        terms: pd.DataFrame = self.kept(("financing", project, stage), lambda: self._financing_of(project, stage))
        return terms

    def _financing_of(self, project: str, stage: int) -> pd.DataFrame:
        found: dict[Key, list[int]] = self.kept("financing", lambda: _groups(self.view("financing"), ["project"]))
        view = self.view("financing")
        if (project,) not in found:
            funds = [str(f) for f in self.view("funds")["fund"] if "projects" in self.uses_of(str(f))]
            blank = {c.name: c.default for c in TABLES["financing"].columns if c.default is not None}
            return pd.DataFrame({"fund": funds, **blank, "tenor": np.nan})
        mine = view.iloc[found[project,]]
        own = mine[mine["stage"] == stage]
        general = mine[mine["stage"].isna() & ~mine["fund"].isin(own["fund"])]
        both = pd.concat([general, own])
        return both[["projects" in self.uses_of(str(fund)) for fund in both["fund"]]]

    def guarantees_of(self, project: str, stage: int) -> pd.DataFrame:
        """Guarantees of the loans for a stage (0: from before the horizon); rows of the stage come before general ones."""
        view = self.view("guarantees")
        mine = view[view["project"] == project]
        own = mine[mine["stage"] == stage]
        named = set(zip(own["lender"], own["fund"], strict=True))
        general = mine[mine["stage"].isna() & (stage > 0)]
        kept = [pair not in named for pair in zip(general["lender"], general["fund"], strict=True)]
        return pd.concat([general[np.array(kept, dtype=bool)], own])

    def uses_of(self, fund: str) -> tuple[str, ...]:
        """What a fund may pay for, of purchases, storage and projects."""
        uses: dict[str, tuple[str, ...]] = self.kept("uses", self._uses)
        return uses[fund]

    def _uses(self) -> dict[str, tuple[str, ...]]:
        every = TABLES["funds"].column("uses").choices
        view = self.view("funds")
        return {
            str(fund): every if not isinstance(uses, str) else tuple(w.strip() for w in uses.split(";"))
            for fund, uses in zip(view["fund"], view["uses"], strict=True)
        }

    def budget(self, fund: str) -> Floats:
        """(columns,) money paid into a fund, with the shocks of every scenario.

        A payment falls in the first period that starts on or after its date; one repeated every year on each anniversary.
        """
        paid = paid_in(self.view("budgets"), self.table("budgets"), self.calendar, fund)
        if self.scenarios is None:
            return paid
        return np.asarray(self.scenarios.shocked("budgets", "amount", ([(fund,)], paid[None, :]))[1][0])

    def end_value(self, kind: str, *names: str) -> float:
        """What counts at the end of something of a kind: the row of its first name that has one, else that of all, else 0."""
        values: dict[Key, float] = self.kept("end_values", self._end_values)
        return next((values[kind, name] for name in (*names, None) if (kind, name) in values), 0.0)

    def order_values(self) -> Floats:
        """(sources,) what a unit on order at the end is worth, money; 0 where no order may arrive after the horizon."""
        worth: Floats = self.kept("order_values", self._order_values)
        return worth

    def _order_values(self) -> Floats:
        view = self.view("sources")
        rows = zip(view["source"], view["good"], view["paid_by"], strict=True)
        worth = [0.0 if payer == "market" else self.end_value("order", str(k), str(g)) for k, g, payer in rows]
        return np.array(worth, dtype=np.float64)

    def _end_values(self) -> dict[Key, float]:
        view = self.view("end_values")
        return {
            (kind, name if isinstance(name, str) else None): float(value)
            for kind, name, value in zip(view["kind"], view["name"], view["value"], strict=True)
        }

    def duty_rates(self, origin: str, good: str) -> Floats:
        """(columns,) duty on a good of an origin, as a share of the price; rows of the good come before those of all."""
        plain = self._plain_duty(origin, good)
        if self.scenarios is None:
            return plain
        return np.asarray(self.scenarios.shocked("duties", "rate", ([(origin, good)], plain[None, :]))[1][0])

    def _plain_duty(self, origin: str, good: str) -> Floats:
        """(periods,) the same without shocks."""
        place: dict[Key, Floats] = self.kept("duties", self._duties)
        found = next((key for key in ((origin, good), (origin, None)) if origin and key in place), None)
        return np.zeros(self.calendar.periods) if found is None else place[found]

    def _duties(self) -> dict[Key, Floats]:
        """(periods,) duties as the table has them."""
        found = in_force(TABLES["duties"], self.view("duties"), "rate", 0.0, self.calendar.periods)
        return dict(zip(*found, strict=True))

    def sale_price(self, good: str) -> Floats:
        """(columns,) what a unit of a good sells for, money per quantity; NaN where it cannot be sold."""
        found: dict[str, Floats] = self.kept("sale_price", self._sale_prices)
        return found.get(good, np.full(self.columns, np.nan))

    def _sale_prices(self) -> dict[str, Floats]:
        keys, discount = self.series("rotation", "discount", np.nan)
        _, own = self.series("rotation", "price", np.nan)
        cheapest = self._first_prices()
        none = np.full(self.columns, np.nan)
        out = {}
        for (good, mode), share, price in zip(keys, discount, own, strict=True):
            if mode != "sale":
                continue
            base = np.where(np.isnan(price), cheapest.get(good, none), price)
            out[str(good)] = base * (1.0 - share)
        return out

    def market_price(self, source: str) -> Floats:
        """(periods,) price of the first step of a source, money per quantity; NaN where none is in force."""
        keys, prices = self.offers("price", np.nan)
        place: dict[Key, int] = self.kept("market_price", lambda: {key: i for i, key in enumerate(keys)})
        none = np.full(self.columns, np.nan)
        return np.asarray(prices[place[source, 1]]) if (source, 1) in place else none

    def _first_prices(self) -> dict[str, Floats]:
        """By good the cheapest price of a first step in force among its sources; NaN where there is none."""
        keys, prices = self.offers("price", np.nan)
        good_of = self._converter.good_of
        out: dict[str, Floats] = {}
        for (source, step), price in zip(keys, prices, strict=True):
            if step == 1:
                good = good_of[source]
                out[good] = np.fmin(out[good], price) if good in out else price
        return out


def _groups(view: pd.DataFrame, columns: Sequence[str]) -> dict[Key, list[int]]:
    """Positions of the rows by the value of some columns, None for a blank."""
    groups: dict[Key, list[int]] = {}
    for row, key in enumerate(zip(*(view[c] for c in columns), strict=True)):
        groups.setdefault(tuple(part if isinstance(part, str) else None for part in key), []).append(row)
    return groups
