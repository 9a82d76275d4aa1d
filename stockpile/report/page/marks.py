"""What the charts have in common: colours, axes and legends of Vega-Lite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stockpile.report.page.facts import OTHERS

Spec = dict[str, Any]

COLOURS = [f"var(--c{i})" for i in range(1, 11)]
"""Colours of the page's style, which differ between light, dark and print; of pictures see ``INK``."""
GREY, TEXT, LINE, BACK = "var(--c0)", "var(--text)", "var(--line)", "var(--back)"
STEPS = [f"var(--s{i})" for i in range(1, 6)]
"""Five steps of one colour, from little to much."""
WARNING, CALM = "var(--warn)", "var(--calm)"

INK = {
    "--text": "#1d2630",
    "--line": "#d5dbe1",
    "--back": "#ffffff",
    "--c0": "#7d8792",
    "--c1": "#2f6db5",
    "--c2": "#cf6a17",
    "--c3": "#2b8a58",
    "--c4": "#b8416f",
    "--c5": "#7457b0",
    "--c6": "#8c6d10",
    "--c7": "#1f8a99",
    "--c8": "#a4472f",
    "--c9": "#5a7d1e",
    "--c10": "#9a4bb5",
    "--s1": "#d3e3f3",
    "--s2": "#9fc3e6",
    "--s3": "#6a9fd4",
    "--s4": "#3b78b8",
    "--s5": "#1c4f87",
    "--warn": "#b3261e",
    "--calm": "#2b8a58",
}
"""The colours of the page in light and in print, and of pictures."""
DARK = {
    "--text": "#e4e9ee",
    "--line": "#3a444e",
    "--back": "#14191e",
    "--c0": "#8a95a0",
    "--c1": "#6aa5e8",
    "--c2": "#f0954a",
    "--c3": "#5bbf8a",
    "--c4": "#e87fa6",
    "--c5": "#a992e6",
    "--c6": "#d0ac45",
    "--c7": "#54c2d1",
    "--c8": "#e38a72",
    "--c9": "#9fc25c",
    "--c10": "#cf8be6",
    "--s1": "#1f3347",
    "--s2": "#2c5379",
    "--s3": "#3d78b0",
    "--s4": "#68a2dc",
    "--s5": "#a9cff5",
    "--warn": "#ff8a80",
    "--calm": "#5bbf8a",
}
"""The same in dark."""

NAMES: Spec = {"expr": "width < 500 ? 150 : 240"}
"""Room for names beside a chart."""
LETTER, KEY = 7, 30
"""Pixels of a letter of a legend, and of the mark beside a name of it."""
WIDTH = 760
"""Width of a picture, in points."""
PLACE = f"((isFinite(containerSize()[0]) ? containerSize()[0] : {WIDTH}) - 60 + 0 * width)"
"""Room for a legend: what is wide is the place of the chart, for its own width shrinks after its legend has got its height."""

CONFIG: Spec = {
    "background": "transparent",
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
    "axis": {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 150,
        "labelOverlap": True,
        "labelSeparation": 6,
    },
    "axisY": {"tickCount": 5},
    "legend": {
        "orient": "bottom",
        "labelColor": TEXT,
        "titleColor": TEXT,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 160,
        "symbolLimit": 30,
    },
    "view": {"stroke": None},
    "text": {"color": TEXT, "fontSize": 12},
    "rule": {"color": TEXT},
    "bar": {"discreteBandSize": {"band": 0.85}},
    "scale": {"barBandPaddingInner": 0.15},
}


def spec(height: int, **parts: Any) -> Spec:
    """A chart as wide as its place."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        **parts,
    }


def colour(field: str, names: Sequence[str], title: str | None = None) -> Spec:
    """A colour for each name, in order; what small parts are called together is grey."""
    many = [GREY if name == OTHERS else COLOURS[i % len(COLOURS)] for i, name in enumerate(names)]
    room = min(max([190, *(LETTER * len(name) + KEY for name in names)]), 480)
    columns = f"max(1, floor({PLACE} / {room}))"
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names), "range": many},
        "title": title,
        "legend": {"columns": {"expr": columns}, "labelLimit": {"expr": f"max(160, {PLACE} / {columns} - {KEY})"}},
    }


def year(years: Sequence[int]) -> Spec:
    """Calendar years across, those without anything too."""
    domain = {"domain": [str(at) for at in years]}
    return {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}, "scale": domain}


def when(axis: Spec, field: str = "date") -> Spec:
    """Dates across, whatever the time zone of the reader."""
    return {
        "field": field,
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {**axis, "grid": False, "labelAngle": 0},
    }


def value(field: str, title: str | None = None, **more: Any) -> Spec:
    """Amounts up, or along."""
    return {"field": field, "type": "quantitative", "title": title, **more}


def tip(*fields: tuple[str, str, str]) -> list[Spec]:
    """What is told of a mark: field, words, and format of its number (empty for text)."""
    return [
        {"field": field, "title": words, **({"type": "quantitative", "format": form} if form else {"type": "nominal"})}
        for field, words, form in fields
    ]


def stacked(years: Sequence[int], names: Sequence[str], unit: str, what: str) -> Spec:
    """Bars by year, stacked by ``part``; rows have year, part, place and amount."""
    return spec(
        260,
        mark={"type": "bar"},
        encoding={
            "x": year(years),
            "y": value("amount", unit),
            "color": colour("part", names),
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": tip(("year", "year", ""), ("part", what, ""), ("amount", unit, ",.4~r")),
        },
    )


def piled(field: str, names: Sequence[str], parts: Sequence[str], unit: str, form: str = "") -> Spec:
    """A bar along for each name in ``field``, in order, of the parts in order; rows have that, part, place and amount.

    Amounts in a ``form`` of percent are shares of the bar.
    """
    axis: Spec = {"axis": {"tickCount": 8, **({"format": form} if form else {})}}
    axis |= {"scale": {"domain": [0, 1]}} if form else {}
    encoding: Spec = {
        "y": {"field": field, "type": "nominal", "sort": list(names), "title": None, "axis": {"labelLimit": NAMES}},
        "x": value("amount", None if form else unit, stack="zero", **axis),
        "color": colour("part", parts),
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": tip((field, field, ""), ("part", "part", ""), ("amount", unit, ".1%" if form else ",.4~r")),
    }
    return spec(40 * len(names), mark={"type": "bar"}, encoding=encoding)


def bars(names: Sequence[str], unit: str, what: str, colours: Spec | None = None) -> Spec:
    """A bar along for each name in ``part``, in order; rows have part and amount."""
    encoding: Spec = {
        "y": {
            "field": "part",
            "type": "nominal",
            "sort": list(names),
            "title": None,
            "axis": {"grid": False, "labelLimit": NAMES},
        },
        "x": value("amount", unit, axis={"tickCount": 8}),
        "tooltip": tip(("part", what, ""), ("amount", unit, ",.6~r")),
    }
    encoding["color"] = colours or {"value": COLOURS[0]}
    return spec(22 * max(len(names), 2), mark={"type": "bar"}, encoding=encoding)
