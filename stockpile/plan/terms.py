"""Where limits stand that are terms of a contract, a loan in kind, an account, an incentive, a blend or a sale: a unit more moves several rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from stockpile.plan.places import LESS, MORE, Move, Stand, same

if TYPE_CHECKING:
    from stockpile.plan.worth import Limits

Key = tuple[Any, ...]
Nodes = Sequence[str]

HUNDREDTH = "% of the bound"
"""What the bound of a grade is moved by, for it is a ratio."""


def _greatest_rate(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit more that may be called beyond the least rate; None where the contract has no such calls."""
    bundles = []
    for node in nodes:
        call = (key[0], _band(at, key[0], node), "more", node)
        moves = [*at.row("call_within_contract", call), *at.bound("call", call)]
        if not moves:
            return None
        bundles += [(move,) for move in moves]
    return Stand(tuple(bundles), _size_at(at, key[0]), MORE, unit)


def _take_or_pay(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit less that is paid for, taken or not, which may be called all the same; None where the payments are promised beforehand."""
    if key[0] in at.data.commitments.backed.contracts:
        return None
    bundles = []
    for node in nodes:
        band = _band(at, key[0], node)
        if band is None:
            return None
        least, more = ((key[0], band, part, node) for part in ("least", "more"))
        moves = [move.turned(-1.0) for move in (*at.row("call_within_contract", least), *at.bound("call", least))]
        moves += [*at.row("call_within_contract", more), *at.bound("call", more)]
        for arrival in (n for n in at.model.NODES if at.model.called_at[(*least[:3], n)] == node):
            owed = at.model.contract_price[least] * at.model.contract_arrives[(*least[:3], arrival)]
            moves += [move.turned(float(owed)) for move in at.row("contracts_paid", (arrival,))]
        bundles.append(tuple(moves))
    return Stand(tuple(bundles), _size_at(at, key[0]), LESS, unit)


def _band(at: Limits, contract: str, node: str) -> int | None:
    """The band of its prices in which a contract runs at a node, None where it does not."""
    begun = "commenced" if at.model.some_wait else "signed"
    runs = [
        int(b)
        for c, b in at.model.BANDS
        if c == contract
        and at.value(begun, (c, at.model.band_first[c, b, node])) > 0.5
        and at.value(begun, (c, at.model.band_after[c, b, node])) < 0.5
    ]
    return runs[0] if runs else None


def _size_at(at: Limits, contract: str) -> float:
    """Units of the instance in one of the model of what a contract delivers."""
    return at.units["source"][at.data.contracts.source_of[contract]]


def _entitlement(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit more that may be unsettled, and drawn while the account is open; its fees are as they are."""
    moves = [(move,) for node in nodes for move in at.bound("unsettled", (*key, node))]
    for node in nodes:
        moves += [(move,) for move in at.bound("drawing", (*key, node)) if at.compiled.upper[move.at] > 0]
    return Stand(tuple(moves), at.units["good"][key[1]], MORE, unit)


def _sale_depth(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit more that the market takes of a good, with the charge of that as it is; None where that is only the sum of its steps."""
    if key[0] in at.data.stock.sales.stepped:
        return None
    moves: list[tuple[Move, ...]] = [(move,) for node in nodes for move in at.bound("sale", (key[0], node))]
    moves += _tied(at, "sale", key[0], nodes)
    return Stand(tuple(moves), at.units["good"][key[0]], MORE, unit)


def _sale_step_width(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit more that the market takes of a good at the price of a step, and so in all."""
    moves: list[tuple[Move, ...]] = [
        (move,) for node in nodes for move in (*at.bound("sale_step", (*key, node)), *at.bound("sale", (key[0], node)))
    ]
    moves += _tied(at, "sale", key[0], nodes)
    return Stand(tuple(moves), at.units["good"][key[0]], MORE, unit)


def _exchange_limit(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit more that borrowers may owe of a good, of which as much can be lent at once as comes back as a unit."""
    moves: list[tuple[Move, ...]] = [(move,) for node in nodes for move in at.bound("lent", (key[0], node))]
    for node in nodes:
        limit = float(at.model.most_lent[key[0], node])
        for lag in (lag for good, lag in at.model.EXCHANGES if good == key[0]):
            share = float(at.model.returned_share[key[0], lag, node])
            if same(float(at.model.most_lend[key[0], lag, node]), limit / share):
                lends = [*_tied(at, "exchange", key[0], (node,)), at.bound("lend", (key[0], lag, node))]
                moves += [(move.turned(1.0 / share),) for lent in lends for move in lent]
    return Stand(tuple(moves), at.units["good"][key[0]], MORE, unit)


def _exchange_depth(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit more that industry borrows of a good, with the charge of that as it is."""
    lags = [lag for good, lag in at.model.EXCHANGES if good == key[0]]
    moves: list[tuple[Move, ...]] = [
        (move,)
        for node in nodes
        for lag in lags
        for move in at.bound("lend", (key[0], lag, node))
        if at.compiled.upper[move.at] > 0
    ]
    moves += _tied(at, "exchange", key[0], nodes)
    return Stand(tuple(moves), at.units["good"][key[0]], MORE, unit)


def _tied(at: Limits, mode: str, good: str, nodes: Nodes) -> list[tuple[Move, ...]]:
    """The rows that tie a mode of rotation to its charge, in the nodes in which a good is sold or lent."""
    events = [(node, move) for node in nodes for move in at.row(f"{mode}_needs_event", (good, node))]
    return [(move,) for node, move in events if at.value("rotate", (good, mode, node)) > 0.5]


def _least_lot(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit less that a sale or a loan must be."""
    moves = [(move,) for node in nodes for move in at.row(f"least_{key[1]}", (key[0], node))]
    return Stand(tuple(moves), at.units["good"][key[0]], LESS, unit)


def _traced_shelf_life(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit of a class of origin that may be kept a period longer."""
    block = at.data.tracing
    (own,) = [c for i, c in enumerate(block.classes) if (c[0], block.label(i)) == key]
    moves = [(move,) for node in nodes for move in at.row("class_shelf_life", (*own, node))]
    return Stand(tuple(moves), at.units["good"][key[0]], MORE, unit)


def _cap_of_incentive(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
    """A unit less that an incentive pays at most: where it has been reached, what was to be paid falls.

    None where no more than the cap could be earned: the model then has none.
    """
    name, moves = key[0], []
    if name not in at.data.incentives.capped:
        return None
    for node in at.model.NODES:
        cap = float(at.model.cap[name])
        moves += [m.turned(-1.0) for m in at.bound("awarded", (name, node)) if at.compiled.upper[m.at] >= cap]
        if at.value("exhausted", (name, node)) > 0.5:
            for rule in ("award_of_all_earned", "award_of_the_cap"):
                moves += at.row(rule, (name, node))
    return Stand((tuple(moves),), at.data.money_scale, LESS, unit)


def _grade(end: str, way: str) -> Callable[[Limits, Key, str, Nodes], Stand | None]:
    """A hundredth more room for the mean of an attribute in a blend."""

    def stand(at: Limits, key: Key, unit: str, nodes: Nodes) -> Stand | None:
        bundles = []
        for node in nodes:
            bound = float(getattr(at.model, f"bound_of_{end}_grades")[(*key, node)])
            hundredth = abs(bound) * at.value("run", (key[0], node)) / 100.0
            rule = {"least": "least_grade", "most": "greatest_grade"}[end]
            bundles += [(move.turned(hundredth),) for move in at.row(rule, (*key, node))]
        return Stand(tuple(bundles), 1.0, way, HUNDREDTH)

    return stand


TERMS: dict[str, Callable[[Limits, Key, str, Nodes], Stand | None]] = {
    "greatest_rate": _greatest_rate,
    "take_or_pay": _take_or_pay,
    "entitlement": _entitlement,
    "sale_depth": _sale_depth,
    "sale_step_width": _sale_step_width,
    "exchange_depth": _exchange_depth,
    "exchange_limit": _exchange_limit,
    "least_lot": _least_lot,
    "traced_shelf_life": _traced_shelf_life,
    "cap_of_incentive": _cap_of_incentive,
    "least_grade": _grade("least", LESS),
    "greatest_grade": _grade("most", MORE),
}
"""By family of the audit what finds where a limit stands: its key, unit and nodes in the model; None for what has no number there."""
