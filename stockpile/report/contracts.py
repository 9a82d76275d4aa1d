"""Contracts on the page: which are signed, what is called under them, and what is paid for without being taken."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, sentence, shorten, table
from stockpile.report.sheet import Sheet

MOST = 15
"""Contracts shown; the rest is in the tables."""


def contracts(sheet: Sheet) -> list[Text]:
    """Every contract that runs, the dearest first: when it is signed, until when it runs, what is called at what price."""
    known = [str(c) for c in sheet.instance.view("contracts")["contract"]]
    if not known:
        return []
    signed = sheet.plan.tables["contracts"].set_index("contract")
    opening = {str(c): int(age) for c, age in sheet.instance.view("opening_contracts")[["contract", "age"]].to_numpy()}
    calls = sheet.plan.tables["calls"].groupby("contract", sort=False)[["quantity", "untaken", "cost"]].sum()
    running = [c for c in known if c in signed.index or c in opening]
    calls = calls.reindex(running, fill_value=0.0)
    order = calls["cost"].sort_values(ascending=False, kind="stable").index
    columns = [
        Column("contract", least=18),
        Column("signed", least=7),
        Column("until", least=7),
        Column(sheet.quantity, right=True),
        Column("untaken", right=True),
        Column(sheet.price, right=True),
        Column(sheet.money, right=True),
    ]
    shown = calls.loc[order[:MOST]]
    rows = zip(
        shown.index,
        [signed["period"].get(c, "before") for c in shown.index],
        [signed["until"].get(c, _end(sheet, c, opening)) for c in shown.index],
        numbers(list(shown["quantity"])),
        numbers(list(shown["untaken"])),
        numbers(sheet.price_of(shown["cost"], shown["quantity"] + shown["untaken"])),
        numbers(list(shown["cost"])),
        strict=True,
    )
    lines = heading("Contracts", "what is called, and what is paid for without being taken", sheet.width)
    lines += table(columns, list(rows), sheet.width) if len(shown) else []
    if len(order) > MOST:
        lines += sentence(f"and {len(order) - MOST} more: calls.csv", sheet.width)
    idle = [c for c in known if c not in running]
    if idle:
        rest = f" and {len(idle) - MOST} more" if len(idle) > MOST else ""
        lines += sentence(f"not signed: {', '.join(shorten(c, 40) for c in idle[:MOST])}{rest}", sheet.width)
    return lines


def _end(sheet: Sheet, contract: str, opening: dict[str, int]) -> str:
    """The last period in which something may be called under a contract that was signed before the horizon."""
    if contract not in opening:
        return ""
    view = sheet.instance.view("contracts").set_index("contract")["duration"]
    labels = sheet.instance.calendar.labels
    return str(labels[int(np.clip(view[contract] - opening[contract] - 1, 0, len(labels) - 1))])
