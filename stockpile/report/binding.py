"""What binds: the limits that the plan uses to the last unit."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.text import Text

from stockpile.instance.schema.pins import DECISIONS
from stockpile.plan.tight import tight
from stockpile.report.layout import Column, heading, sentence, span, table
from stockpile.report.sheet import Sheet

MOST, EACH = 20, 4
"""Limits shown in all, and of one family."""

WORDS = {
    "payment_limit": "total limit of fund",
    "credit_limit": "credit limit of fund",
    "commitment_limit": "commitment limit of fund",
    "exposure_of_fund": "exposure limit of fund",
    "exposure_of_project": "exposure limit of project",
    "cash_not_negative": "cash of fund is used up:",
    "supply_capacity": "capacity of source",
    "price_step_width": "price step of source is full:",
    "market_step_width": "price step of market is full:",
    "minimum_order": "least order at source",
    "greatest_rate": "greatest rate of contract",
    "take_or_pay": "least rate of contract",
    "entitlement": "entitlement of sector, good:",
    **{f"{decision}_required": f"required {decision} of pin" for decision in DECISIONS},
    **{f"{decision}_forbidden": f"allowed {decision} of pin" for decision in DECISIONS},
    "policy_at_most": "policy allows no more:",
    "policy_at_least": "policy asks for all of it:",
    "order_reaches_bracket": "least order for the price of source, step:",
    "resource_capacity": "capacity of resource",
    "overtime_limit": "greatest overtime of resource",
    "ordered_of_returns": "what comes back to source",
    "process_capacity": "capacity of process",
    "least_run": "least run of process",
    "least_grade": "least mean of process, attribute:",
    "greatest_grade": "greatest mean of process, attribute:",
    "store_capacity": "room in store",
    "storage_capacity": "room for good in store:",
    "transfer_capacity": "route of good, from, to:",
    "store_release": "release rate of store",
    "good_release": "release rate of good in store:",
    "shelf_life": "shelf life of good",
    "traced_shelf_life": "shelf life of good, origin:",
    "stock_target": "stock target of good",
    "end_stock": "end stock of good",
    "tier_share": "greatest shortfall of sector, good, tier:",
    "longest_wait": "longest wait of sector, good:",
    "sale_depth": "depth of the market for good",
    "exchange_depth": "most that industry borrows of good",
    "exchange_limit": "credit limit of borrowers of good",
    "least_lot": "least lot of good, mode:",
    "sale_step_width": "step of the demand curve is full: good, step",
    "one_of_a_group": "one project of group",
    "private_share": "private share of project stage",
    "least_share": "least share in project stage, fund:",
    "greatest_share": "greatest share in project stage, fund:",
    "maturity": "maturity of credit",
    "cap_of_incentive": "cap of incentive, project, good, fund:",
}
"""Families of rows in the planner's words, in the order in which they are shown."""


def binding(sheet: Sheet) -> list[Text]:
    """The limits without slack, by family, with the number of periods, or nodes of a tree, in which they bind."""
    found = _tight(sheet)
    if found.empty:
        return []
    shown = found.groupby("family", sort=False).head(EACH).head(MOST)
    where = "nodes" if sheet.audit.tree.branches else "periods"
    columns = [Column("limit", least=30, wraps=True), Column(where, right=True), Column("when", least=14)]
    rows = [
        (limit_words(family, key), f"{len(periods):,}", span(periods, sheet.order))
        for family, key, periods in zip(shown["family"], shown["key"], shown["period"], strict=True)
    ]
    lines = heading("What binds", f"limits used to the last unit, in so many {where}", sheet.width)
    lines += table(columns, rows, sheet.width)
    if len(rows) < len(found):
        lines += sentence(f"and {len(found) - len(rows):,} more of these kinds", sheet.width)
    return lines


def _tight(sheet: Sheet) -> pd.DataFrame:
    """Family, key and periods of every limit that binds somewhere; those that bind most often first in their family."""
    grouped = tight(sheet.instance, sheet.audit)
    if grouped.empty:
        return grouped
    order = {family: i for i, family in enumerate(WORDS)}
    grouped["rank"] = grouped["family"].map(lambda family: order.get(family, len(order)))
    grouped["often"] = grouped["period"].map(len)
    return grouped.sort_values(["rank", "often"], ascending=[True, False], kind="stable")


def limit_words(family: str, key: Any) -> str:
    """A limit in the planner's words, with what it is about."""
    parts = key if isinstance(key, tuple | list) else (key,)
    return f"{WORDS.get(family, family.replace('_', ' '))} {', '.join(str(part) for part in parts)}"
