"""The audit: a witness that knows the instance, the tree and the plan tables, and recomputes every row and every cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stockpile.plan.auditing.accounts import check_accounts
from stockpile.plan.auditing.book import Book, Breach, Broken, Floats, Key, Row, Rows
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.cohorts import check_cohorts
from stockpile.plan.auditing.commitments import Promised, check_commitments
from stockpile.plan.auditing.contracts import Contracted, check_contracts
from stockpile.plan.auditing.costs import Parts, check_summary, check_totals, costs_of
from stockpile.plan.auditing.demand import Service, check_demand
from stockpile.plan.auditing.ends import check_ends
from stockpile.plan.auditing.exposure import check_exposure
from stockpile.plan.auditing.financing import Projects, check_financing
from stockpile.plan.auditing.funds import Accounts, Needs, check_funds
from stockpile.plan.auditing.guarantees import Backing, check_guarantees
from stockpile.plan.auditing.incentives import check_incentives
from stockpile.plan.auditing.loans import Lending, check_loans
from stockpile.plan.auditing.observing import check_observing
from stockpile.plan.auditing.outcomes import check_outcomes, check_risk, losses_of
from stockpile.plan.auditing.pins import Decided, check_pins
from stockpile.plan.auditing.policies import check_policies, measured
from stockpile.plan.auditing.price_floors import check_price_floors
from stockpile.plan.auditing.proceeds import check_releases
from stockpile.plan.auditing.processing import Processed, check_processing
from stockpile.plan.auditing.purchasing import Purchases, check_purchasing
from stockpile.plan.auditing.resources import check_resources
from stockpile.plan.auditing.returns import check_returns
from stockpile.plan.auditing.rotation import Rotation, check_rotation
from stockpile.plan.auditing.stock import Flows, Stocks, check_stock
from stockpile.plan.auditing.tracing import Moved
from stockpile.tree import Tree, build_tree

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan

__all__ = ["Audit", "Breach", "Row", "audit", "is_clean"]


@dataclass
class Audit:
    """The verdict on a plan: ``breaches`` in the planner's words, how many ``rows`` were checked, costs recomputed (money)."""

    breaches: list[Breach]
    rows: int
    costs: dict[str, float]
    objective: float
    book: Book = field(repr=False)
    tree: Tree = field(repr=False)
    periods: Sequence[str] = field(repr=False)

    @property
    def clean(self) -> bool:
        """Whether the plan breaks nothing."""
        return not self.breaches

    def find(self, family: str) -> list[Row]:
        """The rows of one family, one by one, with both sides."""
        return self.book.find(family)

    @cached_property
    def slacks(self) -> pd.DataFrame:
        """Every row that is an inequality and may bind: family, key, node, period, slack, limit, unit.

        ``limit`` is the right side; ``slack`` what is left of it, in ``unit`` (negative in a breach).
        """
        frames = [self._slacks_of(block) for block in self.book.blocks if block.sense != "=" and block.binds]
        columns = ["family", "key", "node", "period", "slack", "limit", "unit"]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)

    def _slacks_of(self, block: Rows) -> pd.DataFrame:
        """The rows of one block."""
        node, row = np.nonzero(block.where.T)
        keys = np.empty(len(block.keys), dtype=object)
        keys[:] = list(block.keys)
        periods = np.array(list(self.periods), dtype=object)
        return pd.DataFrame(
            {
                "family": block.family,
                "key": keys[row],
                "node": np.array(self.tree.labels, dtype=object)[node],
                "period": periods[self.tree.period[node]],
                "slack": block.slack[row, node],
                "limit": block.right[row, node],
                "unit": block.unit,
            }
        )


def audit(instance: Instance, plan: Plan, tolerance: float = 1e-6) -> Audit:
    """Recompute every row and cost of a plan from its tables.

    A row is broken where it is off by more than ``tolerance`` times the largest of 1 and the amounts in it.  The verdict
    lists breaches; nothing is raised for a plan that is wrong, incomplete or for another instance.
    """
    return _audited(instance, plan, tolerance)


def is_clean(instance: Instance, plan: Plan, tolerance: float = 1e-6) -> bool:
    """Whether an audit of the plan finds nothing; one that is not clean takes less time than its verdict would."""
    try:
        return _audited(instance, plan, tolerance, one_is_enough=True).clean
    except Broken:
        return False


def _audited(instance: Instance, plan: Plan, tolerance: float, one_is_enough: bool = False) -> Audit:
    """The audit (see there)."""
    tree = build_tree(instance)
    book = Book(tree.labels, tolerance, one_is_enough)
    case = Case(instance, tree, plan, book)
    case.reader.check_tables()
    projects = check_financing(case)
    contracted, terms = check_contracts(case, projects)
    goods, by_accounts = _check_goods(case, projects, contracted)
    bought, rotation, service, processed, stock = goods
    overtime_cost, overtime = check_resources(case, bought, contracted.called, projects.running, processed)
    spending = _spent(projects, contracted, (bought, rotation, processed, stock)) | {"overtime": overtime_cost}
    paid = _together(check_releases(case, service.given), by_accounts)
    lending, backing, (at_risk, lost) = _lending(case, projects)
    floors = check_price_floors(case, projects)
    owed = (projects.tranches, backing.called, floors.paid, check_incentives(case, projects, bought, processed))
    revenue = _together(projects.revenue, floors.received)
    needs = Needs(spending, *owed, rotation.proceeds, paid, revenue, _together(lending.returned, backing.returned))
    accounts = check_funds(case, needs)
    decided = _decided(case, (bought, projects, service, processed, rotation, stock, accounts))
    decided |= {"signing": contracted.signed, "call": contracted.calls}
    check_pins(case, {**decided, "overtime": overtime})
    closing = dict(zip(case.good_at, stock.closing, strict=True))
    missed = check_policies(case, measured(case, Moved(*goods), closing, accounts, projects, at_risk))
    check_observing(case, decided)
    late = (rotation.owed, bought.undelivered)
    ends = check_ends(case, accounts, (projects.ended, projects.gone), late, lending.owed)
    promised = (projects.promised, bought.prices, projects.paid, projects.ended, lending.owed, backing, terms)
    check_commitments(case, Promised(*promised), accounts)
    by_node = costs_of(
        case,
        Parts(
            needs,
            accounts,
            service.shortfall,
            service.substitution,
            service.waiting,
            stock.target_shortfall,
            stock.left,
            ends,
            bought.traded_cost,
            missed,
        ),
    )
    by_node.losses = losses_of(case, lost)
    check_totals(case, processed)
    check_outcomes(case, by_node)
    costs = by_node.expected() | {"risk": check_risk(case, by_node)}
    check_summary(case, costs, max(abs(cost) for cost in costs.values()))
    return Audit(book.breaches, book.rows, costs, sum(costs.values()), book, tree, instance.calendar.labels)


def _check_goods(
    case: Case, projects: Projects, contracted: Contracted
) -> tuple[tuple[Purchases, Rotation, Service, Processed, Stocks], dict[str, Floats]]:
    """Check what comes into the reserve, what leaves it, and what is left in its stores.  Gives what accounts pay, too, by fund."""
    bought = check_purchasing(case, projects.supply, contracted)
    cohorts = check_cohorts(case)
    rotation = check_rotation(case, cohorts)
    service = check_demand(case, bought.traded, projects.falls)
    processed = check_processing(case, projects.throughput)
    check_returns(case, bought.orders, service.used)
    replaced, paid = check_accounts(case, service.by_pair)
    arrived = (bought.arrived + rotation.returned + replaced, bought.delivered)
    served = (service.served, service.at_stores)
    flows = Flows(*arrived, *served, service.given, rotation, cohorts, processed, service.spared)
    return (bought, rotation, service, processed, check_stock(case, flows, projects.capacity)), paid


def _spent(
    projects: Projects, contracted: Contracted, goods: tuple[Purchases, Rotation, Processed, Stocks]
) -> dict[str, Floats]:
    """What is spent by class, (nodes,)."""
    bought, rotation, processed, stock = goods
    return {
        "purchases": bought.purchases,
        "order_charges": bought.order_charges,
        "duties": bought.duties + contracted.duties,
        "contracts": contracted.spending,
        "storage": stock.storage,
        "transfers": stock.transfers,
        "disposal": rotation.disposal,
        "exit_costs": projects.exit_costs,
        "rotation_charges": rotation.charges,
        "processing": processed.spending,
    }


def _lending(case: Case, projects: Projects) -> tuple[Lending, Backing, tuple[dict[Key, Floats], dict[Key, Floats]]]:
    """Check what is lent and guaranteed, and what is at risk and lost with it, by fund and project."""
    lending = check_loans(case, projects)
    backing = check_guarantees(case, lending)
    return lending, backing, check_exposure(case, projects, lending, backing)


def _together(first: dict[str, Floats], second: dict[str, Floats]) -> dict[str, Floats]:
    """Amounts of two kinds, by fund."""
    return {f: np.asarray(first.get(f, 0.0) + second.get(f, 0.0)) for f in [*first, *second]}


def _decided(
    case: Case, blocks: tuple[Purchases, Projects, Service, Processed, Rotation, Stocks, Accounts]
) -> dict[str, Decided]:
    """What the plan decides, by decision and key."""
    bought, projects, service, processed, rotation, stock, accounts = blocks
    goods, funds = case.good_keys, [(f,) for f in accounts.funds]
    by_good = {"sale": rotation.sold, "exchange": rotation.lent, "disposal": rotation.disposed, "stock": stock.closing}
    by_fund = {"draw": accounts.drawn, "repayment": accounts.repaid}
    return {
        "order": {(k,): amount for k, amount in bought.orders.items()},
        "run": {(j,): level for j, level in processed.levels.items()},
        "release": projects.releases,
        "abandonment": projects.abandoned,
        "service": service.by_pair,
        "substitution": service.instead,
        "backlog": service.waiting.standing,
        "shortfall": service.short,
        "transfer": stock.sent,
        **{decision: dict(zip(goods, amounts, strict=True)) for decision, amounts in by_good.items()},
        **{decision: dict(zip(funds, amounts, strict=True)) for decision, amounts in by_fund.items()},
    }
