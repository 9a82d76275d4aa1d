"""Sources that the market pays: normal consumption, in which the reserve decides nothing and of which nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Floats = npt.NDArray[np.float64]
SAME = 1e-9


def _market_paid(instance: Instance) -> set[str]:
    view = instance.view("sources")
    return {str(k) for k, payer in zip(view["source"], view["paid_by"], strict=True) if payer == "market"}


def _check_flow(instance: Instance, report: Report) -> None:
    """What the market buys has no falling prices and no store, and someone wants it, a whole order of it too."""
    view, known = instance.view("sources"), set(instance.view("demand")["good"])
    whole = (view["paid_by"] == "market") & ((view["min_order"] > 0) | (view["lot_size"] > 0))
    wanted = _wanted(instance) if whole.any() else {}
    for row, (source, payer) in enumerate(zip(view["source"], view["paid_by"], strict=True)):
        if payer != "market":
            continue
        if isinstance(view["discount"].iloc[row], str):
            said = f"the market pays {source!r}: its prices do not fall; leave it blank"
            report.fault("sources", said, row, "discount")
        if isinstance(view["store"].iloc[row], str):
            said = f"the market pays {source!r}: nothing of it is stored; leave it blank"
            report.fault("sources", said, row, "store")
        good = view["good"].iloc[row]
        if good not in known:
            said = f"the market pays {source!r} for normal consumption, but no sector wants {good!r}"
            report.warn("sources", said, row, "paid_by")
            continue
        for column, what in (("min_order", "least order"), ("lot_size", "whole lot")) if whole.iloc[row] else ():
            least, most = view[column].iloc[row], float(wanted[good].max())
            if least > most * (1.0 + SAME):
                said = f"the market never takes a {what} of {source!r}: sectors want {most:g} in a period at most"
                report.warn("sources", said, row, column)


def _wanted(instance: Instance) -> dict[str, Floats]:
    """(scenarios, periods) what all sectors want of a good, with all that was wanted before where demand may wait."""
    wanted: dict[str, Floats] = {}
    periods = instance.calendar.periods
    for (sector, good), amount in zip(*instance.series("demand", "quantity", 0.0), strict=True):
        waits = not instance.backlog_of(str(sector), str(good)).empty
        by_scenario = amount.reshape(-1, periods)
        mine = by_scenario.cumsum(axis=1) if waits else by_scenario
        wanted[str(good)] = wanted.get(str(good), 0.0 * mine) + mine
    return wanted


def _check_open_orders(instance: Instance, report: Report) -> None:
    """What is under way for the market is taken when it arrives: sectors want as much."""
    paid, sources = _market_paid(instance), instance.view("opening_orders")["source"]
    if not paid.intersection(sources):
        return
    wanted = _wanted(instance)
    view, calendar = instance.view("opening_orders"), instance.calendar
    good = dict(zip(instance.view("sources")["source"], instance.view("sources")["good"], strict=True))
    shape = (instance.columns // calendar.periods, calendar.periods)
    found = zip(*instance.series("arrivals", "share", 1.0), strict=True)
    shares = {str(k): share.reshape(shape) for (k,), share in found}
    arriving: dict[tuple[str, int], Floats] = {}
    columns = (view[name].tolist() for name in ("source", "arrives", "quantity"))
    for row, (source, arrives, quantity) in enumerate(zip(*columns, strict=True)):
        if source not in paid or arrives >= calendar.periods:
            continue
        key = (str(good[source]), int(arrives))
        more = quantity * shares.get(source, np.ones(shape))[:, arrives]
        arriving[key] = np.asarray(arriving.get(key, 0.0) + more)
        most = wanted.get(key[0], np.zeros(shape))[:, arrives]
        worst = int((arriving[key] - most).argmax())
        much, least = arriving[key][worst], most[worst]
        if much > least * (1.0 + SAME):
            said = (
                f"{much:g} of {key[0]!r} that the market pays arrives in {calendar.labels[arrives]}, "
                f"but sectors want {least:g} then, and nothing of it is stored; give a lower quantity"
            )
            report.fault("opening_orders", said, row, "quantity")


def _check_pinned(instance: Instance, report: Report) -> None:
    paid, view = _market_paid(instance), instance.view("pins")
    for row, (decision, name) in enumerate(zip(view["decision"], view["name"], strict=True)):
        if decision == "order" and name in paid:
            said = f"the market pays {name!r}: the reserve decides nothing there; limit it with supply.csv"
            report.fault("pins", said, row, "name")


MARKET_SUPPLY_RULES = (
    (_check_open_orders, "opening_orders demand arrivals backlog"),
    (_check_pinned, "pins"),
    (_check_flow, "demand backlog"),
)
