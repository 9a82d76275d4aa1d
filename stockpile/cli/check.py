"""``stockpile check``: what an instance holds, and every fault in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import OK, as_document, describe
from stockpile.cli.options import FOLDER, json_option, set_option, talk
from stockpile.cli.work import Work
from stockpile.errors import DataError

if TYPE_CHECKING:
    from stockpile.instance import Instance

PATCHED = ("changed", "added", "removed")
MOST_BRANCHES, LONGEST = 40, 24
"""Branches of the tree that are shown, and characters of a scenario's name in it."""
COUNTED = ("goods", "stores", "sources", "sectors", "funds", "projects", "stages")


@click.command(short_help="Check an instance; print its size and every fault.")
@click.argument("instance", type=FOLDER)
@set_option
@json_option
@talk
def check(console: Console, instance: Path, changes: tuple[str, ...]) -> int:
    """Check an INSTANCE without solving it: its size, its horizon, every fault and every warning.

    Exit status 2 if there is a fault.  Of an instance that extends another it tells how many rows differ, and of every
    change of --set how many cells it has changed.

    \b
    Example:
      stockpile new my-reserve
      stockpile check my-reserve
    """
    from stockpile.instance import load

    console.subject = instance.name or str(instance)
    try:
        with Work(console, "reading the instance") as work:
            loaded = load(instance, changes)
            work.say("making the tree of scenarios")
            facts = _facts(loaded)
    except DataError as error:
        return _faults(console, error)
    if console.json:
        console.page(facts)
    else:
        console.result("\n".join(_page(loaded, facts)))
    return OK


def _faults(console: Console, error: DataError) -> int:
    """Every fault, as the result of the check."""
    failure = describe(error, console.subject)
    if console.json:
        console.page(failure.as_document())
    else:
        lines = [f"  {problem}" for problem in failure.problems]
        console.result("\n".join(printable(line) for line in [f"error: {failure.message}", *lines]))
    return failure.exit_status


def _facts(instance: Instance) -> dict[str, Any]:
    """What the check found, for ``--json``."""
    from stockpile.tree import branches, build_tree

    tree = build_tree(instance)
    horizon, units, calendar = instance.settings.horizon, instance.settings.units, instance.calendar
    return {
        "status": "ok",
        "instance": {"name": instance.name, "title": instance.title, "hash": instance.hash},
        "horizon": {
            "start": horizon.start.isoformat(),
            "end": calendar.starts[-1].isoformat(),
            "periods": horizon.periods,
            "step": horizon.step,
            "first": calendar.labels[0],
            "last": calendar.labels[-1],
        },
        "units": {"quantity": units.quantity, "price": units.price, "money": units.money, "time": units.time},
        "nodes": len(tree),
        "tree": [
            {
                "from": calendar.labels[tree.period[b.first]],
                "to": calendar.labels[tree.period[b.last]],
                "depth": b.depth,
                "scenarios": list(b.scenarios),
                "probability": round(b.probability, 12),
            }
            for b in branches(tree)
        ],
        "size": {name: len(instance.table(name)) for name in COUNTED},
        "rows": {name: len(table) for name, table in instance.tables.items()},
        "extends": list(instance.lineage.extends),
        "patched": {name: dict(zip(PATCHED, counts, strict=True)) for name, counts in instance.lineage.patched.items()},
        "set": dict(instance.lineage.set),
        "warnings": [as_document(warning) for warning in instance.warnings],
        "problems": [],
    }


def _page(instance: Instance, facts: dict[str, Any]) -> list[str]:
    """The same for people."""
    horizon, units = facts["horizon"], facts["units"]
    sizes = [f"{count} {_noun(name, count)}" for name, count in facts["size"].items() if count]
    rows = sum(facts["rows"].values())
    warnings = len(facts["warnings"])
    lines = [
        f"{instance.name}: {instance.title}" if instance.title else instance.name,
        f"  horizon   {horizon['periods']} {_noun(horizon['step'] + 's', horizon['periods'])},"
        f" {horizon['first']} to {horizon['last']} ({horizon['start']} until {horizon['end']})",
        f"  units     quantity {units['quantity']}, price {units['price']}, money {units['money']},"
        f" rates per {units['time']}",
        f"  size      {', '.join(sizes)}",
        f"  tables    {rows:,} rows in {len(facts['rows'])} tables; {facts['nodes']} nodes in the scenario tree",
        *_patches(facts),
        *(f"  set       {text}: {n} {_noun('places', n)}" for text, n in instance.lineage.set),
        *_tree(facts),
        *(f"  warning   {warning}" for warning in instance.warnings),
        f"no faults, {warnings} {_noun('warnings', warnings)}" if warnings else "no faults",
    ]
    return [printable(line) for line in lines]


def _patches(facts: dict[str, Any]) -> list[str]:
    """What it extends, and the rows of each table that are not the base's."""
    if not facts["extends"]:
        return []
    rows = [
        f"  {'rows' if at == 0 else '':<8}  {name}: {', '.join(f'{n} {what}' for what, n in counts.items() if n)}"
        for at, (name, counts) in enumerate(facts["patched"].items())
    ]
    return [f"  extends   {', which extends '.join(facts['extends'])}", *rows]


def _tree(facts: dict[str, Any]) -> list[str]:
    """The scenario tree: a line for every branch, those that fork from it below it and further in."""
    found = facts["tree"]
    if not found:
        return []
    names = found[0]["scenarios"]
    count = "1 scenario" if len(names) == 1 else f"{len(names)} scenarios that part when they can be told apart"
    lines = [f"  tree      {count}"]
    for branch in found[:MOST_BRANCHES]:
        when = branch["from"] if branch["from"] == branch["to"] else f"{branch['from']} to {branch['to']}"
        who = "all" if branch["scenarios"] == names and len(names) > 1 else _named(branch["scenarios"])
        lines.append(f"{'  ' * (branch['depth'] + 6)}{when}  {who}, {100 * branch['probability']:.4g} %")
    if len(found) > MOST_BRANCHES:
        lines.append(f"            and {len(found) - MOST_BRANCHES:,} more branches: --json has all")
    return lines


def _named(names: list[str]) -> str:
    """The first of some names, shortened, and how many more there are."""
    shown = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names[:2]]
    return ", ".join(shown) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def _noun(plural: str, count: int) -> str:
    return plural if count != 1 else plural.removesuffix("s")
