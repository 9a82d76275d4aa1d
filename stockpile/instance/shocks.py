"""Shocks on the data: what they do to a step function, and when scenarios can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.instance.schema.scenarios import SELECTORS

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance
    from stockpile.instance.staging import Stage, Staging

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Key = tuple[Any, ...]
Series = tuple[list[Key], Floats]
Attributes = Mapping[str, Any]

#: The columns that a quantity changes: table and column.
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "supply": (("supply", "capacity"),),
    "price": (("prices", "price"), ("markets", "price"), ("indices", "price")),
    "demand": (("demand", "quantity"),),
    "duty": (("duties", "rate"),),
    "arrival": (("arrivals", "share"),),
    "budget": (("budgets", "amount"),),
    "capacity": (("storage", "capacity"), ("resources", "capacity"), ("capacity", "capacity")),
    "depth": (("rotation", "depth"),),
    "duration": (("stages", "duration"),),
    "outcome": (("stages", "outcome"),),
}
#: What holds where a table has no row in force, if not 0.
WITHOUT_ROW = {"arrivals": 1.0, "prices": np.nan, "markets": np.nan, "indices": np.nan}
#: Quantities of stages, which are not seen when they begin to act.
OF_STAGES = ("duration", "outcome")
QUANTITY_OF = {column: quantity for quantity, columns in COLUMNS.items() for column in columns}


@dataclass(frozen=True)
class Shock:
    """One row: it acts from period ``begin`` until the next row of its ``profile``, at most until ``until`` (exclusive).

    It is known from period ``announced`` on; of stages never where nobody tells.  ``value`` is NaN where the row has a factor; it is in the units of the table.
    """

    row: int
    profile: tuple[str | None, ...]
    scenario: str | None
    quantity: str
    selectors: tuple[tuple[str, str], ...]
    begin: int
    until: int
    factor: float
    value: float
    announced: int

    def end(self, rows: Iterable[Shock]) -> int:
        """The period in which it ends, given the rows that are known."""
        return min([self.until, *(s.begin for s in rows if s.profile == self.profile and s.begin > self.begin)])

    def hits(self, attributes: Attributes) -> bool:
        """Whether everything that it chooses by is so; what has no such attribute is not hit."""
        return all(attributes.get(name) == chosen for name, chosen in self.selectors)


@dataclass(frozen=True)
class Scenarios:
    """The scenarios of an instance and the shocks in each.

    Step functions of an instance with several have ``periods`` columns for each scenario, one after the other.
    """

    names: tuple[str, ...]
    probability: Floats
    periods: int
    shocks: tuple[Shock, ...]
    _attributes: dict[tuple[str, str], Callable[[Key], Attributes]] = field(repr=False)
    _more: dict[tuple[str, str], tuple[list[Key], float]] = field(repr=False)
    _in_view: Callable[[str, str, Key, float], float] = field(repr=False)
    _plain: Callable[[str, str], Series] = field(repr=False)
    _staging: Callable[[], Staging | None] = field(repr=False)

    @property
    def columns(self) -> int:
        """How many columns a step function has."""
        return self.periods * len(self.names)

    def of(self, scenario: str) -> list[Shock]:
        """The shocks of a scenario, those of all scenarios among them."""
        return [shock for shock in self.shocks if shock.scenario in (None, scenario)]

    def hit(self, shock: Shock) -> Iterator[tuple[str, str, Key]]:
        """What a shock could change: table, column, and key, of what the tables have or could have."""
        for table, column in COLUMNS[shock.quantity]:
            for key in self._more[table, column][0]:
                if shock.hits(self._attributes[table, column](key)):
                    yield table, column, key

    def shocked(self, table: str, column: str, found: Series) -> Series:
        """A step function over the periods -> over the columns, with the shocks of every scenario.

        Keys that are hit but have no row are added.
        """
        if (table, column) not in self._hit_columns:
            return found[0], np.tile(found[1], (1, len(self.names)))
        keys, base = self._with_more(table, column, *found)
        parts = [self._in_one(table, column, (keys, base), self.of(name)) for name in self.names]
        return keys, np.concatenate(parts, axis=1)

    @cached_property
    def _hit_columns(self) -> list[tuple[str, str]]:
        """The columns that some shock may change."""
        quantities = {s.quantity for s in self.shocks}
        return [column for column, quantity in QUANTITY_OF.items() if quantity in quantities]

    def _with_more(self, table: str, column: str, keys: list[Key], base: Floats) -> Series:
        """The keys that a shock hits although the table has no row of them, with what holds without a row."""
        possible, fill = self._more[table, column]
        known = {tuple(key) for key in keys}
        relevant = [s for s in self.shocks if s.quantity == QUANTITY_OF[table, column]]
        of = self._attributes[table, column]
        more = [key for key in possible if key not in known and any(s.hits(of(key)) for s in relevant)]
        return [*keys, *more], np.concatenate([base, np.full((len(more), self.periods), fill)])

    def _in_one(self, table: str, column: str, found: Series, shocks: Sequence[Shock]) -> Floats:
        """The step function with some shocks."""
        keys, base = found
        factor, value = np.ones_like(base), np.full_like(base, np.nan)
        attributes = [self._attributes[table, column](key) for key in keys]
        for shock in shocks:
            if shock.quantity != QUANTITY_OF[table, column]:
                continue
            span = slice(shock.begin, shock.end(shocks))
            for i, own in enumerate(attributes):
                if shock.hits(own):
                    if np.isnan(shock.value):
                        factor[i, span] *= shock.factor
                    else:
                        value[i, span] = self._in_view(table, column, keys[i], shock.value)
        with np.errstate(invalid="ignore"):
            multiplied = np.where(factor == 0.0, 0.0, base * factor)
        return np.where(np.isnan(value), multiplied, value)

    def groups(self) -> Ints:
        """(scenarios, periods) the first scenario of those that cannot be told apart so far."""
        staging = self._staging()
        return self._groups(None if staging is None else staging.seen)

    def _groups(self, seen: Ints | None) -> Ints:
        """The same, where ``seen`` (., scenarios, periods) is seen in every period beside what is announced."""
        out = np.zeros((len(self.names), self.periods), dtype=np.int64)
        moments = {0} | {s.announced for s in self.shocks if s.announced < self.periods}
        told: list[Any] = [None] * len(self.names)
        group = [0] * len(self.names)
        for t in range(self.periods) if seen is not None else sorted(moments):
            if t in moments:
                told = [self._known(name, t) for name in self.names]
            found = [b"" if seen is None else seen[:, i, t].tobytes() for i in range(len(self.names))]
            first: dict[Any, int] = {}
            group = [first.setdefault(key, i) for i, key in enumerate(zip(group, told, found, strict=True))]
            out[:, t:] = np.array(group, dtype=np.int64)[:, None]
        return out

    def surmised(self) -> list[tuple[int, int, int, Stage]]:
        """Where scenarios part by what is seen of a stage only if it is released in time: period, one of each group, the stage."""
        staging = self._staging()
        if staging is None:
            return []
        whole, rest, found = self._groups(staging.seen), self._groups(staging.certainly_seen), []
        for t, i in np.argwhere((whole == np.arange(len(self.names))[:, None]).T):
            other = int(whole[i, t - 1]) if t else 0
            if other == i or rest[i, t] != rest[other, t]:
                continue
            differs = staging.seen[:, i, t] != staging.seen[:, other, t]
            rows = np.flatnonzero(differs.reshape(2, -1).any(axis=0))
            found += [(int(t), other, int(i), staging.stages[row]) for row in rows]
        return found

    @cached_property
    def _affected(self) -> list[tuple[str, str, Series]]:
        """The rows of step functions that some shock hits, without shocks."""
        found = []
        for table, column in self._hit_columns:
            keys, base = self._with_more(table, column, *self._plain(table, column))
            of, relevant = (
                self._attributes[table, column],
                [s for s in self.shocks if s.quantity == QUANTITY_OF[table, column]],
            )
            rows = [i for i, key in enumerate(keys) if any(s.hits(of(key)) for s in relevant)]
            found.append((table, column, ([keys[i] for i in rows], base[rows])))
        return found

    def changes(self, shock: Shock) -> bool:
        """Whether a shock changes any of the data by itself, or by ending earlier rows of its key: half of what is without limit is without limit."""
        before = [s for s in self.shocks if s.profile == shock.profile and s.begin < shock.begin]
        rows = [*before, shock]
        pairs = ((self._in_one(t, c, plain, rows), self._in_one(t, c, plain, before)) for t, c, plain in self._affected)
        return any(not np.array_equal(with_it, without, equal_nan=True) for with_it, without in pairs)

    def _known(self, scenario: str, moment: int) -> tuple[bytes, ...]:
        """What is known of a scenario in a period: all data as the shocks make them that are announced by then."""
        told = [s for s in self.of(scenario) if s.announced <= moment]
        return tuple(
            (self._in_one(table, column, plain, told) + 0.0).tobytes() for table, column, plain in self._affected
        )


@dataclass(frozen=True)
class Mean(Scenarios):
    """One future whose data are those of ``members``, weighed by their ``weights``.

    Where a limit or a price is not there in one of them, it is not there in the mean.  A mean duration of a stage is rounded
    up to periods, and a stage passes that is more likely to than not.
    """

    members: tuple[str, ...] = ()
    weights: Floats = field(default_factory=lambda: np.ones(0))

    def shocked(self, table: str, column: str, found: Series) -> Series:
        """A step function with the mean of what the shocks of the members make of it."""
        if (table, column) not in self._hit_columns:
            return found
        keys, base = self._with_more(table, column, *found)
        parts = [self._in_one(table, column, (keys, base), self.of(name)) for name in self.members]
        alike = np.all([(part == parts[0]) | np.isnan(part) & np.isnan(parts[0]) for part in parts], axis=0)
        return keys, np.where(alike, parts[0], np.tensordot(self.weights, np.array(parts), axes=1))

    def groups(self) -> Ints:
        """(1, periods) there is nothing to tell apart."""
        return np.zeros((1, self.periods), dtype=np.int64)


def mean_of(scenarios: Scenarios) -> Mean:
    """The one future in which all data are what is expected of them."""
    kept = {f.name: getattr(scenarios, f.name) for f in fields(Scenarios)}
    total = float(scenarios.probability.sum())
    own = {"names": ("expected",), "probability": np.ones(1)}
    return Mean(**{**kept, **own}, members=scenarios.names, weights=scenarios.probability / total)


def make_scenarios(instance: Instance) -> Scenarios | None:
    """The scenarios of an instance; None where it has neither scenarios nor shocks."""
    table, shocks = instance.view("scenarios"), instance.view("shocks")
    if not len(table) and not len(shocks):
        return None
    known = len(table) > 0
    return Scenarios(
        names=tuple(str(s) for s in table["scenario"]) if known else ("",),
        probability=table["probability"].to_numpy(dtype=np.float64) if known else np.ones(1),
        periods=instance.calendar.periods,
        shocks=tuple(_shocks(instance, shocks)),
        _attributes=_attributes(instance),
        _more=_possible(instance),
        _in_view=instance.in_view,
        _plain=instance.plain_series,
        _staging=lambda: instance.staging,
    )


def _shocks(instance: Instance, view: pd.DataFrame) -> Iterator[Shock]:
    """The rows of the table; what is known before it acts is announced, the rest when it begins."""
    entered, periods = instance.table("shocks"), instance.calendar.periods
    names = ["scenario", "shock", "quantity", *SELECTORS]
    keys = [tuple(_text(cell) for cell in row) for row in zip(*(view[n] for n in names), strict=True)]
    begins = view["from"].to_numpy(dtype=np.int64)
    for row, key in enumerate(keys):
        factor, value = float(view["factor"].iloc[row]), float(view["value"].iloc[row])
        unseen = periods if key[2] in OF_STAGES else begins[row]
        told = view["announced"].iloc[row] if _text(entered["announced"].iloc[row]) is not None else unseen
        yield Shock(
            row=row,
            profile=key,
            scenario=key[0],
            quantity=str(key[2]),
            selectors=tuple((n, c) for n, c in zip(SELECTORS, key[3:], strict=True) if c is not None),
            begin=int(begins[row]),
            until=min(int(view["until"].iloc[row]), periods),
            factor=1.0 if np.isnan(factor) else factor,
            value=value,
            announced=int(told),
        )


def _text(cell: Any) -> str | None:
    """A cell as text; a number of a stage too."""
    if isinstance(cell, Real) and cell == cell:
        return str(int(float(cell)))
    return cell if isinstance(cell, str) else None


def _attributes(instance: Instance) -> dict[tuple[str, str], Callable[[Key], Attributes]]:
    """By table and column, what a key of its step function can be chosen by."""
    sources: dict[Any, Attributes] = {}
    view = instance.view("sources")
    for source, good, origin, market in zip(*(view[n] for n in ("source", "good", "origin", "market")), strict=True):
        sources[source] = {"source": source, "good": good, "origin": _text(origin), "market": _text(market)}
    sold = {own["market"]: own["good"] for own in reversed(list(sources.values())) if own["market"] is not None}
    return {
        ("supply", "capacity"): lambda key: sources[key[0]],
        ("prices", "price"): lambda key: sources[key[0]],
        ("arrivals", "share"): lambda key: sources[key[0]],
        ("markets", "price"): lambda key: {"market": key[0], "good": sold.get(key[0])},
        ("indices", "price"): lambda key: {"index": key[0]},
        ("demand", "quantity"): lambda key: {"sector": key[0], "good": key[1]},
        ("duties", "rate"): lambda key: {"origin": key[0], "good": key[1]},
        ("budgets", "amount"): lambda key: {"fund": key[0]},
        ("storage", "capacity"): lambda key: {"good": key[0], "store": key[1]},
        ("resources", "capacity"): lambda key: {"resource": key[0]},
        ("capacity", "capacity"): lambda key: {"process": key[0]},
        ("rotation", "depth"): lambda key: {"good": key[0]} if key[1] == "sale" else {},
        ("stages", "duration"): lambda key: {"project": key[0], "stage": str(key[1])},
        ("stages", "outcome"): lambda key: {"project": key[0], "stage": str(key[1])},
    }


def _possible(instance: Instance) -> dict[tuple[str, str], tuple[list[Key], float]]:
    """By table and column, every key that could have a row, and what holds where it has none."""
    sources = instance.view("sources")
    fed = {
        n
        for n, k in zip(instance.view("effects")["name"], instance.view("effects")["kind"], strict=True)
        if k == "supply"
    }
    names: list[Key] = [(str(k),) for k in sources["source"]]
    goods = [str(g) for g in instance.view("goods")["good"]]
    origins = dict.fromkeys(str(o) for o in sources["origin"] if isinstance(o, str))

    def rows(table: str, *columns: str) -> list[Key]:
        view = instance.view(table)
        return list(dict.fromkeys(zip(*(view[c] for c in columns), strict=True)))

    stages: list[Key] = [(str(p), int(i)) for p, i in rows("stages", "project", "stage")]
    return {
        ("supply", "capacity"): ([key for key in names if key[0] not in fed] + rows("supply", "source"), np.nan),
        ("prices", "price"): (rows("prices", "source", "step"), np.nan),
        ("arrivals", "share"): (names, 1.0),
        ("markets", "price"): (rows("markets", "market", "step"), np.nan),
        ("indices", "price"): (rows("indices", "index"), np.nan),
        ("demand", "quantity"): (rows("demand", "sector", "good"), 0.0),
        ("duties", "rate"): ([(o, g) for o in origins for g in goods], 0.0),
        ("budgets", "amount"): (rows("budgets", "fund"), 0.0),
        ("storage", "capacity"): (rows("storage", "good", "store"), np.nan),
        ("resources", "capacity"): (rows("resources", "resource"), np.nan),
        ("capacity", "capacity"): (rows("capacity", "process"), np.nan),
        ("rotation", "depth"): (rows("rotation", "good", "mode"), np.nan),
        ("stages", "duration"): (stages, np.nan),
        ("stages", "outcome"): (stages, 1.0),
    }
