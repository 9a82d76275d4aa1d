"""The answer in words, and what it costs by name."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stockpile.report.figures import TOTAL
from stockpile.report.layout import percent, plain
from stockpile.report.page.facts import Facts, ranked
from stockpile.report.page.marks import COLOURS, bars
from stockpile.report.page.parts import Chart, Grid, Section, amount, text
from stockpile.report.page.trust import rests_on
from stockpile.report.sheet import NOISE
from stockpile.report.summary import NAMES, verdict

PENALTIES = "(penalty)"
SIGNS = ["cost", "penalty", "gain"]
FIRST = 6
"""Projects that a sentence names."""


def answer(f: Facts) -> Section:
    """What was planned, how good it is, and what it comes to, in sentences."""
    words = [*_verdict(f), *_costs(f), *_futures(f), *_bought(f), *_projects(f), *_short(f), *rests_on(f)]
    return Section("answer", "The answer", words)


def _verdict(f: Facts) -> Iterator[str]:
    plan = f.plan
    horizon = f.sums.horizon
    payers = "all payers" if f.context.get("perspective") == "all" or not f.context.get("funds") else "public funds"
    rate = f.context.get("discount_rate")
    discounted = f", discounted at {percent(rate)} a year" if isinstance(rate, int | float) and rate else ""
    expected = ", expected over all scenarios" if len(plan.tables["outcomes"]) > 1 else ""
    yield (
        f"The plan of {horizon['first']} to {horizon['last']} costs {_money(f, plan.objective)}"
        f" ({payers}{discounted}{expected})."
    )
    said = verdict(plan)
    known = f" No plan can cost less than {_money(f, plan.bound)}: a better one could save at most {percent(plan.gap)}."
    yield f"{said[0].upper()}{said[1:]}." + (known if math.isfinite(plan.bound) else " No bound is known.")
    audit = plan.summary.get("audit")
    if isinstance(audit, dict) and audit.get("breaches"):
        yield f"The audit FAILED: {audit['breaches']:,} breaches. Do not use this plan; stockpile audit lists them."
    elif isinstance(audit, dict):
        yield f"The audit passed: {audit.get('rows', 0):,} rows and every cost were recomputed from the plan's tables."


def _costs(f: Facts) -> Iterator[str]:
    """The largest costs and gains."""
    named = sorted(f.sums.costs.items(), key=lambda pair: -abs(pair[1]))
    told = [(NAMES.get(name, name.replace("_", " ")), cost) for name, cost in named[:4] if abs(cost) > NOISE]
    if told:
        yield f"Most of it: {', '.join(f'{words} {_money(f, cost)}' for words, cost in told)}."


def _futures(f: Facts) -> Iterator[str]:
    found = f.plan.tables["outcomes"].sort_values("cost", kind="stable")
    if len(found) > 1:
        best, worst = found.iloc[0], found.iloc[-1]
        yield (
            f"Over {len(found):,} scenarios the cost lies between {_money(f, best['cost'])} ({name(best['scenario'])})"
            f" and {_money(f, worst['cost'])} ({name(worst['scenario'])})."
        )


def _bought(f: Facts) -> Iterator[str]:
    bought = f.bought()
    paid = bought.set_index("origin")["cost"]
    total = float(paid.sum())
    if total > NOISE:
        first = ranked(paid, 3)
        parts = [f"{name(o) if o else 'unknown origin'} {percent(float(paid[[o]].sum()) / total)}" for o in first]
        yield f"It buys goods for {_money(f, total)} (not discounted), by cost from {', '.join(parts)}."


def _projects(f: Facts) -> Iterator[str]:
    """Those that the plan releases stages of or pays for; apart from them those that were begun before and get nothing."""
    known, paid = f.sums.projects, f.whole.tables["disbursements"]
    if not known:
        return
    before = {p for p, about in f.context["projects"].items() if about["before"]}
    busy = {*f.plan.tables["go"]["project"], *paid.loc[paid["amount"] > NOISE, "project"]}
    financed, idle = [p for p in known if p in busy], [p for p in known if p in before - busy]
    if financed:
        money = _money(f, float(paid["amount"].sum()))
        yield f"It finances {len(financed):,} of {len(known):,} projects with {money}: {_some(financed)}."
    else:
        yield f"None of {len(known):,} projects is {'financed' if idle else 'begun'}."
    if idle:
        yield f"Begun before the plan, which pays nothing more for them: {_some(idle)}."


def _some(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    return ", ".join(map(name, names[:FIRST])) + (f" and {len(names) - FIRST} more" if len(names) > FIRST else "")


def _short(f: Facts) -> Iterator[str]:
    service = f.rows("service")
    if service.empty:
        return
    lacking = f.rows("shortfall")
    penalty = float(lacking["penalty"].sum())
    if not float(service["short"].sum()) > NOISE:
        yield "No demand goes short."
        return
    worst = ranked(lacking.set_index("good")["penalty"], 3)
    parts = []
    for good in worst or ranked(service.set_index("good")["short"], 3):
        own = service[service["good"] == good]
        share = percent(float(own["short"].sum() / max(own["demand"].sum(), NOISE)))
        parts.append(f"{name(good)} ({share} of its demand)")
    yield f"What goes short is charged {_money(f, penalty)} (not discounted); most of it is {', '.join(parts)}."


def name(text_of: object) -> str:
    """A name within a sentence: one in a script from right to left does not turn the words around it."""
    return f"\u2068{plain(text_of)}\u2069"


def _money(f: Facts, value: float) -> str:
    decimals = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    return f"{value:,.{decimals}f} {f.money}"


def costs(f: Facts) -> Section:
    """The named costs, largest first."""
    named = sorted(f.sums.costs.items(), key=lambda pair: -pair[1])
    kept = [(NAMES.get(key, key.replace("_", " ")), cost) for key, cost in named if abs(cost) > NOISE]
    if not kept:
        return Section("costs", "Costs by name")
    rows = [{"part": words, "amount": cost, "sign": _sign(words, cost)} for words, cost in kept]
    colours = {
        "field": "sign",
        "type": "nominal",
        "title": None,
        "scale": {"domain": SIGNS, "range": [COLOURS[0], COLOURS[1], COLOURS[2]]},
    }
    chart = Chart(
        "costs",
        f"Costs by name, {f.money}",
        f"Bars of the {len(rows)} parts of the objective; the largest is {kept[0][0]} with {_money(f, kept[0][1])}.",
        bars([words for words, _ in kept], f.money, "cost", colours),
        rows,
    )
    table = Grid(
        "costs",
        "Parts of the objective; they add up to it",
        [text("cost"), amount("amount", f.money)],
        [*kept, (TOTAL, f.plan.objective)],
    )
    note = "As the objective counts them: discounted, gains below zero, a penalty for what is missed."
    return Section("costs", "Costs by name", charts=[chart], grids=[table], note=note)


def _sign(words: str, cost: float) -> str:
    return "penalty" if words.endswith(PENALTIES) else "cost" if cost > 0 else "gain"
