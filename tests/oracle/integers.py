"""A planner that only counts: whole units, one good, every decision tried in turn, no linear program anywhere.

All data are whole numbers and nothing ties money to goods, so that the best plan in whole units is the best of all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random
from typing import Any

from stockpile.instance import Instance

Row = dict[str, Any]
Stock = tuple[int, ...]
"""Units by age, in periods since they were received; the last place holds all that is older."""


@dataclass(frozen=True)
class Case:
    """One good, one source, one sector and perhaps one project that lets the source supply more."""

    demand: tuple[int, ...]
    price: tuple[int, ...]
    penalty: int
    lead: int
    order_cost: int
    min_order: int
    capacity: int
    holding: int
    room: int
    life: int
    opening: Stock
    disposal: int
    sale_price: int
    depth: int
    terminal: int
    end_stock: int
    target: int
    target_penalty: int
    project_cost: int
    project_duration: int
    project_supply: int

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.demand)


def random_case(random: Random) -> Case:
    """A case of 2 to 4 periods; a life of 9 is longer than any horizon here."""
    periods = random.choice([2, 3, 3, 4])
    life = random.choice([1, 2, 3, 9])
    return Case(
        demand=tuple(random.randint(0, 3) for _ in range(periods)),
        price=tuple(random.randint(2, 6) for _ in range(periods)),
        penalty=random.choice([5, 9, 20]),
        lead=random.choice([0, 0, 1]),
        order_cost=random.choice([0, 3, 8]),
        min_order=random.choice([0, 0, 2, 3]),
        capacity=random.choice([1, 2, 4]),
        holding=random.choice([0, 1]),
        room=random.choice([1, 3, 6]),
        life=life,
        opening=tuple(random.choice([0, 0, 1, 2]) if age < life else 0 for age in range(3)),
        disposal=random.choice([0, 1]),
        sale_price=random.choice([0, 1, 4]),
        depth=random.choice([0, 1, 2]),
        terminal=random.choice([0, 1]),
        end_stock=random.choice([0, 0, 1]),
        target=random.choice([0, 0, 2]),
        target_penalty=random.choice([1, 3]),
        project_cost=random.choice([2, 10]),
        project_duration=random.choice([0, 1]),
        project_supply=random.choice([0, 2]),
    )


def least_cost(case: Case) -> float:
    """The best of all plans in whole units; inf where there is none."""
    starts = [None, *range(case.periods - case.project_duration)] if case.project_supply else [None]
    return min(_with_project(case, start) for start in starts)


def _with_project(case: Case, start: int | None) -> float:
    """The best plan once the project starts in a period or never."""

    def capacity(n: int) -> int:
        running = start is not None and n >= start + case.project_duration
        return case.capacity + (case.project_supply if running else 0)

    @cache
    def best(n: int, stock: Stock, coming: int) -> float:
        """Cost from period n on; ``coming`` arrives in n where the lead time is 1."""
        if n == case.periods:
            left = sum(stock)
            return -case.terminal * left if left >= case.end_stock else math.inf
        least = math.inf
        for ordered in _orders(case, n, capacity(n)):
            arriving, next_coming = (ordered, 0) if case.lead == 0 else (coming, ordered)
            paid = case.price[n] * ordered + (case.order_cost if ordered else 0)
            fresh = (stock[0] + arriving, *stock[1:])
            for after, cost in _periods_end(case, n, fresh):
                least = min(least, paid + cost + best(n + 1, after, next_coming))
        return least

    return best(0, case.opening, 0) + (0 if start is None else case.project_cost)


def _orders(case: Case, n: int, capacity: int) -> list[int]:
    """What may be ordered in a period; an order of nothing is no order."""
    if n + case.lead >= case.periods:
        return [0]
    return [0, *range(max(1, case.min_order), capacity + 1)]


def _periods_end(case: Case, n: int, stock: Stock) -> list[tuple[Stock, float]]:
    """Stock at the start of the next period and cost, for all that may be released, sold and thrown away."""
    ends = []
    have, demand = sum(stock), case.demand[n]
    for released, sold in product(range(min(demand, have) + 1), range(case.depth + 1)):
        for thrown in range(have - released - sold + 1):
            left = _take_oldest(stock, released + sold + thrown)
            if sum(left) > case.room or any(left[max(0, case.life - 1) :]):
                continue
            under = max(0, case.target - sum(left))
            cost = case.penalty * (demand - released) + case.disposal * thrown - case.sale_price * sold
            cost += case.holding * sum(left) + case.target_penalty * under
            ends.append(((0, *left[:-2], left[-2] + left[-1]), float(cost)))
    return ends


def _take_oldest(stock: Stock, amount: int) -> Stock:
    left = list(stock)
    for age in reversed(range(len(left))):
        taken = min(left[age], amount)
        left[age] -= taken
        amount -= taken
    return tuple(left)


def instance_of(case: Case) -> Instance:
    """The case as tables."""
    tables: dict[str, list[Row]] = {
        "goods": [
            {
                "good": "ore",
                "shelf_life": str(case.life),
                "disposal_cost": case.disposal,
                "terminal_value": case.terminal,
                "end_stock": case.end_stock,
            }
        ],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard", "holding_cost": case.holding, "capacity": case.room}],
        "sources": [_source(case)],
        "supply": [{"source": "mine", "capacity": case.capacity}],
        "prices": [{"source": "mine", "from": str(2026 + t), "price": p} for t, p in enumerate(case.price)],
        "sectors": [{"sector": "plant"}],
        "demand": [
            {"sector": "plant", "good": "ore", "from": str(2026 + t), "quantity": d} for t, d in enumerate(case.demand)
        ],
        "tiers": [{"tier": 1, "share": 1.0, "penalty": case.penalty}],
        "targets": [{"good": "ore", "quantity": case.target, "penalty": case.target_penalty}],
        "rotation": [{"good": "ore", "mode": "sale", "price": case.sale_price, "depth": case.depth}],
    }
    opening = [{"good": "ore", "store": "yard", "age": str(a), "quantity": q} for a, q in enumerate(case.opening) if q]
    if opening:
        tables["opening_stock"] = opening
    if case.project_supply:
        tables["projects"] = [{"project": "shaft"}]
        stage = {"project": "shaft", "stage": 1, "duration": str(case.project_duration), "cost": case.project_cost}
        tables["stages"] = [stage]
        effect = {"project": "shaft", "after": 1, "kind": "supply", "name": "mine", "amount": case.project_supply}
        tables["effects"] = [effect]
    settings = {
        "format": 1,
        "name": "counted",
        "title": "counted",
        "horizon": {"start": "2026-01-01", "periods": case.periods, "step": "year"},
        "units": {"quantity": "unit", "price": "USD/unit", "money": "USD", "time": "period"},
    }
    return Instance.from_tables(name="counted", settings=settings, tables=tables)


def _source(case: Case) -> Row:
    lump = {"order_cost": case.order_cost, "min_order": case.min_order}
    return {"source": "mine", "good": "ore", "lead_time": str(case.lead), **lump}
