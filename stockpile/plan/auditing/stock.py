"""Stock: capacities, holding cost, the balance of every good, shelf life, targets, end stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.cohorts import Cohorts, check_ages_add_up
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.processing import Processed, check_chains
from stockpile.plan.auditing.rotation import Rotation
from stockpile.plan.auditing.stores import Movements, Through, check_stores


@dataclass(frozen=True)
class Stocks:
    """What the other blocks need: holding cost and target penalties (nodes,), closing stock (goods, nodes), stock left at the leaves (goods, leaves),
    an aged unit of which counts for its share of the terminal value; what is sent by good and the stores from and to (nodes,).
    """

    storage: Floats
    transfers: Floats
    target_shortfall: Floats
    closing: Floats
    left: Floats
    sent: dict[Key, Floats]


@dataclass(frozen=True)
class Flows:
    """What other blocks know of every good, (goods, nodes): deliveries and returned loans, releases to sectors, rotation, processing.

    ``delivered`` is what of the deliveries goes to a store of its own, ``at_stores`` what of the releases comes from one,
    (nodes,) by good and store; ``spared`` the demand that falls away.
    """

    arrived: Floats
    delivered: dict[tuple[str, str], Floats]
    served: Floats
    at_stores: dict[tuple[str, str], Floats]
    taken: dict[Key, Floats]
    rotation: Rotation
    cohorts: Cohorts
    processed: Processed
    spared: Floats

    @property
    def left(self) -> Floats:
        """(goods, nodes) all that leaves the reserve."""
        return self.served + self.rotation.sold + self.rotation.lent + self.rotation.disposed + self.processed.taken

    @property
    def into_stores(self) -> dict[tuple[str, str], Floats]:
        """What is delivered to and made in stores of their own."""
        return _added(self.delivered, self.processed.delivered)

    @property
    def out_of_stores(self) -> dict[tuple[str, str], Floats]:
        """What sectors and processes get from stores of their own."""
        return _added(self.at_stores, self.processed.issued)


def _added(some: dict[tuple[str, str], Floats], more: dict[tuple[str, str], Floats]) -> dict[tuple[str, str], Floats]:
    """Amounts by good and store, added up."""
    out = dict(some)
    for pair, amount in more.items():
        out[pair] = out[pair] + amount if pair in out else amount
    return out


@dataclass(frozen=True)
class _Opening:
    """Opening stock, row by row: good, store, age in periods, quantity."""

    good: np.ndarray[tuple[int], np.dtype[np.int64]]
    store: list[str]
    age: np.ndarray[tuple[int], np.dtype[np.int64]]
    quantity: Floats

    def sum(self, goods: int, fresh: bool) -> Floats:
        """(goods, 1) quantity of age 0, or of all that is older."""
        out = np.zeros((goods, 1))
        chosen = (self.age == 0) == fresh
        np.add.at(out[:, 0], self.good[chosen], self.quantity[chosen])
        return out

    def to_stores(self, case: Case, delivered: dict[tuple[str, str], Floats]) -> dict[tuple[str, str], Floats]:
        """What is delivered to stores, with what lies there fresh at the start, (nodes,) by good and store."""
        root = (case.tree.parent < 0).astype(np.float64)
        out, goods = dict(delivered), list(case.good_at)
        for good, age, store, quantity in zip(self.good, self.age, self.store, self.quantity, strict=True):
            if age == 0:
                out[goods[good], store] = out.get((goods[good], store), 0.0 * root) + quantity * root
        return out


def check_stock(case: Case, flows: Flows, room: dict[str, Floats]) -> Stocks:
    """Check stock and balance; ``room`` is what projects add to the capacity of a store, (nodes,)."""
    stock, closing, storage = _check_stores(case, room)
    grid = case.reader.grid("balance", case.good_keys)
    view = case.view("opening_stock")
    opening = _Opening(
        good=np.array([case.good_at[g] for g in view.texts("good")], dtype=np.int64),
        store=view.texts("store"),
        age=view["age"].fillna(0).to_numpy(dtype=np.float64).astype(np.int64),
        quantity=view["quantity"].to_numpy(dtype=np.float64),
    )
    root = (case.tree.parent < 0)[None, :]
    received = flows.arrived + flows.processed.made + np.where(root, opening.sum(len(case.good_at), fresh=True), 0.0)
    through = Through(received, flows.left, opening.to_stores(case, flows.into_stores), flows.out_of_stores)
    moved = check_stores(case, stock, through)
    _check_balance(case, grid, closing, received, (opening, flows, moved))
    _check_shelf_life(case, closing, received, (opening, flows.cohorts.kept[:, 0] | moved.by_store))
    check_ages_add_up(case, flows.cohorts, (received, closing, flows.rotation.sold), flows.taken)
    _check_end_stock(case, closing)
    penalty = _check_targets(case, grid, closing, flows.spared)
    left = flows.cohorts.value_of(closing)[:, case.tree.leaves]
    return Stocks(storage, moved.transfers, penalty, closing, left, moved.sent)


def _check_stores(case: Case, room: dict[str, Floats]) -> tuple[Grid, Floats, Floats]:
    """Stock by store: within capacities, with its holding cost.  Gives the table, closing stock by good, holding cost."""
    view, book = case.view("storage"), case.book
    keys: list[Key] = list(dict.fromkeys(zip(view.texts("good"), view.texts("store"), strict=True)))
    grid = case.reader.grid("stock", keys)
    quantity = grid.amount("quantity")
    case.not_negative(grid, "quantity", "holding_cost")
    capacity = case.series("storage", "capacity", 0.0, keys)
    words = "stock of {0} is {amount} over what store {1} may keep of it ({right})"
    rule = case.rule("storage_capacity", grid, keys, case.quantity, words)
    book.at_most(rule, quantity, np.where(np.isnan(capacity), np.inf, capacity))
    price = case.series("storage", "holding_cost", 0.0, keys)
    words = "holding {0} in store {1} costs {left}, but its stock makes it {right}"
    rule = case.rule("holding_cost", grid, keys, case.money, words)
    book.equal(rule, grid.amount("holding_cost"), price * quantity, scale=price * ROUNDED)
    _check_rooms(case, keys, quantity, room)
    good = np.array([case.good_at[g] for g, _ in keys], dtype=np.int64)
    return grid, case.total(quantity, good, len(case.good_at)), (price * quantity).sum(axis=0)


def _check_rooms(case: Case, keys: list[Key], quantity: Floats, room: dict[str, Floats]) -> None:
    """The goods of a store share its capacity and what projects add to it."""
    view = case.view("stores")
    stores = view.texts("store")
    at = {w: i for i, w in enumerate(stores)}
    kept = case.total(quantity, np.array([at[w] for _, w in keys], dtype=np.int64), len(stores))
    base = view["capacity"].to_numpy(dtype=np.float64)[:, None]
    base = np.where(np.isnan(base), np.inf, base)
    added = np.array([room.get(w, np.zeros(len(case.tree))) for w in stores]).reshape(kept.shape)
    words = "stock is {amount} over the capacity of store {0} ({right})"
    rule = case.rule("store_capacity", "stock", [(w,) for w in stores], case.quantity, words)
    case.book.at_most(rule, kept, base + added)


def _check_balance(
    case: Case, grid: Grid, closing: Floats, received: Floats, parts: tuple[_Opening, Flows, Movements]
) -> None:
    """Opening less loss plus what is received less what leaves is closing; each part is what its own table says."""
    opening, flows, moved = parts
    case.not_negative(
        grid, "opening", "loss", "received", "released", "sold", "disposed", "closing", "under_way", "processed"
    )
    written = {name: grid.amount(name) for name in grid.table.names[3:]}
    before = case.before(closing, opening.sum(len(case.good_at), fresh=False))
    way = case.before(moved.under_way)
    theta = case.goods["loss_rate"].to_numpy(dtype=np.float64)[:, None]
    expected = {
        "opening": (before, "the period before closed with"),
        "loss": (np.where(flows.cohorts.kept, flows.cohorts.loss, theta * (before + way)), "the loss rate makes it"),
        "received": (received, "deliveries, returned loans, what is made and fresh opening stock are"),
        "released": (flows.served, "sectors are served"),
        "sold": (flows.rotation.sold + flows.rotation.lent, "sales and loans are"),
        "disposed": (flows.rotation.disposed, "disposals are"),
        "closing": (closing, "the stores hold"),
        "under_way": (moved.under_way, "transfers put on their way"),
        "processed": (flows.processed.taken, "processes take"),
    }
    for name, (amount, why) in expected.items():
        words = f"balance of {{0}}: {name} is {{left}}, but {why} {{right}}"
        rule = case.rule(f"balance.{name}", grid, grid.keys, case.quantity, words)
        case.book.equal(rule, written[name], amount, scale=before if name == "received" else 0.0)
    inward = written["opening"] + way + written["received"]
    left = ("under_way", "loss", "released", "sold", "disposed", "processed")
    outward = np.asarray(sum(written[name] for name in left))
    words = "balance of {0}: closing is {left}, but opening and received less loss and what left is {right}"
    rule = case.rule("balance", grid, grid.keys, case.quantity, words)
    case.book.equal(rule, written["closing"], inward - outward, scale=np.maximum(inward, outward))
    check_chains(case, inward, outward + written["closing"])


def _check_shelf_life(case: Case, closing: Floats, received: Floats, parts: tuple[_Opening, Bools]) -> None:
    """Stock is never more than what would be left, had nothing been used, of what may still leave in a later period.

    Goods that are kept by age, or balanced store by store, have a balance of every age instead.
    """
    opening, apart = parts
    life = case.goods["shelf_life"].to_numpy(dtype=np.float64)
    keep = 1.0 - case.goods["loss_rate"].to_numpy(dtype=np.float64)
    unexpired = np.full(closing.shape, np.inf)
    for g in np.flatnonzero(np.isfinite(life) & ~apart):
        unexpired[g] = 0.0
        for lag in range(min(int(life[g]) - 1, case.last + 1)):
            unexpired[g] += keep[g] ** lag * case.earlier(received[g], lag)
    for g, age, quantity in zip(opening.good, opening.age, opening.quantity, strict=True):
        if age >= 1 and np.isfinite(unexpired[g]).all():
            stays = case.period <= int(life[g]) - 2 - age
            unexpired[g] += np.where(stays, quantity * keep[g] ** (case.period + 1.0), 0.0)
    words = "stock of {0} is {left}, {amount} more than may be kept within its shelf life"
    rule = case.rule("shelf_life", "balance", case.good_keys, case.quantity, words)
    case.book.at_most(rule, closing, unexpired)


def _check_end_stock(case: Case, closing: Floats) -> None:
    """The required stock is left at the end of the horizon."""
    least = case.goods["end_stock"].to_numpy(dtype=np.float64)[:, None]
    leaf = np.zeros(len(case.tree), dtype=bool)
    leaf[case.tree.leaves] = True
    words = "stock of {0} at the end is {left}, {amount} below the {right} required"
    rule = case.rule("end_stock", "balance", case.good_keys, case.quantity, words)
    case.book.at_least(rule, closing, least, where=leaf & (least > 0))


def _check_targets(case: Case, grid: Grid, closing: Floats, spared: Floats) -> Floats:
    """Stock and what is written as missing reach the target, and the penalty is paid.  Gives the penalty (nodes,).

    ``spared`` (goods, nodes) is the demand that falls away, of which no day is covered.
    """
    book, keys = case.book, case.good_keys
    quantity = np.nan_to_num(case.series("targets", "quantity", 0.0, keys))
    days = np.nan_to_num(case.series("targets", "cover", 0.0, keys))
    penalty = case.series("targets", "penalty", np.nan, keys)
    target = np.maximum(quantity, days / 365.25 * (_demand(case) - spared) / case.instance.calendar.length)
    under = grid.amount("under_target")
    case.not_negative(grid, "target", "under_target", "target_penalty")
    words = "the target of {0} is written as {left}, but it is {right}"
    book.equal(case.rule("target", grid, keys, case.quantity, words), grid.amount("target"), target)
    words = "stock of {0}, with what is written as missing, is {left}, {amount} below the target of {right}"
    rule = case.rule("stock_target", grid, keys, case.quantity, words)
    book.at_least(rule, closing + under, target, where=target > 0)
    words = "{left} of {0} is missing to a target that must be met"
    rule = case.rule("hard_target", grid, keys, case.quantity, words)
    case.never(rule, under, np.isnan(penalty))
    due = under * np.nan_to_num(penalty)
    words = "the penalty for missing the target of {0} is {left}, but it should be {right}"
    rule = case.rule("target_penalty", grid, keys, case.money, words)
    book.equal(rule, grid.amount("target_penalty"), due, scale=np.nan_to_num(penalty) * ROUNDED)
    return np.asarray(due.sum(axis=0))


def _demand(case: Case) -> Floats:
    """(goods, nodes) demand of every good over all sectors, per period."""
    keys, values = case.instance.series("demand", "quantity", 0.0)
    good = np.array([case.good_at[str(g)] for _, g in keys], dtype=np.int64)
    shape = (len(keys), case.instance.columns)
    return case.total(case.spread(np.nan_to_num(values).reshape(shape)), good, len(case.good_at))
