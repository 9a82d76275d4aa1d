"""Money by fund and year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from stockpile.report.money import USES
from stockpile.report.page.facts import Facts, parted, ranked
from stockpile.report.page.marks import colour, spec, stacked, tip, value, when
from stockpile.report.page.parts import Cell, Chart, Section, amount, limited, text
from stockpile.report.sheet import NOISE
from stockpile.report.yearly import by_year

FUNDS, ROWS = 9, 400
"""Funds told apart in charts; rows of the table."""
SECTION, TITLE = "money", "Money by fund and year"


def money(f: Facts) -> Section:
    """What each fund pays and for what, what it has and owes, and its account by calendar year."""
    payments, funds = f.rows("payments"), f.rows("funds")
    if not payments["amount"].abs().sum() > NOISE and not funds["budget"].abs().sum() > NOISE:
        return Section(SECTION, TITLE)
    charts = []
    if payments["amount"].abs().sum() > NOISE:
        uses = payments.assign(use=[USES.get(use, use) for use in payments["use"]])
        charts = [
            _paid(f, "paid-by-fund", "Paid by each fund", "fund", payments),
            _paid(f, "paid-by-use", "What funds pay for", "use", uses),
        ]
    charts += [
        _level(f, "cash", "Cash at the close of each period of the funds that pay most", "closing", "paid"),
        _level(f, "debt", "Debt at the close of each period of the funds that owe most", "debt", "debt"),
    ]
    table = limited(
        "money",
        f"Accounts of funds by calendar year, {f.money}; - is paid",
        _fields(f),
        _accounts(f),
        ROWS,
        "funds.csv",
    )
    note = "Not discounted; of a plan with scenarios what is expected."
    return Section(SECTION, TITLE, charts=[c for c in charts if c.rows], grids=table, note=note)


def _paid(f: Facts, name: str, title: str, by: str, payments: pd.DataFrame) -> Chart:
    """Payments stacked by year."""
    names, rows = parted(payments, by, "amount", FUNDS)
    says = f"Bars of what is paid in each year from {f.years[0]} to {f.years[-1]}, stacked by {by}; most is {names[0]}."
    return Chart(name, f"{title}, {f.money} a year", says, stacked(f.years, names, f.money, by), rows)


def _level(f: Facts, name: str, title: str, column: str, by: str) -> Chart:
    """Lines of cash or debt of the funds that have most of another column."""
    funds = f.rows("funds")
    names = ranked(funds.set_index("fund")[by], FUNDS)
    rows = [
        {"date": f.start(period), "period": period, "part": fund, "amount": level}
        for period, fund, level in zip(funds["period"], funds["fund"], funds[column].tolist(), strict=True)
        if fund in names
    ]
    rows += f.ending(rows)
    encoding = {
        "x": when(f.axis),
        "y": value("amount", f.money),
        "color": colour("part", names),
        "tooltip": tip(("part", "fund", ""), ("period", "period", ""), ("amount", f.money, ",.4~r")),
    }
    mark = {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "point": {"size": 12, "filled": True}}
    says = f"Lines over the periods of {len(names)} funds; the table has their values at year ends."
    return Chart(name, f"{title}, {f.money}", says, spec(240, mark=mark, encoding=encoding), rows)


def _fields(f: Facts) -> list[Any]:
    return [text("fund"), text("kind"), text("line"), *(amount(str(year)) for year in f.years)]


def _accounts(f: Facts) -> list[list[Cell]]:
    """The lines of each account that hold anything; the funds that pay most come first."""
    kinds = f.context.get("funds") or {}
    total = f.rows("funds").groupby("fund", sort=False)[["paid", "budget"]].sum()
    order = list(total.sort_values(["paid", "budget"], ascending=False, kind="stable").index)
    lines = sorted((line for line in by_year(f.sums) if line.kind == "fund"), key=lambda line: order.index(line.name))
    return [[line.name, str(kinds.get(line.name, "")), line.title, *line.values] for line in lines]
