"""Processing: runs that take goods of the reserve by a recipe and bring others, joint products among them, after a lead time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_processing(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``run`` (how much a process is run) and ``operate`` (it runs at all, where that matters); goods, money, energy.

    Nothing where there is no process.
    """
    block, nodes = data.processing, data.nodes
    if not block.names:
        return
    m.PROCESSES = pyo.Set(initialize=block.names)
    m.most_run = array_param(nodes.with_past(block.most), m.PROCESSES, m.ALL_NODES)
    m.run = Var(m.PROCESSES, m.ALL_NODES, domain=pyo.NonNegativeReals, bounds=lambda m, j, n: (0, m.most_run[j, n]))
    ledger.decided["run"] = Quantity(m.PROCESSES, lambda m, j, n: m.run[j, n])
    _add_inputs(m, data, ledger)
    _add_free_inputs(m, data, ledger)
    _add_outputs(m, data, ledger)
    m.LUMPY_PROCESSES = pyo.Set(within=m.PROCESSES, initialize=block.lumpy)
    if block.lumpy:
        lumpy = [block.names.index(j) for j in block.lumpy]
        m.may_operate = array_param(block.open[lumpy], m.LUMPY_PROCESSES, m.NODES)
        m.operate = Var(m.LUMPY_PROCESSES, m.NODES, domain=pyo.Binary, bounds=lambda m, j, n: (0, m.may_operate[j, n]))
    if block.cost.any():
        m.run_cost = array_param(block.cost, m.PROCESSES)
        ledger.spending["processing"].append(lambda m, n: sum(m.run_cost[j] * m.run[j, n] for j in m.PROCESSES))
    if block.set_up_cost.any():
        lumpy = [block.names.index(j) for j in block.lumpy]
        m.set_up_cost = array_param(block.set_up_cost[lumpy], m.LUMPY_PROCESSES)
        ledger.spending["processing"].append(
            lambda m, n: sum(m.set_up_cost[j] * m.operate[j, n] for j in m.LUMPY_PROCESSES)
        )
    if block.energy.any():
        m.run_energy = array_param(block.energy, m.PROCESSES)
        ledger.energy.append(lambda m, n: sum(m.run_energy[j] * m.run[j, n] for j in m.PROCESSES))
    if block.emissions.any():
        m.run_emissions = array_param(block.emissions, m.PROCESSES)
        ledger.emissions.append(lambda m, n: sum(m.run_emissions[j] * m.run[j, n] for j in m.PROCESSES))


def _add_inputs(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What runs take from the reserve, and from the stores that their processes name."""
    takes, stores = data.processing.takes, data.processing.store_of
    if not takes:
        return
    m.INPUTS = pyo.Set(dimen=2, initialize=list(takes))
    m.input_per_run = array_param(np.array(list(takes.values())), m.INPUTS)
    by_good = members_by(takes, lambda jg: jg[1])
    m.TAKEN_BY = grouped(m.GOODS, {g: [j for j, _ in rows] for g, rows in by_good.items()})
    ledger.outflow.append(lambda m, g, n: sum(m.input_per_run[j, g] * m.run[j, n] for j in m.TAKEN_BY[g]))
    at = [(j, g) for j, g in takes if (g, stores.get(j)) in data.stores.served]
    if at:
        there = members_by(at, lambda jg: (jg[1], stores[jg[0]]))
        m.TAKEN_THERE_BY = grouped(m.SERVED, {pair: [j for j, _ in rows] for pair, rows in there.items()})
        ledger.issued.append(
            lambda m, g, w, n: sum(m.input_per_run[j, g] * m.run[j, n] for j in m.TAKEN_THERE_BY[g, w])
        )


def _add_free_inputs(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``feed``: how much of each free input goes into a blend."""
    free, stores = data.processing.free, data.processing.store_of
    if not free:
        return
    m.FREE_INPUTS = pyo.Set(dimen=2, initialize=list(free))
    m.feed = Var(m.FREE_INPUTS, m.NODES, domain=pyo.NonNegativeReals)
    by_good = members_by(free, lambda jg: jg[1])
    m.FED_INTO = grouped(m.GOODS, {g: [j for j, _ in rows] for g, rows in by_good.items()})
    ledger.outflow.append(lambda m, g, n: sum(m.feed[j, g, n] for j in m.FED_INTO[g]))
    at = [(j, g) for j, g in free if (g, stores.get(j)) in data.stores.served]
    if at:
        there = members_by(at, lambda jg: (jg[1], stores[jg[0]]))
        m.FED_THERE_INTO = grouped(m.SERVED, {pair: [j for j, _ in rows] for pair, rows in there.items()})
        ledger.issued.append(lambda m, g, w, n: sum(m.feed[j, g, n] for j in m.FED_THERE_INTO[g, w]))


def _add_outputs(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What runs bring to the reserve after their lead time, and to the stores that their processes name."""
    block = data.processing
    if not block.makes:
        return
    m.ran = lag_param(m, data, block.lead, m.PROCESSES)
    m.OUTPUTS = pyo.Set(dimen=2, initialize=list(block.makes))
    m.output_per_run = array_param(np.array(list(block.makes.values())), m.OUTPUTS)
    ledger.decided["made"] = Quantity(m.OUTPUTS, lambda m, j, g, n: m.output_per_run[j, g] * m.run[j, m.ran[j, n]])
    by_good = members_by(block.makes, lambda jg: jg[1])
    m.MADE_BY = grouped(m.GOODS, {g: [j for j, _ in rows] for g, rows in by_good.items()})
    ledger.inflow.append(lambda m, g, n: sum(m.output_per_run[j, g] * m.run[j, m.ran[j, n]] for j in m.MADE_BY[g]))
    goods = list(m.GOODS)
    due = np.zeros((len(goods), len(data.nodes.horizon)))
    for (j, g), amount in block.makes.items():
        due[goods.index(g)] += amount * block.due[block.names.index(j)]
    if due.any():
        m.made_before = array_param(due, m.GOODS, m.NODES)
        ledger.inflow.append(lambda m, g, n: m.made_before[g, n])
    at = [(j, g) for j, g in block.makes if (g, block.store_of.get(j)) in data.stores.delivered]
    if at:
        _add_outputs_in_stores(m, data, ledger, at)


def _add_outputs_in_stores(m: pyo.ConcreteModel, data: Data, ledger: Ledger, at: list[tuple[str, str]]) -> None:
    """What of it arrives in a store of its own; ``at`` are processes and goods."""
    block, pairs = data.processing, data.stores.delivered
    there = members_by(at, lambda jg: (jg[1], block.store_of[jg[0]]))
    m.MADE_THERE_BY = grouped(m.DELIVERED, {pair: [j for j, _ in rows] for pair, rows in there.items()})
    ledger.delivered.append(
        lambda m, g, w, n: sum(m.output_per_run[j, g] * m.run[j, m.ran[j, n]] for j in m.MADE_THERE_BY[g, w])
    )
    due = np.zeros((len(pairs), len(data.nodes.horizon)))
    for j, g in at:
        due[pairs.index((g, block.store_of[j]))] += block.makes[j, g] * block.due[block.names.index(j)]
    if due.any():
        m.made_there_before = array_param(due, m.DELIVERED, m.NODES)
        ledger.delivered.append(lambda m, g, w, n: m.made_there_before[g, w, n])


def add_processing_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of capacity that projects add to, set-ups, least runs and processes that run together."""
    block, horizon = data.processing, data.nodes.horizon
    if not block.names:
        return
    raised = np.isin(list(block.names), list(block.raised))
    at = np.argwhere(raised[:, None] & np.isfinite(block.capacity) & (block.most > 0))
    m.RUN_LIMITS = pyo.Set(dimen=2, initialize=[(block.names[j], horizon[n]) for j, n in at])
    m.run_capacity = array_param(block.capacity[at[:, 0], at[:, 1]], m.RUN_LIMITS)
    add_rows(m, m.RUN_LIMITS, rule=process_capacity)
    lumpy = [block.names.index(j) for j in block.lumpy]
    m.run_link = array_param(block.most[lumpy], m.LUMPY_PROCESSES, m.NODES)
    add_rows(m, m.LUMPY_PROCESSES, m.NODES, rule=run_needs_set_up)
    least = [j for j in block.lumpy if block.min_run[block.names.index(j)] > 0]
    m.WITH_LEAST_RUN = pyo.Set(within=m.LUMPY_PROCESSES, initialize=least)
    m.min_run = array_param(block.min_run[[block.names.index(j) for j in least]], m.WITH_LEAST_RUN)
    add_rows(m, m.WITH_LEAST_RUN, m.NODES, rule=least_run)
    m.RUN_TOGETHER = pyo.Set(dimen=2, initialize=block.pairs)
    add_rows(m, m.RUN_TOGETHER, m.NODES, rule=runs_with_another)
    if block.free:
        _add_blend_rows(m, data)


def _add_blend_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that add up what goes into a blend, and keep the mean of its attributes within bounds."""
    block, horizon = data.processing, data.nodes.horizon
    feeds = {j: [g for _, g in rows] for j, rows in members_by(block.free, lambda jg: jg[0]).items()}
    m.BLENDS = pyo.Set(within=m.PROCESSES, initialize=list(feeds))
    m.FEEDS_OF = grouped(m.BLENDS, feeds)
    m.feed_in_run = array_param(np.array(list(block.free.values())), m.FREE_INPUTS)
    add_rows(m, m.BLENDS, m.NODES, rule=feeds_add_up)
    values = block.blends.value
    m.GRADES = pyo.Set(dimen=3, initialize=list(values))
    m.grade = array_param(np.array(list(values.values()), dtype=float), m.GRADES)
    m.GRADED = pyo.Set(dimen=2, initialize=block.blends.keys)
    graded = members_by(values, lambda jag: jag[:2])
    m.GOODS_GRADED = grouped(m.GRADED, {key: [g for _, _, g in rows] for key, rows in graded.items()})
    for name, bounds, rule in (
        ("LEAST_GRADES", block.blends.least, least_grade),
        ("MOST_GRADES", block.blends.most, greatest_grade),
    ):
        at = np.argwhere(np.isfinite(bounds))
        index = pyo.Set(dimen=3, initialize=[(*block.blends.keys[b], horizon[n]) for b, n in at])
        setattr(m, name, index)
        setattr(m, f"bound_of_{name.lower()}", array_param(bounds[at[:, 0], at[:, 1]], index))
        add_rows(m, index, rule=rule)


def process_capacity(m: Any, j: Any, n: Any) -> Any:
    r"""A process that projects feed is run within its capacity and what commissioned projects add to it.

    .. math:: r_{j,n} \le \mathit{cap}_{j,n} + \sum_{x \in X_j} \sum_s \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-s}

    r is how much process j is run; where no project adds to its capacity that is its bound.  A run takes its inputs at n and
    brings its outputs a lead time later; it is 0 where that is after the horizon.  Units: quantity per period.
    """
    return m.run[j, n] <= m.run_capacity[j, n] + sum(term(m, j, n) for term in m.ledger.throughput)


def run_needs_set_up(m: Any, j: Any, n: Any) -> Any:
    r"""A process that needs a set-up is run only where it is set up, and the charge paid.

    .. math:: r_{j,n} \le \bar r_{j,n}\, z_{j,n}

    z is 1 where process j runs at all, which it does not where its outputs would arrive after the horizon; the most that it could run is its capacity with all that projects may add.  Units: quantity.
    Source: set-ups of campaigns, Kallrath (2002), Planning and scheduling in the process industry.
    """
    return m.run[j, n] <= m.run_link[j, n] * m.operate[j, n]


def least_run(m: Any, j: Any, n: Any) -> Any:
    r"""A process that runs is run at its least at least.

    .. math:: r_{j,n} \ge \underline r_j\, z_{j,n}

    Units: quantity.
    """
    return m.run[j, n] >= m.min_run[j] * m.operate[j, n]


def runs_with_another(m: Any, j: Any, k: Any, n: Any) -> Any:
    r"""A process that runs with another one runs only where that one does.

    .. math:: z_{j,n} \le z_{k,n}

    Units: 1.
    """
    return m.operate[j, n] <= m.operate[k, n]


def feeds_add_up(m: Any, j: Any, n: Any) -> Any:
    r"""A run of a blend is all its free inputs together.

    .. math:: \sum_{g \in G_j} x_{j,g,n} = r_{j,n}

    x is how much of the free input g goes into process j.  Units: quantity, in the instance's unit.
    """
    return sum(m.feed_in_run[j, g] * m.feed[j, g, n] for g in m.FEEDS_OF[j]) == m.run[j, n]


def least_grade(m: Any, j: Any, a: Any, n: Any) -> Any:
    r"""The mean of an attribute over what goes into a blend is at least its lower bound.

    .. math:: \sum_{g \in G_j} (v_{g,a} - \underline v_{j,a,n})\, x_{j,g,n} \ge 0

    v is the value of attribute a for a unit of good g, here and below; it holds where nothing is run.  Units: quantity
    times that of the attribute.
    Source: the blending problem, Charnes, Cooper and Mellon (1952), Blending aviation gasolines.
    """
    return (
        sum(
            (m.grade[j, a, g] - m.bound_of_least_grades[j, a, n]) * m.feed_in_run[j, g] * m.feed[j, g, n]
            for g in m.GOODS_GRADED[j, a]
        )
        >= 0
    )


def greatest_grade(m: Any, j: Any, a: Any, n: Any) -> Any:
    r"""The mean of an attribute over what goes into a blend is at most its upper bound.

    .. math:: \sum_{g \in G_j} (v_{g,a} - \bar v_{j,a,n})\, x_{j,g,n} \le 0

    Units: quantity times that of the attribute.
    """
    return (
        sum(
            (m.grade[j, a, g] - m.bound_of_most_grades[j, a, n]) * m.feed_in_run[j, g] * m.feed[j, g, n]
            for g in m.GOODS_GRADED[j, a]
        )
        <= 0
    )
