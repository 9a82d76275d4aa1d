"""The audit of scenarios: each passes the nodes that it is written to pass, and costs what its tables make it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Key, amount_of
from stockpile.plan.auditing.case import Case


@dataclass
class CostsByNode:
    """The named costs before discounting and probability: ``running`` (nodes,), ``final`` (leaves,) at the end; money.

    ``losses`` (nodes,) is what taxpayers lose at a node.
    """

    case: Case
    running: dict[str, Floats] = field(default_factory=dict)
    final: dict[str, Floats] = field(default_factory=dict)
    losses: Floats = field(default_factory=lambda: np.zeros(0))

    def add(self, name: str, by_node: Any = 0.0, at_end: Any = 0.0) -> None:
        """A named cost, at nodes and at leaves."""
        zeros = np.zeros(len(self.case.tree)), np.zeros(len(self.case.tree.leaves))
        self.running[name] = self.running.get(name, zeros[0]) + by_node
        self.final[name] = self.final.get(name, zeros[1]) + at_end

    def expected(self) -> dict[str, float]:
        """The named costs, discounted and weighed by probability."""
        weight, last = self.case.weight, self.case.final_weight
        return {n: float(np.sum(weight * c) + np.sum(last * self.final[n])) + 0.0 for n, c in self.running.items()}

    def along(self, of: str = "cost") -> Floats:
        """(nodes,) the discounted cost of every node, that of the end at the leaves; one of the named costs, or losses."""
        case, discount = self.case, self.case.instance.discount
        if of == "taxpayer_loss":
            return np.asarray(self.losses * discount[case.period])
        names = [*self.running] if of == "cost" else [of]
        by_node = np.asarray(np.sum([self.running[name] for name in names], axis=0) * discount[case.period])
        by_node[case.tree.leaves] += np.sum([self.final[name] for name in names], axis=0) * discount[case.last + 1]
        return by_node

    def of_paths(self, of: str = "cost") -> Floats:
        """(leaves,) the same of every path."""
        total: Floats = self.case.so_far(self.along(of)[None, :])[0, self.case.tree.leaves]
        return total


def losses_of(case: Case, lost: dict[Key, Floats]) -> Floats:
    """(nodes,) what public funds lose at a node, less what comes back there, of what they have ``lost`` so far."""
    view = case.view("funds")
    private = {str(f) for f, public in zip(view["fund"], view["public"], strict=True) if not public}
    so_far = np.zeros((1, len(case.tree)))
    for (fund, _), amount in lost.items():
        so_far += amount * (fund not in private)
    return np.asarray((so_far - case.before(so_far))[0])


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
    for of, what in (
        ("cost", "cost"),
        ("shortfall", "have a shortfall of"),
        ("taxpayer_loss", "lose taxpayers"),
    ):
        true = np.zeros(len(tree))
        true[tree.leaves] = costs.of_paths(of)
        words = f"scenario {{0}} is written to {what} {{left}}, but the tables make it {{right}}"
        rule = case.rule(f"outcomes.{of}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(of), last * true, where=last, scale=turnover)


def check_risk(case: Case, costs: CostsByNode) -> float:
    """The mean of the tail is within its limit, and as plan.json says; gives what risk costs, money."""
    asked, said = case.instance.settings.risk, case.plan.summary.get("risk")
    _check_cover(case, costs)
    if asked.measure == "expected" or not case.tree.scenarios:
        if said is not None:
            case.book.fault("plan.json", "plan.json: risk is there, but the instance takes no account of it")
        return 0.0
    value, probability = costs.of_paths(asked.of), case.tree.probability[case.tree.leaves]
    mean = float(value @ probability)
    tail = _tail(value, probability, asked.level) if asked.measure == "cvar" else float(value.max())
    if asked.measure == "nested":
        tail = _nested(case, costs.along(asked.of))
    figures = {n: getattr(asked, n) for n in ("measure", "of", "level", "weight", "limit")} | {
        "mean": mean,
        "tail": tail,
    }
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
    return (1.0 if asked.measure == "nested" else asked.weight) * (tail - mean)


def _check_cover(case: Case, costs: CostsByNode) -> None:
    """Futures that lack no more than allowed are as likely as asked, and as plan.json says."""
    asked, said = case.instance.settings.risk, case.plan.summary.get("cover")
    if not asked.cover or not case.tree.scenarios:
        if said is not None:
            case.book.fault("plan.json", "plan.json: cover is there, but the instance asks for no chance of it")
        return
    short, case.book.rows = costs.of_paths("shortfall"), case.book.rows + 2
    room = case.book.tolerance * max(1.0, asked.cover_shortfall, float(short.max()))
    likely = float(case.tree.probability[case.tree.leaves][short <= asked.cover_shortfall + room].sum())
    true = {"asked": asked.cover, "shortfall": asked.cover_shortfall, "probability": likely}
    for name, right in true.items():
        found = said.get(name) if isinstance(said, dict) else None
        if not (_number(found) and found is not None and abs(found - right) <= 1e-9):
            case.book.fault("plan.json", f"plan.json: {name} of cover is {found!r}, but it is {right!r}")
    if likely < asked.cover - 1e-9:
        text = f"futures that lack no more than {amount_of(asked.cover_shortfall, case.money)} have a probability of {likely:g}, but {asked.cover:g} is asked"
        case.book.difference(text, asked.cover - likely, "")


def _nested(case: Case, along: Floats) -> float:
    """From the leaves back: what a node costs, and of what may follow the mean and the mean of the worst by its weight."""
    tree, asked = case.tree, case.instance.settings.risk
    children: dict[int, list[int]] = {}
    for n, parent in enumerate(tree.parent.tolist()):
        children.setdefault(parent, []).append(n)
    worth = along.copy()

    def follows(members: list[int]) -> float:
        share = tree.probability[members] / tree.probability[members].sum()
        mean, tail = float(worth[members] @ share), _tail(worth[members], share, asked.level)
        return (1.0 - asked.weight) * mean + asked.weight * tail

    for n in range(len(tree) - 1, -1, -1):
        if n in children:
            worth[n] += follows(children[n])
    return follows(children[-1])


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tail(value: Floats, probability: Floats, level: float) -> float:
    """The mean of the worst futures that have 1 - level of the probability together."""
    left, total = 1.0 - level, 0.0
    for worth, share in sorted(zip(value.tolist(), probability.tolist(), strict=True), reverse=True):
        taken = min(share, left)
        total, left = total + taken * worth, left - taken
    return total / (1.0 - level)
