"""Moves between stores on the page."""

from __future__ import annotations

from rich.text import Text

from stockpile.report.layout import Column, heading, number, numbers, sentence, span, table
from stockpile.report.sheet import Sheet

MOST = 12
"""Routes shown; the rest is in the tables."""


def transfers(sheet: Sheet) -> list[Text]:
    """What is sent on every route over the horizon, at what cost and when; the busiest come first."""
    sent = sheet.plan.tables["transfers"]
    if sent.empty:
        return []
    groups = sent.groupby(["good", "from_store", "to_store"], sort=False)
    total = groups[["quantity", "cost"]].sum()
    total["when"] = groups["period"].agg(lambda labels: span(list(labels), sheet.order))
    total = total.sort_values(["quantity", "cost"], ascending=False, kind="stable").reset_index()
    shown = total.head(MOST)
    columns = [
        Column("good", least=12),
        Column("from", least=8),
        Column("to", least=8),
        Column(sheet.quantity, right=True),
        Column(sheet.money, right=True),
        Column("sent", least=14),
    ]
    rows = zip(
        shown["good"],
        shown["from_store"],
        shown["to_store"],
        numbers(list(shown["quantity"])),
        numbers(list(shown["cost"])),
        shown["when"],
        strict=True,
    )
    lines = heading("Moves between stores", "paid when sent", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    left_out = len(total) - len(shown)
    return lines + (sentence(f"and {number(left_out, 0)} more: transfers.csv", sheet.width) if left_out > 0 else [])
