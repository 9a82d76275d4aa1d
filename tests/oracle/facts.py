"""What an instance says, as plain lists by period: the reading of the oracle, with step functions of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockpile.instance import Instance
from tests.oracle.loans import Terms, terms_of

Row = dict[str, Any]
Series = list[float | None]
"""A value per period: None where no row is in force, nan where the row in force leaves the cell blank."""

USES = ("purchases", "storage", "projects", "operations", "processing")
CLASSES = {
    "purchases": "purchases",
    "order_charges": "purchases",
    "duties": "purchases",
    "contracts": "purchases",
    "storage": "storage",
    "transfers": "storage",
    "disposal": "storage",
    "rotation_charges": "storage",
    "overtime": "operations",
    "processing": "processing",
    "projects": "projects",
    "exit_costs": "projects",
}


@dataclass(frozen=True)
class Source:
    """An offer; ``steps`` holds a width and a price per period, ``base`` is None where supply is without limit.

    ``arrive`` is the share that arrives by period, ``due`` holds period, quantity and price of orders from before,
    ``discount`` says how prices may fall, ``market`` with whom the steps are shared, ``store`` where it delivers, ``traded``
    whether the market pays, ``set_up`` whether an order takes a resource whatever its quantity, ``worth`` what a unit on
    order at the end counts for, 0 where no order may arrive after the horizon.
    """

    name: str
    good: str
    lead: int
    order_cost: float
    min_order: float
    first: int
    until: int
    base: list[float] | None
    steps: list[tuple[Series, Series]]
    duty: list[float]
    lot: float
    arrive: list[float]
    due: list[tuple[int, float, float]]
    discount: str | None
    market: str | None
    store: str | None
    traded: bool
    set_up: bool
    worth: float

    @property
    def lumpy(self) -> bool:
        """Whether an order is a decision of its own."""
        return self.order_cost > 0 or self.min_order > 0 or self.set_up


@dataclass(frozen=True)
class Stage:
    """One stage of a project; ``ways`` lists alternatives, each the (project, stage) pairs that must be verified before, and
    the (contract, 0) that must be signed.

    It may be released up to the period before ``deadline``.
    """

    project: str
    number: int
    duration: int
    cost: float
    on_verification: bool
    ways: list[list[tuple[str, int]]]
    shares: dict[str, tuple[float, float]]
    terms: dict[str, Terms]
    deadline: int


@dataclass(frozen=True)
class Project:
    """Stages in order; stage 1 may be released in ``first`` <= period < ``until``; ``exit_cost`` None: never abandoned."""

    name: str
    group: str | None
    first: int
    until: int
    min_private: float
    stages: list[Stage]
    exit_cost: float | None


@dataclass(frozen=True)
class Fund:
    """A pot of money; ``maturity`` is None where debt may stay.

    ``committed`` is the most that it may have promised and not yet paid, ``exposed`` the most at risk, ``start`` what it has and what it has paid before the horizon, ``owed`` debts with their age in periods.
    """

    name: str
    public: bool
    private: bool
    credit: bool
    carry: float
    limit: float
    committed: float
    exposed: float
    credit_limit: float
    interest: float
    maturity: int | None
    uses: frozenset[str]
    budget: list[float]
    start: tuple[float, float]
    owed: list[tuple[int, float]]


def text(cell: Any) -> str | None:
    """A cell of text, None where it is blank."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)) or str(cell) in ("", "<NA>", "nan", "None"):
        return None
    return str(cell)


def number(cell: Any) -> float:
    """A cell that holds a number, nan where it is blank."""
    return math.nan if text(cell) is None else float(cell)


def limit_of(row: Row) -> float:
    """The exposure limit of a fund or project."""
    return math.inf if text(row["exposure_limit"]) is None else float(row["exposure_limit"])


def in_force(records: list[Row], column: str, periods: int) -> Series:
    """The step function of one key: the last row begun holds, until its end."""
    found: Series = [None] * periods
    for record in sorted(records, key=lambda r: int(r["from"])):
        for t in range(int(record["from"]), periods):
            found[t] = number(record[column]) if t < int(record["until"]) else None
    return found


def last_begun(records: list[Row], period: int) -> Row | None:
    """The row of one key in force in a period."""
    begun = [r for r in records if int(r["from"]) <= period]
    last = max(begun, key=lambda r: int(r["from"]), default=None)
    return last if last is not None and period < int(last["until"]) else None


def by_key(records: list[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    """Records by the text of some columns, in order of first appearance."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for record in records:
        groups.setdefault(tuple(text(record[c]) for c in columns), []).append(record)
    return groups


def filled(series: Series, gap: float, blank: float) -> list[float]:
    """A series with ``gap`` where no row is in force and ``blank`` where the cell is."""
    return [gap if x is None else blank if math.isnan(x) else x for x in series]


def kept_by_age(facts: Facts, good: str) -> bool:
    """Whether anything is said about the age of a good."""
    return any(r["good"] == good for table in ("ages", "freshness") for r in facts.rows(table))


def priced_by_age(facts: Facts, good: str) -> bool:
    """Whether a good may fetch less when it is older."""
    return any(r["good"] == good and number(r["price_factor"]) < 1 for r in facts.rows("ages"))


class Facts:
    """An instance in plain Python; quantities and money in the instance's units, rates per period."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._rows: dict[str, list[Row]] = {}
        self._first_prices: dict[str, list[float]] = {}
        self._series: dict[tuple[str, ...], dict[tuple[Any, ...], list[float]]] = {}
        horizon = instance.settings.horizon
        self.periods = int(horizon.periods)
        self.length = {"year": 1.0, "quarter": 1 / 4, "month": 1 / 12, "week": 7 / 365.25}[horizon.step]
        rate = float(instance.settings.economics.discount_rate)
        self.discount = [(1 + rate) ** (-t * self.length) for t in range(self.periods + 1)]
        self.all_counted = instance.settings.economics.perspective == "all"
        self.goods = {str(r["good"]): r for r in self.rows("goods")}
        self.sources = self._sources()
        self.funds = self._funds()
        self.projects = self._projects()
        self.opened = {(str(r["project"]), int(r["stage"])): -int(r["age"]) for r in self.rows("opening_stages")}
        self.effects = self.rows("effects")

    def rows(self, table: str) -> list[Row]:
        """The records of a table in view units."""
        if table not in self._rows:
            self._rows[table] = [
                {str(k): v for k, v in r.items()} for r in self.instance.view(table).to_dict("records")
            ]
        return self._rows[table]

    def series(
        self, table: str, column: str, gap: float, blank: float, *key: str
    ) -> dict[tuple[Any, ...], list[float]]:
        """The step functions of a table by key, with ``gap`` where no row is in force."""
        name = (table, column)
        if name not in self._series:
            groups = by_key(self.rows(table), *key)
            self._series[name] = {k: filled(in_force(g, column, self.periods), gap, blank) for k, g in groups.items()}
        return self._series[name]

    def _sources(self) -> list[Source]:
        supply = self.series("supply", "capacity", 0.0, math.inf, "source")
        raised = {str(r["name"]) for r in self.rows("effects") if r["kind"] == "supply"}
        shares = self.series("arrivals", "share", 1.0, 1.0, "source")
        open_orders = by_key(self.rows("opening_orders"), "source")
        found = []
        for r in self.rows("sources"):
            name = str(r["source"])
            base = supply.get((name,), [0.0] * self.periods if name in raised else None)
            found.append(
                Source(
                    name,
                    str(r["good"]),
                    round(number(r["lead_time"])),
                    float(r["order_cost"]),
                    float(r["min_order"]),
                    int(r["qualified_from"]),
                    int(r["until"]),
                    base,
                    self._steps(r),
                    self._duty(text(r["origin"]), str(r["good"])),
                    float(r["lot_size"]),
                    shares.get((name,), [1.0] * self.periods),
                    [
                        (int(o["arrives"]), float(o["quantity"]), float(o["price"]))
                        for o in open_orders.get((name,), [])
                    ],
                    text(r["discount"]) or self._in_order(r),
                    text(r["market"]),
                    text(r["store"]),
                    text(r["paid_by"]) == "market",
                    any(
                        u["name"] == name and u["kind"] != "stage" and u["per_order"] > 0
                        for u in self.rows("resource_use")
                    ),
                    self._worth(r),
                )
            )
        return found

    def _in_order(self, source: Row) -> str | None:
        """How steps are used of a source whose prices rise: in order, which must be said where money must be borrowed."""
        borrowing = any(p["decision"] in ("draw", "repayment") and number(p["at_least"]) > 0 for p in self.rows("pins"))
        mine = {p["step"] for p in self.rows("prices") if p["source"] == source["source"]}
        return "incremental" if borrowing and len(mine) > 1 and text(source["paid_by"]) == "fund" else None

    def _worth(self, source: Row) -> float:
        """What a unit on order at the end is worth: by its source, by its good, or by what is said of all."""
        if text(source["paid_by"]) == "market":
            return 0.0
        said = {text(r["name"]): float(r["value"]) for r in self.rows("end_values") if r["kind"] == "order"}
        return said.get(text(source["source"]), said.get(text(source["good"]), said.get(None, 0.0)))

    def _steps(self, source: Row) -> list[tuple[Series, Series]]:
        """Width and price by period of a source's steps in order: its own, or those of its market and its premium on top."""
        market, extra = text(source["market"]), 0.0
        rows = [r for r in self.rows("prices") if r["source"] == source["source"]]
        if market is not None:
            rows, extra = [r for r in self.rows("markets") if r["market"] == market], float(source["premium"])
        groups = by_key(sorted(rows, key=lambda r: int(r["step"])), "step").values()
        found = [(in_force(g, "width", self.periods), in_force(g, "price", self.periods)) for g in groups]
        return [(widths, [None if p is None else p + extra for p in prices]) for widths, prices in found]

    def _duty(self, origin: str | None, good: str) -> list[float]:
        rates = self.series("duties", "rate", 0.0, 0.0, "origin", "good")
        none = [0.0] * self.periods
        return none if origin is None else rates.get((origin, good), rates.get((origin, None), none))

    def first_price(self, good: str) -> list[float]:
        """The cheapest price of a first step in force among the good's sources; nan where there is none."""
        if good in self._first_prices:
            return self._first_prices[good]
        found = self._first_prices[good] = [math.nan] * self.periods
        for source in self.sources:
            if source.good == good:
                for t, price in enumerate(source.steps[0][1] if source.steps else ()):
                    if price is not None:
                        found[t] = price if math.isnan(found[t]) else min(found[t], price)
        return found

    def _funds(self) -> list[Fund]:
        found = []
        for r in self.rows("funds"):
            kind, public, uses = text(r["kind"]) or "appropriation", text(r["public"]), text(r["uses"])
            limit, months = number(r["limit"]), number(r["maturity"])
            found.append(
                Fund(
                    name=str(r["fund"]),
                    public=kind != "private" if public is None else public.lower() in ("true", "1", "1.0"),
                    private=kind == "private",
                    credit=kind == "credit",
                    carry=float(r["carry_over"]),
                    limit=math.inf if math.isnan(limit) else limit,
                    committed=math.inf if text(r["commitment_limit"]) is None else float(r["commitment_limit"]),
                    exposed=limit_of(r),
                    credit_limit=number(r["credit_limit"]) if kind == "credit" else 0.0,
                    interest=float(r["interest"]) if kind == "credit" else 0.0,
                    maturity=None if math.isnan(months) else round(months),
                    uses=frozenset(u.strip() for u in uses.split(";")) if uses else frozenset(USES),
                    budget=self._budget(str(r["fund"])),
                    **self._opening_money(str(r["fund"])),
                )
            )
        return found

    def _opening_money(self, fund: str) -> dict[str, Any]:
        mine = [r for r in self.rows("opening_cash") if r["fund"] == fund]
        return {
            "start": (sum(float(r["cash"]) for r in mine), sum(float(r["paid"]) for r in mine)),
            "owed": [(round(number(r["age"])), float(r["debt"])) for r in mine],
        }

    def _budget(self, fund: str) -> list[float]:
        """Amounts paid in by period, from the dates as entered."""
        calendar, amounts = self.instance.calendar, [0.0] * self.periods
        entered = self.instance.table("budgets").to_dict("records")
        pairs = zip(self.rows("budgets"), entered, strict=True)
        mine = sorted((p for p in pairs if p[0]["fund"] == fund), key=lambda p: int(p[0]["from"]))
        for i, (row, raw) in enumerate(mine):
            end = min(int(row["until"]), int(mine[i + 1][0]["from"]) if i + 1 < len(mine) else self.periods)
            start = text(raw["from"])
            first = calendar.starts[0] if start is None else calendar.parse(start)
            for t in _paid_in(first, text(row["every"]), list(calendar.starts[: self.periods])):
                amounts[t] += float(row["amount"]) if t < end else 0.0
        return amounts

    def fiscal_year_end(self) -> list[bool]:
        """Whether the period after starts in another fiscal year."""
        month, day = map(int, str(self.instance.settings.economics.fiscal_year_start).split("-"))
        years = [d.year - ((d.month, d.day) < (month, day)) for d in self.instance.calendar.starts]
        return [years[t] != years[t + 1] for t in range(self.periods)]

    def _projects(self) -> list[Project]:
        needs = by_key(self.rows("requires"), "project")
        stages = by_key(self.rows("stages"), "project")
        found = []
        for r in self.rows("projects"):
            name = str(r["project"])
            mine = sorted(stages.get((name,), []), key=lambda s: int(s["stage"]))
            found.append(
                Project(
                    name,
                    text(r["group"]),
                    int(r["start_from"]),
                    int(r["start_until"]),
                    float(r["min_private_share"]),
                    [self._stage(name, s, needs.get((name,), [])) for s in mine],
                    float(r["exit_cost"]) if text(r["may_abandon"]) == "True" else None,
                )
            )
        return found

    def _stage(self, project: str, row: Row, needs: list[Row]) -> Stage:
        i = int(row["stage"])
        before = [(project, i - 1)] if i > 1 else []
        mine = by_key([r for r in needs if int(r["stage"]) == i], "alternative").values()
        ways = [[_need(r) for r in way] for way in mine] or [[]]
        return Stage(
            project,
            i,
            round(number(row["duration"])),
            float(row["cost"]),
            text(row["pay_on"]) == "verification",
            [before + way for way in ways],
            self._shares(project, i),
            {f: terms_of(r) for f, r in self._payers(project, i).items()},
            int(row["deadline"]),
        )

    def _shares(self, project: str, stage: int) -> dict[str, tuple[float, float]]:
        """Least and greatest share of each fund that may pay the stage's tranche."""
        payers = {f.name for f in self.funds if "projects" in f.uses}
        if not any(r["project"] == project for r in self.rows("financing")):
            return dict.fromkeys(payers, (0.0, 1.0))
        rows = self._payers(project, stage)
        return {f: (float(r["min_share"]), float(r["max_share"])) for f, r in rows.items() if f in payers}

    def _payers(self, project: str, stage: int) -> dict[str, Row]:
        """The row of each fund that holds for a stage: its own before that of all stages."""
        mine = by_key(self.rows("financing"), "project").get((project,), [])
        found: dict[str, Row] = {}
        for own in (False, True):
            for r in mine:
                number_of = number(r["stage"])
                if (not math.isnan(number_of) and int(number_of) == stage) if own else math.isnan(number_of):
                    found[str(r["fund"])] = r
        return found


def _need(row: Row) -> tuple[str, int]:
    """The stage that a row asks for; a contract stands for a stage of number 0."""
    contract = text(row["needs_contract"])
    return (contract, 0) if contract else (str(row["needs_project"]), int(row["needs_stage"]))


def _paid_in(first: date, every: str | None, starts: list[date]) -> list[int]:
    """Periods in which a budget row pays, not looking at its end."""
    if every == "period":
        return [t for t, start in enumerate(starts) if start >= first]
    years = range(starts[-1].year - first.year + 1) if every == "year" else range(1)
    days = [date(first.year + k, first.month, min(first.day, 28 if first.month == 2 else 31)) for k in years]
    return [next(t for t, s in enumerate(starts) if s >= day) for day in days if day <= starts[-1]]
