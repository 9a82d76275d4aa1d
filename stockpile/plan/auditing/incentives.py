"""Incentives: what projects deliver that counts, what it earns, and what funds pay until the cap is reached."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case, texts
from stockpile.plan.auditing.financing import Projects
from stockpile.plan.auditing.processing import Processed
from stockpile.plan.auditing.purchasing import Purchases

Row = dict[Hashable, Any]


def check_incentives(case: Case, projects: Projects, bought: Purchases, processed: Processed) -> dict[str, Floats]:
    """Check the table of incentives.  Gives what funds pay, (nodes,), by fund."""
    view = case.instance.view("incentives")
    rows = view.to_dict("records")
    first = {str(row["incentive"]): row for row in reversed(rows)}
    first = {name: first[name] for name in dict.fromkeys(texts(view["incentive"]))}
    output = {name: _Output(case, row) for name, row in first.items()}
    keys: list[Key] = [(z, str(row["project"]), output[z].good, str(row["fund"])) for z, row in first.items()]
    grid = case.reader.grid("incentives", keys)
    case.not_negative(grid, "quantity", "earned", "paid")
    quantity, rate = np.zeros((len(keys), len(case.tree))), np.zeros((len(keys), len(case.tree)))
    place = {z: i for i, z in enumerate(first)}
    for row, begin, end in zip(rows, *case.instance.spans("incentives"), strict=True):
        name = str(row["incentive"])
        held = (case.period >= begin) & (case.period < end)
        rate[place[name]] += held * float(row["rate"])
        quantity[place[name]] += held * output[name].counting(projects, bought.arrivals, processed.brought)
    cap = np.array([np.inf if np.isnan(row["cap"]) else float(row["cap"]) for row in first.values()]).reshape(-1, 1)
    earned = case.so_far(quantity * rate)
    awarded = np.minimum(earned, cap)
    paid = awarded - case.before(awarded)
    large = np.maximum(earned, ROUNDED * rate)
    for name, expected, scale, unit, words in (
        ("quantity", quantity, quantity, case.quantity, "{0} is written to pay {1} for {left} of {2}, but {right} counts"),
        ("earned", quantity * rate, ROUNDED * rate, case.money, "{1} is written to have earned {left} of {0}, but it is {right}"),
        ("paid", paid, large, case.money, "{3} pays {left} to {1} for {0}, but owes {right}"),
    ):  # fmt: skip
        case.book.equal(
            case.rule(f"incentives.{name}", grid, keys, unit, words), grid.amount(name), expected, scale=scale
        )
    words = "{3} has paid {1} {left} so far for {0}, {amount} over its cap of {right}"
    rule = case.rule("cap_of_incentive", grid, keys, case.money, words)
    case.book.at_most(rule, case.so_far(grid.amount("paid")), cap)
    found: dict[str, Floats] = {}
    for (*_, fund), amount in zip(keys, paid, strict=True):
        found[str(fund)] = found.get(str(fund), np.zeros(len(case.tree))) + amount
    return found


class _Output:
    """What delivers the good of an incentive: sources and processes, by the effects of its project."""

    def __init__(self, case: Case, row: Row) -> None:
        self.case, self.project, self.term = case, str(row["project"]), float(row["term"])
        effects, sources, recipes = (case.instance.view(name) for name in ("effects", "sources", "recipes"))
        mine = effects[effects["project"] == self.project]
        supplied = mine[mine["kind"] == "supply"].merge(sources, left_on="name", right_on="source")
        made = mine[mine["kind"] == "process"].merge(recipes, left_on="name", right_on="process")
        made = made[made["amount_y"] > 0]
        goods = [*texts(supplied["good"]), *texts(made["good"])]
        self.good = str(row["good"]) if isinstance(row["good"], str) else goods[0]
        supplied, made = supplied[supplied["good"] == self.good], made[made["good"] == self.good]
        self.sources, self.processes = dict.fromkeys(texts(supplied["source"])), dict.fromkeys(texts(made["process"]))
        self.stage = min(int(after) for after in [*supplied["after"], *made["after"]])

    def counting(self, projects: Projects, arrivals: Mapping[str, Floats], brought: Mapping[Key, Floats]) -> Floats:
        """(nodes,) what arrives and is made of the good, from its first milestone on until that is as old as the term."""
        total = np.zeros(len(self.case.tree))
        total += sum(arrivals[k] for k in self.sources)
        total += sum(brought[j, self.good] for j in self.processes)
        age = projects.age[self.project, self.stage]
        return np.asarray(total * (age >= 0) * (np.isnan(self.term) | (age < self.term)))
