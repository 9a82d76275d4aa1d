"""Charts as Vega-Lite with its data, as pictures, and the library that draws them on the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from stockpile.report.page.marks import CONFIG, INK, WIDTH, Spec
from stockpile.report.page.parts import Chart

SCALE = 2
"""Pixels of a picture for each point of its width."""
NAMES = frozenset({"data", "domain", "sort", "title", "values"})
"""Parts of a chart that may hold names, which are no colours whatever they read."""


def with_data(chart: Chart) -> Spec:
    """The chart as Vega-Lite; its colours are those of the page's style."""
    return {**chart.spec, "data": {"values": list(chart.rows)}, "config": {**CONFIG, "aria": False}}


@cache
def library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one piece of code without names of its own but ``vegaEmbed``.

    Raises ImportError without the extra ``report``.
    """
    import vl_convert

    code = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"(() => {{{code}}})();"


def picture(chart: Chart) -> tuple[str, bytes]:
    """The chart as SVG and as PNG, in light colours with its title.  Raises ImportError without the extra ``report``."""
    import vl_convert

    plain = _inked(with_data(chart))
    whole = {**plain, "width": WIDTH, "background": INK["--back"], "title": _title(chart.title)}
    code = json.dumps(whole)
    return vl_convert.vegalite_to_svg(code), vl_convert.vegalite_to_png(code, scale=SCALE)


def _title(text: str) -> Spec:
    return {"text": text, "anchor": "start", "color": INK["--text"], "fontSize": 14}


def _inked(part: Any) -> Any:
    """A part of a chart with the colours themselves for their names in the page's style."""
    if isinstance(part, Mapping):
        return {key: value if key in NAMES else _inked(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_inked(value) for value in part]
    if isinstance(part, str) and part.startswith("var("):
        return INK[part.removeprefix("var(").removesuffix(")")]
    return part
