"""Accounts: draws are part of what a sector gets, within its entitlement; each is settled in time, and fees are paid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case


def check_accounts(case: Case, served: dict[Key, Floats]) -> tuple[Floats, dict[str, Floats]]:
    """Check accounts; ``served`` is what sectors get of goods that they want, (nodes,).  Gives what is replaced, (goods, nodes), and payments by fund."""
    view = case.view("accounts")
    keys: list[Key] = list(zip(view.texts("sector"), view.texts("good"), strict=True))
    grid, shape = case.reader.grid("accounts", keys), (len(keys), len(case.tree))
    case.not_negative(grid, "drawn", "replaced", "bought", "unsettled", "fees", "paid")
    begin, until, within, entitled, price, entry, carrying = (
        view[name].to_numpy(dtype=np.float64)[:, None]
        for name in ("from", "until", "within", "entitlement", "price", "entry_fee", "carrying_cost")
    )
    inside = (case.period >= begin) & (case.period < until)
    drawn = grid.amount("drawn")
    gets = np.array([served.get(key, np.zeros(len(case.tree))) for key in keys]).reshape(shape)
    words = "{0} draws {left} of {1}, {amount} more than the {right} that it gets"
    rule = replace(case.rule("draw_within_service", grid, keys, case.quantity, words), binds=False)
    case.book.at_most(rule, drawn, gets)
    words = "{0} draws {left} of {1} while its account is not open"
    case.never(case.rule("account_is_open", grid, keys, case.quantity, words), drawn, ~inside)
    settled = case.earlier_by_row(drawn, within[:, 0].astype(np.int64))
    in_kind = np.array([way == "replacement" for way in view.texts("settled_by")], dtype=bool).reshape(-1, 1)
    came, bought = np.where(in_kind, settled, 0.0), np.where(in_kind, 0.0, settled)
    for name, amount in (("replaced", came), ("bought", bought)):
        words = f"{{left}} of {{1}} is written as {name} by {{0}}, but by its draws it is {{right}}"
        rule = case.rule(f"account_{name}", grid, keys, case.quantity, words)
        case.book.equal(rule, grid.amount(name), amount)
    unsettled = case.so_far(drawn) - case.so_far(settled)
    words = "{0} is written to have {left} of {1} unsettled, but its draws make it {right}"
    rule = case.rule("account_unsettled", grid, keys, case.quantity, words)
    case.book.equal(rule, grid.amount("unsettled"), unsettled, scale=case.so_far(drawn))
    words = "{0} has {left} of {1} unsettled, {amount} over its entitlement of {right}"
    rule = case.rule("entitlement", grid, keys, case.quantity, words)
    case.book.at_most(rule, unsettled, np.broadcast_to(entitled, shape), scale=case.so_far(drawn))
    fees = inside * carrying * entitled + inside * (case.period == begin) * entry
    paid = bought * np.nan_to_num(price)
    for name, due, what in (("fees", fees, "fees"), ("paid", paid, "what it bought")):
        words = f"{{0}} is written to pay {{left}} for {what} on its account of {{1}}, but it owes {{right}}"
        rule = case.rule(f"account_{name}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(name), due, scale=np.nan_to_num(price) * ROUNDED)
    good = np.array([case.good_at[g] for _, g in keys], dtype=np.int64)
    out: dict[str, Floats] = {}
    for fund, amount in zip(view.texts("proceeds_to"), fees + paid, strict=True):
        out[fund] = out.get(fund, 0.0 * amount) + amount
    return case.total(came, good, len(case.good_at)), out
