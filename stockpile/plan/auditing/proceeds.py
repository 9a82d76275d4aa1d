"""Who gets the proceeds of sales and releases, and what sectors pay for what they get."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case


def proceeds_by_fund(case: Case, table: str, keys: Sequence[Key], amount: Floats) -> dict[str, Floats]:
    """(nodes,) of an amount (keys, nodes) by the fund named in the row in force of each key, ``""`` where it names none."""
    view = case.view(table)
    columns = [name for name in ("sector", "good", "mode") if name in view.frame]
    rows: dict[Key, list[tuple[int, int, str]]] = {}
    named = zip(*(view.texts(c) for c in columns), strict=True)
    for key, begin, end, fund in zip(named, view["from"], view["until"], view.texts("proceeds_to"), strict=True):
        rows.setdefault(key, []).append((int(begin), int(end), fund))
    out: dict[str, Floats] = {}
    for key, by_node in zip(keys, amount, strict=True):
        payee = np.full(case.last + 1, "", dtype=object)
        for begin, end, fund in sorted(rows.get(key, [])):
            payee[begin:] = ""
            payee[begin:end] = fund
        for fund in dict.fromkeys(payee):
            out[fund] = out.get(fund, 0.0) + np.where(payee[case.period] == fund, by_node, 0.0)
    return out


def check_releases(case: Case, given: dict[Key, Floats]) -> dict[str, Floats]:
    """Check what sectors pay; ``given`` is what they get by sector and good, (nodes,).  Gives the proceeds by fund."""
    keys: list[Key] = [(str(e), str(g)) for e, g in case.instance.series("release_prices", "price", 0.0)[0]]
    price = case.series("release_prices", "price", 0.0, keys)
    nothing = np.zeros(len(case.tree))
    got = np.array([given.get(key, nothing) for key in keys]).reshape(price.shape)
    grid = case.reader.grid("releases", keys)
    case.not_negative(grid, "quantity", "amount")
    words = "the price of {1} for {0} is written as {left}, but it is {right}"
    case.reader.cells(grid, "price", price / case.instance.price_factor, case.price, words)
    words = "{0} is written to pay for {left} of {1}, but it gets {right}"
    rule = case.rule("paid_release", grid, keys, case.quantity, words)
    case.book.equal(rule, grid.amount("quantity"), np.where(price > 0, got, 0.0), scale=got)
    words = "{0} pays {left} for its {1}, but quantity and price make it {right}"
    rule = case.rule("release_amount", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("amount"), got * price, scale=price * ROUNDED)
    return proceeds_by_fund(case, "release_prices", keys, got * price)
