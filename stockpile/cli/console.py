"""Where words go: results to standard output, messages to standard error, one JSON document where that is asked."""

from __future__ import annotations

import contextlib
import json
import math
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import click

COLOURS = {"warning": "yellow", "error": "red"}
"""Levels of messages that are marked, with the colour of the mark."""


def printable(text: object) -> str:
    """One line that cannot move the cursor or colour the terminal, whatever a file name contains."""
    return "".join(c if c.isprintable() else "?" for c in str(text))


def pasted(path: Path) -> str:
    """A path as an argument of a command to paste."""
    return shlex.quote(printable(f"./{path}" if str(path).startswith("-") else path))


def coloured(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colour."""
    return live(stream) and not os.environ.get("NO_COLOR")


def live(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which a line can be written again."""
    return stream.isatty() and os.environ.get("TERM", "") != "dumb"


def tell(text: str) -> None:
    """Write to standard error.  Where that fails, this text and all that follow go nowhere, without a complaint at exit."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            discard(2)


def discard(number: int) -> None:
    """Let what is left in the buffer of a standard stream, and what follows, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def document(content: Mapping[str, Any]) -> str:
    """A JSON document of plain ASCII; numbers that JSON does not know (infinite, undefined) become null."""
    return json.dumps(_plain(content), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


@dataclass
class Console:
    """The two streams, and how much the user wants to read: ``-q``, ``-v``, ``--json`` and ``--log-format``.

    ``subject`` is the folder that is being read, for error messages; ``said`` is the last of them.  With the log format
    "json" standard error has one JSON object a line: ``time`` (UTC), ``event``, and what belongs to the event.
    """

    subject: str = ""
    log_format: str = "text"
    quiet: bool = False
    verbose: bool = False
    json: bool = False
    said: list[str] = field(default_factory=list)

    def result(self, text: str) -> None:
        """Write a result to standard output.  Raises OSError if that fails."""
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")

    def page(self, content: Mapping[str, Any]) -> None:
        """Write a JSON document to standard output."""
        self.result(document(content))

    @property
    def rewrites(self) -> bool:
        """Whether progress is a line that is written over itself: in words, on a terminal."""
        return self.log_format == "text" and live(sys.stderr) and not self.quiet

    def event(self, name: str, **content: Any) -> None:
        """Something that happened, for programs that read the log; in words nothing.  ``-q`` leaves it out."""
        if self.log_format == "json" and not self.quiet:
            self._log(name, content)

    def say(self, text: str) -> None:
        """A message on standard error, unless ``-q``."""
        if not self.quiet:
            self._message("info", text)

    def detail(self, text: str) -> None:
        """A message for ``-v`` only."""
        if self.verbose:
            self._message("debug", text)

    def warn(self, text: str) -> None:
        """A warning on standard error, unless ``-q``."""
        if not self.quiet:
            self._message("warning", printable(text))

    def fail(self, text: str, more: list[str] | None = None) -> None:
        """An error on standard error, with a line for each of its parts; a full disk is met again at the end, and said once."""
        lines = [printable(text), *(printable(m) for m in more or [])]
        if lines != self.said:
            self._message("error", *lines)
        self.said = lines

    def _marked(self, word: str, colour: str) -> str:
        return click.style(word, fg=colour, bold=True) if coloured(sys.stderr) else word

    def _message(self, level: str, text: str, *more: str) -> None:
        """Losing a message (a closed pipe, a full disk) must not lose the work."""
        if self.log_format == "json":
            self._log("message", {"level": level, "message": text, **({"details": list(more)} if more else {})})
            return
        mark = f"{self._marked(f'{level}:', COLOURS[level])} " if level in COLOURS else ""
        tell("".join(f"{line}\n" for line in (f"{mark}{text}", *(f"  {line}" for line in more))))

    def _log(self, event: str, content: Mapping[str, Any]) -> None:
        """One line of the log."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        tell(json.dumps(_plain({"time": now, "event": event, **content}), allow_nan=False) + "\n")
