"""Origins of traced goods in use on the page."""

from __future__ import annotations

from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, percent, sentence, span, table
from stockpile.report.sheet import Sheet

MOST = 12
"""Rows shown; the rest is in the tables."""


def tracing(sheet: Sheet) -> list[Text]:
    """What sectors get of every class of origin of the traced goods, over the horizon; the largest come first."""
    used = sheet.plan.tables["traced_use"]
    if used.empty:
        return []
    used = used.assign(quantity=used["quantity"] + used["market"])
    groups = used.groupby(["sector", "good", "origin"], sort=False)
    total = groups[["quantity"]].sum()
    total["when"] = groups["period"].agg(lambda labels: span(list(labels), sheet.order))
    total["share"] = total["quantity"] / total.groupby(["sector", "good"])["quantity"].transform("sum")
    total = total.reset_index().sort_values("quantity", ascending=False, kind="stable")
    shown = total.head(MOST)
    columns = [
        Column("sector", least=10),
        Column("good", least=10),
        Column("origin", least=10),
        Column(sheet.quantity, right=True),
        Column("share", right=True),
        Column("served", least=14),
    ]
    rows = zip(
        shown["sector"],
        shown["good"],
        shown["origin"],
        numbers(list(shown["quantity"])),
        [percent(float(share)).replace(".00 %", " %") for share in shown["share"]],
        shown["when"],
        strict=True,
    )
    lines = heading("Origins in use", "of traced goods, from the reserve and the market", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    left_out = len(total) - len(shown)
    return lines + (sentence(f"and {left_out:,} more: traced_use.csv", sheet.width) if left_out > 0 else [])
