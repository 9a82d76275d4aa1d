"""``stockpile export``: the model for other solvers."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import OK
from stockpile.cli.options import FOLDER, json_option, set_option, talk
from stockpile.cli.read import read_instance
from stockpile.cli.target import check_file

SMPS = (".cor", ".tim", ".sto")


@click.command(short_help="Write the model as an MPS or LP file, or in SMPS.")
@click.argument("instance", type=FOLDER)
@click.option(
    "--to",
    "form",
    type=click.Choice(["mps", "lp", "smps"]),
    required=True,
    help="Free MPS, the LP format of CPLEX, or SMPS for the tree of scenarios.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=FOLDER,
    help="The file, of SMPS the name before .cor, .tim and .sto; without it the model goes to standard output.",
)
@set_option
@json_option
@talk
def export(console: Console, instance: Path, form: str, output: Path | None, changes: tuple[str, ...]) -> int:
    """Write the model of an INSTANCE as a file that other solvers read.

    \b
    Example:
      stockpile new my-reserve
      stockpile export my-reserve --to mps -o my-reserve.mps
      stockpile export my-reserve --to smps -o my-reserve
    """
    if form == "smps":
        return _export_smps(console, instance, output, changes)
    if output is not None:
        check_file(output, instance)
    elif console.json:
        raise click.UsageError("--json needs -o FILE: standard output cannot hold both the model and a JSON document")
    loaded = read_instance(console, instance, changes)
    from stockpile.engine import export as write

    with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
        draft = Path(folder) / f"model.{form}"
        write(loaded, draft)
        _deliver(draft, output)
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
        for draft in write(loaded, Path(folder) / "model"):
            _deliver(draft, places[draft.suffix])
    console.say(f"model written to {', '.join(printable(place) for place in places.values())}")
    if console.json:
        files = [str(place) for place in places.values()]
        console.page({"status": "ok", "instance": loaded.name, "format": "smps", "files": files})
    return OK


def _deliver(draft: Path, output: Path | None) -> None:
    """Copy the finished file to its place, where a reader never sees half of it; or to standard output."""
    if output is None:
        with draft.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    if output.exists() and not output.is_file():
        with draft.open("rb") as source, output.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        return
    place = Path(os.path.realpath(output))
    near = place.with_name(f".{place.name[:200]}.{os.getpid()}")
    try:
        shutil.copyfile(draft, near)
        os.replace(near, place)
    finally:
        near.unlink(missing_ok=True)
