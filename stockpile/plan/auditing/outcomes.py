"""The audit of scenarios: each passes the nodes that it is written to pass, and costs what its tables make it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
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

    def of_paths(self) -> Floats:
        """(leaves,) the discounted cost of every path."""
        case, discount = self.case, self.case.instance.discount
        by_node = np.sum([*self.running.values()], axis=0) * discount[case.period]
        at_end = np.sum([*self.final.values()], axis=0) * discount[case.last + 1]
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
    cost = np.zeros(len(tree))
    cost[tree.leaves] = costs.of_paths()
    turnover = np.abs(np.sum([*costs.running.values()], axis=0)).sum()
    words = "scenario {0} is written to cost {left}, but the tables make it {right}"
    rule = case.rule("outcomes.cost", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("cost"), last * cost, where=last, scale=np.full((1, 1), turnover))
