"""Money by fund and year."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from stockpile.report.layout import heading, sentence
from stockpile.report.sheet import NOISE, Block, Line, Sheet, years_table

MOST = 12
"""Funds shown; the rest is in the tables."""
USES = {
    "purchases": "purchases",
    "duties": "duties",
    "contracts": "contracts",
    "order_charges": "order charges",
    "storage": "holding stock",
    "transfers": "moving stock",
    "disposal": "disposal",
    "rotation_charges": "charges of sales and loans",
    "overtime": "overtime",
    "processing": "processing",
    "projects": "projects",
    "exit_costs": "exit costs",
    "guarantees": "guarantees called",
    "price_floors": "price floors",
    "incentives": "incentives",
}


def money(sheet: Sheet) -> list[Text]:
    """What each fund gets, pays and has left, by calendar year; the funds that pay most come first."""
    funds, payments = sheet.rows("funds"), sheet.rows("payments")
    total = funds.groupby("fund", sort=False)[["paid", "budget"]].sum()
    names = [str(f) for f in total.sort_values(["paid", "budget"], ascending=False, kind="stable").index]
    used = [f for f in names if total.loc[f].abs().max() > NOISE]
    if not used:
        return []
    blocks = []
    for name in used[:MOST]:
        account, spent = funds[funds["fund"] == name], payments[payments["fund"] == name]
        lines = [
            *((title, sheet.by_year(account, c)) for title, c in IN),
            *((f"- {title}", sheet.by_year(spent[spent["use"] == use], "amount")) for use, title in USES.items()),
            *((f"- {title}", sheet.by_year(account, c)) for title, c in OUT),
            *((title, sheet.at_year_end(account, c)) for title, c in LEFT),
        ]
        shown = [Line(title, "money", values) for title, values in lines if np.nanmax(np.abs(values)) > NOISE]
        kind = _kinds(sheet).get(name, "")
        blocks.append(Block(f"{name} ({kind})" if kind else name, shown))
    out = heading("Money", f"{sheet.money} by calendar year, not discounted; - is paid", sheet.width)
    out += years_table(sheet, blocks)
    if len(used) > MOST:
        out += sentence(f"and {len(used) - MOST} more funds: funds.csv", sheet.width)
    return out


IN = (
    ("budget", "budget"),
    ("drawn on credit", "drawn"),
    ("sales and releases", "proceeds"),
    ("project revenue", "revenue"),
    ("repaid or guaranteed", "returned"),
)
OUT = (("interest", "interest"), ("repaid", "repaid"), ("lapsed", "lapsed"))
LEFT = (("cash at year end", "closing"), ("debt at year end", "debt"))


def _kinds(sheet: Sheet) -> dict[str, str]:
    """What each fund is."""
    view = sheet.instance.view("funds")
    if view.empty:
        return {str(sheet.plan.tables["funds"]["fund"].iloc[0]): "the instance has no funds: no limit"}
    return dict(zip(view["fund"].astype(str), view["kind"].astype(str), strict=True))
