"""Backlog: demand that waits is caught up in time, and every period of waiting is charged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Ints, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.grid import Grid


@dataclass(frozen=True)
class Waiting:
    """What the other blocks need: demand put off less what is caught up (pairs, nodes), the charge (nodes,), the penalty at
    the end (leaves,); ``standing`` is what waits at the close by sector and good (nodes,).
    """

    deferred: Floats
    cost: Floats
    end_penalty: Floats
    standing: dict[Key, Floats]


def check_backlog(case: Case, pairs: list[Key], demand: Floats, short: Floats) -> Waiting:
    """Check what waits of the demand of ``pairs``, of which some falls short: (pairs, nodes)."""
    rows = [
        (i, row)
        for i, (sector, good) in enumerate(pairs)
        for row in case.instance.backlog_of(sector, good).to_dict("records")
    ]
    of = np.array([i for i, _ in rows], dtype=np.int64)
    keys = [pairs[i] for i in of]
    grid = case.reader.grid("backlog", keys)
    case.not_negative(grid, "postponed", "caught_up", "waiting", "cost", "end_penalty")
    _check_flow(case, grid, demand[of] - short[of], demand[of])
    last, longest, price, final = case.last, *_numbers(rows)
    _check_longest(case, grid, np.where(np.isnan(longest), last + 1, longest).astype(np.int64))
    waiting = grid.amount("waiting")
    leaf = np.zeros(len(case.tree), dtype=bool)
    leaf[case.tree.leaves] = True
    words = "{left} of the demand of {0} for {1} still waits at the end of the horizon"
    case.never(case.rule("nothing_waits", grid, keys, case.quantity, words), waiting, leaf & np.isnan(final)[:, None])
    for column, each, where, what in (
        ("cost", price, np.ones_like(leaf), "what waits"),
        ("end_penalty", np.nan_to_num(final), leaf, "what waits at the end"),
    ):
        due = each[:, None] * waiting * where
        words = (
            f"the {column.replace('_', ' ')} of waiting of {{0}} for {{1}} is {{left}}, but {what} makes it {{right}}"
        )
        rule = case.rule(f"backlog.{column}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(column), due, scale=each[:, None] * ROUNDED)
    deferred = case.total(grid.amount("postponed") - grid.amount("caught_up"), of, len(pairs))
    at_end = (np.nan_to_num(final)[:, None] * waiting)[:, case.tree.leaves]
    standing = dict(zip(keys, waiting, strict=True))
    return Waiting(deferred, (price[:, None] * waiting).sum(axis=0), at_end.sum(axis=0), standing)


def _numbers(rows: list[tuple[int, dict[Any, Any]]]) -> tuple[Floats, Floats, Floats]:
    """The longest wait in periods, the charge and the penalty at the end, by row; NaN where blank."""
    columns = ("max_wait", "cost", "end_penalty")
    longest, price, final = (np.array([row[c] for _, row in rows], dtype=np.float64) for c in columns)
    return longest, price, final


def _check_flow(case: Case, grid: Grid, kept: Floats, scale: Floats) -> None:
    """Only demand that does not fall short is postponed, only what waits is caught up, and the rest waits on."""
    book, keys = case.book, grid.keys
    postponed, caught_up, waiting = (grid.amount(name) for name in ("postponed", "caught_up", "waiting"))
    before = case.before(waiting)
    words = "{0} postpones {left} of its demand for {1}, {amount} more than it wants and is not lost ({right})"
    rule = case.rule("postponed_demand", grid, keys, case.quantity, words)
    book.at_most(replace(rule, binds=False), postponed, kept, scale=scale)
    words = "{0} is caught up with {left} of {1}, {amount} more than waited before ({right})"
    rule = case.rule("caught_up_demand", grid, keys, case.quantity, words)
    book.at_most(replace(rule, binds=False), caught_up, before)
    words = "{left} of the demand of {0} for {1} is written to wait, but what is postponed and not caught up is {right}"
    rule = case.rule("waiting", grid, keys, case.quantity, words)
    book.equal(rule, waiting, before + postponed - caught_up, scale=before)


def _check_longest(case: Case, grid: Grid, longest: Ints) -> None:
    """What waits was postponed within the longest wait, since the oldest demand is served first."""
    postponed = grid.amount("postponed")
    recent = np.zeros_like(postponed)
    for lag in range(int(longest.max(initial=0))):
        recent += np.where((lag < longest)[:, None], case.earlier(postponed, lag), 0.0)
    limited = (longest <= case.last)[:, None]
    words = "{left} of the demand of {0} for {1} waits, {amount} more than was postponed within its longest wait"
    rule = case.rule("longest_wait", grid, grid.keys, case.quantity, words)
    case.book.at_most(rule, grid.amount("waiting"), recent, where=limited)
