"""What one cell cannot tell: keys that stand twice, names that are unknown, tables that do not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stockpile.instance.cells import cell_text, nearest, shown
from stockpile.instance.checking.accounts import ACCOUNT_RULES
from stockpile.instance.checking.chains import CHAIN_RULES
from stockpile.instance.checking.cohorts import COHORT_RULES
from stockpile.instance.checking.contracts import CONTRACT_RULES
from stockpile.instance.checking.ends import END_RULES
from stockpile.instance.checking.financing import FINANCING_RULES
from stockpile.instance.checking.goods import GOODS_RULES
from stockpile.instance.checking.guarantees import GUARANTEE_RULES
from stockpile.instance.checking.incentives import INCENTIVE_RULES
from stockpile.instance.checking.loans import LOAN_RULES
from stockpile.instance.checking.market_supply import MARKET_SUPPLY_RULES
from stockpile.instance.checking.markets import MARKET_RULES
from stockpile.instance.checking.opening_money import OPENING_MONEY_RULES
from stockpile.instance.checking.pins import PIN_RULES
from stockpile.instance.checking.policies import POLICY_RULES
from stockpile.instance.checking.price_floors import PRICE_FLOOR_RULES
from stockpile.instance.checking.processing import PROCESSING_RULES
from stockpile.instance.checking.purchasing import PURCHASING_RULES
from stockpile.instance.checking.reach import REACH_RULES
from stockpile.instance.checking.resources import RESOURCE_RULES
from stockpile.instance.checking.returns import RETURN_RULES
from stockpile.instance.checking.rotation import ROTATION_RULES
from stockpile.instance.checking.scenarios import SCENARIO_RULES
from stockpile.instance.checking.stages import STAGE_RULES
from stockpile.instance.checking.stores import STORE_RULES
from stockpile.instance.checking.tracing import TRACING_RULES
from stockpile.instance.convert import periods_of
from stockpile.instance.faults import Report
from stockpile.instance.schema import TABLES, Table
from stockpile.instance.units import QUANTITIES, UnitError, quantity_factor

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: What a name refers to, by the kind of its row.
TABLES_OF_KINDS = {
    "effects": {
        "supply": "sources",
        "capacity": "stores",
        "revenue": "funds",
        "process": "processes",
        "demand": "goods",
    },
    "resource_use": {"order": "sources", "delivery": "sources", "stage": "projects", "process": "processes"},
}
#: Rules between tables, each with the tables that it reads.
RULES = (
    *SCENARIO_RULES,
    *GOODS_RULES,
    *ROTATION_RULES,
    *STORE_RULES,
    *PURCHASING_RULES,
    *MARKET_RULES,
    *MARKET_SUPPLY_RULES,
    *CONTRACT_RULES,
    *ACCOUNT_RULES,
    *FINANCING_RULES,
    *LOAN_RULES,
    *OPENING_MONEY_RULES,
    *PIN_RULES,
    *POLICY_RULES,
    *TRACING_RULES,
    *END_RULES,
    *STAGE_RULES,
    *COHORT_RULES,
    *REACH_RULES,
    *RESOURCE_RULES,
    *GUARANTEE_RULES,
    *PRICE_FLOOR_RULES,
    *INCENTIVE_RULES,
    *PROCESSING_RULES,
    *RETURN_RULES,
    *CHAIN_RULES,
)
#: Tables that every conversion of units reads.
BASIS = ("goods", "sources")
#: Columns that begin and end what a row says.
SPANS = (("from", "until"), ("qualified_from", "until"), ("start_from", "start_until"), ("sign_from", "sign_until"))


def check(instance: Instance, report: Report, units_known: bool = True) -> None:
    """Adds faults and warnings to a report.  A rule is passed over where a table that it reads has a fault already."""
    sound = [name for name in instance.tables if report.sound([name])]
    named = {name for name in TABLES if report.sound([name]) or _named(instance, report, name)}
    for name in instance.tables:
        _check_references(instance, TABLES[name], named, report)
    if units_known:
        _check_units(instance, report)
    for name in sound:
        _check_key(instance, TABLES[name], report)
        _check_spans(instance, TABLES[name], report)
    if units_known:
        for rule, tables in RULES:
            if report.sound([*BASIS, *tables.split()]):
                rule(instance, report)


def _named(instance: Instance, report: Report, table: str) -> bool:
    """Whether the names in a table are known, though it has faults: those in other columns than the first."""
    first = TABLES[table].columns[0].name
    return table in instance.tables and not any(p.column == first for p in report.of(table).problems)


def _check_references(instance: Instance, table: Table, named: set[str], report: Report) -> None:
    """Every name is in the table that it refers to."""
    frame = instance.tables[table.name]
    for column in table.columns:
        if column.refers in named:
            _check_names(instance, report, table.name, column.name, frame[column.name], column.refers)
    for kind, target in TABLES_OF_KINDS.get(table.name, {}).items():
        if target in named:
            _check_names(instance, report, table.name, "name", frame["name"][frame["kind"] == kind], target)


def _check_names(instance: Instance, report: Report, table: str, column: str, cells: pd.Series, target: str) -> None:
    known = [name for name in instance.table(target)[TABLES[target].columns[0].name] if isinstance(name, str)]
    strange = _strange(cells, set(known))
    if not any(strange):
        return
    unknown = cells[strange]

    def words(row: int) -> str:
        hint = nearest(unknown[row], known) if known else "the table is missing"
        return f"{shown(unknown[row])} is not in {report.of(target).file}; {hint}"

    report.of(table).each(unknown.index, column, words)


def _strange(cells: pd.Series, known: set[str]) -> list[bool]:
    """Where a cell has a name that is not known."""
    return [isinstance(cell, str) and cell not in known for cell in cells.tolist()]


def _check_key(instance: Instance, table: Table, report: Report) -> None:
    """No key stands twice; dates that begin in the same period are the same key."""
    frame, faults = instance.tables[table.name], report.of(table.name)
    if _all_differ(instance, table, frame):
        return
    keys = frame[list(table.key)].astype(object)
    if "from" in table.key:
        keys["from"] = periods_of(frame["from"], table.column("from"), instance.calendar)
    keys = keys.where(keys.notna(), "")

    def words(row: int) -> str:
        first = int((keys == keys.iloc[row]).all(axis=1).to_numpy().argmax())
        shown_key = [cell_text(keys[name].iloc[row]) for name in table.key if name != "from"]
        when = f" from {instance.calendar.labels[keys['from'].iloc[row]]}" if "from" in table.key else ""
        what = f"{', '.join(filter(None, shown_key)) or 'the row'}{when} is there twice"
        return f"{what}, first in {faults.record(first)}; {', '.join(table.key)} must differ"

    faults.each(np.flatnonzero(keys.duplicated()), table.key[0], words)


def _all_differ(instance: Instance, table: Table, frame: pd.DataFrame) -> bool:
    """Whether no two keys are equal: the usual answer, found without pandas, which takes long for small tables."""
    parts = []
    for name in table.key:
        column = table.column(name)
        cells = periods_of(frame[name], column, instance.calendar) if name == "from" else frame[name]
        values = cells.tolist()
        parts.append(["" if value != value else value for value in values] if column.is_number else values)
    keys = set(zip(*parts, strict=True))
    return len(keys) == len(frame)


def _check_spans(instance: Instance, table: Table, report: Report) -> None:
    """A row ends after it begins."""
    frame = instance.tables[table.name]
    for begin, end in SPANS:
        if begin in table.names and end in table.names:
            first, last = (periods_of(frame[c], table.column(c), instance.calendar) for c in (begin, end))
            for row in np.flatnonzero(last <= first):
                what = f"{frame[end].iloc[row]} does not leave a period after {begin}; it is exclusive"
                report.fault(table.name, what, int(row), end)


def _check_units(instance: Instance, report: Report) -> None:
    """A good's unit converts into that of the instance."""
    wanted = instance.settings.units.quantity
    for row, unit in enumerate(instance.table("goods")["unit"]):
        if unit in QUANTITIES:
            try:
                quantity_factor(unit, wanted)
            except UnitError as error:
                report.fault("goods", str(error), row, "unit")
