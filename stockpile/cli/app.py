"""The program: its commands, and what every one of them does when something goes wrong."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

import click

from stockpile import __version__
from stockpile.cli.audit import audit
from stockpile.cli.batch import batch
from stockpile.cli.check import check
from stockpile.cli.compare import compare
from stockpile.cli.console import Console, discard, tell
from stockpile.cli.explain import explain
from stockpile.cli.export import export
from stockpile.cli.failures import BROKEN_PIPE, INTERRUPTED, OK, Failure, describe
from stockpile.cli.frontier import frontier
from stockpile.cli.new import new
from stockpile.cli.report import report
from stockpile.cli.reproduce import reproduce
from stockpile.cli.results import results
from stockpile.cli.solve import solve

WIDTH = 80


class Program(click.Group):
    """A group whose commands return their exit status and may raise anything; no traceback reaches the user."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **more: Any) -> Any:
        """Run with the arguments given (those of the process by default) and exit.  Always raises SystemExit."""
        arguments = list(sys.argv[1:] if args is None else args)
        ended: list[int] = []
        if args is None:
            atexit.register(_leave, ended)
        console = Console()
        _open_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        try:
            status = self._run(arguments, console, more)
            sys.stdout.flush()
        except BrokenPipeError:
            status = _close_quietly(BROKEN_PIPE)
        except OSError as error:
            status = _close_quietly(_report(console, describe(error), arguments, error, words_only=True))
        tell("")
        ended.append(status)
        sys.exit(status)

    def _run(self, arguments: list[str], console: Console, more: dict[str, Any]) -> int:
        """The exit status of the command; only a failure of standard output is raised."""
        stdout = sys.stdout
        try:
            more.pop("standalone_mode", None)
            status = super().main(arguments, prog_name="stockpile", standalone_mode=False, obj=console, **more)
            return int(status or OK)
        except BrokenPipeError:
            raise
        except SystemExit:
            if sys.stdout is stdout:
                raise
            sys.stdout = stdout  # click replaces it where nobody reads on, and exits with 1, which is a breach here
            raise BrokenPipeError from None
        except (KeyboardInterrupt, click.Abort):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return _interrupted(console, arguments)
        except click.UsageError as error:
            return _misused(console, error, arguments)
        except Exception as error:
            return _report(console, describe(error, console.subject), arguments, error)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; Ctrl-C is not click's to report."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, EOFError) as error:
            if isinstance(error, EOFError):
                raise RuntimeError("unexpected end of input") from error
            raise click.Abort from None


def _leave(ended: Sequence[int]) -> None:
    """End the process with the exit status, after all else that is done at its end.

    As ``python -m`` it would end by the signal of Ctrl-C instead where that came within text that Python executes, as it does
    to make classes, though the interruption was caught.
    """
    if ended:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(ended[0])


def _wants_json(console: Console, arguments: Sequence[str]) -> bool:
    """True even if the arguments could not be read to their end."""
    return console.json or "--json" in arguments


def _interrupted(console: Console, arguments: Sequence[str]) -> int:
    if _wants_json(console, arguments):
        console.page(Failure(INTERRUPTED, "interrupted").as_document())
    return INTERRUPTED


def _wants_log(arguments: Sequence[str]) -> bool:
    """Whether messages are asked for as JSON, even if the arguments could not be read to their end."""
    return "--log-format=json" in arguments or ("--log-format", "json") in pairwise(arguments)


def _misused(console: Console, error: click.UsageError, arguments: Sequence[str]) -> int:
    """Click's own words: the usage line, where to find help, the error."""
    if _wants_log(arguments):
        console.log_format = "json"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    if _wants_json(console, arguments):
        console.page(describe(error).as_document())
    if error.ctx is not None:
        console.say(f"{error.ctx.get_usage()}\nTry '{error.ctx.command_path} --help' for help.\n")
    first, *rest = error.format_message().splitlines()
    console.fail(first, [line.strip() for line in rest])
    return error.exit_code


def _report(
    console: Console, failure: Failure, arguments: Sequence[str], error: BaseException, words_only: bool = False
) -> int:
    """Say what went wrong.  Raises OSError if standard output fails, unless there are to be words only."""
    if failure.internal and console.verbose:
        console.detail("".join(traceback.format_exception(error)).rstrip("\n"))
    console.fail(failure.message, [*failure.details, *map(str, failure.problems)])
    if failure.internal and not console.verbose:
        console.say("  this is a fault of stockpile, not of the input; run it again with -v to see where it happened")
    if _wants_json(console, arguments) and not words_only:
        console.page(failure.as_document())
    return failure.exit_status


def _open_closed_streams() -> None:
    """Where a caller has closed a standard stream, what is written there goes nowhere, not into the next file opened."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _close_quietly(status: int) -> int:
    """Nobody reads standard output any more."""
    discard(1)
    return status


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
    commands=[solve, check, audit, reproduce, compare, report, explain, frontier, batch, results, new, export],
)
@click.version_option(__version__, prog_name="stockpile", message="%(prog)s %(version)s")
def program() -> None:
    """Plan a strategic reserve: what to buy, from whom and when, what to rotate out, and which projects to finance
    milestone by milestone, within the budgets of several funds.

    An INSTANCE is a folder of tables or a workbook (.xlsx), a PLAN is a folder of results.  Results go to standard output
    or to the folder named by -o, messages to standard error.

    \b
    Example (a new instance, its plan, and a check of the plan by other code):
      stockpile new my-reserve
      stockpile solve my-reserve -o my-plan
      stockpile audit my-reserve my-plan

    \b
    Exit status:
      0  a plan with the asked gap (or: nothing wrong)
      1  a plan that fails its audit, or an error of the program
      2  bad input or usage
      3  proven infeasible
      4  stopped by a limit or by Ctrl-C, with a plan
      5  stopped without a plan
      6  unbounded
    """
