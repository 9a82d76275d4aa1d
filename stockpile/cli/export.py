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


@click.command(short_help="Write the model as an MPS or LP file.")
@click.argument("instance", type=FOLDER)
@click.option(
    "--to", "form", type=click.Choice(["mps", "lp"]), required=True, help="Free MPS, or the LP format of CPLEX."
)
@click.option(
    "-o", "--output", metavar="FILE", type=FOLDER, help="The file; without it the model goes to standard output."
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
    """
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
