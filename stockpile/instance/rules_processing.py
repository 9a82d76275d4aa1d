"""Processes of a random instance: from a good into the next, with joint products and a way back at a loss."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from stockpile.instance.draws import MONEY, Draws, Row, Tables


def add_processing_rules(tables: Tables, periods: int, seed: int) -> None:
    """Let some goods of a random instance be made of others, and projects enlarge that or make demand fall."""
    _Processing(Random(f"processing {seed}"), periods, tables).make()


class _Processing(Draws):
    """``yearly`` and ``price`` are demand in a year and a typical price of every good."""

    def __init__(self, random: Random, periods: int, tables: Tables) -> None:
        super().__init__(random, periods, tables)
        self.yearly: dict[str, float] = {}
        for row in tables["demand"]:
            if row["from"] is None:
                self.yearly[row["good"]] = self.yearly.get(row["good"], 0.0) + row["quantity"]
        self.price = {
            good: min(row["price"] for row in tables["prices"] if row["source"].startswith(f"{good} from"))
            for good in self.yearly
        }

    def make(self) -> None:
        goods = list(self.yearly)
        for number, (taken, made) in enumerate(pairwise(goods)):
            if self.chance(0.5):
                others = [good for good in goods[number + 2 :] if self.chance(0.4)]
                self._process(taken, made, others[:2])
        if len(goods) > 2 and self.chance(0.6):
            self._blend(goods[-3:-1], goods[-1])
        self._partners()
        self._effects()
        for good in goods:
            self._back_from_use(good)

    def _back_from_use(self, good: str) -> None:
        """A source that collects a part of what industry used of a good, cheaper than others."""
        if not self.chance(0.25):
            return
        source, longest = f"{good} from scrap", min(3, max(1, self.periods - 1))
        self.add("sources", source=source, good=good, origin="home")
        price = round(self.price[good] * self.number(0.6, 0.95), 4)
        self.add("prices", source=source, step=1, price=price, **{"from": None})
        for lag in range(1, longest + 1):
            cells = {"sector": "industry", "good": good, "share": self.number(0.02, 0.25), "lag": lag}
            self.add("returns", source=source, **cells)
        used = round(self.yearly[good] / 4 * self.number(0.2, 0.6), 3)
        self.add("opening_use", sector="industry", good=good, age=self.pick(1, longest), quantity=used)

    def _process(self, taken: str, made: str, others: list[str]) -> None:
        """A process that is worth its cost at typical prices, about; its unit of run is a unit of what it takes."""
        process, lead = f"{taken} into {made}", self.pick(0, min(2, self.periods - 1))
        price, each = self.price[taken], self.number(0.9, 1.5) / (1 + len(others))
        lumpy = self.chance(0.4)
        capacity = round(self.yearly[taken] * self.number(0.1, 0.5) + 0.01, 2)
        charge = round(capacity * price * MONEY * self.number(0.005, 0.02), 6)
        self.add(
            "processes",
            process=process,
            origin="home",
            lead_time=lead,
            cost=round(price * self.number(0.02, 0.15), 4),
            set_up_cost=charge if lumpy else None,
            min_run=round(capacity * 0.05, 4) if lumpy and self.chance(0.5) else None,
            runs_with=None,
            energy=self.number(0.5, 20),
            emissions=self.number(0.1, 5),
            store=self._store([taken, made, *others]),
        )
        self.add("recipes", process=process, good=taken, amount=-1)
        for good in (made, *others):
            self.add("recipes", process=process, good=good, amount=round(each * price / self.price[good], 6))
        self.add("capacity", process=process, capacity=capacity, **{"from": None})
        if self.chance(0.5) and self.periods > 1:
            more = round(capacity * self.number(0.7, 1.5), 2)
            self.add("capacity", process=process, capacity=more, **{"from": self.date(self.pick(1, 6))})
        if lead and self.chance(0.6):
            self.add("opening_runs", process=process, arrives=None, level=round(capacity * 0.05, 3))
        if self.chance(0.4):
            self._back(taken, made)
        hours = [row for row in self.tables.get("resources", []) if row["resource"] == "handling"]
        if hours and self.chance(0.5):
            use = {"resource": "handling", "kind": "process", "name": process, "stage": None, "over_stage": None}
            part = round(hours[0]["capacity"] / capacity * self.number(0.05, 0.2), 6)
            self.add("resource_use", **use, per_unit=part, per_order=1.0 if lumpy else None)

    def _back(self, taken: str, made: str) -> None:
        """What is made is taken apart again: two thirds of its worth at most come back, of at most half as much again that
        a process adds, so that no circle makes something from nothing.
        """
        process = f"{made} back into {taken}"
        cost = round(self.price[made] * self.number(0.02, 0.1), 4)
        self.add("processes", process=process, cost=cost, energy=self.number(0.1, 2), store=self._store([taken, made]))
        self.add("recipes", process=process, good=made, amount=-1)
        self.add(
            "recipes",
            process=process,
            good=taken,
            amount=round(self.number(0.3, 0.65) * self.price[made] / self.price[taken], 6),
        )
        self.add("capacity", process=process, capacity=round(self.yearly[made] * 0.2 + 0.01, 2), **{"from": None})

    def _blend(self, free: list[str], made: str) -> None:
        """Two goods mixed into another, within bounds of a grade that half of each keeps."""
        process, each = f"blend of {made}", min(self.price[good] for good in free)
        cost = round(each * self.number(0.02, 0.1), 4)
        self.add("processes", process=process, cost=cost, energy=self.number(0.5, 5), store=self._store([*free, made]))
        for good in free:
            self.add("recipes", process=process, good=good, amount=None)
        self.add(
            "recipes", process=process, good=made, amount=round(self.number(0.6, 1.4) * each / self.price[made], 6)
        )
        self.add("capacity", process=process, capacity=round(self.yearly[made] * 0.4 + 0.01, 2), **{"from": None})
        values = [self.number(0.1, 0.9) for _ in free]
        for good, value in zip(free, values, strict=True):
            self.add("attributes", good=good, attribute="grade", value=value)
        half = sum(values) / 2
        least, most = round(half - 0.05, 3), round(half + self.number(0.05, 0.2), 3)
        self.add("blend", process=process, attribute="grade", **{"from": None}, min=least, max=None)
        if self.periods > 2:
            self.add("blend", process=process, attribute="grade", **{"from": self.date(2)}, min=least, max=most)

    def _store(self, goods: list[str]) -> str | None:
        """A store that keeps all of some goods that do not move freely, if one of them does not."""
        slow = {row["store"] for row in self.tables["stores"] if row.get("release_rate")}
        storage = self.tables["storage"]
        bound = {row["good"] for row in storage if row["store"] in slow or row.get("release_rate")}
        bound |= {row["good"] for row in self.tables.get("transfers", []) if row["good"]}
        bound &= set(goods)
        stores = [{row["store"] for row in storage if row["good"] == good} for good in sorted(bound)]
        common = sorted(set.intersection(*stores)) if stores else []
        return common[0] if common and self.chance(0.7) else None

    def _partners(self) -> None:
        """A process with a set-up that runs only where another one does."""
        lumpy: list[Row] = [row for row in self.tables.get("processes", []) if row.get("set_up_cost")]
        if len(lumpy) > 1 and self.chance(0.7):
            lumpy[1]["runs_with"] = lumpy[0]["process"]

    def _effects(self) -> None:
        """Projects that enlarge a process, and up to three that make the demand of a sector fall."""
        stages: dict[str, int] = {}
        for row in self.tables.get("stages", []):
            stages[row["project"]] = max(stages.get(row["project"], 0), row["stage"])
        known = [row["process"] for row in self.tables.get("processes", [])]
        for number, (project, last) in enumerate(stages.items()):
            if known and self.chance(0.4):
                process = known[self.pick(0, len(known) - 1)]
                more = next(row["capacity"] for row in self.tables["capacity"] if row["process"] == process)
                gain = {"kind": "process", "name": process, "sector": None, "amount": round(0.5 * more, 3)}
                self.add("effects", project=project, after=last, **gain, ramp=self.pick(1, 3))
            if number < 3 and self.chance(0.5):
                good = list(self.yearly)[self.pick(0, len(self.yearly) - 1)]
                share = {"kind": "demand", "name": good, "sector": "industry", "amount": self.number(0.05, 0.3)}
                self.add("effects", project=project, after=last, **share, ramp=self.pick(1, 3))


__all__ = ["add_processing_rules"]
