"""Traced goods: stock by class of origin adds up, and sectors get what they accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stockpile.plan.auditing.batches import Batches, check_batches
from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.demand import Service
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.origins import Mark, Marks, Origins, name_of
from stockpile.plan.auditing.processing import Processed
from stockpile.plan.auditing.purchasing import Purchases
from stockpile.plan.auditing.rotation import Rotation
from stockpile.plan.auditing.stock import Stocks


@dataclass(frozen=True)
class Moved:
    """What other blocks know of goods."""

    bought: Purchases
    rotation: Rotation
    service: Service
    processed: Processed
    stock: Stocks


@dataclass(frozen=True)
class Used:
    """What a sector gets of a class of a good, from the reserve and from what the market buys (nodes,), with its marks.

    ``linked``: the good is passed on by processes, or made by one that does.
    """

    sector: str
    good: str
    linked: bool
    marks: Marks
    reserve: Floats
    market: Floats


class _Traced:
    """One traced good: the marks that rules tell apart, what arrives of every class, and what of it goes into batches (``fed``)."""

    def __init__(self, case: Case, good: str, flows: Moved, origins: Origins) -> None:
        self.case, self.good, self.flows, self.origins = case, good, flows, origins
        self.takers = sorted({e for e, g in [*flows.service.given, *flows.service.market] if g == good})
        self.rules, self.accepts = origins.rules(good), origins.accepts
        self.marks: list[Mark] = list(origins.marks(good, self.takers))
        self.received: dict[Marks, Floats] = {}
        self.fed: dict[Marks, Floats] = {}
        self.market: dict[Marks, Floats] = {}
        self.opening: dict[Marks, list[tuple[int, float]]] = {}
        self.lag = case.series("rotation", "lag", 0.0, [(good, "exchange")])[0]
        self.premium = np.nan_to_num(case.series("rotation", "premium", 0.0, [(good, "exchange")])[0])

    def of(self, origin: Any, mined_in: Any) -> Marks:
        """The marks of goods by where they were processed and mined."""
        return self.origins.of(self.marks, origin, mined_in)

    def arrive(self) -> None:
        """Gather what arrives of every class from sources, processes that pass no origin on, and the time before; the class of
        no mark is always there.
        """
        case, none = self.case, np.zeros(len(self.case.tree))
        self._add(self.received, frozenset(), none)
        for source in case.view("sources").records:
            if source["good"] == self.good:
                marks = self.of(source["origin"], source["mined_in"])
                amount = self.flows.bought.arrivals[str(source["source"])]
                self._add(self.received, marks, none if source["paid_by"] == "market" else amount)
                self._add(self.market, marks, amount if source["paid_by"] == "market" else none)
        recipes = case.view("recipes").frame
        makes = recipes[(recipes["good"] == self.good) & (recipes["amount"] > 0)]
        per_run = dict(zip(makes["process"], makes["amount"], strict=True))
        for process in case.view("processes").records:
            link = self.origins.links.get(process["process"])
            if process["process"] in per_run and (link is None or self.good not in link.makes):
                made = per_run[process["process"]] * self._ran(process)
                self._add(self.received, self.of(process["origin"], None), made)
        for row in case.view("opening_lent").records:
            if row["good"] == self.good:
                back = np.where(case.period == row["due"], float(row["quantity"]), 0.0)
                self._add(self.received, self.of(row["origin"], row["mined_in"]), back)
        for row in case.view("opening_stock").records:
            if row["good"] == self.good:
                marks, age = self.of(row["origin"], row["mined_in"]), row["age"]
                age = 0 if age != age else int(age)
                self._add(
                    self.received, marks, np.where(case.tree.parent < 0, float(row["quantity"]), 0.0) * (age == 0)
                )
                if age > 0:
                    self.opening.setdefault(marks, []).append((age, float(row["quantity"])))

    def _ran(self, process: dict[Any, Any]) -> Floats:
        """(nodes,) runs whose outputs arrive, those from before the horizon among them."""
        case, name = self.case, str(process["process"])
        ran = case.earlier(self.flows.processed.levels[name], int(process["lead_time"]))
        for row in case.view("opening_runs").records:
            if row["process"] == name:
                ran = ran + np.where(case.period == row["arrives"], float(row["level"]), 0.0)
        return np.asarray(ran)

    def _add(self, sums: dict[Marks, Floats], marks: Marks, amount: Floats) -> None:
        sums[marks] = sums.get(marks, np.zeros(len(self.case.tree))) + amount
        self.received.setdefault(marks, np.zeros(len(self.case.tree)))

    def add_made(self, marks: Marks, amount: Floats) -> None:
        """Add what batches make of a class, which may be one of its own."""
        self._add(self.received, marks, amount)

    def back(self, lent: Floats) -> Floats:
        """(nodes,) what comes back of what is lent of a class."""
        owing, out = lent * (1.0 + self.premium), np.zeros(len(lent))
        lags = np.nan_to_num(self.lag).astype(np.int64)
        for length in np.unique(lags[lags > 0]):
            out = out + self.case.earlier(np.where(lags == length, owing, 0.0), int(length))
        return out

    def uses(self, marks: list[Marks]) -> Iterator[tuple[str, Marks]]:
        """Sectors whose use some rule is about, with the classes that they may get."""
        for sector in self.takers:
            counted = any(rule["sector"] in (None, sector) for rule in self.rules)
            group = self.accepts.get(sector)
            if counted or group is not None:
                yield from ((sector, m) for m in marks if group is None or Mark(None, group, "processed", False) in m)

    @property
    def users(self) -> list[str]:
        """Sectors whose use some rule is about."""
        return [e for e in self.takers if e in self.accepts or any(rule["sector"] in (None, e) for rule in self.rules)]


@dataclass(frozen=True)
class Uses:
    """What sectors get of every class, and how much processes are run."""

    used: list[Used]
    levels: dict[str, Floats]


def check_tracing(case: Case, flows: Moved) -> Uses:
    """Check the tables of traced goods.  Gives what sectors get of every class."""
    goods, origins = [], Origins(case)
    for good, traced in zip(case.goods["good"], case.goods["trace"], strict=True):
        if traced is True and (found := _Traced(case, str(good), flows, origins)).marks:
            found.arrive()
            goods.append(found)
    _pass_on(case, goods, origins, flows.processed.levels)
    keys: list[Key] = [(t.good, name_of(marks)) for t in goods for marks in t.received]
    stock = case.reader.grid("traced_stock", keys)
    case.not_negative(stock, "opening", "loss", "received", "lent", "left", "closing")
    pairs: list[Key] = [(e, t.good, name_of(m)) for t in goods for e, m in t.uses(list(t.received))]
    use = case.reader.grid("traced_use", pairs)
    case.not_negative(use, "quantity", "market")
    used: list[Used] = []
    for traced in goods:
        used += _check_good(traced, stock, use)
    return Uses(used, flows.processed.levels)


def _pass_on(case: Case, goods: list[_Traced], origins: Origins, levels: dict[str, Floats]) -> None:
    """Check batches; what they make arrives, and what they take leaves."""
    batches = Batches(origins, {t.good: t.marks for t in goods})
    known = {t.good: list(t.received) for t in goods}
    for row in case.view("opening_runs").records:
        if row["process"] in origins.links:
            passed = batches.of_opening(row["process"], row["origin"], row["mined_in"])
            for good, marks in batches.outputs(row["process"], passed).items():
                known[good] = list(dict.fromkeys([*known[good], marks]))
    batches.find(known)
    batched = check_batches(case, batches, known, levels)
    for t in goods:
        for marks in known[t.good]:
            t.add_made(marks, batched.made.get((t.good, marks), np.zeros(len(case.tree))))
        t.fed = {marks: amount for (good, marks), amount in batched.taken.items() if good == t.good}


def _check_good(t: _Traced, stock: Grid, use: Grid) -> list[Used]:
    """One traced good: its classes, what they add up to, and who gets them."""
    case, at = t.case, {key: i for i, key in enumerate(stock.keys)}
    classes = list(t.received)
    rows = [at[t.good, name_of(marks)] for marks in classes]
    written = {name: stock.amount(name)[rows] for name in ("opening", "loss", "received", "lent", "left", "closing")}
    of_use = {key: i for i, key in enumerate(use.keys)}
    reserve, market = use.amount("quantity"), use.amount("market")
    used = [
        Used(
            e,
            t.good,
            t.good in t.origins.linked,
            marks,
            reserve[of_use[e, t.good, name_of(marks)]],
            market[of_use[e, t.good, name_of(marks)]],
        )
        for e, marks in t.uses(classes)
    ]
    _check_classes(t, stock, classes, written)
    for name, whole in (("closing", t.flows.stock.closing), ("lent", t.flows.rotation.lent)):
        words = f"{name} of all origins of {{0}} is {{left}}, but {name} of the good is {{right}}"
        rule = case.rule(f"traced_{name}", stock, [(t.good,)], case.quantity, words)
        case.book.equal(rule, written[name].sum(axis=0)[None, :], whole[[case.good_at[t.good]]])
    _check_users(t, used)
    for i, marks in enumerate(classes):
        got = [u for u in used if u.marks == marks]
        key: list[Key] = [(t.good, name_of(marks))]
        taken = sum((u.reserve for u in got), np.zeros(len(case.tree))) + written["lent"][i] + t.fed.get(marks, 0.0)
        takers = "sectors get, borrowers and batches take" if t.fed else "sectors get and borrowers take"
        words = f"{takers} {{left}} of {{0}} of origin {{1}}, but only {{right}} of that leaves"
        rule = case.rule("traced_use_leaves", use, key, case.quantity, words)
        case.book.at_most(rule, taken[None, :], written["left"][[i]])
        bought = sum((u.market for u in got), np.zeros(len(case.tree)))
        words = "sectors get {left} of {0} of origin {1} that the market buys, but only {right} of that arrives"
        rule = case.rule("traced_market_use", use, key, case.quantity, words)
        case.book.at_most(rule, bought[None, :], t.market.get(marks, np.zeros(len(case.tree)))[None, :])
    return used


def _check_classes(t: _Traced, stock: Grid, classes: list[Marks], written: dict[str, Floats]) -> None:
    """The balance and the shelf life of every class."""
    case = t.case
    keys: list[Key] = [(t.good, name_of(marks)) for marks in classes]
    row = case.goods.frame.iloc[case.good_at[t.good]]
    keep = 1.0 - float(row["loss_rate"])
    start = np.array([sum(q for _, q in t.opening.get(marks, [])) for marks in classes])
    before = case.before(written["closing"], start)
    received = np.array([t.received[m] + t.back(written["lent"][i]) for i, m in enumerate(classes)])
    for name, amount, why in (
        ("opening", before, "the period before closed with"),
        ("loss", (1.0 - keep) * before, "the loss rate makes it"),
        ("received", received, "what arrives of that origin is"),
        ("closing", before * keep + received - written["left"], "opening and received less loss and what left is"),
    ):
        words = f"{{0}} of origin {{1}}: {name} is {{left}}, but {why} {{right}}"
        rule = case.rule(f"traced_stock.{name}", stock, keys, case.quantity, words)
        case.book.equal(rule, written[name], amount, scale=before + received)
    if row["shelf_life"] == row["shelf_life"]:
        life = int(row["shelf_life"])
        most = np.zeros_like(received)
        for lag in range(min(life - 1, case.last + 1)):
            most += keep**lag * case.earlier(received, lag)
        for i, marks in enumerate(classes):
            for age, quantity in t.opening.get(marks, []):
                most[i] += np.where(case.period <= life - 2 - age, quantity * keep ** (case.period + 1.0), 0.0)
        words = "stock of {0} of origin {1} is {left}, {amount} more than may be kept within its shelf life"
        case.book.at_most(case.rule("traced_shelf_life", stock, keys, case.quantity, words), written["closing"], most)


def _check_users(t: _Traced, used: list[Used]) -> None:
    """What a sector gets of all classes is what it gets."""
    case, service = t.case, t.flows.service
    for sector in t.users:
        mine, none = [u for u in used if u.sector == sector], np.zeros((1, len(case.tree)))
        for amount, known, what in (
            (sum((u.reserve for u in mine), none), service.given.get((sector, t.good)), "from the reserve"),
            (sum((u.market for u in mine), none), service.market.get((sector, t.good)), "of what the market buys"),
        ):
            words = f"{{0}} gets {{left}} of {{1}} {what} of origins that it accepts, but {{right}} in all"
            rule = case.rule("traced_use", "traced_use", [(sector, t.good)], case.quantity, words)
            case.book.equal(rule, amount, none if known is None else known[None, :])
