"""What a unit of a limit is worth while the plan's whole decisions stay as they are: duals of the model by the limits of the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stockpile.instance.schema.pins import DECISIONS
from stockpile.models.pins import QUANTITIES
from stockpile.models.policies import family_of

if TYPE_CHECKING:
    from stockpile.data import Data
    from stockpile.instance import Instance
    from stockpile.solver.compile import Compiled
    from stockpile.solver.highs import Outcome

Floats = npt.NDArray[np.float64]
Key = tuple[Any, ...]

NOISE = 1e-9
"""Worth in model units, money per unit of a row, up to which it is rounding."""
SAME = 1e-9
"""How near, relatively, what ties an order to its charge is to the limit that it stands for."""
MORE, LESS = "more", "less"


@dataclass(frozen=True)
class Place:
    """Where a limit of the audit stands in the model: in ``rows`` and upper ``bounds`` with the index of its key and a node.

    Its unit is that of money, or of the good, source, market, process, store or resource (``measure``) that its key names at ``at``.
    ``less`` marks what asks for something: a unit less of it is worth something.  ``parts`` are those of the key that the index has.
    """

    measure: str
    at: int = 0
    rows: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    less: bool = False
    parts: int | None = None


def _money(*rows: str, bounds: tuple[str, ...] = (), less: bool = False) -> Place:
    return Place("money", rows=rows, bounds=bounds, less=less)


PLACES = {
    "payment_limit": _money(bounds=("paid",)),
    "credit_limit": _money(bounds=("debt",)),
    "commitment_limit": _money(bounds=("committed",)),
    "exposure_of_fund": _money("exposure_of_fund"),
    "exposure_of_project": _money("exposure_of_project"),
    "cash_not_negative": _money("cash_balance"),
    "private_share": _money("private_match", less=True),
    "least_share": _money("fund_pays_least_share", less=True),
    "greatest_share": _money("fund_pays_most_share"),
    "supply_capacity": Place("source", rows=("supply_capacity", "supply_capacity_at_times")),
    "price_step_width": Place("source", bounds=("order",)),
    "market_step_width": Place("market", rows=("market_step_width",)),
    "minimum_order": Place("source", rows=("minimum_order",), less=True),
    "resource_capacity": Place("resource", rows=("resource_capacity",)),
    "overtime_limit": Place("resource", bounds=("overtime",)),
    "process_capacity": Place("process", rows=("process_capacity",), bounds=("run",)),
    "least_run": Place("process", rows=("least_run",), less=True),
    "store_capacity": Place("store", rows=("store_room",)),
    "storage_capacity": Place("good", bounds=("stock",)),
    "transfer_capacity": Place("good", rows=("transfer_capacity",)),
    "store_release": Place("store", rows=("store_release",)),
    "good_release": Place("good", rows=("good_release",)),
    "stock_target": Place("good", rows=("stock_target", "cover_target"), less=True),
    "end_stock": Place("good", rows=("end_stock",), less=True),
    "tier_share": Place("good", 1, rows=("share_of_demand_left",), bounds=("short",)),
    "sale_depth": Place("good", bounds=("sale",), parts=1),
    "sale_step_width": Place("good", bounds=("sale_step",)),
    "exchange_limit": Place("good", bounds=("lent",)),
}
"""By family of the audit where a limit stands that has a unit, and a number of its own; pins and policies come beside them."""


@dataclass(frozen=True)
class Move:
    """A side of a row or column of the model that is ``room`` further away where a limit has a unit of the model more room."""

    at: int
    column: bool
    upper: bool
    lower: bool
    room: float


@dataclass(frozen=True)
class Stand:
    """Where a limit stands: what moves with it, its units in one of the model, and whether more or less of it is room."""

    moves: tuple[Move, ...]
    unit: float
    way: str


class Limits:
    """Where limits of the audit stand in a compiled model."""

    def __init__(self, instance: Instance, data: Data, model: Any, compiled: Compiled) -> None:
        self.instance, self.data, self.model, self.compiled = instance, data, model, compiled
        self._at: dict[str, dict[Key, int]] = {}
        self._numbers: dict[str, Floats] = {}
        self.pins = {pin.pin: pin for pin in data.pins.all}
        self.policies = {
            name: (kind, float(unit))
            for name, kind, unit in zip(data.policies.names, data.policies.kinds, data.policies.unit, strict=True)
        }

    def stand(self, family: str, key: Sequence[Any], nodes: Iterable[str]) -> Stand | None:
        """Where a limit stands at some nodes; None for what is no limit of an amount."""
        key = tuple(key)
        place, unit = self._place(family, key)
        if place is None or unit <= 0:
            return None
        index = key[: place.parts]
        moves = [move for node in nodes for move in self._moves(family, place, (*index, node))]
        return Stand(tuple(moves), unit, LESS if place.less else MORE)

    def _moves(self, family: str, place: Place, index: Key) -> list[Move]:
        """At one node."""
        found = [move for name in place.rows for move in self._row(name, index)]
        found += [move for name in place.bounds for move in self._bound(name, index)]
        if family == "price_step_width":
            found += self._tied(index, lambda link, width, room: _same(link, width))
        elif family == "supply_capacity":
            for step in self.model.STEPS_OF[index[0]]:
                tied = (*index[:1], step, *index[1:])
                found += self._tied(tied, lambda link, width, room: link < width and _same(link, room))
        elif family == "market_step_width":
            wide = PLACES["price_step_width"]
            found += [move for step in self._sellers(index) for move in self._moves("price_step_width", wide, step)]
        return found

    def _sellers(self, index: Key) -> list[Key]:
        """The steps of the sources of a market that are as wide as its own; a single source has no row of the market beside it."""
        market, step, node = index
        steps = [(k, step, node) for k in self._sources_in.get(market, ()) if (k, step) in self.model.STEPS]
        own = self.data.markets.sources and index in self.model.MARKET_STEPS
        return [s for s in steps if not own or _same(self.model.width[s], self.model.market_width[index])]

    def _tied(self, index: Key, stands_for: Callable[[float, float, float], bool]) -> list[Move]:
        """The row that ties an order to its charge, where it stands for a limit: as far as the order is placed."""
        if index[:2] not in self.model.LUMPY_STEPS:
            return []
        source, _, node = index
        room = self.model.capacity[source, node] if source in self.model.CAPPED else np.inf
        same = stands_for(self.model.link[index], self.model.width[index], room)
        return self._row("order_needs_placement", index) if same else []

    def _row(self, name: str, index: Key) -> list[Move]:
        """The row of an index, if there is one.  More cash is the right side of its balance, less is asked for by other equalities."""
        if name not in self.compiled.families:
            return []
        if name not in self._numbers:
            self._numbers[name] = self.compiled.by_index(name, np.arange(self.compiled.rows, dtype=np.float64))
        at = self._position(name, self.compiled.origin.rows[name].component.index_set).get(index)
        if at is None or np.isnan(self._numbers[name][at]):
            return []
        row, turned = int(self._numbers[name][at]), self.compiled.origin.rows[name].turned
        low, high = self.compiled.row_lower[row], self.compiled.row_upper[row]
        if low == high:
            room = (1.0 if name == "cash_balance" else -1.0) * (-1.0 if turned is not None and turned[at] else 1.0)
            return [Move(row, False, True, True, room)]
        above = bool(np.isfinite(high))
        return [Move(row, False, above, not above, 1.0 if above else -1.0)]

    def _bound(self, name: str, index: Key) -> list[Move]:
        """The upper bound of a variable, if there is one."""
        var = self.model.component(name)
        if var is None:
            return []
        if name not in self._numbers:
            self._numbers[name] = self.compiled.columns_of(var).astype(np.float64)
        at = self._position(name, var.index_set).get(index)
        column = -1 if at is None else int(self._numbers[name][at])
        finite = column >= 0 and np.isfinite(self.compiled.upper[column])
        return [Move(column, True, True, False, 1.0)] if finite else []

    def _position(self, name: str, index_set: Callable[[], Any]) -> dict[Key, int]:
        if name not in self._at:
            self._at[name] = {index: i for i, index in enumerate(index_set())}
        return self._at[name]

    def _place(self, family: str, key: Key) -> tuple[Place | None, float]:
        """Where a limit stands, and how many units of it are one of the model."""
        if family in PLACES:
            place = PLACES[family]
            unit = self.data.money_scale if place.measure == "money" else self._units[place.measure].get(key[place.at])
            return place, unit or 0.0
        decision, _, end = family.rpartition("_")
        if decision in DECISIONS and end in ("required", "forbidden"):
            name = f"{QUANTITIES[decision][0]}_{end}"
            return Place("pin", rows=(name,), less=end == "required"), self.pins[key[0]].unit
        if family in ("policy_at_most", "policy_at_least"):
            kind, unit = self.policies[key[0]]
            less = family == "policy_at_least"
            return Place("policy", rows=(family_of(kind, less),), less=less), unit
        return None, 0.0

    @cached_property
    def _sources_in(self) -> dict[str, list[str]]:
        """By market its sources."""
        view, found = self.instance.view("sources"), dict[str, list[str]]()
        for source, market in zip(view["source"], view["market"], strict=True):
            if isinstance(market, str):
                found.setdefault(market, []).append(str(source))
        return found

    @cached_property
    def _units(self) -> dict[str, dict[str, float]]:
        """Instance units per model unit by measure and name."""
        data, scale = self.data, self.data.scale
        goods = {g: float(scale.good[i]) for i, g in enumerate(data.stock.goods)}
        view = self.instance.view("sources")
        rows = list(zip(view["source"], view["market"], view["good"], strict=True))
        return {
            "good": goods,
            "source": {str(k): goods[str(g)] for k, _, g in rows},
            "market": {str(market): goods[str(g)] for _, market, g in rows if isinstance(market, str)},
            "process": dict(zip(data.processing.names, scale.run.tolist(), strict=True)),
            "resource": dict(zip(data.resources.names, data.resources.unit.tolist(), strict=True)),
            "store": {str(w): scale.store for w in self.instance.view("stores")["store"]},
        }


class Worths:
    """What limits are worth at a plan, from the duals of the LP with its integers fixed.

    Worth is money of the instance per unit of the limit, never negative: discounted, expected, and as long as the whole
    decisions (orders placed, lots, stages released, contracts signed) stay as they are.  It is a slope between those to both
    sides: a unit more gains no more than it, a unit less costs no less.
    """

    def __init__(self, limits: Limits, row_dual: Floats, reduced_cost: Floats) -> None:
        self.limits, self.row_dual, self.reduced_cost = limits, row_dual, reduced_cost

    def of(self, family: str, key: Sequence[Any], nodes: Iterable[str]) -> tuple[float, str] | None:
        """What a unit of a limit more, or less of what it asks for, at each of some nodes is worth in all, and which of both.

        None for what is no limit of an amount.
        """
        stand = self.limits.stand(family, key, nodes)
        return None if stand is None else (self.at(stand), stand.way)

    def at(self, stand: Stand) -> float:
        """The same of a limit whose place is known."""
        found = sum(max(-self._slope(move) * move.room, 0.0) for move in stand.moves)
        value = found * self.limits.data.money_scale / stand.unit if found > NOISE else 0.0
        return float(f"{value:.9g}")

    def _slope(self, move: Move) -> float:
        return float((self.reduced_cost if move.column else self.row_dual)[move.at])


def worths_at(instance: Instance, data: Data, model: Any, compiled: Compiled, outcome: Outcome) -> Worths | None:
    """What limits are worth at an outcome; None where the LP with its integers fixed was not solved."""
    if outcome.row_dual is None or outcome.reduced_cost is None:
        return None
    return Worths(Limits(instance, data, model, compiled), outcome.row_dual, outcome.reduced_cost)


def _same(one: float, other: float) -> bool:
    return bool(abs(one - other) <= SAME * max(1.0, abs(other)))


__all__ = ["LESS", "MORE", "Limits", "Move", "Stand", "Worths", "worths_at"]
