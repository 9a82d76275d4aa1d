"""How far the data can be trusted: the status of the rows on which each part of the answer rests, weighed by its money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from stockpile.report.layout import percent
from stockpile.report.page.facts import Facts
from stockpile.report.page.marks import CALM, COLOURS, GREY, NAMES, WARNING, colour, spec, tip, value
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, text
from stockpile.report.sheet import NOISE

#: Statuses from the firmest to the weakest, in words; an empty one is a row that says nothing.
WORDS = {
    "sourced": "sourced",
    "derived": "derived",
    "low_trust": "low trust",
    "assumption": "assumption",
    "unsourced": "without source",
    "": "not told",
}
INKS = [CALM, COLOURS[0], COLOURS[5], COLOURS[1], WARNING, GREY]

#: Parts of the answer: words, table of the plan, its columns of money and of a name, table of the instance with the data.
DRIVERS = (
    ("prices of what is bought", "deliveries", ("cost", "duty"), "source", "prices"),
    ("terms of contracts", "contract_deliveries", ("cost", "duty"), "contract", "contracts"),
    ("costs of processes", "runs", ("cost", "set_up"), "process", "processes"),
    ("costs of project stages", "disbursements", ("amount",), "project", "stages"),
    ("terms of loans and equity", "loans", ("repaid", "recovered"), "project", "financing"),
    ("holding costs", "stock", ("holding_cost",), "good", "storage"),
    ("penalties of shortfall", "shortfall", ("penalty",), "good", "tiers"),
    ("penalties of targets", "balance", ("target_penalty",), "good", "targets"),
    ("terms of sales", "rotation", ("amount", "charge"), "good", "rotation"),
)


@dataclass(frozen=True)
class Driver:
    """A part of the answer: its money, the table it rests on, and the share of each status among it."""

    words: str
    table: str
    money: float
    shares: Mapping[str, float]


def drivers(f: Facts) -> list[Driver]:
    """The parts of the answer that come to anything, the largest first; none where the instance says nothing of its data."""
    known: Mapping[str, Any] = f.context.get("provenance") or {}
    found = []
    for words, table, columns, name, behind in DRIVERS:
        if behind not in known:
            continue
        frame = f.bought() if table == "deliveries" else f.whole.tables[table]
        frame = frame[frame["by"] == "order"] if table == "deliveries" else frame
        money = frame[[*columns]].abs().sum(axis=1)
        total = float(money.sum())
        if total > NOISE:
            found.append(Driver(words, behind, total, _shares(known[behind], money.groupby(frame[name]).sum(), total)))
    return sorted(found, key=lambda driver: -driver.money)


def _shares(counted: Mapping[str, Any], money: pd.Series, total: float) -> dict[str, float]:
    """The share of each status, each name counting by its money and its rows alike; a name without rows takes those of the table."""
    by, rows = counted.get("by", {}), counted["rows"]
    shares: dict[str, float] = {}
    for name, own in money.items():
        counts = by.get(str(name)) or by.get("") or rows
        for status, count in counts.items():
            shares[status] = shares.get(status, 0.0) + float(own) / total * count / sum(counts.values())
    return shares


def together(found: list[Driver]) -> dict[str, float]:
    """The share of each status in all parts, by their money."""
    total = sum(driver.money for driver in found)
    return {s: sum(d.money * d.shares.get(s, 0.0) for d in found) / total for s in WORDS} if total else {}


def rests_on(f: Facts) -> Iterator[str]:
    """How much of what drives the answer is assumed, in a sentence."""
    whole = together(drivers(f))
    if whole:
        parts = [f"{percent(share)} {WORDS[s]}" for s, share in whole.items() if share > NOISE]
        yield f"The data that drive it, weighed by the money that rests on them, are {', '.join(parts)}."


def trust(f: Facts) -> Section:
    """The share of each status in what drives the answer, and the rows of every table by status."""
    found, known = drivers(f), f.context.get("provenance") or {}
    if not known:
        return Section("trust", "How far to trust the data")
    named = [s for s in WORDS if any(s in d.shares for d in found) or any(s in t["rows"] for t in known.values())]
    rows = [
        {"driver": d.words, "part": WORDS[s], "place": i, "share": d.shares[s], "money": d.money * d.shares[s]}
        for d in found
        for i, s in enumerate(WORDS)
        if d.shares.get(s, 0.0) > 0
    ]
    charts = [_chart(f, rows, [d.words for d in found])] if rows else []
    columns = [amount(WORDS[s], "share") for s in named]
    grids = []
    if found:
        whole: list[Cell] = [
            "all of it",
            sum(d.money for d in found),
            "",
            *(together(found).get(s, 0.0) for s in named),
        ]
        lines: list[list[Cell]] = [
            [d.words, d.money, f"{d.table}.csv", *(d.shares.get(s, 0.0) for s in named)] for d in found
        ]
        title = "On what the answer rests, weighed by money (not discounted)"
        grids.append(
            Grid("trust", title, [text("part"), amount("money", f.money), text("rests on"), *columns], [*lines, whole])
        )
    counted = [(f"{table}.csv", *(counts["rows"].get(s, 0) for s in named)) for table, counts in known.items()]
    fields = [text("table"), *(amount(WORDS[s], "plain") for s in named)]
    grids.append(Grid("trust-tables", "Rows of the instance by status", fields, counted))
    note = (
        "Every row of an instance may say whether it is sourced, derived, of low trust or an assumption. A part of the answer"
        " rests on the rows behind it; of rows about one name each counts alike."
    )
    return Section("trust", "How far to trust the data", charts=charts, grids=grids, note=note)


def _chart(f: Facts, rows: list[dict[str, Any]], names: list[str]) -> Chart:
    used = [
        (words, ink) for words, ink in zip(WORDS.values(), INKS, strict=True) if any(r["part"] == words for r in rows)
    ]
    inked = colour("part", [words for words, _ in used])
    inked["scale"]["range"] = [ink for _, ink in used]
    encoding = {
        "y": {"field": "driver", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": NAMES}},
        "x": value("share", None, stack="zero", axis={"format": "%"}, scale={"domain": [0, 1]}),
        "color": inked,
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": tip(
            ("driver", "part", ""), ("part", "status", ""), ("share", "share", ".1%"), ("money", f.money, ",.4~r")
        ),
    }
    says = f"Bars of the share of each status of the data behind {len(names)} parts of the answer."
    return Chart(
        "trust",
        "Status of the data behind each part of the answer",
        says,
        spec(26 * max(len(names), 2), mark="bar", encoding=encoding),
        rows,
    )
