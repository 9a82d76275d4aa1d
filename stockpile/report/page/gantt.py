"""Stages of projects over time: bars, with a diamond at each milestone and a ring at each tranche."""

from __future__ import annotations

from typing import Any

import pandas as pd

from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.marks import BACK, COLOURS, NAMES, TEXT, Spec, colour, spec, tip, when
from stockpile.report.page.parts import Chart
from stockpile.report.sheet import NOISE

PROJECTS = 40
"""Projects drawn, those that begin first."""


def gantt(f: Facts, go: pd.DataFrame) -> Chart:
    """A bar for each stage, a diamond at its milestone, a circle for what is paid.  What differs between scenarios is paler where it is less likely."""
    first = go.assign(at=go["period"].map(f.order)).groupby("project")["at"].min().sort_values(kind="stable")
    names = [str(name) for name in first.index[:PROJECTS]]
    rows: list[dict[str, Any]] = []
    for stage in released(f, go):
        if stage["project"] in names:
            ends = stage["verified"]
            rows.append(
                {
                    **stage,
                    "stage": f"stage {stage['stage']}",
                    "from": f.start(stage["go"]),
                    "to": f.start(ends) if ends in f.order else _next(f, go, stage),
                    "verified": ends or "after the horizon, or as the future shows",
                    "milestone_at": f.start(ends) if ends in f.order else None,
                }
            )
    rows += _paid(f, names)
    stages = sorted({str(row["stage"]) for row in rows if "from" in row})
    kinds = {"from": _bars(f, stages), "milestone_at": _milestones(f), "paid_at": _tranches(f)}
    layers = [layer for key, layer in kinds.items() if any(row.get(key) for row in rows)]
    down = {
        "field": "project",
        "type": "nominal",
        "sort": names,
        "title": None,
        "axis": {"labelLimit": NAMES, "grid": True},
    }
    says = f"Bars over time of the stages of {len(names)} projects, a diamond where a milestone is verified, a ring where a tranche is paid; the table tells each."
    title = "Stages (bars), milestones (diamonds) and tranches (rings)"
    return Chart("stages", title, says, spec(38 * len(names), layer=layers, encoding={"y": down}), rows)


def released(f: Facts, go: pd.DataFrame) -> list[dict[str, Any]]:
    """Every stage with when it is released and verified, by project; in a tree once for all nodes where these are the same."""
    frame = go.assign(weight=[f.weights.get(node, 1.0) for node in go["node"]])
    by = ["project", "stage", "milestone", "period", "verified", "cost"]
    names = ("project", "stage", "milestone", "go", "verified", "cost", "weight")
    return [
        dict(zip(names, row, strict=True)) for row in sorted(summed(frame, by, ["weight"]), key=lambda row: row[:2])
    ]


def _next(f: Facts, go: pd.DataFrame, stage: dict[str, Any]) -> str:
    """The day when the next stage is released first, where the end of this one is not told; the end of the horizon without one."""
    begun = f.order[stage["go"]]
    later = go[(go["project"] == stage["project"]) & (go["stage"] > stage["stage"])]["period"].map(f.order)
    after = later[later > begun]
    return f.calendar.starts[int(after.min())].isoformat() if len(after) else f.end


def _paid(f: Facts, names: list[str]) -> list[dict[str, Any]]:
    paid = summed(f.rows("disbursements"), ["project", "stage", "period"], ["amount"])
    return [
        {"project": p, "stage": f"stage {stage}", "paid_at": f.start(period), "paid": period, "amount": money}
        for p, stage, period, money in paid
        if p in names and money > NOISE
    ]


SHARE: Spec = {
    "field": "weight",
    "type": "quantitative",
    "scale": {"domain": [0, 1], "range": [0.35, 1]},
    "legend": None,
}
"""What is less likely is paler."""


def _told(f: Facts) -> list[Spec]:
    """What is told of a stage."""
    words = ("project", "stage", "milestone", "go", "verified")
    return tip(*((word, word, "") for word in words), ("cost", f.money, ",.4~r"), ("weight", "probability", ".0%"))


def _bars(f: Facts, stages: list[str]) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.from)"}],
        "mark": {"type": "bar", "height": 14, "stroke": BACK, "strokeWidth": 1},
        "encoding": {
            "x": when(f.axis, "from"),
            "x2": {"field": "to"},
            "color": colour("stage", stages),
            "opacity": SHARE,
            "tooltip": _told(f),
        },
    }


def _milestones(f: Facts) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.milestone_at)"}],
        "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70, "color": TEXT, "stroke": BACK},
        "encoding": {"x": when(f.axis, "milestone_at"), "opacity": SHARE, "tooltip": _told(f)},
    }


def _tranches(f: Facts) -> Spec:
    words = (("project", "project"), ("stage", "stage"), ("paid", "paid in"))
    size = {
        "field": "amount",
        "type": "quantitative",
        "title": f"tranche, {f.money}",
        "scale": {"range": [12, 160]},
        "legend": {"tickCount": 3, "orient": "top", "direction": "horizontal"},
    }
    return {
        "transform": [{"filter": "isValid(datum.paid_at)"}],
        "mark": {"type": "point", "filled": False, "yOffset": -12, "strokeWidth": 1.5, "color": COLOURS[0]},
        "encoding": {
            "x": when(f.axis, "paid_at"),
            "size": size,
            "tooltip": tip(*((name, word, "") for name, word in words), ("amount", f.money, ",.4~r")),
        },
    }
