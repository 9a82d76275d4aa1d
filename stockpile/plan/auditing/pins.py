"""Pins: required decisions are taken, forbidden ones are not."""

from __future__ import annotations

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case


def check_pins(case: Case, orders: dict[str, Floats], releases: dict[Key, Floats]) -> None:
    """Check every pin on every path; ``orders`` by source and ``releases`` by stage are (nodes,)."""
    view = case.instance.view("pins")
    leaf = np.zeros(len(case.tree), dtype=bool)
    leaf[case.tree.leaves] = True
    columns = (view[c].tolist() for c in ("decision", "name", "stage", "from", "until"))
    done = np.zeros((len(view), len(case.tree)))
    for row, (decision, name, stage, begin, end) in enumerate(zip(*columns, strict=True)):
        amount = orders[str(name)] if decision == "order" else releases[str(name), int(stage)]
        done[row] = np.where((case.period >= begin) & (case.period < end), amount, 0.0)
    done = case.so_far(done) if len(view) else done
    order = view["decision"].to_numpy(dtype=object) == "order"
    for kind, table, unit, what in (
        (order, "orders", case.quantity, "ordered"),
        (~order, "go", "", "released"),
    ):
        keys: list[Key] = [(str(pin),) for pin in view["pin"][kind]]
        least = view["at_least"].to_numpy(dtype=np.float64)[kind][:, None]
        most = view["at_most"].to_numpy(dtype=np.float64)[kind][:, None]
        words = f"pin {{0}}: {{left}} is {what}, {{amount}} below the {{right}} required"
        rule = case.rule(f"{table}_required", table, keys, unit, words)
        case.book.at_least(rule, done[kind], np.nan_to_num(least), where=leaf & ~np.isnan(least))
        words = f"pin {{0}}: {{left}} is {what}, {{amount}} over the {{right}} allowed"
        rule = case.rule(f"{table}_forbidden", table, keys, unit, words)
        case.book.at_most(rule, done[kind], np.nan_to_num(most), where=leaf & ~np.isnan(most))
