"""Chains of states -> scenarios and shocks: every path that all chains together may take, with its probability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockpile.instance.convert import Converter, empty_table
from stockpile.instance.schema import TABLES
from stockpile.instance.schema.scenarios import SELECTORS

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Row = dict[str, Any]
#: The states of a chain at its moments, and how likely they are.
Path = tuple[tuple[str, ...], float]
LONGEST = 60
"""Names of scenarios that are longer are numbers instead."""


@dataclass(frozen=True)
class Chain:
    """One chain: the periods of its ``moments``, what is likely at the first, and from each state after it."""

    name: str
    moments: tuple[int, ...]
    first: dict[str, float]
    moves: dict[str, dict[str, float]]

    def after(self, state: str) -> dict[str, float]:
        """What is likely at the next moment."""
        return self.moves.get(state, {}) if self.moves else self.first

    def count(self) -> int:
        """How many paths there are that can be taken."""
        reached = {state: 1 for state, share in self.first.items() if share > 0}
        for _ in self.moments[1:]:
            news: dict[str, int] = {}
            for state, ways in reached.items():
                for to, share in self.after(state).items():
                    news[to] = news.get(to, 0) + (ways if share > 0 else 0)
            reached = {state: ways for state, ways in news.items() if ways}
        return sum(reached.values())

    def paths(self) -> list[Path]:
        """All of them, in the order of the states."""
        found: list[Path] = [((state,), share) for state, share in self.first.items() if share > 0]
        for _ in self.moments[1:]:
            found = [
                ((*states, to), share * more)
                for states, share in found
                for to, more in self.after(states[-1]).items()
                if more > 0
            ]
        return found


def _view(instance: Instance, name: str) -> pd.DataFrame:
    """A table converted, without asking for the scenarios that are made here."""
    tables = {table: instance.tables.get(table, empty_table(table)) for table in TABLES}
    return Converter(instance.settings.units, instance.calendar, tables).view(name)


def chains_of(instance: Instance) -> list[Chain]:
    """The chains of an instance, each with the moments at which it is in a state."""
    view, states, moves = (_view(instance, name) for name in ("chains", "chain_states", "chain_moves"))
    found = []
    columns = (view[c].tolist() for c in ("chain", "from", "every", "until"))
    for name, begin, every, until in zip(*columns, strict=True):
        own, moving = states[states["chain"] == name], moves[moves["chain"] == name]
        towards: dict[str, dict[str, float]] = {}
        for before, to, share in zip(moving["from_state"], moving["to_state"], moving["probability"], strict=True):
            towards.setdefault(str(before), {})[str(to)] = float(share)
        end = min(int(until), instance.calendar.periods)
        found.append(
            Chain(
                name=str(name),
                moments=tuple(range(int(begin), end, max(int(every), 1))),
                first={str(s): float(p) for s, p in zip(own["state"], own["probability"], strict=True)},
                moves=towards,
            )
        )
    return found


def expand(instance: Instance) -> dict[str, pd.DataFrame]:
    """The tables of scenarios and shocks that the chains of an instance make, after the shocks that it has itself.

    Empty where it has no chains, or scenarios of its own, or more paths than its settings allow.
    """
    if "chains" not in instance.tables or "scenarios" in instance.tables:
        return {}
    chains = [chain for chain in chains_of(instance) if chain.moments]
    if not 1 <= prod(chain.count() for chain in chains) <= instance.settings.tree.most_scenarios:
        return {}
    scenarios: list[Row] = []
    shocks: list[Row] = []
    for number, paths in enumerate(product(*(chain.paths() for chain in chains)), start=1):
        name = "; ".join(" ".join(states) for states, _ in paths)
        name = name if len(name) <= LONGEST else f"path {number}"
        scenarios.append({"scenario": name, "probability": prod(share for _, share in paths)})
        for chain, (states, _) in zip(chains, paths, strict=True):
            shocks += _shocks(instance, chain, states, name)
    own = instance.tables.get("shocks")
    made = _frame("shocks", shocks)
    return {
        "scenarios": _frame("scenarios", scenarios),
        "shocks": made if own is None else pd.concat([own, made], ignore_index=True) if len(made) else own,
    }


def _shocks(instance: Instance, chain: Chain, states: tuple[str, ...], scenario: str) -> Iterator[Row]:
    """Where a path enters a state what it changes, and where it leaves one that nothing is changed any more."""
    rows = instance.tables.get("chain_shocks", empty_table("chain_shocks"))
    names = ["quantity", *SELECTORS]
    by_state: dict[str, dict[tuple[Any, ...], Row]] = {}
    for row in rows[rows["chain"] == chain.name].to_dict("records"):
        key = tuple(None if row[n] != row[n] else row[n] for n in names)
        by_state.setdefault(str(row["state"]), {})[key] = {"factor": row["factor"], "value": row["value"]}
    before: dict[tuple[Any, ...], Row] = {}
    for moment, state in zip(chain.moments, states, strict=True):
        now = by_state.get(state, {})
        for key in dict.fromkeys([*before, *now]):
            if repr(before.get(key)) == repr(now.get(key)):
                continue
            change = now.get(key, {"factor": 1.0, "value": None})
            since = instance.calendar.starts[moment].isoformat()
            yield {
                "scenario": scenario,
                "shock": chain.name,
                **dict(zip(names, key, strict=True)),
                "from": since,
                **change,
            }
        before = now


def _frame(table: str, rows: list[Row]) -> pd.DataFrame:
    """Rows as a typed table."""
    columns = {}
    for column in TABLES[table].columns:
        cells = [row.get(column.name) for row in rows]
        if column.is_number:
            columns[column.name] = pd.Series(cells, dtype="float64")
        else:
            columns[column.name] = pd.Series(cells, dtype="object")
    return pd.DataFrame(columns)
