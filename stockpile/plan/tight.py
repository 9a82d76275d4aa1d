"""Which limits a plan uses to the last unit: what plan.json tells of them, from the slacks of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit

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
    """Family, key (a tuple) and periods (a list, one entry for each node) of every limit that binds somewhere, in the audit's order."""
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
    return chosen.groupby(["family", "key"], sort=False)["period"].agg(list).reset_index()


def binding_of(instance: Instance, audit: Audit) -> dict[str, Any]:
    """What plan.json says: how many limits bind, and of those that bind most often the family, key, how often, first and last."""
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
        }
        for family, key, periods in found.loc[sorted(often), ["family", "key", "period"]].itertuples(index=False)
    ]
    return {"limits": len(found), "rows": rows}
