"""Names that every MPS and LP reader takes."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
# fmt: off
RESERVED = frozenset((
    "bin", "binaries", "binary", "bound", "bounds", "end", "free", "gen", "general", "generals", "inf",
    "infinity", "int", "integer", "integers", "max", "maximise", "maximize", "maximum", "min", "minimise",
    "minimize", "minimum", "s.t.", "sec", "semi", "semis", "sos", "sos1", "sos2", "st", "st.", "subject",
    "such", "to",
))
# fmt: on


class Names:
    """Hands out legal names, each once, and remembers those that no longer tell what they stand for.

    A legal name has at most 100 of the characters A-Z a-z 0-9 _ . and reads neither as a number nor as a key word.
    ``altered`` maps the names that were cut, numbered or lost letters to what was asked for.
    """

    def __init__(self) -> None:
        self.altered: dict[str, str] = {}
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """A legal name close to the wanted one that was not taken before."""
        letters = _without_accents(wanted)
        plain = _legal(letters)
        name, number = plain[:LONGEST], 1
        while name in self._taken:
            number += 1
            name = f"{plain[: LONGEST - 8]}.{number}"
        if name != plain or any(c.isalnum() and not c.isascii() for c in letters):
            self.altered[name] = wanted
        self._taken.add(name)
        return name


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _legal(letters: str) -> str:
    plain = re.sub(r"[]'\"]", "", letters)
    plain = re.sub(r"[\[,]", ".", plain)
    plain = re.sub(r"[^A-Za-z0-9_.]", "_", plain)
    number_like = re.match(r"[0-9.]|[eE][0-9.]|[eE]?$", plain)
    return f"_{plain}" if number_like or plain.lower() in RESERVED else plain
