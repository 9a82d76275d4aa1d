"""Shortfall by sector, with the spread over scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.report.page.facts import Facts, parted
from stockpile.report.page.marks import COLOURS, Spec, spec, stacked, tip, value, year
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

SECTORS, SPREADS, ROWS = 9, 8, 400
SECTION, TITLE = "shortfall", "Shortfall by sector"
Floats = npt.NDArray[np.float64]


def shortfall(f: Facts) -> Section:
    """What each sector goes short of and what that is charged; in a tree how that differs between the scenarios."""
    service, lacking = f.rows("service"), f.rows("shortfall")
    if service.empty:
        return Section(SECTION, TITLE)
    if not service["short"].abs().sum() > NOISE:
        return Section(SECTION, TITLE, ["No demand goes short."])
    charts = [_charged(f, lacking)] if lacking["penalty"].sum() > NOISE else []
    charts += _spread(f)
    note = "Penalties are not discounted; of a plan with scenarios amounts are expected ones."
    return Section(SECTION, TITLE, charts=charts, grids=_table(f, service, lacking), note=note)


def _charged(f: Facts, lacking: pd.DataFrame) -> Chart:
    names, rows = parted(lacking, "sector", "penalty", SECTORS)
    says = f"Bars of the penalties of what goes short in each year, stacked by sector; most is {names[0]}."
    title = f"Penalties of shortfall by sector, {f.money} a year"
    return Chart("shortfall", title, says, stacked(f.years, names, f.money, "sector"), rows)


def by_scenario(f: Facts, column: str) -> tuple[dict[tuple[str, str], Floats], Floats]:
    """(scenarios, years) of what goes short or is charged by sector and good, on every path, and the probabilities of the paths."""
    told, paths, outcomes = f.plan.tables["shortfall"], f.plan.tables["paths"], f.plan.tables["outcomes"]
    at = {str(name): i for i, name in enumerate(outcomes["scenario"])}
    column_of = {label: f.years.index(f.calendar.starts[t].year) for label, t in f.order.items()}
    merged = told.merge(paths[["node", "scenario"]], on="node")
    out: dict[tuple[str, str], Floats] = {}
    for (sector, good), own in merged.groupby(["sector", "good"], sort=False):
        sums = np.zeros((len(at), len(f.years)))
        rows, columns = [at[str(s)] for s in own["scenario"]], [column_of[p] for p in own["period"]]
        np.add.at(sums, (rows, columns), own[column].to_numpy(dtype=float))
        out[str(sector), str(good)] = sums
    return out, outcomes["probability"].to_numpy(dtype=float)


def _spread(f: Facts) -> list[Chart]:
    """For the sectors that lack most a chart of what they are charged: all scenarios, the middle half, and what is expected."""
    if len(f.plan.tables["outcomes"]) < 2:
        return []
    charged, chance = by_scenario(f, "penalty")
    by_sector: dict[str, Floats] = {}
    for (sector, _), sums in charged.items():
        by_sector[sector] = by_sector.get(sector, np.zeros_like(sums)) + sums
    first = sorted(by_sector, key=lambda sector: -float(chance @ by_sector[sector].sum(axis=1)))[
        : 2 if f.beside else SPREADS
    ]
    return [
        _fan(f, sector, by_sector[sector], chance, i)
        for i, sector in enumerate(first)
        if by_sector[sector].sum() > NOISE
    ]


def _fan(f: Facts, sector: str, sums: Floats, chance: Floats, number: int) -> Chart:
    rows: list[dict[str, Any]] = []
    for i, at in enumerate(f.years):
        low, high = (quantile(sums[:, i], chance, share) for share in (0.25, 0.75))
        rows.append({"year": str(at), "least": float(sums[:, i].min()), "most": float(sums[:, i].max()), "low": low, "high": high,
                     "mean": float(chance @ sums[:, i])})  # fmt: skip
    told = tip(
        ("year", "year", ""),
        *(
            (name, words, ",.4~r")
            for name, words in (
                ("least", "least of all scenarios"),
                ("low", "a quarter is below"),
                ("mean", "expected"),
                ("high", "a quarter is above"),
                ("most", "most of all scenarios"),
            )
        ),
    )
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "opacity": 0.22, "color": COLOURS[0], "interpolate": "monotone"},
            "encoding": {"y": value("least", f.money), "y2": {"field": "most"}},
        },
        {
            "mark": {"type": "area", "opacity": 0.4, "color": COLOURS[0], "interpolate": "monotone"},
            "encoding": {"y": value("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": COLOURS[1], "strokeWidth": 2, "point": True, "interpolate": "monotone"},
            "encoding": {"y": value("mean"), "tooltip": told},
        },
    ]
    says = f"Over the years the range of the penalty over {len(chance)} scenarios (pale), its middle half (dark) and what is expected (line)."
    return Chart(
        f"spread-{number + 1}",
        f"{sector}: penalty over {len(chance)} scenarios, {f.money} a year",
        says,
        spec(170, layer=layers, encoding={"x": year(f.years)}),
        rows,
        small=True,
    )


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """The least value that so large a share of the weight does not exceed."""
    ranks = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[ranks])
    return float(values[ranks[min(int(np.searchsorted(reached, share * reached[-1] - 1e-12)), len(values) - 1)]])


def _table(f: Facts, service: pd.DataFrame, lacking: pd.DataFrame) -> list[Grid]:
    """What every sector lacks of every good over the horizon, the dearest first; in a tree the worst scenario beside it."""
    by = ["sector", "good"]
    sums = service.groupby(by, sort=False)[["demand", "short"]].sum()
    charged = lacking.groupby(by, sort=False)["penalty"].sum()
    paths = {} if len(f.plan.tables["outcomes"]) < 2 else by_scenario(f, "quantity")[0]
    rows: list[list[Cell]] = []
    for key, demand, short in sums.itertuples():
        if short > NOISE:
            worst = [float(paths[key].sum(axis=1).max()) if key in paths else 0.0] if paths else []
            rows.append(
                [
                    *map(str, key),
                    float(demand),
                    float(short),
                    float(short / demand),
                    float(charged.get(key, 0.0)),
                    *worst,
                ]
            )
    rows.sort(key=lambda row: -float(row[5] or 0))
    fields = [
        *map(text, by),
        amount("wanted", f.quantity),
        amount("short", f.quantity),
        amount("share short", "share"),
        amount("penalty", f.money),
        *([amount("short in the worst scenario", f.quantity)] if paths else []),
    ]
    return limited("shortfall", "What goes short over the horizon", fields, rows, ROWS, "shortfall.csv, service.csv")
