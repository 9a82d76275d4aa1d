"""``stockpile reproduce``: a plan made again, and compared with the one that is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import BREACH, OK, UsageProblem
from stockpile.cli.options import FOLDER, json_option, talk
from stockpile.cli.progress import Live
from stockpile.cli.target import check_plan_folder
from stockpile.cli.work import Work

if TYPE_CHECKING:
    from stockpile.plan.plan import Plan
    from stockpile.study.reproduce import Reproduction

SHOWN = 20
"""Differences on the page without ``-v``."""


@click.command(short_help="Make a plan again and compare.")
@click.argument("plan", type=FOLDER)
@click.argument("instance", type=FOLDER, required=False)
@click.option(
    "--start", metavar="PLAN", type=FOLDER, help="The plan that the search set out from, if it is elsewhere now."
)
@click.option("-o", "--output", metavar="NEW", type=FOLDER, help="Folder for the new plan; without it none is kept.")
@json_option
@talk
def reproduce(console: Console, plan: Path, instance: Path | None, start: Path | None, output: Path | None) -> int:
    """Search again as a PLAN was searched for, and compare the two.

    A PLAN keeps the path of its instance, its changes and options; where the INSTANCE is elsewhere now, name it.  It must hold
    the same data.  PLAN may be the folder of a run of a batch.

    Where both searches ended by the asked gap, with the same versions, platform and threads, every number must be the
    same.  Elsewhere both plans must pass their audit, and no bound of one may be above what the other reaches.

    Exit status 0 if the plan is reproduced, 1 if it is not, 2 if the instance is not there or not the same.

    \b
    Example:
      stockpile new my-reserve
      stockpile solve my-reserve --gap 0.01 --threads 1 -o my-plan
      stockpile reproduce my-plan
    """
    if output is not None:
        check_plan_folder(output)
    from stockpile.plan.plan import Plan
    from stockpile.study.asked import Asked, instance_of, start_of
    from stockpile.study.reproduce import reproduce as search_again

    folder = _plan_in(plan)
    console.subject = printable(folder)
    with Work(console, "reading the plan and its instance"):
        asked = Asked.of(Plan.read(folder))
        loaded = instance_of(folder, asked, instance)
        older = start_of(folder, asked, start)
    with tempfile.TemporaryDirectory(prefix="stockpile-") as place:
        log = Path(place) / "solver.log"
        with Live(console, loaded.settings.units.money) as live:
            found = search_again(folder, loaded, asked, older, live, log)
        if output is not None and found.again is not None:
            with Work(console, "writing the plan"):
                found.again.write(output, log if log.exists() else None)
            console.say(f"plan written to {printable(output)}")
    if console.json:
        console.page(_facts(found, folder))
    else:
        console.result(
            "\n".join(printable(line) for line in _page(found, loaded.settings.units.money, console.verbose))
        )
    return OK if found.reproduced else BREACH


def _plan_in(folder: Path) -> Path:
    """The folder itself, or that of the plan in the folder of a run.  Raises UsageProblem where it is that of a batch."""
    from stockpile.study.batch.folder import PLAN, RECORD, RUNS, is_batch

    if is_batch(folder):
        name = printable(folder)
        raise UsageProblem(f"{name} is the folder of a batch: name one of its runs, as {name}/{RUNS}/ID")
    return folder / PLAN if (folder / RECORD).is_file() and (folder / PLAN).is_dir() else folder


def _facts(found: Reproduction, folder: Path) -> dict[str, Any]:
    return {
        "status": "reproduced" if found.reproduced else "different",
        "plan": str(folder),
        "exact": found.exact if found.again is not None else None,
        "inexact_because": list(found.loose),
        "then": _figures(found.plan, found.breaches[0]),
        "now": None if found.again is None else _figures(found.again, found.breaches[1]),
        "failure": found.failure or None,
        "contradiction": found.apart or None,
        "differences": [
            {"file": d.file, "row": d.row, "column": d.column, "then": d.then, "now": d.now} for d in found.differences
        ],
    }


def _figures(plan: Plan, breaches: int) -> dict[str, Any]:
    names = ("status", "objective", "bound", "gap", "units")
    return {**{name: plan.summary.get(name) for name in names}, "breaches": breaches}


def _page(found: Reproduction, money: str, everything: bool) -> list[str]:
    """The verdict first, then what it rests on."""
    if found.again is None:
        return ["not reproduced: this time no plan was found", *(f"  {line}" for line in found.failure.splitlines())]
    lines = [_verdict(found)]
    for name, value in (("objective", "objective"), ("bound", "bound")):
        then, now = (_amount(plan.summary.get(value), money) for plan in (found.plan, found.again))
        lines.append(f"  {name:<9} {then} then, {now} now")
    lines += [f"  audit     {_breaches(found.breaches[0])} then, {_breaches(found.breaches[1])} now"]
    lines += [f"  {found.apart}"] if found.apart else []
    if found.loose:
        lines += ["Numbers need not be the same to the last digit", *(f"  {line}" for line in found.loose)]
    if found.differences:
        shown = found.differences if everything else found.differences[:SHOWN]
        lines += [f"Differences  file:row:column; {_count(found)}", *(f"  {difference}" for difference in shown)]
        if len(shown) < len(found.differences):
            lines.append(f"  and {len(found.differences) - len(shown):,} more; -v shows all of them")
    return lines


def _verdict(found: Reproduction) -> str:
    if not found.reproduced:
        why = "the numbers differ" if found.exact else "the plans contradict each other" if found.apart else None
        return f"not reproduced: {why or 'a plan fails its audit'}"
    if not found.differences:
        return "reproduced: every number of every table is the same"
    return "reproduced within bounds: both plans are valid, and neither is better than the other's bound allows"


def _count(found: Reproduction) -> str:
    files = list(dict.fromkeys(difference.file for difference in found.differences))
    return f"{len(found.differences):,} in {', '.join(files[:3])}" + (" and others" if len(files) > 3 else "")


def _amount(value: float | None, money: str) -> str:
    return "none" if value is None else f"{value:,.6f} {money}"


def _breaches(count: int) -> str:
    return "passed" if not count else f"{count:,} breach{'' if count == 1 else 'es'}"
