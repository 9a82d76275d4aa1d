"""Resources: what orders, deliveries, processes and running stages take of them, within capacity and overtime at a price."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, back_param, grouped, members_by
from stockpile.vector import Var, array_param, label_param


def add_resources(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``overtime`` of the resources that have some, with its spending; what is taken of every resource."""
    block = data.resources
    if not block.names:
        return
    m.RESOURCES = pyo.Set(initialize=block.names)
    over = [i for i, most in enumerate(block.overtime) if most.any()]
    m.OVERTIME = pyo.Set(within=m.RESOURCES, initialize=[block.names[i] for i in over])
    m.OVERTIME_OF = grouped(m.RESOURCES, {r: [r] for r in m.OVERTIME})
    m.most_overtime = array_param(block.overtime[over], m.OVERTIME, m.NODES)
    m.overtime = Var(
        m.OVERTIME, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, r, n: (0, m.most_overtime[r, n])
    )
    ledger.decided["overtime"] = Quantity(m.OVERTIME, lambda m, r, n: m.overtime[r, n])
    if (block.price[over] * block.overtime[over]).any():
        m.overtime_price = array_param(block.price[over], m.OVERTIME, m.NODES)
        ledger.spending["overtime"].append(
            lambda m, n: sum(m.overtime_price[r, n] * m.overtime[r, n] for r in m.OVERTIME)
        )
    _add_orders(m, data, ledger)
    _add_deliveries(m, data, ledger)
    _add_stages(m, data, ledger)
    _add_runs(m, data, ledger)


def _users(m: pyo.ConcreteModel, name: str, pairs: Iterable[tuple[str, Any]], dimen: int = 1) -> None:
    """The members that use each resource."""
    setattr(
        m, name, grouped(m.RESOURCES, {r: [u for _, u in us] for r, us in members_by(pairs, _first).items()}, dimen)
    )


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _add_orders(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What orders take when they are placed, by quantity and by order."""
    each, fixed = data.resources.per_unit["order"], data.resources.per_order["order"]
    steps = data.purchasing.steps
    if each:
        _users(m, "STEPS_TAKING", [(r, step) for r, k in each for step in steps if step[0] == k], dimen=2)
        m.ORDER_USE = pyo.Set(dimen=2, initialize=list(each))
        m.use_per_unit = array_param(np.array(list(each.values())), m.ORDER_USE)
        ledger.effort.append(lambda m, r, n: sum(m.use_per_unit[r, k] * m.order[k, s, n] for k, s in m.STEPS_TAKING[r]))
    if fixed:
        _users(m, "ORDERS_TAKING", fixed)
        m.SET_UPS = pyo.Set(dimen=2, initialize=list(fixed))
        m.use_per_order = array_param(np.array(list(fixed.values())), m.SET_UPS)
        ledger.effort.append(lambda m, r, n: sum(m.use_per_order[r, k] * m.place[k, n] for k in m.ORDERS_TAKING[r]))


def _add_deliveries(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What deliveries take when they arrive, those of orders from before the horizon among them."""
    each, fixed = data.resources.per_unit["delivery"], data.resources.per_order["delivery"]
    block, nodes = data.purchasing, data.nodes
    place = {k: i for i, k in enumerate(block.sources)}
    if each:
        m.DELIVERY_USE = pyo.Set(dimen=2, initialize=list(each))
        _users(m, "STEPS_BRINGING", [(r, step) for r, k in each for step in block.steps if step[0] == k], dimen=2)
        arriving = np.array([use * block.arrive[place[k]] for (_, k), use in each.items()])
        m.use_per_delivered = array_param(arriving, m.DELIVERY_USE, m.NODES)
        ledger.effort.append(
            lambda m, r, n: sum(
                m.use_per_delivered[r, k, n] * m.order[k, s, m.ordered[k, n]] for k, s in m.STEPS_BRINGING[r]
            )
        )
    if fixed:
        lumpy = sorted({k for _, k in fixed}, key=place.__getitem__)
        back = [nodes.tree.ancestor(int(block.lead[place[k]])) for k in lumpy]
        m.BRINGING = pyo.Set(within=m.SOURCES, initialize=lumpy)
        m.placed = label_param(np.maximum(back, 0), m.NODES, m.BRINGING, m.NODES)
        arrives = {k: (b >= 0) & (block.arrive[place[k]] > 0) for k, b in zip(lumpy, back, strict=True)}
        m.UNLOADINGS = pyo.Set(dimen=2, initialize=list(fixed))
        _users(m, "ORDERS_BRINGING", fixed)
        m.use_per_delivery = array_param(
            np.array([use * arrives[k] for (_, k), use in fixed.items()], dtype=float), m.UNLOADINGS, m.NODES
        )
        ledger.effort.append(
            lambda m, r, n: sum(m.use_per_delivery[r, k, n] * m.place[k, m.placed[k, n]] for k in m.ORDERS_BRINGING[r])
        )
    due = _due(data)
    if due.any():
        m.use_of_due = array_param(due, m.RESOURCES, m.NODES)
        ledger.effort.append(lambda m, r, n: m.use_of_due[r, n])


def _due(data: Data) -> Any:
    """(R, N) what orders from before the horizon take when they arrive."""
    block, resources = data.purchasing, data.resources
    due = np.zeros(resources.capacity.shape)
    for amounts, orders in ((block.due, resources.per_unit), (block.due_orders, resources.per_order)):
        for (r, k), use in orders["delivery"].items():
            due[resources.names.index(r)] += use * amounts[block.sources.index(k)]
    return due


def _add_stages(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What stages take in each period while they run, one at least."""
    uses, block = data.resources.over_stage, data.financing
    if not uses:
        return
    running = list(dict.fromkeys((p, i) for _, p, i in uses))
    m.RUNNING = pyo.Set(dimen=2, within=m.STAGES, initialize=running)
    m.ended = back_param(m, [block.busy(stage) for stage in running], m.RUNNING)
    m.STAGE_USE = pyo.Set(dimen=3, initialize=list(uses))
    _users(m, "STAGES_TAKING", [(r, (p, i)) for r, p, i in uses], dimen=2)
    m.use_of_stage = array_param(np.array(list(uses.values())), m.STAGE_USE)
    ledger.effort.append(
        lambda m, r, n: sum(
            m.use_of_stage[r, p, i] * (m.started[p, i, n] - m.started[p, i, m.ended[p, i, n]])
            for p, i in m.STAGES_TAKING[r]
        )
    )


def _add_runs(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What processes take when they take their inputs, by unit of run and by set-up."""
    each, fixed = data.resources.per_unit["process"], data.resources.per_order["process"]
    if each:
        _users(m, "PROCESSES_TAKING", each)
        m.RUN_USE = pyo.Set(dimen=2, initialize=list(each))
        m.use_per_run = array_param(np.array(list(each.values())), m.RUN_USE)
        ledger.effort.append(lambda m, r, n: sum(m.use_per_run[r, j] * m.run[j, n] for j in m.PROCESSES_TAKING[r]))
    if fixed:
        _users(m, "CAMPAIGNS_TAKING", fixed)
        m.CAMPAIGN_USE = pyo.Set(dimen=2, initialize=list(fixed))
        m.use_per_campaign = array_param(np.array(list(fixed.values())), m.CAMPAIGN_USE)
        ledger.effort.append(
            lambda m, r, n: sum(m.use_per_campaign[r, j] * m.operate[j, n] for j in m.CAMPAIGNS_TAKING[r])
        )


def add_resource_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """The rows that keep what is taken within what is there."""
    block, horizon = data.resources, data.nodes.horizon
    if not block.names or not m.ledger.effort:
        return
    limited = np.isfinite(block.capacity)
    m.RESOURCE_LIMITS = pyo.Set(dimen=2, initialize=[(block.names[r], horizon[n]) for r, n in np.argwhere(limited)])
    m.resource_amount = array_param(block.capacity[limited], m.RESOURCE_LIMITS)
    add_rows(m, m.RESOURCE_LIMITS, rule=resource_capacity)


def resource_capacity(m: Any, r: Any, n: Any) -> Any:
    r"""What orders, deliveries, processes and stages take of a resource stays within its capacity and the overtime that is paid for.

    .. math:: \sum_k \Big( u_{r,k} \sum_s q_{k,s,n} + v_{r,k}\, y_{k,n} \Big) + \sum_k \Big( u'_{r,k} \alpha_{k,n} \Big(
        \sum_s q_{k,s,\,n-\ell_k} + \mathit{due}_{k,n} \Big) + v'_{r,k}\, y_{k,\,n-\ell_k} \Big)
        + \sum_j \Big( u''_{r,j}\, r_{j,n} + v''_{r,j}\, z_{j,n} \Big) + \sum_{p,i} e_{r,p,i} (x_{p,i,n} - x_{p,i,\,n-\max(d_{p,i},1)}) \le R_{r,n} + o_{r,n}, \quad 0 \le o_{r,n} \le \bar o_{r,n}

    u and v are the use for each unit and for each order of source k, u' and v' the same for its deliveries, u'' and v''
    for the run and the set-up of process j; y is 1 where an order is placed, z where a process runs; e is the use of a stage that runs, from its release until its milestone is due d periods later, even if
    its project is abandoned; R is the capacity, o the overtime.  Units: amount of the resource per period.
    Source: set-up times, Trigeiro, Thomas and McClain (1989), Capacitated lot sizing with setup times.
    """
    return sum(term(m, r, n) for term in m.ledger.effort) <= m.resource_amount[r, n] + sum(
        m.overtime[o, n] for o in m.OVERTIME_OF[r]
    )
