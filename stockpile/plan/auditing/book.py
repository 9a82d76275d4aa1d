"""The book of an audit: every row that was checked, and every breach in the planner's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Key = tuple[Any, ...]

#: Breaches of one family that are put into words; the rest are counted in one line.
WORDED = 100


@dataclass(frozen=True)
class Breach:
    """One rule that the plan breaks: ``amount`` says by how much, in ``unit`` (``rows`` where it is not a number)."""

    message: str
    amount: float
    unit: str
    table: str
    node: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Row:
    """One checked row: left ``sense`` right; ``slack`` is what is left before it breaks (minus the difference for ``=``)."""

    family: str
    key: Key
    node: str
    left: float
    right: float
    sense: str
    slack: float
    unit: str


@dataclass(frozen=True)
class Rows:
    """A block of rows of one family, (keys, nodes); ``where`` marks those that were checked, ``binds`` is that of the rule."""

    family: str
    keys: Sequence[Key]
    left: Floats
    right: Floats
    sense: str
    unit: str
    where: Bools
    binds: bool

    @property
    def slack(self) -> Floats:
        """(keys, nodes) what is left before a row breaks, negative where it does."""
        if self.sense == "<=":
            return self.right - self.left
        if self.sense == ">=":
            return self.left - self.right
        return -np.abs(self.left - self.right)


class Broken(Exception):
    """A plan is known to break something, and more is not asked."""


@dataclass
class Book:
    """Collects rows and breaches; a row breaks beyond ``tolerance`` times the largest of 1 and its magnitude.

    Where ``one_is_enough``, the first breach raises Broken.
    """

    nodes: Sequence[str]
    tolerance: float
    one_is_enough: bool = False
    blocks: list[Rows] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    rows: int = 0

    def equal(self, rule: Rule, left: Floats, right: Floats, **options: Any) -> None:
        """Check ``left == right``."""
        self._check(rule, left, right, "=", **options)

    def at_most(self, rule: Rule, left: Floats, right: Floats, **options: Any) -> None:
        """Check ``left <= right``; an infinite limit is no row."""
        self._check(rule, left, right, "<=", **options)

    def at_least(self, rule: Rule, left: Floats, right: Floats, **options: Any) -> None:
        """Check ``left >= right``."""
        self._check(rule, left, right, ">=", **options)

    def _check(
        self, rule: Rule, left: Floats, right: Floats, sense: str, scale: Any = 0.0, where: Bools | None = None
    ) -> None:
        """Check a block; ``scale`` is a magnitude of the row beyond its two sides, ``where`` the rows that exist."""
        if not len(rule.keys):
            return
        shape = (len(rule.keys), len(self.nodes))
        left, right = np.broadcast_to(left, shape), np.broadcast_to(right, shape)
        exists = ~np.isinf(right) if where is None else np.broadcast_to(where, shape) & ~np.isinf(right)
        block = Rows(rule.family, rule.keys, left, right, sense, rule.unit, exists, rule.binds)
        self.blocks.append(block)
        self.rows += int(exists.sum())
        safe = np.where(exists, right, 0.0)
        over = {"=": np.abs(left - safe), "<=": left - safe, ">=": safe - left}[sense]
        magnitude = np.maximum(np.maximum(np.abs(left), np.abs(safe)), np.maximum(scale, 1.0))
        for k, n in self._first(rule, np.argwhere(exists & ~(over <= self.tolerance * magnitude))):
            text = rule.words.format(
                *rule.keys[k],
                amount=amount_of(over[k, n], rule.unit),
                left=amount_of(left[k, n], rule.unit),
                right=amount_of(right[k, n], rule.unit),
            )
            self._add(text, float(over[k, n]), rule.unit, rule.table, int(n))

    def _first(self, rule: Rule, found: Ints) -> Iterator[tuple[int, int]]:
        """The first places of a family that are worth words; the others get one line together."""
        shown = found[:WORDED]
        yield from ((int(k), int(n)) for k, n in shown)
        if len(found) > len(shown):
            self.fault(rule.table, f"{len(found) - len(shown)} more of the kind: {rule.family}", rows=len(found))

    def _add(self, text: str, amount: float, unit: str, table: str, node: int) -> None:
        label = self.nodes[node]
        self._note(Breach(f"{label}: {text}", amount, unit, table, label))

    def _note(self, breach: Breach) -> None:
        self.breaches.append(breach)
        if self.one_is_enough:
            raise Broken

    def fault(self, table: str, text: str, node: str = "", rows: int = 1) -> None:
        """A breach that no number measures: a row that is missing, twice there, or names what is unknown."""
        message = f"{node}: {text}" if node else text
        self._note(Breach(message, float(rows), "rows", table, node))

    def difference(self, text: str, amount: float, unit: str, table: str = "plan.json") -> None:
        """A breach of a figure that belongs to no node."""
        self._note(Breach(text, amount, unit, table, ""))

    def find(self, family: str) -> list[Row]:
        """The rows of a family, one by one."""
        found = []
        for block in self.blocks:
            if block.family == family:
                slack = block.slack
                for k, n in np.argwhere(block.where):
                    values = (float(block.left[k, n]), float(block.right[k, n]), block.sense, float(slack[k, n]))
                    found.append(Row(family, block.keys[k], self.nodes[n], *values, block.unit))
        return found


@dataclass(frozen=True)
class Rule:
    """A family of rows: its name, the table a breach points to, keys, unit, and words with the key's parts as ``{0}``.

    ``binds`` is false where the rows forbid something for good, so that having no room in them says nothing.

    ``{left}``, ``{right}`` and ``{amount}`` in the words are the two sides and what the breach amounts to, with the unit.
    """

    family: str
    table: str
    keys: Sequence[Key]
    unit: str
    words: str
    binds: bool = True


def amount_of(value: float, unit: str) -> str:
    """A number for people, with its unit: ``12.5 t``."""
    size = abs(value)
    text = f"{value:,.0f}" if 1e5 <= size < 1e15 and value == round(value) else f"{value:,.9g}"
    return f"{text} {unit}".rstrip()
