"""What rules speak of where goods come from, good by good, and what is passed on through processes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from stockpile.instance.provenance import FOLLOWS_BACK, linked_goods, links_of
from stockpile.plan.auditing.case import Case

Rule = dict[Any, Any]


class Mark(NamedTuple):
    """What a rule speaks of: a group or an origin, and the stage that counts; ``every`` where all of a mixture must bear it."""

    origin: str | None
    group: str | None
    by: str
    every: bool


Marks = frozenset[Mark]


def name_of(marks: Marks) -> str:
    """A class in the words of the plan."""
    told = {"processed": ("", ""), "mined": (" (mined)", " (all mined)"), "chain": (" (chain)", " (all of the chain)")}
    return " + ".join(sorted((m.group or str(m.origin)) + told[m.by][m.every] for m in marks)) or "other"


def mark_of(rule: Rule, side: str, linked: bool) -> Mark:
    """What a side of a policy on origin in use speaks of, of a good that is ``linked`` to others by what they pass on or not."""
    mixed = rule["by"] == "chain" or (rule["by"] == "mined" and linked)
    return Mark(rule["origin"], rule["group"], rule["by"], mixed and side == "at_least")


class Origins:
    """Groups of origins, the policies on origin in use, and the processes that pass origins on (``links``)."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.groups = {(row["origin"], row["group"]) for row in case.view("origins").records}
        self.policies = [rule for rule in case.view("policies").records if rule["kind"] == "origin-in-use"]
        sectors = zip(*(case.view("sectors")[c] for c in ("sector", "accepted_origins")), strict=True)
        self.accepts = {str(e): str(group) for e, group in sectors if group is not None}
        self.links = links_of(case.instance)
        self.linked = linked_goods(self.links)
        processes = case.view("processes")
        self.place = dict(zip(processes["process"], processes["origin"], strict=True))

    def rules(self, good: str) -> list[Rule]:
        """The policies on the origin of a good in use."""
        material = dict(zip(self.case.goods["good"], self.case.goods["material"], strict=True))[good]
        return [r for r in self.policies if r["good"] in (None, good) and r["material"] in (None, material)]

    def marks(self, good: str, takers: Iterable[str]) -> dict[Mark, None]:
        """What rules tell apart of a good that some sectors take, and of what is made of it."""
        told = [
            mark_of(rule, side, good in self.linked)
            for rule in self.rules(good)
            for side in ("at_least", "at_most")
            if rule[side] == rule[side]
        ]
        told += [Mark(None, self.accepts[e], "processed", False) for e in takers if e in self.accepts]
        for made in self._made_of(good):
            told += [mark for mark in self.marks_back(made) if mark not in told]
        return dict.fromkeys(told)

    def marks_back(self, good: str) -> list[Mark]:
        """What rules on a good tell apart that depends on what it is made of."""
        return [
            mark_of(rule, side, True)
            for rule in self.rules(good)
            for side in ("at_least", "at_most")
            if rule["by"] in FOLLOWS_BACK and rule[side] == rule[side]
        ]

    def _made_of(self, good: str) -> set[str]:
        """What processes that pass origins on make of a good, at once or after others."""
        found, new = set[str](), {good}
        while new:
            new = {made for link in self.links.values() if new & set(link.takes) for made in link.makes} - found
            found |= new
        return found

    def speaks(self, mark: Mark, place: Any) -> bool:
        """Whether a mark is one of a place."""
        return mark.origin in (None, place) and (mark.group is None or (place, mark.group) in self.groups)

    def of(self, marks: Iterable[Mark], origin: Any, mined_in: Any) -> Marks:
        """Which of some marks a good bears, by where it was processed and mined."""
        found = set()
        for mark in marks:
            there = [self.speaks(mark, place) for place in (origin, mined_in)]
            told = {"processed": there[0], "mined": there[1]}
            if told.get(mark.by, all(there) if mark.every else any(there)):
                found.add(mark)
        return frozenset(found)

    def passed(self, marks: Iterable[Mark], inputs: Iterable[Marks], place: Any) -> Marks:
        """Which of some marks a batch passes on that is made of inputs at a place."""
        known, found = list(inputs), set()
        for mark in marks:
            here = [self.speaks(mark, place)] if mark.by == "chain" else []
            borne = [mark in each for each in known] + here
            if all(borne) if mark.every else any(borne):
                found.add(mark)
        return frozenset(found)
