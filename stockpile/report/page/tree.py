"""The tree of scenarios: when futures part, and what each costs."""

from __future__ import annotations

from typing import Any

from stockpile.report.layout import plain
from stockpile.report.page.facts import Facts
from stockpile.report.page.marks import COLOURS, TEXT, Spec, bars, spec, tip, when
from stockpile.report.page.parts import Cell, Chart, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

NAMED, DRAWN, ROWS = 30, 400, 500
"""Scenarios with a name at the end of their path and a bar; those that are drawn; rows of the table."""
SECTION, TITLE = "tree", "The tree of scenarios"


def tree(f: Facts) -> Section:
    """Paths from the present to every future, and a table of their outcomes; nothing where there is one future."""
    outcomes = f.plan.tables["outcomes"]
    if len(outcomes) < 2:
        return Section(SECTION, TITLE)
    ranked = outcomes.sort_values("cost", ascending=False, kind="stable")
    names = [str(name) for name in ranked["scenario"][:NAMED]]
    rows = [{"part": name, "amount": float(cost)} for name, cost in zip(names, ranked["cost"][:NAMED], strict=True)]
    says = f"Bars of the discounted cost of {len(names)} scenarios, the dearest first."
    costs = Chart("scenario-costs", f"Cost of each scenario, {f.money}", says, bars(names, f.money, "scenario"), rows)
    words = [f"{len(f.weights):,} nodes; decisions are shared as long as futures cannot be told apart.", *_risk(f)]
    return Section(SECTION, TITLE, words, [_paths(f), costs], _table(f))


def _risk(f: Facts) -> list[str]:
    """What the worst futures come to, where they count."""
    risk = f.plan.summary.get("risk")
    if not isinstance(risk, dict) or not isinstance(risk.get("tail"), int | float):
        return []
    return [
        f"{risk['measure']} of {risk['of'].replace('_', ' ')}: {risk['tail']:,.2f} {f.money}; of all scenarios it is {risk['mean']:,.2f}."
    ]


def branches(f: Facts) -> list[dict[str, Any]]:
    """Pieces of paths between forks: their ends, height, probability and scenarios."""
    order = [str(name) for name in f.plan.tables["outcomes"]["scenario"]][:DRAWN]
    passed = dict(zip(order, f.paths[0], strict=False))
    members: dict[str, list[str]] = {}
    for name, path in passed.items():
        for node in path:
            members.setdefault(node, []).append(name)
    heights = _heights([passed[name] for name in order])
    height = {node: sum(heights[order.index(n)] for n in own) / len(own) for node, own in members.items()}
    out: list[dict[str, Any]] = []
    seen: set[str] = set()
    for name in order:
        nodes, t = passed[name], 0
        while t < len(nodes):
            first = t
            while t + 1 < len(nodes) and len(members[nodes[t + 1]]) == len(members[nodes[first]]):
                t += 1
            if nodes[first] not in seen:
                seen.add(nodes[first])
                out.append(_piece(f, nodes, first, t, height, members[nodes[first]]))
            t += 1
    return out


def _heights(paths: list[list[str]]) -> list[int]:
    """A height for every scenario, so that those that part late stand together."""
    ranks: dict[tuple[str, ...], int] = {}
    keys = []
    for path in paths:
        key = tuple(str(ranks.setdefault(tuple(path[: t + 1]), len(ranks))).zfill(9) for t in range(len(path)))
        keys.append(key)
    places = sorted(range(len(paths)), key=lambda i: keys[i])
    return [places.index(i) for i in range(len(paths))]


def _piece(
    f: Facts, nodes: list[str], first: int, last: int, height: dict[str, float], names: list[str]
) -> dict[str, Any]:
    starts = f.calendar.starts
    whole = len(nodes) == last + 1
    return {
        "from": starts[first].isoformat(),
        "to": starts[last + 1].isoformat(),
        "height": height[nodes[first]],
        "parent": height[nodes[first - 1]] if first else None,
        "probability": float(f.weights.get(nodes[first], 1.0)),
        "scenarios": ", ".join(plain(n) for n in names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else ""),
        "label": plain(names[0]) if whole and len(names) == 1 else None,
    }


def _paths(f: Facts) -> Chart:
    rows = branches(f)
    count = min(len(f.plan.tables["outcomes"]), DRAWN)
    down: Spec = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.7, count - 0.3], "reverse": True, "zero": False, "nice": False},
    }
    wide: Spec = {
        "field": "probability",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [1, 7]},
        "legend": None,
    }
    told = tip(("scenarios", "scenarios", ""), ("probability", "probability", ".1%"))
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.parent)"}],
            "mark": {"type": "rule", "color": COLOURS[0]},
            "encoding": {
                "x": when(f.axis, "from"),
                "y": {"field": "parent", **down},
                "y2": {"field": "height"},
                "strokeWidth": wide,
            },
        },
        {
            "mark": {"type": "rule", "color": COLOURS[0], "strokeCap": "round"},
            "encoding": {
                "x": when(f.axis, "from"),
                "x2": {"field": "to"},
                "y": {"field": "height", **down},
                "strokeWidth": wide,
                "tooltip": told,
            },
        },
    ]
    layers = layers if any(row["parent"] is not None for row in rows) else layers[1:]
    if count <= NAMED:
        mark = {"type": "text", "align": "right", "dy": -7, "dx": -2, "color": TEXT, "limit": {"expr": "width * 0.6"}}
        encoding = {"x": when(f.axis, "to"), "y": {"field": "height", **down}, "text": {"field": "label"}}
        layers.append({"transform": [{"filter": "isValid(datum.label)"}], "mark": mark, "encoding": encoding})
    says = f"A tree from left to right that parts into {count} scenarios; a branch is as thick as it is likely."
    tall = max(160, min(30 * count, 900)) if count <= NAMED else max(300, min(4 * count, 900))
    return Chart("tree", "When futures part", says, spec(tall, layer=layers), rows)


def _table(f: Facts) -> list[Grid]:
    """Every scenario, the dearest first."""
    outcomes = f.plan.tables["outcomes"].sort_values("cost", ascending=False, kind="stable")
    lossy = bool((outcomes["taxpayer_loss"].abs() > NOISE).any())
    rows: list[list[Cell]] = [
        [
            str(r["scenario"]),
            float(r["probability"]),
            float(r["cost"]),
            float(r["shortfall"]),
            *([float(r["taxpayer_loss"])] if lossy else []),
        ]
        for r in outcomes.to_dict("records")
    ]
    fields = [
        text("scenario"),
        amount("probability", "share"),
        amount("cost", f.money),
        amount("penalties of shortfall", f.money),
        *([amount("loss of taxpayers", f.money)] if lossy else []),
    ]
    return limited("scenarios", "Scenarios, discounted", fields, rows, ROWS, "outcomes.csv")
