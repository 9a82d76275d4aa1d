"""``stockpile solve``: the main job."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockpile.cli.console import Console, pasted, printable
from stockpile.cli.failures import BREACH, ERROR, OK, STOPPED, describe
from stockpile.cli.options import FOLDER, Number, json_option, set_option, talk
from stockpile.cli.pages import show
from stockpile.cli.progress import Live
from stockpile.cli.read import read_instance, read_plan
from stockpile.cli.target import check_plan_folder
from stockpile.errors import DataError

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.plan import Plan


@click.command(short_help="Plan an instance and print the plan.")
@click.argument("instance", type=FOLDER)
@click.option(
    "-o", "--output", metavar="PLAN", type=FOLDER, help="Folder for the plan's tables; without it none is kept."
)
@click.option("--gap", type=Number(), help="Stop when the plan is proven this close to the best, 0.01 for 1 %.")
@click.option("--time-limit", type=Number(), metavar="S", help="Stop after so many seconds with the best plan so far.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the solver; by default it chooses.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="Seed of the solver's random numbers.")
@click.option(
    "--start", metavar="PLAN", type=FOLDER, help="An older plan, of this or a like instance, to set out from."
)
@click.option(
    "--value", is_flag=True, help="Tell, too, what it is worth to know the future, and to plan for all of them."
)
@set_option
@json_option
@talk
def solve(
    console: Console,
    instance: Path,
    output: Path | None,
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int,
    start: Path | None,
    value: bool,
    changes: tuple[str, ...],
) -> int:
    """Check an INSTANCE, solve it, audit the plan with separate code, and print a page about it.

    Ctrl-C stops the search and keeps the best plan found so far.  Gap and time limit are those of the instance unless
    they are given.  With --value more searches follow, which together have the time limit once more.

    \b
    Example:
      stockpile new my-reserve
      stockpile solve my-reserve --gap 0.01 -o my-plan
      stockpile solve my-reserve --set 'prices[*].price*=1.2' -o dear
    """
    if output is not None:
        check_plan_folder(output)
    loaded = read_instance(console, instance, changes)
    older = None if start is None else _read_start(console, start)
    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        log = Path(folder) / "solver.log"
        options = {"gap": gap, "time_limit": time_limit, "threads": threads, "seed": seed, "start": older}
        plan, audit = _solve(console, loaded, log, value, **options)
        failed = output is not None and not _write(console, plan, output, log)
    _tell(console, plan, output, failed)
    if console.json:
        console.page({**plan.summary, "plan": str(output) if output is not None and not failed else None})
    else:
        hints = _hints(_again(instance, loaded.lineage.changes), None if failed else output, plan)
        show(loaded, plan, audit, hints)
    if audit.breaches or failed:
        return BREACH if audit.breaches else ERROR
    return OK if plan.status == "optimal" else STOPPED


def _read_start(console: Console, start: Path) -> Plan:
    """The plan to set out from.  Raises DataError with every problem."""
    subject = console.subject
    plan = read_plan(console, start)
    console.subject = subject
    return plan


def _solve(console: Console, instance: Instance, log: Path, value: bool, **options: Any) -> tuple[Plan, Audit]:
    """The plan and its audit; progress goes to standard error.  With ``value`` the plan tells what information is worth."""
    from stockpile.engine import solve
    from stockpile.plan.audit import audit
    from stockpile.study.value import solve_with_value

    run = solve_with_value if value else solve
    with Live(console, instance.settings.units.money) as live:
        plan = run(instance, progress=live, log_file=log, **options)
        live.begin("audit")
        return plan, audit(instance, plan)


def _write(console: Console, plan: Plan, output: Path, log: Path) -> bool:
    """Keep the plan and the solver's log.  A failure is told and does not hide the plan, which is still printed."""
    try:
        plan.write(output, log if log.exists() else None)
    except (OSError, DataError) as error:
        failure = describe(error)
        console.fail(f"the plan could not be kept in {output}: {failure.message}", list(map(str, failure.problems)))
        return False
    return True


def _tell(console: Console, plan: Plan, output: Path | None, failed: bool) -> None:
    """How the search ended and where the plan is."""
    sizes, seconds = plan.summary.get("sizes", {}), plan.summary.get("seconds", {})
    console.detail("sizes: " + ", ".join(f"{value:,} {name}" for name, value in sizes.items()))
    console.detail("seconds: " + ", ".join(f"{phase} {value:.2f}" for phase, value in seconds.items()))
    if plan.status != "optimal":
        how = "by hand (Ctrl-C)" if plan.summary.get("stopped_by") == "interrupt" else _by(plan)
        console.say(f"stopped {how} before the asked gap was reached; this is the best plan found")
    if output is not None and not failed:
        console.say(f"plan written to {printable(output)}")


def _by(plan: Plan) -> str:
    return f"by the {plan.summary.get('stopped_by') or 'solver'}"


def _again(instance: Path, changes: list[str]) -> tuple[str, str]:
    """The instance and its changes as arguments of a command to paste."""
    return pasted(instance), "".join(f" --set {shlex.quote(printable(text))}" for text in changes)


def _hints(again: tuple[str, str], output: Path | None, plan: Plan) -> list[str]:
    """What to do next, as commands that work when pasted."""
    name, changes = again
    hints = []
    if output is None:
        hints.append(f"keep the plan:  stockpile solve {name}{changes} -o PLAN")
    else:
        folder = pasted(output)
        hints += [f"all tables:  {folder}", f"check it again:  stockpile audit {name} {folder}{changes}"]
        page = f" -o {pasted(output.with_name(f'{output.name}.html'))}" if output.name else ""
        hints += [f"why it is so:  stockpile explain {name} {folder}{changes}"]
        hints += [f"with charts:  stockpile report {folder}{page}"]
    if plan.status != "optimal":
        hints.append("come closer to the best plan: raise --time-limit; or accept it: raise --gap")
    return hints
