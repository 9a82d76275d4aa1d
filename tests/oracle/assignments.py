"""Every discrete assignment of an instance: which orders are placed, of how many lots, up to which price step, and which
stages start when."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, product

from tests.oracle.abandonment import endings
from tests.oracle.contracts import Signed, deals_of, signings, stands
from tests.oracle.facts import Facts, Project, Source, number
from tests.oracle.incentives import Exhausted, exhaustions
from tests.oracle.market_supply import turn_slots
from tests.oracle.processing import Campaign, campaigns
from tests.oracle.rotation import Event, event_slots

Released = dict[tuple[str, int], int]


@dataclass(frozen=True)
class Assignment:
    """What is chosen for (source, period) of every source with lumps, lots or a discount; ``released`` is the period by stage.

    ``orders`` are those placed at lumpy sources, ``lots`` the number of lots at those that sell in lots, ``last`` the last
    price step that is used where prices may fall, ``abandoned`` the period by project, ``rotated`` the (good, mode, period) in which
    rotation that has a charge or a least lot happens, ``campaigns`` the (process, period) in which processes are set up,
    ``normal`` the last step that normal consumption uses of a market that it shares with the reserve, by market and period,
    ``signed`` the period by contract, ``exhausted`` that in which the cap of an incentive is reached.
    """

    orders: frozenset[tuple[str, int]]
    lots: dict[tuple[str, int], int]
    last: dict[tuple[str, int], int]
    released: Released
    abandoned: dict[str, int]
    rotated: frozenset[Event]
    campaigns: frozenset[Campaign]
    normal: dict[tuple[str, int], int]
    signed: Signed
    exhausted: Exhausted


def assignments(facts: Facts) -> Iterator[Assignment]:
    """Every assignment that the rules of orders and stages allow."""
    slots = [(source, n) for source in facts.sources for n in order_slots(facts, source)]
    plans, events, set_ups = list(_plans_and_deals(facts)), event_slots(facts), list(campaigns(facts))
    turns, caps = turn_slots(facts), list(exhaustions(facts))
    normals = [dict(zip(turns, lasts, strict=True)) for lasts in product(*(range(n) for n in turns.values()))]
    rotations = [frozenset(compress(events, picks)) for picks in product((False, True), repeat=len(events))]
    for picks in product(*(_choices(source, n) for source, n in slots)):
        picked = [(source, (source.name, n), pick) for (source, n), pick in zip(slots, picks, strict=True)]
        orders = frozenset(key for source, key, pick in picked if source.lumpy and pick is not None)
        lots = {key: pick[0] if pick else 0 for source, key, pick in picked if source.lot > 0}
        last = {key: pick[1] if pick else -1 for source, key, pick in picked if source.discount is not None}
        for plan, rotated, set_up, normal, when in product(plans, rotations, set_ups, normals, caps):
            released, abandoned, signed = plan
            yield Assignment(orders, lots, last, released, abandoned, rotated, set_up, normal, signed, when)


def _plans_and_deals(facts: Facts) -> Iterator[tuple[Released, dict[str, int], Signed]]:
    """Releases, abandonments and signings that go together."""
    deals = deals_of(facts)
    for (released, ends), signed in product(list(_all_releases(facts)), list(signings(facts))):
        if _needs_hold(facts, released, ends, signed) and stands(facts, deals, signed, released, ends):
            yield released, ends, signed


def _choices(source: Source, n: int) -> list[tuple[int, int] | None]:
    """None where no order is placed, else the number of lots and the last price step used.

    The number is 0 where the source does not sell in lots, the step 0 where its prices do not fall.
    """
    steps = [i for i, (w, _) in enumerate(source.steps) if w[n] is not None] if source.discount else [0]
    if source.lot <= 0:
        return [None, *((0, i) for i in steps)]
    widths = [width for w, _ in source.steps if (width := w[n]) is not None]
    most = math.floor(sum(widths) / source.lot + 1e-9)
    return [None, *product(range(1, most + 1), steps)]


def order_slots(facts: Facts, source: Source) -> list[int]:
    """Periods in which an order can be placed at a source with lumps, lots or a discount and arrive, or count at the end."""
    if not source.lumpy and source.lot <= 0 and source.discount is None:
        return []
    end = min(source.until, facts.periods - (0 if source.worth > 0 else source.lead))
    return [n for n in range(source.first, end) if any(w[n] is not None for w, _ in source.steps)]


def _all_releases(facts: Facts) -> Iterator[tuple[Released, dict[str, int]]]:
    ways = [[(r, end) for r in _releases(facts, p) for end in endings(facts, p, r)] for p in facts.projects]
    for parts in product(*ways):
        released = {key: n for part, _ in parts for key, n in part.items()}
        ends = {p.name: end for p, (_, end) in zip(facts.projects, parts, strict=True) if end is not None}
        if _groups_hold(facts, released) and _pins_hold(facts, released, ends):
            yield released, ends


def _releases(facts: Facts, project: Project, done: Released | None = None) -> Iterator[Released]:
    """Releases of one project's stages in order, stopping anywhere."""
    past = {key: n for key, n in facts.opened.items() if key[0] == project.name}
    released = past if done is None else done
    yield released
    if len(released) == len(project.stages):
        return
    stage = project.stages[len(released)]
    first, until = project.first, project.until
    if released:
        before = project.stages[len(released) - 1]
        first, until = released[project.name, before.number] + before.duration, facts.periods
    until = min(until, stage.deadline)
    if project.exit_cost is not None and not released:
        until = min(until, *(s.deadline for s in project.stages))
    for n in range(max(first, 0), min(until, facts.periods - stage.duration)):
        yield from _releases(facts, project, {**released, (project.name, stage.number): n})


def _pins_hold(facts: Facts, released: Released, ends: dict[str, int]) -> bool:
    """Stages that must be released are, and those that may not be are not; the same for projects that are abandoned."""
    for pin in facts.rows("pins"):
        if pin["decision"] in ("release", "abandonment"):
            if pin["decision"] == "release":
                when = released.get((str(pin["name"]), int(pin["stage"])), -1)
            else:
                when = ends.get(str(pin["name"]), -1)
            inside = int(pin["from"]) <= when < int(pin["until"])
            low, high = number(pin["at_least"]), number(pin["at_most"])
            if (low == low and inside < low) or (high == high and inside > high):
                return False
    return True


def _groups_hold(facts: Facts, released: Released) -> bool:
    """At most one project of a group is started."""
    started = [p.group for p in facts.projects if p.group is not None and (p.name, 1) in released]
    return len(started) == len(set(started))


def _needs_hold(facts: Facts, released: Released, abandoned: dict[str, int], signed: Signed) -> bool:
    """Every stage starts after all that one of its alternatives needs is verified or signed; the past is not asked."""
    stages = {(p.name, s.number): s for p in facts.projects for s in p.stages}

    def there(needed: tuple[str, int], n: int) -> bool:
        if needed[1] == 0:
            return signed.get(needed[0], facts.periods) <= n
        end = released[needed] + stages[needed].duration if needed in released else facts.periods
        return end <= n and end <= abandoned.get(needed[0], end)

    begun = {key: n for key, n in released.items() if n >= 0}
    return all(any(all(there(q, n) for q in way) for way in stages[key].ways) for key, n in begun.items())
