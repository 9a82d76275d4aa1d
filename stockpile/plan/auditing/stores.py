"""Goods that do not move freely: routes and their cost, what every store gets and gives, the age of what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Ints, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.grid import Grid


@dataclass(frozen=True)
class Movements:
    """What the other blocks need: goods balanced by store (goods,), what is under way (goods, nodes), cost of moving (nodes,).

    ``sent`` is what is sent by good and the stores from and to, (nodes,).
    """

    by_store: Bools
    under_way: Floats
    transfers: Floats
    sent: dict[Key, Floats]


@dataclass(frozen=True)
class Through:
    """What arrives and what leaves of every good (goods, nodes), and what goes to or comes from a store of its own (nodes,)."""

    received: Floats
    left: Floats
    delivered: Mapping[tuple[str, str], Floats]
    served: Mapping[tuple[str, str], Floats]


class _Routes:
    """Routes of every good with the row of the table that holds for them, and what is sent on them by age."""

    def __init__(self, case: Case) -> None:
        self.case = case
        storage = case.view("storage")
        self.kept = list(dict.fromkeys(zip(storage.texts("good"), storage.texts("store"), strict=True)))
        view = case.view("transfers")
        rows = list(zip(view.texts("good"), view.texts("from_store"), view.texts("to_store"), strict=True))
        stored = set(self.kept)
        self.keys: list[Key] = []
        self.source: list[Key] = []
        for good in case.good_at:
            for _, v, w in dict.fromkeys(("", *row[1:]) for row in rows if row[0] in ("", good)):
                if {(good, v), (good, w)} <= stored:
                    self.keys.append((good, v, w))
                    self.source.append((good if (good, v, w) in rows else None, v, w))
        lead = dict(zip(rows, view["lead_time"].to_numpy(dtype=np.float64), strict=True))
        self.lead = np.array([lead[key[0] or "", key[1], key[2]] for key in self.source], dtype=np.int64)
        stores = case.view("stores")
        rate = stores["release_rate"].to_numpy(dtype=np.float64)
        self.rates = {w: r for w, r in zip(stores.texts("store"), rate, strict=True) if not np.isnan(r)}
        own = storage["release_rate"].notna().to_numpy()
        slow = {g for g, w in self.kept if w in self.rates} | set(np.array(storage.texts("good"), dtype=object)[own])
        self.goods = {key[0] for key in self.keys} | slow
        self.keep = 1.0 - case.goods["loss_rate"].to_numpy(dtype=np.float64)
        self.life = case.goods["shelf_life"].to_numpy(dtype=np.float64)
        opening = case.view("opening_stock")
        oldest = opening["age"].fillna(0).max() if len(opening) else 0
        self.ages = [int(min(life, case.last + 1 + oldest)) if life == life else 1 for life in self.life]

    def age_limit(self, good: str) -> float:
        """The age from which on a good may not be kept."""
        life = self.life[self.case.good_at[good]]
        return float(life) if life == life else np.inf

    def older(self, good: str, age: int, periods: int) -> int:
        """The age of a unit so many periods later."""
        return age + periods if np.isfinite(self.age_limit(good)) else 0


def check_stores(case: Case, stock: Grid, through: Through) -> Movements:
    """Check transfers and the balance of every store; ``stock`` is the table of closing stock by good and store."""
    routes = _Routes(case)
    sent, cost = _check_transfers(routes)
    _check_balances(routes, stock, sent, through)
    way = np.zeros((len(case.good_at), len(case.tree)))
    whole = [sum(ages.values(), np.zeros(len(case.tree))) for ages in sent]
    for r, (good, _, _) in enumerate(routes.keys):
        g = case.good_at[good]
        for lag in range(int(routes.lead[r])):
            way[g] += case.earlier(whole[r], lag) * routes.keep[g] ** lag
    by_route = dict(zip(routes.keys, whole, strict=True))
    return Movements(np.array([g in routes.goods for g in case.good_at], dtype=bool), way, cost, by_route)


def _check_transfers(s: _Routes) -> tuple[list[dict[int, Floats]], Floats]:
    """What is sent by route and age (nodes,): within capacity, in time, not too old; and what it costs (nodes,)."""
    case, book = s.case, s.case.book
    place = [(r, a) for r, key in enumerate(s.keys) for a in range(s.ages[case.good_at[key[0]]])]
    keys: list[Key] = [(*s.keys[r], a) for r, a in place]
    route = np.array([r for r, _ in place], dtype=np.int64)
    grid = case.reader.grid("transfers", keys)
    case.not_negative(grid, "quantity", "cost")
    quantity = grid.amount("quantity")
    labels, period = case.reader.periods, case.period
    case.reader.labels(
        grid,
        "arrives",
        lambda k, n: labels[np.minimum(period[n] + s.lead[route[k]], case.last)],
        "is not when the goods arrive",
    )
    price = case.series("transfers", "cost", 0.0, s.source)[route]
    words = "moving {0} from {1} to {2} costs {left}, but the price in force makes it {right}"
    rule = case.rule("transfer_cost", grid, keys, case.money, words)
    book.equal(rule, grid.amount("cost"), price * quantity, scale=price * ROUNDED)
    limit = case.series("transfers", "capacity", 0.0, s.source)
    words = "{left} of {0} is sent from {1} to {2}, {amount} over the capacity of {right}"
    rule = case.rule("transfer_capacity", grid, s.keys, case.quantity, words)
    whole = case.total(quantity, route, len(s.keys))
    book.at_most(rule, whole, np.where(np.isnan(limit), np.inf, limit))
    words = "{left} of {0} is sent from {1} to {2} although it would arrive after the horizon"
    rule = case.rule("transfer_in_horizon", grid, s.keys, case.quantity, words)
    case.never(rule, whole, case.period + s.lead[:, None] > case.last)
    old = np.array([[a + s.lead[r] >= s.age_limit(s.keys[r][0])] for r, a in place], dtype=bool).reshape(-1, 1)
    words = "{left} of {0} is sent from {1} to {2} at age {3}, which is beyond its shelf life on arrival"
    case.never(case.rule("transfer_before_expiry", grid, keys, case.quantity, words), quantity, old)
    sent: list[dict[int, Floats]] = [{} for _ in s.keys]
    for (r, a), amount in zip(place, quantity, strict=True):
        sent[r][a] = amount
    return sent, np.asarray((price * quantity).sum(axis=0))


def _check_balances(s: _Routes, stock: Grid, sent: list[dict[int, Floats]], through: Through) -> None:
    """Every store and age: what was there, arrived and was put in, less what was sent and taken, is what is left."""
    case, book = s.case, s.case.book
    pairs = [pair for pair in s.kept if pair[0] in s.goods]
    keys: list[Key] = [(g, w, a) for g, w in pairs for a in range(s.ages[case.good_at[g]])]
    at = {key: i for i, key in enumerate(keys)}
    grid = case.reader.grid("store_balance", keys)
    case.not_negative(grid, "received", "arrived", "sent", "taken", "closing")
    written = {name: grid.amount(name) for name in ("received", "arrived", "sent", "taken", "closing")}
    arrived, went = np.zeros((len(keys), len(case.tree))), np.zeros((len(keys), len(case.tree)))
    for r, (good, v, w) in enumerate(s.keys):
        lead, keep = int(s.lead[r]), s.keep[case.good_at[good]]
        for age, amount in sent[r].items():
            went[at[good, v, age]] += amount
            later = (good, w, s.older(good, age, lead))
            if later in at:
                arrived[at[later]] += case.earlier(amount, lead) * keep**lead
    for name, amount, why in (("arrived", arrived, "transfers bring"), ("sent", went, "transfers take")):
        words = f"{name} of {{0}} at store {{1}}, age {{2}}, is written as {{left}}, but {why} {{right}}"
        book.equal(case.rule(f"store_balance.{name}", grid, keys, case.quantity, words), written[name], amount)
    keep = np.array([s.keep[case.good_at[g]] for g, _, _ in keys])[:, None]
    inward = keep * _younger(s, keys, at, written["closing"]) + written["received"] + written["arrived"]
    outward = written["sent"] + written["taken"]
    words = "stock of {0} in store {1}, age {2}, closes with {left}, but what came in less what left is {right}"
    rule = case.rule("store_balance", grid, keys, case.quantity, words)
    book.equal(rule, written["closing"], inward - outward, scale=np.maximum(inward, outward))
    _check_ages(s, grid, keys, written)
    _check_sums(s, grid, (pairs, keys, stock), written, through)


def _younger(s: _Routes, keys: list[Key], at: Mapping[Key, int], closing: Floats) -> Floats:
    """(keys, nodes) what the period before left of what has each age now, the opening stock included."""
    case = s.case
    out, start = np.zeros_like(closing), np.zeros(len(keys))
    view = case.view("opening_stock")
    columns = (view[name].tolist() for name in ("good", "store", "age", "quantity"))
    for good, store, age, quantity in zip(*columns, strict=True):
        if good in s.goods and age >= 1:
            start[at[good, store, int(age) if np.isfinite(s.age_limit(good)) else 0]] += quantity
    for i, (good, store, age) in enumerate(keys):
        source = at.get((good, store, age - 1 if np.isfinite(s.age_limit(good)) else 0))
        before = np.zeros(len(case.tree)) if source is None else closing[source]
        out[i] = case.before(before[None, :], start[i])[0]
    return out


def _check_ages(s: _Routes, grid: Grid, keys: list[Key], written: Mapping[str, Floats]) -> None:
    """What is put into a store is fresh; nothing is kept beyond its shelf life."""
    case = s.case
    old = np.array([[age > 0] for *_, age in keys], dtype=bool).reshape(-1, 1)
    words = "{left} of {0} is put into store {1} at age {2}; what arrives is fresh"
    case.never(case.rule("received_fresh", grid, keys, case.quantity, words), written["received"], old)
    last = np.array([[age >= s.age_limit(good) - 1] for good, _, age in keys], dtype=bool).reshape(-1, 1)
    words = "{left} of {0} in store {1} is kept at age {2}, beyond its shelf life"
    case.never(case.rule("store_shelf_life", grid, keys, case.quantity, words), written["closing"], last)


def _check_sums(
    s: _Routes,
    grid: Grid,
    sets: tuple[list[tuple[str, str]], list[Key], Grid],
    written: Mapping[str, Floats],
    through: Through,
) -> None:
    """The stores together get what arrives and give what leaves; the ages of a store add up to its stock."""
    case, book = s.case, s.case.book
    pairs, keys, stock = sets
    goods = [g for g in case.good_at if g in s.goods]
    rows = np.array([case.good_at[g] for g in goods], dtype=np.int64)
    of_good: Ints = np.array([goods.index(g) for g, _, _ in keys], dtype=np.int64)
    of_pair: Ints = np.array([pairs.index((g, w)) for g, w, _ in keys], dtype=np.int64)
    for name, amount, why in (
        ("received", through.received[rows], "put into stores, but {right} arrives"),
        ("taken", through.left[rows], "taken from stores, but {right} leaves"),
    ):
        words = f"{{left}} of {{0}} is {why}"
        rule = case.rule(f"{name}_of_all_stores", grid, [(g,) for g in goods], case.quantity, words)
        book.equal(rule, case.total(written[name], of_good, len(goods)), amount, scale=through.received[rows])
    for name, family, ties, said in (
        (
            "received",
            "delivered_to_store",
            through.delivered,
            "put into store {1}, {amount} less than is delivered there",
        ),
        ("taken", "served_from_store", through.served, "taken from store {1}, {amount} less than is served from there"),
    ):
        tied = np.array([ties.get(pair, np.zeros(len(case.tree))) for pair in pairs]).reshape(
            len(pairs), len(case.tree)
        )
        rule = case.rule(family, grid, list(pairs), case.quantity, f"{{left}} of {{0}} is {said}")
        book.at_least(rule, case.total(written[name], of_pair, len(pairs)), tied, where=tied > 0)
    _check_release(s, grid, pairs, case.total(written["taken"] + written["sent"], of_pair, len(pairs)))
    place = {key: i for i, key in enumerate(stock.keys)}
    held = stock.amount("quantity")[np.array([place[pair] for pair in pairs], dtype=np.int64)]
    words = "the ages of {0} in store {1} add up to {left}, but its stock is {right}"
    rule = case.rule("stock_of_all_ages", grid, list(pairs), case.quantity, words)
    book.equal(rule, case.total(written["closing"], of_pair, len(pairs)), held)


def _check_release(s: _Routes, grid: Grid, pairs: list[tuple[str, str]], leaves: Floats) -> None:
    """What leaves a store in a period, to users and other stores, stays within the rates of the store and of its goods."""
    case, stores = s.case, list(s.rates)
    held = [i for i, (_, w) in enumerate(pairs) if w in s.rates]
    of_store: Ints = np.array([stores.index(pairs[i][1]) for i in held], dtype=np.int64)
    words = "{left} leaves store {0}, {amount} over its release rate of {right}"
    rule = case.rule("store_release", grid, [(w,) for w in stores], case.quantity, words)
    most = np.array(list(s.rates.values()))[:, None]
    case.book.at_most(rule, case.total(leaves[held], of_store, len(stores)), most)
    rate = case.series("storage", "release_rate", np.inf, list(pairs))
    words = "{left} of {0} leaves store {1}, {amount} over its release rate of {right}"
    rule = case.rule("good_release", grid, list(pairs), case.quantity, words)
    case.book.at_most(rule, leaves, np.where(np.isnan(rate), np.inf, rate))
