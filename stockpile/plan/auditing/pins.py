"""Pins: required decisions are taken, forbidden ones are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.funds import Accounts

#: By decision the table that shows it, whether it is a quantity, money or a number, and what is done.
KINDS = {
    "order": ("orders", "quantity", "ordered"),
    "release": ("go", "", "released"),
    "service": ("service", "quantity", "released to sectors"),
    "sale": ("balance", "quantity", "sold"),
    "disposal": ("balance", "quantity", "thrown away"),
    "stock": ("balance", "quantity", "in stock"),
    "draw": ("funds", "money", "drawn"),
}


@dataclass(frozen=True)
class Decided:
    """What was decided, (nodes,): orders by source, releases by stage, what is served by sector and good, what is sold,
    thrown away and in stock by good, and the accounts of funds.
    """

    orders: dict[str, Floats]
    releases: dict[Key, Floats]
    served: dict[Key, Floats]
    sold: dict[str, Floats]
    disposed: dict[str, Floats]
    stock: dict[str, Floats]
    accounts: Accounts

    def amount(self, decision: str, name: str, stage: float, sector: object) -> Floats:
        """(nodes,) the amount that a pin speaks of."""
        if decision == "release":
            return self.releases[name, int(stage)]
        if decision == "service":
            parts = [v for (e, g), v in self.served.items() if g == name and sector in (None, e)]
            return np.asarray(np.sum(parts, axis=0))
        if decision == "draw":
            return np.asarray(self.accounts.drawn[self.accounts.funds.index(name)])
        tables = {"order": self.orders, "sale": self.sold, "disposal": self.disposed, "stock": self.stock}
        return tables[decision][name]


def check_pins(case: Case, decided: Decided) -> None:
    """Check every pin: stock in each of its periods, all else on every path."""
    view = case.instance.view("pins")
    columns = (view[c].tolist() for c in ("decision", "name", "stage", "sector", "from", "until"))
    shape = (len(view), len(case.tree))
    done, inside = np.zeros(shape), np.zeros(shape, dtype=bool)
    for row, (decision, name, stage, sector, begin, end) in enumerate(zip(*columns, strict=True)):
        inside[row] = (case.period >= begin) & (case.period < end)
        done[row] = np.where(inside[row], decided.amount(decision, str(name), stage, sector), 0.0)
    for decision in KINDS:
        _check_kind(case, decision, done, inside)


def _check_kind(case: Case, decision: str, done: Floats, inside: Bools) -> None:
    """The pins of one decision: ``done`` (pins, nodes) in the periods of each, ``inside``."""
    table, kind, what = KINDS[decision]
    view = case.instance.view("pins")
    mine = view["decision"].to_numpy(dtype=object) == decision
    if not mine.any():
        return
    unit = {"quantity": case.quantity, "money": case.money}.get(kind, "")
    keys: list[Key] = [(str(pin),) for pin in view["pin"][mine]]
    leaf = np.zeros(len(case.tree), dtype=bool)
    leaf[case.tree.leaves] = True
    amount, where = (done[mine], inside[mine]) if decision == "stock" else (case.so_far(done[mine]), leaf)
    least, most = (view[c].to_numpy(dtype=np.float64)[mine][:, None] for c in ("at_least", "at_most"))
    words = f"pin {{0}}: {{left}} is {what}, {{amount}} below the {{right}} required"
    rule = case.rule(f"{decision}_required", table, keys, unit, words)
    case.book.at_least(rule, amount, np.nan_to_num(least), where=where & ~np.isnan(least))
    words = f"pin {{0}}: {{left}} is {what}, {{amount}} over the {{right}} allowed"
    rule = case.rule(f"{decision}_forbidden", table, keys, unit, words)
    case.book.at_most(rule, amount, np.nan_to_num(most), where=where & ~np.isnan(most))
