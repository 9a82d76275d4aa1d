"""Policies on the page: how near the plan comes to each, and what missing them costs."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from stockpile.instance.schema.policies import MEASURES
from stockpile.report.layout import Column, heading, number, numbers, percent, sentence, table
from stockpile.report.sheet import NOISE, Sheet

MOST = 16
"""Policies shown; the rest is in the tables."""
RATIOS = ("share", "market-share", "budget-use")


def policies(sheet: Sheet) -> list[Text]:
    """Every policy in the period in which it is missed furthest, or is nearest to its limit; missed ones first."""
    told = sheet.plan.tables["policies"]
    if told.empty:
        return []
    groups = told.groupby(["policy", "side"], sort=False)
    room = told["slack"] - told["violation"]
    size = told["limit"].abs().clip(lower=NOISE)
    nearest = (room / size).groupby([told["policy"], told["side"]], sort=False).idxmin()
    worst = told.loc[list(nearest)].set_index(["policy", "side"])
    worst["missed"] = groups["violation"].sum()
    worst["paid"] = groups["cost"].sum()
    worst["near"] = room[list(nearest)].to_numpy() / size[list(nearest)].to_numpy()
    worst = worst.reset_index().sort_values(["paid", "missed", "near"], ascending=[False, False, True], kind="stable")
    shown = worst.head(MOST)
    columns = [
        Column("policy", least=14),
        Column("asks", least=8),
        Column("value", right=True),
        Column("limit", right=True),
        Column("in", least=6),
        Column("missed by", right=True),
        Column(sheet.money, right=True),
    ]
    missed = [_amount(sheet, record, record["missed"]) for record in shown.to_dict("records")]
    rows = zip(
        shown["policy"],
        [side.replace("_", " ") for side in shown["side"]],
        [_value(sheet, record, "value") for record in shown.to_dict("records")],
        [_value(sheet, record, "limit") for record in shown.to_dict("records")],
        shown["period"],
        missed,
        numbers(list(shown["paid"])),
        strict=True,
    )
    lines = heading("Policies", "where they are missed most, or nearest to their limit", sheet.width)
    lines += table(columns, list(rows), sheet.width)
    left_out = len(worst) - len(shown)
    return lines + (sentence(f"and {left_out:,} more: policies.csv", sheet.width) if left_out > 0 else [])


def _kind(sheet: Sheet, policy: object) -> str:
    """The kind of a policy."""
    view = sheet.instance.view("policies")
    return str(view.loc[view["policy"] == policy, "kind"].iloc[0])


def _amount(sheet: Sheet, record: dict[Any, Any], amount: float) -> str:
    """An amount in the unit of a policy, with it; nothing for nothing."""
    value = float(amount)
    unit = getattr(sheet.instance.settings.units, MEASURES[_kind(sheet, record["policy"])])
    return f"{value:,.4g} {unit}" if abs(value) > NOISE else "-"


def _value(sheet: Sheet, record: dict[Any, Any], column: str) -> str:
    """A side of a policy: of a share the share that it comes to, where that can be told."""
    view = sheet.instance.view("policies")
    asked = view.loc[view["policy"] == record["policy"], str(record["side"])]
    limit, wanted = float(record["limit"]), float(asked.iloc[0])
    if _kind(sheet, record["policy"]) in RATIOS and len(asked) == 1 and limit > NOISE and wanted > 0:
        return percent(float(record[column]) * wanted / limit).replace(".00 %", " %")
    value = float(record[column])
    return _amount(sheet, record, value) if abs(value) > NOISE else number(0.0, 0)
