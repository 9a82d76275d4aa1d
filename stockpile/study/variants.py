"""Variants of an instance with other tables or one pin more, and plans from which a search for them may set out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from stockpile.study.decisions import CONTRACT, PROJECT, SOURCE, Decision
from stockpile.tree import Tree, build_tree

#: What is pinned of each kind.
PINNED = {PROJECT: "release", CONTRACT: "signing", SOURCE: "order"}
#: The tables of a plan that tell what is decided, by kind, and the column of its name.
ROWS = {PROJECT: ("go", "project"), CONTRACT: ("contracts", "contract"), SOURCE: ("orders", "source")}
PIN = "asked by explain"


def pinned(instance: Instance, decision: Decision) -> Instance:
    """The instance with the decision the other way round.  Raises DataError where a pin cannot ask for that."""
    cells: dict[str, Any] = {"decision": PINNED[decision.kind], "name": decision.name}
    if decision.stage:
        cells["stage"] = decision.stage
    limit = {"at_most": 0.0} if decision.used else {"at_least": decision.amount or 1.0}
    table = instance.table("pins")
    taken = set(table["pin"])
    name = next(n for n in (PIN, *(f"{PIN} {i}" for i in range(len(taken) + 1))) if n not in taken)
    more = pd.DataFrame([{"pin": name, **cells, **limit}])
    return with_tables(instance, {"pins": pd.concat([table.astype(object), more])})


def with_tables(instance: Instance, tables: Mapping[str, Any]) -> Instance:
    """The instance with some of its tables others.  Raises DataError with every fault."""
    settings = {**instance.settings.as_document(), "name": instance.name, "title": instance.title}
    return Instance.from_tables(instance.name, settings, {**instance.tables, **tables})


def setting_out(instance: Instance, plan: Plan, decision: Decision) -> Plan:
    """The plan to set out from: without what is forbidden, or with what is required as soon as it can be.

    Of the rows that are added only what tells whole decisions is there; of a group of projects the required one alone stays.
    """
    table, column = ROWS[decision.kind]
    frame = plan.tables[table]
    if decision.used:
        gone = frame[column] == decision.name
        if decision.kind == PROJECT:
            gone &= frame["stage"] >= decision.stage
        frame = frame[~gone]
    else:
        tree = build_tree(instance)
        if decision.kind == PROJECT:
            frame = frame[~frame["project"].isin(_rivals(instance, decision.name))]
            rows = [{"stage": s, "node": n} for s, at in decision.releases for n in _nodes(tree, at)]
        else:
            amount = {"quantity": decision.amount} if decision.kind == SOURCE else {}
            rows = [{**amount, "node": n} for n in _nodes(tree, decision.begin)]
        added = pd.DataFrame([{column: decision.name, **row} for row in rows])
        frame = pd.concat([frame, added]) if len(frame) else added.reindex(columns=frame.columns)
    return replace(plan, tables={**plan.tables, table: frame.reset_index(drop=True)})


def _nodes(tree: Tree, period: int) -> list[str]:
    """The nodes of a period."""
    return [label for label, at in zip(tree.labels, tree.period.tolist(), strict=True) if at == period]


def _rivals(instance: Instance, project: str) -> set[str]:
    """The other projects of its group, of which one is begun at most."""
    view = instance.view("projects")
    groups = dict(zip(view["project"], view["group"], strict=True))
    own = groups.get(project)
    return {str(p) for p, group in groups.items() if group is not None and group == own and p != project}


__all__ = ["pinned", "setting_out", "with_tables"]
