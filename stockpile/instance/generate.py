"""New instances: a small commented one to start from, and random feasible ones of any size."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

from stockpile.instance.draws import MONEY, Draws
from stockpile.instance.instance import Instance
from stockpile.instance.rules import add_rules
from stockpile.instance.rules_futures import add_futures
from stockpile.instance.rules_scenarios import risk_of
from stockpile.instance.starter import NOTES, SETTINGS, STARTER
from stockpile.instance.write import write

SHORTFALL_FIRST = 0.2
"""The part of the instances with all rules in which shortfall comes before cost."""
ORIGINS = ("Atlantis", "Borealis", "Cascadia", "Drava", "Elbonia")


def new_instance(folder: str | os.PathLike[str]) -> Instance:
    """Write the small commented instance to a folder.  Raises DataError where the folder is not empty."""
    instance = Instance.from_tables(name=SETTINGS["name"], settings=SETTINGS, tables=STARTER)
    write(instance, folder, notes=NOTES)
    return instance


def random_instance(
    goods: int, periods: int, projects: int, seed: int, rules: str = "core", scenarios: int = 1
) -> Instance:
    """A random feasible instance in quarters; the same arguments give the same content.

    Feasible since all demand may fall short at a price, targets are soft, and the treasury can pay for getting rid of
    what lies there at the start.  ``rules`` is "core", or "all" for every rule that an instance can have.
    With ``scenarios`` beyond 1 that many futures of prices are drawn and kept; the title says how well they stand for all.
    Raises ValueError where all rules are asked for with them, for a rule may not bear any price.
    """
    if scenarios > 1 and rules != "core":
        raise ValueError("scenarios of prices go with the core rules")
    maker = _Maker(Random(seed), periods, goods=goods, projects=projects)
    maker.make()
    name = f"random-{goods}-{periods}-{projects}-{seed}"
    if rules == "all":
        add_rules(maker.tables, periods, seed)
        name += "-all"
    settings = {
        "format": 1,
        "name": name,
        "title": f"random instance: goods {goods}, quarters {periods}, projects {projects}, seed {seed}",
        "horizon": {"start": "2026-01-01", "periods": periods, "step": "quarter"},
        "units": {"quantity": "t", "price": "USD/kg", "money": "MUSD", "time": "year"},
        "economics": {"discount_rate": 0.04, "perspective": "public", "fiscal_year_start": "10-01"},
        "solver": {"gap": 0.01, "time_limit": 600},
    }
    if rules == "all" and Random(f"goal {seed}").random() < SHORTFALL_FIRST:
        settings["objective"] = {"goal": "least-shortfall", "shortfall_tolerance": 0.01}
    if scenarios > 1:
        kept = add_futures(maker.tables, periods, scenarios, seed)
        settings["name"] = name = f"{name}-{scenarios}"
        left = f"{scenarios} scenarios of prices at {kept.relative:.1%} of the distance of one"
        settings["title"] = f"{settings['title']}, {left}"
    risk = None if scenarios > 1 else risk_of(seed, maker.tables)
    if risk is not None:
        settings["risk"] = risk
    drawn = {
        "goods": goods,
        "periods": periods,
        "projects": projects,
        "seed": seed,
        "rules": rules,
        "scenarios": scenarios,
    }
    made = Instance.from_tables(name=name, settings=settings, tables=maker.tables)
    return replace(made, lineage=replace(made.lineage, drawn=drawn))


@dataclass
class _Maker(Draws):
    """Makes the tables.  ``spend`` is what meeting all demand would cost in a year (MUSD)."""

    goods: int = 0
    projects: int = 0
    spend: float = 0.0
    demand: dict[str, float] = field(default_factory=dict)
    price: dict[str, float] = field(default_factory=dict)

    def make(self) -> None:
        for number in range(1, max(1, self.goods // 4) + 1):
            self.add("stores", store=f"depot {number}", capacity=None)
        for sector in ("defence", "industry"):
            self.add("sectors", sector=sector)
        for tier, (share, factor) in enumerate(((0.2, 3.0), (0.3, 6.0), (0.5, 12.0)), 1):
            self.add("tiers", tier=tier, share=share, penalty=round(40 * factor, 3))
        for number in range(1, self.goods + 1):
            self._good(f"good {number}")
        origins = {row["origin"] for row in self.tables["sources"]}
        for origin in [origin for origin in ORIGINS if origin in origins][:2]:
            self.add("duties", origin=origin, rate=self.number(0.02, 0.25), **{"from": self.date(self.periods // 3)})
        self._rooms()
        self._funds()
        for number in range(1, self.projects + 1):
            self._project(number)
        self._needs()

    def _good(self, good: str) -> None:
        amount, price = self.number(20, 2000, 1), self.number(5, 200, 2)
        self.demand[good], self.price[good] = amount, price
        self.spend += amount * price * MONEY
        life = self.pick(2, 12) if self.chance(0.5) else None
        self.add(
            "goods",
            good=good,
            shelf_life=life,
            loss_rate=self.number(0.01, 0.05) if self.chance(0.3) else None,
            disposal_cost=round(price * 0.01, 4) if self.chance(0.3) else None,
            terminal_value=round(price * self.number(0.2, 0.5), 4),
        )
        stores = self.tables["stores"]
        first = self.pick(0, len(stores) - 1)
        for at in {first, self.pick(0, len(stores) - 1)} if self.chance(0.3) else {first}:
            self.add(
                "storage", good=good, store=stores[at]["store"], holding_cost=round(price * self.number(0.02, 0.06), 4)
            )
        if self.chance(0.6):
            for age in {self.pick(0, (life or 8) - 1), 0}:
                share = self.number(0.05, 0.2)
                self.add(
                    "opening_stock", good=good, store=stores[first]["store"], age=age, quantity=round(amount * share, 2)
                )
        self._demand(good, amount)
        self._sources(good, amount, price)
        if life or self.chance(0.3):
            depth = round(amount * self.number(0.2, 0.6), 2)
            self.add(
                "rotation", good=good, mode="sale", discount=self.number(0.1, 0.4), depth=depth, proceeds_to="treasury"
            )
        grown = self.date(self.pick(2, 6))
        self.add("targets", good=good, cover=60, penalty=round(price * 0.5, 3), **{"from": grown})

    def _demand(self, good: str, amount: float) -> None:
        share = self.number(0.2, 0.8)
        parts = {"defence": amount * share, "industry": amount * (1 - share)}
        for sector, part in parts.items():
            level = part
            for year in range(0, self.periods, 4):
                self.add("demand", sector=sector, good=good, quantity=round(level, 3), **{"from": self.date(year)})
                level = min(level * (1 + self.number(-0.02, 0.08)), 4 * part)

    def _sources(self, good: str, amount: float, price: float) -> None:
        for number in range(1, 4):
            source = f"{good} from {ORIGINS[(number + self.pick(0, 2)) % len(ORIGINS)]} {number}"
            lumpy = self.chance(0.35)
            self.add(
                "sources",
                source=source,
                good=good,
                origin=source.rsplit(" ", 2)[1],
                lead_time=self.pick(0, min(2, self.periods - 1)),
                order_cost=round(amount * price * MONEY * self.number(0.002, 0.02), 5) if lumpy else None,
                min_order=round(amount * self.number(0.02, 0.1), 2) if lumpy and self.chance(0.5) else None,
            )
            if self.chance(0.6):
                self.add("supply", source=source, capacity=round(amount * self.number(0.3, 1.2), 2))
            self._prices(source, amount, price * self.number(0.9, 1.4))

    def _prices(self, source: str, amount: float, price: float) -> None:
        steps = self.pick(2, 3)
        begins = range(0, self.periods, max(4, self.periods // self.pick(2, 5)))
        for begin in begins:
            level = price * self.number(0.85, 1.25)
            for step in range(1, steps + 1):
                width = round(amount * self.number(0.3, 0.9), 2) if step < steps else None
                row = {"source": source, "step": step, "width": width, "price": round(level, 4)}
                self.add("prices", **row, **{"from": self.date(begin)})
                level *= 1 + self.number(0.05, 0.3)

    def _rooms(self) -> None:
        """Store capacities of about half a year of the goods that they may keep."""
        for row in self.tables["stores"]:
            kept = {s["good"] for s in self.tables["storage"] if s["store"] == row["store"]}
            row["capacity"] = round(sum(self.demand[g] for g in kept) * self.number(0.4, 0.9) + 1, 1)

    def _funds(self) -> None:
        self.add("funds", fund="treasury", kind="appropriation", carry_over=0.8)
        limit, rate = round(0.6 * self.spend + 1, 3), 0.045
        self.add(
            "funds",
            fund="facility",
            kind="credit",
            credit_limit=limit,
            interest=rate,
            maturity="5y",
            uses="purchases;storage",
        )
        self.add("funds", fund="investors", kind="private", uses="projects")
        cash = {"treasury": 0.8 * self.spend, "facility": 0.2 * self.spend, "investors": 0.15 * self.spend}
        getting_rid = sum(
            row["quantity"] * (good["disposal_cost"] or 0) * MONEY
            for row in self.tables.get("opening_stock", [])
            for good in self.tables["goods"]
            if good["good"] == row["good"]
        )
        self.add("budgets", fund="treasury", amount=round(cash["treasury"] + getting_rid, 3), every="year")
        for fund in ("facility", "investors"):
            self.add("budgets", fund=fund, amount=round(cash[fund], 3), every="year")

    def _project(self, number: int) -> None:
        """A plant that makes one good, in as many stages as the horizon is long enough for."""
        project, good = f"plant {number}", f"good {self.pick(1, self.goods)}"
        durations = [self.pick(1, 3) for _ in range(self.pick(2, 4))]
        while durations and sum(durations) > self.periods - 2:
            durations.pop()
        durations = durations or [min(1, self.periods - 1)]
        share = self.number(0.2, 0.5)
        self.add(
            "projects",
            project=project,
            group=f"site {number // 2}" if self.chance(0.3) else None,
            min_private_share=share if self.chance(0.5) else None,
        )
        whole = self.demand[good] * self.price[good] * MONEY * self.number(0.2, 1.2) + 0.01
        for stage, duration in enumerate(durations, 1):
            part = 0.1 if stage == 1 and len(durations) > 1 else 0.9 / max(1, len(durations) - 1)
            late = "verification" if self.chance(0.3) else "release"
            self.add(
                "stages", project=project, stage=stage, duration=duration, cost=round(whole * part, 4), pay_on=late
            )
        self.add("financing", project=project, fund="treasury", min_share=self.number(0.05, 0.2))
        self.add("financing", project=project, fund="investors", max_share=self.number(0.6, 0.8))
        source = f"output of {project}"
        self.add("sources", source=source, good=good, origin="home")
        self.add("prices", source=source, step=1, price=round(self.price[good] * self.number(0.5, 0.8), 4))
        last = len(durations)
        supply = {"kind": "supply", "name": source, "amount": round(self.demand[good] * self.number(0.2, 0.6), 2)}
        self.add("effects", project=project, after=last, **supply, ramp=self.pick(1, 4))
        if self.chance(0.3):
            revenue = round(whole * self.number(0.01, 0.05), 5)
            self.add("effects", project=project, after=last, kind="revenue", name="treasury", amount=revenue)
        if self.chance(0.2):
            store = self.tables["storage"][0]["store"]
            self.add(
                "effects",
                project=project,
                after=1,
                kind="capacity",
                name=store,
                amount=round(self.demand[good] * 0.1, 2),
            )

    def _needs(self) -> None:
        """Last stages that need the first milestone of the plant before, where there is time for both."""
        stages: dict[str, list[int]] = {}
        for row in self.tables.get("stages", []):
            stages.setdefault(row["project"], []).append(row["duration"])
        groups = {row["project"]: row["group"] for row in self.tables.get("projects", [])}
        for (before, first), (project, own) in pairwise(stages.items()):
            apart = groups[project] is None or groups[project] != groups[before]
            end = max(sum(own[:-1]), first[0]) + own[-1]
            if len(own) > 1 and apart and end < self.periods and self.chance(0.5):
                self.add("requires", project=project, stage=len(own), needs_project=before, needs_stage=1)
