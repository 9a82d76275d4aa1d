"""Processing on the page: how much each process is run, of what capacity, and what that takes and emits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rich.text import Text

from stockpile.report.layout import heading, plain, sentence, shorten
from stockpile.report.sheet import NOISE, Block, Line, Sheet, years_table

MOST = 10
"""Processes shown; the rest is in the tables."""


def processing(sheet: Sheet) -> list[Text]:
    """Run, output, cost, energy and emissions of every process by calendar year; those that cost most come first."""
    runs = sheet.rows("runs")
    if runs.empty:
        return []
    total = runs.groupby("process", sort=False)[["cost", "set_up", "level"]].sum()
    total["paid"] = total["cost"] + total["set_up"]
    ranked = list(total.sort_values(["paid", "level"], ascending=False, kind="stable").index)
    blocks = [Block(str(name), _lines(sheet, str(name))) for name in ranked[:MOST]]
    lines = heading("Processing", "by calendar year; what is not wanted of it is under Rotation", sheet.width)
    lines += years_table(sheet, blocks)
    if len(ranked) > MOST:
        lines += sentence(f"and {len(ranked) - MOST} more: runs.csv, conversions.csv", sheet.width)
    units = sheet.instance.settings.units
    sums = [(name, float(runs[name].sum()), getattr(units, name)) for name in ("energy", "emissions")]
    said = [f"{value:,.6g} {unit} of {name}" for name, value, unit in sums if value > NOISE]
    return lines + (sentence(f"all runs together: {', '.join(said)}", sheet.width) if said else [])


def _mean(sheet: Sheet, runs: pd.DataFrame, grades: pd.DataFrame) -> list[float]:
    """The mean of an attribute in every calendar year, weighed by how much was run; NaN where nothing was."""
    level = dict(zip(runs["node"], runs["level"], strict=True))
    weighed = grades.assign(level=grades["node"].map(level))
    weighed["whole"] = weighed["value"] * weighed["level"]
    whole, run = sheet.by_year(weighed, "whole"), sheet.by_year(weighed, "level")
    return [w / r if r > NOISE else np.nan for w, r in zip(whole, run, strict=True)]


def _lines(sheet: Sheet, process: str) -> list[Line]:
    """The figures of one process: its run, what it makes, and what it costs with its set-ups."""
    runs, made = sheet.rows("runs"), sheet.rows("conversions")
    own, brought = runs[runs["process"] == process], made[(made["process"] == process) & (made["brought"] > 0)]
    unit, money = sheet.quantity, sheet.money
    lines = [Line(f"run, {unit}", unit, sheet.by_year(own, "level"))]
    lines += [
        Line(f"makes {shorten(plain(str(good)), 24)}, {unit}", unit, sheet.by_year(rows, "brought"))
        for good, rows in brought.groupby("good", sort=False)
    ]
    grades = sheet.rows("grades")
    for attribute, rows in grades[grades["process"] == process].groupby("attribute", sort=False):
        lines.append(Line(f"mean {shorten(plain(str(attribute)), 24)}", str(attribute), _mean(sheet, own, rows)))
    paid = own.assign(paid=own["cost"] + own["set_up"])
    lines.append(Line(f"cost, {money}", money, sheet.by_year(paid, "paid")))
    return [line for line in lines if np.nanmax(np.abs(line.values), initial=0.0) > NOISE]
