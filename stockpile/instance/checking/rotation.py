"""Rotation: sales have a price, demand curves fall, releases that are paid for happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Floats = npt.NDArray[np.float64]
SAME = 1e-12


def endless_markets(instance: Instance) -> set[str]:
    """Goods that leave in rotation without limit in some period."""
    return {good for good, _ in _endless_modes(instance)}


def _endless_modes(instance: Instance) -> set[tuple[str, str]]:
    """Goods and modes of rotation of which nothing limits the quantity in some period."""
    curved = set(instance.view("sales")["good"])
    keys, depths = instance.series("rotation", "depth", 0.0)
    limits = instance.series("rotation", "credit_limit", 0.0)[1]
    endless = {
        (good, mode)
        for (good, mode), depth, limit in zip(keys, depths, limits, strict=True)
        if (np.isnan(depth) & np.isnan(limit)).any() and (mode == "exchange" or good not in curved)
    }
    keys, widths = instance.series("sales", "width", 0.0)
    return endless | {(g, "sale") for (g, _), width in zip(keys, widths, strict=True) if np.isnan(width).any()}


def _check_prices(instance: Instance, report: Report) -> None:
    """A sale has a price: its own, that of a source, or those of its demand curve, which stand for price and depth."""
    view = instance.view("rotation")
    curved = set(instance.view("sales")["good"])
    columns = (view[name] for name in ("good", "mode", "price", "depth"))
    for row, (good, mode, price, depth) in enumerate(zip(*columns, strict=True)):
        if mode != "sale":
            continue
        if good in curved:
            for column, value in (("price", price), ("depth", depth)):
                if value == value:
                    said = (
                        f"{good!r} is sold along its demand curve in sales.csv, which says the {column}; leave it blank"
                    )
                    report.fault("rotation", said, row, column)
        elif price != price and np.isnan(instance.sale_price(good)).all():
            said = f"{good!r} has no price to be sold at: no source of it has a price then; give a price"
            report.fault("rotation", said, row, "price")


def _check_curves(instance: Instance, report: Report) -> None:
    """Demand curves are those of goods that are sold; their steps are numbered 1, 2, ... and their prices do not rise."""
    rotation = instance.view("rotation")
    sold = set(rotation.loc[rotation["mode"] == "sale", "good"])
    view = instance.view("sales")
    records: dict[tuple[str, int], int] = {}
    for row, (good, step) in enumerate(zip(view["good"], view["step"], strict=True)):
        if (good, step) not in records and good not in sold:
            said = f"{good!r} is not sold; give it a row of mode sale in rotation.csv"
            report.fault("sales", said, row, "good")
        records.setdefault((good, step), row)
    keys, prices = instance.series("sales", "price", np.nan)
    curve = {(str(g), int(s)): price for (g, s), price in zip(keys, prices, strict=True)}
    for (good, step), row in records.items():
        if step == 1:
            continue
        if (good, step - 1) not in curve:
            said = f"{good!r} has a step {step} but no step {step - 1}; number them 1, 2, ..."
            report.fault("sales", said, row, "step")
            continue
        before = _least([price for (g, s), price in curve.items() if g == good and s < step])
        rises = np.flatnonzero(curve[good, step] > before * (1 + SAME))
        if len(rises):
            said = (
                f"the price of {good!r} rises to {curve[good, step][rises[0]] / instance.price_factor:g} in step {step} "
                f"in {instance.label_at(rises[0])}; a demand curve falls: give later steps prices as low or lower"
            )
            report.fault("sales", said, row, "price")


def _least(prices: list[Floats]) -> Floats:
    """The lowest of several prices by period, NaN where there is none."""
    out = prices[0]
    for price in prices[1:]:
        out = np.fmin(out, price)
    return out


#: Columns of rotation that say nothing in a mode, with the value that says nothing.
FOREIGN = {
    "sale": {"premium": 0.0, "lag": None, "credit_limit": None},
    "exchange": {"discount": 0.0, "price": None, "proceeds_to": None},
}


def _check_modes(instance: Instance, report: Report) -> None:
    """Each mode has its own columns; an exchange has a lag, and with a premium a limit, or goods would grow by being lent."""
    entered = instance.table("rotation")
    endless = _endless_modes(instance)
    for row, record in enumerate(entered.to_dict("records")):
        good, mode = record["good"], record["mode"]
        for column, nothing in FOREIGN[mode].items():
            value = record[column]
            if value is not None and value == value and value != nothing:
                report.fault("rotation", f"{article(mode)} has no {column}; leave it blank", row, column)
        if mode == "exchange" and record["lag"] is None:
            report.fault("rotation", f"say after what time {good!r} comes back", row, "lag")
        if (good, mode) in endless and mode == "exchange" and record["premium"] > 0:
            said = f"{good!r} would grow by being lent at a premium without limit; give a depth or a credit_limit"
            report.fault("rotation", said, row, "depth")
        for column in ("fixed_cost", "min_lot"):
            if record[column] > 0 and (good, mode) in endless:
                said = f"with a {column} the quantity needs a limit: give a depth" + LIMITS[mode]
                report.fault("rotation", said, row, "depth")


LIMITS = {"sale": ", or all steps in sales.csv a width", "exchange": " or a credit_limit"}


def article(mode: str) -> str:
    """A mode of rotation as it is said."""
    return "an exchange" if mode == "exchange" else f"a {mode}"


def _check_lots(instance: Instance, report: Report) -> None:
    """A least lot fits into what the market takes in some period in which it holds."""
    keys, least = instance.series("rotation", "min_lot", 0.0)
    depths = instance.series("rotation", "depth", 0.0)[1]
    steps, widths = instance.series("sales", "width", 0.0)
    records: dict[tuple[str, str], int] = {}
    view = instance.view("rotation")
    for row, key in enumerate(zip(view["good"], view["mode"], strict=True)):
        records.setdefault(key, row)
    for key, lot, depth in zip(keys, least, depths, strict=True):
        curve = [width for (good, _), width in zip(steps, widths, strict=True) if (good, "sale") == key]
        market = np.sum(curve, axis=0) if curve else depth
        if lot.max() > 0 and not ((lot > 0) & ~(lot > market * (1 + SAME))).any():
            said = f"the market never takes a least lot of {key[0]!r}: it takes {np.nanmax(market):g} a period at most"
            report.warn("rotation", said, records[key], "min_lot")


def _check_lent_values(instance: Instance, report: Report) -> None:
    """Goods owed at the end that are worth as much as they cost would be bought only to be lent."""
    cheapest: dict[str, float] = {}
    good_of = dict(zip(instance.view("sources")["source"], instance.view("sources")["good"], strict=True))
    for (source, _), price in zip(*instance.offers("price", np.nan), strict=True):
        good = str(good_of[source])
        cheapest[good] = float(np.nanmin([cheapest.get(good, np.inf), *price]))
    view = instance.view("rotation")
    for row, (good, mode, premium) in enumerate(zip(view["good"], view["mode"], view["premium"], strict=True)):
        worth = instance.end_value("lent", good) * (1.0 + premium)
        if mode == "exchange" and worth > 0 and worth >= cheapest.get(good, np.inf):
            said = f"what is owed of {good!r} at the end is worth its cheapest price: it may be bought only to be lent"
            report.warn("rotation", said, row, "mode")


def _check_release_prices(instance: Instance, report: Report) -> None:
    """Who pays for a good gets it: the sector wants it, or takes it instead of another."""
    demand, accepts = instance.view("demand"), instance.view("accepts")
    given = set(zip(demand["sector"], demand["good"], strict=True))
    given |= set(zip(accepts["sector"], accepts["given"], strict=True))
    view = instance.view("release_prices")
    for row, pair in enumerate(zip(view["sector"], view["good"], strict=True)):
        if pair not in given:
            said = f"{pair[0]!r} never gets {pair[1]!r}: it neither wants it nor takes it instead"
            report.warn("release_prices", said, row, "good")


ROTATION_RULES = (
    (_check_prices, "rotation sales sources prices markets"),
    (_check_curves, "rotation sales"),
    (_check_modes, "rotation sales"),
    (_check_lots, "rotation sales"),
    (_check_lent_values, "rotation end_values sources prices markets"),
    (_check_release_prices, "release_prices demand accepts"),
)
