"""What every section of the report reads: a plan and what its context says, without the instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.instance.calendar import Calendar, make_calendar
from stockpile.instance.units import price_factor
from stockpile.plan.plan import Plan
from stockpile.report.expected import weighed
from stockpile.report.figures import Sums
from stockpile.report.layout import plain
from stockpile.report.sheet import NOISE

SHORT = 2.5
"""Years of a horizon from which dates are told by years alone."""
OTHERS = "all others"
"""What small parts are called together."""
TRACE = 1e-6
"""The share of a demand up to which what goes short is the solver's tolerance, and nothing that a plan decides."""


@dataclass(frozen=True)
class Facts:
    """A plan, the name of its folder, and whether it stands beside others: then each shows less."""

    plan: Plan
    folder: str
    beside: bool = False

    @cached_property
    def sums(self) -> Sums:
        """The figures that plans are compared by.  Raises DataError where plan.json does not say from what the plan is."""
        return Sums(self.plan, self.folder)

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """What plan.json keeps of the instance."""
        return self.sums.context

    @property
    def title(self) -> str:
        """The title of the instance, or its name."""
        about = self.plan.summary["instance"]
        return plain(about.get("title") or about.get("name") or self.folder)

    @property
    def money(self) -> str:
        """Unit of money."""
        return plain(self.sums.units["money"])

    @property
    def quantity(self) -> str:
        """Unit of quantities."""
        return plain(self.sums.units["quantity"])

    @property
    def price(self) -> str:
        """Unit of prices."""
        return plain(self.plan.summary["units"]["price"])

    @cached_property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        horizon = self.context["horizon"]
        return make_calendar(date.fromisoformat(horizon["start"]), int(horizon["periods"]), str(horizon["step"]))

    @cached_property
    def order(self) -> dict[str, int]:
        """Position of every period label."""
        return {label: t for t, label in enumerate(self.calendar.labels)}

    @cached_property
    def years(self) -> list[int]:
        """The calendar years in which a period starts."""
        return sorted({day.year for day in self.calendar.starts[:-1]})

    def start(self, label: str) -> str:
        """The first day of a period as an ISO date."""
        return self.calendar.starts[self.order[label]].isoformat()

    def after(self, label: str) -> str:
        """The day after a period as an ISO date."""
        return self.calendar.starts[self.order[label] + 1].isoformat()

    @property
    def end(self) -> str:
        """The day after the horizon as an ISO date."""
        return self.calendar.starts[-1].isoformat()

    def ending(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The rows of the last period once more at its end, so that what holds over a period is drawn over all of it."""
        last = self.calendar.labels[-1]
        return [{**row, "date": self.end} for row in rows if row["period"] == last]

    @property
    def axis(self) -> dict[str, Any]:
        """How dates are told along the horizon: by years, or by months where it is short."""
        if self.calendar.periods * self.calendar.length >= SHORT:
            return {"format": "%Y", "tickCount": "year"}
        return {"format": "%b %Y", "tickCount": 6}

    @property
    def weights(self) -> Mapping[str, float]:
        """The probability of every node, where the tree branches."""
        return self.sums.weights

    @cached_property
    def whole(self) -> Plan:
        """The plan with what is expected over all scenarios."""
        return weighed(self.plan, self.weights) if self.weights else self.plan

    def rows(self, name: str) -> pd.DataFrame:
        """A table of what is expected, with the calendar year of each row; traces of shortfall are none."""
        frame = self.whole.tables[name]
        if name == "service":
            frame = frame.assign(short=frame["short"].where(frame["short"] > TRACE * frame["demand"], 0.0))
        starts = self.calendar.starts
        return frame.assign(year=[starts[self.order[label]].year for label in frame["period"]])

    def by_year(self, frame: pd.DataFrame, column: str) -> list[float]:
        """Sum of a column in every year."""
        sums = frame.groupby("year")[column].sum()
        return [float(sums.get(year, 0.0)) for year in self.years]

    def at_year_end(self, frame: pd.DataFrame, column: str) -> list[float]:
        """Sum of a column over the rows of the last period of every year."""
        last = {self.calendar.starts[t].year: label for label, t in self.order.items()}
        sums = frame.groupby("period")[column].sum()
        return [float(sums.get(last[year], 0.0)) for year in self.years]

    @cached_property
    def price_scale(self) -> float:
        """Prices per money for each quantity."""
        return 1.0 / price_factor(self.price, self.quantity, self.money)

    def price_of(self, money: float, quantity: float) -> float | None:
        """An average price in the unit of prices; None for nothing."""
        return money / quantity * self.price_scale if quantity > NOISE else None

    @cached_property
    def paths(self) -> tuple[list[list[str]], npt.NDArray[np.float64]]:
        """The nodes of every scenario from the first period to the last, and the probability of each; one path without scenarios."""
        told, outcomes = self.plan.tables["paths"], self.plan.tables["outcomes"]
        if told.empty or not self.weights:
            return [list(dict.fromkeys(self.plan.tables["balance"]["node"]))], np.ones(1)
        nodes: dict[str, list[str]] = {name: [""] * len(self.order) for name in outcomes["scenario"]}
        for node, period, name in zip(*(told[c].tolist() for c in ("node", "period", "scenario")), strict=True):
            nodes[name][self.order[period]] = node
        return list(nodes.values()), outcomes["probability"].to_numpy(dtype=float)

    def bought(self) -> pd.DataFrame:
        """What the reserve gets and what is paid for it, contracts included: good, source, origin, by, period, quantity, cost, duty, ordered.

        ``by`` says how: order or contract.  What the market buys for normal consumption is left out.
        """
        spot = self.rows("deliveries").assign(by="order")
        called = self.rows("contract_deliveries").assign(by="contract")
        called = called.rename(columns={"called": "ordered", "contract": "source"})
        frame = pd.concat([spot, called], ignore_index=True) if len(called) else spot
        through = [
            self.sums.contracts.get(name, "") if by == "contract" else name
            for name, by in zip(frame["source"], frame["by"], strict=True)
        ]
        known = [self.sums.sources.get(name, ("", "fund")) for name in through]
        frame = frame.assign(origin=[origin for origin, _ in known], payer=[payer for _, payer in known])
        return frame[frame["payer"] != "market"]


def summed(frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The sums of some columns for each combination of names: the names, then the sums, in the order in which they come."""
    sums = frame.groupby([*by], sort=False, dropna=False)[[*columns]].sum().reset_index()
    return list(zip(*(sums[name].tolist() for name in (*by, *columns)), strict=True))


def ranked(amounts: pd.Series, most: int) -> list[str]:
    """The names with the largest amounts, largest first, of those that have any."""
    totals = amounts.groupby(level=0, sort=False).sum().abs().sort_values(ascending=False, kind="stable")
    return [str(name) for name in totals[totals > NOISE].index[:most]]


def parted(frame: pd.DataFrame, by: str, column: str, most: int) -> tuple[list[str], list[dict[str, Any]]]:
    """The names with most of a column, the others as one, and rows of year, part, place and amount for bars that are stacked."""
    kept = ranked(frame.set_index(by)[column], most)
    known = set(kept)
    parts = frame.assign(part=[name if name in known else OTHERS for name in map(str, frame[by])])
    sums = [
        (year, part, amount) for year, part, amount in summed(parts, ["year", "part"], [column]) if abs(amount) > NOISE
    ]
    names = [*kept, *([OTHERS] if any(part == OTHERS for _, part, _ in sums) and OTHERS not in known else [])]
    rows = [
        {"year": str(year), "part": part, "place": names.index(part), "amount": amount} for year, part, amount in sums
    ]
    return names, rows
