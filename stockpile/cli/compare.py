"""``stockpile compare``: the same figures of several plans, side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from stockpile.cli.console import Console, coloured
from stockpile.cli.failures import OK
from stockpile.cli.options import FOLDER, json_option, talk
from stockpile.cli.pages import page_width
from stockpile.cli.read import read_plans
from stockpile.cli.work import Work


@click.command(short_help="The same figures of several plans, side by side.")
@click.argument("plans", metavar="PLAN PLAN...", nargs=-1, type=FOLDER)
@click.option("--csv", "as_csv", is_flag=True, help="Print all figures as CSV, a line for each.")
@json_option
@talk
def compare(console: Console, plans: tuple[Path, ...], as_csv: bool) -> int:
    """Show the same figures of several PLANs: cost, bound and gap, shortfall, cover, where deliveries come from, what is
    at risk in projects, spending by fund, milestones verified.

    Plans of different instances can be compared, too; amounts are converted into the units of the first.

    \b
    Example:
      stockpile new my-reserve
      stockpile solve my-reserve -o base
      stockpile solve my-reserve --set 'prices[*].price*=1.2' -o dear
      stockpile compare base dear
    """
    if len(plans) < 2:
        raise click.UsageError("give two plans or more, each a folder that stockpile solve -o has written")
    if as_csv and console.json:
        raise click.UsageError("--csv and --json are two forms of the same figures; choose one")
    from stockpile.report import comparison

    read = read_plans(console, plans)
    with Work(console, "comparing"):
        found = comparison.compare(read)
    if console.json:
        console.page(comparison.as_document(found))
    elif as_csv:
        console.result(comparison.as_csv(found))
    else:
        console.result(comparison.page(found, page_width(), coloured(sys.stdout)))
    return OK
