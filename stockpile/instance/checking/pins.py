"""Pins: what they name exists, and they ask for something that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.cells import nearest, shown
from stockpile.instance.checking.stores import goods_moved
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


TABLES = {
    "order": ("sources", "source"),
    "release": ("projects", "project"),
    "abandonment": ("projects", "project"),
    "run": ("processes", "process"),
    "overtime": ("resources", "resource"),
    "draw": ("funds", "fund"),
    "repayment": ("funds", "fund"),
    "signing": ("contracts", "contract"),
}
"""Tables that a decision names something of, and their columns; all others name a good."""
SECTORS = ("service", "substitution", "backlog", "shortfall")
"""Decisions about what a sector gets or lacks."""
ONCE = {"release": "a stage is released", "abandonment": "a project is abandoned", "signing": "a contract is signed"}
"""Decisions that are taken once, or not."""
COLUMNS = {"stage": ("release",), "sector": SECTORS, "from_store": ("transfer",), "to_store": ("transfer",)}
"""Columns that only some decisions have."""
ANY = "any store"


def _check_names(instance: Instance, report: Report) -> None:
    """A pin names a source, a project, a process, a resource, a fund, a contract or a good."""
    view = instance.view("pins")
    for row, (decision, name) in enumerate(zip(view["decision"], view["name"], strict=True)):
        table, column = TABLES.get(decision, ("goods", "good"))
        known = [str(k) for k in instance.view(table)[column]]
        if name not in known:
            hint = nearest(name, known) if known else "the table is missing"
            report.fault("pins", f"{shown(name)} is not in {table}.csv; {hint}", row, "name")


def _check_parts(instance: Instance, report: Report) -> None:
    """Only a release has a stage, which it names; only what sectors get or lack has a sector, only a transfer stores."""
    stages: dict[str, list[int]] = {}
    for project, stage in zip(instance.view("stages")["project"], instance.view("stages")["stage"], strict=True):
        stages.setdefault(str(project), []).append(int(stage))
    for row, pin in enumerate(instance.records("pins")):
        decision, name = pin["decision"], pin["name"]
        for column, having in COLUMNS.items():
            given = isinstance(pin[column], str) or (column == "stage" and pin[column] == pin[column])
            if given and decision not in having:
                what = column.replace("_", " ")
                report.fault("pins", f"a pin of {decision} has no {what}; leave it blank", row, column)
        if decision == "release" and pin["stage"] not in stages.get(name, [pin["stage"]]):
            numbers = ", ".join(str(i) for i in sorted(stages[name]))
            report.fault("pins", f"a release names its stage; the stages of {name!r} are {numbers}", row, "stage")


def _check_wanted(instance: Instance, report: Report) -> None:
    """The sector that a pin names wants the good, takes it instead of another, may wait for it, may lack it."""
    view, demand, accepts = (instance.view(table) for table in ("pins", "demand", "accepts"))
    wanted = list(dict.fromkeys(zip(demand["sector"], demand["good"], strict=True)))
    waits = [] if instance.view("backlog").empty else [p for p in wanted if len(instance.backlog_of(*p))]
    lacks = [p for p in wanted if len(instance.tiers_of(*p))]
    takes = [
        (e, h)
        for e, g, h in zip(accepts["sector"], accepts["wanted"], accepts["given"], strict=True)
        if (e, g) in wanted
    ]
    known = {
        "service": (wanted, "wants {}", "demand"),
        "substitution": (takes, "takes {} instead of a good that it wants", "accepts"),
        "backlog": (waits, "may wait for {}", "backlog"),
        "shortfall": (lacks, "may lack {}", "tiers"),
    }
    for row, (decision, good, sector) in enumerate(zip(view["decision"], view["name"], view["sector"], strict=True)):
        members, does, table = known.get(decision, ([(sector, good)], "", ""))
        if not any(g == good and sector in (None, e) for e, g in members):
            who = "no sector" if sector is None else f"{sector!r} is no sector that"
            said = f"{who} {does.format(repr(good))}; give it a row in {table}.csv, or delete the pin"
            report.fault("pins", said, row, "name")


def _check_possible(instance: Instance, report: Report) -> None:
    """What is pinned can be decided at all."""
    funds, rotation, view, projects, resources = (
        instance.view(table) for table in ("funds", "rotation", "pins", "projects", "resources")
    )
    modes = {mode: set(rotation.loc[rotation["mode"] == mode, "good"]) for mode in ("sale", "exchange")}
    credit = (set(funds.loc[funds["kind"] == "credit", "fund"]), "is no credit facility")
    may = {str(p) for p, flag in zip(projects["project"], projects["may_abandon"], strict=True) if flag is True}
    unsigned = set(instance.view("contracts")["contract"]) - set(instance.view("opening_contracts")["contract"])
    known = {
        "signing": (unsigned, "was signed before the horizon"),
        "sale": (modes["sale"], "is not sold: it has no sale in rotation.csv"),
        "exchange": (modes["exchange"], "is not lent: it has no exchange in rotation.csv"),
        "stock": (set(instance.view("storage")["good"]), "is kept in no store: it has no row in storage.csv"),
        "draw": credit,
        "repayment": credit,
        "abandonment": (may, "may not be abandoned; set may_abandon in projects.csv"),
        "overtime": (
            set(resources.loc[resources["overtime"] > 0, "resource"]),
            "has no overtime; give it some in resources.csv",
        ),
    }
    for row, (decision, name) in enumerate(zip(view["decision"], view["name"], strict=True)):
        if decision in known and name not in known[decision][0]:
            report.fault("pins", f"{name!r} {known[decision][1]}", row, "name")


def _check_routes(instance: Instance, report: Report) -> None:
    """What must be or may not be sent has a route; what must be sent cannot be moved round and round instead."""
    moved = goods_moved(instance)
    pins = instance.view("pins")
    columns = (pins[name] for name in ("decision", "name", "from_store", "to_store", "at_least"))
    for row, (decision, good, start, end, least) in enumerate(zip(*columns, strict=True)):
        if decision != "transfer":
            continue
        routes = moved.get(good, {})
        chosen = [(v, w) for v, w in routes if start in (None, v) and end in (None, w)]
        if not chosen:
            way = f"from {ANY if start is None else repr(start)} to {ANY if end is None else repr(end)}"
            said = f"{good!r} has no route {way}; give it one in transfers.csv"
            report.fault("pins", said, row, "name")
        elif least > 0 and (route := _circling(chosen, [r for r, lead in routes.items() if not lead])):
            said = (
                f"{good!r} could go from {route[0]!r} to {route[1]!r} and back in one period, so that the same unit counts "
                "again and again; name another route, or give this one a lead_time in transfers.csv"
            )
            report.fault("pins", said, row, "at_least")


def _check_runs(instance: Instance, report: Report) -> None:
    """What must be run cannot be undone in the same period and run again."""
    processes, recipes = instance.view("processes"), instance.view("recipes")
    quick = {str(j) for j, lead in zip(processes["process"], processes["lead_time"], strict=True) if not lead}
    takes: dict[str, list[str]] = {}
    makes: dict[str, list[str]] = {}
    for process, good, amount in zip(recipes["process"], recipes["good"], recipes["amount"], strict=True):
        (makes if amount > 0 else takes).setdefault(str(process), []).append(str(good))
    ways = {j: [(g, h) for g in takes.get(j, ()) for h in makes.get(j, ())] for j in quick}
    every = [way for mine in ways.values() for way in mine]
    pins = instance.view("pins")
    for row, (decision, name, least) in enumerate(zip(pins["decision"], pins["name"], pins["at_least"], strict=True)):
        if decision == "run" and least > 0 and (way := _circling(ways.get(name, []), every)):
            said = (
                f"{way[0]!r} could become {way[1]!r} and {way[0]!r} again in one period, so that the same unit counts "
                "again and again; give one of the processes a lead_time, or require an order or a release instead"
            )
            report.fault("pins", said, row, "at_least")


def _check_spending(instance: Instance, report: Report) -> None:
    """What must be borrowed is not spent by paying the dear steps of a market first."""
    view, pins = instance.view("sources"), instance.view("pins")
    steps = instance.view("markets").groupby("market")["step"].nunique()
    columns = (view[name] for name in ("source", "market", "paid_by"))
    dear = [(k, u) for k, u, payer in zip(*columns, strict=True) if payer == "fund" and steps.get(u, 0) > 1]
    for row, (decision, least) in enumerate(zip(pins["decision"], pins["at_least"], strict=True)):
        if decision in ("draw", "repayment") and least > 0 and dear:
            said = (
                f"what must be borrowed could be spent by paying the dear steps of market {dear[0][1]!r} first; give at_most, "
                f"or give {dear[0][0]!r} price steps of its own in prices.csv"
            )
            report.fault("pins", said, row, "at_least")


def _circling(chosen: list[tuple[str, str]], quick: list[tuple[str, str]]) -> tuple[str, str] | None:
    """The first of some routes that is part of a circle of ``quick`` ones, None where none is."""
    for start, end in chosen:
        if (start, end) not in quick:
            continue
        reached, more = {end}, True
        while more:
            found = reached | {w for v, w in quick if v in reached}
            reached, more = found, found != reached
        if start in reached:
            return start, end
    return None


def _check_amounts(instance: Instance, report: Report) -> None:
    """A pin requires or forbids something, and not both more and less."""
    view = instance.view("pins")
    columns = (view[name] for name in ("pin", "decision", "at_least", "at_most"))
    for row, (pin, decision, least, most) in enumerate(zip(*columns, strict=True)):
        if least != least and most != most:
            report.fault("pins", f"{pin!r} asks for nothing; give at_least or at_most", row, "at_least")
        if least > most:
            report.fault("pins", f"at_least is above at_most ({most:g}); nothing can be both", row, "at_least")
        if decision in ONCE and least > 1:
            report.fault("pins", f"{ONCE[decision]} once; at_least is 0 or 1", row, "at_least")


PIN_RULES = (
    (_check_names, "pins sources projects goods funds resources processes contracts"),
    (_check_parts, "pins stages"),
    (_check_wanted, "pins demand accepts backlog tiers"),
    (_check_possible, "pins rotation storage funds projects resources contracts opening_contracts"),
    (_check_routes, "pins transfers storage"),
    (_check_runs, "pins processes recipes"),
    (_check_spending, "pins sources markets"),
    (_check_amounts, "pins"),
)
