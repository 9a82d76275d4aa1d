"""An instance with one of its futures, with all of them known from the start, or with the one that is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
    return _made(instance, "only", scenario, tables=kept)


def known(instance: Instance) -> Instance:
    """The instance with every scenario known from the start: nothing is decided before it is known which one comes."""
    shocks = instance.table("shocks").assign(announced=instance.settings.horizon.start.isoformat())
    settings = replace(instance.settings, decisions=Decisions())
    scenarios = instance.table("scenarios")
    tables = {**instance.tables, "shocks": shocks, **({"scenarios": scenarios} if len(scenarios) else {})}
    return _made(instance, "known", settings=settings, tables=tables)


def expected(instance: Instance) -> Instance:
    """The instance with one future: its data are the mean of those of all scenarios."""
    return _made(instance, "expected", averaged=True)


def _made(instance: Instance, *futures: str, **changed: Any) -> Instance:
    """The instance with something changed, which its lineage tells."""
    lineage = replace(instance.lineage, futures=futures)
    return replace(instance, **changed, lineage=lineage, warnings=(), _cache={})


def with_futures(instance: Instance, futures: Sequence[str]) -> Instance:
    """The instance with what its lineage would tell as ``futures``.  Raises ValueError where that is nothing known."""
    match tuple(futures):
        case ():
            return instance
        case ("only", scenario):
            return only(instance, scenario)
        case ("known",):
            return known(instance)
        case ("expected",):
            return expected(instance)
    raise ValueError(f"{futures!r} are no futures")


__all__ = ["expected", "known", "only", "with_futures"]
