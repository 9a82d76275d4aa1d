"""``stockpile explain``: why there is no plan."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from stockpile.cli.console import Console, coloured, printable, tell
from stockpile.cli.failures import INFEASIBLE, OK
from stockpile.cli.options import FOLDER, Number, json_option, set_option, talk
from stockpile.cli.pages import page_width
from stockpile.cli.progress import CLEAR
from stockpile.cli.read import read_instance


@click.command(short_help="Why an instance has no plan, and what would give it one.")
@click.argument("instance", type=FOLDER)
@click.option("--time-limit", type=Number(), metavar="S", help="Stop looking for fewer rules after so many seconds.")
@set_option
@json_option
@talk
def explain(console: Console, instance: Path, time_limit: float | None, changes: tuple[str, ...]) -> int:
    """Tell why an INSTANCE has no plan: a smallest set of its rules that cannot all be kept, and the least change of its
    limits that would give it a plan.

    The set is smallest in that without any one of its rules the others can be kept; there may be other such sets.  Exit
    status 3 where there is no plan, 0 where there is one.

    \b
    Example:
      stockpile new my-reserve
      stockpile explain my-reserve
    """
    loaded = read_instance(console, instance, changes)
    from stockpile.report import reason
    from stockpile.study.explain import why_infeasible

    def told(left: int, of: int) -> None:
        if console.rewrites:
            tell(f"{CLEAR}{left:,} of {of:,} rules are left")

    found = why_infeasible(loaded, time_limit, told)
    if console.rewrites:
        tell(CLEAR)
    if found is None:
        return _tell_of_a_plan(console, instance, loaded.name)
    if console.json:
        console.page(reason.as_document(loaded.name, found))
    else:
        console.result(reason.page(loaded.name, found, page_width(), coloured(sys.stdout)))
    return INFEASIBLE


def _tell_of_a_plan(console: Console, instance: Path, name: str) -> int:
    if console.json:
        console.page({"instance": name, "status": "feasible", "minimal": True, "conflict": [], "repair": []})
    else:
        console.result(f"{printable(name)} has a plan: stockpile solve {printable(instance)}")
    return OK
