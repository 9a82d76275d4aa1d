"""Contracts: signed once in their window, called between two rates while they run, the lower one paid for in any case."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stockpile.instance.indexes import index_values
from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.financing import Projects
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.view import texts


@dataclass(frozen=True)
class Contracted:
    """What other blocks need, (nodes,): spending and duties; what arrives by good and by good and store; by source what is
    called and what arrives; by contract what is called, and 1 where it is signed.
    """

    spending: Floats
    duties: Floats
    arrived: Floats
    delivered: dict[tuple[str, str], Floats]
    called: dict[str, Floats]
    arrivals: dict[str, Floats]
    calls: dict[Key, Floats]
    signed: dict[Key, Floats]


class Terms:
    """The contracts of the instance, what the plan signs, and what runs at which price.

    ``begun`` are the periods since those began that did before the horizon; ``begins`` (contracts, nodes) is 1 where the others do.
    """

    def __init__(self, case: Case, projects: Projects) -> None:
        self.case = case
        view = case.view("contracts")
        self.names = view.texts("contract")
        self.keys: list[Key] = [(c,) for c in self.names]
        self.records = view.records
        sources = case.view("sources").frame.set_index("source")
        own = sources.loc[view.texts("source")]
        self.sources = view.texts("source")
        self.goods, self.stores, self.origins = (texts(own[name]) for name in ("good", "store", "origin"))
        self.lead = own["lead_time"].to_numpy(dtype=np.float64).astype(np.int64)
        self.duration = view["duration"].to_numpy(dtype=np.float64).astype(np.int64)
        start, until = (own[name].to_numpy(dtype=np.float64)[:, None] for name in ("qualified_from", "until"))
        late = case.period + self.lead[:, None] > case.last
        self.callable = (case.period >= start) & (case.period < until) & ~late
        self.least, self.most = (view[name].to_numpy(dtype=np.float64)[:, None] for name in ("min_rate", "max_rate"))
        opening = case.view("opening_contracts")
        columns = (opening[name].tolist() for name in ("contract", "age", "price"))
        self.opening = {str(c): (int(age), float(price)) for c, age, price in zip(*columns, strict=True)}
        self.grid = case.reader.grid("contracts", self.keys)
        self.signed = self.grid.present.astype(np.float64)
        self.projects = [p if isinstance(p, str) else "" for p in view["project"]]
        self.waits = np.array([bool(p) for p in self.projects], dtype=bool)
        self.gone = np.array([projects.gone.get(p, np.zeros(len(case.tree))) for p in self.projects])
        self.gone = self.gone.reshape(self.signed.shape)
        self.begun: dict[str, int] = {}
        self.begins = self._beginnings(projects)
        self.runs, self.price = self._course()

    def _beginnings(self, projects: Projects) -> Floats:
        """Where contracts begin: as they are signed, or once the project is commissioned that they wait for, too."""
        begins = self.signed.copy()
        for row, (name, project) in enumerate(zip(self.names, self.projects, strict=True)):
            before = self.opening[name][0] if name in self.opening else 0
            if not project:
                self.begun |= {name: before} if before else {}
                continue
            last = max(stage for p, stage in projects.age if p == project)
            since = projects.age[project, last]
            ready = (self.case.so_far(self.signed[row][None, :])[0] + before > 0) & (since >= 0)
            began = min(before, int(since[0]))
            self.begun |= {name: began} if began > 0 else {}
            parent = np.maximum(self.case.tree.parent, 0)
            there = np.where(self.case.tree.parent >= 0, ready[parent], began > 0)
            begins[row] = ready & ~there & (self.gone[row] < 1)
        return begins

    def prices(self, row: int) -> Floats:
        """(nodes,) price of a contract by the index of every node."""
        terms, instance = self.records[row], self.case.instance
        price = np.full(instance.columns, float(terms["price"]))
        if isinstance(terms["index_kind"], str):
            price += float(terms["index_factor"]) * index_values(instance, terms["index_kind"], terms["index"])
        top = float(terms["ceiling"])
        if top == top:
            price = np.where(price > top, top + float(terms["upside_share"]) * (price - top), price)
        return self.case.spread(np.maximum(price, float(terms["floor"])))

    def fixed(self, row: int) -> bool:
        """Whether the price is that of the period of signing."""
        terms = self.records[row]
        return isinstance(terms["index_kind"], str) and terms["price_fixed"] == "start"

    def _course(self) -> tuple[Bools, Floats]:
        """(contracts, nodes) where each runs, and its price there; 0 where it does not."""
        case = self.case
        runs, price = np.zeros(self.signed.shape), np.zeros(self.signed.shape)
        for row, name in enumerate(self.names):
            now = np.nan_to_num(self.prices(row))
            if name in self.begun:
                runs[row] += case.period + self.begun[name] < self.duration[row]
                price[row] = self.opening[name][1] if self.fixed(row) else now
                continue
            for lag in range(min(int(self.duration[row]), case.last + 1)):
                here = case.earlier(self.begins[row], lag)
                runs[row] += here
                price[row] += here * (case.earlier(now, lag) if self.fixed(row) else now)
        return runs > 0, np.where(runs > 0, price, 0.0)


def check_contracts(case: Case, projects: Projects) -> tuple[Contracted, Terms]:
    """Check signings, beginnings, calls and what arrives of them."""
    terms = Terms(case, projects)
    _check_signing(terms)
    _check_beginnings(terms)
    calls = case.reader.grid("calls", terms.keys)
    _check_calls(terms, calls)
    return _check_deliveries(terms, calls), terms


def _check_signing(t: Terms) -> None:
    """Signed once, in the window, so that something could arrive; at its premium."""
    case, grid = t.case, t.grid
    sources, labels = np.array(t.sources, dtype=object), case.reader.periods
    case.reader.labels(grid, "source", lambda c, n: sources[c], "is not whom the contract is with")
    last = np.minimum(case.period[None, :] + t.duration[:, None] - 1, case.last)
    until = np.where(t.waits[:, None], "", labels[last])
    case.reader.labels(grid, "until", lambda c, n: until[c, n], "is not the last period in which it runs")
    premium = np.array([float(r["premium"]) for r in t.records])[:, None]
    words = "signing {0} costs {left}, but its premium is {right}"
    rule = case.rule("contract_premium", grid, t.keys, case.money, words)
    case.book.equal(rule, grid.amount("premium"), np.broadcast_to(premium, t.signed.shape), where=grid.present)
    opened = np.array([[name in t.opening] for name in t.names], dtype=bool).reshape(-1, 1)
    start, until = (np.array([float(r[c]) for r in t.records])[:, None] for c in ("sign_from", "sign_until"))
    for family, closed, why in (
        ("sign_from", case.period < start, "before its window opens"),
        ("sign_until", case.period >= until, "after its window has closed"),
        ("signed_before", np.broadcast_to(opened, t.signed.shape), "although it was signed before the horizon"),
        ("signed_in_vain", ~_useful(t), "although nothing could arrive under it"),
    ):
        rule = case.rule(family, grid, t.keys, "", f"{{0}} is signed {why}")
        case.never(rule, t.signed, closed)
    rule = replace(case.rule("signed_once", grid, t.keys, "", "{0} is signed {left} times"), binds=False)
    case.book.at_most(rule, case.so_far(t.signed), np.ones(1), where=t.signed > 0)


def _check_beginnings(t: Terms) -> None:
    """Those that wait begin once both are there, and bind their project while they run."""
    case, rows = t.case, np.flatnonzero(t.waits)
    grid = case.reader.grid("commencements", [t.keys[row] for row in rows])
    projects, labels = np.array([t.projects[row] for row in rows], dtype=object), case.reader.periods
    case.reader.labels(grid, "project", lambda c, n: projects[c], "is not the project that it waits for")
    last = np.minimum(case.period[None, :] + t.duration[rows, None] - 1, case.last)
    case.reader.labels(grid, "until", lambda c, n: labels[last[c, n]], "is not the last period in which it runs")
    words = "{0} begins {left} times, but by its signature and its project {right} times"
    rule = case.rule("commencement", grid, grid.keys, "", words)
    case.book.equal(rule, grid.present.astype(np.float64), t.begins[rows])
    words = "the project of {0} is abandoned, but the contract runs"
    rule = case.rule("contract_binds_project", "abandonments", grid.keys, "", words)
    case.never(rule, t.gone[rows], t.runs[rows])


def _useful(t: Terms) -> Bools:
    """(contracts, nodes) whether something may be called under a contract signed at a node, on some path."""
    found = np.zeros(t.signed.shape, dtype=bool)
    for row, duration in enumerate(np.where(t.waits, t.case.last + 1, t.duration)):
        for lag in range(min(int(duration), t.case.last + 1)):
            back = t.case.back(lag)
            for node in np.flatnonzero((back >= 0) & t.callable[row]):
                found[row, back[node]] = True
    return found


def _check_calls(t: Terms, calls: Grid) -> None:
    """Calls while a contract runs, between its rates, at its price."""
    case, book = t.case, t.case.book
    case.not_negative(calls, "quantity", "untaken", "cost")
    goods, labels = np.array(t.goods, dtype=object), case.reader.periods
    case.reader.labels(calls, "good", lambda c, n: goods[c], "is not what the source delivers")
    arrives = np.minimum(case.period[None, :] + t.lead[:, None], case.last)
    case.reader.labels(calls, "arrives", lambda c, n: labels[arrives[c, n]], "is not when it arrives")
    quantity, untaken = calls.amount("quantity"), calls.amount("untaken")
    open_ = t.runs & t.callable
    words = "{left} is called under {0}, {amount} over the {right} that may be"
    rule = case.rule("greatest_rate", calls, t.keys, case.quantity, words)
    book.at_most(rule, quantity, np.broadcast_to(t.most, quantity.shape), where=open_)
    words = "{left} is called under {0} while it does not run, or its source takes no orders"
    case.never(case.rule("call_while_running", calls, t.keys, case.quantity, words), quantity + untaken, ~open_)
    words = "{left} is called or paid for under {0}, {amount} below the least of {right}"
    rule = case.rule("take_or_pay", calls, t.keys, case.quantity, words)
    book.at_least(rule, quantity + untaken, np.broadcast_to(t.least, quantity.shape), where=open_ & (t.least > 0))
    words = "{left} is paid for under {0} and not taken, {amount} over the least of {right}"
    rule = replace(case.rule("untaken_within_least", calls, t.keys, case.quantity, words), binds=False)
    book.at_most(rule, untaken, np.broadcast_to(t.least, quantity.shape))
    words = "the price of {0} is written as {left}, but it is {right}"
    case.reader.cells(calls, "price", t.price / case.instance.price_factor, case.price, words)
    words = "what is called under {0} costs {left}, but at its price it is {right}"
    rule = case.rule("call_cost", calls, t.keys, case.money, words)
    book.equal(rule, calls.amount("cost"), t.price * (quantity + untaken), scale=t.price * ROUNDED)


def _check_deliveries(t: Terms, calls: Grid) -> Contracted:
    """What arrives is what was called a lead time before, less what is lost on its way; so is what is paid."""
    case, book = t.case, t.case.book
    grid = case.reader.grid("contract_deliveries", t.keys)
    goods, labels = np.array(t.goods, dtype=object), case.reader.periods
    case.reader.labels(grid, "good", lambda c, n: goods[c], "is not what the source delivers")
    called = np.maximum(case.period[None, :] - t.lead[:, None], 0)
    case.reader.labels(grid, "called", lambda c, n: labels[called[c, n]], "is not when it was called")
    share = case.series("arrivals", "share", 1.0, [(k,) for k in t.sources])
    taken, paid = calls.amount("quantity"), t.price * (calls.amount("quantity") + calls.amount("untaken"))
    quantity = share * case.earlier_by_row(taken, t.lead)
    cost = share * case.earlier_by_row(paid, t.lead)
    rates = [case.instance.duty_rates(o, g) for o, g in zip(t.origins, t.goods, strict=True)]
    rate = case.spread(np.array(rates).reshape(len(t.names), case.instance.columns))
    duty = rate * share * case.earlier_by_row(t.price * taken, t.lead)
    dearest = case.earlier_by_row(t.price, t.lead) * ROUNDED
    for name, expected, unit, words in (
        ("quantity", quantity, case.quantity, "{left} arrives under {0}, but of what was called for then {right} does"),
        ("cost", cost, case.money, "what arrives under {0} costs {left}, but at its price it is {right}"),
        ("duty", duty, case.money, "the duty on what arrives under {0} is {left}, but the rate makes it {right}"),
    ):
        rule = case.rule(f"contract_deliveries.{name}", grid, t.keys, unit, words)
        book.equal(rule, grid.amount(name), expected, scale=np.maximum(cost, dearest))
    good = np.array([case.good_at[g] for g in t.goods], dtype=np.int64)
    delivered: dict[tuple[str, str], Floats] = {}
    by_source = {k: np.zeros((2, len(case.tree))) for k in t.sources}
    for row, (source, store) in enumerate(zip(t.sources, t.stores, strict=True)):
        by_source[source] += [taken[row], quantity[row]]
        if store:
            place = (t.goods[row], store)
            delivered[place] = delivered.get(place, np.zeros(len(case.tree))) + quantity[row]
    return Contracted(
        spending=cost.sum(axis=0) + t.grid.amount("premium").sum(axis=0),
        duties=duty.sum(axis=0),
        arrived=case.total(quantity, good, len(case.good_at)),
        delivered=delivered,
        called={k: amounts[0] for k, amounts in by_source.items()},
        arrivals={k: amounts[1] for k, amounts in by_source.items()},
        calls=dict(zip(t.keys, taken, strict=True)),
        signed=dict(zip(t.keys, t.signed, strict=True)),
    )
