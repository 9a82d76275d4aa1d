"""Why an instance has no plan: a smallest set of its rules that cannot all be kept, and the least that would have to give way."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import numpy as np

import stockpile.models
from stockpile.data import Data, make_data
from stockpile.models.build import build_model
from stockpile.plan.failing import asking_of
from stockpile.solver.compile import Compiled, compile_model
from stockpile.solver.conflict import Bounded, cheapest_repair, smallest_conflict, with_bounds_as_rows
from stockpile.solver.job import Options
from stockpile.study.dates import Later, later_dates
from stockpile.study.words import KINDS, LIMITS, NATURAL, RULES, WITHOUT_UNIT
from stockpile.tree import build_tree

if TYPE_CHECKING:
    from stockpile.instance import Instance

Told = Callable[[int, int], None]
#: How a limit gives way: one that asks for something, one that allows something, and the money that a fund has.
LOWER, RAISE, PAY_IN, DROP = "ask for less", "allow more", "pay in", "drop"
#: What is written as an equality though something may give way in it, and how.
EQUALITIES = {
    "cash_balance": PAY_IN,
    "end_stock": LOWER,
    "stock_target": LOWER,
    "cover_target": LOWER,
    "demand_met": LOWER,
}
#: Variables whose greatest values are money.
MONEY = ("debt", "committed", "paid")
#: Limits on what adds up, or stands, that are the same at every node.
THROUGHOUT = (*(f"limit of {name}" for name in MONEY), "exposure_of_fund", "exposure_of_project")
NOISE = 1e-6
SECONDS = 300.0


@dataclass(frozen=True)
class Rule:
    """One row: its family and what that says, whom it is about, the node, and what it asks for where that has a unit.

    ``row`` is its number in the model whose bounds are rows (``with_bounds_as_rows``).
    ``side`` is ``>=``, ``<=`` or ``=``; ``limit`` is None where it has no unit of the instance's.
    """

    row: int
    family: str
    words: str
    who: tuple[str, ...]
    node: str
    side: str
    limit: float | None
    unit: str


@dataclass(frozen=True)
class Change:
    """What would have to give way: ``how`` (ask for less, allow more) by ``amount`` in ``unit``.

    It has several ``rows`` where it is one limit that is kept throughout: then the rule names no node.
    """

    rule: Rule
    how: str
    amount: float
    unit: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reason:
    """``rules`` cannot all be kept, and none can be left out where ``minimal``; ``repair`` is None where none was found.

    ``proven`` where the repair is known to be the least, or None to be all that there is; the time was over elsewhere.
    ``later`` are dates each of which alone would give a plan if it were later.
    """

    rules: tuple[Rule, ...]
    minimal: bool
    repair: tuple[Change, ...] | None
    proven: bool = True
    later: tuple[Later, ...] = ()


def why_infeasible(instance: Instance, time_limit: float | None = None, told: Told | None = None) -> Reason | None:
    """The reason why an instance has no plan; None where it has one.

    The set of rules is smallest in that each is needed: without any of them the others can be kept.  The repair lets rules
    with a limit give way by as little as can be in all, each counted as a part of its limit (that of a fund once), with decisions whole; without
    it (``repair`` None) the conflict is one of yes and no, such as precedence.  Dates of what is in conflict are looked at
    one by one.  ``time_limit`` in seconds, of the conflict, of the dates and of the repair each; a set that was not made
    smallest in it says so.  Raises NoPlanError where it is over before it is known whether there is a plan.
    """
    seconds = SECONDS if time_limit is None else time_limit
    tree = build_tree(instance)
    data = make_data(instance, tree)
    model = build_model(data)
    compiled = compile_model(model)
    bounded, options = with_bounds_as_rows(compiled), Options(gap=1e-3, time_limit=seconds)
    reader = _Reader(instance, data, model, compiled, bounded)
    groups = [lambda row: reader.place(row)[0], lambda row: (reader.place(row)[0], *reader.who(row))]
    conflict = smallest_conflict(bounded.compiled, groups, options, told)
    if conflict is None:
        return None
    rules = tuple(reader.rule(int(row)) for row in conflict.rows)
    about = {name for rule in rules for name in rule.who}
    pins = instance.table("pins")
    about |= {str(name) for pin, name in zip(pins["pin"], pins["name"], strict=True) if pin in about}
    later = later_dates(instance, about, seconds)
    return Reason(rules, conflict.minimal, *_repair(reader, bounded, options), later)


def _repair(reader: _Reader, bounded: Bounded, options: Options) -> tuple[tuple[Change, ...] | None, bool]:
    """What gives way least, and whether that is proven."""
    ways = {row: way for row in range(bounded.compiled.rows) if (way := reader.way_of(row))}
    able = np.array(list(ways), np.int32)
    sign = np.array([reader.sign_of(row, way) for row, way in ways.items()])
    kept = [reader.kept_throughout(row) for row in ways]
    numbers = {whole: number for number, whole in enumerate(dict.fromkeys(kept))}
    limit = np.array([numbers[whole] for whole in kept], np.int32)
    amounts, proven = cheapest_repair(bounded.compiled, able, sign, limit, options) if len(able) else (None, True)
    if amounts is None:
        return None, proven
    found = []
    for number, at in zip(*np.unique(limit, return_index=True), strict=True):
        row = int(able[at])
        (scale, unit), rule = reader.measure(row), reader.rule(row)
        if amounts[at] > NOISE:
            rows = tuple(able[limit == number].tolist())
            rule = replace(rule, node="") if len(rows) > 1 else rule
            found.append(Change(rule, ways[row], float(amounts[at] * scale), unit, rows))
    return tuple(found), proven


class _Reader:
    """Rows in words."""

    def __init__(self, instance: Instance, data: Data, model: Any, compiled: Compiled, bounded: Bounded) -> None:
        self.instance, self.data, self.model, self.compiled, self.bounded = instance, data, model, compiled, bounded
        self.words = dict(_docstrings())
        self.nodes = set(data.nodes.all)
        self.goods = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
        self.stores = {str(store) for store in instance.view("stores")["store"]}
        self.good_of = _goods_by_name(instance)
        view = instance.view("resources")
        named = zip(view["resource"], view["unit"], strict=True)
        self.used_in = {str(r): str(unit) if isinstance(unit, str) else "units" for r, unit in named}
        self.family_at = np.repeat(
            np.arange(len(compiled.families)), [len(rows) for rows in compiled.families.values()]
        )
        self.families = list(compiled.families)
        self.asking = {one.row: one for one in asking_of(instance, data, model, compiled)}
        self._members: dict[str, list[Any]] = {}
        self.variable: dict[int, tuple[str, Any]] = {}
        self._find_columns()

    def _find_columns(self) -> None:
        """The variable and the index of every column with a bound."""
        from pyomo.environ import Var

        wanted = set(self.bounded.column.tolist())
        for var in self.model.component_objects(Var):
            columns = self.compiled.columns_of(var)
            at = [i for i, column in enumerate(columns.tolist()) if column in wanted]
            index = list(var.index_set()) if at else []
            self.variable |= {int(columns[i]): (var.name, index[i]) for i in at}

    def place(self, row: int) -> tuple[str, Any]:
        """The family of a row, or the variable whose bound it is, and its index."""
        if row >= self.bounded.rows:
            name, index = self.variable[int(self.bounded.column[row - self.bounded.rows])]
            return f"limit of {name}", index
        family = self.families[self.family_at[row]]
        if family not in self._members:
            self._members[family] = list(self.compiled.origin.rows[family].component.index_set())
        first, rows = self.compiled.families[family].start, self.compiled.origin.rows[family]
        at = row - first if rows.place is None else int(rows.place[row - first])
        return family, self._members[family][at]

    def kept_throughout(self, row: int) -> tuple[Any, ...]:
        """What rows have in common that are one limit, kept at every node; of others the row."""
        family = self.place(row)[0]
        return (family, *self.who(row)) if family in THROUGHOUT else (row,)

    def who(self, row: int) -> tuple[str, ...]:
        """Names in the index of a row, but for its node, which stands last."""
        parts = self._parts(row)
        return parts[:-1] if parts[-1] in self.nodes else parts

    def _parts(self, row: int) -> tuple[str, ...]:
        index = self.place(row)[1]
        return tuple(str(part) for part in (index if isinstance(index, tuple) else (index,)))

    def rule(self, row: int) -> Rule:
        """The row as a rule."""
        family = self.place(row)[0]
        low, high = self.bounded.compiled.row_lower[row], self.bounded.compiled.row_upper[row]
        scale, unit = self.measure(row)
        side = "=" if low == high else ">=" if np.isfinite(low) else "<="
        limit = float((low if np.isfinite(low) else high) * scale) if unit else None
        node = self._last_of_pin(row) or "".join(self._parts(row)[len(self.who(row)) :])
        return Rule(row, family, self._say(family), self.who(row), node, side, limit, unit)

    def _last_of_pin(self, row: int) -> str:
        """Of a pin the last node of its window on the path of the row; nothing of other rules."""
        if row not in self.asking or not self.asking[row].who.startswith("pin "):
            return ""
        nodes, (name, leaf) = self.data.nodes, self.place(row)[1]
        window = next(pin.window for pin in self.data.pins.all if pin.pin == name)
        at = nodes.horizon.index(leaf)
        while not window[at] and nodes.tree.parent[at] >= 0:
            at = int(nodes.tree.parent[at])
        return nodes.horizon[at]

    def _say(self, family: str) -> str:
        """What a family says, in the planner's words where there are some."""
        name = family.removeprefix("limit of ")
        if name != family:
            return LIMITS.get(name, f"What {name.replace('_', ' ')} can be at most")
        for end, words in (("_required", "A pin requires {}"), ("_forbidden", "A pin forbids {}")):
            if family.endswith(end):
                return words.format(family.removesuffix(end).replace("_", " "))
        for end, asks in (("_at_least", "asks for"), ("_at_most", "limits")):
            kind = KINDS.get(family.removesuffix(end).replace("_", "-"))
            if family.endswith(end) and kind is not None:
                return f"A policy {asks} {kind}"
        if family.endswith("_paid") and family not in self.words:
            return f"Funds pay for {family.removesuffix('_paid').replace('_', ' ')}"
        return RULES.get(family) or self.words.get(family, family.replace("_", " "))

    def measure(self, row: int) -> tuple[float, str]:
        """Units of the instance in one of the row, and which; 1 and nothing where it has none of money or quantity."""
        family = self.place(row)[0].removesuffix("_at_times")
        if row in self.asking:
            return self.asking[row].unit, self.asking[row].measure
        text = self.words.get(f"{family} units", "")
        parts, units, scale = self._parts(row), self.instance.settings.units, self.data.scale
        name = family.removeprefix("limit of ")
        if text.startswith("money") or name in MONEY:
            return self.data.money_scale, units.money
        if name in ("resource_capacity", "overtime"):
            resources = self.data.resources
            return float(resources.unit[resources.names.index(parts[0])]), self.used_in[parts[0]]
        if name in ("process_capacity", "run"):
            return float(scale.run[self.data.processing.names.index(parts[0])]), units.quantity
        if text.startswith("quantity") or (name != family and name not in WITHOUT_UNIT):
            good = self.good_of[name].get(parts[0]) if name in self.good_of else self._last_good(parts)
            if good is not None:
                return float(scale.good[self.goods[good]]), units.quantity
            if self.stores & set(parts):
                return float(scale.store), units.quantity
        return 1.0, ""

    def _last_good(self, parts: tuple[str, ...]) -> str | None:
        """The good among some names; where a sector has its name, too, the good comes after."""
        return next((part for part in reversed(parts) if part in self.goods), None)

    def way_of(self, row: int) -> str:
        """How a limit that a planner sets gives way, empty for other rows: those of decisions, and equalities but for cash."""
        low, high = self.bounded.compiled.row_lower[row], self.bounded.compiled.row_upper[row]
        family = self.place(row)[0]
        if low == high:
            return EQUALITIES.get(family, "") if low != 0 or family == "cash_balance" else ""
        limit = low if np.isfinite(low) else high
        if row in self.asking:
            return DROP if not self.measure(row)[1] else LOWER if np.isfinite(low) else RAISE
        if row >= self.bounded.rows:
            name = family.removeprefix("limit of ")
            able = name in LIMITS and name not in NATURAL and self.measure(row)[1] != ""
        else:
            able = bool(limit != 0) and self.measure(row)[1] != ""
        return "" if not able else LOWER if np.isfinite(low) else RAISE

    def sign_of(self, row: int, way: str) -> float:
        """1 where a row may fall short of what it asks for, -1 where it may be exceeded: of an equality by how it is written.

        Money paid into a fund stands in its balance of cash on the side of what it spends.
        """
        compiled, (family, index) = self.bounded.compiled, self.place(row)
        if compiled.row_lower[row] != compiled.row_upper[row]:
            return 1.0 if np.isfinite(compiled.row_lower[row]) else -1.0
        if family != "cash_balance":
            return float(np.sign(compiled.row_lower[row]))
        cash = self.compiled.columns_of(self.model.cash)[list(self.model.cash.index_set()).index(index)]
        mine = slice(compiled.start[row], compiled.start[row + 1])
        return -float(np.sign(compiled.value[mine][compiled.index[mine] == cash].sum())) or -1.0


def _goods_by_name(instance: Instance) -> dict[str, dict[str, str]]:
    """By family or variable whose rows name a source, market or contract first: the good of each of these."""
    sources, contracts = instance.view("sources"), instance.view("contracts")
    good = dict(zip(map(str, sources["source"]), map(str, sources["good"]), strict=True))
    market = {str(m): str(g) for m, g in zip(sources["market"], sources["good"], strict=True) if isinstance(m, str)}
    contract = {str(c): good[str(k)] for c, k in zip(contracts["contract"], contracts["source"], strict=True)}
    return {
        **dict.fromkeys(("order", "supply_capacity", "minimum_order", "whole_lots", "ordered_of_returns"), good),
        "market_step_width": market,
        "call": contract,
    }


def _docstrings() -> Iterator[tuple[str, str]]:
    """The first sentence of every rule of the model, and under ``NAME units`` its units."""
    for found in iter_modules(stockpile.models.__path__):
        module = import_module(f"stockpile.models.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            text = inspect.cleandoc(function.__doc__ or "")
            yield name, " ".join(re.split(r"(?<=\.)\s|\n\n|\n\.\.", text)[0].split()).rstrip(".")
            units = re.search(r"Units: ([^.\n]+)", text)
            if units is not None:
                yield f"{name} units", units.group(1)
