"""Projects: stages, milestones and tranches over time, and what they bring."""

from __future__ import annotations

from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.gantt import gantt, released
from stockpile.report.page.parts import Cell, Grid, Section, amount, limited, text

ROWS = 400
SECTION, TITLE = "projects", "Projects: stages, milestones and tranches"


def projects(f: Facts) -> Section:
    """A chart of what runs when, and tables of every tranche and effect."""
    go = f.plan.tables["go"]
    if go.empty and f.plan.tables["disbursements"].empty:
        return Section(SECTION, TITLE)
    idle = [p for p in f.sums.projects if p not in set(go["project"]) and not f.context["projects"][p]["before"]]
    words = [f"Not begun: {len(idle)} of {len(f.sums.projects)} projects."] if idle else []
    grids = [*_tranches(f), *_payers(f), *_effects(f), *_left(f)]
    charts = [gantt(f, go)] if len(go) else []
    return Section(SECTION, TITLE, words, charts, grids)


def _title(f: Facts, project: str) -> str:
    about = f.context["projects"].get(project) or {}
    return str(about.get("title") or "")


def _tranches(f: Facts) -> list[Grid]:
    """Every stage that is released, by the project that begins first; without columns of text that say nothing."""
    rows: list[list[Cell]] = []
    for stage in released(f, f.plan.tables["go"]):
        told = [stage[name] for name in ("stage", "milestone", "go", "verified", "cost")]
        rows.append([stage["project"], _title(f, stage["project"]), *told, *([stage["weight"]] if f.weights else [])])
    fields = [
        *map(text, ("project", "what it is")),
        amount("stage", "plain"),
        *map(text, ("milestone", "go", "verified")),
        amount("tranche", f.money),
        *([amount("probability", "share")] if f.weights else []),
    ]
    kept = [i for i, field in enumerate(fields) if field.number or any(row[i] for row in rows)]
    shown: list[list[Cell]] = [[row[i] for i in kept] for row in rows]
    return limited("stages", "Stages released", [fields[i] for i in kept], shown, ROWS, "go.csv")


def _payers(f: Facts) -> list[Grid]:
    """What each fund pays of each project, and how."""
    rows = summed(f.rows("disbursements"), ["project", "fund", "instrument"], ["amount"])
    fields = [*map(text, ("project", "fund", "instrument")), amount("paid", f.money)]
    return limited("payers", "Who pays for projects", fields, rows, ROWS, "disbursements.csv")


def _effects(f: Facts) -> list[Grid]:
    """What projects bring at their full strength, and from when."""
    found = f.plan.tables["effects"]
    units = {"revenue": f"{f.money} a period", "capacity": f.quantity, "demand": "share of demand"}
    rows: list[list[Cell]] = []
    for key, own in found.groupby(["project", "after", "kind", "name", "sector"], sort=False):
        project, after, kind, named, sector = map(str, key)
        begin = min(own["period"], key=f.order.__getitem__)
        what = f"{named} for {sector}" if sector else named
        unit = units.get(kind, f"{f.quantity} a period")
        rows.append([project, int(after), kind, what, begin, float(own["amount"].max()), unit])
    fields = [
        text("project"),
        amount("after stage", "plain"),
        *map(text, ("brings", "to", "from")),
        amount("at most"),
        text("unit"),
    ]
    return limited("effects", "What projects bring", fields, rows, ROWS, "effects.csv")


def _left(f: Facts) -> list[Grid]:
    """Projects that are abandoned."""
    rows: list[list[Cell]] = [
        [r["project"], r["period"], float(r["cost"]), float(f.weights.get(r["node"], 1.0))]
        for r in f.plan.tables["abandonments"].to_dict("records")
    ]
    fields = [*map(text, ("project", "abandoned in")), amount("exit cost", f.money), amount("probability", "share")]
    return limited("abandoned", "Projects abandoned", fields, rows, ROWS, "abandonments.csv")
