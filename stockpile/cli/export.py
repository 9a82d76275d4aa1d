"""``stockpile export``: the model for other solvers, data and plans for other tools."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.export_data import export_data, is_plan
from stockpile.cli.failures import OK
from stockpile.cli.options import FOLDER, json_option, set_option, talk
from stockpile.cli.read import read_instance
from stockpile.cli.target import check_file, deliver
from stockpile.cli.work import Work

SMPS = (".cor", ".tim", ".sto")


@click.command(short_help="Write the model, the data or a plan for other tools.")
@click.argument("instance", metavar="INSTANCE|PLAN", type=FOLDER)
@click.option(
    "--to",
    "form",
    type=click.Choice(["mps", "lp", "smps", "xlsx", "csv", "parquet"]),
    required=True,
    help="The model as free MPS, in the LP format of CPLEX, or in SMPS for the tree of scenarios; the data, or a plan, as "
    "a workbook (.xlsx); the data as a folder of CSV or Parquet.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=FOLDER,
    help="The file, of SMPS the name before .cor, .tim and .sto, of CSV and Parquet a new folder; without it a model goes to "
    "standard output.",
)
@set_option
@json_option
@talk
def export(console: Console, instance: Path, form: str, output: Path | None, changes: tuple[str, ...]) -> int:
    """Write the model of an INSTANCE as a file that other solvers read, its data as a workbook or a folder of tables, or a
    PLAN as a workbook.

    A workbook of an instance can be given wherever an INSTANCE is asked for.  Workbooks need stockpile[excel].

    \b
    Example:
      stockpile new my-reserve
      stockpile export my-reserve --to mps -o my-reserve.mps
      stockpile export my-reserve --to smps -o my-reserve
      stockpile export my-reserve --to xlsx -o my-reserve.xlsx
      stockpile solve my-reserve.xlsx -o my-plan
      stockpile export my-plan --to xlsx -o my-plan.xlsx
    """
    if form != "xlsx" and is_plan(instance):
        raise click.UsageError(f"{printable(instance)} is a plan, whose tables are CSV already; it goes --to xlsx only")
    if form == "smps":
        return _export_smps(console, instance, output, changes)
    if form in ("xlsx", "csv", "parquet"):
        return export_data(console, instance, form, output, changes)
    if output is not None:
        check_file(output, instance)
    elif console.json:
        raise click.UsageError("--json needs -o FILE: standard output cannot hold both the model and a JSON document")
    loaded = read_instance(console, instance, changes)
    from stockpile.engine import export as write

    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        draft = Path(folder) / f"model.{form}"
        with Work(console, "building and writing the model"):
            write(loaded, draft)
        deliver(draft, output)
    if output is not None:
        console.say(f"model written to {printable(output)}")
    if console.json:
        console.page({"status": "ok", "instance": loaded.name, "format": form, "file": str(output)})
    return OK


def _export_smps(console: Console, instance: Path, output: Path | None, changes: tuple[str, ...]) -> int:
    """Write the three files of SMPS; all of them are made before the first takes its place."""
    if output is None:
        raise click.UsageError("--to smps needs -o NAME: it writes NAME.cor, NAME.tim and NAME.sto")
    stem = output.with_suffix("") if output.suffix in SMPS else output
    places = {ending: stem.with_name(stem.name + ending) for ending in SMPS}
    for place in places.values():
        check_file(place, instance)
    loaded = read_instance(console, instance, changes)
    from stockpile.engine import export_smps as write

    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        with Work(console, "building and writing the model"):
            drafts = write(loaded, Path(folder) / "model")
        for draft in drafts:
            deliver(draft, places[draft.suffix])
    console.say(f"model written to {', '.join(printable(place) for place in places.values())}")
    if console.json:
        files = [str(place) for place in places.values()]
        console.page({"status": "ok", "instance": loaded.name, "format": "smps", "files": files})
    return OK
