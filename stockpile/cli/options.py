"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from stockpile.cli.console import Console

LOG_FORMATS = ("text", "json")

Function = TypeVar("Function", bound=Callable[..., Any])


class Place(click.Path):
    """A file or folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; an empty one, as of a shell variable that is not set, would mean the folder one is in."""
        if value == "":
            self.fail("an empty name", param, ctx)
        return super().convert(value, param, ctx)


FOLDER = Place()


class Number(click.ParamType[float]):
    """A finite number of at least 0."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a usage error."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 <= number < math.inf:
            self.fail(f"{value!r} is not a number of at least 0", param, ctx)
        return number


def talk(function: Function) -> Function:
    """``-q``, ``-v`` and ``--log-format``, and the console as the first argument."""
    for decorate in (
        _log_format,
        _flag("-v", "--verbose", help="Say more; show the traceback of an internal error."),
        _flag("-q", "--quiet", help="No messages but errors."),
    ):
        function = decorate(function)
    return click.pass_obj(function)  # type: ignore[return-value]


def set_option(function: Function) -> Function:
    """``--set KEY=VALUE``, as often as needed."""
    return click.option(
        "--set",
        "changes",
        metavar="KEY=VALUE",
        multiple=True,
        help="Change a setting or cells for this run: economics.discount_rate=0.05, 'sources[MP].lead_time=2y', "
        "'prices[*].price*=1.2'; again for more. Keys and quotes: instances/README.md.",
    )(function)


def json_option(function: Function) -> Function:
    """``--json``."""
    return _flag("--json", help="Print one JSON document, also if the command fails.")(function)


def _log_format(function: Function) -> Function:
    """``--log-format``, kept in the console and read before all other options."""

    def keep(ctx: click.Context, _: click.Parameter, value: str) -> None:
        if isinstance(ctx.obj, Console):
            ctx.obj.log_format = value

    return click.option(
        "--log-format",
        type=click.Choice(LOG_FORMATS),
        default=LOG_FORMATS[0],
        is_eager=True,
        expose_value=False,
        callback=keep,
        help="json: messages and progress as one JSON object a line, on standard error.",
    )(function)


def _flag(*names: str, help: str) -> Callable[[Function], Function]:
    """A flag that is kept in the console under its long name, read before all other options."""
    attribute = names[-1].lstrip("-")

    def keep(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value and isinstance(ctx.obj, Console):
            setattr(ctx.obj, attribute, True)

    return click.option(*names, is_flag=True, is_eager=True, expose_value=False, callback=keep, help=help)
