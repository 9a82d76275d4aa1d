"""Traced goods: what sectors get of every class of origin, and what processes pass on of where their inputs come from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from stockpile.report.page.facts import Facts, ranked, summed
from stockpile.report.page.marks import piled
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE
from stockpile.report.tracing import used_of

BARS, ROWS = 16, 500
CLASS = "A class of origin is what the same rules speak of."
BATCH = (
    " A batch is a part of the runs of a process that passes on the same to what it makes: its inputs are of that class, or"
    " of one that is no worse."
)
SECTION, TITLE = "tracing", "Traced goods: origins in use"


def tracing(f: Facts) -> Section:
    """Origins in use by sector and year, then batches: runs by what they pass on, and what those take."""
    used = used_of(f.rows("traced_use"))
    charts = _shares(
        "traced-use",
        "What sectors get of traced goods by class of origin",
        "A bar for each of {bars} sectors with a good, split by {parts} classes of origin.",
        used.assign(bar=[f"{s}: {g}" for s, g in zip(used["sector"], used["good"], strict=True)], amount=used["all"]),
    )
    taken = f.rows("batch_inputs")
    charts += _shares(
        "batches",
        "What batches of processes take, by class of origin",
        "A bar for each of {bars} batches and goods that they take, split by {parts} classes of origin.",
        taken.assign(bar=_named(taken), amount=taken["taken"]),
    )
    note = CLASS if taken.empty else CLASS + BATCH
    grids = [*_use(f, used), *_batches(f), *_inputs(f, taken)]
    return Section(SECTION, TITLE, charts=charts, grids=grids, note=note if grids else "")


def _named(taken: pd.DataFrame) -> list[str]:
    """A batch with a good that it takes, in words."""
    rows = zip(taken["process"], taken["batch"], taken["good"], strict=True)
    return [f"{process}, passes on {batch}: {good}" for process, batch, good in rows]


def _shares(name: str, title: str, says: str, frame: pd.DataFrame) -> list[Chart]:
    """The largest bars of a frame with bar, origin and amount, each split into its shares by origin."""
    names = ranked(frame.set_index("bar")["amount"], BARS)
    classes = ranked(frame.set_index("origin")["amount"], len(frame))
    totals = frame.groupby("bar")["amount"].sum()
    rows: list[dict[str, Any]] = [
        {"what": bar, "part": origin, "place": classes.index(origin), "amount": quantity / float(totals[bar])}
        for bar, origin, quantity in summed(frame, ["bar", "origin"], ["amount"])
        if bar in names and quantity > NOISE
    ]
    if not rows:
        return []
    said = says.format(bars=len(names), parts=len(classes))
    return [Chart(name, title, said, piled("what", names, classes, "share", "%"), rows)]


def _use(f: Facts, used: pd.DataFrame) -> list[Grid]:
    """Every class of origin by year, with its share of what the sector gets of the good in that year."""
    sums = summed(used, ["sector", "good", "origin", "year"], ["quantity", "market", "all"])
    whole = {
        key: total for *key_of, total in summed(used, ["sector", "good", "year"], ["all"]) for key in [tuple(key_of)]
    }
    rows: list[list[Cell]] = [
        [s, g, o, year, own, market, total / whole[s, g, year]]
        for s, g, o, year, own, market, total in sums
        if total > NOISE
    ]
    fields = [
        *map(text, ("sector", "good", "origin")),
        amount("year", "plain"),
        amount("from the reserve", f.quantity),
        amount("from the market", f.quantity),
        amount("share", "share"),
    ]
    return limited(
        "traced-use", "What sectors get by class of origin and calendar year", fields, rows, ROWS, "traced_use.csv"
    )


def _batches(f: Facts) -> list[Grid]:
    """Runs by what they pass on."""
    told = f.rows("batches")
    whole = {(process, year): level for process, year, level in summed(told, ["process", "year"], ["level"])}
    rows: list[list[Cell]] = [
        [process, batch, year, level, level / whole[process, year]]
        for process, batch, year, level in summed(told, ["process", "batch", "year"], ["level"])
        if level > NOISE
    ]
    fields = [
        *map(text, ("process", "passes on")),
        amount("year", "plain"),
        amount("run", f.quantity),
        amount("share of its runs", "share"),
    ]
    return limited(
        "batches",
        "Batches: runs of processes by what they pass on, by calendar year",
        fields,
        rows,
        ROWS,
        "batches.csv",
    )


def _inputs(f: Facts, taken: pd.DataFrame) -> list[Grid]:
    """What batches take over the horizon."""
    whole = {
        (process, batch, good): quantity
        for process, batch, good, quantity in summed(taken, ["process", "batch", "good"], ["taken"])
    }
    rows: list[list[Cell]] = [
        [process, batch, good, origin, quantity, quantity / whole[process, batch, good]]
        for process, batch, good, origin, quantity in summed(taken, ["process", "batch", "good", "origin"], ["taken"])
        if quantity > NOISE
    ]
    fields = [
        *map(text, ("process", "passes on", "takes", "of origin")),
        amount("quantity", f.quantity),
        amount("share of the good", "share"),
    ]
    return limited("batch-inputs", "What batches take, over the horizon", fields, rows, ROWS, "batch_inputs.csv")
