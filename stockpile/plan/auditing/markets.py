"""Price steps: those of each source, and those of markets, which the orders of their sources use together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import Case


@dataclass(frozen=True)
class Offers:
    """Price steps (source, step) with width and price, (steps, nodes); ``market`` names the market of each, "" for none."""

    steps: list[Key]
    width: Floats
    price: Floats
    market: list[str]

    @property
    def own(self) -> Bools:
        """(steps,) whether a step is the source's own."""
        return np.array([not market for market in self.market], dtype=bool)


def offers_of(case: Case) -> Offers:
    """What every source offers: its own steps, or those of its market with its premium on the price."""
    view = case.view("sources")
    premium = view["premium"].to_numpy(dtype=np.float64)
    steps: list[Key] = []
    market: list[str] = []
    rows: list[tuple[Floats, Floats]] = []
    own, shared = _table(case, "prices"), _table(case, "markets")
    for row, (source, name) in enumerate(zip(view.texts("source"), view.texts("market"), strict=True)):
        for step, (width, price) in (shared[name] if name else own.get(source, {})).items():
            steps.append((source, step))
            market.append(name)
            rows.append((width, price + premium[row] if name else price))
    shape = (len(rows), len(case.tree))
    width = np.array([w for w, _ in rows]).reshape(shape)
    price = np.array([p for _, p in rows]).reshape(shape)
    return Offers(steps, np.where(np.isnan(price), 0.0, width), np.nan_to_num(price), market)


def _table(case: Case, table: str) -> dict[str, dict[int, tuple[Floats, Floats]]]:
    """By source or market, and step: width, inf where it has no limit, and price, NaN where it is not offered; (nodes,)."""
    keys, prices = case.instance.series(table, "price", np.nan)
    width = case.series(table, "width", 0.0, keys)
    width = np.where(np.isnan(width), np.inf, width)
    price = case.spread(np.asarray(prices, dtype=np.float64).reshape(len(keys), case.instance.columns))
    found: dict[str, dict[int, tuple[Floats, Floats]]] = {}
    for i, (key, step) in enumerate(keys):
        found.setdefault(str(key), {})[int(step)] = (width[i], price[i])
    return found


def check_markets(case: Case, offers: Offers, ordered: Floats, normal: set[str]) -> None:
    """Orders (steps, nodes) at all sources of a market stay within its steps and use them from the first on.

    Where the market pays for some of the sources of a market, ``normal``, these use them before the others.
    """
    table = {name: steps for name, steps in _table(case, "markets").items() if name in set(offers.market)}
    keys: list[Key] = [(name, step) for name, steps in table.items() for step in steps]
    at = {key: i for i, key in enumerate(keys)}
    shape = (len(keys), len(case.tree))
    width = np.array([np.where(np.isnan(p), 0.0, w) for steps in table.values() for w, p in steps.values()]).reshape(
        shape
    )
    sold, whole = np.zeros(shape), np.zeros(shape)
    for (_, step), name, quantity in zip(offers.steps, offers.market, ordered, strict=True):
        if name:
            sold[at[name, step]] += quantity
            whole[[i for i, (market, _) in enumerate(keys) if market == name]] += quantity
    words = "orders in price step {1} of market {0} are {left}, {amount} over the width of {right} offered"
    rule = case.rule("market_step_width", "order_steps", keys, case.quantity, words)
    case.book.at_most(rule, sold, width)
    later = [i for i, (market, step) in enumerate(keys) if (market, step - 1) in at]
    before = [at[keys[i][0], keys[i][1] - 1] for i in later]
    words = "step {1} of market {0} is used, but of the step before only {left} of {right}"
    rule = case.rule("market_steps_in_order", "order_steps", [keys[i] for i in later], case.quantity, words)
    full = np.where(np.isinf(width), whole, width)[before]
    used = sold[later] > case.book.tolerance * np.maximum(1.0, whole[later])
    case.book.at_least(replace(rule, binds=False), sold[before], full, scale=whole[before], where=used)
    _check_turns(case, offers, ordered, normal, dict(zip(keys, width, strict=True)))


def _check_turns(case: Case, offers: Offers, ordered: Floats, normal: set[str], width: dict[Key, Floats]) -> None:
    """Where funds and the market buy in one market, normal consumption has filled every step before the last that it uses."""
    taken: dict[Key, Floats] = {}
    reserve = set()
    for (source, step), name, quantity in zip(offers.steps, offers.market, ordered, strict=True):
        if source in normal:
            taken[name, step] = taken.get((name, step), 0.0) + quantity
        elif name:
            reserve.add(name)
    keys = sorted(key for key in taken if key[0] in reserve)
    shape = (len(keys), len(case.tree))
    mine, offered = (np.array([found[key] for key in keys]).reshape(shape) for found in (taken, width))
    last = [[i for i, other in enumerate(keys) if other[0] == name and other[1] > step] for name, step in keys]
    later = np.array([mine[rows].sum(axis=0) for rows in last]).reshape(shape)
    whole = np.array([mine[[i for i, o in enumerate(keys) if o[0] == name]].sum(axis=0) for name, _ in keys])
    used = later > case.book.tolerance * np.maximum(1.0, whole.reshape(shape))
    full = np.where(np.isinf(offered), mine + later, offered)
    words = "normal consumption takes {left} of the {right} of step {1} of market {0}, but has taken of later steps"
    rule = case.rule("normal_consumption_first", "order_steps", keys, case.quantity, words)
    case.book.at_least(replace(rule, binds=False), mine, full, scale=whole.reshape(shape), where=used)
