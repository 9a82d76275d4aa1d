"""``stockpile report``: one HTML file about a plan, or about several side by side."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import OK, UsageProblem
from stockpile.cli.options import FOLDER, json_option, talk
from stockpile.cli.target import check_report, deliver

if TYPE_CHECKING:
    from stockpile.report.page.document import Report

FILE = Path("report.html")


@click.command(short_help="One HTML file about a plan, or about several side by side.")
@click.argument("plans", metavar="PLAN [PLAN]...", nargs=-1, type=FOLDER, required=True)
@click.option("-o", "--output", metavar="FILE", type=FOLDER, default=FILE, show_default=True, help="The HTML file.")
@click.option("--figures", metavar="DIR", type=FOLDER, help="Folder for each chart as PNG and SVG.")
@json_option
@talk
def report(console: Console, plans: tuple[Path, ...], output: Path, figures: Path | None) -> int:
    """Write a report about a PLAN as one HTML file: the answer in words, then charts and tables of money, purchases, stock,
    projects, shortfall, futures and what binds.  It opens from disk, needs no network, and prints.

    Of several PLANs it shows what differs, then each of them.  Charts need the extra report: pip install 'stockpile[report]'.

    \b
    Example:
      stockpile new my-reserve
      stockpile solve my-reserve --gap 0.01 -o my-plan
      stockpile report my-plan -o my-plan.html --figures my-figures
    """
    if find_spec("vl_convert") is None:
        raise UsageProblem("charts need the extra report, which is not installed: pip install 'stockpile[report]'")
    check_report(output, figures, plans)
    from stockpile.plan.plan import Plan
    from stockpile.report.page.document import Report

    read = []
    for folder in plans:
        console.subject = printable(folder)
        read.append((str(folder), Plan.read(folder)))
    made = Report(read)
    page = made.page()
    written = [] if figures is None else _draw(made, figures)
    _put(page.encode("utf-8"), output)
    console.say(f"report written to {printable(output)}")
    if figures is not None:
        console.say(f"{len(written)} figures written to {printable(figures)}")
    if console.json:
        names = [str(path) for path in written]
        console.page({"status": "ok", "plans": [str(p) for p in plans], "file": str(output), "figures": names})
    return OK


def _draw(made: Report, folder: Path) -> list[Path]:
    """Every chart as SVG and PNG, named as on the page."""
    from stockpile.report.page.draw import picture

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for place, chart in made.charts():
        svg, png = picture(chart)
        for ending, content in ((".svg", svg.encode("utf-8")), (".png", png)):
            written.append(folder / f"{place}{ending}")
            _put(content, written[-1])
    return written


def _put(content: bytes, place: Path) -> None:
    """Write a file where a reader never sees half of it."""
    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        draft = Path(folder) / "draft"
        draft.write_bytes(content)
        deliver(draft, place)
