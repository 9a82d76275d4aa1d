"""Contracts on the page: which are signed, what is called under them, and what is paid for without being taken."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from stockpile.instance.commencement import awaited_stages, begun_before
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
    opening = [str(c) for c in sheet.instance.view("opening_contracts")["contract"]]
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
        [_end(sheet, c, signed["until"].get(c, "")) for c in shown.index],
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
    lines += _commencements(sheet)
    idle = [c for c in known if c not in running]
    if idle:
        rest = f" and {len(idle) - MOST} more" if len(idle) > MOST else ""
        lines += sentence(f"not signed: {', '.join(shorten(c, 40) for c in idle[:MOST])}{rest}", sheet.width)
    return lines


def _end(sheet: Sheet, contract: str, until: str) -> str:
    """The last period in which something may be called under a contract; ``until`` is what its signing in the plan says."""
    began = sheet.plan.tables["commencements"].set_index("contract")["until"]
    before = begun_before(sheet.instance)
    if until or contract in began:
        return str(until or began[contract])
    if contract not in before:
        return "waits"
    view = sheet.instance.view("contracts").set_index("contract")["duration"]
    labels = sheet.instance.calendar.labels
    return str(labels[int(np.clip(view[contract] - before[contract] - 1, 0, len(labels) - 1))])


def _commencements(sheet: Sheet) -> list[Text]:
    """Which contracts begin with their projects, and when."""
    frame, awaited = sheet.plan.tables["commencements"], awaited_stages(sheet.instance)
    columns = (frame[name].tolist() for name in ("contract", "project", "period"))
    told = [f"{shorten(c, 40)} in {period} with {shorten(p, 40)}" for c, p, period in zip(*columns, strict=True)]
    lines = sentence(f"begin with their projects: {', '.join(told[:MOST])}", sheet.width) if told else []
    there = {*frame["contract"], *begun_before(sheet.instance)}
    signed = {*sheet.plan.tables["contracts"]["contract"], *sheet.instance.view("opening_contracts")["contract"]}
    waiting = [f"{shorten(c, 40)} for {shorten(p, 40)}" for c, (p, _) in awaited.items() if c in signed - there]
    return lines + (sentence(f"signed, and wait: {', '.join(waiting[:MOST])}", sheet.width) if waiting else [])
