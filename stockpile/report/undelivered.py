"""Goods on order at the end on the page: what they are worth, and what is still to be paid for them."""

from __future__ import annotations

from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, sentence, table
from stockpile.report.sheet import Sheet

MOST = 12
"""Sources shown; the rest is in the tables."""


def on_order(sheet: Sheet) -> list[Text]:
    """What is on its way at the end of the horizon, by source, the most worth first."""
    ends = sheet.plan.tables["end_values"]
    ends = ends[ends["kind"] == "order"].sort_values("amount", ascending=False, kind="stable")
    if ends.empty:
        return []
    orders, opening = sheet.plan.tables["orders"], sheet.instance.view("opening_orders")
    late = orders[orders["arrives"] == ""].groupby("source")["quantity"].sum()
    before = opening[opening["arrives"] >= sheet.instance.calendar.periods].groupby("source")["quantity"].sum()
    shown = ends.head(MOST)
    columns = [
        Column("source", least=20),
        Column(sheet.quantity, right=True),
        Column("worth", right=True),
        Column("still to pay", right=True),
        Column("counts", right=True),
    ]
    rows = zip(
        shown["name"],
        numbers([float(late.get(k, 0.0)) + float(before.get(k, 0.0)) for k in shown["name"]]),
        numbers(list(shown["amount"])),
        numbers(list(shown["amount"] + shown["value"])),
        numbers(list(-shown["value"])),
        strict=True,
    )
    lines = heading("On order at the end", f"{sheet.money}; arrives after the horizon, not paid by then", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    if len(ends) > len(shown):
        lines += sentence(f"and {len(ends) - len(shown)} more: end_values.csv", sheet.width)
    return lines
