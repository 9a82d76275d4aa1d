"""Purchases by origin, by source and under contracts, and what processes turn goods into."""

from __future__ import annotations

import pandas as pd

from stockpile.report.layout import span
from stockpile.report.page.facts import Facts, parted, summed
from stockpile.report.page.marks import stacked
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

ORIGINS, ROWS = 9, 300
UNKNOWN = "unknown origin"
SECTION, TITLE = "purchases", "Purchases by origin"


def purchases(f: Facts) -> Section:
    """Where goods come from by year, and every source that delivers."""
    bought = f.bought()
    bought = bought.assign(origin=[str(origin) or UNKNOWN for origin in bought["origin"]])
    if not bought["quantity"].abs().sum() > NOISE:
        return Section(SECTION, TITLE)
    charts = [_origins(f, bought)] if bought["cost"].abs().sum() > NOISE else []
    grids = [*_sources(f, bought), *_by_origin(f, bought), *_contracts(f)]
    note = "Paid on arrival, without duty and not discounted; what the market buys for normal consumption is not here."
    return Section(SECTION, TITLE, charts=charts, grids=grids, note=note)


def _origins(f: Facts, bought: pd.DataFrame) -> Chart:
    names, rows = parted(bought, "origin", "cost", ORIGINS)
    says = f"Bars of the cost of what arrives in each year, stacked by origin; most comes from {', '.join(names[:3])}."
    title = f"Cost of deliveries by origin, {f.money} a year"
    return Chart("purchases-by-origin", title, says, stacked(f.years, names, f.money, "origin"), rows)


def _sources(f: Facts, bought: pd.DataFrame) -> list[Grid]:
    """Every source or contract that delivers, the dearest first."""
    by = ["good", "source", "origin", "by"]
    labels = {
        key if isinstance(key, tuple) else (key,): [x for x in own if x]
        for key, own in bought.groupby(by, sort=False)["ordered"]
    }
    rows: list[list[Cell]] = []
    for *key, quantity, cost, duty in summed(bought, by, ["quantity", "cost", "duty"]):
        when = span(labels[tuple(key)], f.order) if labels[tuple(key)] else ""
        rows.append([*key, quantity, f.price_of(cost, quantity), cost, duty, when])
    rows.sort(key=lambda row: -float(row[6] or 0))
    fields = [
        *map(text, ("good", "source", "origin", "by")),
        amount("quantity", f.quantity),
        amount("mean price", f.price),
        amount("cost", f.money),
        amount("duty", f.money),
        text("ordered"),
    ]
    return limited("purchases", "What arrives, by source and contract", fields, rows, ROWS, "deliveries.csv")


def _by_origin(f: Facts, bought: pd.DataFrame) -> list[Grid]:
    """Cost and share of every origin."""
    paid = sorted(summed(bought, ["origin"], ["cost"]), key=lambda row: -row[1])
    total = max(sum(cost for _, cost in paid), NOISE)
    rows = [[origin, cost, cost / total] for origin, cost in paid]
    fields = [text("origin"), amount("cost", f.money), amount("share of cost", "share")]
    return limited("origins", "What is paid to each origin", fields, rows, ROWS, "deliveries.csv")


def _contracts(f: Facts) -> list[Grid]:
    """Every contract that is signed or called on."""
    signed = f.plan.tables["contracts"]
    called = {c: amounts for c, *amounts in summed(f.rows("calls"), ["contract"], ["quantity", "untaken", "cost"])}
    columns = (signed[name].tolist() for name in ("contract", "period", "until"))
    at = {contract: (period, until) for contract, period, until in zip(*columns, strict=True)}
    rows: list[list[Cell]] = []
    for contract in dict.fromkeys([*called, *at]):
        quantity, untaken, cost = called.get(contract, (0.0, 0.0, 0.0))
        price = f.price_of(cost, quantity + untaken)
        rows.append([contract, *at.get(contract, ("before", "")), quantity, untaken, price, cost])
    fields = [
        *map(text, ("contract", "signed", "last call in")),
        amount("called", f.quantity),
        amount("paid for, not taken", f.quantity),
        amount("mean price", f.price),
        amount("cost", f.money),
    ]
    return limited("contracts", "Contracts", fields, rows, ROWS, "contracts.csv, calls.csv")
