"""Goods followed back through processes, in the oracle: every mixture of the places of inputs is a column of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, number, text
from tests.oracle.processing import recipe_of
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Where = str | None


@dataclass(frozen=True)
class Place:
    """Where a unit was processed last, and where any part of it was mined, and was mined or processed; None is not known."""

    origin: Where
    mines: frozenset[Where]
    stages: frozenset[Where]


def place_of(origin: Where, mined_in: Where) -> Place:
    """Where what a row of a table speaks of comes from."""
    return Place(origin, frozenset([mined_in]), frozenset([origin, mined_in]))


def place_in(row: Row) -> Place:
    """The same, of a row with the columns origin and mined_in."""
    return place_of(text(row["origin"]), text(row.get("mined_in")))


@dataclass(frozen=True)
class Mixture:
    """A part of a run in a period: the place of each traced input, that of what is made, and the column of its level."""

    inputs: tuple[tuple[str, Place], ...]
    made: Place
    level: int


def is_traced(facts: Facts, good: str) -> bool:
    """Whether the units of a good are followed."""
    return text(facts.goods[good]["trace"]) == "True"


def passing(facts: Facts) -> set[str]:
    """Processes whose outputs some policy by mine or chain follows back, at once or through other processes."""
    followed = set()
    for row in facts.rows("policies"):
        if row["kind"] == "origin-in-use" and row["by"] != "processed":
            followed |= {
                g
                for g, good in facts.goods.items()
                if is_traced(facts, g) and text(row["good"]) in (None, g)
                if text(row["material"]) in (None, text(good["material"]))
            }
    found: set[str] = set()
    while True:
        news = {
            str(row["process"])
            for row in facts.rows("processes")
            if any(amount > 0 and g in followed for g, amount in recipe_of(facts, str(row["process"])).items())
        }
        if news == found:
            return found
        found = news
        for process in found:
            followed |= {g for g, _ in traced_inputs(facts, process)}


def traced_inputs(facts: Facts, process: str) -> list[tuple[str, float]]:
    """The traced goods that a unit of run takes, with their amounts."""
    recipe = recipe_of(facts, process)
    return [(g, -amount) for g, amount in recipe.items() if amount < 0 and is_traced(facts, g)]


def made_at(where: Where, inputs: tuple[Place, ...]) -> Place:
    """The place of what a process makes of inputs."""
    mines = frozenset[Where]().union(*(place.mines for place in inputs))
    return Place(where, mines, frozenset([where]).union(*(place.stages for place in inputs)))


def made_before(facts: Facts, row: Row) -> Place:
    """The place of what a run from before the horizon brings."""
    where = next(text(j["origin"]) for j in facts.rows("processes") if j["process"] == row["process"])
    return made_at(where, (place_in(row),))


def add_mixtures(b: Builder) -> None:
    """Split every run of the processes that pass places on into mixtures, which make it up."""
    facts = b.facts
    known = {good: set(_known(facts, good)) for good in facts.goods if is_traced(facts, good)}
    where = {str(row["process"]): text(row["origin"]) for row in facts.rows("processes")}
    size = -1
    while size != (size := sum(map(len, known.values()))):
        for process in passing(facts):
            for made in {made_at(where[process], mix) for mix in _mixes(facts, process, known)}:
                for good, amount in recipe_of(facts, process).items():
                    if amount > 0 and good in known:
                        known[good].add(made)
    for process in passing(facts):
        goods = [g for g, _ in traced_inputs(facts, process)]
        for n, run in enumerate(b.runs[process]):
            if not run.terms:
                continue
            parts = Sum().plus(run, -1.0)
            for mix in _mixes(facts, process, known):
                column = b.program.column()
                parts.add(column)
                inputs = tuple(zip(goods, mix, strict=True))
                b.mixtures.setdefault((process, n), []).append(Mixture(inputs, made_at(where[process], mix), column))
            b.program.zero(parts)


def _mixes(facts: Facts, process: str, known: dict[str, set[Place]]) -> Iterator[tuple[Place, ...]]:
    """Every choice of a place for each traced input."""
    return product(*(sorted(known[g], key=repr) for g, _ in traced_inputs(facts, process)))


def _known(facts: Facts, good: str) -> Iterator[Place]:
    """Where units of a good come from that no process makes of followed ones in the horizon."""
    through = passing(facts)
    for row in facts.rows("sources"):
        if row["good"] == good and row["paid_by"] != "market":
            yield place_in(row)
    for table in ("opening_stock", "opening_lent"):
        yield from (place_in(row) for row in facts.rows(table) if row["good"] == good)
    for row in facts.rows("processes"):
        name = str(row["process"])
        if recipe_of(facts, name).get(good, 0.0) > 0 and name not in through:
            yield place_of(text(row["origin"]), None)
    for row in facts.rows("opening_runs"):
        if row["process"] in through and recipe_of(facts, str(row["process"])).get(good, 0.0) > 0:
            yield made_before(facts, row)


def made_of(b: Builder, good: str) -> Iterator[tuple[Place, int, Sum]]:
    """What processes bring of a good: where it comes from, when, and how much."""
    facts, through = b.facts, passing(b.facts)
    for row in facts.rows("processes"):
        name, lead = str(row["process"]), round(number(row["lead_time"]))
        each = recipe_of(facts, name).get(good, 0.0)
        if each <= 0:
            continue
        here = place_of(text(row["origin"]), None)
        for n, run in enumerate(b.runs[name]):
            if run.terms and name not in through:
                yield here, n + lead, Sum().plus(run, each)
            for mixture in b.mixtures.get((name, n), []):
                yield mixture.made, n + lead, Sum().add(mixture.level, each)
        for due in facts.rows("opening_runs"):
            if due["process"] == name:
                place = made_before(facts, due) if name in through else here
                yield place, int(due["arrives"]), Sum(each * float(due["level"]))


def fed_from(b: Builder, good: str) -> set[Place]:
    """The places from which mixtures could take a good, whether anything comes from there or not."""
    mixtures = [mixture for found in b.mixtures.values() for mixture in found]
    return {place for mixture in mixtures for name, place in mixture.inputs if name == good}


def taken_from(b: Builder, good: str, place: Place, n: int) -> Sum:
    """What mixtures take of a good from a place in a period."""
    taken = Sum()
    for (process, period), mixtures in b.mixtures.items():
        for name, amount in traced_inputs(b.facts, process) if period == n else ():
            for mixture in mixtures:
                if name == good and (good, place) in mixture.inputs:
                    taken.add(mixture.level, amount)
    return taken


def counts_as(facts: Facts, row: Row, place: Place) -> bool:
    """Whether what comes from a place is what a side of a policy speaks of: some part of it for at_most, all for at_least."""

    def named(where: Where) -> bool:
        groups = [text(r["group"]) for r in facts.rows("origins") if r["origin"] == where]
        return text(row["origin"]) in (None, where) and text(row["group"]) in (None, *groups)

    wheres = {"processed": {place.origin}, "mined": place.mines, "chain": place.stages}[str(row["by"])]
    return (all if row["side"] == "at_least" else any)(named(where) for where in wheres)
