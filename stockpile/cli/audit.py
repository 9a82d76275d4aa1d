"""``stockpile audit``: a plan recomputed from its tables alone."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import BREACH, OK
from stockpile.cli.options import FOLDER, json_option, set_option, talk
from stockpile.cli.read import read_instance, read_plan
from stockpile.cli.work import Work

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.plan import Plan

SHOWN = 50


@click.command(short_help="Recompute a plan's cost and every rule from its tables.")
@click.argument("instance", type=FOLDER)
@click.argument("plan", type=FOLDER)
@set_option
@json_option
@talk
def audit(console: Console, instance: Path, plan: Path, changes: tuple[str, ...]) -> int:
    """Recompute the objective and every constraint of a PLAN from the INSTANCE and the plan's tables alone.

    The audit shares no code with the model.  Exit status 1 if anything is breached.  A plan that was made with --set needs
    the same --set here.

    \b
    Example:
      stockpile new my-reserve
      stockpile solve my-reserve -o my-plan
      stockpile audit my-reserve my-plan
    """
    from stockpile.plan.audit import audit as recompute

    loaded = read_instance(console, instance, changes)
    tables = read_plan(console, plan)
    other = made_from(tables, loaded)
    if other is not None:
        console.warn(f"the plan was made {other} (the hash differs)")
    with Work(console, "auditing the plan"):
        found = recompute(loaded, tables)
    money = loaded.settings.units.money
    if console.json:
        console.page(_facts(found, tables, money))
    else:
        console.result("\n".join(_page(found, tables, money, console.verbose)))
    return BREACH if found.breaches else OK


def made_from(plan: Plan, instance: Instance) -> str | None:
    """What a plan was made from, where that is not the instance as it was read."""
    made = plan.summary["instance"]
    if not isinstance(made, dict) or made.get("hash") == instance.hash:
        return None
    options, changes = plan.summary.get("options"), instance.lineage.changes
    kept = options.get("set") if isinstance(options, dict) else None
    before = [str(text) for text in kept] if isinstance(kept, list) else []
    if before == changes:
        return "from other data than this instance holds"
    if not before:
        return "without --set; leave it out here, too"
    return f"with {' '.join(f'--set {shlex.quote(text)}' for text in before)}; give the same here"


def _facts(found: Audit, plan: Plan, money: str) -> dict[str, Any]:
    breaches = [
        {"message": b.message, "amount": b.amount, "unit": b.unit, "table": b.table, "node": b.node}
        for b in found.breaches
    ]
    return {
        "status": "breach" if breaches else "ok",
        "rows": found.rows,
        "breaches": breaches,
        "objective": found.objective,
        "stated_objective": plan.objective,
        "costs": found.costs,
        "units": {"money": money},
    }


def _page(found: Audit, plan: Plan, money: str, everything: bool) -> list[str]:
    """The verdict first, then each breach in the planner's words."""
    breaches = found.breaches
    count = len(breaches)
    verdict = f"{count:,} {'breach' if count == 1 else 'breaches'}" if count else "passed"
    shown = breaches if everything else breaches[:SHOWN]
    lines = [
        f"audit     {verdict}: {found.rows:,} rows recomputed from the plan's tables",
        f"objective {found.objective:,.6f} {money} recomputed, {plan.objective:,.6f} {money} in plan.json",
        *(f"  {breach.message}" for breach in shown),
    ]
    if len(shown) < count:
        lines.append(f"  and {count - len(shown):,} more; -v shows all of them")
    return [printable(line) for line in lines]
