"""Costs by name, the objective, and what plan.json says of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from stockpile.plan.auditing.backlog import Waiting
from stockpile.plan.auditing.book import Floats, amount_of
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.funds import Accounts, Needs
from stockpile.plan.auditing.outcomes import CostsByNode
from stockpile.plan.auditing.processing import Processed
from stockpile.plan.context import CONTEXT, context_of
from stockpile.plan.plan import FORMAT, SUMMARY


@dataclass(frozen=True)
class Parts:
    """What the costs are made of: penalties (nodes,), stock left (goods, leaves), what the funds block
    knows, what counts at the end beside stock (nodes,), what the market pays and what missed policies cost (nodes,)."""

    needs: Needs
    accounts: Accounts
    shortfall: Floats
    substitution: Floats
    waiting: Waiting
    target_shortfall: Floats
    left: Floats
    ends: Floats
    traded: Floats
    missed: Floats


def costs_of(case: Case, parts: Parts) -> CostsByNode:
    """The named costs of every node and leaf, money."""
    accounts, needs = parts.accounts, parts.needs
    counts = dict(zip(accounts.funds, accounts.counted, strict=True)) | {"": True}
    costs = CostsByNode(case)

    def earned(name: str, income: dict[str, Floats]) -> None:
        costs.add(name, -sum(amount for fund, amount in income.items() if counts[fund]))

    for name, paid in accounts.paid.items():
        payers = accounts.duty_counted if name == "duties" else accounts.counted
        costs.add(name, paid[payers].sum(axis=0))
    everyone = case.instance.settings.economics.perspective == "all"
    costs.add("market_purchases", parts.traded if everyone else 0.0)
    costs.add("interest", accounts.interest[accounts.counted].sum(axis=0))
    earned("sales", needs.proceeds)
    earned("releases", needs.releases)
    earned("revenue", needs.revenue)
    costs.add("shortfall", parts.shortfall, parts.waiting.end_penalty)
    earned("repayments", needs.returned)
    costs.add("substitution", parts.substitution)
    costs.add("backlog", parts.waiting.cost)
    costs.add("target_shortfall", parts.target_shortfall)
    costs.add("policies", parts.missed)
    value = case.goods["terminal_value"].to_numpy(dtype=np.float64)
    costs.add("terminal_value", at_end=-(value @ parts.left))
    costs.add("end_values", at_end=parts.ends[case.tree.leaves])
    return costs


class _Summary:
    """plan.json under audit, or a part of it."""

    def __init__(self, case: Case, turnover: float, part: dict[str, Any] | None = None) -> None:
        self.case, self.turnover = case, turnover
        self.said: dict[str, Any] = case.plan.summary if part is None else part

    def number(self, name: str) -> float:
        """A number of the summary; NaN (and a breach) where there is none."""
        value = self.said.get(name)
        if isinstance(value, int | float | np.floating) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        self.case.book.fault(SUMMARY, f"plan.json: {name} is {value!r}, not a number")
        return math.nan

    def same(self, what: str, said: float, true: float, scale: float = 0.0, unit: str | None = None) -> None:
        """One figure equals what was recomputed."""
        book, money = self.case.book, self.case.money if unit is None else unit
        book.rows += 1
        tolerance = book.tolerance * max(1.0, abs(said), abs(true), scale)
        if not math.isnan(said) and not abs(said - true) <= tolerance:
            text = f"plan.json: {what} is {amount_of(said, money)}, but the tables make it {amount_of(true, money)}"
            book.difference(text, abs(said - true), money)


def check_summary(case: Case, costs: dict[str, float], turnover: float) -> None:
    """plan.json names this instance, its costs and objective are those of the tables, bound and gap go with them.

    ``turnover`` is the size of the amounts that the costs were summed from, money.
    """
    summary = _Summary(case, turnover)
    _check_identity(summary)
    said = summary.said.get("costs")
    said = said if isinstance(said, dict) else {}
    for name, true in costs.items():
        value = said.get(name)
        if isinstance(value, int | float) and math.isfinite(value):
            summary.same(f"the cost {name}", float(value), true, turnover)
        else:
            case.book.fault(SUMMARY, f"plan.json: the cost {name} is missing or no number")
    for name in said:
        if name not in costs:
            case.book.fault(SUMMARY, f"plan.json: {name} is not a cost")
    objective = summary.number("objective")
    summary.same("the objective", objective, sum(costs.values()), turnover)
    summary.same("the objective", objective, sum(float(v) for v in said.values() if isinstance(v, int | float)))
    _check_bound(summary, objective)
    _check_first(summary, costs["shortfall"])


def check_totals(case: Case, processed: Processed) -> None:
    """Where there are processes plan.json says how much energy they take and what they emit, expected over the paths."""
    units = case.instance.settings.units
    for name, by_node, unit in (
        ("energy", processed.energy, units.energy),
        ("emissions", processed.emissions, units.emissions),
    ):
        said = case.plan.summary.get(name)
        if (said is None) != (not processed.levels):
            case.book.fault(SUMMARY, f"plan.json: {name} is there if and only if the instance has processes")
        elif isinstance(said, dict):
            part = _Summary(case, 0.0, said)
            part.same(f"{name} of processes", part.number("value"), float(case.tree.probability @ by_node), unit=unit)
            if said.get("unit") != unit:
                case.book.fault(SUMMARY, f"plan.json: {name} is in {said.get('unit')!r}, but the instance has {unit!r}")
        elif said is not None:
            case.book.fault(SUMMARY, f"plan.json: {name} is {said!r}, not a value and a unit")


def _check_identity(s: _Summary) -> None:
    """The summary is that of a plan for this instance, in its units."""
    book, instance = s.case.book, s.case.instance
    if s.said.get("format") != FORMAT:
        book.fault(SUMMARY, f"plan.json: format {s.said.get('format')!r} is not {FORMAT}")
    about = s.said.get("instance")
    if not isinstance(about, dict) or about.get("hash") != instance.hash:
        book.fault(SUMMARY, "plan.json: the plan was made for another instance, or the instance has changed since")
    _check_context(s)
    units = {"quantity": s.case.quantity, "price": s.case.price, "money": s.case.money}
    if s.said.get("units") != units:
        book.fault(SUMMARY, f"plan.json: units {s.said.get('units')!r} are not those of the instance, {units!r}")


def _check_context(s: _Summary) -> None:
    """What is kept of the instance for readers of the plan is what the instance says."""
    delivering: list[list[str]] = []
    for name, column in (("deliveries", "source"), ("contract_deliveries", "contract")):
        frame = s.case.plan.tables.get(name)
        delivering.append([] if frame is None or column not in frame.columns else list(frame[column]))
    context = context_of(s.case.instance, s.case.tree, *delivering)
    said = s.said.get(CONTEXT)
    said = said if isinstance(said, dict) else {}
    if set(said) != set(context):
        s.case.book.fault(SUMMARY, f"plan.json: the {CONTEXT} does not have {', '.join(context)}, and no more")
    for name in context:
        if name in said and said[name] != context[name]:
            s.case.book.fault(SUMMARY, f"plan.json: {name} of the {CONTEXT} is not that of the instance")


def _check_bound(s: _Summary, objective: float) -> None:
    """The bound is not above the objective, the gap is the one between them, the status goes with the gap."""
    book, status = s.case.book, s.said.get("status")
    book.rows += 3
    if s.said.get("bound") is None or s.said.get("gap") is None:
        if status != "feasible" or s.said.get("bound") is not s.said.get("gap"):
            book.fault(SUMMARY, f"plan.json: a plan that is {status!r} has a bound and a gap")
    else:
        bound, gap = s.number("bound"), s.number("gap")
        if bound > objective + book.tolerance * max(1.0, abs(objective)):
            text = f"plan.json: the bound {amount_of(bound, s.case.money)} is above the objective"
            book.difference(text, bound - objective, s.case.money)
        true = 0.0 if bound == objective else abs(objective - bound) / max(abs(objective), 1e-9)
        if not math.isnan(true):
            s.same("the gap", gap, true, unit="")
        options = s.said.get("options")
        asked = options.get("gap") if isinstance(options, dict) else None
        if isinstance(asked, bool) or not isinstance(asked, int | float) or not math.isfinite(asked):
            book.fault(SUMMARY, f"plan.json: the gap asked for is {asked!r}, not a number")
        elif status == "optimal" and gap > asked + book.tolerance:
            book.difference(
                f"plan.json: optimal, but the gap {gap:g} is above the {asked:g} asked for", gap - asked, ""
            )
    if status not in ("optimal", "feasible"):
        book.fault(SUMMARY, f"plan.json: status {status!r} is neither 'optimal' nor 'feasible'")
    elif (status == "optimal") != (s.said.get("stopped_by") is None):
        book.fault(SUMMARY, f"plan.json: {status!r} does not go with stopped_by {s.said.get('stopped_by')!r}")


def _check_first(s: _Summary, shortfall: float) -> None:
    """Where shortfall comes first, the plan keeps what the first phase found; that has a bound below it, or none."""
    book, goal, first = s.case.book, s.case.instance.settings.objective, s.said.get("first")
    if goal.goal != "least-shortfall":
        if first is not None:
            book.fault(SUMMARY, "plan.json: first is there, but the instance asks for least cost alone")
        return
    if not isinstance(first, dict):
        book.fault(SUMMARY, "plan.json: first is missing; it says how far shortfall could be made less")
        return
    phase = _Summary(s.case, s.turnover, first)
    value, tolerance = phase.number("value"), phase.number("tolerance")
    phase.same("the tolerance for shortfall", tolerance, goal.shortfall_tolerance, unit="")
    book.rows += 2
    most = value * (1.0 + tolerance) + book.tolerance * max(1.0, s.turnover)
    if shortfall > most:
        text = f"plan.json: shortfall costs {amount_of(shortfall, s.case.money)}, but the first phase found {amount_of(value, s.case.money)}"
        book.difference(text, shortfall - value, s.case.money)
    if first.get("bound") is not None:
        bound, gap = phase.number("bound"), phase.number("gap")
        if bound > value + book.tolerance * max(1.0, abs(value)):
            text = f"plan.json: the bound of shortfall, {amount_of(bound, s.case.money)}, is above what was found"
            book.difference(text, bound - value, s.case.money)
        phase.same(
            "the gap of shortfall", gap, 0.0 if bound == value else (value - bound) / max(abs(value), 1e-9), unit=""
        )
