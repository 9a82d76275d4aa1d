"""Plan tables in expectation: what a page that has one column per year can show of many futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from stockpile.plan.plan import TABLES, Plan, Table
from stockpile.tree import Tree


def expected(plan: Plan, tree: Tree) -> Plan:
    """The plan with every amount weighed by the probability of its node, as ``weighed``; on one path it is given back as it is."""
    return weighed(plan, dict(zip(tree.labels, tree.probability, strict=True))) if tree.branches else plan


def weighed(plan: Plan, probability: Mapping[str, float]) -> Plan:
    """The plan with every amount weighed by the ``probability`` of its node and the nodes of a period added up.

    Prices are averages over the nodes that have a row.  A row stays apart where its names or labels differ.
    """
    told = ("paths", "outcomes")
    tables = {
        name: frame if name in told else _expected(TABLES[name], frame, probability)
        for name, frame in plan.tables.items()
    }
    return replace(plan, tables=tables)


def _expected(table: Table, frame: pd.DataFrame, probability: Mapping[str, float]) -> pd.DataFrame:
    """One table: a row per period and names."""
    if frame.empty:
        return frame
    amounts = [c.name for c in table.columns if c.is_amount]
    prices = [c.name for c in table.columns if c.kind == "price"]
    labels = [c.name for c in table.columns if not c.is_amount and c.name != "node"]
    weight = frame["node"].map(probability)
    weighed = frame.assign(**{name: frame[name] * weight for name in amounts}, weight=weight)
    total = weighed.groupby(labels, sort=False, dropna=False, as_index=False)[[*amounts, "weight"]].sum()
    for name in prices:
        total[name] = total[name] / total["weight"]
    total["node"] = total["period"]
    return total[[*table.names]]
