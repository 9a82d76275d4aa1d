"""Stock of traced goods by class of origin, and who gets it, as tables of the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import Solution, names, visible


def tracing_tables(s: Solution) -> dict[str, pd.DataFrame]:
    """Stock by class and what sectors get of every class, in the instance's units."""
    block, loans = s.data.tracing, s.data.stock.loans
    unit = s.unit_of([g for g, _ in block.classes])[:, None]
    count, traced = len(block.classes), bool(block.classes)
    stock, left, received = (
        s.read(name, count) * unit if traced else np.zeros((0, len(s.tree)))
        for name in ("class_stock", "class_left", "class_inflow")
    )
    lent, place = np.zeros_like(stock), {c: i for i, c in enumerate(block.classes)}
    keys = [(g, c) for g, _ in loans.offers if g in block.goods for _, c in block.of(g)]
    if keys:
        np.add.at(lent, [place[key] for key in keys], s.read("class_lent", len(keys)))
    keep = np.array([s.data.stock.keep[s.goods[g]] for g, _ in block.classes])[:, None]
    opening = s.before(stock, block.opening * unit[:, 0]) if traced else stock
    values = {
        "opening": opening,
        "loss": opening * (1.0 - keep),
        "received": received,
        "lent": lent * unit,
        "left": left,
        "closing": stock,
    }
    labels = [block.label(i) for i in range(count)]
    origins = s.table({"good": names([g for g, _ in block.classes]), "origin": names(labels)}, values)
    named = dict(zip(block.classes, labels, strict=True))
    return {"traced_stock": origins, "traced_use": _use(s, named), **_batches(s, named)}


def _use(s: Solution, labels: dict[tuple[str, int], str]) -> pd.DataFrame:
    """What sectors get of every class."""
    uses = list(s.data.tracing.uses)
    unit = s.unit_of([g for _, g, _ in uses])[:, None]
    used = s.read("use", len(uses)) * unit if uses else np.zeros((0, len(s.tree)))
    bought, place = np.zeros_like(used), {use: i for i, use in enumerate(uses)}
    traded = list(s.model.MARKET_USES) if uses else []
    if traded:
        bought[[place[use] for use in traded]] = s.read("market_use", len(traded))
    bought = bought * unit
    keys = {
        "sector": names([e for e, _, _ in uses]),
        "good": names([g for _, g, _ in uses]),
        "origin": names([labels[g, c] for _, g, c in uses]),
    }
    return s.table(keys, {"quantity": used, "market": bought}, visible(used) | visible(bought))


def _batches(s: Solution, labels: dict[tuple[str, int], str]) -> dict[str, pd.DataFrame]:
    """Runs by what they pass on, and what they take of every class."""
    block, names_of = s.data.tracing.batches, list(s.data.processing.names)
    label = {batch: block.label(i) for i, batch in enumerate(block.batches)}
    run = s.data.scale.run[[names_of.index(j) for j, _ in block.batches]][:, None]
    level = s.read("batch", len(block.batches)) * run
    keys = {"process": names([j for j, _ in block.batches]), "batch": names(list(label.values()))}
    taken = s.read("batch_input", len(block.fed)) * s.unit_of([g for _, g, _, _ in block.fed])[:, None]
    into = {
        "process": names([j for j, _, _, _ in block.fed]),
        "batch": names([label[j, b] for j, _, _, b in block.fed]),
        "good": names([g for _, g, _, _ in block.fed]),
        "origin": names([labels[g, c] for _, g, c, _ in block.fed]),
    }
    return {
        "batches": s.table(keys, {"level": level}, visible(level)),
        "batch_inputs": s.table(into, {"taken": taken}, visible(taken)),
    }
