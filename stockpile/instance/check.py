"""What one cell cannot tell: keys that stand twice, names that are unknown, tables that do not go together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stockpile.errors import Problem
from stockpile.instance.checking.financing import check_financing
from stockpile.instance.checking.goods import check_goods
from stockpile.instance.checking.purchasing import check_purchasing
from stockpile.instance.checking.report import Report
from stockpile.instance.schema import TABLES, Column, Table
from stockpile.instance.units import UnitError, quantity_factor

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: What an effect's name refers to, by its kind.
EFFECT_TABLES = {"supply": "sources", "capacity": "stores", "revenue": "funds"}


def check(
    instance: Instance, files: Mapping[str, str], before: Iterable[Problem]
) -> tuple[list[Problem], list[Problem]]:
    """Faults and warnings.  Rules that need sound cells and names are passed over where ``before`` or a name is faulty."""
    report = Report(files)
    for name in instance.tables:
        _check_references(instance, TABLES[name], report)
    _check_units(instance, report)
    broken = {problem.file for problem in [*before, *report.faults]}
    sound = {name for name in instance.tables if files.get(name, f"{name}.csv") not in broken}
    for name in sorted(sound, key=list(TABLES).index):
        _check_key(instance, TABLES[name], report)
        _check_order_of_dates(instance, TABLES[name], report)
    if not broken and not report.faults:
        check_goods(instance, report)
        check_purchasing(instance, report)
        check_financing(instance, report)
    return report.faults, report.warnings


def _check_references(instance: Instance, table: Table, report: Report) -> None:
    """Every name is in the table that it refers to."""
    frame = instance.tables[table.name]
    for column in table.columns:
        if column.refers is not None:
            cells = frame[column.name]
            _check_names(report, table.name, column.name, cells, column.refers, _names(instance, column.refers))
    if table.name == "effects":
        for kind, target in EFFECT_TABLES.items():
            chosen = frame["name"][frame["kind"] == kind]
            _check_names(report, "effects", "name", chosen, target, _names(instance, target))


def _names(instance: Instance, table: str) -> list[str]:
    key: Column = TABLES[table].columns[0]
    return [name for name in instance.table(table)[key.name] if isinstance(name, str)]


def _check_names(report: Report, table: str, column: str, cells: pd.Series, target: str, known: list[str]) -> None:
    names = set(known)
    for row, name in zip(cells.index, cells, strict=True):
        if isinstance(name, str) and name not in names:
            report.fault(table, f"{name!r} is not in {target}.csv; {_nearest(name, known)}", int(row), column)


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    some = ", ".join(known[:5]) + (", ..." if len(known) > 5 else "")
    return f"known are {some}" if known else "the table is missing"


def _check_key(instance: Instance, table: Table, report: Report) -> None:
    """No key stands twice; dates that begin in the same period are the same key."""
    frame = instance.tables[table.name]
    shown = {name: frame[name] for name in table.key}
    if "from" in table.key:
        shown["from"] = instance.view(table.name)["from"]
    seen: dict[tuple[object, ...], int] = {}
    for row, key in enumerate(zip(*(shown[name].tolist() for name in table.key), strict=True)):
        key = tuple(None if part != part else part for part in key)
        if key in seen:
            words = ", ".join(
                str(part) for name, part in zip(table.key, key, strict=True) if part is not None and name != "from"
            )
            when = f" from {instance.calendar.labels[shown['from'].iloc[row]]}" if "from" in table.key else ""
            message = (
                f"{words}{when} is there twice, first in record {seen[key] + 2}; {', '.join(table.key)} must differ"
            )
            report.fault(table.name, message, row, table.key[0])
        else:
            seen[key] = row


def _check_order_of_dates(instance: Instance, table: Table, report: Report) -> None:
    """A row ends after it begins."""
    names = table.names
    pairs = [("from", "until"), ("qualified_from", "until"), ("start_from", "start_until")]
    for begin, end in pairs:
        if begin in names and end in names:
            view = instance.view(table.name)
            first, last = view[begin].to_numpy(), view[end].to_numpy()
            for row in np.flatnonzero(last <= first):
                text = instance.table(table.name)[end].iloc[row]
                report.fault(
                    table.name, f"{text} does not leave a period after {begin}; it is exclusive", int(row), end
                )


def _check_units(instance: Instance, report: Report) -> None:
    """A good's unit converts into that of the instance."""
    wanted = instance.settings.units.quantity
    for row, unit in enumerate(instance.table("goods")["unit"]):
        if isinstance(unit, str):
            try:
                quantity_factor(unit, wanted)
            except UnitError as error:
                report.fault("goods", str(error), row, "unit")
