"""Where an instance comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Lineage:
    """What an instance was made from beside its own files.

    ``path`` is where it was read, as told, or empty; ``drawn`` has the arguments of a random one.  ``extends`` are the folders
    that it extends, the nearest first, as seen from its own; ``patched`` has by table how many of their rows were changed,
    added and removed; ``set`` has every change of ``--set`` and how many cells it has changed.  ``futures`` says what was made
    of its futures after that: nothing, ("expected",), ("known",), or ("only", the one that is certain).
    """

    extends: tuple[str, ...] = ()
    patched: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    set: tuple[tuple[str, int], ...] = ()
    path: str = ""
    drawn: Mapping[str, Any] = field(default_factory=dict)
    futures: tuple[str, ...] = ()

    @property
    def changes(self) -> list[str]:
        """The changes alone."""
        return [text for text, _ in self.set]

    @property
    def origin(self) -> dict[str, Any]:
        """What a plan keeps of it, as plain values, so that the instance can be found or drawn again."""
        drawn = {"drawn": dict(self.drawn)} if self.drawn else {}
        return {"path": self.path or None, **drawn, **({"futures": list(self.futures)} if self.futures else {})}
