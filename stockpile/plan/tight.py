"""Which limits a plan uses to the last unit: what plan.json tells of them, from the slacks of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.worth import Worths

AT_LIMIT = 1e-6
"""Slack, relative to the limit, up to which a limit counts as used to the last unit."""
SILENT = (
    "draw_pays_for_use",
    "order_needs_placement",
    "rotation_needs_event",
    "delivered_to_store",
    "served_from_store",
    "traced_use_leaves",
    "traced_market_use",
)
"""Families that tie decisions to one another and limit nothing that a planner could raise."""
MOST = 2000
"""Limits kept in plan.json; those that bind most often."""

#: Name of the entry in plan.json.
BINDING = "binding"


def tight(instance: Instance, audit: Audit) -> pd.DataFrame:
    """Family, key (a tuple), unit, periods and nodes (lists, one entry for each node) of every limit that binds somewhere, in the audit's order."""
    slacks = audit.slacks
    limit = slacks["limit"].astype(float)
    used_up = slacks["slack"].astype(float).abs() <= AT_LIMIT * limit.abs().clip(lower=1.0)
    real = (limit.abs() > AT_LIMIT) | (slacks["family"] == "cash_not_negative")
    view = instance.view("funds")
    credit = {(f,) for f in view.loc[view["kind"] == "credit", "fund"]}
    cashless = (slacks["family"] == "cash_not_negative") & slacks["key"].isin(credit)
    chosen = slacks[used_up & real & ~cashless & ~slacks["family"].isin(SILENT)]
    if chosen.empty:
        return chosen
    ways: dict[str, Any] = {"unit": "first", "period": list, "node": list}
    return chosen.groupby(["family", "key"], sort=False).agg(ways).reset_index()


def binding_of(instance: Instance, audit: Audit, worths: Worths | None = None) -> dict[str, Any]:
    """What plan.json says: how many limits bind, and of those that bind most often the family, key, how often, first and last.

    Where ``worths`` knows it, too: ``worth`` (money of the instance) of one ``per`` (its unit, of the mean of a blend % of the bound) more of the limit, or ``less`` of
    what it asks for (``way``), in each of those periods or nodes together, while the plan's whole decisions stay as they are:
    no more is gained by it.
    """
    found = tight(instance, audit)
    order = {label: t for t, label in enumerate(instance.calendar.labels)}
    often: list[int] = []
    if len(found):
        often = list(found["period"].map(len).sort_values(ascending=False, kind="stable").index[:MOST])
    rows = [
        {
            "family": family,
            "key": [str(part) for part in (key if isinstance(key, tuple) else (key,))],
            "times": len(periods),
            "first": min(periods, key=order.__getitem__),
            "last": max(periods, key=order.__getitem__),
            **_worth(worths, family, key, unit, nodes),
        }
        for family, key, unit, periods, nodes in found.loc[
            sorted(often), ["family", "key", "unit", "period", "node"]
        ].itertuples(index=False)
    ]
    return {"limits": len(found), "rows": rows}


def _worth(worths: Worths | None, family: str, key: Any, unit: str, nodes: list[str]) -> dict[str, Any]:
    """What plan.json says of what a limit is worth; nothing where it has no unit."""
    found = worths.of(family, key, unit, nodes) if worths is not None else None
    return {} if found is None else dict(zip(("worth", "way", "per"), found, strict=True))
