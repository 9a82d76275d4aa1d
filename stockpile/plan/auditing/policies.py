"""Policies: both sides of every row recomputed, what it is missed by, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stockpile.instance.schema.policies import MEASURES
from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.financing import Projects
from stockpile.plan.auditing.funds import Accounts
from stockpile.plan.auditing.origins import mark_of
from stockpile.plan.auditing.tracing import Moved, Used, check_tracing

Record = dict[Any, Any]
#: What a least amount of spending does not count: it could be paid for nothing.
CHARGES = ("order_charges", "rotation_charges", "processing", "overtime")
COLUMNS = ("value", "limit", "slack", "violation", "cost")


@dataclass(frozen=True)
class Measured:
    """What policies speak of, (nodes,): arrivals and orders by source, closing stock by good, payments by class and fund,
    disbursements by project, stage and fund, what is at risk by fund and project,
    how much processes are run, the share of demand that falls away by sector and good, and what sectors get of
    classes of origin.
    """

    arrivals: dict[str, Floats]
    orders: dict[str, Floats]
    stock: dict[str, Floats]
    paid: dict[tuple[str, str], Floats]
    disbursed: dict[Key, Floats]
    at_risk: dict[Key, Floats]
    levels: dict[str, Floats]
    falls: Mapping[Key, Floats]
    used: list[Used]


def measured(
    case: Case,
    moved: Moved,
    stock: dict[str, Floats],
    accounts: Accounts,
    projects: Projects,
    at_risk: dict[Key, Floats],
) -> Measured:
    """What policies speak of, from what other blocks have checked; the tables of traced goods are checked here."""
    bought, uses = moved.bought, check_tracing(case, moved)
    paid = {(c, f): row for c, rows in accounts.paid.items() for f, row in zip(accounts.funds, rows, strict=True)}
    return Measured(
        bought.arrivals, bought.orders, stock, paid, projects.paid, at_risk, uses.levels, projects.falls, uses.used
    )


@dataclass(frozen=True)
class _Asked:
    """One side of a policy: both sides of its rows by node, where it has rows, whether it is kept, what a unit of missing costs."""

    unit: str
    value: Floats
    limit: Floats
    where: Bools
    kept: Bools
    penalty: Floats


def check_policies(case: Case, measured: Measured) -> Floats:
    """Check the table of policies.  Gives the penalties (nodes,)."""
    asked: dict[Key, _Asked] = {}
    for record in case.view("policies").records:
        for side in ("at_least", "at_most"):
            key = (str(record["policy"]), side)
            if record[side] == record[side]:
                before = asked.get(key) or _nothing(case)
                asked[key] = _with(case, measured, record, side, before)
    keys = list(asked)
    grid = case.reader.grid("policies", keys)
    for at in np.argwhere(np.array([a.where for a in asked.values()]).reshape(grid.present.shape) != grid.present):
        policy, node = " ".join(map(str, keys[at[0]])), case.tree.labels[at[1]]
        said = "has a row, but asks for nothing then" if grid.present[tuple(at)] else "has no row"
        case.book.fault("policies", f"the policy {policy} {said}", node)
    written = {name: grid.amount(name) for name in COLUMNS}
    for i, key in enumerate(keys):
        _check_row(case, asked[key], key, {name: amount[i] for name, amount in written.items()})
    return np.asarray(written["cost"].sum(axis=0))


def _check_row(case: Case, asked: _Asked, key: Key, written: dict[str, Floats]) -> None:
    """The rows of one policy and side."""
    book, own, where = case.book, [(key[0],)], asked.where[None, :]
    value, limit, violation = asked.value[None, :], asked.limit[None, :], written["violation"][None, :]
    size = np.abs(value) + np.abs(limit)
    for name, amount, words in (
        ("value", value, "policy {0}: its value is written as {left}, but the plan makes it {right}"),
        ("limit", limit, "policy {0}: its limit is written as {left}, but it is {right}"),
    ):
        rule = case.rule(f"policies.{name}", "policies", own, asked.unit, words)
        book.equal(rule, written[name][None, :], amount, scale=size, where=where)
    least = key[1] == "at_least"
    words = (
        "policy {0}: {left}, {amount} below the {right} required"
        if least
        else "policy {0}: {left}, {amount} over the {right} allowed"
    )
    rule = case.rule(f"policy_{key[1]}", "policies", own, asked.unit, words)
    if least:
        book.at_least(rule, value + violation, limit, scale=size, where=where)
    else:
        book.at_most(rule, value - violation, limit, scale=size, where=where)
    words = "policy {0} is kept, but it is missed by {left}"
    rule = case.rule("policy_is_kept", "policies", own, asked.unit, words)
    case.never(rule, np.abs(violation), where & asked.kept[None, :])
    slack = (value - limit if least else limit - value) + violation
    words = "policy {0}: its slack is written as {left}, but it is {right}"
    rule = case.rule("policies.slack", "policies", own, asked.unit, words)
    book.equal(rule, written["slack"][None, :], slack, scale=size, where=where)
    words = "policy {0}: missing it costs {left}, but at its penalty it is {right}"
    penalty = np.nan_to_num(asked.penalty)[None, :]
    rule = case.rule("policies.cost", "policies", own, case.money, words)
    book.equal(rule, written["cost"][None, :], violation * penalty, scale=penalty * ROUNDED, where=where)
    words = "policy {0}: its violation is negative, {left}"
    rule = case.rule("policies.violation >= 0", "policies", own, asked.unit, words)
    case.never(rule, -violation, where)


def _nothing(case: Case) -> _Asked:
    """A side of a policy before any record of it is read."""
    none = np.zeros(len(case.tree))
    return _Asked("", none, none, none > 0, none > 0, none)


def _with(case: Case, measured: Measured, record: Record, side: str, before: _Asked) -> _Asked:
    """The side of a policy with the rows of one record of it."""
    value, limit, once = _sides(case, measured, record, side)
    value, limit, where = _summed(case, record, value, limit, once)
    known = where & np.isfinite(limit)
    unit = getattr(case.instance.settings.units, MEASURES[record["kind"]])
    return _Asked(
        unit,
        np.where(known, value, before.value),
        np.where(known, limit, before.limit),
        before.where | known,
        np.where(known, np.isnan(record["penalty"]), before.kept),
        np.where(known, record["penalty"], before.penalty),
    )


def _summed(case: Case, record: Record, value: Floats, limit: Floats, once: float) -> tuple[Floats, Floats, Bools]:
    """Both sides summed over what a record sums, at the nodes of its last periods; ``once`` is added to a limit as it is."""
    left, right, where = np.zeros_like(value), np.zeros_like(limit), np.zeros(len(value), dtype=bool)
    for periods in _stretches(case, record):
        inside = np.isin(case.period, periods)
        ends = case.period == periods[-1]
        left = np.where(ends, case.so_far(np.where(inside, value, 0.0)[None, :])[0], left)
        right = np.where(ends, case.so_far(np.where(inside, limit, 0.0)[None, :])[0] + once, right)
        where |= ends
    return left, right, where


def _stretches(case: Case, record: Record) -> Iterator[list[int]]:
    """The periods that a record sums together: each by itself, those of a calendar or fiscal year, or all."""
    calendar = case.instance.calendar
    same = case.view("policies").frame
    later = same.loc[(same["policy"] == record["policy"]) & (same["from"] > record["from"]), "from"]
    end = min([record["until"], case.last + 1, *later])
    together: list[int] = []
    for period in range(record["from"], end):
        together.append(period)
        following = calendar.starts[period + 1]
        turns = {
            "period": True,
            "year": following.year != calendar.starts[period].year,
            "fiscal-year": bool(calendar.fiscal_year_end[period]),
            "horizon": False,
        }
        if turns[record["per"]] or period == end - 1:
            yield together
            together = []


def _sides(case: Case, measured: Measured, record: Record, side: str) -> tuple[Floats, Floats, float]:
    """Value and limit of a side of a record by node (nodes,), and a limit that is not by node."""
    kind, none, amount = record["kind"], np.zeros(len(case.tree)), float(record[side])
    if kind in ("spending", "budget-use"):
        paid = _paid(measured, record, none, CHARGES if side == "at_least" else ())
        if kind == "spending":
            return paid, none, amount
        funds = [str(f) for f in case.view("funds")["fund"] if record["fund"] in (None, f)]
        return paid, amount * sum((case.spread(case.instance.budget(f)) for f in funds), none), 0.0
    if kind == "exposure":
        mine = [
            amount
            for (fund, project), amount in measured.at_risk.items()
            if record["fund"] in (None, fund) and record["project"] in (None, project)
        ]
        return sum(mine, none), none, amount
    if kind == "cover":
        goods = _goods(case, record)
        keys, rates = case.instance.series("demand", "quantity", 0.0)
        wanted = none
        for (sector, good), rate in zip(keys, rates, strict=True):
            if good in goods and record["sector"] in (None, sector):
                wanted = wanted + case.spread(rate) * (1.0 - measured.falls.get((sector, good), 0.0))
        days = case.instance.calendar.length * 365.25
        return sum((measured.stock[g] for g in goods), none), amount * wanted / days, 0.0
    amounts = measured.orders if kind == "market-share" else measured.arrivals
    if kind in ("energy", "emissions"):
        return _burden(case, measured, record), none, amount
    if kind == "origin-in-use":
        part, whole = _in_use(measured, record, side, _goods(case, record), none)
        return part, amount * whole, 0.0
    counting = [str(s["source"]) for s in _sellers(case, record) if _counts(case, record, s)]
    value = sum((amounts[k] for k in counting), none)
    if kind == "deliveries":
        return value, none, amount
    if kind == "share":
        return value, amount * sum((amounts[str(s["source"])] for s in _sellers(case, record)), none), 0.0
    return value, amount * _volume(case, record), 0.0


def _paid(measured: Measured, record: Record, none: Floats, without: Sequence[str]) -> Floats:
    """What the funds of a record pay, for everything but some classes, or for one project."""
    if record["project"] is not None:
        return sum(
            (
                v
                for (p, _, f), v in measured.disbursed.items()
                if p == record["project"] and record["fund"] in (None, f)
            ),
            none,
        )
    return sum((v for (c, f), v in measured.paid.items() if record["fund"] in (None, f) and c not in without), none)


def _in_use(measured: Measured, record: Record, side: str, goods: list[str], none: Floats) -> tuple[Floats, Floats]:
    """What sectors get that counts for a side of a record by where it comes from, and all that they get."""
    part, whole = none, none
    for used in measured.used:
        if used.good in goods and record["sector"] in (None, used.sector):
            got = {"fund": used.reserve, "market": used.market}.get(record["paid_by"], used.reserve + used.market)
            part, whole = part + got * (mark_of(record, side, used.linked) in used.marks), whole + got
    return part, whole


def _burden(case: Case, measured: Measured, record: Record) -> Floats:
    """Energy or emissions of what arrives of the sources that count, and of the processes that do."""
    kind, total = record["kind"], np.zeros(len(case.tree))
    if record["process"] is None:
        for seller in _sellers(case, record):
            counts = _counts(case, record, seller)
            total = total + counts * float(seller[kind]) * measured.arrivals[str(seller["source"])]
    sources_only = [record[c] for c in ("good", "material", "supplier", "source", "market") if record[c] is not None]
    for process in case.view("processes").records:
        place = {"origin": process["origin"], "mined_in": None, "supplier": None, "source": None, "market": None}
        if record["process"] == process["process"] or (
            record["process"] is None and not sources_only and _counts(case, record, place)
        ):
            total = total + float(process[kind]) * measured.levels[str(process["process"])]
    return total


def _goods(case: Case, record: Record) -> list[str]:
    """The goods that a record speaks of."""
    pairs = zip(case.goods["good"], case.goods["material"], strict=True)
    return [str(g) for g, m in pairs if record["good"] in (None, g) and record["material"] in (None, m)]


def _sellers(case: Case, record: Record) -> list[Record]:
    """The sources of the goods that a record speaks of, paid by whom it says."""
    goods = _goods(case, record)
    sellers = case.view("sources").records
    return [s for s in sellers if s["good"] in goods and record["paid_by"] in ("both", s["paid_by"])]


def _counts(case: Case, record: Record, seller: Record) -> bool:
    """Whether what a source sells counts."""
    origin = seller["origin"] if record["by"] == "processed" else seller["mined_in"]
    if any(record[c] is not None and record[c] != seller[c] for c in ("supplier", "source", "market")):
        return False
    if record["origin"] is not None and record["origin"] != origin:
        return False
    pairs = case.view("origins").frame[["origin", "group"]].to_numpy().tolist()
    return record["group"] is None or [origin, record["group"]] in pairs


def _volume(case: Case, record: Record) -> Floats:
    """(nodes,) the volume, or what price steps offer while somebody who sells at them may be ordered from; NaN without limit."""
    if record["volume"] == record["volume"]:
        return np.full(len(case.tree), float(record["volume"]))
    periods = np.arange(case.instance.columns) % (case.last + 1)
    prices = case.instance.series("prices", "price", np.nan), case.instance.series("markets", "price", np.nan)
    widths = case.instance.series("prices", "width", np.nan), case.instance.series("markets", "width", np.nan)
    total = np.zeros(len(periods))
    ready: dict[tuple[int, str], Bools] = {}
    for seller in _sellers(case, record):
        market = seller["market"]
        if record["market"] is not None and market != record["market"]:
            continue
        place = (0, str(seller["source"])) if market is None else (1, str(market))
        open_then = (periods >= seller["qualified_from"]) & (periods < seller["until"])
        ready[place] = ready.get(place, np.zeros(len(periods), dtype=bool)) | open_then
    for (shared, name), open_then in ready.items():
        keys, price = prices[shared]
        for (seller_name, _), cost, width in zip(keys, price, widths[shared][1], strict=True):
            if seller_name == name:
                total = total + np.where(open_then & ~np.isnan(cost), width, 0.0)
    return case.spread(total)
