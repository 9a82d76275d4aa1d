"""Instance and tree as numeric arrays and sets in model units: what the mathematics reads, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from stockpile.data.abandonment import Abandonment, make_abandonment
from stockpile.data.accounts import Accounts, make_accounts
from stockpile.data.cohorts import Cohorts, make_cohorts
from stockpile.data.commitments import Commitments, make_commitments
from stockpile.data.contracts import Contracts, make_contracts, oldest_contract
from stockpile.data.demand import Demand, make_demand
from stockpile.data.exposure import Exposure, limited_by_exposure, make_exposure
from stockpile.data.financing import Financing, make_financing
from stockpile.data.funds import Funds, make_funds
from stockpile.data.guarantees import Guarantees, make_guarantees
from stockpile.data.incentives import Incentives, make_incentives
from stockpile.data.loans import Loans, make_loans
from stockpile.data.losses import Losses, make_losses
from stockpile.data.market_supply import MarketSupply, make_market_supply
from stockpile.data.markets import Markets, make_markets
from stockpile.data.nodes import Nodes, make_nodes
from stockpile.data.observing import Observing, make_observing
from stockpile.data.opening_finance import make_opening_finance
from stockpile.data.opening_money import oldest_debt
from stockpile.data.pins import Pins, make_pins
from stockpile.data.policies import Blocks, Policies, make_policies
from stockpile.data.policy_needs import make_needs
from stockpile.data.price_floors import PriceFloors, make_price_floors
from stockpile.data.processing import Processing, make_processing
from stockpile.data.purchasing import Purchasing, make_purchasing
from stockpile.data.releases import oldest_release
from stockpile.data.resources import Resources, make_resources
from stockpile.data.returns import Returns, make_returns
from stockpile.data.risk import Risk, make_risk
from stockpile.data.scale import Scale, make_scale
from stockpile.data.stock import Stock, make_stock, past_length
from stockpile.data.stores import Stores, make_stores
from stockpile.data.tracing import Tracing, make_tracing
from stockpile.data.undelivered import Undelivered, make_undelivered
from stockpile.instance import Instance
from stockpile.tree import Tree

__all__ = ["Data", "make_data"]


@dataclass(frozen=True)
class Data:
    """Everything the model needs, block by block, in model units (see ``Scale``)."""

    name: str
    nodes: Nodes
    scale: Scale
    stock: Stock
    stores: Stores
    demand: Demand
    purchasing: Purchasing
    markets: Markets
    market_supply: MarketSupply
    financing: Financing
    abandonment: Abandonment
    funds: Funds
    loans: Loans
    commitments: Commitments
    exposure: Exposure
    pins: Pins
    cohorts: Cohorts
    resources: Resources
    undelivered: Undelivered
    price_floors: PriceFloors
    processing: Processing
    returns: Returns
    policies: Policies
    guarantees: Guarantees
    risk: Risk
    observing: Observing
    tracing: Tracing
    contracts: Contracts
    accounts: Accounts
    losses: Losses
    incentives: Incentives

    @property
    def money_scale(self) -> float:
        """Instance money units per model unit of the objective."""
        return self.scale.money


def make_data(instance: Instance, tree: Tree) -> Data:
    """Arrays of an instance on a tree.  Raises DataError where an order that has a charge could be without bound."""
    scale = make_scale(instance)
    oldest = max(oldest_debt(instance), oldest_release(instance), oldest_contract(instance))
    nodes = make_nodes(tree, max(past_length(instance), oldest + 1), instance.discount)
    stock = make_stock(instance, nodes, scale)
    stores = make_stores(instance, nodes, scale, stock)
    demand = make_demand(instance, nodes, scale)
    funds = make_funds(instance, nodes, scale)
    financing = make_financing(instance, nodes, scale, funds)
    abandonment = make_abandonment(instance, nodes, scale, financing)
    guarantees = make_guarantees(instance, financing)
    limited, before = limited_by_exposure(instance), make_opening_finance(instance, scale, financing)
    loans = make_loans(instance, nodes, scale, (financing, funds, before), limited, guarantees.loans)
    exposure = make_exposure(instance, nodes, scale.money, (financing, loans, guarantees, before), abandonment.projects)
    cohorts = make_cohorts(instance, scale, demand, stock.sales.goods)
    resources = make_resources(instance, nodes, scale)
    processing = make_processing(instance, nodes, scale, financing)
    pins = make_pins(instance, nodes, scale, (resources, processing))
    limits = (pins, resources, processing, make_needs(instance, nodes, scale))
    floors = make_price_floors(instance, nodes, scale, financing)
    purchasing = make_purchasing(instance, nodes, scale, (stock, demand, financing, funds), limits)
    contracts = make_contracts(instance, nodes, scale, purchasing)
    tracing = make_tracing(instance, nodes, scale, (stock, demand, purchasing, processing))
    incentives = make_incentives(instance, nodes, scale, (financing, purchasing, contracts, processing))
    counted = (stock, purchasing, financing, funds, loans, exposure, floors, processing, guarantees, tracing, contracts)
    policies = make_policies(instance, nodes, scale, Blocks(*counted, incentives))
    markets = make_markets(instance, nodes, purchasing)
    lending = (loans, guarantees)
    commitments = make_commitments(instance, nodes, scale.money, (funds, financing, purchasing, contracts), lending)
    traded = make_market_supply(instance, purchasing, demand)
    undelivered = make_undelivered(instance, nodes, scale, purchasing, funds)
    paying = (financing, abandonment, funds, loans, commitments, exposure, pins)
    blocks = (stock, stores, demand, purchasing, markets, traded, *paying)
    returns = make_returns(instance, nodes, scale)
    more = (cohorts, resources, undelivered, floors, processing, returns, policies, guarantees)
    futures = (make_risk(instance, nodes, scale, demand), make_observing(instance, nodes))
    losses = make_losses(instance, financing, loans, guarantees, exposure)
    accounts = make_accounts(instance, nodes, scale)
    return Data(instance.name, nodes, scale, *blocks, *more, *futures, tracing, contracts, accounts, losses, incentives)
