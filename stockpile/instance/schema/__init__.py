"""Every table and column of an instance, declared once; reader, checks, documents and data packages derive from it."""

from __future__ import annotations

from stockpile.instance.schema.accounts import ACCOUNTS
from stockpile.instance.schema.chains import CHAINS
from stockpile.instance.schema.cohorts import COHORTS
from stockpile.instance.schema.column import DATES, KINDS, NUMBERS, PROVENANCE, Column, Table
from stockpile.instance.schema.contracts import CONTRACTS
from stockpile.instance.schema.demand import DEMAND
from stockpile.instance.schema.ends import ENDS
from stockpile.instance.schema.financing import FINANCING
from stockpile.instance.schema.funds import FUNDS
from stockpile.instance.schema.instruments import INSTRUMENTS
from stockpile.instance.schema.pins import PINS
from stockpile.instance.schema.policies import POLICIES
from stockpile.instance.schema.processing import PROCESSING
from stockpile.instance.schema.purchasing import PURCHASING
from stockpile.instance.schema.resources import RESOURCES
from stockpile.instance.schema.returns import RETURNS
from stockpile.instance.schema.rotation import RELEASES, ROTATION
from stockpile.instance.schema.scenarios import SCENARIOS
from stockpile.instance.schema.stock import STOCK
from stockpile.instance.schema.stores import STORES

__all__ = ["BLOCKS", "DATES", "KINDS", "NUMBERS", "PROVENANCE", "REQUIRED", "TABLES", "Column", "Table"]

#: The tables by block, in the order in which a reader meets them.
BLOCKS: dict[str, tuple[Table, ...]] = {
    "Goods, stores and rotation": (*STOCK, *ROTATION),
    "Ages": COHORTS,
    "Transfers between stores": STORES,
    "Purchasing": PURCHASING,
    "Processing": PROCESSING,
    "Contracts": CONTRACTS,
    "Returns": RETURNS,
    "Demand": (*DEMAND, *RELEASES, *ACCOUNTS),
    "Funds": FUNDS,
    "Projects": (*FINANCING, *INSTRUMENTS),
    "The end": ENDS,
    "Resources": RESOURCES,
    "Policies": POLICIES,
    "Pins": PINS,
    "Scenarios": (*SCENARIOS, *CHAINS),
}
TABLES: dict[str, Table] = {t.name: t for block in BLOCKS.values() for t in block}
#: Tables without which there is nothing to plan.
REQUIRED = ("goods", "sectors", "demand")
