"""What was found in folders -> an Instance, or every fault in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from stockpile.errors import DataError, Problem
from stockpile.instance.calendar import Calendar, make_calendar
from stockpile.instance.changes import Changes, change_cells, change_settings
from stockpile.instance.check import check
from stockpile.instance.faults import Report
from stockpile.instance.instance import Instance
from stockpile.instance.lineage import Lineage
from stockpile.instance.parse import parse_table
from stockpile.instance.patch import Layer, Patched, merge_settings, merge_tables
from stockpile.instance.schema import REQUIRED, TABLES
from stockpile.instance.settings import Settings, file_of, read_settings


def make_instance(
    layers: Sequence[Layer], name: str, found: Sequence[Problem] = (), changes: Sequence[str] = ()
) -> Instance:
    """The instance of some folders, the base first, with ``changes`` as ``--set`` makes them; or DataError with every fault.

    Those ``found`` before come first, then those in settings, in cells, between tables.  ``name`` stands in where the last
    folder has none.
    """
    problems = [*found]
    document, files = merge_settings(layers, problems)
    asked = Changes(changes)
    change_settings(document, files, asked)
    settings, faults = read_settings(document, name, files)
    problems += faults
    if settings is None:
        raise DataError([*problems, *asked.problems])
    calendar = _calendar(settings, files, [*problems, *asked.problems])
    merged = merge_tables(layers, calendar, len(layers) if asked.of_horizon else _short_from(layers))
    units_known = not any((p.column or "").startswith("units") for p in problems)
    unread = frozenset[str]().union(*(layer.unread for layer in layers))
    merged.tables = change_cells(merged.tables, calendar, asked, unread)
    problems += asked.problems
    report, instance = _read(settings, calendar, merged, unread, problems)
    check(instance, report, units_known)
    problems += report.faults
    if problems:
        raise DataError(problems)
    extends = tuple(layer.label.rstrip("/") for layer in reversed(layers[:-1]))
    lineage = Lineage(extends, merged.counts, asked.counts)
    return replace(instance, warnings=(*merged.warnings, *report.warnings), lineage=lineage)


def _calendar(settings: Settings, files: Mapping[str, str], problems: list[Problem]) -> Calendar:
    """The periods of the horizon.  Raises DataError with all problems where it ends beyond any calendar."""
    horizon = settings.horizon
    try:
        return make_calendar(horizon.start, horizon.periods, horizon.step, settings.economics.fiscal_start)
    except (OverflowError, ValueError):
        said = Problem(file_of("horizon", files), "the horizon ends after the year 9999", column="horizon")
        raise DataError([*problems, said]) from None


def _short_from(layers: Sequence[Layer]) -> int:
    """The last folder with a horizon of its own: the tables of those below were written for another one."""
    return max((at for at, layer in enumerate(layers) if at and layer.document.get("horizon")), default=0)


def _read(
    settings: Settings, calendar: Calendar, merged: Patched, unread: frozenset[str], problems: list[Problem]
) -> tuple[Report, Instance]:
    """The typed tables, and what is wrong in their cells."""
    faults = {
        table: merged.tables[table].faults() for table in TABLES if table in merged.tables and table not in unread
    }
    tables = {table: parse_table(TABLES[table], merged.tables[table], calendar, faults[table]) for table in faults}
    for table, told in merged.faults.items():
        if table in faults:
            faults[table].take(told)
        else:
            problems += told
    missing = [table for table in REQUIRED if table not in tables and table not in unread]
    for table in missing:
        gone = merged.counts.get(table)
        what = "no row of it is left" if gone else "the file is missing"
        problems.append(Problem(f"{table}.csv", f"{what}; it has {TABLES[table].meaning}"))
    return Report(faults, [*unread, *missing]), Instance(settings, calendar, tables)
