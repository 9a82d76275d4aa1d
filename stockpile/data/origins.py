"""What rules tell apart of where goods come from: the marks that goods bear, and what processes pass on of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from stockpile.data.selection import Record, records_of
from stockpile.instance import Instance
from stockpile.instance.provenance import FOLLOWS_BACK, Link, linked_goods


class Mark(NamedTuple):
    """What a rule tells apart: an origin, a group of origins (one of them may be None), and which stage counts (``by``).

    ``every``: what is made bears it only if all does that it is made of, and not as soon as some of it does.
    """

    origin: str | None
    group: str | None
    by: str
    every: bool = False


Marks = frozenset[Mark]
#: Words for the stage that counts, by whether all of a good bears the mark.
_STAGE = {
    ("mined", False): " (mined)",
    ("mined", True): " (all mined)",
    ("chain", False): " (chain)",
    ("chain", True): " (all of the chain)",
}


def label_of(marks: Marks) -> str:
    """The marks of a class in words; ``other`` where it bears none."""
    words = [f"{mark.group or mark.origin}{_STAGE.get((mark.by, mark.every), '')}" for mark in marks]
    return " + ".join(sorted(words)) or "other"


class Marker:
    """Tells which marks goods bear by where they were processed and mined, and by what they are made of."""

    def __init__(self, instance: Instance) -> None:
        view = instance.view("origins")
        self.pairs = set(zip(view["origin"], view["group"], strict=True))

    def _speaks(self, mark: Mark, place: Any) -> bool:
        """Whether a mark is about a place."""
        return mark.origin in (None, place) and (mark.group is None or (place, mark.group) in self.pairs)

    def of(self, marks: Iterable[Mark], origin: Any, mined_in: Any) -> Marks:
        """Those that a good bears which was processed and mined there."""
        places = {"processed": (origin,), "mined": (mined_in,), "chain": (origin, mined_in)}
        return frozenset(
            mark for mark in marks if (all if mark.every else any)(self._speaks(mark, p) for p in places[mark.by])
        )

    def through(self, marks: Iterable[Mark], inputs: Iterable[Marks], place: Any) -> Marks:
        """Those that are passed on by a process at a place to what it makes of inputs that bear some."""
        known, found = list(inputs), set()
        for mark in marks:
            told = [mark in each for each in known] + [self._speaks(mark, place)] * (mark.by == "chain")
            if (all if mark.every else any)(told):
                found.add(mark)
        return frozenset(found)

    def made(self, marks: Iterable[Mark], passed: Marks, place: Any) -> Marks:
        """Those of a good that a process made at a place: the ones passed on, and those of the place."""
        mine = set(marks)
        return (passed & mine) | self.of([m for m in mine if m.by not in FOLLOWS_BACK], place, None)


def mark_of(record: Record, least: bool, linked: bool) -> Mark:
    """What a policy on origins in use tells apart, where it asks for a ``least`` share or a greatest.

    ``linked``: the good is passed on by processes or made by one that does.
    """
    every = least and (record.by == "chain" or (record.by == "mined" and linked))
    return Mark(record.origin, record.group, record.by, every)


def accepted_groups(instance: Instance) -> dict[str, str]:
    """By sector the group of origins that it accepts, where it does not accept all."""
    view = instance.view("sectors")
    pairs = zip(view["sector"], view["accepted_origins"], strict=True)
    return {str(e): group for e, group in pairs if isinstance(group, str)}


def marks_by_good(
    instance: Instance, takers: dict[str, list[str]], links: dict[str, Link]
) -> dict[str, tuple[Mark, ...]]:
    """What rules tell apart of every traced good that sectors take, or that goods are made of which rules follow back.

    ``takers`` are the sectors that take each of the traced goods.
    """
    groups, linked = accepted_groups(instance), linked_goods(links)
    found: dict[str, dict[Mark, None]] = {good: {} for good in takers}
    for record in records_of(instance):
        for good in record.goods if record.kind == "origin-in-use" else ():
            for least, limit in ((True, record.at_least), (False, record.at_most)):
                if good in found and limit == limit:
                    found[good][mark_of(record, least, good in linked)] = None
    for sector, group in groups.items():
        for good, sectors in takers.items():
            if sector in sectors:
                found[good][Mark(None, group, "processed")] = None
    sizes: list[int] = []
    while sizes != (now := [len(marks) for marks in found.values()]):
        sizes = now
        for link in links.values():
            passed = passed_on(found, link)
            for good in link.takes:
                found[good] |= dict.fromkeys(passed)
    return {good: tuple(marks) for good, marks in found.items()}


def passed_on(marks: dict[str, dict[Mark, None]] | dict[str, tuple[Mark, ...]], link: Link) -> tuple[Mark, ...]:
    """The marks of what a process makes that depend on what it takes."""
    return tuple(dict.fromkeys(m for good in link.makes for m in marks[good] if m.by in FOLLOWS_BACK))
