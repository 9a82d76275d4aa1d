"""The stock of one good over time: what is left of its shelf life, its target, and what goes short."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.report.page.facts import Facts
from stockpile.report.page.marks import COLOURS, TEXT, WARNING, Spec, spec, tip, value, when
from stockpile.report.page.parts import Chart
from stockpile.report.sheet import NOISE

Floats = npt.NDArray[np.float64]
LASTING, LATER, SOON = "in stock", "expires later", "expires within a year"


def stock(f: Facts, balance: pd.DataFrame, good: str, number: int) -> Chart:
    """Closing stock of a good as an area, with its target and what goes short."""
    soon = expiring(f, good)
    parts = [SOON, LATER] if soon is not None else [LASTING]
    rows: list[dict[str, Any]] = []
    for period, closing, target, short in _levels(f, balance[balance["good"] == good], good):
        at = {"date": f.start(period), "period": period}
        late = min(soon.get(period, 0.0), closing) if soon is not None else 0.0
        rows += [
            {**at, "part": p, "amount": level} for p, level in zip(parts[::-1], (closing - late, late), strict=False)
        ]
        rows += [{**at, "target": target}] if target > NOISE else []
        rows += [{**at, "until": f.after(period), "short": short}] if short > NOISE else []
    rows += f.ending([row for row in rows if "short" not in row])
    layers = [_area(f, parts), *(layer for key, layer in _marks(f).items() if any(key in row for row in rows))]
    split = ", split by what expires within a year" if soon is not None else ""
    says = f"Closing stock over the periods as an area{split}; the target is dashed, what goes short is marked in red."
    plan = spec(150, layer=layers, encoding={"x": when(f.axis)})
    return Chart(f"stock-{number + 1}", f"{good}, {f.quantity}", says, plan, rows, small=True)


def _area(f: Facts, parts: list[str]) -> Spec:
    shade = {
        "field": "part",
        "type": "nominal",
        "title": None,
        "scale": {"domain": parts, "range": [COLOURS[1], COLOURS[0]][-len(parts) :]},
        "legend": {"columns": 2} if len(parts) > 1 else None,
    }
    told = tip(("period", "period", ""), ("part", "stock", ""), ("amount", f.quantity, ",.4~r"))
    return {
        "transform": [{"filter": "isValid(datum.amount)"}],
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.75},
        "encoding": {"y": value("amount", None, stack="zero"), "color": shade, "tooltip": told},
    }


def _marks(f: Facts) -> dict[str, Spec]:
    """The target and what goes short, by the column that they show."""
    dashed = {"type": "line", "interpolate": "step-after", "strokeDash": [4, 3], "stroke": TEXT, "strokeWidth": 1.5}
    told = tip(("period", "period", ""), ("short", f"goes short, {f.quantity}", ",.4~r"))
    red = {"x": when(f.axis), "x2": {"field": "until"}, "y": value("short"), "tooltip": told}
    return {
        "target": {
            "transform": [{"filter": "isValid(datum.target)"}],
            "mark": dashed,
            "encoding": {"y": value("target")},
        },
        "short": {
            "transform": [{"filter": "isValid(datum.short)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "color": WARNING},
            "encoding": red,
        },
    }


def _levels(f: Facts, own: pd.DataFrame, good: str) -> list[tuple[str, float, float, float]]:
    """Period, closing stock, target and what goes short of a good."""
    service = f.rows("service")
    short = service[service["good"] == good].groupby("period")["short"].sum()
    levels = own.groupby("period", sort=False)[["closing", "target"]].sum()
    return [(str(p), float(c), float(t), float(short.get(p, 0.0))) for p, c, t in levels.itertuples()]


def expiring(f: Facts, good: str) -> dict[str, float] | None:
    """What of a good's closing stock must leave within a year, by period; None where it has no shelf life.

    What is received in a period leaves at an age below its shelf life.  Of a good that is kept by age it is what is old
    enough; of others the oldest leaves first, so that it is what is left beyond the young, on every path.
    """
    life = (f.context.get("shelf_life") or {}).get(good)
    if life is None:
        return None
    young = max(life - 1 - round(1 / f.calendar.length), 0)
    kept = f.rows("cohorts")
    kept = kept[kept["good"] == good]
    if len(kept):
        near = kept[kept["age"] >= young]
        return {str(p): float(q) for p, q in near.groupby("period")["closing"].sum().items()}
    return dict(zip(f.order, _oldest(f, good, young).tolist(), strict=True))


def _oldest(f: Facts, good: str, young: int) -> Floats:
    """(periods,) the closing stock beyond what was received in the last ``young`` periods and is not lost, expected."""
    paths, chance = f.paths
    own = f.plan.tables["balance"]
    own = own[own["good"] == good].set_index("node")
    opening, loss, received, closing = (
        np.array([own[column].reindex(path).fillna(0.0) for path in paths])
        for column in ("opening", "loss", "received", "closing")
    )
    kept = 1.0 - np.divide(loss, opening, out=np.zeros_like(loss), where=opening > NOISE)
    lots = {-int(age): float(q) for age, q in (f.context.get("opening_stock") or {}).get(good, {}).items() if int(age)}
    fresh = np.zeros_like(closing)
    for at in range(-young + 1, closing.shape[1]):
        left = received[:, at] if at >= 0 else np.full(len(paths), lots.get(at, 0.0))
        for t in range(at, min(at + young, closing.shape[1])):
            left = left * kept[:, t] if t > at and t >= 0 else left
            if t >= 0:
                fresh[:, t] += left
    over: Floats = chance @ np.maximum(closing - fresh, 0.0)
    return over
