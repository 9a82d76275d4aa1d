"""What funds have at risk in projects, and what comes back."""

from __future__ import annotations

from typing import Any

from stockpile.report.figures import RISKS
from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.marks import COLOURS, WARNING, Spec, spec, stacked, tip, value, when
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

ROWS = 300
BACK = {"repaid": "repaid, dividends", "recovered": "recovered of what was lost"}
SECTION, TITLE = "exposure", "Exposure and repayments"


def exposure(f: Facts) -> Section:
    """Money at risk at the close of every period by kind, and what loans and equity bring back by year."""
    charts = [chart for chart in (_risk(f), _back(f)) if chart.rows]
    grids = [*_by_project(f), *_loans(f), *_guarantees(f)]
    note = "Unverified: paid for milestones that are open; outstanding: principal; lost: paid to abandoned projects. Not discounted."
    if f.weights:
        note += " The charts tell what is expected over scenarios, the first table the most in any of them."
    return Section(SECTION, TITLE, charts=charts, grids=grids, note=note if charts or grids else "")


def _risk(f: Facts) -> Chart:
    sums = f.rows("exposure").groupby("period", sort=False)[[*RISKS]].sum()
    kinds = [kind for kind in RISKS if sums[kind].abs().sum() > NOISE]
    rows = [
        {
            "date": f.start(label),
            "period": label,
            "part": kind,
            "place": RISKS.index(kind),
            "amount": float(sums[kind].get(label, 0.0)),
        }
        for label in f.order
        for kind in kinds
    ]
    rows += f.ending(rows)
    inks = dict(zip(RISKS, (COLOURS[1], COLOURS[0], WARNING), strict=True))
    encoding: Spec = {
        "x": when(f.axis),
        "y": value("amount", f.money, stack="zero"),
        "color": {
            "field": "part",
            "type": "nominal",
            "title": None,
            "scale": {"domain": kinds, "range": [inks[k] for k in kinds]},
        },
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": tip(("period", "period", ""), ("part", "kind", ""), ("amount", f.money, ",.4~r")),
    }
    says = f"Areas over the periods of money at risk: {', '.join(kinds)}."
    plan = spec(240, mark={"type": "area", "interpolate": "step-after"}, encoding=encoding)
    return Chart("exposure", f"At risk in projects at the close of each period, {f.money}", says, plan, rows)


def _back(f: Facts) -> Chart:
    loans = f.rows("loans")
    names = [words for column, words in BACK.items() if loans[column].abs().sum() > NOISE]
    rows: list[dict[str, Any]] = [
        {"year": str(year), "part": words, "place": i, "amount": came}
        for i, (column, words) in enumerate(BACK.items())
        for year, came in zip(f.years, f.by_year(loans, column), strict=True)
        if abs(came) > NOISE
    ]
    says = f"Bars of what loans and equity bring back in each year: {', '.join(names)}."
    return Chart(
        "repayments",
        f"What loans and equity bring back, {f.money} a year",
        says,
        stacked(f.years, names, f.money, "what"),
        rows,
    )


def _by_project(f: Facts) -> list[Grid]:
    """The most that funds have at risk in each project, in any future."""
    told = f.plan.tables["exposure"]
    sums = told.groupby(["project", "node"], sort=False)[[*RISKS]].sum()
    sums["all"] = sums.sum(axis=1)
    most = sums.groupby("project").max().sort_values("all", ascending=False, kind="stable")
    rows: list[list[Cell]] = [
        [str(project), *map(float, values)] for project, *values in most.itertuples() if values[-1] > NOISE
    ]
    fields = [text("project"), *(amount(f"most {kind}", f.money) for kind in RISKS), amount("most in all", f.money)]
    return limited("exposure", "At risk in each project at the close of a period", fields, rows, ROWS, "exposure.csv")


def _loans(f: Facts) -> list[Grid]:
    """What each fund lends to each project, what comes back by the end, and what is then owed."""
    loans, by = f.rows("loans"), ["project", "fund"]
    ending = loans[loans["period"] == f.calendar.labels[-1]]
    last = {(project, fund): owed for project, fund, owed in summed(ending, by, ["principal"])}
    sums = summed(loans, by, ["lent", "interest", "repaid", "written_off", "recovered"])
    rows = [[*row, last.get((row[0], row[1]), 0.0)] for row in sums]
    titles = ("lent", "interest or dividends", "repaid", "written off", "recovered", "owed at the end")
    fields = [*map(text, ("project", "fund")), *(amount(title, f.money) for title in titles)]
    return limited("loans", "Loans and equity", fields, rows, ROWS, "loans.csv")


def _guarantees(f: Facts) -> list[Grid]:
    """What funds guarantee, earn and pay for it."""
    rows = summed(f.rows("guarantees"), ["project", "lender", "fund"], ["fee", "called", "recovered"])
    fields = [
        *map(text, ("project", "lender", "guarantor")),
        *(amount(title, f.money) for title in ("fees", "called", "recovered")),
    ]
    return limited("guarantees", "Guarantees", fields, rows, ROWS, "guarantees.csv")
