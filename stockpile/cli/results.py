"""``stockpile results``: the runs of a batch as tables, as they are or through SQL."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from stockpile.cli.console import Console, coloured, document, printable
from stockpile.cli.failures import OK, UsageProblem
from stockpile.cli.options import FOLDER, json_option, talk
from stockpile.cli.pages import page_width
from stockpile.cli.target import check_file, deliver
from stockpile.cli.work import Work

OVERVIEW = "SELECT run, state, objective, unit, gap, seconds, message FROM runs ORDER BY run"


@click.command(short_help="The runs of a batch as a table, CSV, Parquet or JSON, or through SQL.")
@click.argument("folder", metavar="DIR", type=FOLDER, required=False)
@click.option("--sql", metavar="QUERY", help="What to tell, by default every run.")
@click.option("--to", "form", type=click.Choice(["csv", "parquet", "json"]), help="The form; without it a page.")
@click.option("-o", "--output", metavar="FILE", type=FOLDER, help="The file; without it standard output.")
@click.option("--columns", is_flag=True, help="Tell the tables and columns that there are, and nothing of DIR.")
@json_option
@talk
def results(
    console: Console, folder: Path | None, sql: str | None, form: str | None, output: Path | None, columns: bool
) -> int:
    """Tell what came of the runs in DIR, the folder of a batch or one that holds plan folders, also while the batch runs.

    The table runs has a row for every run, settings one for every change of its instance, figures one for every cost, size and
    phase.  The tables of plans (orders, stock, funds, ...) have the rows of all plans, with the run in front.  --columns
    describes them.  A query is one that reads, in the SQL of DuckDB; it reaches these tables and no files.

    Needs the extra results: pip install 'stockpile[results]'.

    \b
    Example:
      stockpile new my-reserve
      stockpile frontier my-reserve --vary 'prices[*].price*=0.8:1.2:3' -o plans
      stockpile results plans
      stockpile results plans --to csv -o runs.csv
      stockpile results plans --sql 'SELECT run, period, quantity FROM stock'
    """
    if columns:
        return _tell_columns(console)
    form = _form(console, folder, form, output)
    assert folder is not None
    if output is not None:
        check_file(output, folder, "batch")
    from stockpile.study.results.query import EVERY_RUN, ask

    console.subject = printable(folder)
    with Work(console, "reading the runs and asking"):
        answer = ask(folder, sql if sql is not None else OVERVIEW if form is None else EVERY_RUN)
    from stockpile.report.results import count_of, page

    if form is None:
        console.result(page(answer, page_width(), coloured(sys.stdout)))
        return OK
    _write(answer, form, output)
    if output is not None:
        console.say(f"{count_of(answer)} written to {printable(output)}")
        if console.json:
            console.page({"status": "ok", "rows": answer.num_rows, "format": form, "file": str(output)})
    return OK


def _form(console: Console, folder: Path | None, form: str | None, output: Path | None) -> str | None:
    """The form asked for.  Raises UsageError where options do not go together."""
    if folder is None:
        raise click.UsageError("give DIR, the folder of a batch or one that holds plan folders")
    if output is not None and form is None:
        raise click.UsageError("-o needs --to csv, --to parquet or --to json")
    if output is None and console.json and form not in (None, "json"):
        raise click.UsageError(f"--json needs -o FILE: standard output cannot hold both {form} and a JSON document")
    if output is None and form == "parquet" and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for a terminal: give -o FILE")
    return "json" if output is None and console.json else form


def _write(answer: Any, form: str, output: Path | None) -> None:
    """The answer in a form, in its place whole or not at all.  Raises UsageProblem where the form has no room for it."""
    from stockpile.report.results import as_csv, as_document, write_parquet
    from stockpile.study.results.columns import FORMAT

    with tempfile.TemporaryDirectory(prefix="stockpile-") as place:
        draft = Path(place) / "draft"
        if form == "parquet":
            try:
                write_parquet(answer, draft, FORMAT)
            except ValueError as error:
                raise UsageProblem(f"--to parquet: {error}; choose another form, or cast in the query") from None
        else:
            text = as_csv(answer) if form == "csv" else document(as_document(answer, FORMAT)) + "\n"
            draft.write_bytes(text.encode("utf-8", "replace"))
        deliver(draft, output)


def _tell_columns(console: Console) -> int:
    from stockpile.report.results import columns_document, columns_page
    from stockpile.study.results.columns import FORMAT, PLAN_TABLES, RUN_TABLES

    tables = [*RUN_TABLES.values(), *PLAN_TABLES.values()]
    if console.json:
        console.page(columns_document(FORMAT, tables))
    else:
        console.result(columns_page(FORMAT, tables, page_width(), coloured(sys.stdout)))
    return OK
