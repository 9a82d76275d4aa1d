"""A page as one HTML file, and its charts as pictures."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import UsageProblem
from stockpile.cli.target import deliver
from stockpile.cli.work import Work

if TYPE_CHECKING:
    from stockpile.report.page.whole import Page


def check_charts() -> None:
    """Charts can be drawn.  Raises UsageProblem without the extra ``report``."""
    if find_spec("vl_convert") is None:
        raise UsageProblem("charts need the extra report, which is not installed: pip install 'stockpile[report]'")


def write_page(console: Console, page: Page, output: Path | None, figures: Path | None) -> list[Path]:
    """Write the file, and each chart as SVG and PNG in a folder, where they are wanted; gives the pictures."""
    if output is not None:
        with Work(console, "writing the page"):
            html = page.html().encode("utf-8")
    drawn = [] if figures is None else _draw(console, page, figures)
    if output is not None:
        _put(html, output)
        console.say(f"report written to {printable(output)}")
    if figures is not None:
        console.say(f"{len(drawn)} figures written to {printable(figures)}")
    return drawn


def _draw(console: Console, page: Page, folder: Path) -> list[Path]:
    """Every chart as SVG and PNG, named as on the page."""
    from stockpile.report.page.draw import picture

    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    charts = list(page.charts())
    with Work(console, "drawing figures", even=True) as work:
        for i, (place, chart) in enumerate(charts):
            work(i, len(charts))
            svg, png = picture(chart)
            for ending, content in ((".svg", svg.encode("utf-8")), (".png", png)):
                drawn.append(folder / f"{place}{ending}")
                _put(content, drawn[-1])
    return drawn


def _put(content: bytes, place: Path) -> None:
    """Write a file where a reader never sees half of it."""
    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        draft = Path(folder) / "draft"
        draft.write_bytes(content)
        deliver(draft, place)
