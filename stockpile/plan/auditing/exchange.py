"""Exchange: what is lent comes back after its lag with its premium, and what is owed stays within the credit limit."""

from __future__ import annotations

import numpy as np

from stockpile.plan.auditing.book import Floats, Ints
from stockpile.plan.auditing.case import Case


def check_exchange(case: Case, lent: Floats) -> tuple[Floats, Floats]:
    """Check loans; ``lent`` (goods, nodes) is what the rotation table says.  Gives what comes back and what is owed, (goods, nodes)."""
    goods = list(case.good_at)
    grid = case.reader.grid("exchange", case.good_keys)
    case.not_negative(grid, "lent", "returned", "owed")
    modes = [(g, "exchange") for g in goods]
    depth, lag, limit = (case.series("rotation", name, -1.0, modes) for name in ("depth", "lag", "credit_limit"))
    words = "{left} of {0} is lent, {amount} over what industry takes ({right})"
    rule = case.rule("exchange_depth", "rotation", case.good_keys, case.quantity, words)
    case.book.at_most(rule, lent, np.where(np.isnan(depth), np.inf, np.maximum(depth, 0.0)))
    words = "{left} of {0} is written as lent in exchange, but {right} in rotation"
    rule = case.rule("exchange_lent", grid, case.good_keys, case.quantity, words)
    case.book.equal(rule, grid.amount("lent"), lent)
    owing = lent * (1.0 + case.series("rotation", "premium", 0.0, modes))
    lags = np.where(lag > 0, lag, 0.0).astype(np.int64)
    due, whole = _before(case)
    returned = due.copy()
    for length in np.unique(lags[lags > 0]):
        returned += case.earlier(np.where(lags == length, owing, 0.0), int(length))
    words = "{left} of {0} is written as returned, but of what was lent {right} comes back"
    rule = case.rule("exchange_returned", grid, case.good_keys, case.quantity, words)
    case.book.equal(rule, grid.amount("returned"), returned)
    scale = whole + case.so_far(owing)
    owed = scale - case.so_far(returned)
    words = "borrowers are written to owe {left} of {0}, but what was lent and came back makes it {right}"
    rule = case.rule("exchange_owed", grid, case.good_keys, case.quantity, words)
    case.book.equal(rule, grid.amount("owed"), owed, scale=scale)
    most = np.where(limit >= 0, np.maximum(limit, _still_owed(case)), np.inf)
    words = "borrowers owe {left} of {0}, {amount} over the credit limit of {right}"
    rule = case.rule("exchange_limit", grid, case.good_keys, case.quantity, words)
    case.book.at_most(rule, owed, most, scale=scale)
    case.reader.labels(grid, "due", lambda g, n: _due_label(case, lent, lags, (g, n)), "is not when it comes back")
    return returned, owed


def _before(case: Case) -> tuple[Floats, Floats]:
    """(goods, nodes) what comes back of goods lent before the horizon, and (goods, 1) all of it."""
    view = case.view("opening_lent")
    due = np.zeros((len(case.good_at), len(case.tree)))
    whole = np.zeros((len(case.good_at), 1))
    for good, period, amount in zip(view.texts("good"), view["due"], view["quantity"], strict=True):
        due[case.good_at[good], case.period == period] += amount
        whole[case.good_at[good]] += amount
    return due, whole


def _still_owed(case: Case) -> Floats:
    """(goods, nodes) what is still to come back, at the close, of goods lent before the horizon."""
    view = case.view("opening_lent")
    owed = np.zeros((len(case.good_at), len(case.tree)))
    for good, period, amount in zip(view.texts("good"), view["due"], view["quantity"], strict=True):
        owed[case.good_at[good], case.period < period] += amount
    return owed


def _due_label(
    case: Case, lent: Floats, lags: Ints, at: tuple[Ints, Ints]
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Label of the period in which what is lent comes back; empty where nothing is, or after the horizon."""
    period = case.period[at[1]] + lags[at]
    inside = (lent[at] > 0) & (period <= case.last)
    return np.where(inside, case.reader.periods[np.minimum(period, case.last)], "")
