"""Sources, price steps, duties and the value of what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.checking.ends import cheapest_prices
from stockpile.instance.checking.processing import endless_processes
from stockpile.instance.checking.rotation import endless_markets
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SAME = 1e-12


def _check_priced(instance: Instance, report: Report) -> None:
    priced = {source for source, _ in instance.offers("price", np.nan)[0]}
    priced |= set(instance.view("contracts")["source"])
    for row, source in enumerate(instance.view("sources")["source"]):
        if source not in priced:
            said = f"{source!r} has no price; give it a row in prices.csv, a market, or a contract"
            report.fault("sources", said, row, "source")


def _check_steps(instance: Instance, report: Report) -> None:
    check_steps(instance, report, "prices", _discounts(instance))


def check_steps(instance: Instance, report: Report, table: str, discounts: set[str]) -> None:
    """Steps are numbered from 1, and marginal prices do not fall from one step to the next where there is no discount."""
    view = instance.view(table)
    keys, prices = instance.series(table, "price", np.nan)
    remedy = "; a falling one needs a discount in sources.csv" if table == "prices" else " in a market"
    place = {key: i for i, key in enumerate(keys)}
    records: dict[tuple[str, int], int] = {}
    for row, key in enumerate(zip(view.iloc[:, 0], view["step"], strict=True)):
        records.setdefault(key, row)
    for source, step in keys:
        if step == 1:
            continue
        row = records[source, step]
        if (source, step - 1) not in place:
            said = f"{source!r} has a step {step} but no step {step - 1}; number them 1, 2, ..."
            report.fault(table, said, row, "step")
            continue
        before, after = prices[place[source, step - 1]], prices[place[source, step]]
        falls = np.flatnonzero(after < before * (1 - SAME))
        if source in discounts:
            _check_reached(instance, report, (source, step), row)
        elif len(falls):
            when = instance.label_at(falls[0])
            said = (
                f"the price of {source!r} falls from step {step - 1} to step {step} in {when}; "
                f"steps are marginal prices, which may not fall{remedy}"
            )
            report.fault(table, said, row, "price")


def _discounts(instance: Instance) -> set[str]:
    """Sources whose prices may fall."""
    sources = instance.view("sources")
    return {str(k) for k, kind in zip(sources["source"], sources["discount"], strict=True) if isinstance(kind, str)}


def _check_reached(instance: Instance, report: Report, key: tuple[str, int], row: int) -> None:
    """With a discount a step begins where the one before ends."""
    source, step = key
    keys, widths = instance.series("prices", "width", 0.0)
    width = widths[keys.index((source, step - 1))]
    if np.isnan(width).any():
        when = instance.label_at(int(np.flatnonzero(np.isnan(width))[0]))
        said = (
            f"step {step} of {source!r} is never reached in {when}: step {step - 1} is without limit; give it a width"
        )
        report.fault("prices", said, row, "step")


def _check_windows(instance: Instance, report: Report) -> None:
    """An order can arrive within the horizon, or counts where it does not."""
    view, worth = instance.view("sources"), instance.order_values()
    last = instance.calendar.periods - 1
    for row, (source, lead, first) in enumerate(
        zip(view["source"], view["lead_time"], view["qualified_from"], strict=True)
    ):
        if first + lead > last and not worth[row] > 0:
            report.warn("sources", f"nothing ordered at {source!r} can arrive within the horizon", row, "lead_time")


def _check_duties(instance: Instance, report: Report) -> None:
    origins = {o for o in instance.view("sources")["origin"] if isinstance(o, str)}
    view = instance.view("duties")
    for row, origin in enumerate(view["origin"]):
        if origin not in origins:
            report.warn("duties", f"no source has the origin {origin!r}", row, "origin")


def _check_terminal_value(instance: Instance, report: Report) -> None:
    """Stock worth as much at the end as it costs would be bought without need."""
    keys, prices = instance.offers("price", np.nan)
    sources = instance.view("sources")
    bought = sources[sources["paid_by"] != "market"]
    good_of = dict(zip(bought["source"], bought["good"], strict=True))
    cheapest: dict[str, float] = {}
    for (source, _), price in zip(keys, prices, strict=True):
        known = price[~np.isnan(price)]
        if len(known) and source in good_of:
            good = str(good_of[source])
            cheapest[good] = min(cheapest.get(good, np.inf), float(known.min()))
    goods = instance.view("goods")
    for row, (good, value) in enumerate(zip(goods["good"], goods["terminal_value"], strict=True)):
        if value > 0 and value >= cheapest.get(str(good), np.inf):
            said = f"the terminal value of {good!r} is not below its cheapest price: stock may be bought only to be left over"
            report.warn("goods", said, row, "terminal_value")


def _check_bounded(instance: Instance, report: Report) -> None:
    """An order that has a charge, a minimum, lots or a discount needs a bound: a width, a capacity, or an end to what it could be used for."""
    sources = instance.view("sources")
    keys, widths = instance.offers("width", 0.0)
    wide = {source for (source, _), width in zip(keys, widths, strict=True) if np.isnan(width).any()}
    effects = instance.view("effects")
    capped = set(instance.view("supply")["source"]) | set(effects.loc[effects["kind"] == "supply", "name"])
    recipes, cheapest = instance.view("recipes"), cheapest_prices(instance)
    taken = recipes[~(recipes["amount"] > 0)]
    deep = endless_markets(instance) | set(taken.loc[taken["process"].isin(endless_processes(instance)), "good"])
    worth = dict(zip(sources["source"], instance.order_values() * (sources["lead_time"] > 0), strict=True))
    use = instance.view("resource_use")
    ordering = use[use["kind"] == "order"]
    keys, capacity = instance.series("resources", "capacity", 0.0)
    scarce = {str(resource) for (resource,), amount in zip(keys, capacity, strict=True) if not np.isnan(amount).any()}
    capped |= set(ordering.loc[ordering["resource"].isin(scarce) & (ordering["per_unit"] > 0), "name"])
    set_up = set(use.loc[use["per_order"] > 0, "name"])
    falling = _discounts(instance)
    columns = (sources[name] for name in ("source", "good", "order_cost", "min_order", "lot_size", "paid_by"))
    for row, (source, good, cost, least, lot, payer) in enumerate(zip(*columns, strict=True)):
        if payer == "market":
            continue
        tied = cost > 0 or least > 0 or lot > 0 or source in falling or source in set_up
        kept = worth[source] > cheapest.get(source, np.inf)
        if tied and source in wide - capped and (good in deep or kept):
            why = f"{good!r} can be sold, lent or processed without limit"
            remedy = ", the sale or exchange a depth, or the process a capacity"
            if good not in deep:
                why, remedy = "what is on order at the end is worth more than it costs", ", or the end a lower value"
            said = (
                f"nothing bounds an order at {source!r}, which has a charge, a set-up, a minimum, lots or a discount, "
                f"since {why}; give its price steps a width, the source a capacity{remedy}"
            )
            column = "order_cost" if cost > 0 else "min_order" if least > 0 else "lot_size" if lot > 0 else "discount"
            column = column if source in falling or column != "discount" else "source"
            report.fault("sources", said, row, column)


def _check_lots(instance: Instance, report: Report) -> None:
    """A lot can be had: the source can supply a whole one in some period."""
    sources = instance.view("sources")
    keys, widths = instance.offers("width", 0.0)
    offered: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for (source, _), width in zip(keys, widths, strict=True):
        offered[source] = offered.get(source, np.zeros(len(width))) + np.where(np.isnan(width), np.inf, width)
    columns = (sources[name] for name in ("source", "lot_size"))
    for row, (source, lot) in enumerate(zip(*columns, strict=True)):
        most = float(offered[source].max()) if source in offered else 0.0
        if lot > most * (1 + SAME):
            said = f"{source!r} never offers a whole lot: its price steps add up to {most:g} a period at most"
            report.warn("sources", said, row, "lot_size")


PURCHASING_RULES = (
    (_check_priced, "sources prices markets contracts"),
    (_check_steps, "prices"),
    (_check_windows, "sources end_values"),
    (_check_duties, "sources duties"),
    (_check_terminal_value, "goods sources prices markets"),
    (_check_lots, "sources prices markets"),
    (
        _check_bounded,
        "sources prices markets effects supply rotation sales resources resource_use end_values processes recipes capacity",
    ),
)
