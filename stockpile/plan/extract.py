"""Solution arrays -> plan tables, in the instance's units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from stockpile.data import Data
from stockpile.data.funds import UNLIMITED
from stockpile.instance import Instance
from stockpile.plan.abandonments import abandonments
from stockpile.plan.accounts import account_proceeds, account_table
from stockpile.plan.backlog import backlog
from stockpile.plan.cohorts import cohort_tables, lost_by_age
from stockpile.plan.commitments import commitments_table, committed
from stockpile.plan.contracts import contract_tables
from stockpile.plan.effects import effect_amounts, effects_table, spared
from stockpile.plan.ends import end_values
from stockpile.plan.exposure import exposure_table
from stockpile.plan.guarantees import backing_of, guarantee_table
from stockpile.plan.incentives import incentive_table, incentives_of
from stockpile.plan.loans import loans_table, returned
from stockpile.plan.market_supply import market_supply
from stockpile.plan.orders import IDLE, orders_of
from stockpile.plan.outcomes import outcomes_table, paths_table
from stockpile.plan.policies import policies
from stockpile.plan.price_floors import cover_of, price_floor_table
from stockpile.plan.processing import processed, processing_tables, without_idle_runs
from stockpile.plan.resources import resources
from stockpile.plan.returns import returns
from stockpile.plan.rotation import leaving, proceeds_of, release_table, rotation_tables, without_idle_events
from stockpile.plan.solution import Floats, Labels, Solution, names, visible
from stockpile.plan.stores import store_tables, under_way
from stockpile.plan.tracing import tracing_tables
from stockpile.tree import Tree


def tidy(model: Any, compiled: Any, x: Floats) -> Floats:
    """The same solution with no order placed where nothing is ordered, nor a sale, a loan or a run charged where there is none."""
    x = without_idle_events(model, compiled, _without_idle_orders(model, compiled, x))
    return without_idle_runs(model, compiled, x)


def _without_idle_orders(model: Any, compiled: Any, x: Floats) -> Floats:
    """The same solution with no order placed where nothing is ordered: its charge would be paid for nothing."""
    if not len(model.LUMPY):
        return x
    nodes = len(model.NODES)
    quantity = compiled.read(model.order, x).reshape(-1, len(model.ALL_NODES))[:, -nodes:]
    row = {k: i for i, k in enumerate(model.LUMPY)}
    ordered = np.zeros((len(row), nodes))
    for (k, _), amounts in zip(model.STEPS, quantity, strict=True):
        if k in row:
            ordered[row[k]] += amounts
    column = compiled.columns_of(model.place).reshape(ordered.shape)
    out = x.copy()
    out[column[(ordered <= IDLE) & (column >= 0)]] = 0.0
    return out


def extract(
    instance: Instance, tree: Tree, data: Data, model: Any, compiled: Any, x: Floats
) -> tuple[dict[str, pd.DataFrame], dict[str, float]]:
    """All plan tables, and the named costs in money of the instance."""
    s = Solution(instance, tree, data, model, compiled, x)
    tables = {
        **_purchases(s),
        **_stock(s),
        **cohort_tables(s),
        **store_tables(s),
        **_service(s),
        "market_supply": market_supply(s),
        **_projects(s),
        **contract_tables(s),
        **_money(s),
    }
    tables["resources"] = resources(s)
    tables |= processing_tables(s) | {"returns": returns(s)}
    tables["policies"] = policies(s)
    tables |= {"resources": resources(s), "paths": paths_table(s), "outcomes": outcomes_table(s)}
    tables |= tracing_tables(s)
    costs = {name: v * data.money_scale + 0.0 for name, v in compiled.cost_values(x).items()}
    return tables, costs


def _purchases(s: Solution) -> dict[str, pd.DataFrame]:
    """Orders, their price steps, and deliveries."""
    block, money = s.data.purchasing, s.data.scale.money
    source = np.array([block.sources.index(k) for k, _ in block.steps], dtype=np.int64)
    unit = s.unit_of([block.good_of[k] for k in block.sources])
    steps = s.read("order", len(block.steps)) * unit[source, None]
    price = block.price * (money / unit[source])[:, None]
    quantity, placed = orders_of(s)
    quantity, cost = quantity * unit[:, None], np.zeros_like(quantity)
    np.add.at(cost, source, steps * price)
    keep = visible(quantity) | (placed > 0)
    keys = {"source": names(block.sources), "good": names([block.good_of[k] for k in block.sources])}
    charge = placed * (block.order_cost * money)[:, None]
    orders = s.table(keys, {"quantity": quantity, "order_charge": charge}, keep)
    node, row = np.nonzero(keep.T)
    late = s.tree.period[node] + block.lead[row] > s.tree.period.max()
    orders["arrives"] = np.where(late, "", s.later(node, block.lead[row]))
    step_keys = {"source": names([k for k, _ in block.steps]), "step": names([i for _, i in block.steps])}
    order_steps = s.table(step_keys, {"quantity": steps, "price": price / s.instance.price_factor}, visible(steps))
    return {"orders": orders, "order_steps": order_steps, "deliveries": _deliveries(s, keys, quantity, cost)}


def _deliveries(s: Solution, keys: Mapping[str, Labels], ordered: Floats, cost: Floats) -> pd.DataFrame:
    """What arrives where: the orders of the nodes a lead time back less what is lost on its way, and orders from before."""
    block, money = s.data.purchasing, s.data.scale.money
    unit = s.unit_of([block.good_of[k] for k in block.sources])[:, None]
    quantity, paid = np.zeros_like(ordered), np.zeros_like(cost)
    origin = np.zeros(ordered.shape, dtype=np.int64)
    for k, lead in enumerate(block.lead):
        back = s.tree.ancestor(int(lead))
        inside = back >= 0
        quantity[k, inside], paid[k, inside] = ordered[k, back[inside]], cost[k, back[inside]]
        origin[k, inside] = back[inside]
    new = visible(quantity)
    quantity, paid = block.arrive * quantity + block.due * unit, block.arrive * paid + block.due_cost * money
    keep = visible(quantity)
    table = s.table(keys, {"quantity": quantity, "cost": paid, "duty": paid * block.duty}, keep)
    node, row = np.nonzero(keep.T)
    table.insert(4, "ordered", np.where(new[row, node], s.periods[origin[row, node]], ""))
    return table


def _stock(s: Solution) -> dict[str, pd.DataFrame]:
    """Stock by store, the balance by good, and rotation."""
    block, goods = s.data.stock, s.goods
    pair = np.array([goods[g] for g, _ in block.pairs], dtype=np.int64)
    unit = s.data.scale.good[:, None]
    stock = s.read("stock", len(block.pairs)) * unit[pair]
    holding = block.holding_cost * s.data.scale.money / unit[pair]
    keys = {"good": names([g for g, _ in block.pairs]), "store": names([w for _, w in block.pairs])}
    table = s.table(keys, {"quantity": stock, "holding_cost": stock * holding}, visible(stock))
    shape = (len(goods), len(s.tree))
    closing, start = np.zeros(shape), np.zeros(len(goods))
    np.add.at(closing, pair, stock)
    np.add.at(start, pair, block.opening.stock * unit[pair, 0])
    opening, moving = s.before(closing, start), under_way(s)
    disposed = s.read("dispose", len(goods)) * unit
    values = {
        "opening": opening,
        "loss": (opening + s.before(moving)) * (1.0 - block.keep)[:, None] + lost_by_age(s),
        "received": s.read("inflow", len(goods)) * unit,
        "released": _released(s),
        "sold": np.add(*leaving(s)),
        "disposed": disposed,
        "closing": closing,
        **_targets(s),
        "under_way": moving,
        "processed": processed(s),
    }
    balance = s.table({"good": names(block.goods)}, values)
    return {"stock": table, "balance": balance, **rotation_tables(s, disposed)}


def _released(s: Solution) -> Floats:
    """(G, N) released to sectors."""
    pairs, goods = s.data.demand.pairs, s.goods
    out = np.zeros((len(goods), len(s.tree)))
    np.add.at(out, np.array([goods[g] for _, g in pairs], dtype=np.int64), s.read("release", len(pairs)))
    accepts = s.data.demand.accepts
    np.add.at(out, np.array([goods[h] for _, _, h in accepts], dtype=np.int64), s.read("substitute", len(accepts)))
    return out * s.data.scale.good[:, None]


def _targets(s: Solution) -> dict[str, Floats]:
    """(G, N) stock target, what is missing, and its penalty."""
    targets, scale, goods = s.data.stock.targets, s.data.scale, s.goods
    row = [goods[g] for g in targets.goods]
    under = s.read("under", len(targets.goods))
    unit = scale.good[np.array(row, dtype=np.int64), None]
    out = {name: np.zeros((len(goods), len(s.tree))) for name in ("target", "under_target", "target_penalty")}
    out["target"][row] = np.maximum(targets.amount * unit, _cover(s))
    out["under_target"][row] = under * unit
    out["target_penalty"][row] = under * targets.penalty * scale.money
    return out


def _cover(s: Solution) -> Floats:
    """(targets, N) days of cover of the goods whose demand falls because of projects, as far as it is left."""
    targets, demand = s.data.stock.targets, s.data.demand
    left = demand.amount * (1.0 - spared(s)) * s.unit_of([g for _, g in demand.pairs])[:, None]
    out = np.zeros(targets.amount.shape)
    for good, periods in zip(targets.falling, targets.periods, strict=True):
        mine = [i for i, (_, g) in enumerate(demand.pairs) if g == good]
        out[targets.goods.index(good)] = periods * left[mine].sum(axis=0)
    return out


def _service(s: Solution) -> dict[str, pd.DataFrame]:
    """Demand, what is served of it, and shortfall by tier."""
    block, money = s.data.demand, s.data.scale.money
    unit = s.unit_of([g for _, g in block.pairs])[:, None]
    served = s.read("release", len(block.pairs)) * unit
    place = {pair: i for i, pair in enumerate(block.pairs)}
    lacking = s.read("short", len(block.tiers))
    quantity = lacking * s.unit_of([g for _, g, _ in block.tiers])[:, None]
    short = np.zeros_like(served)
    np.add.at(short, np.array([place[e, g] for e, g, _ in block.tiers], dtype=np.int64), quantity)
    keys = {"sector": names([e for e, _ in block.pairs]), "good": names([g for _, g in block.pairs])}
    given = s.read("substitute", len(block.accepts))
    replaces = given * (block.worth * s.unit_of([g for _, g, _ in block.accepts]))[:, None]
    met = np.zeros_like(served)
    np.add.at(met, np.array([place[e, g] for e, g, _ in block.accepts], dtype=np.int64), replaces)
    wanted = block.amount * (1.0 - spared(s)) * unit
    service = s.table(keys, {"demand": wanted, "served": served, "substituted": met, "short": short})
    taken = {
        "quantity": given * s.unit_of([h for _, _, h in block.accepts])[:, None],
        "replaces": replaces,
        "cost": given * block.substitution_cost[:, None] * money,
    }
    given_keys = {name: names([a[i] for a in block.accepts]) for i, name in enumerate(("sector", "good", "given"))}
    substitution = s.table(given_keys, taken, visible(taken["quantity"]))
    tier_keys = {name: names([t[i] for t in block.tiers]) for i, name in enumerate(("sector", "good", "tier"))}
    values = {"quantity": quantity, "penalty": lacking * block.penalty[:, None] * money}
    shortfall = s.table(tier_keys, values, visible(quantity))
    return {
        "service": service,
        "substitution": substitution,
        "backlog": backlog(s, short),
        "shortfall": shortfall,
        **release_table(s),
        "accounts": account_table(s),
    }


def _projects(s: Solution) -> dict[str, pd.DataFrame]:
    """Go decisions, disbursements by fund, and what commissioned projects bring."""
    block, money = s.data.financing, s.data.scale.money
    go = s.read("go", len(block.stages)) > 0.5
    view = s.instance.view("stages")
    text = {(str(p), int(i)): m for p, i, m in zip(view["project"], view["stage"], view["milestone"], strict=True)}
    keys = {
        "project": names([p for p, _ in block.stages]),
        "stage": names([i for _, i in block.stages]),
        "milestone": names([text[stage] if isinstance(text[stage], str) else "" for stage in block.stages]),
    }
    cost = np.repeat((block.cost * money)[:, None], len(s.tree), axis=1)
    released = s.table(keys, {"cost": cost}, go)
    node, row = np.nonzero(go.T)
    verified = s.later(node, block.duration[row])
    for at, (n, i) in enumerate(zip(node, row, strict=True)):
        if block.stages[i] in block.shifted:
            verified[at] = s.expected_end(int(n), block.stages[i])
    released["verified"] = verified
    shares = list(block.shares)
    paid = s.read("tranche", len(shares)) * money
    share_keys = {name: names([t[i] for t in shares]) for i, name in enumerate(("project", "stage", "fund"))}
    disbursements = s.table(share_keys, {"amount": paid}, visible(paid))
    instrument = {key: block.instrument.get(key, "grant") for key in shares}
    keys_of = zip(disbursements["project"], disbursements["stage"], disbursements["fund"], strict=True)
    disbursements["instrument"] = names([instrument[key] for key in keys_of])
    return {
        "go": released,
        "disbursements": disbursements,
        "loans": loans_table(s),
        "effects": effects_table(s),
        "abandonments": abandonments(s),
        "guarantees": guarantee_table(s),
        "price_floors": price_floor_table(s),
        "incentives": incentive_table(s),
    }


def _money(s: Solution) -> dict[str, pd.DataFrame]:
    """Payments by class and fund, and the cash account of every fund."""
    funds, money = s.data.funds, s.data.scale.money
    place = {f: i for i, f in enumerate(funds.names)}
    payers = list(s.model.PAYERS)
    classes = [*dict.fromkeys(c for c, _ in payers), "guarantees", "price_floors", "incentives", "projects"]
    paid = np.zeros((len(classes), len(funds.names), len(s.tree)))
    for (c, f), row in zip(payers, s.read("pay", len(payers)), strict=True):
        paid[classes.index(c), place[f]] += row * money
    shares = list(s.data.financing.shares)
    np.add.at(
        paid[-1], np.array([place[f] for _, _, f in shares], dtype=np.int64), s.read("tranche", len(shares)) * money
    )
    cover = cover_of(s)
    paid[-2] = incentives_of(s, place)
    paid[-3] = cover.by_fund(cover.paid, place)
    paid[-4] = backing_of(s).called_of(place)
    keys = {"fund": names(list(funds.names) * len(classes)), "use": names([c for c in classes for _ in funds.names])}
    flat = paid.reshape(-1, len(s.tree))
    return {
        "end_values": end_values(s),
        "commitments": commitments_table(s),
        "exposure": exposure_table(s),
        "payments": s.table(keys, {"amount": flat}, visible(flat)),
        "funds": _accounts(s, place, paid.sum(axis=0)),
    }


def _accounts(s: Solution, place: Mapping[str, int], paid: Floats) -> pd.DataFrame:
    """The cash account of every fund and node; where no fund is given the budget is what was needed."""
    funds, money = s.data.funds, s.data.scale.money

    def placed(name: str, members: tuple[str, ...]) -> Floats:
        out = np.zeros_like(paid)
        out[[place[f] for f in members]] = s.read(name, len(members)) * money
        return out

    closing, debt = s.read("cash", len(place)) * money, placed("debt", funds.credit)
    proceeds, revenue = proceeds_of(s, place) + account_proceeds(s, place), _revenue(s, place, paid)
    budget = funds.budget * money
    if funds.names == (UNLIMITED,):
        budget, closing = paid - proceeds - revenue, np.zeros_like(paid)
    values = {
        "opening": s.before(closing, funds.opening.cash * money),
        "budget": budget,
        "drawn": placed("draw", funds.credit),
        "proceeds": proceeds,
        "revenue": revenue,
        "paid": paid,
        "interest": s.before(debt, funds.opening.debt * money) * funds.interest[:, None],
        "repaid": placed("repay", funds.credit),
        "lapsed": placed("lapse", funds.lapsing),
        "closing": closing,
        "debt": debt,
        "returned": returned(s, dict(place)) + backing_of(s).returned(dict(place)),
        "committed": committed(s, dict(place)),
    }
    return s.table({"fund": names(funds.names)}, values)


def _revenue(s: Solution, place: Mapping[str, int], like: Floats) -> Floats:
    """(F, N) revenue of projects."""
    revenue = np.zeros_like(like)
    for effect, amounts in zip(s.data.financing.effects, effect_amounts(s), strict=True):
        if effect.kind == "revenue":
            revenue[place[effect.name]] += amounts
    cover = cover_of(s)
    return revenue + cover.by_fund(cover.received, dict(place))
