"""Values of expressions over all rows: numbers, labels as positions, and linear expressions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt

from stockpile.vector.tables import Table

Array = npt.NDArray[Any]
Number = Any
"""A float or an array."""


@dataclass(frozen=True)
class Index:
    """Labels: those of dimension ``dim`` of the members of ``table`` at the positions ``at``.

    ``axis`` is the axis on which ``at`` runs through all members in order; ``axes`` those on which different places have
    different members.
    """

    table: Table
    dim: int
    at: Any
    axis: int | None = None
    axes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Term:
    """Coefficient times column: ``parts`` add up to the column's slot.  ``width`` are the lengths of the axes of sums.

    ``distinct`` are the axes on which different places have different columns; ``component`` tells terms of different
    variables apart.
    """

    parts: tuple[Array, ...]
    coefficient: Number
    mask: Array | None
    width: tuple[int, ...]
    component: int
    distinct: frozenset[int]


@dataclass(frozen=True)
class Linear:
    """Terms and a constant."""

    terms: tuple[Term, ...]
    constant: Number = 0.0


@dataclass(frozen=True)
class Scope:
    """What placeholders stand for, which places exist (None: all), the lengths of the axes of the sums around.

    ``free`` is the first axis that no sum around takes.
    """

    bound: dict[int, Index]
    mask: Array | None
    width: tuple[int, ...]
    free: int


def add(a: Any, b: Any) -> Any:
    """The sum of two values."""
    if isinstance(a, Linear) or isinstance(b, Linear):
        one = a if isinstance(a, Linear) else Linear((), a)
        two = b if isinstance(b, Linear) else Linear((), b)
        return Linear(one.terms + two.terms, _plus(one.constant, two.constant))
    return _plus(a, b)


def _plus(a: Number, b: Number) -> Number:
    if isinstance(a, float) and a == 0.0:
        return b
    return a if isinstance(b, float) and b == 0.0 else a + b


def scale(value: Any, factor: Number) -> Any:
    """A value times a number."""
    if not isinstance(value, Linear):
        return value * factor
    terms = tuple(
        replace(t, coefficient=factor if _is_one(t.coefficient) else t.coefficient * factor) for t in value.terms
    )
    constant = value.constant
    return Linear(terms, 0.0 if isinstance(constant, float) and constant == 0.0 else constant * factor)


def _is_one(value: Number) -> bool:
    return isinstance(value, float) and value == 1.0
