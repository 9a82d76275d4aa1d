"""How a table of a plan and its columns are declared: once, with kind and unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from stockpile.instance import Instance

Kind = Literal[
    "node",
    "period",
    "name",
    "text",
    "number",
    "quantity",
    "price",
    "money",
    "effect",
    "effort",
    "energy",
    "emissions",
    "bound",
    "figure",
    "share",
]

#: Kinds whose columns hold amounts; their unit is that of the instance.  An effect is a quantity, money for revenue, or a share for
#: demand, a bound what a policy limits, a figure what an attribute of goods is measured in.
AMOUNTS = ("quantity", "price", "money", "effect", "effort", "energy", "emissions", "bound", "figure", "share")


@dataclass(frozen=True)
class Column:
    """One column of a plan table: ``number`` counts (a step, a stage), amounts carry the unit of their kind."""

    name: str
    kind: Kind
    meaning: str

    @property
    def is_amount(self) -> bool:
        """Whether the column holds amounts."""
        return self.kind in AMOUNTS

    @property
    def dtype(self) -> str:
        """How pandas reads the column."""
        return "float64" if self.is_amount else "int64" if self.kind == "number" else "str"


@dataclass(frozen=True)
class Table:
    """One table of a plan: ``key`` names the columns that, with the node, make a row unique; a ``dense`` one has all rows."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    dense: bool = False

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]


def table(name: str, meaning: str, key: str, columns: str, dense: bool = False) -> Table:
    """A table from lines of ``name kind meaning``; node and period come first in every table."""
    lines = ["node node label of the node", "period period label of the node's period", *columns.strip().splitlines()]
    parts = [line.split(maxsplit=2) for line in lines]
    declared = tuple(Column(column, kind, text) for column, kind, text in parts)  # type: ignore[arg-type]
    return Table(name, meaning, tuple(key.split()), declared, dense)


def unit_of(column: Column, instance: Instance) -> str:
    """The unit of a column's amounts for an instance; an effect has the unit of what it adds to, and none here."""
    units = instance.settings.units
    named: dict[str, str] = {
        kind: getattr(units, kind) for kind in ("quantity", "price", "money", "energy", "emissions")
    }
    return named.get(column.kind, "")
