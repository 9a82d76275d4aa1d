"""Resources on the page: what is taken of each, of what is there, and in overtime."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from stockpile.report.layout import heading, sentence
from stockpile.report.sheet import NOISE, Block, Line, Sheet, years_table

MOST = 8
"""Resources shown; the rest is in the tables."""


def resources(sheet: Sheet) -> list[Text]:
    """Use, capacity and overtime of every resource by calendar year; those that are used most fully come first."""
    taken = sheet.rows("resources")
    total = taken.groupby("resource", sort=False)[["used", "capacity"]].sum()
    used = total[total["used"] > NOISE]
    if used.empty:
        return []
    ranked = (used["used"] / used["capacity"].clip(lower=NOISE)).sort_values(ascending=False, kind="stable").index
    view = sheet.instance.view("resources")
    limited = set(view.loc[view["capacity"].notna(), "resource"])
    unit_of = {r: u for r, u in zip(view["resource"], view["unit"], strict=True) if isinstance(u, str)}
    blocks = []
    for name in ranked[:MOST]:
        own, unit = taken[taken["resource"] == name], str(unit_of.get(name, ""))
        lines = [Line("used", unit, sheet.by_year(own, "used"))]
        if name in limited:
            lines.append(Line("capacity", unit, sheet.by_year(own, "capacity")))
        lines.append(Line("overtime", unit, sheet.by_year(own, "overtime")))
        shown = [line for line in lines if np.abs(line.values).max() > NOISE]
        blocks.append(Block(f"{name}, {unit}" if unit else str(name), shown))
    out = heading("Resources", "by calendar year", sheet.width) + years_table(sheet, blocks)
    if len(used) > MOST:
        out += sentence(f"and {len(used) - MOST} more: resources.csv", sheet.width)
    return out
