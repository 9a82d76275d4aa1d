"""The least cost of an instance once its discrete decisions are made.

Written from the mathematics of the planning problem, not from the model, and in other variables than the model's:

* a good's stock is a transport from the period of arrival to the period of leaving, so that shelf life is a matter of
  which pairs exist and there is no balance row;
* debt is a set of draws, each with the periods in which it is repaid;
* cash and stock in between are sums, not columns.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from tests.oracle.accounts import add_accounts
from tests.oracle.assignments import Assignment
from tests.oracle.backlog import backlog_of, serve
from tests.oracle.cohorts import leave_by_age
from tests.oracle.commitments import Promises
from tests.oracle.contracts import add_contracts
from tests.oracle.exposure import Risks, ending_of, owed_at, owed_of
from tests.oracle.facts import CLASSES, Facts, Fund, Row, Source, Stage, kept_by_age, last_begun, number, text
from tests.oracle.guarantees import bear
from tests.oracle.incentives import incentive_flows
from tests.oracle.lineage import Mixture, Place, add_mixtures, is_traced
from tests.oracle.loans import from_before, owed_from_before, repayments, until, weighed
from tests.oracle.market_supply import Normal
from tests.oracle.pins import Decided, hold
from tests.oracle.policies import hold_policies
from tests.oracle.price_floors import floor_flows
from tests.oracle.processing import add_runs, wanted
from tests.oracle.program import Program, Sum, total
from tests.oracle.resources import add_resources
from tests.oracle.returns import add_returns
from tests.oracle.rotation import add_release, add_rotation
from tests.oracle.stores import Places, delivered_to, moves_slowly
from tests.oracle.tracing import count_in_use, follow
from tests.oracle.undelivered import leave_on_order

Sums = list[Sum]
#: What could be paid for nothing, and so is no use of a budget.
FOR_NOTHING = ("order_charges", "rotation_charges", "processing", "overtime")


@dataclass
class Works:
    """What the released stages bring about: extra amounts by period, and tranches with the period they are due in.

    ``verified`` is when stages are, ``commissioned`` when the last stage of a project is verified, where it is; ``dropped`` are stages whose tranche was
    to be paid later and is not, from their release until then.
    """

    supply: dict[str, list[float]] = field(default_factory=dict)
    capacity: dict[str, list[float]] = field(default_factory=dict)
    revenue: dict[str, list[float]] = field(default_factory=dict)
    throughput: dict[str, list[float]] = field(default_factory=dict)
    falls: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    tranches: list[tuple[Stage, float, int]] = field(default_factory=list)
    verified: dict[tuple[str, int], int] = field(default_factory=dict)
    commissioned: dict[str, int] = field(default_factory=dict)
    dropped: list[tuple[Stage, int, int]] = field(default_factory=list)


def least_cost(facts: Facts, chosen: Assignment) -> float:
    """The optimum over the continuous decisions: inf where there is no plan, -inf where the cost has no floor."""
    return Builder(facts, chosen).program.best()


def least_shortfall(facts: Facts, chosen: Assignment) -> float:
    """The least penalty of shortfall: inf where there is no plan."""
    builder = Builder(facts, chosen)
    builder.program.cost = builder.lacking
    return builder.program.best()


def least_cost_within(facts: Facts, chosen: Assignment, most: float) -> float:
    """The optimum over plans whose penalty of shortfall is at most ``most``."""
    builder = Builder(facts, chosen)
    builder.program.row(builder.lacking, high=most)
    return builder.program.best()


def works_of(facts: Facts, chosen: Assignment) -> Works:
    """Simulate the stages."""
    works = Works()
    verified = works.verified
    for project in facts.projects:
        for stage in project.stages:
            start = chosen.released.get((project.name, stage.number))
            if start is None:
                continue
            end = start + stage.duration
            reached = end <= chosen.abandoned.get(project.name, end)
            if reached:
                verified[project.name, stage.number] = end
                if stage is project.stages[-1]:
                    works.commissioned[project.name] = end
            if not reached and stage.on_verification:
                works.dropped.append((stage, start, end))
            due = end if stage.on_verification else start
            if due >= 0 and (reached or not stage.on_verification):
                works.tranches.append((stage, project.min_private, due))
    books = {"supply": works.supply, "capacity": works.capacity, "revenue": works.revenue, "process": works.throughput}
    for effect in facts.effects:
        since = verified.get((str(effect["project"]), int(effect["after"])))
        none = [0.0] * facts.periods
        if effect["kind"] == "demand":
            extra = works.falls.setdefault((str(effect["sector"]), str(effect["name"])), none)
        else:
            extra = books[str(effect["kind"])].setdefault(str(effect["name"]), none)
        ramp = max(1, round(number(effect["ramp"])))
        if since is not None:
            for t in range(max(since, 0), chosen.abandoned.get(str(effect["project"]), facts.periods)):
                extra[t] += float(effect["amount"]) * min(1.0, (t - since + 1) / ramp)
    return works


class Builder:
    """One linear program; ``spending`` and ``proceeds`` gather money by class or fund and period."""

    def __init__(self, facts: Facts, chosen: Assignment) -> None:
        self.facts, self.chosen, self.program = facts, chosen, Program()
        self.works = works_of(facts, chosen)
        self.promises, self.risks = Promises(), Risks(facts.periods)
        self.spending = {c: self._sums() for c in CLASSES}
        self.proceeds = {f.name: self._sums() for f in facts.funds}
        self.bought = {f.name: self._sums() for f in facts.funds}
        self.returned = {f.name: self._sums() for f in facts.funds}
        self.paid: dict[str, Sums] = {}
        self.loans: dict[str, list[tuple[int, int, float, int]]] = {}
        self.followed: dict[tuple[str, str, int], dict[Place, Sum]] = {}
        self.mixtures: dict[tuple[str, int], list[Mixture]] = {}
        self.idle: dict[str, Sums] = {}
        self.financed: dict[tuple[str, str], Sums] = {}
        self.inflow = {g: self._sums() for g in facts.goods}
        self.outflow = {g: self._sums() for g in facts.goods}
        self.closing = {g: self._sums() for g in facts.goods}
        self.lacking = Sum()
        self.sales = {g: self._sums() for g in facts.goods}
        self.taken: dict[tuple[str, str], Sums] = defaultdict(self._sums)
        self.traded: dict[tuple[str, str], Sums] = defaultdict(self._sums)
        self.decided = Decided(facts, self.closing)
        self.stepped: dict[tuple[str, int], list[tuple[float, int]]] = {}
        self.delivered: dict[tuple[str, str], Sums] = {}
        self.served: dict[tuple[str, str], Sums] = {}
        self.kept: dict[tuple[str, str], Sums] = {}
        self.away: dict[tuple[str, str], Sums] = {}
        self.sold: dict[tuple[str, int, int], Sum] = {}
        self.normal = Normal(facts)
        self.called: dict[str, Sums] = {}
        self.answered: dict[str, Sums] = {}
        self.contracted = {f.name: self._sums() for f in facts.funds}
        add_contracts(self)
        for source in facts.sources:
            if not source.traded:
                self._purchasing(source)
        runs = self.runs = add_runs(self)
        add_mixtures(self)
        for good in facts.goods:
            self._demand(good)
        self.normal.settle(self)
        self._markets()
        add_accounts(self)
        add_returns(self)
        for good in facts.goods:
            add_rotation(self, good)
            self._ageing(good)
            self._target(good)
        self._storage()
        for project in facts.projects:
            if project.name in chosen.abandoned:
                exits = self.spending["exit_costs"][chosen.abandoned[project.name]]
                exits.constant += project.exit_cost or 0.0
        self._release_rates()
        ordered = {k.name: self.taken_of(k.name) for k in facts.sources}
        add_resources(facts, chosen, self.program, (ordered, runs, self.spending["overtime"], self.decided))
        self._money()
        hold(facts, self.program, self.decided)
        hold_policies(self)
        for project in facts.projects:
            last = (project.name, project.stages[-1].number)
            if last in chosen.released and project.name not in chosen.abandoned:
                self.program.cost.constant -= end_value(facts, "project", project.name) * facts.discount[-1]

    def count_in_use(self, row: Row, periods: list[int], value: Sum, base: Sum) -> None:
        """Add what sectors get of traced goods to ``base``, and to ``value`` what of that a policy speaks of."""
        count_in_use(self, row, periods, value, base)

    def _sums(self) -> Sums:
        return [Sum() for _ in range(self.facts.periods)]

    def _charge(self, amount: Sum, period: int) -> None:
        """Put a cost into the objective."""
        self.program.cost.plus(amount, self.facts.discount[period])

    def _purchasing(self, source: Source) -> None:
        for due, quantity, owed in source.due:
            if due >= self.facts.periods:
                leave_on_order(self, source, Sum(quantity), Sum(quantity * owed))
                continue
            share = source.arrive[due]
            self.inflow[source.good][due].constant += share * quantity
            self._deliver(source, due, Sum(share * quantity))
            self.spending["purchases"][due].constant += share * quantity * owed
            self.spending["duties"][due].constant += share * quantity * owed * source.duty[due]
        extra = self.works.supply.get(source.name, [0.0] * self.facts.periods)
        for n in range(max(0, source.first), min(source.until, self.facts.periods)):
            arrival = n + source.lead
            placed = (source.name, n) in self.chosen.orders
            beyond = arrival >= self.facts.periods
            if (beyond and source.worth <= 0) or (source.lumpy and not placed):
                continue
            ordered = self._steps(source, n)
            self.decided.of("order", source.name)[n].plus(ordered)
            if source.lot > 0:
                whole = self.chosen.lots.get((source.name, n), 0) * source.lot
                self.program.row(Sum().plus(ordered), whole, whole)
            if placed and source.min_order > 0:
                self.program.row(ordered, source.min_order)
            if not beyond:
                self.inflow[source.good][arrival].plus(ordered, source.arrive[arrival])
                self._deliver(source, arrival, Sum().plus(ordered, source.arrive[arrival]))
            if placed:
                self.spending["order_charges"][n].constant += source.order_cost

        extra = self.works.supply.get(source.name, [0.0] * self.facts.periods)
        pairs = zip(source.base or (), extra, strict=False)
        for taken, (base, more) in zip(self.taken_of(source.name), pairs, strict=False):
            self.program.row(taken, high=base + more)

    def taken_of(self, source: str) -> Sums:
        """What is ordered and called at a source, by period."""
        called = self.called.get(source, self._sums())
        return [Sum().plus(part).plus(called[n]) for n, part in enumerate(self.decided.of("order", source))]

    def _deliver(self, source: Source, period: int, amount: Sum) -> None:
        """Note what arrives at the store of a source."""
        if source.store is not None:
            self.delivered.setdefault((source.good, source.store), self._sums())[period].plus(amount)

    def _serve(self, sector: str, good: str, period: int, column: int) -> None:
        """Note what a sector gets from a store of its own."""
        store = next(text(r["store"]) for r in self.facts.rows("sectors") if r["sector"] == sector)
        if store is not None:
            self.served.setdefault((good, store), self._sums())[period].add(column)

    def _markets(self) -> None:
        """What all sources of a market sell in a step and a period stays within its width."""
        for (market, i, n), sold in self.sold.items():
            widths, _ = next(s.steps for s in self.facts.sources if s.market == market)[i]
            width = widths[n]
            if width is not None and not math.isnan(width):
                self.program.row(sold, high=width)

    def _steps(self, source: Source, n: int) -> Sum:
        """What is ordered in the price steps of a period, paid on arrival.

        Where prices may fall, the steps before the last one used are full; or that one prices the whole order.
        """
        ordered, before, arrival, price_of_all = Sum(), 0.0, n + source.lead, Sum()
        last = self.chosen.last.get((source.name, n), -1)
        for i, (widths, prices) in enumerate(source.steps):
            width, price = widths[n], prices[n]
            if width is None or price is None:
                continue
            limit = math.inf if math.isnan(width) else width
            least, most = 0.0, limit
            if source.discount == "incremental":
                least, most = (limit if i < last else 0.0), (limit if i <= last else 0.0)
            elif source.discount == "all-units":
                least, most = (before, before + limit) if i == last else (0.0, 0.0)
            before += limit
            if math.isinf(least):
                least, most = 1.0, 0.0
            q = self.program.column(most if source.market is None else math.inf)
            if source.market is not None:
                self.sold.setdefault((source.market, i, n), Sum()).add(q)
            if least > 0:
                self.program.row(Sum().add(q), least)
            ordered.add(q)
            price_of_all.add(q, price)
            if arrival < self.facts.periods:
                paid = price * source.arrive[arrival]
                self.spending["purchases"][arrival].add(q, paid)
                self.spending["duties"][arrival].add(q, paid * source.duty[arrival])
        if arrival >= self.facts.periods:
            leave_on_order(self, source, ordered, price_of_all)
        if source.lead > 0:
            self.promises.orders.append((n, arrival, source.arrive[min(arrival, self.facts.periods - 1)], price_of_all))
        return ordered

    def _demand(self, good: str) -> None:
        for sector, other in self.facts.series("demand", "quantity", 0.0, 0.0, "sector", "good"):
            if other != good:
                continue
            amounts = wanted(self, str(sector), good)
            tiers = tiers_of(self.facts, str(sector), good)
            gets, lacks = self._sums(), self._sums()
            for n, amount in enumerate(amounts):
                served = gets[n]
                release = self.program.column()
                self.decided.of("service", good, str(sector))[n].add(release)
                self.outflow[good][n].add(release)
                add_release(self, str(sector), good, n, release)
                self.taken[str(sector), good][n].add(release)
                self._serve(str(sector), good, n, release)
                served.add(release)
                traded = self.traded[str(sector), good][n]
                self.normal.serve(self, (str(sector), good), n, traded)
                served.plus(traded)
                for other in self.facts.rows("accepts"):
                    if (other["sector"], other["wanted"]) == (sector, good):
                        given = self.program.column()
                        self.decided.of("substitution", str(other["given"]), str(sector))[n].add(given)
                        self.outflow[str(other["given"])][n].add(given)
                        add_release(self, str(sector), str(other["given"]), n, given)
                        self.taken[str(sector), str(other["given"])][n].add(given)
                        self._serve(str(sector), str(other["given"]), n, given)
                        served.add(given, 1.0 / float(other["rate"]))
                        self._charge(Sum().add(given, float(other["cost"])), n)
                for share, penalty in tiers:
                    short = self.program.column(share * amount)
                    lacks[n].add(short)
                    self.decided.of("shortfall", good, str(sector))[n].add(short)
                    self._charge(Sum().add(short, penalty), n)
                    self.lacking.add(short, penalty * self.facts.discount[n])
            row = backlog_of(self.facts, str(sector), good)
            waits = self.decided.of("backlog", good, str(sector))
            self.lacking.plus(serve(self.facts, self.program, row, amounts, (gets, lacks, waits)))

    def _ageing(self, good: str) -> None:
        """Every unit received in b leaves in b..b+L-1, or stays to the end where its life allows."""
        if kept_by_age(self.facts, good):
            leave_by_age(self, good)
            return
        if is_traced(self.facts, good):
            follow(self, good)
        elif moves_slowly(self.facts, good):
            self._places(good)
        else:
            self._pool(good)
        row, end = self.facts.goods[good], self.closing[good][-1]
        if float(row["end_stock"]) > 0:
            self.program.row(end, float(row["end_stock"]))
        self.program.cost.plus(end, -float(row["terminal_value"]) * self.facts.discount[-1])

    def _places(self, good: str) -> None:
        """A good that does not move freely: its units go their ways from store to store."""
        for store, fresh in delivered_to(self.facts, good).items():
            there = self.delivered.setdefault((good, store), self._sums())
            for n, amount in enumerate(fresh):
                there[n].constant += amount
                self.inflow[good][n].constant += amount
        mine = {w: amounts for (g, w), amounts in self.delivered.items() if g == good}
        places = Places(self.facts, self.program, good, self.inflow[good], mine)
        flows = places.flows
        for route, amounts in zip(places.routes, places.moved, strict=True):
            for sent, moved in zip(self.decided.of("transfer", good, route.start, route.end), amounts, strict=True):
                sent.plus(moved)
        for n in range(self.facts.periods):
            self.spending["transfers"][n].plus(flows.cost[n])
            leaving = Sum()
            for store, kept in flows.kept.items():
                leaving.plus(flows.leaving[store][n])
                if (good, store) in self.served:
                    self.program.row(Sum().plus(flows.leaving[store][n]).plus(self.served[good, store][n], -1.0), 0.0)
                self.away.setdefault((good, store), self._sums())[n].plus(flows.away[store][n])
                self.closing[good][n].plus(kept[n])
                self.kept.setdefault((good, store), self._sums())[n].plus(kept[n])
            self.program.zero(leaving.plus(self.outflow[good][n], -1.0))

    def _pool(self, good: str) -> None:
        """A good that moves freely: only the period of leaving counts."""
        row = self.facts.goods[good]
        life = number(row["shelf_life"])
        keep = 1 - float(row["loss_rate"])
        received = list(enumerate(self.inflow[good]))
        for r in self.facts.rows("opening_stock"):
            if r["good"] == good:
                age = round(number(r["age"]))
                if age == 0:
                    received[0][1].constant += float(r["quantity"])
                else:
                    received.append((-age, Sum(float(r["quantity"]))))
        leaving = self._sums()
        for b, quantity in received:
            first, shift = max(b, 0), 1 if b < 0 else 0
            last = self.facts.periods if math.isnan(life) else min(b + round(life) - 1, self.facts.periods)
            leaves = {m: self.program.column() for m in range(first, last + 1)}
            self.program.zero(total(leaves.values()).plus(quantity, -1.0))
            for m, column in leaves.items():
                if m < self.facts.periods:
                    leaving[m].add(column, keep ** (m - first + shift))
                for n in range(first, min(m, self.facts.periods)):
                    self.closing[good][n].add(column, keep ** (n - first + shift))
        for n in range(self.facts.periods):
            self.program.zero(leaving[n].plus(self.outflow[good][n], -1.0))

    def _target(self, good: str) -> None:
        mine = [r for r in self.facts.rows("targets") if r["good"] == good]
        demand = self.facts.series("demand", "quantity", 0.0, 0.0, "sector", "good")
        for n in range(self.facts.periods):
            row = last_begun(mine, n)
            if row is None:
                continue
            yearly = sum(wanted(self, str(e), good)[n] for e, g in demand if g == good) / self.facts.length
            level, penalty = max(float(row["quantity"]), float(row["cover"]) / 365.25 * yearly), number(row["penalty"])
            held = Sum().plus(self.closing[good][n])
            if not math.isnan(penalty):
                under = self.program.column()
                held.add(under)
                self._charge(Sum().add(under, penalty), n)
            self.program.row(held, level)

    def _storage(self) -> None:
        facts, inside = self.facts, {g: self._sums() for g in self.facts.goods}
        room = facts.series("storage", "capacity", 0.0, math.inf, "good", "store")
        holding = facts.series("storage", "holding_cost", 0.0, 0.0, "good", "store")
        stores = {str(r["store"]): (number(r["capacity"]), self._sums()) for r in facts.rows("stores")}
        for (good, store), capacity in room.items():
            for n in range(facts.periods):
                held = self.program.column(capacity[n])
                inside[good][n].add(held)
                stores[store][1][n].add(held)
                self.spending["storage"][n].add(held, holding[good, store][n])
                if (good, store) in self.kept:
                    self.program.zero(Sum().add(held).plus(self.kept[good, store][n], -1.0))
        for good in facts.goods:
            for n in range(facts.periods):
                self.program.zero(inside[good][n].plus(self.closing[good][n], -1.0))
        for store, (capacity_of_all, used) in stores.items():
            extra = self.works.capacity.get(store, [0.0] * facts.periods)
            for n in range(facts.periods):
                if not math.isnan(capacity_of_all):
                    self.program.row(used[n], high=capacity_of_all + extra[n])

    def _release_rates(self) -> None:
        """What leaves a store in a period, of one good and of all together."""
        own = self.facts.series("storage", "release_rate", math.inf, math.inf, "good", "store")
        whole = {str(r["store"]): number(r["release_rate"]) for r in self.facts.rows("stores")}
        for n in range(self.facts.periods):
            for pair, rates in own.items():
                if rates[n] < math.inf:
                    self.program.row(self.away[pair][n], high=rates[n])
            for store, rate in whole.items():
                if not math.isnan(rate):
                    away = Sum()
                    for (_, w), amounts in self.away.items():
                        away.plus(amounts[n], 1.0 if w == store else 0.0)
                    self.program.row(away, high=rate)

    def _counted(self, fund: str) -> bool:
        return self.facts.all_counted or next(f.public for f in self.facts.funds if f.name == fund)

    def _money(self) -> None:
        facts = self.facts
        if not facts.funds:
            for stage, _, due in self.works.tranches:
                self.spending["projects"][due].constant += stage.cost
                self.financed.setdefault((stage.project, ""), self._sums())[due].constant += stage.cost
                end = due if stage.on_verification else due + stage.duration
                ending = ending_of(facts, stage.project, self.chosen.abandoned)
                risk, _ = ending.lose(owed_of(None, due, end, None, facts.periods), 0.0, due)
                self.risks.add("", stage.project, risk, Sum(stage.cost))
            self.risks.keep(self.program, facts)
            self.paid[""] = self._sums()
            self.idle[""] = self._sums()
            for kind, amounts in self.spending.items():
                for n, amount in enumerate(amounts):
                    self._charge(amount, n)
                    self.paid[""][n].plus(amount)
                    self.idle[""][n].plus(amount, float(kind in FOR_NOTHING))
            return
        self.idle = {f.name: self._sums() for f in facts.funds}
        paid = self.paid = {f.name: self._sums() for f in facts.funds}
        self._old_loans(paid)
        self._paid_before(paid)
        for name, n, cost, gain in floor_flows(facts, self.works, self.chosen.abandoned):
            paid[name][n].constant += cost
            self.returned[name][n].constant += gain
            if self._counted(name):
                self._charge(Sum(cost), n)
        for name, n, owed in incentive_flows(self):
            paid[name][n].plus(owed)
            if self._counted(name):
                self._charge(owed, n)
        for stage, least_private, due in self.works.tranches:
            self._tranche(stage, least_private, due, paid)
        for kind, amounts in self.spending.items():
            for n, amount in enumerate(amounts):
                if not amount.empty:
                    self._payment(kind, n, amount, paid)
        for stage, begin, end in self.works.dropped:
            self.promises.drop(self.program, facts, stage, begin, end)
        self.risks.keep(self.program, facts)
        for name, answers in self.answered.items():
            for n, owed in enumerate(answers):
                self.program.row(Sum().plus(self.contracted[name][n]).plus(owed, -1.0), 0.0)
        self.promises.keep(self.program, facts.funds, self.bought, facts.periods)
        for fund in facts.funds:
            self._cash(fund, paid[fund.name])

    def _tranche(self, stage: Stage, least_private: float, due: int, paid: dict[str, Sums]) -> None:
        whole, private = Sum(-stage.cost), Sum()
        for fund in self.facts.funds:
            if fund.name not in stage.shares:
                continue
            low, high = stage.shares[fund.name]
            part = self.program.column()
            self.program.row(Sum().add(part), low * stage.cost, high * stage.cost)
            whole.add(part)
            paid[fund.name][due].add(part)
            self.financed.setdefault((stage.project, fund.name), self._sums())[due].add(part)
            if stage.on_verification:
                self.promises.back(self.facts, stage, fund.name, due - stage.duration, due, part)
            if fund.private:
                private.add(part)
            if self._counted(fund.name):
                self._charge(Sum().add(part), due)
            self._returns(fund.name, stage, due, Sum().add(part), paid)
        self.program.zero(whole)
        if least_private > 0:
            self.program.row(private, least_private * stage.cost)

    def _paid_before(self, paid: dict[str, Sums]) -> None:
        """What funds paid before the horizon of stages released before it."""
        stages = {(p.name, s.number): s for p in self.facts.projects for s in p.stages}
        for row in self.facts.rows("opening_disbursements"):
            stage = stages[str(row["project"]), int(row["stage"])]
            released = self.facts.opened[stage.project, stage.number]
            due = released + (stage.duration if stage.on_verification else 0)
            self._returns(str(row["fund"]), stage, due, Sum(float(row["amount"])), paid)

    def _returns(self, fund: str, stage: Stage, due: int, part: Sum, paid: dict[str, Sums]) -> None:
        """What comes back of a tranche that a fund pays, and what is at risk of it."""
        periods, commissioned = self.facts.periods, self.works.commissioned.get(stage.project)
        terms, end = stage.terms.get(fund), due if stage.on_verification else due + stage.duration
        ending = ending_of(self.facts, stage.project, self.chosen.abandoned)
        lends = terms is not None and terms.instrument != "grant"
        growth = 1 + terms.interest if terms is not None and lends else 0.0
        growth = 1.0 if terms is not None and terms.instrument == "equity" else growth
        owed = owed_of(terms, due, end, commissioned, periods)
        if lends:
            self._owed_at_end(fund, ending.period, Sum().plus(part, owed[-1]))
        start = owed_at(terms, due, commissioned, -1) if terms is not None and lends else 1.0
        risk, recovered = ending.lose(owed, growth, due, start)
        loan = (stage.project, stage.number, fund)
        if terms is not None and terms.instrument == "loan":
            self._call(bear(self, loan, (risk, recovered, ending), part), paid)
        else:
            self.risks.add(fund, stage.project, risk, part)
        back = until(repayments(terms, due, commissioned, periods), ending.period) if terms is not None else []
        for series in (back, recovered):
            for n, amount in enumerate(weighed(part, series)):
                self.returned[fund][n].plus(amount)

    def _owed_at_end(self, fund: str, abandoned: int | None, owed: Sum) -> None:
        """Principal that is left counts as far as the instance says, unless the project was abandoned."""
        if self._counted(fund) and abandoned is None:
            worth = end_value(self.facts, "principal", fund) * self.facts.discount[-1]
            self.program.cost.plus(owed, -worth)

    def _old_loans(self, paid: dict[str, Sums]) -> None:
        """Loans from before the horizon."""
        dates = self.facts.instance.table("opening_loans")["first_instalment"]
        for row, date in zip(self.facts.rows("opening_loans"), dates, strict=True):
            commissioned = self.works.commissioned.get(str(row["project"]))
            back = from_before(row, text(date) is not None, commissioned, self.facts.periods)
            owed = owed_from_before(row, back, text(date) is not None, commissioned, self.facts.periods)
            ending = ending_of(self.facts, str(row["project"]), self.chosen.abandoned)
            self._owed_at_end(str(row["fund"]), ending.period, Sum(owed[-1]))
            risk, recovered = ending.lose(owed, 1 + float(row["interest"]), -1, float(row["principal"]))
            for series in (until(back, ending.period), recovered):
                for n, amount in enumerate(series):
                    self.returned[str(row["fund"])][n].constant += amount
            loan = (str(row["project"]), 0, str(row["fund"]))
            self._call(bear(self, loan, (risk, recovered, ending), Sum(1.0)), paid)

    def _call(self, calls: list[tuple[str, int, Sum]], paid: dict[str, Sums]) -> None:
        """Guarantors pay."""
        for fund, n, amount in calls:
            paid[fund][n].plus(amount)
            if self._counted(fund):
                self._charge(amount, n)

    def _payment(self, kind: str, period: int, amount: Sum, paid: dict[str, Sums]) -> None:
        """Split what a class costs in a period over the funds that may pay for it."""
        split = Sum().plus(amount, -1.0)
        for fund in self.facts.funds:
            if CLASSES[kind] not in fund.uses:
                continue
            part = self.program.column()
            split.add(part)
            paid[fund.name][period].add(part)
            self.idle[fund.name][period].add(part, float(kind in FOR_NOTHING))
            if kind == "purchases":
                self.bought[fund.name][period].add(part)
            if kind == "contracts":
                self.contracted[fund.name][period].add(part)
            if self._counted(fund.name) and not (kind == "duties" and fund.public):
                self._charge(Sum().add(part), period)
        self.program.zero(split)

    def _cash(self, fund: Fund, paid: Sums) -> None:
        """Cash runs as a sum; what a fund draws in one period is repaid in chosen later ones, or never."""
        facts, counted, periods = self.facts, self._counted(fund.name), self.facts.periods
        drawn, repaid = (self.decided.of(decision, fund.name) for decision in ("draw", "repayment"))
        debt = self._sums()
        if fund.credit:
            self._old_debts(fund, repaid, debt)
            for d in range(periods):
                last = periods if fund.maturity is None else min(d + fund.maturity, periods)
                for m in range(d, last + 1):
                    part = self.program.column()
                    drawn[d].add(part)
                    if m < periods:
                        repaid[m].add(part)
                    for n in range(d, min(m, periods)):
                        debt[n].add(part)
                self.program.row(Sum().plus(drawn[d]).plus(paid[d], -1.0), high=0.0)
                self.program.row(debt[d], high=fund.credit_limit)
        revenue = self.works.revenue.get(fund.name, [0.0] * periods)
        cash, everything, year_end = Sum(fund.start[0]), Sum(fund.start[1]), facts.fiscal_year_end()
        for n in range(periods):
            owed = Sum().plus(debt[n - 1]) if n else Sum(sum(amount for _, amount in fund.owed))
            interest = Sum().plus(owed, fund.interest)
            cash = (
                Sum().plus(cash).plus(Sum(fund.budget[n] + revenue[n])).plus(drawn[n]).plus(self.proceeds[fund.name][n])
            )
            cash.plus(self.returned[fund.name][n])
            cash.plus(paid[n], -1.0).plus(interest, -1.0).plus(repaid[n], -1.0)
            self.program.row(cash, 0.0)
            if year_end[n]:
                cash = Sum().plus(cash, fund.carry)
            everything.plus(paid[n])
            if counted:
                self._charge(interest, n)
                self._charge(Sum(-revenue[n]), n)
                self._charge(Sum().plus(self.returned[fund.name][n], -1.0), n)
        if counted:
            self.program.cost.plus(debt[-1], end_value(facts, "debt", fund.name) * facts.discount[-1])
        if fund.limit < math.inf:
            self.program.row(everything, high=fund.limit)

    def _old_debts(self, fund: Fund, repaid: Sums, debt: Sums) -> None:
        """What was drawn before the horizon is repaid in chosen periods of it as well, or never."""
        periods = self.facts.periods
        for age, amount in fund.owed:
            last = periods if fund.maturity is None else min(fund.maturity - age, periods)
            parts = {m: self.program.column() for m in range(last + 1)}
            self.program.zero(total(parts.values()).plus(Sum(amount), -1.0))
            for m, part in parts.items():
                if m < periods:
                    repaid[m].add(part)
                for n in range(min(m, periods)):
                    debt[n].add(part)


def end_value(facts: Facts, kind: str, name: str) -> float:
    """What something is worth at the end: its own row, or that of its kind."""
    mine = {text(r["name"]): float(r["value"]) for r in facts.rows("end_values") if r["kind"] == kind}
    return mine.get(name, mine.get(None, 0.0))


def tiers_of(facts: Facts, sector: str, good: str) -> list[tuple[float, float]]:
    """Share and penalty of the most specific set of tiers."""
    for key in ((sector, good), (sector, None), (None, good), (None, None)):
        found = [r for r in facts.rows("tiers") if (text(r["sector"]), text(r["good"])) == key]
        if found:
            return [(float(r["share"]), float(r["penalty"])) for r in found]
    return []
