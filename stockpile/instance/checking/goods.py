"""Goods, stores, opening stock, demand, tiers and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SUM_TOLERANCE = 1e-9


def _check_opening(instance: Instance, report: Report) -> None:
    """Opening stock lies in a store that keeps the good, and has not expired."""
    kept = set(zip(instance.view("storage")["good"], instance.view("storage")["store"], strict=True))
    life = dict(zip(instance.view("goods")["good"], instance.view("goods")["shelf_life"], strict=True))
    view = instance.view("opening_stock")
    for row, (good, store, age) in enumerate(zip(view["good"], view["store"], view["age"], strict=True)):
        if (good, store) not in kept:
            report.fault(
                "opening_stock", f"store {store!r} does not keep {good!r}; add it to storage.csv", row, "store"
            )
        if age >= life[good]:
            said = f"is {age:g} periods, but {good!r} has a shelf life of {life[good]:g}: it has expired"
            report.fault("opening_stock", said, row, "age")
    amounts: dict[tuple[str, str], float] = {}
    for good, store, quantity in zip(view["good"], view["store"], view["quantity"], strict=True):
        amounts[good, store] = amounts.get((good, store), 0.0) + quantity
    keys, room = instance.series("storage", "capacity", 0.0)
    limit = dict(zip(keys, room[:, 0], strict=True)) if len(keys) else {}
    for key, amount in amounts.items():
        if amount > limit.get(key, np.inf):
            report.warn(
                "opening_stock",
                f"{key[0]!r} in {key[1]!r} is above the store's capacity for it: some must leave at once",
            )


def _check_tiers(instance: Instance, report: Report) -> None:
    """Shares of a set of tiers sum to 1 at most, and penalties do not fall."""
    view = instance.view("tiers")
    entered = instance.table("tiers")
    for key, rows in view.groupby(["sector", "good"], sort=False, dropna=False):
        ordered = rows.sort_values("tier", kind="stable")
        total = float(ordered["share"].sum())
        if total > 1 + SUM_TOLERANCE:
            said = f"the shares of {_named(key)} sum to {total:g}; they may be 1 at most"
            report.fault("tiers", said, int(ordered.index[-1]), "share")
        for at in np.flatnonzero(np.diff(ordered["penalty"].to_numpy()) < 0).tolist():
            row = int(ordered.index[at + 1])
            before = entered["penalty"].iloc[int(ordered.index[at])]
            said = f"{entered['penalty'].iloc[row]:g} is below the {before:g} of the tier before; later tiers cost as much or more"
            report.fault("tiers", said, row, "penalty")


def _named(key: object) -> str:
    parts = [part for part in (key if isinstance(key, tuple) else (key,)) if isinstance(part, str)]
    return " and ".join(repr(part) for part in parts) or "all sectors and goods"


def _check_sectors(instance: Instance, report: Report) -> None:
    wanted = set(instance.view("demand")["sector"])
    for row, sector in enumerate(instance.view("sectors")["sector"]):
        if sector not in wanted:
            report.warn("sectors", f"{sector!r} has no demand", row, "sector")


def _check_targets(instance: Instance, report: Report) -> None:
    """A target needs a store; one of nothing does nothing."""
    view = instance.view("targets")
    kept = set(instance.view("storage")["good"])
    for row, (good, quantity, cover) in enumerate(zip(view["good"], view["quantity"], view["cover"], strict=True)):
        if quantity == 0 and cover == 0:
            report.warn(
                "targets", f"a target of nothing for {good!r}; give a quantity or days of cover", row, "quantity"
            )
        elif good not in kept:
            report.warn(
                "targets",
                f"no store keeps {good!r}, so its target cannot be reached; add it to storage.csv",
                row,
                "good",
            )


def _check_end_stock(instance: Instance, report: Report) -> None:
    kept = set(instance.view("storage")["good"])
    view = instance.view("goods")
    for row, (good, amount) in enumerate(zip(view["good"], view["end_stock"], strict=True)):
        if amount > 0 and good not in kept:
            report.warn(
                "goods",
                f"no store keeps {good!r}, so its end_stock cannot be there; add it to storage.csv",
                row,
                "end_stock",
            )


def _check_accepts(instance: Instance, report: Report) -> None:
    """A substitute is another good, some of it is needed, and the sector wants what it replaces."""
    view = instance.view("accepts")
    wanted = set(zip(instance.view("demand")["sector"], instance.view("demand")["good"], strict=True))
    columns = (view[name] for name in ("sector", "wanted", "given", "rate"))
    for row, (sector, good, given, rate) in enumerate(zip(*columns, strict=True)):
        if good == given:
            report.fault("accepts", f"{good!r} is no substitute for itself; give another good", row, "given")
        if rate <= 0:
            report.fault(
                "accepts", "is 0: something must be given for what is wanted; give a rate above 0", row, "rate"
            )
        if (sector, good) not in wanted:
            report.warn("accepts", f"{sector!r} has no demand for {good!r}", row, "wanted")


def _check_backlog(instance: Instance, report: Report) -> None:
    """Somebody wants what may wait."""
    view, demand = instance.view("backlog"), instance.view("demand")
    wanted = set(zip(demand["sector"], demand["good"], strict=True))
    for row, (sector, good) in enumerate(zip(view["sector"], view["good"], strict=True)):
        if not any(sector in (None, e) and good in (None, g) for e, g in wanted):
            report.warn("backlog", f"there is no demand of {_named((sector, good))} that could wait", row, "sector")


GOODS_RULES = (
    (_check_opening, "goods storage opening_stock"),
    (_check_tiers, "tiers"),
    (_check_sectors, "sectors demand"),
    (_check_targets, "targets storage"),
    (_check_end_stock, "goods storage"),
    (_check_accepts, "accepts demand"),
    (_check_backlog, "backlog demand"),
)
