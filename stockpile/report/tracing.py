"""Origins of traced goods on the page: those in use, and what processes pass on of them."""

from __future__ import annotations

import pandas as pd
from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, percent, sentence, span, table
from stockpile.report.sheet import NOISE, Sheet

MOST = 12
"""Rows shown of each; the rest is in the tables."""
TAKEN = 3
"""Classes of origin told of what a batch takes of a good."""


def used_of(frame: pd.DataFrame) -> pd.DataFrame:
    """What sectors get of traced goods (``traced_use``), from the reserve and the market together in ``all``."""
    return frame.assign(all=frame["quantity"] + frame["market"])


def tracing(sheet: Sheet) -> list[Text]:
    """What sectors get of every class of origin, then what processes pass on; the largest come first."""
    return [*_in_use(sheet), *_batches(sheet)]


def _in_use(sheet: Sheet) -> list[Text]:
    """What sectors get of every class of origin of the traced goods, over the horizon."""
    used = used_of(sheet.plan.tables["traced_use"])
    if used.empty:
        return []
    groups = used.groupby(["sector", "good", "origin"], sort=False)
    total = groups[["all"]].sum()
    total["when"] = groups["period"].agg(lambda labels: span(list(labels), sheet.order))
    total["share"] = total["all"] / total.groupby(["sector", "good"])["all"].transform("sum")
    total = total.reset_index().sort_values("all", ascending=False, kind="stable")
    shown = total.head(MOST)
    columns = [
        Column("sector", least=10),
        Column("good", least=10),
        Column("origin", least=10),
        Column(sheet.quantity, right=True),
        Column("share", right=True),
        Column("served", least=14),
    ]
    rows = zip(
        shown["sector"],
        shown["good"],
        shown["origin"],
        numbers(list(shown["all"])),
        map(_share, shown["share"]),
        shown["when"],
        strict=True,
    )
    lines = heading("Origins in use", "of traced goods, from the reserve and the market", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    return lines + _more(sheet, len(total) - len(shown), "traced_use.csv")


def _batches(sheet: Sheet) -> list[Text]:
    """Runs by what they pass on of where their inputs come from, over the horizon, and what they take."""
    told = sheet.plan.tables["batches"]
    total = told.groupby(["process", "batch"], sort=False)["level"].sum()
    total = total[total > NOISE].sort_values(ascending=False, kind="stable")
    if total.empty:
        return []
    shares = total / total.groupby(level="process").transform("sum")
    shown = total.head(MOST)
    taken = sheet.plan.tables["batch_inputs"]
    columns = [
        Column("process", least=10),
        Column("passes on", least=10),
        Column(f"run, {sheet.quantity}", right=True),
        Column("share", right=True),
    ]
    rows = [
        (process, batch, level, _share(shares[process, batch]))
        for (process, batch), level in zip(shown.index, numbers(list(shown)), strict=True)
    ]
    lines = heading("Batches", "runs of processes by the origin that they pass on, and what they take", sheet.width)
    titles, *each = table(columns, rows, sheet.width)
    lines.append(titles)
    for (process, batch), line in zip(shown.index, each, strict=True):
        lines += [line, *sentence(_takes(taken, process, batch), sheet.width, indent=4)]
    return lines + _more(sheet, len(total) - len(shown), "batches.csv")


def _takes(taken: pd.DataFrame, process: str, batch: str) -> str:
    """What a batch takes by good and class of origin, the most of each good first."""
    own = taken[(taken["process"] == process) & (taken["batch"] == batch)]
    told = []
    for good, part in own.groupby("good", sort=False):
        sums = part.groupby("origin", sort=False)["taken"].sum().sort_values(ascending=False, kind="stable")
        sums = sums[sums > NOISE]
        some = [f"{amount} of {origin}" for origin, amount in zip(sums.index, numbers(list(sums)), strict=True)]
        more = f" and {len(some) - TAKEN} more" if len(some) > TAKEN else ""
        told.append(f"{good}: {', '.join(some[:TAKEN])}{more}")
    return "; ".join(told)


def _share(value: float) -> str:
    return percent(float(value)).replace(".00 %", " %")


def _more(sheet: Sheet, left_out: int, where: str) -> list[Text]:
    return sentence(f"and {left_out:,} more: {where}", sheet.width) if left_out > 0 else []
