"""What a unit of a limit is worth while the plan's whole decisions stay as they are: duals of the model by the limits of the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stockpile.instance.schema.pins import DECISIONS
from stockpile.models.pins import QUANTITIES
from stockpile.models.policies import family_of
from stockpile.plan.places import LESS, MORE, PLACES, Move, Place, Stand, same
from stockpile.plan.terms import TERMS

if TYPE_CHECKING:
    from stockpile.data import Data
    from stockpile.instance import Instance
    from stockpile.solver.compile import Compiled
    from stockpile.solver.highs import Outcome

Floats = npt.NDArray[np.float64]
Key = tuple[Any, ...]

NOISE = 1e-9
"""Worth in model units, money per unit of a row, up to which it is rounding."""


class Limits:
    """Where limits of the audit stand in a compiled model, at its point ``x``."""

    def __init__(self, instance: Instance, data: Data, model: Any, compiled: Compiled, x: Floats) -> None:
        self.instance, self.data, self.model, self.compiled, self.x = instance, data, model, compiled, x
        self._at: dict[str, dict[Key, int]] = {}
        self._numbers: dict[str, Floats] = {}
        self._values: dict[str, Floats] = {}
        self.pins = {pin.pin: pin for pin in data.pins.all}
        self.policies = {
            name: (kind, float(unit))
            for name, kind, unit in zip(data.policies.names, data.policies.kinds, data.policies.unit, strict=True)
        }

    def stand(self, family: str, key: Sequence[Any], unit: str, nodes: Sequence[str]) -> Stand | None:
        """Where a limit in a unit stands at some nodes; None for what is no limit of an amount."""
        key = tuple(key)
        if family in TERMS:
            return TERMS[family](self, key, unit, nodes)
        place, size = self._place(family, key)
        if place is None or not unit or size <= 0:
            return None
        index = key[: place.parts]
        bundles = [bundle for node in nodes for bundle in self._bundles(family, place, (*index, node))]
        return Stand(tuple(bundles), size, LESS if place.less else MORE, unit)

    def value(self, name: str, index: Key) -> float:
        """The value of a variable at the point."""
        var = self.model.component(name)
        if name not in self._values:
            self._values[name] = self.compiled.read(var, self.x)
        return float(self._values[name][self._position(name, var.index_set)[index]])

    def _bundles(self, family: str, place: Place, index: Key) -> list[tuple[Move, ...]]:
        """What moves at one node, each by itself unless there is something that must be filled."""
        moves, filled = self._moves(family, place, index), self._filled(family, index)
        return [(*moves, *filled)] if filled else [(move,) for move in moves]

    def _moves(self, family: str, place: Place, index: Key) -> list[Move]:
        """What has more room at one node."""
        found = [move for name in place.rows for move in self.row(name, index)]
        found += [move for name in place.bounds for move in self.bound(name, index)]
        if family == "price_step_width":
            found += self._tied(index, lambda link, width, room: same(link, width))
        elif family == "supply_capacity":
            for step in self.model.STEPS_OF[index[0]]:
                tied = (*index[:1], step, *index[1:])
                found += self._tied(tied, lambda link, width, room: link < width and same(link, room))
        elif family == "market_step_width":
            wide = PLACES["price_step_width"]
            sellers = self._sellers(index)
            found += [move for step in sellers for move in self._moves("price_step_width", wide, step)]
            for turn in self._turns(index, 2):
                if any(same(self.model.turn_link[turn], self.model.width[step]) for step in sellers):
                    found += self.row("normal_step_needs_full_step", turn)
        elif family == "transfer_capacity":
            route, node = index[:3], index[3]
            ages = [move[3] for move in self.model.MOVES if move[:3] == route]
            found += [move for age in ages for move in self.bound("move", (*route, age, node))]
        return found

    def _filled(self, family: str, index: Key) -> list[Move]:
        """What a wider step at one node asks for, where the step after it is used: that it is full."""
        found: list[Move] = []
        if family == "price_step_width":
            found = [move for fall in self._falls(index, 1) for move in self.row("step_is_full", fall)]
        elif family == "market_step_width":
            found = [move for turn in self._turns(index, 1) for move in self.row("normal_step_is_full", turn)]
            for step in self._sellers(index):
                found += [move.turned(-1.0) for move in self._filled("price_step_width", step)]
        return [move.turned(-1.0) for move in found]

    def _sellers(self, index: Key) -> list[Key]:
        """The steps of the sources of a market that are as wide as its own; a single source has no row of the market beside it."""
        market, step, node = index
        steps = [(k, step, node) for k in self._sources_in.get(market, ()) if (k, step) in self.model.STEPS]
        own = self.data.markets.sources and index in self.model.MARKET_STEPS
        return [s for s in steps if not own or same(self.model.width[s], self.model.market_width[index])]

    def _falls(self, index: Key, part: int) -> list[Key]:
        """Where a step is used after another that must be full: the step of the index is the one before (``part`` 1) or the later (2)."""
        falls = [f for f in self.model.FALLS if (f[0], f[3], f[part]) == (index[0], index[2], index[1])]
        return [fall for fall in falls if self.value("full", fall) > 0.5]

    def _turns(self, index: Key, part: int) -> list[Key]:
        """The same of the turns of a market, of which normal consumption uses the later step."""
        turns = self.model.TURNS_OF_MARKETS if self.data.markets.turns else ()
        there = [t for t in turns if (t[0], t[3], t[part]) == (index[0], index[2], index[1])]
        return [turn for turn in there if self.value("normal_step", turn) > 0.5]

    def _tied(self, index: Key, stands_for: Callable[[float, float, float], bool]) -> list[Move]:
        """The rows that tie an order to its charge, its bracket or the step before, where they stand for a limit: as far as it is placed there."""
        m, (source, step, node) = self.model, index
        ties = [("cheaper_step_needs_full_step", fall, m.fall_link) for fall in self._falls(index, 2)]
        if (source, step) in m.LUMPY_STEPS and self.value("place", (source, node)) > 0.5:
            ties.append(("order_needs_placement", index, m.link))
        if (source, step) in m.BRACKETS and self.value("bracket", index) > 0.5:
            ties.append(("order_within_bracket", index, m.bracket_link))
        room = m.capacity[source, node] if source in m.CAPPED else np.inf
        return [
            move for name, at, link in ties if stands_for(link[at], m.width[index], room) for move in self.row(name, at)
        ]

    def row(self, name: str, index: Key) -> list[Move]:
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

    def bound(self, name: str, index: Key) -> list[Move]:
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
            self._at[name] = {i if isinstance(i, tuple) else (i,): at for at, i in enumerate(index_set())}
        return self._at[name]

    def _place(self, family: str, key: Key) -> tuple[Place | None, float]:
        """Where a limit stands, and how many units of it are one of the model."""
        if family in PLACES:
            place = PLACES[family]
            unit = self.data.money_scale if place.measure == "money" else self.units[place.measure].get(key[place.at])
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
    def units(self) -> dict[str, dict[str, float]]:
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

    def of(self, family: str, key: Sequence[Any], unit: str, nodes: Sequence[str]) -> tuple[float, str, str] | None:
        """What a unit of a limit more, or less of what it asks for, at each of some nodes is worth in all, which of both, and the unit.

        None for what is no limit of an amount.
        """
        stand = self.limits.stand(family, key, unit, nodes)
        return None if stand is None else (self.at(stand), stand.way, stand.per)

    def at(self, stand: Stand) -> float:
        """The same of a limit whose place is known."""
        found = self.in_model(stand)
        value = found * self.limits.data.money_scale / stand.unit if found > NOISE else 0.0
        return float(f"{value:.9g}")

    def in_model(self, stand: Stand | None) -> float:
        """Model money for a unit of the model; nothing of what has no place."""
        return 0.0 if stand is None else sum(self.gain(bundle) for bundle in stand.bundles)

    def gain(self, bundle: Sequence[Move]) -> float:
        """Model money that moves are worth together, nothing where they are better left."""
        return max(sum(self._gain(move, len(bundle) > 1) for move in bundle), 0.0)

    def _gain(self, move: Move, others: bool) -> float:
        """What one move is worth, below nothing where it takes room; only a side that is met has a price."""
        slope = float((self.reduced_cost if move.column else self.row_dual)[move.at])
        if move.upper != move.lower:
            slope = min(slope, 0.0) if move.upper else max(slope, 0.0)
        return -slope * move.room if others else max(-slope * move.room, 0.0)


def worths_at(instance: Instance, data: Data, model: Any, compiled: Compiled, outcome: Outcome) -> Worths | None:
    """What limits are worth at an outcome; None where the LP with its integers fixed was not solved."""
    if outcome.row_dual is None or outcome.reduced_cost is None or outcome.x is None:
        return None
    return Worths(Limits(instance, data, model, compiled, outcome.x), outcome.row_dual, outcome.reduced_cost)


__all__ = ["Limits", "Worths", "worths_at"]
