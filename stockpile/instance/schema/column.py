"""How a table and its columns are declared: once, with meaning, kind, unit and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: What a kind of column holds, with its unit and time basis, for the data dictionary.
KINDS = {
    "name": "a name",
    "text": "text",
    "choice": "one of the words listed",
    "words": "words listed, separated by `;`",
    "integer": "a whole number",
    "flag": "true or false",
    "quantity": "quantity, in the good's unit or else the instance's",
    "flow": "quantity per time unit, in the good's unit or else the instance's",
    "money": "money",
    "price": "price",
    "price_rate": "price per time unit",
    "share": "a share, 0 to 1",
    "loss": "a share per time unit, 0 to below 1",
    "ratio": "a ratio of at least 0, 0.25 for 25 %",
    "interest": "interest per time unit, 0.05 for 5 %",
    "duration": "a duration: `9mo`, `2y`, `6w`, `30d`, or `3` periods; rounded up to periods",
    "days": "days",
    "from": "a date or period label; acts from the first period that starts on or after it; blank: the start",
    "when": "a date or period label from the start on, also one after the horizon; blank: the start",
    "until": "a date or period label, exclusive; blank: no end",
    "unit": "a unit of quantity",
    "end": "what the kind of the row says: a share of money owed (debt), money (project), price (lent, order)",
    "effort": "amount of the resource per time unit",
    "amount": "amount of the resource",
    "intensity": "amount of the resource for each unit of quantity, in the good's unit or else the instance's",
    "figure": "a number, in whatever unit the attribute has",
    "energy": "energy for each unit of quantity, in the good's unit or else the instance's",
    "emissions": "emissions for each unit of quantity, in the good's unit or else the instance's",
    "bound": "what the policy's kind limits: quantity (deliveries), a ratio (share, market-share, budget-use), days (cover), money (exposure, spending), energy or emissions",
    "fine": "price (deliveries, share, market-share), price per time unit (cover), money for money (spending, budget-use), the same per time unit (exposure), money for a unit (energy, emissions)",
    "effect": "what the effect's kind adds: quantity per time unit (supply, process), quantity (capacity), money per time unit "
    "(revenue), a share (demand)",
    "shock": "what replaces the column that the row's quantity names, in its unit",
}
#: Kinds whose cells are numbers, and those that are read as text.
NUMBERS = frozenset(
    [
        "integer",
        "quantity",
        "flow",
        "money",
        "price",
        "price_rate",
        "share",
        "loss",
        "ratio",
        "interest",
        "days",
        "effort",
        "amount",
        "intensity",
        "figure",
        "energy",
        "emissions",
        "bound",
        "fine",
        "effect",
        "end",
        "shock",
    ]
)
DATES = frozenset({"from", "when", "until"})


@dataclass(frozen=True)
class Column:
    """One column.  ``default`` stands for a blank cell (None: blank stays blank); ``refers`` names the table of a name."""

    name: str
    kind: str
    meaning: str
    required: bool = False
    default: Any = None
    minimum: float | None = 0.0
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    refers: str | None = None
    blank: str = ""

    @property
    def is_number(self) -> bool:
        """Whether cells are numbers."""
        return self.kind in NUMBERS

    @property
    def upper(self) -> float | None:
        """The greatest value allowed; a loss stays below 1."""
        return 1.0 if self.kind in ("share", "loss") and self.maximum is None else self.maximum


@dataclass(frozen=True)
class Table:
    """One table: ``key`` names the columns that make a row unique; with ``from`` in it the rows are step functions."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """A column by name; raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    @property
    def series_key(self) -> tuple[str, ...]:
        """The key without ``from``."""
        return tuple(name for name in self.key if name != "from")


def key(name: str, meaning: str, **options: Any) -> Column:
    """A name that must be given."""
    return Column(name, "name", meaning, required=True, **options)


def column(name: str, kind: str, meaning: str, **options: Any) -> Column:
    """Any other column."""
    return Column(name, kind, meaning, **options)


SINCE = column("from", "from", "from when the row holds, until the next row of the same key")
UNTIL = column("until", "until", "when the row ends early")

#: Columns that every table may have: where its figures come from.
PROVENANCE = (
    column(
        "status",
        "choice",
        "how far the row's figures can be trusted",
        choices=("sourced", "derived", "low_trust", "assumption", "unsourced"),
    ),
    column("reference", "text", "where the row's figures come from"),
    column("note", "text", "anything a reader should know"),
)


def table(name: str, meaning: str, key_names: str, *columns: Column) -> Table:
    """A table with its own columns and those of provenance."""
    return Table(name, meaning, tuple(key_names.split()), (*columns, *PROVENANCE))
