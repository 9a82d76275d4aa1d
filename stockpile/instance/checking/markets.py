"""Markets: their sources sell one good at the market's price steps, and at no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.checking.purchasing import check_steps
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def _check_market_steps(instance: Instance, report: Report) -> None:
    """Steps of a market are numbered from 1 and do not get cheaper."""
    check_steps(instance, report, "markets", set())


def _check_members(instance: Instance, report: Report) -> None:
    """Sources of a market sell the same good, have no prices or discount of their own, and are paid for what they sell."""
    view = instance.view("sources")
    keys, prices = instance.series("markets", "price", np.nan)
    lowest: dict[str, float] = {}
    for (market, _), price in zip(keys, prices, strict=True):
        lowest[market] = min([lowest.get(market, np.inf), *price[~np.isnan(price)].tolist()])
    goods: dict[str, tuple[str, str]] = {}
    columns = (view[name] for name in ("source", "good", "market", "premium", "discount"))
    for row, (source, good, market, premium, discount) in enumerate(zip(*columns, strict=True)):
        if not isinstance(market, str):
            if premium != 0:
                said = f"a premium is added to the prices of a market, but {source!r} is in none; leave it blank"
                report.fault("sources", said, row, "premium")
            continue
        first, sold = goods.setdefault(market, (source, good))
        if sold != good:
            said = (
                f"{source!r} sells {good!r}, but {first!r} sells {sold!r} in market {market!r}; a market has one good"
            )
            report.fault("sources", said, row, "market")
        if isinstance(discount, str):
            said = (
                f"prices of a market do not fall; leave the discount of {source!r} blank, or give it prices of its own"
            )
            report.fault("sources", said, row, "discount")
        if lowest.get(market, np.inf) + premium < 0:
            entered = instance.table("sources")["premium"].iloc[row]
            said = f"{entered:g} makes the price of {source!r} negative; a premium takes at most the lowest price of its market"
            report.fault("sources", said, row, "premium")
    contracts = instance.view("contracts")
    used = {*goods, *contracts.loc[contracts["index_kind"] == "market", "index"]}
    for row, market in enumerate(instance.view("markets")["market"]):
        if market not in used:
            report.warn("markets", f"no source is in market {market!r}", row, "market")
            used.add(market)


def _check_own_prices(instance: Instance, report: Report) -> None:
    """A source has prices of its own or those of a market."""
    view = instance.view("sources")
    market_of = {k: u for k, u in zip(view["source"], view["market"], strict=True) if isinstance(u, str)}
    for row, source in enumerate(instance.view("prices")["source"]):
        if source in market_of:
            said = f"{source!r} is in market {market_of[source]!r}, whose prices it has; delete this row, or its market in sources.csv"
            report.fault("prices", said, row, "source")


MARKET_RULES = (
    (_check_own_prices, "prices"),
    (_check_market_steps, "markets"),
    (_check_members, "markets contracts"),
)
