"""Returns: what is ordered of recycled goods is at most what comes back of those that went into use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case


def check_returns(case: Case, orders: Mapping[str, Floats], used: Mapping[Key, Floats]) -> None:
    """Check every source that collects; ``orders`` by source and what is ``used`` by sector and good are (nodes,)."""
    view, opening = case.view("returns"), case.view("opening_use")
    keys: list[Key] = [(k,) for k in dict.fromkeys(view.texts("source"))]
    grid = case.reader.grid("returns", keys)
    case.not_negative(grid, "available", "ordered")
    there = np.zeros((len(keys), len(case.tree)))
    ordered = np.array([orders[str(k)] for (k,) in keys]).reshape(there.shape)
    past = list(zip(opening.texts("sector"), opening.texts("good"), opening["age"], opening["quantity"], strict=True))
    columns = (view.texts("source"), view.texts("sector"), view.texts("good"), view["share"], view["lag"])
    for source, sector, good, share, lag in zip(*columns, strict=True):
        row = keys.index((source,))
        there[row] += share * case.earlier(used.get((sector, good), np.zeros(len(case.tree))), int(lag))
        for e, g, age, quantity in past:
            if (e, g) == (sector, good):
                there[row] += share * quantity * (case.period == int(lag) - int(age))
    words = "{left} is written to come back to {0}, but of what went into use {right} does"
    rule = case.rule("returns.available", grid, keys, case.quantity, words)
    case.book.equal(rule, grid.amount("available"), there)
    words = "{left} is written as ordered of what comes back to {0}, but its orders are {right}"
    rule = case.rule("returns.ordered", grid, keys, case.quantity, words)
    case.book.equal(rule, grid.amount("ordered"), ordered)
    words = "{left} is ordered at {0}, {amount} more than the {right} that comes back"
    case.book.at_most(case.rule("ordered_of_returns", grid, keys, case.quantity, words), ordered, there)
