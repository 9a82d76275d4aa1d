"""Published problems solved again by counting: production plans by recursion over the stock, sets of projects one by one."""

from __future__ import annotations

from functools import cache
from itertools import product
from math import gcd, inf
from typing import Any

import numpy as np

from stockpile.instance import Instance

LOT_TABLES = {"goods", "stores", "storage", "opening_stock", "sources", "supply", "prices", "sectors", "demand"}
CHOICE_TABLES = {"goods", "sectors", "demand", "funds", "budgets", "projects", "stages", "effects", "requires"}


def counted(instance: Instance) -> float | None:
    """The optimum where counting can find it: one good in whole numbers, or projects alone; else None."""
    tables = set(instance.tables)
    if "projects" in tables and tables <= CHOICE_TABLES:
        return -_best_set(instance)
    if tables <= LOT_TABLES and len(instance.table("goods")) == 1 and instance.view("sources")["discount"].isna().all():
        return _least_cost(instance)
    return None


def _least_cost(instance: Instance) -> float | None:
    """The least cost over all orders in multiples of a unit; None where an amount is no whole number."""
    periods = instance.calendar.periods
    demand = instance.series("demand", "quantity", 0.0)[1].sum(axis=0)
    view, stores = instance.view("sources"), instance.view("stores")
    opening = float(instance.view("opening_stock")["quantity"].sum())
    room = float(stores["capacity"].fillna(inf).iloc[0]) if len(stores) else 0.0
    holding = instance.series("storage", "holding_cost", 0.0)[1].sum(axis=0) if len(stores) else np.zeros(periods)
    offers = [_offer(instance, str(k), row) for k, row in zip(view["source"], view.to_dict("records"), strict=True)]
    amounts = [*demand, opening, *(w for offer in offers for at in offer for w in (at[1] if at else ()))]
    if any(a != int(a) for a in amounts if a != inf):
        return None
    unit = max(gcd(*(int(a) for a in amounts if a != inf)), 1)

    @cache
    def best(t: int, stock: float) -> float:
        if t == periods:
            return 0.0
        least = inf
        for order in np.arange(0, max(0.0, demand[t:].sum() - stock) + unit, unit):
            left = stock + order - demand[t]
            if 0 <= left <= room:
                paid = min((_paid(offer[t], order) for offer in offers), default=inf) if order else 0.0
                least = min(least, paid + holding[t] * left + best(t + 1, left))
        return least

    return best(0, opening)


def _offer(instance: Instance, source: str, row: dict[Any, Any]) -> list[tuple[float, list[float], list[float]] | None]:
    """Charge, widths and prices of a source by period; None where it is closed."""
    keys, prices = instance.series("prices", "price", np.nan)
    widths = instance.series("prices", "width", 0.0)[1]
    mine = [i for i, (k, _) in enumerate(keys) if k == source]
    limited = [i for i, (k,) in enumerate(instance.series("supply", "capacity", 0.0)[0]) if k == source]
    capacity = instance.series("supply", "capacity", 0.0)[1]
    offers: list[tuple[float, list[float], list[float]] | None] = []
    for t in range(instance.calendar.periods):
        most = float(capacity[limited[0], t]) if limited else inf
        wide = [inf if np.isnan(widths[i, t]) else float(widths[i, t]) for i in mine]
        open_now = row["qualified_from"] <= t < row["until"]
        cut = [min(w, most) for w in wide] if len(wide) == 1 else wide
        offers.append((float(row["order_cost"]), cut, [float(prices[i, t]) for i in mine]) if open_now else None)
    return offers


def _paid(offer: tuple[float, list[float], list[float]] | None, order: float) -> float:
    """What an order costs; inf where it is more than is offered."""
    if offer is None:
        return inf
    cost = offer[0]
    for width, price in zip(offer[1], offer[2], strict=True):
        part = min(order, width)
        cost, order = cost + price * part, order - part
    return inf if order > 1e-9 else cost


def _best_set(instance: Instance) -> float:
    """The greatest value over all sets of projects that keep budgets, groups and requirements, each begun at once."""
    names = [str(p) for p in instance.view("projects")["project"]]
    group = {str(p): g for p, g in zip(names, instance.view("projects")["group"], strict=True) if isinstance(g, str)}
    needs = list(zip(instance.view("requires")["project"], instance.view("requires")["needs_project"], strict=True))
    stages, effects = instance.view("stages"), instance.view("effects")
    outlay = np.zeros((len(names), instance.calendar.periods))
    begin = dict.fromkeys(names, 0)
    for p, cost, duration in zip(stages["project"], stages["cost"], stages["duration"], strict=True):
        outlay[names.index(p), begin[p]] += cost
        begin[p] += int(duration)
    value = np.zeros(len(names))
    for p, amount in zip(effects["project"], effects["amount"], strict=True):
        value[names.index(p)] += amount * (instance.calendar.periods - begin[p])
    budget = instance.budget("capital")
    best = 0.0
    for picks in product((0, 1), repeat=len(names)):
        chosen = {p for p, x in zip(names, picks, strict=True) if x}
        groups = [group[p] for p in chosen if p in group]
        allowed = len(groups) == len(set(groups)) and all(q in chosen for p, q in needs if p in chosen)
        if allowed and (np.array(picks) @ outlay <= budget + 1e-9).all():
            best = max(best, float(value @ picks))
    return best
