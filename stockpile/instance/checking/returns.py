"""Returns: no more comes back than went into use, of goods that the sector uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SUM_TOLERANCE = 1e-9


def _check_shares(instance: Instance, report: Report) -> None:
    """Of what a sector uses of a good all sources and lags together bring back at most all."""
    total: dict[tuple[str, str], float] = {}
    view = instance.view("returns")
    for row, (sector, good, share) in enumerate(zip(view["sector"], view["good"], view["share"], strict=True)):
        before = total.get((sector, good), 0.0)
        total[sector, good] = before + share
        if before <= 1 + SUM_TOLERANCE < before + share:
            said = (
                f"the shares of the {good!r} that {sector!r} uses add up to {before + share:g}; they may be 1 at most, "
                "or more would come back than went into use"
            )
            report.fault("returns", said, row, "share")


def _check_used(instance: Instance, report: Report) -> None:
    """The sector uses the good, and what went into use before the horizon can come back in it."""
    demand, accepts, view = instance.view("demand"), instance.view("accepts"), instance.view("returns")
    used = set(zip(demand["sector"], demand["good"], strict=True))
    used |= {
        (e, h) for e, g, h in zip(accepts["sector"], accepts["wanted"], accepts["given"], strict=True) if (e, g) in used
    }
    lags: dict[tuple[str, str], float] = {}
    for row, (sector, good, lag) in enumerate(zip(view["sector"], view["good"], view["lag"], strict=True)):
        lags[sector, good] = max(lags.get((sector, good), 0.0), float(lag))
        if (sector, good) not in used:
            report.warn(
                "returns", f"{sector!r} uses no {good!r}: it does not want it, nor take it instead", row, "good"
            )
    opening = instance.view("opening_use")
    for row, (sector, good, age) in enumerate(zip(opening["sector"], opening["good"], opening["age"], strict=True)):
        longest = lags.get((sector, good))
        if longest is None:
            said = f"nothing comes back of the {good!r} that {sector!r} uses; give it a row in returns.csv"
            report.warn("opening_use", said, row, "good")
        elif age > longest:
            said = f"what went into use {age:g} periods before the start has come back: the longest lag is {longest:g}"
            report.warn("opening_use", said, row, "age")


RETURN_RULES = (
    (_check_shares, "returns"),
    (_check_used, "returns opening_use demand accepts"),
)
