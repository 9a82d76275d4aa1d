"""Incentives: what projects deliver that counts, what it earns, and what funds pay until the cap is reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.financing import Projects
from stockpile.plan.auditing.processing import Processed
from stockpile.plan.auditing.purchasing import Purchases

Row = dict[str, Any]


def check_incentives(case: Case, projects: Projects, bought: Purchases, processed: Processed) -> dict[str, Floats]:
    """Check the table of incentives.  Gives what funds pay, (nodes,), by fund."""
    rows, first = case.view("incentives").records, dict[str, Row]()
    for row in rows:
        first.setdefault(str(row["incentive"]), row)
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
        sources, recipes = case.view("sources"), case.view("recipes")
        made: list[Key] = [*zip(sources.texts("source"), sources.texts("good"), strict=True)]
        brought: list[Key] = [(str(r["process"]), str(r["good"])) for r in recipes.records if r["amount"] > 0]
        found: list[tuple[str, str, str, int]] = []
        for effect in case.view("effects").records:
            pairs = {"supply": made, "process": brought}.get(str(effect["kind"]), [])
            if effect["project"] == self.project:
                mine = (str(good) for name, good in pairs if name == effect["name"])
                found += [(good, str(effect["kind"]), str(effect["name"]), int(effect["after"])) for good in mine]
        self.good = str(row["good"]) if isinstance(row["good"], str) else found[0][0]
        found = [each for each in found if each[0] == self.good]
        self.sources, self.processes = (
            dict.fromkeys(name for _, kind, name, _ in found if kind == wanted) for wanted in ("supply", "process")
        )
        self.stage = min(after for *_, after in found)

    def counting(self, projects: Projects, arrivals: Mapping[str, Floats], brought: Mapping[Key, Floats]) -> Floats:
        """(nodes,) what arrives and is made of the good, from its first milestone on until that is as old as the term."""
        total = np.zeros(len(self.case.tree))
        total += sum(arrivals[k] for k in self.sources)
        total += sum(brought[j, self.good] for j in self.processes)
        age = projects.age[self.project, self.stage]
        return np.asarray(total * (age >= 0) * (np.isnan(self.term) | (age < self.term)))
