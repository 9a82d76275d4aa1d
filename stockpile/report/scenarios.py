"""Scenarios on the page: what each costs and lacks."""

from __future__ import annotations

from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, percent, plain, sentence, shorten, table
from stockpile.report.sheet import Sheet

MOST = 15
"""Scenarios shown; the rest is in the tables."""


def scenarios(sheet: Sheet) -> list[Text]:
    """Probability, cost and shortfall of every scenario, the dearest first; nothing where there are none."""
    found = sheet.told.tables["outcomes"]
    if found.empty:
        return []
    short = _lacking(sheet)
    ranked = found.sort_values("cost", ascending=False, kind="stable")
    shown = ranked.head(MOST)
    columns = [
        Column("scenario", least=12),
        Column("probability", right=True),
        Column(f"cost, {sheet.money}", right=True),
        Column("share of demand short", right=True),
    ]
    rows = zip(
        [shorten(plain(str(name)), 34) for name in shown["scenario"]],
        [percent(float(p)) for p in shown["probability"]],
        numbers(list(shown["cost"])),
        [percent(short[str(name)]) for name in shown["scenario"]],
        strict=True,
    )
    said = "discounted cost of each; what follows is expected over all"
    lines = heading("Scenarios", said, sheet.width) + table(columns, list(rows), sheet.width)
    if len(found) > MOST:
        lines += sentence(f"and {len(found) - MOST} more: outcomes.csv", sheet.width)
    return lines + _risk(sheet)


def _risk(sheet: Sheet) -> list[Text]:
    """What the worst futures come to beside the expected one, how much they count, and what is allowed."""
    risk = sheet.told.summary.get("risk")
    if not isinstance(risk, dict):
        return []
    tail, mean = (f"{risk[name]:,.2f} {sheet.money}" for name in ("tail", "mean"))
    what = "cost" if risk["of"] == "cost" else "penalties of shortfall"
    if risk["measure"] == "cvar":
        said = f"the mean {what} of the worst {percent(1.0 - risk['level'])} of futures is {tail}, of all {mean}"
    else:
        said = f"the {what} of the worst future is {tail}, the mean of all {mean}"
    counts = f"; the worst count {percent(risk['weight'])}" if risk["weight"] else ""
    allowed = "" if risk["limit"] is None else f"; at most {risk['limit']:,.2f} {sheet.money} is allowed"
    return sentence(f"{said}{counts}{allowed}", sheet.width)


def _lacking(sheet: Sheet) -> dict[str, float]:
    """The share of its demand that is short, by scenario."""
    paths, service = sheet.told.tables["paths"], sheet.told.tables["service"]
    by_node = service.groupby("node", sort=False)[["demand", "short"]].sum()
    passed = paths.merge(by_node, left_on="node", right_index=True, how="left").fillna(0.0)
    total = passed.groupby("scenario", sort=False)[["demand", "short"]].sum()
    rows = zip(total.index, total["demand"], total["short"], strict=True)
    return {str(name): float(s / d) if d > 0 else 0.0 for name, d, s in rows}
