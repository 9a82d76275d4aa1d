"""``stockpile explain``: why there is no plan, or why a plan is as it is."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockpile.cli.audit import made_from
from stockpile.cli.console import Console, coloured, pasted, printable
from stockpile.cli.failures import BREACH, INFEASIBLE, OK, STOPPED, UsageProblem
from stockpile.cli.options import FOLDER, Number, json_option, set_option, talk
from stockpile.cli.pages import page_width
from stockpile.cli.progress import Live
from stockpile.cli.read import read_instance, read_plan
from stockpile.cli.work import Work

if TYPE_CHECKING:
    from stockpile.instance import Instance

#: Seconds for each decision, and how many times as long all of them may take where none is chosen.
EACH, TIMES = 20.0, 15


@click.command(short_help="Why there is no plan, or why a plan is as it is.")
@click.argument("instance", type=FOLDER)
@click.argument("plan", type=FOLDER, required=False)
@click.option(
    "--decision",
    "names",
    metavar="NAME",
    multiple=True,
    help="A project, contract or source of the plan to ask about; again for more. Without it all are, as far as time goes.",
)
@click.option("--gap", type=Number(), help="Stop at a decision when its plan is proven this close to the best.")
@click.option(
    "--time-limit",
    type=Number(),
    metavar="S",
    help="Without a plan: stop looking for fewer rules after so many seconds, and for a least change after as many more. With one: seconds for each decision "
    f"(by default {EACH:g}); where none is chosen all end after {TIMES} times as long, and what is left by then is told from the plan with it alone "
    "changed, in as long again at most; 0 tells only what binds.",
)
@set_option
@json_option
@talk
def explain(
    console: Console,
    instance: Path,
    plan: Path | None,
    names: tuple[str, ...],
    gap: float | None,
    time_limit: float | None,
    changes: tuple[str, ...],
) -> int:
    """Tell why an INSTANCE has no plan: a smallest set of its rules that cannot all be kept, and the least change of its
    limits that would give it a plan.  Or with a PLAN of it tell why that is as it is.

    Of a PLAN: what binds, and what one more unit of each budget, capacity and rule is worth while its decisions of yes and no
    stay; what each project, contract and source saves or would cost more, solved again from the plan with it forbidden or
    required, as an interval; and the prices at which sources begin or cease to be used.  A plan that was made with --set
    needs the same --set here.

    The set of rules is smallest in that without any one of them the others can be kept; there may be other such sets.  Exit
    status 3 where there is no plan, 0 where there is one, 4 where time ended before all was asked,
    5 where it ended before it was known whether there is a plan.

    \b
    Example:
      stockpile new my-reserve
      stockpile explain my-reserve
      stockpile solve my-reserve --gap 0.01 -o my-plan
      stockpile explain my-reserve my-plan
    """
    if plan is None and (names or gap is not None):
        raise UsageProblem("--decision and --gap speak of a plan; name its folder after the instance")
    loaded = read_instance(console, instance, changes)
    if plan is not None:
        return _explain_plan(console, loaded, plan, names, gap, EACH if time_limit is None else time_limit)
    from stockpile.report import reason
    from stockpile.study.explain import why_infeasible

    with Work(console, "looking for rules that cannot all be kept") as work:

        def told(left: int, of: int) -> None:
            work.say(f"{left:,} of {of:,} rules are left")

        found = why_infeasible(loaded, time_limit, told)
    if found is None:
        return _tell_of_a_plan(console, instance, loaded.name)
    if console.json:
        console.page(reason.as_document(loaded.name, found))
    else:
        console.result(reason.page(loaded.name, found, page_width(), coloured(sys.stdout)))
    return INFEASIBLE


def _tell_of_a_plan(console: Console, instance: Path, name: str) -> int:
    if console.json:
        console.page(
            {
                "instance": name,
                "status": "feasible",
                "minimal": True,
                "conflict": [],
                "repair": [],
                "repair_proven": True,
                "later": [],
            }
        )
    else:
        where = pasted(instance)
        console.result(
            f"{printable(name)} has a plan: stockpile solve {where} -o PLAN; stockpile explain {where} PLAN explains it"
        )
    return OK


def _explain_plan(
    console: Console, instance: Instance, folder: Path, names: tuple[str, ...], gap: float | None, each: float
) -> int:
    """Explain a plan that passes its audit.  Raises UsageProblem for one of another instance."""
    from stockpile.plan.audit import audit
    from stockpile.report import why as report
    from stockpile.study.decisions import chosen, decisions_of
    from stockpile.study.forcing import NOT_SEARCHED, Asked
    from stockpile.study.why import why_so

    plan = read_plan(console, folder)
    other = made_from(plan, instance)
    if other is not None:
        raise UsageProblem(f"{printable(folder)} was made {printable(other)} (the hash differs)")
    with Work(console, "auditing the plan"):
        verdict = audit(instance, plan)
    if verdict.breaches:
        told = f"{printable(folder)} does not pass its audit: {verdict.breaches[0].message}"
        console.fail(told, ["stockpile audit tells all that is wrong with it"])
        return BREACH
    every = decisions_of(instance, plan)
    decisions = chosen(every, names) if names else every
    total = math.inf if names and each > 0 else each * TIMES
    with Live(console, instance.settings.units.money) as live_:
        found = why_so(instance, plan, verdict, decisions, Asked(gap, each, total, progress=live_))
    if console.json:
        console.page({**report.as_document(instance.name, found), "plan": str(folder)})
    else:
        console.result(report.page(instance.name, found, page_width(), coloured(sys.stdout)))
    short = found.left or any(answer.status in ("feasible", "no plan", NOT_SEARCHED) for answer in found.answers)
    return STOPPED if short and each > 0 else OK
