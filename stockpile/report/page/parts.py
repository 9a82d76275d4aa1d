"""What a page is made of: sections with words, charts and tables; nothing here knows HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None
"""What a table holds: text, a number, or nothing."""


@dataclass(frozen=True)
class Field:
    """A column of a table: its title, and the unit of its numbers; ``share`` is shown in percent, ``plain`` as it is (a year, a stage)."""

    title: str
    unit: str = ""
    number: bool = False

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title}, {self.unit}" if self.unit and self.unit not in BARE else self.title


BARE = ("share", "plain")
"""Units that say how a number is shown and are not told."""


@dataclass(frozen=True)
class Grid:
    """A table: ``name`` (letters and hyphens) is that of its CSV file; ``more`` rows are left out and are in ``where``.

    The columns of one that is ``alike`` have the same decimals.
    """

    name: str
    title: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[Cell]]
    more: int = 0
    where: str = ""
    alike: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart: ``spec`` is Vega-Lite without data, which are ``rows``; ``says`` tells what it shows to who cannot see it.

    A ``small`` one stands beside others, a ``wide`` one is moved sideways where there is no room.
    """

    name: str
    title: str
    says: str
    spec: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    small: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A heading, sentences, then charts and tables in order."""

    name: str
    title: str
    words: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    grids: Sequence[Grid] = ()
    note: str = ""
    parts: Sequence[Section] = field(default_factory=tuple)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.words or self.charts or self.grids or self.parts)


def text(title: str) -> Field:
    """A column of text."""
    return Field(title)


def amount(title: str, unit: str = "") -> Field:
    """A column of numbers in a unit."""
    return Field(title, unit, number=True)


def limited(
    name: str, title: str, fields: Sequence[Field], rows: Sequence[Sequence[Cell]], most: int, where: str
) -> list[Grid]:
    """A table of at most so many rows, which stand in order of weight; no table where there is no row."""
    if not rows:
        return []
    return [Grid(name, title, fields, rows[:most], max(len(rows) - most, 0), where)]
