"""Stock, cover and expiry by good."""

from __future__ import annotations

import math

import pandas as pd

from stockpile.report.figures import DAYS
from stockpile.report.page.facts import Facts, ranked, summed
from stockpile.report.page.marks import NAMES, STEPS, Spec, spec, tip, when
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.page.stock import expiring, stock
from stockpile.report.sheet import NOISE

CHARTS, BESIDE, HEAT, ROWS = 12, 4, 40, 600
"""Goods with a chart of their own, the same where plans stand beside one another, rows of the map of cover, of the table."""
CELLS, LEAST = 4000, 8
"""Cells of the map of cover, and periods times goods with a chart of their own, so that a page stays small; the least goods of both."""
LIMITS = (15, 30, 60, 90)
"""Days of cover at which the colour of the map changes."""
SECTION, TITLE = "goods", "Stock, cover and expiry by good"


def goods(f: Facts) -> Section:
    """Stock of the goods that matter most, cover of all of them, and what each has by calendar year."""
    balance = f.rows("balance")
    if not balance[["closing", "received", "under_target"]].abs().to_numpy().sum() > NOISE:
        return Section(SECTION, TITLE)
    cover = _cover(f)
    chosen = _chosen(f, balance)
    charts = [*_heat(f, cover), *(stock(f, balance, good, i) for i, good in enumerate(chosen))]
    grids = [*_years(f, balance, cover), *_ages(f, balance), *_leaving(f)]
    words = []
    if len(chosen) < balance["good"].nunique():
        words.append(
            f"The charts are of the {len(chosen)} goods that lack most or are most in stock; the tables have all."
        )
    note = ["In the charts of goods the target is dashed, and what goes short is red."] if chosen else []
    if cover["days"].sum() > NOISE and len(cover) < cover["good"].nunique() * f.calendar.periods:
        note.append("The map of cover is blank where nothing is wanted.")
    return Section(SECTION, TITLE, words, charts, grids, " ".join(note))


def _chosen(f: Facts, balance: pd.DataFrame) -> list[str]:
    """Goods by what their shortfall and targets are charged, then by how long they are in stock."""
    charged = f.rows("shortfall").set_index("good")["penalty"]
    missed = balance.set_index("good")["target_penalty"]
    dear = ranked(pd.concat([charged, missed]), 99)
    kept = ranked((balance.set_index("good")["closing"] > NOISE).astype(float), 99)
    return list(dict.fromkeys([*dear, *kept]))[
        : min(BESIDE if f.beside else CHARTS, max(CELLS // f.calendar.periods, LEAST // 2))
    ]


def _cover(f: Facts) -> pd.DataFrame:
    """Days of the demand in force that the closing stock covers: good, period, days, where there is demand."""
    wanted = f.rows("service").groupby(["good", "period"], sort=False)["demand"].sum().rename("demand")
    stock = f.rows("balance").set_index(["good", "period"])["closing"]
    joined = pd.concat([stock, wanted], axis=1, join="inner").reset_index()
    joined = joined[joined["demand"] > NOISE]
    return joined.assign(days=joined["closing"] / joined["demand"] * f.calendar.length * DAYS)


def _heat(f: Facts, cover: pd.DataFrame) -> list[Chart]:
    """A map of cover: goods down, periods across."""
    if not cover["days"].sum() > NOISE:
        return []
    first = (
        cover.groupby("good", sort=False)["days"]
        .mean()
        .sort_values(kind="stable")
        .index[: min(HEAT, max(CELLS // f.calendar.periods, LEAST))]
    )
    shown = cover[cover["good"].isin(first)]
    rows = [
        {
            "good": good,
            "period": period,
            "date": f.start(period),
            "end": f.after(period),
            "days": round(days, 2),
        }
        for good, period, days in zip(*(shown[c].tolist() for c in ("good", "period", "days")), strict=True)
    ]
    colours = {
        "field": "days",
        "type": "quantitative",
        "title": "days of cover",
        "scale": {"type": "threshold", "domain": [*LIMITS], "range": STEPS},
    }
    encoding: Spec = {
        "x": when(f.axis),
        "x2": {"field": "end"},
        "y": {
            "field": "good",
            "type": "nominal",
            "sort": [str(g) for g in first],
            "title": None,
            "axis": {"labelLimit": NAMES},
        },
        "color": colours,
        "tooltip": tip(("good", "good", ""), ("period", "period", ""), ("days", "days of cover", ",.0f")),
    }
    says = f"A map of {len(first)} goods over the periods, darker where the closing stock covers more days of demand; the least covered come first."
    mark = {"type": "bar", "stroke": None}
    title = "Days of demand that the closing stock covers"
    return [Chart("cover", title, says, spec(18 * len(first), mark=mark, encoding=encoding), rows)]


def _years(f: Facts, balance: pd.DataFrame, cover: pd.DataFrame) -> list[Grid]:
    """What each good has by calendar year: wanted, served, short, stock, cover, what is disposed of or lost."""
    service = f.rows("service")
    last = {f.calendar.starts[t].year: label for label, t in f.order.items()}
    days = {(g, p): d for g, p, d in zip(*(cover[c].tolist() for c in ("good", "period", "days")), strict=True)}
    flows = ("received", "released", "sold", "disposed", "loss")
    moved = balance.groupby(["good", "year"], sort=False)[list(flows)].sum()
    levels = balance.set_index(["good", "period"])[["closing", "under_target"]]
    wanted = service.groupby(["good", "year"], sort=False)[["demand", "short"]].sum()
    rows: list[list[Cell]] = []
    for good, year in moved.index:
        demand, short = wanted.loc[(good, year)] if (good, year) in wanted.index else (0.0, 0.0)
        closing, under = levels.loc[(good, last[year])]
        values = [float(v) for v in (demand, short, *moved.loc[(good, year)], closing, under)]
        if any(abs(v) > NOISE for v in values):
            rows.append([str(good), int(year), *values, days.get((good, last[year]), math.nan)])
    fields = [
        text("good"),
        amount("year", "plain"),
        *(
            amount(title, f.quantity)
            for title in ("wanted", "short", "received", "released", "sold or lent", "disposed of", "lost")
        ),
        amount("stock at its end", f.quantity),
        amount("below target", f.quantity),
        amount("cover", "days"),
    ]
    return limited("goods", "Goods by calendar year", fields, rows, ROWS, "balance.csv, service.csv")


def _ages(f: Facts, balance: pd.DataFrame) -> list[Grid]:
    """What expires: the stock of goods with a shelf life at the end of each year, and what of it must leave within the next."""
    last = {f.calendar.starts[t].year: label for label, t in f.order.items()}
    levels = {(good, period): q for good, period, q in summed(balance, ["good", "period"], ["closing"])}
    out: list[list[Cell]] = []
    for good, life in (f.context.get("shelf_life") or {}).items():
        soon = expiring(f, good) or {}
        for year, label in last.items():
            stock_then = levels.get((good, label), 0.0)
            if stock_then > NOISE:
                out.append([good, year, life * f.calendar.length, stock_then, min(soon.get(label, 0.0), stock_then)])
    fields = [
        text("good"),
        amount("year", "plain"),
        amount("shelf life", "years"),
        amount("stock at its end", f.quantity),
        amount("expires within a year", f.quantity),
    ]
    return limited("expiry", "Goods with a shelf life", fields, out, ROWS, "balance.csv, cohorts.csv")


def _leaving(f: Facts) -> list[Grid]:
    """Sales, loans and disposals by year."""
    rows: list[list[Cell]] = []
    for good, mode, year, quantity, paid, charge in summed(
        f.rows("rotation"), ["good", "mode", "year"], ["quantity", "amount", "charge"]
    ):
        money = -paid - charge if mode == "disposal" else paid - charge
        rows.append([good, mode, year, quantity, f.price_of(paid, quantity), money])
    fields = [
        *map(text, ("good", "what")),
        amount("year", "plain"),
        amount("quantity", f.quantity),
        amount("mean price", f.price),
        amount("money, - is paid", f.money),
    ]
    return limited("rotation", "Sales, loans and disposals", fields, rows, ROWS, "rotation.csv")
