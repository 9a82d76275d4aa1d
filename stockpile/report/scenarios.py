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
    short, lossy = _lacking(sheet), bool((found["taxpayer_loss"] > 0).any())
    ranked = found.sort_values("cost", ascending=False, kind="stable")
    shown = ranked.head(MOST)
    columns = [
        Column("scenario", least=12),
        Column("probability", right=True),
        Column(f"cost, {sheet.money}", right=True),
        Column("share of demand short", right=True),
        *([Column(f"loss of taxpayers, {sheet.money}", right=True)] if lossy else []),
    ]
    rows = zip(
        [shorten(plain(str(name)), 34) for name in shown["scenario"]],
        [percent(float(p)) for p in shown["probability"]],
        numbers(list(shown["cost"])),
        [percent(short[str(name)]) for name in shown["scenario"]],
        *([numbers(list(shown["taxpayer_loss"]))] if lossy else []),
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
        return _cover(sheet)
    tail, mean = (f"{risk[name]:,.2f} {sheet.money}" for name in ("tail", "mean"))
    what = {"cost": "cost", "shortfall": "penalties of shortfall", "taxpayer_loss": "loss of taxpayers"}[risk["of"]]
    if risk["measure"] == "cvar":
        said = f"the mean {what} of the worst {percent(1.0 - risk['level'])} of futures is {tail}, of all {mean}"
    elif risk["measure"] == "nested":
        said = (
            f"the nested {what}, at every fork {percent(risk['weight'])} of it the mean of the worst "
            f"{percent(1.0 - risk['level'])} of what may follow, is {tail}, the mean of all {mean}"
        )
    else:
        said = f"the {what} of the worst future is {tail}, the mean of all {mean}"
    counts = f"; the worst count {percent(risk['weight'])}" if risk["weight"] and risk["measure"] != "nested" else ""
    allowed = "" if risk["limit"] is None else f"; at most {risk['limit']:,.2f} {sheet.money} is allowed"
    return sentence(f"{said}{counts}{allowed}", sheet.width) + _cover(sheet)


def _cover(sheet: Sheet) -> list[Text]:
    """How likely it is that no more is lacking than what is allowed, where that is asked."""
    cover = sheet.told.summary.get("cover")
    if not isinstance(cover, dict):
        return []
    said = (
        f"penalties of shortfall are at most {cover['shortfall']:,.2f} {sheet.money} with a probability of "
        f"{percent(cover['probability'])}; {percent(cover['asked'])} is asked"
    )
    return sentence(said, sheet.width)


def _lacking(sheet: Sheet) -> dict[str, float]:
    """The share of its demand that is short, by scenario."""
    paths, service = sheet.told.tables["paths"], sheet.told.tables["service"]
    by_node = service.groupby("node", sort=False)[["demand", "short"]].sum()
    passed = paths.merge(by_node, left_on="node", right_index=True, how="left").fillna(0.0)
    total = passed.groupby("scenario", sort=False)[["demand", "short"]].sum()
    rows = zip(total.index, total["demand"], total["short"], strict=True)
    return {str(name): float(s / d) if d > 0 else 0.0 for name, d, s in rows}
