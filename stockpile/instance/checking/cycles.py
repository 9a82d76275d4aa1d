"""Recipes that together make something from nothing, found exactly: in fractions, one circle of processes at a time."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

J = TypeVar("J", bound=Hashable)
Recipe = Mapping[str, Fraction]
"""Amounts by good for a unit of run: negative what it takes, positive what it makes."""


def from_nothing(recipes: Mapping[J, Recipe]) -> list[J]:
    """Processes that at some runs take no more of any good than they make, and make more of one; none where there are none.

    Such runs have a part within one circle of processes that feed one another, so that each circle can be asked alone.
    """
    for circle in circles({j: {k for k in recipes if _feeds(recipes[j], recipes[k])} for j in recipes}):
        found = _gain({j: recipes[j] for j in circle})
        if found:
            return found
    return []


def _feeds(maker: Recipe, taker: Recipe) -> bool:
    """Whether one process makes what another takes."""
    return any(amount > 0 > taker.get(good, 0) for good, amount in maker.items())


def circles(follows: Mapping[J, set[J]]) -> list[list[J]]:
    """The sets of more than one member each of which can be reached from all others, in the order of their members."""
    reach = {j: _reached(follows, j) for j in follows}
    found = {frozenset(k for k in reach[j] if j in reach[k]) for j in follows}
    order = {j: i for i, j in enumerate(follows)}
    return sorted((sorted(c, key=order.__getitem__) for c in found if len(c) > 1), key=lambda c: order[c[0]])


def _reached(follows: Mapping[J, set[J]], start: J) -> set[J]:
    """Everything that comes after a member, and the member itself."""
    seen, todo = {start}, [start]
    while todo:
        new = follows[todo.pop()] - seen
        seen |= new
        todo += new
    return seen


def _gain(recipes: Mapping[J, Recipe]) -> list[J]:
    """The processes of runs x >= 0 with A x >= 0 that make something, A being the amounts by good and process.

    The simplex on the cone of runs: a basis holds the surplus s = A x of every good, all 0; a run that makes the sum of the
    surpluses grow enters, the first good whose surplus it would make negative leaves, by Bland's rule, which ends; where
    none leaves the runs grow without end, and that is a gain.  Columns are processes, then goods.
    """
    names = list(recipes)
    goods = list(dict.fromkeys(good for recipe in recipes.values() for good in recipe))
    zero, runs = Fraction(0), len(names)
    rows = [[-recipes[j].get(g, zero) for j in names] + [Fraction(h == g) for h in goods] for g in goods]
    basis = [runs + i for i in range(len(goods))]
    worth = [sum((recipe.get(g, zero) for g in goods), zero) for recipe in recipes.values()] + [zero] * len(goods)
    while True:
        enters = next((j for j, value in enumerate(worth) if value > 0), None)
        if enters is None:
            return []
        leaving = [i for i, row in enumerate(rows) if row[enters] > 0]
        if not leaving:
            ray = {enters} | {b for b, row in zip(basis, rows, strict=True) if row[enters] < 0}
            return [names[j] for j in sorted(ray) if j < runs]
        pivot = min(leaving, key=basis.__getitem__)
        _eliminate(rows, worth, pivot, enters)
        basis[pivot] = enters


def _eliminate(rows: list[list[Fraction]], worth: list[Fraction], pivot: int, column: int) -> None:
    """Make a column that of the unit vector of its pivot row, in the objective too."""
    own = rows[pivot]
    factor = own[column]
    own[:] = [value / factor for value in own]
    for row in [*(r for i, r in enumerate(rows) if i != pivot), worth]:
        if row[column]:
            times = row[column]
            row[:] = [value - times * mine for value, mine in zip(row, own, strict=True)]
