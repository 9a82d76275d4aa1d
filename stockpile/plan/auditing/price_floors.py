"""Price floors: what is covered of the output of projects, what funds pay for it, and what they get of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.financing import Projects


@dataclass(frozen=True)
class Floors:
    """What price floors cost and bring every fund, (nodes,)."""

    paid: dict[str, Floats]
    received: dict[str, Floats]


def check_price_floors(case: Case, projects: Projects) -> Floors:
    """Check the table of price floors."""
    view = case.view("price_floors")
    columns = (view.texts(name) for name in ("project", "source", "fund"))
    rows: list[Key] = [*zip(*columns, strict=True)]
    keys = list(dict.fromkeys(rows))
    grid = case.reader.grid("price_floors", keys)
    case.not_negative(grid, "output", "paid", "received")
    shape = (len(keys), len(case.tree))
    output, price, below, above = (np.zeros(shape) for _ in range(4))
    spans = zip(*case.instance.spans("price_floors"), strict=True)
    for key, record, (begin, end) in zip(rows, view.records, spans, strict=True):
        held, row = (case.period >= begin) & (case.period < end), keys.index(key)
        market = np.where(held, case.spread(case.instance.market_price(str(record["index"]))), 0.0)
        strike = record["floor"] if np.isnan(record["strike"]) else record["strike"]
        price[row] += market
        output[row] += held * record["share"] * _supplied(case, projects, record)
        below[row] += held * np.maximum(record["floor"] - market, 0.0)
        above[row] += held * record["upside_share"] * np.maximum(market - strike, 0.0)
    words = "the market price of what {0} supplies to {1} is written as {left}, but it is {right}"
    case.reader.cells(grid, "market_price", price / case.instance.price_factor, case.price, words)
    for name, expected, scale, unit, words in (
        ("output", output, output, case.quantity, "the floor of {2} is written to cover {left} of {0}, but it is {right}"),
        ("paid", output * below, ROUNDED * below, case.money, "{2} pays {left} to {0} for its price floor, but owes {right}"),
        ("received", output * above, ROUNDED * above, case.money, "{2} gets {left} of the prices of {0}, but is owed {right}"),
    ):  # fmt: skip
        rule = case.rule(f"price_floors.{name}", grid, keys, unit, words)
        case.book.equal(rule, grid.amount(name), expected, scale=scale)
    funds = [str(fund) for _, _, fund in keys]
    return Floors(_by_fund(funds, output * below), _by_fund(funds, output * above))


def _supplied(case: Case, projects: Projects, floor: dict[str, Any]) -> Floats:
    """(nodes,) what the project supplies to the source while its milestones are younger than the term."""
    view, total = case.view("effects").frame, np.zeros(len(case.tree))
    mine = view[(view["kind"] == "supply") & (view["project"] == floor["project"]) & (view["name"] == floor["source"])]
    term = float(floor["term"])
    for after, amount, ramp in zip(mine["after"], mine["amount"], mine["ramp"].fillna(0), strict=True):
        age = projects.age[floor["project"], int(after)]
        grown = np.minimum((age + 1) / max(1.0, float(ramp)), 1.0)
        total += float(amount) * grown * (age >= 0) * (np.isnan(term) | (age < term))
    gone = projects.gone[str(floor["project"])]
    return np.asarray(total * (1.0 - gone))


def _by_fund(funds: list[str], amounts: Floats) -> dict[str, Floats]:
    """Rows summed by the fund that each is of."""
    found: dict[str, Floats] = {}
    for fund, amount in zip(funds, amounts, strict=True):
        found[fund] = found.get(fund, np.zeros(len(amount))) + amount
    return found
