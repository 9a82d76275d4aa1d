"""Contracts signed, what is called under them and what arrives, of a solution, as tables in the instance's units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import NOISE, Floats, Labels, Solution, names, visible


def contract_tables(s: Solution) -> dict[str, pd.DataFrame]:
    """The tables ``contracts``, ``commencements``, ``calls`` and ``contract_deliveries``."""
    block, buying, money = s.data.contracts, s.data.purchasing, s.data.scale.money
    signed = s.read("sign", len(block.names)) > 0.5
    premium = np.repeat(block.premium[:, None] * money, len(s.tree), axis=1)
    keys = {"contract": names(block.names), "source": names([block.source_of[c] for c in block.names])}
    contracts = s.table(keys, {"premium": premium}, signed)
    node, row = np.nonzero(signed.T)
    waits = np.array([c in block.awaited for c in block.names], dtype=bool)
    contracts["until"] = np.where(waits[row], "", s.later(node, block.duration[row] - 1))
    good = [buying.good_of[block.source_of[c]] for c in block.names]
    unit = s.unit_of(good)[:, None]
    quantity, untaken, price = _called(s)
    cost = price * (quantity + untaken) * money
    quantity, untaken = quantity * unit, untaken * unit
    keys = {"contract": names(block.names), "good": names(good)}
    keep = visible(quantity + untaken)
    values = {
        "quantity": quantity,
        "untaken": untaken,
        "price": price * money / unit / s.instance.price_factor,
        "cost": cost,
    }
    calls = s.table(keys, values, keep)
    node, row = np.nonzero(keep.T)
    calls["arrives"] = s.later(node, block.lead[row])
    deliveries = _deliveries(s, keys, values)
    begins = _commencements(s)
    return {"contracts": contracts, "commencements": begins, "calls": calls, "contract_deliveries": deliveries}


def _commencements(s: Solution) -> pd.DataFrame:
    """Where contracts begin that wait for a project."""
    block = s.data.contracts
    waiting = list(block.awaited)
    rows = block.rows(waiting)
    begun = _begun(s)[rows, len(s.data.nodes.past) - 1 :]
    parent = np.asarray(s.tree.parent) + 1
    begins = begun[:, 1:] > begun[:, parent]
    keys = {"contract": names(waiting), "project": names([p for p, _ in block.awaited.values()])}
    table = s.table(keys, {}, begins)
    node, row = np.nonzero(begins.T)
    table["until"] = s.later(node, block.duration[rows][row] - 1)
    return table


def _called(s: Solution) -> tuple[Floats, Floats, Floats]:
    """(C, N) what is called, what is paid for without being taken, and the price in force, in model units."""
    block = s.data.contracts
    runs, call = _running(s), s.read("call", len(block.calls))
    quantity, price, untaken = np.zeros_like(block.least), np.zeros_like(block.least), np.zeros_like(block.least)
    np.add.at(quantity, block.rows([c for c, _, _ in block.calls]), call)
    np.add.at(price, block.rows([c for c, _ in block.bands]), runs * block.price)
    for (c, b, part), amount, rate in zip(block.calls, call, block.rate_of_calls, strict=True):
        if part == "least":
            missing = rate * runs[block.bands.index((c, b))] - amount
            untaken[block.names.index(c)] += np.where(missing > NOISE, missing, 0.0)
    return quantity, untaken, price


def called(s: Solution) -> dict[str, dict[str, Floats]]:
    """What is called, and what arrives of it, (N,) by source in model units, as the kinds of use call them: order, delivery."""
    block, buying = s.data.contracts, s.data.purchasing
    quantity = _called(s)[0]
    found: dict[str, dict[str, Floats]] = {"order": {}, "delivery": {}}
    for row, (name, lead) in enumerate(zip(block.names, block.lead, strict=True)):
        source, back = block.source_of[name], s.tree.ancestor(int(lead))
        arriving = np.where(back >= 0, quantity[row, np.maximum(back, 0)], 0.0)
        arriving = arriving * buying.arrive[buying.sources.index(source)]
        for kind, amount in (("order", quantity[row]), ("delivery", arriving)):
            found[kind][source] = found[kind].get(source, 0.0) + amount
    return found


def arriving(s: Solution) -> Floats:
    """(calls, N) what arrives of every call, in model units."""
    block, buying = s.data.contracts, s.data.purchasing
    call = s.read("call", len(block.calls))
    out = np.zeros_like(call)
    for row, (name, _, _) in enumerate(block.calls):
        back = s.tree.ancestor(int(block.lead[block.names.index(name)]))
        share = buying.arrive[buying.sources.index(block.source_of[name])]
        out[row] = share * np.where(back >= 0, call[row, np.maximum(back, 0)], 0.0)
    return out


def _running(s: Solution) -> Floats:
    """(B, N) 1 where a contract runs in a band."""
    block, nodes = s.data.contracts, s.data.nodes
    begun = _begun(s)
    row = block.rows([c for c, _ in block.bands])
    runs = np.zeros((len(row), len(s.tree)))
    for band, (c, first, after) in enumerate(zip(row, block.first, block.after, strict=True)):
        runs[band] = begun[c, nodes.back(int(first))] - begun[c, nodes.back(int(after))]
    return runs


def _begun(s: Solution) -> Floats:
    """(C, P + N) 1 once a contract has begun."""
    block = s.data.contracts
    past = block.begun_before(len(s.data.nodes.past))
    begun = np.round(s.read("commenced" if block.awaited else "signed", len(block.names)))
    return np.concatenate([past, begun], axis=1)


def _deliveries(s: Solution, keys: dict[str, Labels], called: dict[str, Floats]) -> pd.DataFrame:
    """What arrives of the calls of a lead time back, less what is lost on its way."""
    block, buying = s.data.contracts, s.data.purchasing
    shape = called["quantity"].shape
    quantity, cost, goods = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    origin = np.zeros(shape, dtype=np.int64)
    for row, (name, lead) in enumerate(zip(block.names, block.lead, strict=True)):
        back, source = s.tree.ancestor(int(lead)), buying.sources.index(block.source_of[name])
        inside, share = back >= 0, buying.arrive[source]
        for out, values in (
            (quantity, called["quantity"]),
            (cost, called["cost"]),
            (goods, called["quantity"] * called["price"] * s.instance.price_factor),
        ):
            out[row, inside] = (share * np.where(inside, values[row, np.maximum(back, 0)], 0.0))[inside]
        goods[row] *= buying.duty[source]
        origin[row] = np.maximum(back, 0)
    keep = visible(quantity) | visible(cost)
    table = s.table(keys, {"quantity": quantity, "cost": cost, "duty": goods}, keep)
    node, line = np.nonzero(keep.T)
    table.insert(4, "called", s.periods[origin[line, node]])
    return table
