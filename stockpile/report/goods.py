"""Goods on the page: what is bought and from whom, what is rotated out, what is in stock and what is lacking."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rich.text import Text

from stockpile.report.layout import Column, heading, number, numbers, sentence, span, table
from stockpile.report.sheet import NOISE, Block, Line, Sheet, years_table

PURCHASES, ROTATIONS, GOODS = 15, 15, 12
"""Rows shown; the rest is in the tables."""


def purchases(sheet: Sheet) -> list[Text]:
    """The sources from which most is bought, by cost: origin, quantity, average price, cost, and when it is ordered."""
    view, delivered = sheet.instance.view("sources"), sheet.plan.tables["deliveries"]
    delivered = delivered[~delivered["source"].isin(view.loc[view["paid_by"] == "market", "source"])]
    if delivered.empty:
        return []
    origin = dict(zip(view["source"], view["origin"], strict=True))
    groups = delivered.groupby(["good", "source"], sort=False)
    total = groups[["quantity", "cost", "duty"]].sum()
    total["when"] = groups["ordered"].agg(lambda labels: span(list(labels), sheet.order))
    total = total.sort_values(["cost", "quantity"], ascending=False, kind="stable").reset_index()
    shown = total.head(PURCHASES)
    price = sheet.price_of(shown["cost"], shown["quantity"])
    columns = [
        Column("source", least=20),
        Column("origin", least=7),
        Column(sheet.quantity, right=True),
        Column(sheet.price, right=True),
        Column(sheet.money, right=True),
        Column("ordered", least=14),
    ]
    rows = zip(
        [_offer(str(k), str(g)) for k, g in zip(shown["source"], shown["good"], strict=True)],
        [_text(origin.get(k)) for k in shown["source"]],
        numbers(list(shown["quantity"])),
        numbers(price),
        numbers(list(shown["cost"])),
        shown["when"],
        strict=True,
    )
    lines = heading("Largest purchases", "paid on arrival, without duty; average price", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    return lines + _more(sheet, len(total) - len(shown), "orders.csv")


def rotation(sheet: Sheet) -> list[Text]:
    """What is sold, issued for money or disposed of in each calendar year, and at what price."""
    used = ["good", "mode", "period", "year", "quantity", "amount", "charge"]
    moved = pd.concat([sheet.rows("rotation")[used], sheet.rows("releases").assign(mode="issue", charge=0.0)[used]])
    if moved.empty:
        return []
    groups = moved.groupby(["good", "mode", "year"], sort=False)
    total = groups[["quantity", "amount", "charge"]].sum()
    total["when"] = groups["period"].agg(lambda labels: span(list(labels), sheet.order))
    largest = total.sort_values("quantity", ascending=False, kind="stable").head(ROTATIONS)
    shown = largest.reset_index().sort_values(["year", "good", "mode"], kind="stable")
    columns = [
        Column("good", least=12),
        Column("what", least=8),
        Column("when", least=14),
        Column(sheet.quantity, right=True),
        Column(sheet.price, right=True),
        Column(sheet.money, right=True),
    ]
    sign = [-1.0 if mode == "disposal" else 1.0 for mode in shown["mode"]]
    money = list(shown["amount"] * sign - shown["charge"])
    rows = zip(
        shown["good"],
        shown["mode"],
        shown["when"],
        numbers(list(shown["quantity"])),
        numbers(sheet.price_of(shown["amount"], shown["quantity"])),
        numbers(money),
        strict=True,
    )
    lines = heading("Rotation", "what leaves the reserve, by calendar year; - is paid", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    return lines + _more(sheet, len(total) - len(shown), "rotation.csv, releases.csv")


def cover(sheet: Sheet) -> list[Text]:
    """Stock at the end of each calendar year, the days of demand it covers, what demand and targets lack."""
    balance, service = sheet.rows("balance"), sheet.rows("service")
    lacking = service.groupby("good")["short"].sum()
    names = [str(g) for g in sheet.instance.view("goods")["good"]]
    busy = [g for g in names if _busy(balance, service, g)]
    ranked = sorted(busy, key=lambda g: -float(lacking.get(g, 0.0)))[:GOODS]
    blocks = [_good(sheet, balance, service, g) for g in busy if g in ranked]
    blocks = [block for block in blocks if block.lines]
    if not blocks:
        return []
    lines = heading("Cover and shortfall", "by calendar year; stock and cover at its end", sheet.width)
    lines += years_table(sheet, blocks)
    return lines + _more(sheet, len(busy) - len(ranked), "balance.csv, service.csv")


def _busy(balance: pd.DataFrame, service: pd.DataFrame, good: str) -> bool:
    stock = balance.loc[balance["good"] == good, ["closing", "received", "target"]]
    wanted = service.loc[service["good"] == good, "demand"]
    return float(stock.abs().to_numpy().sum() + wanted.abs().sum()) > NOISE


def _good(sheet: Sheet, balance: pd.DataFrame, service: pd.DataFrame, good: str) -> Block:
    own, wanted = balance[balance["good"] == good], service[service["good"] == good]
    by_period = wanted.groupby("period", as_index=False)[["demand", "substituted", "short"]].sum()
    by_period["year"] = by_period["period"].map(sheet.year_of)
    late = sheet.rows("backlog")
    waiting = late[late["good"] == good].groupby("period", as_index=False)[["waiting"]].sum()
    waiting["year"] = waiting["period"].map(sheet.year_of)
    traded = sheet.rows("market_supply")
    traded = traded[traded["good"] == good]
    stock = sheet.at_year_end(own, "closing")
    demand = np.array(sheet.at_year_end(by_period, "demand")) / sheet.instance.calendar.length
    days = [s / d * 365.25 if d > NOISE else np.nan for s, d in zip(stock, demand, strict=True)]
    unit = sheet.quantity
    lines = [
        Line(f"wanted, {unit}", unit, sheet.by_year(by_period, "demand")),
        Line(f"from the market, {unit}", unit, sheet.by_year(traded, "quantity")),
        Line(f"substituted, {unit}", unit, sheet.by_year(by_period, "substituted")),
        Line(f"short, {unit}", unit, sheet.by_year(by_period, "short")),
        Line(f"waiting, {unit}", unit, sheet.at_year_end(waiting, "waiting")),
        Line(f"stock, {unit}", unit, stock),
        Line("mean age, years", "years", _mean_age(sheet, good, stock)),
        Line(f"below target, {unit}", unit, sheet.at_year_end(own, "under_target")),
        Line("cover, days", "days", [round(d) if np.isfinite(d) else d for d in days]),
    ]
    return Block(good, [line for line in lines if np.nansum(np.abs(line.values)) > NOISE])


def _mean_age(sheet: Sheet, good: str, stock: list[float]) -> list[float]:
    """Mean age of the ``stock`` at the end of every year in years, where it is known; NaN where there is none.

    Without a shelf life the last age stands for all that is older.
    """
    rows, goods = sheet.rows("cohorts"), sheet.instance.view("goods")
    ends = set(goods.loc[goods["shelf_life"].notna(), "good"])
    rows = rows[(rows["good"] == good) & rows["good"].isin(ends)]
    years = rows["closing"] * rows["age"] * sheet.instance.calendar.length
    by_period = (
        rows.assign(years=years)
        .groupby("period", as_index=False)[["year", "years"]]
        .agg({"year": "first", "years": "sum"})
    )
    total = sheet.at_year_end(by_period, "years")
    return [t / s if s > NOISE and t > NOISE else np.nan for t, s in zip(total, stock, strict=True)]


def _offer(source: str, good: str) -> str:
    """The name of a source, with the good where it does not tell it."""
    return source if good in source else f"{good}: {source}"


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _more(sheet: Sheet, left_out: int, where: str) -> list[Text]:
    return sentence(f"and {number(left_out, 0)} more: {where}", sheet.width) if left_out > 0 else []
