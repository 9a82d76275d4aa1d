"""How far a solution keeps policies, as a table of the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.data.policies import Sums
from stockpile.plan.contracts import arriving
from stockpile.plan.effects import effect_amounts
from stockpile.plan.exposure import at_risk
from stockpile.plan.guarantees import backing_of
from stockpile.plan.solution import NOISE, Floats, Solution, names


def policies(s: Solution) -> pd.DataFrame:
    """Both sides of every row of a policy, what is left, what it is missed by and what that costs, in the instance's units."""
    block, money = s.data.policies, s.data.scale.money
    value, limit = block.value_base.copy(), block.limit_base.copy()
    for side, sums in ((value, block.value), (limit, block.limit)):
        for name, entries in sums.items():
            side += _summed(_decided(s, name), entries, len(side))
    margin = np.where(block.least, value - limit, limit - value)
    penalty = np.nan_to_num(block.penalty)
    missed = np.where(penalty > 0, _violation(s), np.where(block.soft, np.maximum(-margin, 0.0), 0.0))
    margin = np.where(np.abs(margin + missed) < NOISE * (1.0 + np.abs(limit)), -missed, margin)
    columns = {
        "value": value * block.unit,
        "limit": limit * block.unit,
        "slack": (margin + missed) * block.unit,
        "violation": missed * block.unit,
        "cost": missed * penalty * money,
    }
    shape = (len(block.names), len(s.tree))
    at = np.arange(shape[0]), block.node
    placed = {name: np.zeros(shape) for name in columns}
    for name, amounts in columns.items():
        placed[name][at] = amounts
    keep = np.zeros(shape, dtype=bool)
    keep[at] = True
    sides = names(["at_least" if least else "at_most" for least in block.least])
    return s.table({"policy": names(block.names), "side": sides}, placed, keep)


def _summed(amounts: Floats, entries: Sums, rows: int) -> Floats:
    """(R,) the weighted sums of amounts (members, N)."""
    out = np.zeros(rows)
    np.add.at(out, entries.row, entries.weight * amounts[entries.member, entries.node])
    return out


def _decided(s: Solution, name: str) -> Floats:
    """(members, N) what is decided of a quantity, in the order in which policies number its members, model units."""
    purchasing = s.data.purchasing
    if name == "payment":
        paid = np.zeros((len(s.data.funds.classes), len(s.tree)))
        payers = list(s.model.PAYERS)
        paid[[s.data.funds.classes.index(payer) for payer in payers]] = s.read("pay", len(payers))
        return paid
    if name == "spared":
        effects, demand = s.data.financing.effects, s.data.demand
        share = effect_amounts(s)[[i for i, e in enumerate(effects) if e.kind == "demand"]]
        return share * demand.amount[[demand.pairs.index(e.pair) for e in effects if e.kind == "demand"]]
    if name in ("use", "market_use"):
        return _used(s, name)
    if name == "contract_delivery":
        return arriving(s)
    if name == "run":
        return s.read("run", len(s.data.processing.names))
    if name == "floor":
        return s.data.price_floors.pays * s.read("covered", len(s.data.price_floors.funds))
    if name == "incentive":
        return s.read("incentive", len(s.data.incentives.names))
    if name == "call":
        return backing_of(s).called / s.data.scale.money
    if name == "tranche":
        return s.read("tranche", len(s.data.financing.shares))
    if name == "exposure":
        return _at_risk(s)
    if name == "stock":
        return s.read("stock", len(s.data.stock.pairs))
    ordered = s.read("order", len(purchasing.steps))
    if name == "order":
        return ordered
    source = np.array([purchasing.sources.index(k) for k, _ in purchasing.steps], dtype=np.int64)
    delivered = np.zeros_like(ordered)
    for lead in np.unique(purchasing.lead):
        mine, back = purchasing.lead[source] == lead, s.tree.ancestor(int(lead))
        delivered[mine] = np.where(back >= 0, ordered[mine][:, np.maximum(back, 0)], 0.0)
    return purchasing.arrive[source] * delivered


def _used(s: Solution, name: str) -> Floats:
    """(uses, N) what sectors get of classes of origin, from the reserve or from what the market buys."""
    uses, members = list(s.data.tracing.uses), list(s.model.USES if name == "use" else s.model.MARKET_USES)
    out = np.zeros((len(uses), len(s.tree)))
    out[[uses.index(use) for use in members]] = s.read(name, len(members))
    return out


def _at_risk(s: Solution) -> Floats:
    """(pairs, N) what is at risk by project and fund, but for loans with dates."""
    keys, risk = at_risk(s)
    whole, pairs = sum(risk.values(), np.zeros((len(keys), len(s.tree)))), s.data.exposure.pairs
    amounts = dict(zip(keys, whole / s.data.scale.money, strict=True))
    out = np.array([amounts[f, p] for p, f in pairs]).reshape(len(pairs), len(s.tree))
    for loan in s.data.loans.scheduled:
        if (loan.project, loan.fund) in pairs:
            out[pairs.index((loan.project, loan.fund))] -= loan.principal
    return out


def _violation(s: Solution) -> Floats:
    """(R,) what the rows of policies are missed by in the solution, 0 for those that are kept; model units."""
    block, out = s.data.policies, np.zeros(len(s.data.policies.names))
    if hasattr(s.model, "VIOLATIONS"):
        place = {key: i for i, key in enumerate(s.model.VIOLATIONS)}
        values = s.compiled.read(s.model.violation, s.x)
        for row, (policy, least, node) in enumerate(zip(block.names, block.least, block.node, strict=True)):
            at = place.get((policy, "at_least" if least else "at_most", s.data.nodes.horizon[node]))
            out[row] = 0.0 if at is None else max(float(values[at]), 0.0)
    return np.where(out < 1e-9, 0.0, out)
