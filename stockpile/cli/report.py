"""``stockpile report``: one HTML file about a plan, or about several side by side."""

from __future__ import annotations

from pathlib import Path

import click

from stockpile.cli.console import Console
from stockpile.cli.failures import OK
from stockpile.cli.options import FOLDER, json_option, talk
from stockpile.cli.read import read_plans
from stockpile.cli.target import check_report
from stockpile.cli.work import Work
from stockpile.cli.write_page import check_charts, write_page

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
    check_charts()
    check_report(output, figures, plans)
    from stockpile.report.page.document import report as paged

    read = read_plans(console, plans)
    with Work(console, "making the sections") as work:
        page = paged(read, work)
    drawn = write_page(console, page, output, figures)
    if console.json:
        names = [str(path) for path in drawn]
        console.page({"status": "ok", "plans": [str(p) for p in plans], "file": str(output), "figures": names})
    return OK
