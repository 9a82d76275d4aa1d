"""An instance with one of its futures, with all of them known from the start, or with the one that is expected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stockpile.instance.settings import Decisions

if TYPE_CHECKING:
    from stockpile.instance import Instance


def only(instance: Instance, scenario: str) -> Instance:
    """The instance with one of its scenarios, which is certain."""
    scenarios, shocks = instance.table("scenarios"), instance.table("shocks")
    chosen = scenarios[scenarios["scenario"] == scenario].assign(probability=1.0)
    told = shocks[[name is None or name == scenario for name in shocks["scenario"]]]
    tables = {**instance.tables, "scenarios": chosen.reset_index(drop=True), "shocks": told.reset_index(drop=True)}
    kept = {name: frame for name, frame in tables.items() if len(frame)}
    return replace(instance, tables=kept, warnings=(), _cache={})


def known(instance: Instance) -> Instance:
    """The instance with every scenario known from the start: nothing is decided before it is known which one comes."""
    shocks = instance.table("shocks").assign(announced=instance.settings.horizon.start.isoformat())
    settings = replace(instance.settings, decisions=Decisions())
    scenarios = instance.table("scenarios")
    tables = {**instance.tables, "shocks": shocks, **({"scenarios": scenarios} if len(scenarios) else {})}
    return replace(instance, settings=settings, tables=tables, warnings=(), _cache={})


def expected(instance: Instance) -> Instance:
    """The instance with one future: its data are the mean of those of all scenarios."""
    return replace(instance, averaged=True, warnings=(), _cache={})


__all__ = ["expected", "known", "only"]
