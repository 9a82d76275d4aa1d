"""Resources: what orders, deliveries, processes and stages take stays within capacity and the overtime that is paid for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.processing import Processed
from stockpile.plan.auditing.purchasing import Purchases


def check_resources(
    case: Case, bought: Purchases, called: dict[str, Floats], running: dict[Key, Floats], processed: Processed
) -> tuple[Floats, dict[Key, Floats]]:
    """Check every resource; ``running`` (nodes,) is 1 while a stage runs.  Gives the cost of overtime (nodes,), and overtime by resource."""
    view = case.view("resources")
    keys: list[Key] = [(r,) for r in dict.fromkeys(view.texts("resource"))]
    grid = case.reader.grid("resources", keys)
    written = {name: grid.amount(name) for name in ("used", "capacity", "overtime", "cost")}
    names = [str(r) for (r,) in keys]
    used = _used(case, names, bought, running) + _used_by_processes(case, names, processed)
    used += _used_by_calls(case, names, called)
    capacity = case.series("resources", "capacity", 0.0, keys)
    most = case.series("resources", "overtime", 0.0, keys)
    price = case.series("resources", "overtime_price", 0.0, keys)
    units = dict(zip(view.texts("resource"), view.texts("unit"), strict=True))
    units |= {r: u for r, u in zip(view.texts("resource"), view.texts("unit"), strict=True) if u}
    book, overtime = case.book, written["overtime"]
    for i, key in enumerate(keys):
        own, unit, row = [key], units[str(key[0])], slice(i, i + 1)
        words = "{left} of {0} is written as used, but orders, deliveries, runs and stages take {right}"
        book.equal(case.rule("resource_used", grid, own, unit, words), written["used"][row], used[row])
        words = "the capacity of {0} is written as {left}, but it is {right}"
        there = np.where(np.isnan(capacity[row]), used[row], capacity[row])
        book.equal(case.rule("resource_there", grid, own, unit, words), written["capacity"][row], there)
        words = "{left} of {0} is used, {amount} over its capacity and overtime of {right}"
        limit = np.where(np.isnan(capacity[row]), np.inf, capacity[row] + overtime[row])
        book.at_most(case.rule("resource_capacity", grid, own, unit, words), used[row], limit)
        words = "overtime of {0} is {left}, {amount} over the {right} allowed"
        book.at_most(case.rule("overtime_limit", grid, own, unit, words), overtime[row], most[row])
        words = "overtime of {0} is negative, {left}"
        rule = replace(case.rule("resources.overtime >= 0", grid, own, unit, words), binds=False)
        book.at_least(rule, overtime[row], np.zeros(1))
    words = "overtime of {0} costs {left}, but at its price it is {right}"
    rule = case.rule("overtime_cost", grid, keys, case.money, words)
    book.equal(rule, written["cost"], overtime * price, scale=price * ROUNDED)
    return np.asarray((overtime * price).sum(axis=0)), dict(zip(keys, overtime, strict=True))


def _used(case: Case, names: list[str], bought: Purchases, running: dict[Key, Floats]) -> Floats:
    """(resources, nodes) what is taken, row by row of the table that says who takes what."""
    used = np.zeros((len(names), len(case.tree)))
    for record in case.view("resource_use").records:
        row, name = names.index(str(record["resource"])), str(record["name"])
        if record["kind"] == "process":
            continue
        if record["kind"] == "stage":
            used[row] += float(record["over_stage"]) * running[name, int(record["stage"])]
            continue
        ordering = record["kind"] == "order"
        quantity = (bought.orders if ordering else bought.arrivals)[name]
        count = (bought.placed if ordering else bought.deliveries)[name]
        used[row] += float(record["per_unit"]) * quantity + float(record["per_order"]) * count
    return used


def _used_by_processes(case: Case, names: list[str], processed: Processed) -> Floats:
    """(resources, nodes) what runs take, for each unit and for each period with a run."""
    used = np.zeros((len(names), len(case.tree)))
    for record in case.view("resource_use").records:
        if record["kind"] == "process":
            level, ran = processed.levels[str(record["name"])], processed.ran[str(record["name"])]
            used[names.index(str(record["resource"]))] += (
                float(record["per_unit"]) * level + float(record["per_order"]) * ran
            )
    return used


def _used_by_calls(case: Case, names: list[str], called: dict[str, Floats]) -> Floats:
    """(resources, nodes) what calls take, as orders do for each unit."""
    used = np.zeros((len(names), len(case.tree)))
    for record in case.view("resource_use").records:
        if record["kind"] == "order" and record["name"] in called:
            row = names.index(str(record["resource"]))
            used[row] += float(record["per_unit"]) * called[str(record["name"])]
    return used
