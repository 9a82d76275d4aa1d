"""The audit of scenarios: each passes the nodes that it is written to pass, and costs what its tables make it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Key, amount_of
from stockpile.plan.auditing.case import Case


@dataclass
class CostsByNode:
    """The named costs before discounting and probability: ``running`` (nodes,), ``final`` (leaves,) at the end; money."""

    case: Case
    running: dict[str, Floats] = field(default_factory=dict)
    final: dict[str, Floats] = field(default_factory=dict)

    def add(self, name: str, by_node: Any = 0.0, at_end: Any = 0.0) -> None:
        """A named cost, at nodes and at leaves."""
        zeros = np.zeros(len(self.case.tree)), np.zeros(len(self.case.tree.leaves))
        self.running[name] = self.running.get(name, zeros[0]) + by_node
        self.final[name] = self.final.get(name, zeros[1]) + at_end

    def expected(self) -> dict[str, float]:
        """The named costs, discounted and weighed by probability."""
        weight, last = self.case.weight, self.case.final_weight
        return {n: float(np.sum(weight * c) + np.sum(last * self.final[n])) + 0.0 for n, c in self.running.items()}

    def of_paths(self, of: str = "cost") -> Floats:
        """(leaves,) the discounted cost of every path, or one of the named costs of it."""
        case, discount = self.case, self.case.instance.discount
        names = [*self.running] if of == "cost" else [of]
        by_node = np.sum([self.running[name] for name in names], axis=0) * discount[case.period]
        at_end = np.sum([self.final[name] for name in names], axis=0) * discount[case.last + 1]
        total: Floats = case.so_far(by_node[None, :])[0, case.tree.leaves] + at_end
        return total


def check_outcomes(case: Case, costs: CostsByNode) -> None:
    """The tables of scenarios: paths, and what each costs."""
    tree, scenarios = case.tree, case.instance.scenarios
    keys: list[Key] = [(name,) for name in tree.scenarios]
    grid = case.reader.grid("paths", keys)
    passed = np.zeros((len(keys), len(tree)), dtype=bool)
    last = np.zeros((len(keys), len(tree)), dtype=bool)
    for number in range(len(keys)):
        passed[number, tree.paths[number]] = True
        last[number, tree.paths[number, -1]] = True
    words = "scenario {0} is written to pass this node, or not to, wrongly"
    case.book.equal(case.rule("paths", grid, keys, "", words), grid.present.astype(float), passed.astype(float))
    grid = case.reader.grid("outcomes", keys)
    words = "the outcome of scenario {0} stands at a node that is not its last, or is missing"
    case.book.equal(case.rule("outcomes", grid, keys, "", words), grid.present.astype(float), last.astype(float))
    if not keys or scenarios is None:
        return
    words = "the probability of scenario {0} is written as {left}, but it is {right}"
    rule = case.rule("outcomes.probability", grid, keys, "", words)
    case.book.equal(rule, grid.amount("probability"), last * scenarios.probability[:, None], where=last)
    turnover = float(np.abs(np.sum([*costs.running.values()], axis=0)).sum())
    for of, what in (("cost", "cost"), ("shortfall", "have a shortfall of")):
        true = np.zeros(len(tree))
        true[tree.leaves] = costs.of_paths(of)
        words = f"scenario {{0}} is written to {what} {{left}}, but the tables make it {{right}}"
        rule = case.rule(f"outcomes.{of}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(of), last * true, where=last, scale=turnover)


def check_risk(case: Case, costs: CostsByNode) -> float:
    """The mean of the tail is within its limit, and as plan.json says; gives what risk costs, money."""
    asked, said = case.instance.settings.risk, case.plan.summary.get("risk")
    if asked.measure == "expected" or not case.tree.scenarios:
        if said is not None:
            case.book.fault("plan.json", "plan.json: risk is there, but the instance takes no account of it")
        return 0.0
    value, probability = costs.of_paths(asked.of), case.tree.probability[case.tree.leaves]
    mean = float(value @ probability)
    tail = _tail(value, probability, asked.level) if asked.measure == "cvar" else float(value.max())
    figures = {**vars(asked), "mean": mean, "tail": tail}
    if asked.measure == "worst":
        figures["level"] = None
    turnover = float(np.abs(np.sum([*costs.running.values()], axis=0)).sum())
    room = case.book.tolerance * max(1.0, turnover)
    case.book.rows += len(figures) + 1
    for name, true in figures.items():
        found = said.get(name) if isinstance(said, dict) else None
        if found != true and not (_number(found) and _number(true) and abs(found - true) <= room):
            case.book.fault("plan.json", f"plan.json: {name} of risk is {found!r}, but it is {true!r}")
    if asked.limit is not None and tail > asked.limit + room:
        text = f"the mean of the tail is {amount_of(tail, case.money)}, but its limit is {amount_of(asked.limit, case.money)}"
        case.book.difference(text, tail - asked.limit, case.money)
    return asked.weight * (tail - mean)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tail(value: Floats, probability: Floats, level: float) -> float:
    """The mean of the worst futures that have 1 - level of the probability together."""
    left, total = 1.0 - level, 0.0
    for worth, share in sorted(zip(value.tolist(), probability.tolist(), strict=True), reverse=True):
        taken = min(share, left)
        total, left = total + taken * worth, left - taken
    return total / (1.0 - level)
