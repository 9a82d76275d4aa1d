"""``stockpile new``: an instance to start from."""

from __future__ import annotations

from pathlib import Path

import click

from stockpile.cli.console import Console, pasted, printable
from stockpile.cli.failures import OK
from stockpile.cli.options import FOLDER, json_option, talk
from stockpile.cli.target import check_elsewhere
from stockpile.cli.work import Work


@click.command(short_help="Write a small commented instance, or a random one.")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--goods", type=click.IntRange(1, 100_000), help="Random instance: number of goods (4 unless given).")
@click.option(
    "--periods", type=click.IntRange(2, 10_000), help="Random instance: number of quarters (20 unless given)."
)
@click.option(
    "--projects", type=click.IntRange(0, 100_000), help="Random instance: number of projects (3 unless given)."
)
@click.option(
    "--scenarios",
    type=click.IntRange(1, 1000),
    help="Random instance: number of futures, drawn from how prices have moved (1 unless given).",
)
@click.option("--seed", type=click.IntRange(min=0), help="Random instance: its seed (1 unless given).")
@click.option(
    "--rules",
    type=click.Choice(["core", "all"]),
    help="Random instance: only the core rules (unless given), or every rule that an instance can have.",
)
@json_option
@talk
def new(
    console: Console,
    folder: Path,
    goods: int | None,
    periods: int | None,
    projects: int | None,
    scenarios: int | None,
    seed: int | None,
    rules: str | None,
) -> int:
    """Write a new instance to the folder DIR, which must be new or empty.

    Without options it is a small commented one.  With any of --goods, --periods, --projects, --scenarios, --seed, --rules
    it is a random feasible one of that size: the same bytes for the same options.  Of many drawn futures of prices those
    --scenarios are kept that stand best for all (fast forward selection); the title says how well.  They go with the core
    rules.

    \b
    Example:
      stockpile new my-reserve
      stockpile new trial --goods 8 --periods 40 --projects 5 --seed 7
    """
    check_elsewhere(folder, printable(folder))
    from stockpile.instance.generate import new_instance, random_instance
    from stockpile.instance.write import write

    if (scenarios or 1) > 1 and rules == "all":
        raise click.UsageError("--scenarios goes with the core rules: not all rules bear any price")
    if (goods, periods, projects, scenarios, seed, rules) == (None,) * 6:
        instance = new_instance(folder)
    else:
        counts = (goods or 4, periods or 20, 3 if projects is None else projects)
        drawn = 1 if seed is None else seed
        with Work(console, "drawing futures" if (scenarios or 1) > 1 else "drawing the instance") as work:
            instance = random_instance(*counts, seed=drawn, rules=rules or "core", scenarios=scenarios or 1)
            work.say("writing the tables")
            write(instance, folder)
    console.say(f"instance written to {printable(folder)}; next: stockpile solve {pasted(folder)}")
    if console.json:
        rows = {name: len(frame) for name, frame in instance.tables.items()}
        console.page({"status": "ok", "instance": instance.name, "folder": str(folder), "rows": rows})
    return OK
