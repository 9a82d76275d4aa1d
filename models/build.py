"""The blocks in order, and the objective as a sum of named costs."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.abandonment import add_abandonment, add_abandonment_rows
from stockpile.models.accounts import add_account_rows, add_accounts
from stockpile.models.alternatives import add_alternatives
from stockpile.models.backing import add_backing
from stockpile.models.backlog import add_backlog, add_backlog_rows
from stockpile.models.batches import add_batch_rows, add_batches
from stockpile.models.cohorts import add_cohort_rows, add_cohorts
from stockpile.models.commitments import add_commitments
from stockpile.models.contracts import add_contract_rows, add_contracts
from stockpile.models.demand import add_demand, add_demand_rows
from stockpile.models.exchange import add_exchange
from stockpile.models.exposure import add_exposure
from stockpile.models.financing import add_financing, add_financing_rows
from stockpile.models.funds import add_fund_rows, add_funds
from stockpile.models.guarantees import add_guarantees
from stockpile.models.incentives import add_incentive_rows, add_incentives
from stockpile.models.ledger import COSTS, Ledger
from stockpile.models.loans import add_loan_rows, add_loans
from stockpile.models.losses import add_losses
from stockpile.models.market_supply import add_market_supply, add_market_supply_rows
from stockpile.models.markets import add_market_rows
from stockpile.models.observing import add_observing
from stockpile.models.parameters import add_nodes
from stockpile.models.pins import add_pin_rows
from stockpile.models.policies import add_policies
from stockpile.models.price_floors import add_price_floor_rows, add_price_floors
from stockpile.models.processing import add_processing, add_processing_rows
from stockpile.models.purchasing import add_purchasing, add_purchasing_rows
from stockpile.models.resources import add_resource_rows, add_resources
from stockpile.models.returns import add_return_rows, add_returns
from stockpile.models.risk import add_risk
from stockpile.models.rotation import add_rotation
from stockpile.models.rotation_events import add_rotation_events
from stockpile.models.stock import add_stock, add_stock_rows
from stockpile.models.stores import add_store_rows, add_stores
from stockpile.models.tracing import add_tracing, add_tracing_rows
from stockpile.models.undelivered import add_undelivered
from stockpile.vector import Expression


def build_model(data: Data) -> pyo.ConcreteModel:
    """The Pyomo model of an instance: variables of every block, then the rows, then the objective.

    ``model.cost[name]`` are the named costs (model money, discounted, weighed by probability), ``model.objective``
    their sum, to be minimised.
    """
    m = pyo.ConcreteModel(name=data.name)
    ledger = Ledger()
    m.ledger = ledger
    _add_decisions(m, data, ledger)
    _add_rows(m, data, ledger)
    m.COSTS = pyo.Set(initialize=COSTS)
    m.cost = Expression(m.COSTS, rule=cost)
    m.objective = pyo.Objective(rule=least_cost, sense=pyo.minimize)
    return m


def _add_decisions(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Sets, variables and terms of every block, in an order in which none reads what is not there yet."""
    add_nodes(m, data)
    add_funds(m, data)
    m.GOODS = pyo.Set(initialize=data.stock.goods)
    add_stock(m, data, ledger)
    add_cohorts(m, data, ledger)
    add_stores(m, data, ledger)
    add_purchasing(m, data, ledger)
    add_undelivered(m, data, ledger)
    add_processing(m, data, ledger)
    add_rotation(m, data, ledger)
    add_exchange(m, data, ledger)
    add_rotation_events(m, data, ledger)
    add_demand(m, data, ledger)
    add_market_supply(m, data, ledger)
    add_backlog(m, data, ledger)
    add_financing(m, data, ledger)
    add_abandonment(m, data, ledger)
    add_loans(m, data, ledger)
    add_guarantees(m, data, ledger)
    add_price_floors(m, data, ledger)
    add_tracing(m, data, ledger)
    add_batches(m, data)
    add_resources(m, data, ledger)
    add_returns(m, data, ledger)
    add_contracts(m, data, ledger)
    add_accounts(m, data, ledger)
    add_incentives(m, data, ledger)


def _add_rows(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """The rows of every block; who pays comes after all that is spent."""
    add_purchasing_rows(m, data)
    add_market_rows(m, data)
    add_market_supply_rows(m, data)
    add_processing_rows(m, data)
    add_return_rows(m, data)
    add_stock_rows(m, data)
    add_cohort_rows(m, data)
    add_store_rows(m, data)
    add_demand_rows(m, data)
    add_backlog_rows(m, data)
    add_financing_rows(m, data)
    add_abandonment_rows(m, data)
    add_loan_rows(m, data)
    add_alternatives(m, data)
    add_price_floor_rows(m, data)
    add_tracing_rows(m, data)
    add_batch_rows(m, data)
    add_contract_rows(m, data)
    add_incentive_rows(m, data)
    add_account_rows(m, data)
    add_resource_rows(m, data)
    add_fund_rows(m, data, ledger)
    add_backing(m, data, ledger)
    add_commitments(m, data)
    add_exposure(m, data)
    add_losses(m, data, ledger)
    add_pin_rows(m, data)
    add_policies(m, data)
    add_observing(m, data)
    add_risk(m, data, ledger)


def cost(m: Any, name: str) -> Any:
    r"""A named part of the objective: discounted and weighed by probability.

    .. math:: C_c = \sum_n \pi_n \delta_{t(n)}\, \mathit{cost}_{c,n} + \sum_{n \in \text{leaves}} \pi_n \delta_T\, \mathit{final}_{c,n}

    The cost of risk is the weight w times what the mean of the tail is above the mean of all: costs with it are
    (1 - w) times the mean and w times the mean of the tail.

    Units: money.
    """
    running = [sum(m.weight[n] * term(m, n) for n in m.NODES) for term in m.ledger.costs.get(name, ())]
    final = [sum(m.final_weight[n] * term(m, n) for n in m.LEAVES) for term in m.ledger.final.get(name, ())]
    whole = [term(m) for term in m.ledger.whole.get(name, ())]
    return sum(running + final + whole)


def least_cost(m: Any) -> Any:
    r"""Least expected discounted cost: payments, penalties and interest less proceeds, revenue and terminal value.

    .. math:: \min \sum_c C_c

    Units: money.
    """
    return sum(m.cost[name] for name in m.COSTS)
