"""The head of the page: what was planned, how good it is, and what it costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from stockpile.report.layout import Column, heading, number, percent, plain, sentence, shorten, table
from stockpile.report.sheet import Sheet

if TYPE_CHECKING:
    from stockpile.plan.plan import Plan

NAMES = {
    "purchases": "purchases",
    "order_charges": "order charges",
    "duties": "duties",
    "contracts": "contracts",
    "market_purchases": "purchases of the market",
    "storage": "holding stock",
    "transfers": "moving stock",
    "disposal": "disposal",
    "rotation_charges": "charges of sales and loans",
    "overtime": "overtime",
    "processing": "processing",
    "projects": "project tranches",
    "exit_costs": "exit costs of projects",
    "guarantees": "guarantees called",
    "price_floors": "price floors",
    "incentives": "incentives",
    "interest": "interest",
    "sales": "sales (proceeds)",
    "releases": "releases (proceeds)",
    "revenue": "project revenue",
    "repayments": "repayments and dividends",
    "shortfall": "shortfall (penalty)",
    "substitution": "use of substitutes",
    "backlog": "demand that waits",
    "target_shortfall": "missed targets (penalty)",
    "policies": "missed policies (penalty)",
    "terminal_value": "value of the last stock",
    "end_values": "value of what else is left",
    "risk": "weight of the worst futures",
}
PARTS = 2
"""Decimals of money that adds up."""


def head(sheet: Sheet) -> list[Text]:
    """Title, horizon and units; then status, objective, bound, gap and the verdict of the audit."""
    instance = sheet.instance
    horizon, units = instance.settings.horizon, instance.settings.units
    labels = instance.calendar.labels
    steps = f"{horizon.periods} {horizon.step}{'' if horizon.periods == 1 else 's'}"
    return [
        Text(shorten(plain(instance.title or instance.name), sheet.width), style="bold"),
        *sentence(
            f"{instance.name}: {steps}, {labels[0]} to {labels[-1]};"
            f" quantity in {units.quantity}, money in {units.money}, price in {units.price}",
            sheet.width,
        ),
        *(line for change in instance.lineage.changes for line in sentence(f"with {change}", sheet.width)),
        Text(),
        *_verdict(sheet),
    ]


def verdict(plan: Plan) -> str:
    """How the search ended, in words."""
    asked = (plan.summary.get("options") or {}).get("gap")
    goal = f"the asked gap of {percent(asked)}" if isinstance(asked, (int, float)) else "the asked gap"
    if plan.status == "optimal":
        return f"optimal: within {goal} of the best possible plan"
    return f"feasible: stopped by {_article(plan.summary.get('stopped_by') or 'the solver')} before {goal} was proven"


#: What stands beside objective, bound and gap.
MEANINGS = {
    "objective": "the sum of the costs below",
    "bound": "proven: no plan can cost less",
    "gap": "what a better plan could save at most",
}


def _verdict(sheet: Sheet) -> list[Text]:
    plan, audit = sheet.plan, sheet.audit
    style = "bold green" if plan.status == "optimal" else "bold yellow"
    first = sentence(verdict(plan), sheet.width, style, indent=0)
    bound = f"{plan.bound:,.{PARTS}f} {sheet.money}" if math.isfinite(plan.bound) else "none known"
    gap = percent(plan.gap) if math.isfinite(plan.gap) else "unknown"
    rows = [
        ("objective", f"{plan.objective:,.{PARTS}f} {sheet.money}", MEANINGS["objective"]),
        ("bound", bound, MEANINGS["bound"]),
        ("gap", gap, MEANINGS["gap"]),
    ]
    figures = table([Column(""), Column("", right=True), Column("")], [*rows, *_first(sheet)], sheet.width)
    count = len(audit.breaches)
    if count:
        said, style = f"audit FAILED: {count:,} {'breach' if count == 1 else 'breaches'}, listed below", "bold red"
    else:
        said = f"audit passed: {audit.rows:,} rows and every cost recomputed from the plan's tables"
        style = "green"
    return [*first, *figures, *sentence(said, sheet.width, style)]


def _first(sheet: Sheet) -> list[tuple[str, str, str]]:
    """What was made least before cost, with its bound and gap."""
    first = sheet.plan.summary.get("first")
    if not isinstance(first, dict):
        return []
    bound, gap = first.get("bound"), first.get("gap")
    proven = "no bound known" if bound is None else f"least possible: {bound:,.{PARTS}f} {sheet.money}"
    gap_said = "" if gap is None else f", gap {percent(gap)}"
    value = f"{first['value']:,.{PARTS}f} {sheet.money}"
    return [("shortfall first", value, f"{proven}{gap_said}; kept within {percent(first['tolerance'])}")]


def _article(reason: str) -> str:
    """The reason of a stop as it is said: a limit has an article."""
    if reason == "interrupt":
        return "hand (Ctrl-C)"
    return f"the {reason}" if reason.endswith("limit") else reason


def _meaning(sheet: Sheet) -> str:
    """Whose cost the objective is."""
    economics = sheet.instance.settings.economics
    everyone = economics.perspective == "all" or sheet.instance.view("funds").empty
    rate = f", discounted {percent(economics.discount_rate)} a year" if economics.discount_rate else ""
    count = len(sheet.told.tables["outcomes"])
    over = f", expected over {count} scenarios" if count > 1 else ""
    return f"{sheet.money}{over}{rate}; {'all payers' if everyone else 'public funds'}; - is a gain"


def costs(sheet: Sheet) -> list[Text]:
    """The named costs, largest first, with their total."""
    named = [(name, value) for name, value in sheet.plan.costs.items() if round(value, PARTS + 2) != 0]
    named.sort(key=lambda pair: -pair[1])
    rows = [(NAMES.get(name, name.replace("_", " ")), number(value, PARTS)) for name, value in named]
    rows.append(("total (objective)", f"{sheet.plan.objective:,.{PARTS}f}"))
    lines = heading("Costs", _meaning(sheet), sheet.width)
    return lines + table([Column("", least=24), Column("", right=True)], rows, sheet.width)


def breaches(sheet: Sheet, most: int = 10) -> list[Text]:
    """What the audit found wrong."""
    found = sheet.audit.breaches
    if not found:
        return []
    lines = heading("What the audit found", "the plan breaks these rules", sheet.width)
    for breach in found[:most]:
        lines += sentence(breach.message, sheet.width, style="red")
    if len(found) > most:
        lines += sentence(f"and {len(found) - most:,} more: stockpile audit", sheet.width)
    return lines
