"""``stockpile export --to xlsx``, ``csv`` and ``parquet``: the data of an instance, or the tables of a plan."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from stockpile.cli.console import Console, printable
from stockpile.cli.failures import OK, UsageProblem
from stockpile.cli.read import read_instance, read_plan
from stockpile.cli.target import check_elsewhere, check_file, deliver
from stockpile.cli.work import Work

#: The file by which a folder is known to be a plan.
PLAN = "plan.json"


def is_plan(source: Path) -> bool:
    """Whether a folder is a plan."""
    return (source / PLAN).exists() and not (source / "instance.toml").exists()


def export_data(console: Console, source: Path, form: str, output: Path | None, changes: Sequence[str]) -> int:
    """Write an instance or a plan.  Raises UsageError where what is asked for cannot be done."""
    plan = is_plan(source)
    if output is None:
        what = "the workbook is a file" if form == "xlsx" else "the tables are a folder"
        raise click.UsageError(f"--to {form} needs -o {'FILE' if form == 'xlsx' else 'DIR'}: {what}")
    if plan and changes:
        raise click.UsageError("--set changes an instance; a plan stays as it is")
    if form == "xlsx":
        _check_workbook(output, source)
    name, content = _plan(console, source) if plan else _instance(console, source, form, output, changes)
    if content is not None:
        with tempfile.TemporaryDirectory(prefix="stockpile-") as folder:
            draft = Path(folder) / "book.xlsx"
            draft.write_bytes(content)
            deliver(draft, output)
    console.say(f"{'plan' if plan else 'data'} written to {printable(output)}")
    if console.json:
        console.page({"status": "ok", "instance": name, "format": form, "file": str(output)})
    return OK


def _check_workbook(output: Path, source: Path) -> None:
    """A workbook has a name that says so: spreadsheets, and we, know it by that.  Raises UsageProblem."""
    if output.suffix.lower() != ".xlsx":
        raise UsageProblem(f"-o {printable(output)}: the name of a workbook ends in .xlsx")
    if Path(os.path.realpath(output)).parent == Path(os.path.realpath(source)):
        raise UsageProblem(f"-o {printable(output)}: lies in what is exported; give another place")
    check_file(output, source)


def _plan(console: Console, folder: Path) -> tuple[str, bytes]:
    """The name of a plan's instance, and the plan's workbook.  Raises DataError with every problem."""
    from stockpile.report.workbook import workbook_of

    plan = read_plan(console, folder)
    with Work(console, "making the workbook"):
        return str(plan.summary["instance"].get("name", "")), workbook_of(plan, str(folder))


def _instance(
    console: Console, source: Path, form: str, output: Path, changes: Sequence[str]
) -> tuple[str, bytes | None]:
    """The name of an instance, and its workbook; of CSV and Parquet nothing, as the folder is written."""
    if form != "xlsx":
        check_elsewhere(output, f"-o {printable(output)}")
    loaded = read_instance(console, source, changes)
    from stockpile.instance.readme import readme_of

    readme = readme_of(source)
    if form == "xlsx":
        from stockpile.instance.workbook_write import workbook_of

        with Work(console, "making the workbook"):
            return loaded.name, workbook_of(loaded, readme)
    from stockpile.instance.write import write

    with Work(console, "writing the tables"):
        write(loaded, output, form, {"README.md": readme} if readme else None)
    return loaded.name, None
