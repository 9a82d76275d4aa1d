"""What policies select, and the periods over which each of their rows sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Record:
    """One row of the table in force in periods ``begin`` to ``end`` - 1; limits are NaN where there is none.

    ``part`` are the sources that count, ``whole`` all that deliver the goods selected, ``goods`` those goods, ``processes`` those that count.  Units: those
    of the instance's views.
    """

    policy: str
    kind: str
    begin: int
    end: int
    per: str
    at_least: float
    at_most: float
    penalty: float
    volume: float
    part: tuple[str, ...]
    whole: tuple[str, ...]
    goods: tuple[str, ...]
    processes: tuple[str, ...]
    origin: str | None
    group: str | None
    by: str
    paid_by: str
    market: str | None
    sector: str | None
    fund: str | None
    project: str | None

    @property
    def lasts(self) -> bool:
        """Whether it is in force in any period."""
        return self.begin < self.end


def records_of(instance: Instance) -> tuple[Record, ...]:
    """The rows of the table that are in force at some time, each until the next of its policy."""
    records: tuple[Record, ...] = instance.kept("policy records", lambda: _records(instance))
    return records


def _records(instance: Instance) -> tuple[Record, ...]:
    found = []
    for row, begin, end in zip(instance.records("policies"), *instance.spans("policies"), strict=True):
        part, whole, goods = _selected(instance, row)
        processes = _processes(instance, row)
        found.append(
            Record(
                policy=str(row["policy"]),
                kind=str(row["kind"]),
                begin=int(begin),
                end=int(end),
                per=str(row["per"]),
                at_least=float(row["at_least"]),
                at_most=float(row["at_most"]),
                penalty=float(row["penalty"]),
                volume=float(row["volume"]),
                part=part,
                whole=whole,
                goods=goods,
                processes=processes,
                origin=row["origin"],
                group=row["group"],
                by=str(row["by"]),
                paid_by=str(row["paid_by"]),
                market=row["market"],
                sector=row["sector"],
                fund=row["fund"],
                project=row["project"],
            )
        )
    return tuple(record for record in found if record.lasts)


def _selected(instance: Instance, row: dict[Any, Any]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Sources that count, sources of the goods selected, and these goods."""
    goods, sources, origins = (instance.view(name) for name in ("goods", "sources", "origins"))
    chosen = np.ones(len(goods), dtype=bool)
    for column in ("good", "material"):
        chosen &= _is(goods[column], row[column])
    mine = tuple(goods["good"][chosen].astype(str))
    whole = sources["good"].isin(mine).to_numpy(dtype=bool, copy=True)
    if row["paid_by"] != "both":
        whole &= _is(sources["paid_by"], row["paid_by"])
    part = whole & (row["process"] is None)
    for column in ("supplier", "source", "market"):
        part &= _is(sources[column], row[column])
    part &= _from(origins, sources["mined_in" if row["by"] == "mined" else "origin"], row)
    names = sources["source"].astype(str)
    return tuple(names[part]), tuple(names[whole]), mine


def _from(origins: Any, place: Any, row: dict[Any, Any]) -> npt.NDArray[np.bool_]:
    """Where a place is the origin, and in the group, that a row selects."""
    there = _is(place, row["origin"])
    if row["group"] is not None:
        there &= place.isin(origins["origin"][_is(origins["group"], row["group"])]).to_numpy(dtype=bool)
    return there


def _processes(instance: Instance, row: dict[Any, Any]) -> tuple[str, ...]:
    """Processes that count: the one selected, or those of its origin unless sources are selected."""
    view, origins = instance.view("processes"), instance.view("origins")
    chosen = _is(view["process"], row["process"])
    if row["process"] is None:
        of_sources = ("good", "material", "supplier", "source", "market")
        mined = row["by"] == "mined" and (row["origin"] is not None or row["group"] is not None)
        chosen = _from(origins, view["origin"], row) & (not mined and all(row[c] is None for c in of_sources))
    return tuple(view["process"][chosen].astype(str))


def _is(cells: Any, wanted: Any) -> npt.NDArray[np.bool_]:
    """Where a column has the value that is wanted; everywhere where none is."""
    if wanted is None:
        return np.ones(len(cells), dtype=bool)
    return np.array((cells == wanted).to_numpy(dtype=bool))


def windows(instance: Instance, nodes: Nodes, record: Record) -> Iterator[tuple[Ints, Ints]]:
    """For each period, year or horizon of a record: the nodes of its last period (R,), and those that each sums (R, L)."""
    for periods in _spans(instance, record):
        last = np.flatnonzero(nodes.period == periods[-1])
        paths = [nodes.tree.ancestor(lag)[last] for lag in range(len(periods))]
        yield last, np.array(paths, dtype=np.int64).T


def _spans(instance: Instance, record: Record) -> list[list[int]]:
    """The periods of a record, those that are summed together in one list."""
    calendar, inside = instance.calendar, range(record.begin, record.end)
    if record.per == "period":
        return [[t] for t in inside]
    if record.per == "horizon":
        return [list(inside)]
    starts = calendar.starts
    month, day = calendar.fiscal_year_start if record.per == "fiscal-year" else (1, 1)
    years = {t: starts[t].year - ((starts[t].month, starts[t].day) < (month, day)) for t in inside}
    return [[t for t in inside if years[t] == year] for year in dict.fromkeys(years.values())]


def offered(instance: Instance, record: Record) -> Floats:
    """(columns,) the volume of which a share may be bought, or what the price steps offer while a source that sells at them is open.

    The steps of a market count once, whoever sells at them; without limit (inf) where a step has no width.
    """
    period = np.arange(instance.columns) % instance.calendar.periods
    if not np.isnan(record.volume):
        return np.full(len(period), record.volume)
    sources = instance.view("sources")
    keys, widths = instance.offers("width", 0.0)
    _, prices = instance.offers("price", np.nan)
    widths = np.where(np.isnan(prices), 0.0, np.where(np.isnan(widths), np.inf, widths))
    steps = _rows_of(keys)
    most: dict[tuple[str, str, int], Floats] = {}
    columns = ("source", "market", "qualified_from", "until")
    for source, market, begin, end in zip(*(sources[c].tolist() for c in columns), strict=True):
        if source not in record.whole or record.market not in (None, market):
            continue
        open_then = (period >= begin) & (period < end)
        for row in steps.get(source, ()):
            step = int(keys[row][1])
            key = ("market", market, step) if isinstance(market, str) else ("own", source, step)
            most[key] = np.maximum(most.get(key, np.zeros(len(period))), np.where(open_then, widths[row], 0.0))
    return np.sum(list(most.values()), axis=0) if most else np.zeros(len(period))


def _rows_of(keys: list[tuple[Any, ...]]) -> dict[Any, list[int]]:
    """The rows of every source among keys of source and step."""
    rows: dict[Any, list[int]] = {}
    for row, (source, _) in enumerate(keys):
        rows.setdefault(source, []).append(row)
    return rows
