"""Chain flows: from origins through goods and processes to those who use them, over the horizon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stockpile.report.layout import plain
from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.marks import BACK, COLOURS, GREY, Spec, spec, tip
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

LINKS, ROWS, POINTS = 80, 300, 12
"""Flows drawn and rows told; points along a band."""
THICK, GAP = 0.04, 0.04
"""Width of a place and the free height between two, as parts of the whole."""
KINDS = {"origin": COLOURS[6], "good": COLOURS[0], "process": COLOURS[1], "sector": COLOURS[2], "other": GREY}
Place = tuple[str, str]
"""Kind and name of a place."""


@dataclass(frozen=True)
class Flow:
    """What goes from one place to another over the horizon."""

    source: Place
    target: Place
    amount: float


@dataclass
class Box:
    """Where a place is drawn: its layer, its foot and height, and how much of each side is taken."""

    layer: int
    height: float
    foot: float = 0.0
    taken: dict[str, float] = field(default_factory=lambda: {"in": 0.0, "out": 0.0})


def flows(f: Facts) -> Section:
    """The flows of goods that processes take or make; nothing where the plan runs none."""
    title = "Chain flows"
    found = sorted(_flows(f), key=lambda flow: -flow.amount)
    if not found:
        return Section("flows", title)
    rows: list[list[Cell]] = [[flow.source[1], flow.target[1], flow.amount] for flow in found]
    fields = [*map(text, ("from", "to")), amount("quantity", f.quantity)]
    grids = [*limited("flows", "Flows over the horizon", fields, rows, ROWS, "conversions.csv"), *_processes(f)]
    drawn = [flow for flow in found[:LINKS] if flow.amount > found[0].amount * 1e-4]
    note = "Over the horizon, expected; of goods that processes take or make. What comes back into the chain is in the table."
    return Section("flows", title, charts=[_chart(f, drawn)], grids=grids, note=note)


def _flows(f: Facts) -> Iterable[Flow]:
    """Every flow with some amount, each once."""
    made = f.rows("conversions")
    chained = {str(good) for good in made["good"]}
    bought, served, left = f.bought(), f.rows("service"), f.rows("balance")
    sums: dict[tuple[Place, Place], float] = {}

    def add(source: Place, target: Place, quantity: float) -> None:
        if quantity > NOISE:
            sums[source, target] = sums.get((source, target), 0.0) + quantity

    for good, origin, quantity in zip(*(bought[c].tolist() for c in ("good", "origin", "quantity")), strict=True):
        if good in chained:
            add(("origin", f"from {origin or 'unknown origin'}"), ("good", good), quantity)
    for process, good, taken, brought in zip(
        *(made[c].tolist() for c in ("process", "good", "taken", "brought")), strict=True
    ):
        add(("good", good), ("process", process), taken)
        add(("process", process), ("good", good), brought)
    for good, sector, quantity in zip(*(served[c].tolist() for c in ("good", "sector", "served")), strict=True):
        if good in chained:
            add(("good", good), ("sector", f"for {sector}"), quantity)
    last = f.calendar.labels[-1]
    for good, own in left[left["good"].isin(chained)].groupby("good", sort=False):
        ways = {"sold or lent": own["sold"], "thrown away or lost": own["disposed"] + own["loss"]}
        for way, amounts in ways.items():
            add(("good", str(good)), ("other", way), float(amounts.sum()))
        add(
            ("good", str(good)),
            ("other", "in stock at the end"),
            float(own.loc[own["period"] == last, "closing"].sum()),
        )
    if any(source[0] == "process" or target[0] == "process" for source, target in sums):
        for (source, target), quantity in sums.items():
            yield Flow(source, target, quantity)


def _layers(found: list[Flow]) -> tuple[dict[Place, int], list[Flow]]:
    """How far from the start each place is, and the flows that go forward: one that closes a circle is left out."""
    onward: dict[Place, list[Flow]] = {}
    kept: list[Flow] = []

    def reaches(start: Place, goal: Place) -> bool:
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            if here == goal:
                return True
            fresh = {flow.target for flow in onward.get(here, [])} - seen
            seen |= fresh
            todo += fresh
        return False

    for flow in found:
        if not reaches(flow.target, flow.source):
            onward.setdefault(flow.source, []).append(flow)
            kept.append(flow)
    layer = {place: 0 for flow in kept for place in (flow.source, flow.target)}
    for _ in layer:
        for flow in kept:
            layer[flow.target] = max(layer[flow.target], layer[flow.source] + 1)
    ends = [place for place in layer if place[0] in ("sector", "other")]
    last = max((at for place, at in layer.items() if place not in ends), default=0) + 1
    layer |= dict.fromkeys(ends, last)
    for place in layer:
        if place[0] == "origin":
            layer[place] = max(min(layer[flow.target] for flow in onward[place]) - 1, 0)
    return layer, kept


def _boxes(layer: dict[Place, int], kept: list[Flow]) -> dict[Place, Box]:
    """Places as boxes; within a layer each stands by the middle of what it comes from."""
    size: dict[Place, dict[str, float]] = {place: {"in": 0.0, "out": 0.0} for place in layer}
    for flow in kept:
        size[flow.source]["out"] += flow.amount
        size[flow.target]["in"] += flow.amount
    boxes = {place: Box(layer[place], max(size[place].values())) for place in layer}
    count = max(layer.values(), default=0) + 1
    whole = max(sum(b.height for b in boxes.values() if b.layer == i) for i in range(count))
    for box in boxes.values():
        box.height /= whole
    for i in range(count):
        own = [place for place in boxes if boxes[place].layer == i]
        middle = {place: _middle(boxes, kept, place) for place in own}
        foot = 0.0
        for place in sorted(own, key=lambda p: middle[p]):
            boxes[place].foot = foot
            foot += boxes[place].height + GAP
    return boxes


def _middle(boxes: dict[Place, Box], kept: list[Flow], place: Place) -> float:
    coming = [(boxes[flow.source], flow.amount) for flow in kept if flow.target == place]
    total = sum(quantity for _, quantity in coming)
    return sum((box.foot + box.height / 2) * quantity for box, quantity in coming) / total if total else 0.0


def _bands(boxes: dict[Place, Box], kept: list[Flow]) -> list[dict[str, Any]]:
    """The points along each flow: its lower and upper edge, from the side of one box to that of the next."""
    largest = max(kept, key=lambda flow: flow.amount)
    scale = max(max(boxes[flow.source].height, boxes[flow.target].height) for flow in [largest])
    sums = {
        side: {place: sum(flow.amount for flow in kept if getattr(flow, end) == place) for place in boxes}
        for side, end in (("out", "source"), ("in", "target"))
    }
    per_unit = scale / max(
        sums["out"][largest.source], sums["in"][largest.source], sums["out"][largest.target], sums["in"][largest.target]
    )
    per_unit = min(per_unit, *(box.height / max(sums["out"][p], sums["in"][p]) for p, box in boxes.items()))
    rows = []
    for number, flow in enumerate(sorted(kept, key=lambda flow: (boxes[flow.target].foot, boxes[flow.source].foot))):
        one, other, thick = boxes[flow.source], boxes[flow.target], flow.amount * per_unit
        low, high = one.foot + one.taken["out"], other.foot + other.taken["in"]
        one.taken["out"] += thick
        other.taken["in"] += thick
        for step in range(POINTS + 1):
            t = step / POINTS
            at = low + (high - low) * t * t * (3 - 2 * t)
            x = one.layer + THICK + (other.layer - one.layer - THICK) * t
            rows.append({"flow": number, "x": round(x, 4), "y": round(at, 5), "y2": round(at + thick, 5),
                         "source": flow.source[1], "target": flow.target[1], "amount": flow.amount, "kind": flow.source[0]})  # fmt: skip
    return rows


def _chart(f: Facts, drawn: list[Flow]) -> Chart:
    layer, kept = _layers(drawn)
    boxes = _boxes(layer, kept)
    last = max(layer.values())
    rows: list[dict[str, Any]] = [
        {"place": plain(place[1]), "kind": place[0], "left": box.layer, "right": box.layer + THICK, "foot": box.foot,
         "head": box.foot + box.height, "middle": box.foot + box.height / 2, "end": box.layer == last}
        for place, box in boxes.items()
    ]  # fmt: skip
    rows += _bands(boxes, kept)
    top = max(box.foot + box.height for box in boxes.values())
    across: Spec = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, last + THICK], "nice": False, "zero": False},
    }
    up: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [top, 0], "nice": False}}
    kinds = [kind for kind in KINDS if any(place[0] == kind for place in boxes)]
    inked: Spec = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": kinds, "range": [KINDS[k] for k in kinds]},
    }
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.flow)"}],
            "mark": {"type": "area", "opacity": 0.35},
            "encoding": {
                "x": {"field": "x", **across},
                "y": {"field": "y", **up},
                "y2": {"field": "y2"},
                "detail": {"field": "flow"},
                "color": inked,
                "tooltip": tip(("source", "from", ""), ("target", "to", ""), ("amount", f.quantity, ",.4~r")),
            },
        },
        {
            "transform": [{"filter": "isValid(datum.place)"}],
            "mark": {"type": "rect", "stroke": BACK, "strokeWidth": 0.5},
            "encoding": {
                "x": {"field": "left", **across},
                "x2": {"field": "right"},
                "y": {"field": "foot", **up},
                "y2": {"field": "head"},
                "color": inked,
                "tooltip": tip(("place", "place", "")),
            },
        },
        *(_labels(across, up, end, last) for end in (False, True)),
    ]
    says = f"Bands from {len(kept)} places to the next, as wide as what flows: origins, goods, processes and users; the table tells each."
    plan = spec(max(260, 26 * len(boxes)), layer=layers, resolve={"scale": {"color": "shared"}})
    return Chart("flows", f"Flows over the horizon, {f.quantity}", says, plan, rows, wide=True)


def _labels(across: Spec, up: Spec, end: bool, last: int) -> Spec:
    """Names of places, to the right of the box, of the last layer to the left."""
    room = {"expr": f"width / {max(last, 1)} * 0.8"}
    mark = {
        "type": "text",
        "align": "right" if end else "left",
        "dx": -4 if end else 4,
        "limit": room,
        "baseline": "middle",
    }
    return {
        "transform": [{"filter": f"isValid(datum.place) && datum.end == {str(end).lower()}"}],
        "mark": mark,
        "encoding": {
            "x": {"field": "left" if end else "right", **across},
            "y": {"field": "middle", **up},
            "text": {"field": "place"},
        },
    }


def _processes(f: Facts) -> list[Grid]:
    """What each process runs, costs, takes and emits, by calendar year."""
    rows = summed(f.rows("runs"), ["process", "year"], ["level", "cost", "set_up", "energy", "emissions"])
    units = {name: (f.plan.summary.get(name) or {}).get("unit", "") for name in ("energy", "emissions")}
    fields = [
        text("process"),
        amount("year", "plain"),
        amount("run", f.quantity),
        *(amount(title, f.money) for title in ("cost", "set-ups")),
        *(amount(name, units[name]) for name in ("energy", "emissions")),
    ]
    return limited("processes", "Runs of processes", fields, rows, ROWS, "runs.csv")
