"""Pins: required decisions are taken, forbidden ones are not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import Case

#: By decision the table that shows it, whether it is a quantity, money, effort or a number, and what is done.
KINDS = {
    "order": ("orders", "quantity", "ordered"),
    "release": ("go", "", "released"),
    "abandonment": ("abandonments", "", "abandoned"),
    "service": ("service", "quantity", "released to sectors"),
    "substitution": ("substitution", "quantity", "given instead of another good"),
    "backlog": ("backlog", "quantity", "waiting"),
    "shortfall": ("shortfall", "quantity", "short"),
    "sale": ("balance", "quantity", "sold"),
    "exchange": ("rotation", "quantity", "lent"),
    "disposal": ("balance", "quantity", "thrown away"),
    "stock": ("balance", "quantity", "in stock"),
    "transfer": ("transfers", "quantity", "sent"),
    "run": ("runs", "quantity", "run"),
    "overtime": ("resources", "effort", "worked in overtime"),
    "draw": ("funds", "money", "drawn"),
    "repayment": ("funds", "money", "repaid"),
    "signing": ("contracts", "", "signed"),
}
#: By decision the columns of the pin that say which amounts it speaks of, in the order of their keys.
KEYS = {
    "release": ("name", "stage"),
    "service": ("sector", "name"),
    "substitution": ("sector", None, "name"),
    "backlog": ("sector", "name"),
    "shortfall": ("sector", "name"),
    "transfer": ("name", "from_store", "to_store"),
}
#: Decisions that are pinned at the close of each period; all others are summed over the periods of the pin.
CLOSING = ("stock", "backlog")

#: What was decided, (nodes,), by key.
Decided = Mapping[Key, Floats]


def check_pins(case: Case, decided: Mapping[str, Decided]) -> None:
    """Check every pin: stock and what waits in each of its periods, all else on every path."""
    view = case.view("pins")
    shape = (len(view), len(case.tree))
    done, inside = np.zeros(shape), np.zeros(shape, dtype=bool)
    for row, pin in enumerate(view.records):
        inside[row] = (case.period >= pin["from"]) & (case.period < pin["until"])
        columns = KEYS.get(pin["decision"], ("name",))
        wanted = [pin[column] if column is not None else None for column in columns]
        for key, amount in decided[pin["decision"]].items():
            if all(own is None or own == part for own, part in zip(wanted, key, strict=True)):
                done[row] += np.where(inside[row], amount, 0.0)
    resources = case.view("resources")
    unit_of = {r: u for r, u in zip(resources.texts("resource"), resources.texts("unit"), strict=True) if u}
    units = [unit_of.get(str(name), "") for name in view["name"]]
    for decision, (_, kind, _) in KINDS.items():
        mine = view["decision"].to_numpy(dtype=object) == decision
        unit = {"quantity": case.quantity, "money": case.money}.get(kind, "")
        for own in sorted({units[i] for i in np.flatnonzero(mine)}) if kind == "effort" else [unit]:
            chosen = mine if kind != "effort" else mine & (np.array(units, dtype=object) == own)
            _check_kind(case, decision, own, chosen, (done, inside))


def _check_kind(case: Case, decision: str, unit: str, mine: Bools, said: tuple[Floats, Bools]) -> None:
    """Some pins of one decision, in one unit: done (pins, nodes) in the periods of each, inside."""
    if not mine.any():
        return
    table, _, what = KINDS[decision]
    done, inside = said
    view = case.view("pins")
    keys: list[Key] = [(str(pin),) for pin in view["pin"][mine]]
    leaf = np.zeros(len(case.tree), dtype=bool)
    leaf[case.tree.leaves] = True
    amount, where = (done[mine], inside[mine]) if decision in CLOSING else (case.so_far(done[mine]), leaf)
    least, most = (view[c].to_numpy(dtype=np.float64)[mine][:, None] for c in ("at_least", "at_most"))
    words = f"pin {{0}}: {{left}} is {what}, {{amount}} below the {{right}} required"
    rule = case.rule(f"{decision}_required", table, keys, unit, words)
    case.book.at_least(rule, amount, np.nan_to_num(least), where=where & ~np.isnan(least))
    words = f"pin {{0}}: {{left}} is {what}, {{amount}} over the {{right}} allowed"
    rule = case.rule(f"{decision}_forbidden", table, keys, unit, words)
    case.book.at_most(rule, amount, np.nan_to_num(most), where=where & ~np.isnan(most))
