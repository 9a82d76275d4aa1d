"""Accounts of participants on the page: what they draw, how it is settled, and what they pay."""

from __future__ import annotations

from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, sentence, table
from stockpile.report.sheet import Sheet

MOST = 15
"""Rows shown; the rest is in the table."""


def accounts(sheet: Sheet) -> list[Text]:
    """What every participant draws, replaces and buys in each calendar year, the largest first, and its fees."""
    frame = sheet.rows("accounts")
    if frame.empty:
        return []
    amounts = ["drawn", "replaced", "bought", "fees", "paid"]
    total = frame.groupby(["sector", "good", "year"], sort=False)[amounts].sum().reset_index()
    shown = total.sort_values("drawn", ascending=False, kind="stable").head(MOST)
    shown = shown.sort_values(["sector", "good", "year"], kind="stable")
    columns = [
        Column("participant", least=12),
        Column("good", least=10),
        Column("year", least=4),
        Column("drawn", right=True),
        Column("replaced", right=True),
        Column("bought", right=True),
        Column(sheet.money, right=True),
    ]
    rows = zip(
        shown["sector"],
        shown["good"],
        [str(year) for year in shown["year"]],
        *(numbers(list(shown[name])) for name in ("drawn", "replaced", "bought")),
        numbers(list(shown["fees"] + shown["paid"])),
        strict=True,
    )
    lines = heading("Accounts", f"draws of participants in {sheet.quantity}, and what they pay", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    rest = len(total) - len(shown)
    return lines + (sentence(f"and {rest} more: accounts.csv", sheet.width) if rest else [])
