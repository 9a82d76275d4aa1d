"""``stockpile batch``: the runs of a study."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockpile.cli.batch_view import View, page
from stockpile.cli.console import Console, pasted, printable
from stockpile.cli.failures import ERROR, NO_PLAN, OK, STOPPED, UsageProblem
from stockpile.cli.options import FOLDER, Number, json_option, talk
from stockpile.cli.target import check_batch_folder

if TYPE_CHECKING:
    from stockpile.study.batch.batch import Outcome
    from stockpile.study.batch.expand import Run
    from stockpile.study.batch.study import Study
    from stockpile.study.batch.workers import Backend


@click.command(short_help="Many solves, resumable, each kept with its plan.")
@click.argument("study", type=FOLDER)
@click.option("-o", "--output", metavar="DIR", type=FOLDER, help="Folder of the runs; begun again, it goes on there.")
@click.option("-j", "--jobs", type=click.IntRange(1, 10_000), metavar="N", help="Runs at a time; by cores and memory.")
@click.option("--on", metavar="dask://HOST:PORT", help="Do the runs on a Dask cluster that is there, by its scheduler.")
@click.option("--memory", type=Number(), metavar="MB", help="Most memory of a run, for limits.memory_mb.")
@click.option("--seconds", type=Number(), metavar="S", help="Most seconds of a run, for limits.seconds.")
@click.option("--again", metavar="STATES", default="", help="Do again the runs that ended so: 'failed,killed'.")
@click.option(
    "--fail-on",
    metavar="STATES",
    help="How runs may not end, for the exit status: a list, all, or none. By default: failed, killed, bad input, "
    "unbounded, timed out, no plan.",
)
@click.option("--dry-run", is_flag=True, help="List the runs, and with -o which of them are done; do none.")
@click.option("--new", metavar="INSTANCE", type=FOLDER, help="Write a small commented STUDY of an instance instead.")
@json_option
@talk
def batch(
    console: Console,
    study: Path,
    output: Path | None,
    jobs: int | None,
    on: str | None,
    memory: float | None,
    seconds: float | None,
    again: str,
    fail_on: str | None,
    dry_run: bool,
    new: Path | None,
) -> int:
    """Do the runs of a STUDY (a TOML file): instances, with changes, futures and options that are gone through.

    Each run is kept in DIR/runs with its record and its plan.  The same command goes on after an end of whatever kind, and
    does only what is missing or has changed.  A run that fails, has no plan, or is ended at a limit is a result, too.
    Ctrl-C ends what is running and keeps what is done.  All keys of a study: instances/STUDIES.md.

    \b
    Example:
      stockpile new my-reserve
      stockpile batch my-study.toml --new my-reserve
      stockpile batch my-study.toml --dry-run
      stockpile batch my-study.toml -o my-runs

    \b
    Exit status: that of the worst run among those that count (--fail-on), 0
    where none does; 1 if a run could not be kept; after Ctrl-C 4, or 5 if no
    run is done.  Worst first: failed 1, killed 1 (5 at its limit), bad input 2,
    unbounded 6, timed out 5, no plan 5, infeasible 3, limit 4, optimal 0.
    """
    if new is not None:
        return _write_new(console, study, new)
    counted, redone = _states(fail_on, "--fail-on"), _states(again, "--again")
    if output is None and not dry_run:
        raise click.UsageError("give a folder for the runs with -o DIR, or --dry-run to list them")
    if on is not None and not re.fullmatch(r"dask://[^/\s]+:\d{1,5}", on):
        raise UsageProblem(f"--on {printable(on)}: give the address of a scheduler as dask://HOST:PORT")
    if output is not None:
        check_batch_folder(output)
    from stockpile.study.batch.expand import expand
    from stockpile.study.batch.study import read_study

    console.subject = study.name
    asked = read_study(study)
    runs = expand(asked, study.name)
    if dry_run:
        return _list(console, runs, output)
    assert output is not None
    asked = _with_limits(asked, memory, seconds)
    view = View(console, asked.name, frozenset(counted))
    backend = _local(asked, output, jobs, runs) if on is None else _cluster(on, jobs)
    with view:
        from stockpile.study.batch.batch import run_batch

        outcome = run_batch(asked, runs, output, backend, view, redone)
    return _told(console, outcome, output, counted)


def _write_new(console: Console, study: Path, instance: Path) -> int:
    """A study to start from; nothing is replaced."""
    from stockpile.study.batch.starter import write_starter

    if study.exists():
        raise UsageProblem(f"{printable(study)}: is there already; give the name of a new file")
    if not instance.exists():
        raise UsageProblem(f"--new {printable(instance)}: there is no such instance")
    write_starter(study, instance)
    console.say(f"study written to {printable(study)}; next: stockpile batch {pasted(study)} --dry-run")
    if console.json:
        console.page({"status": "ok", "study": str(study)})
    return OK


def _states(text: str | None, option: str) -> list[str]:
    """States by their names.  Raises UsageProblem with the names there are."""
    from stockpile.study.batch.batch import FAILURES, WORST

    if text is None:
        return list(FAILURES)
    found = [name.strip() for name in text.split(",") if name.strip()]
    if found in (["all"], ["none"]):
        return list(WORST) if found == ["all"] else []
    unknown = [name for name in found if name not in WORST]
    if unknown:
        raise UsageProblem(f"{option} {printable(unknown[0])!r}: runs end as {', '.join(WORST)}; or write all, or none")
    return found


def _with_limits(study: Study, memory: float | None, seconds: float | None) -> Study:
    """The study with limits that were given for this batch."""
    limits = study.limits
    if memory:
        limits = replace(limits, memory_mb=memory)
    if seconds:
        limits = replace(limits, seconds=seconds)
    return replace(study, limits=limits)


def _local(study: Study, folder: Path, jobs: int | None, runs: list[Run]) -> Backend:
    """Workers on this machine, no more than there are runs."""
    from stockpile.study.batch.machine import workers_for
    from stockpile.study.batch.workers import Local

    threads = max((int(run.options.get("threads") or 1) for run in runs), default=1)
    return Local(folder, min(jobs or workers_for(threads, study.limits.memory_mb), max(len(runs), 1)), study.limits)


def _cluster(address: str, jobs: int | None) -> Backend:
    """Workers of a cluster.  Raises StockpileError where it cannot be used."""
    from stockpile.study.batch.cluster import Cluster

    return Cluster(address, jobs)


def _list(console: Console, runs: list[Run], folder: Path | None) -> int:
    """What would be done, a line for each run."""
    from stockpile.study.batch.batch import is_same, sources_of
    from stockpile.study.batch.folder import read_record

    found = {}
    sources = sources_of(runs) if folder is not None else {}
    for run in runs:
        record = None if folder is None else read_record(folder, run.id)
        found[run.id] = record.state if record is not None and is_same(run, record, sources[run.id]) else ""
    missing = sorted({run.instance for run in runs if run.path and not os.path.exists(run.path)})
    for name in missing:
        console.warn(f"there is no instance {name}: its runs will end as bad input")
    done = sum(bool(state) for state in found.values())
    console.say(f"{len(runs):,} runs" + (f", of which {done:,} are done in {printable(folder)}" if folder else ""))
    if console.json:
        console.page({"status": "ok", "runs": [_as_document(run, found[run.id]) for run in runs]})
        return OK
    for run in runs:
        console.result(f"{found[run.id] or 'to do':<10}  {run.id}" if folder else run.id)
    return OK


def _as_document(run: Run, state: str) -> dict[str, Any]:
    asked = {"scenarios": run.scenarios, "settings": list(run.settings), "options": dict(run.options)}
    return {"id": run.id, "instance": run.instance, **asked, "state": state or None}


def _told(console: Console, outcome: Outcome, folder: Path, counted: list[str]) -> int:
    """The result of the batch, and its exit status."""
    states = Counter(record.state for record in outcome.records)
    if outcome.interrupted:
        status = STOPPED if outcome.records else NO_PLAN
        console.say(f"stopped by hand (Ctrl-C): {outcome.undone:,} runs are left; the same command goes on")
    elif outcome.lost or outcome.undone:
        status = ERROR
        console.fail(f"{outcome.undone:,} runs could not be kept; the same command does them once there is room")
    else:
        status = outcome.worst(counted)
    if console.json:
        console.page(
            {
                "status": "interrupted" if outcome.interrupted else "ok" if status == OK else "failed",
                "exit_status": status,
                "folder": str(folder),
                "states": dict(states),
                "done_now": outcome.fresh,
                "undone": outcome.undone,
                "lost": outcome.lost,
                "runs": [record.as_document() for record in outcome.records],
            }
        )
    else:
        console.result(page(outcome, folder))
    return status
