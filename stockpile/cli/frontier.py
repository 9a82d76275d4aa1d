"""``stockpile frontier``: plans along a trade-off."""

from __future__ import annotations

import math
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from stockpile.cli.console import Console, coloured, printable
from stockpile.cli.failures import BREACH, INFEASIBLE, NO_PLAN, OK, STOPPED, UNBOUNDED, UsageProblem
from stockpile.cli.options import FOLDER, Number, json_option, set_option, talk
from stockpile.cli.pages import page_width
from stockpile.cli.progress import Live
from stockpile.cli.read import read_instance
from stockpile.cli.target import check_curve, check_plan_folder
from stockpile.cli.write_page import check_charts, write_page

if TYPE_CHECKING:
    from stockpile.report.frontier import Frontier
    from stockpile.study.frontier import Point

MOST = 1000
FORM = "write KEY=LOW:HIGH:N, as 'budgets[treasury].amount*=0.5:1.5:11'"


class Range(NamedTuple):
    """What is varied: an address with its operator, and so many values from ``low`` to ``high``."""

    key: str
    low: float
    high: float
    number: int


@click.command(short_help="Plans along a trade-off, each with its bound.")
@click.argument("instance", type=FOLDER)
@click.option(
    "--vary", metavar="KEY=LOW:HIGH:N", help="A setting or cells, as for --set, at N values from LOW to HIGH."
)
@click.option("--shortfall", type=click.IntRange(2, MOST), metavar="N", help="N limits of shortfall instead.")
@click.option("-o", "--output", metavar="DIR", type=FOLDER, help="Folder for a plan of each point.")
@click.option("--html", metavar="FILE", type=FOLDER, help="One HTML file with the points as charts and tables.")
@click.option("--figures", metavar="DIR", type=FOLDER, help="Folder for each chart as PNG and SVG.")
@click.option("--gap", type=Number(), help="Stop at a point when its plan is proven this close to the best.")
@click.option("--time-limit", type=Number(), metavar="S", help="Stop at a point after so many seconds.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the solver; by default it chooses.")
@click.option("--csv", "as_csv", is_flag=True, help="Print all figures as CSV, a line for each point.")
@set_option
@json_option
@talk
def frontier(
    console: Console,
    instance: Path,
    vary: str | None,
    shortfall: int | None,
    output: Path | None,
    html: Path | None,
    figures: Path | None,
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    as_csv: bool,
    changes: tuple[str, ...],
) -> int:
    """Plan an INSTANCE at several points of a trade-off: what each costs, with its bound, and what it gives.

    With --shortfall the points go from the least shortfall that can be, whatever it costs, to the least cost.  Each search
    sets out from the plan before.  Ctrl-C ends at the point that is searched for, and shows those found.  Charts need the
    extra report: pip install 'stockpile[report]'.

    \b
    Example:
      stockpile new my-reserve
      stockpile frontier my-reserve --vary 'prices[*].price*=0.8:1.4:4' --gap 0.01
      stockpile frontier my-reserve --shortfall 4 --gap 0.01 --html curve.html
    """
    if (vary is None) == (shortfall is None):
        raise click.UsageError("give one of --vary KEY=LOW:HIGH:N and --shortfall N")
    if as_csv and console.json:
        raise click.UsageError("--csv and --json are two forms of the same figures; choose one")
    asked = None if vary is None else _range(vary)
    if output is not None:
        _check_output(output)
    if html is not None or figures is not None:
        check_charts()
        check_curve(html, figures, instance, output)
    loaded = read_instance(console, instance, changes)
    from stockpile.report.frontier import Frontier
    from stockpile.study.frontier import Search, against_shortfall, along, values_of

    money = loaded.settings.units.money
    with Live(console, money) as live:
        search = Search(gap, time_limit, threads, live)
        if asked is not None:
            points = along(loaded, asked.key, values_of(*asked[1:]), search)
        else:
            points = against_shortfall(loaded, shortfall or 0, search)
    about = loaded.title or loaded.name
    found = Frontier(vary or "a limit of shortfall", "" if vary else money, money, points, about)
    if output is not None:
        _write(points, output)
        console.say(f"plans written to {printable(output)}")
    if html is not None or figures is not None:
        from stockpile.report.page.frontier import frontier_page

        write_page(console, frontier_page(found), html, figures)
    _tell(console, found, as_csv)
    return _status(points)


def _tell(console: Console, found: Frontier, as_csv: bool) -> None:
    """The points on standard output."""
    from stockpile.report import frontier as report

    if console.json:
        console.page(report.as_document(found))
    elif as_csv:
        console.result(report.as_csv(found))
    else:
        console.result(report.page(found, page_width(), coloured(sys.stdout)))


def _range(text: str) -> Range:
    """What to vary.  Raises UsageProblem with what would be right."""
    key, sign, values = text.rpartition("=")
    low, high, count = [*values.split(":"), "", ""][:3]
    try:
        found = Range(key + sign, float(low), float(high), int(count))
    except ValueError:
        raise UsageProblem(f"--vary {printable(text)}: {FORM}") from None
    if not key or values.count(":") != 2:
        raise UsageProblem(f"--vary {printable(text)}: {FORM}")
    if not (math.isfinite(found.low) and math.isfinite(found.high)) or not 2 <= found.number <= MOST:
        raise UsageProblem(f"--vary {printable(text)}: LOW and HIGH are numbers, and N is from 2 to {MOST}")
    return found


def _name(number: int) -> str:
    return f"point-{number:03d}"


def _check_output(output: Path) -> None:
    """A folder whose points may be written.  Raises UsageProblem."""
    if output.exists() and not output.is_dir():
        raise UsageProblem(f"-o {printable(output)}: a file; give the name of a folder")
    if (output / "instance.toml").exists():
        raise UsageProblem(f"-o {printable(output)}: holds an instance; give the plans a folder of their own")
    older = sorted(output.glob("point-*")) if output.is_dir() else []
    for folder in [*older, output / _name(1)]:
        check_plan_folder(folder)


def _write(points: list[Point], output: Path) -> None:
    """A folder for each point that has a plan; plans of an older frontier are gone."""
    from stockpile.plan.write import check_target

    output.mkdir(parents=True, exist_ok=True)
    plans = {_name(number): point.plan for number, point in enumerate(points, 1) if point.plan is not None}
    for name, plan in plans.items():
        plan.write(output / name)
    for folder in output.glob("point-*"):
        if folder.name not in plans:
            check_target(folder)
            shutil.rmtree(folder)


def _status(points: list[Point]) -> int:
    """0 where every point has a plan of the asked gap or is proven to have none, and some have one."""
    ends = {point.status for point in points}
    plans = [point.plan for point in points if point.plan is not None]
    if any(plan.summary["audit"]["breaches"] for plan in plans):
        return BREACH
    if not plans:
        return UNBOUNDED if "unbounded" in ends else NO_PLAN if "no plan" in ends else INFEASIBLE
    return STOPPED if ends & {"feasible", "no plan"} else OK
