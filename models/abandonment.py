"""Abandonment: projects that are given up once begun, what that costs, and which milestones and effects end with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.financing import Effect
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, add_sides, end_param, ended_between, ends, grouped, members_by
from stockpile.vector import Var, array_param


def add_abandonment(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``abandon`` (a project is given up), ``abandoned`` (it has been), ``milestone``, ``reached``, ``strength``, ``standing``.

    A milestone of a project that may be abandoned is 1 where it is verified, ``reached`` once it has been; ``strength``
    is how many steps of its ramp an effect stands at; ``standing`` is 1 where a project is left at the end.  On a single path ``abandon`` carries the integrality, on a tree
    ``abandoned`` does.
    """
    block, nodes = data.abandonment, data.nodes
    if not block.projects:
        return
    whole, follows = (pyo.UnitInterval, pyo.Binary) if nodes.branches else (pyo.Binary, pyo.UnitInterval)
    m.ABANDONABLE = pyo.Set(initialize=block.projects)
    m.abandon = Var(m.ABANDONABLE, m.NODES, domain=whole)
    ledger.decided["abandonment"] = Quantity(m.ABANDONABLE, lambda m, p, n: m.abandon[p, n])
    ones = np.ones((len(block.projects), len(nodes.horizon)))
    m.most_abandoned = array_param(nodes.with_past(ones), m.ABANDONABLE, m.ALL_NODES)
    m.abandoned = Var(m.ABANDONABLE, m.ALL_NODES, domain=follows, bounds=lambda m, p, n: (0, m.most_abandoned[p, n]))
    if block.exit_cost.any():
        m.exit_cost = array_param(block.exit_cost, m.ABANDONABLE)
        ledger.spending["exit_costs"].append(lambda m, n: sum(m.exit_cost[p] * m.abandon[p, n] for p in m.ABANDONABLE))
    add_sides(m)
    _add_milestones(m, data)
    _add_ending_effects(m, data, ledger)
    worth = {(p, i): value for (p, i), value in data.financing.end_value.items() if p in block.projects}
    m.ENDING_VALUED = pyo.Set(dimen=2, within=m.STAGES, initialize=list(worth))
    if worth:
        m.ending_value = array_param(np.array(list(worth.values()), dtype=float), m.ENDING_VALUED)
        m.at_end_of_ending = end_param(m, data, worth, m.ENDING_VALUED)
        m.standing = Var(m.ENDING_VALUED, m.LEAVES, domain=pyo.UnitInterval)
        ledger.final["end_values"].append(
            lambda m, n: sum(-m.ending_value[p, i] * m.standing[p, i, n] for p, i in m.ENDING_VALUED)
        )


def _add_milestones(m: pyo.ConcreteModel, data: Data) -> None:
    """The milestones that abandonment may keep from being verified."""
    block, nodes = data.abandonment, data.nodes
    m.MILESTONES = pyo.Set(dimen=2, initialize=block.milestones)
    m.milestone = Var(m.MILESTONES, m.NODES, domain=pyo.UnitInterval)
    m.may_fail = bool(block.failures)
    if m.may_fail:
        rows = [data.financing.stages.index(stage) for stage in block.milestones]
        m.passes = array_param(1.0 - data.financing.fails[rows], m.MILESTONES, m.NODES)
    others = [*block.awaited, *(need[-2:] for need in (*block.needed, *block.needed_alternatives))]
    needed = [stage for stage in block.milestones if stage in others]
    m.NEEDED = pyo.Set(dimen=2, within=m.MILESTONES, initialize=needed)
    financing = data.financing
    past = np.array([financing.ages.get(stage, 0) > financing.duration_of(*stage) for stage in needed], dtype=float)
    past = np.repeat(past.reshape(-1, 1), len(nodes.past), axis=1)
    inside = np.ones((len(needed), len(nodes.horizon)))
    m.least_reached = array_param(np.concatenate([past, 0 * inside], axis=1), m.NEEDED, m.ALL_NODES)
    m.most_reached = array_param(np.concatenate([past, inside], axis=1), m.NEEDED, m.ALL_NODES)
    m.reached = Var(
        m.NEEDED,
        m.ALL_NODES,
        domain=pyo.UnitInterval,
        bounds=lambda m, p, i, n: (m.least_reached[p, i, n], m.most_reached[p, i, n]),
    )


def _add_ending_effects(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What projects bring that may be abandoned: capacity of sources, stores and processes, money into funds, less demand."""
    effects = {e.number: e for e in data.financing.effects if e.number in data.abandonment.effects}
    m.ENDING = pyo.Set(within=m.EFFECTS, initialize=list(effects))
    m.ENDING_STEPS = grouped(m.ENDING, {x: [(x, r) for r in range(e.steps)] for x, e in effects.items()}, dimen=2)
    m.full_strength = array_param(np.array([e.steps for e in effects.values()], dtype=float), m.ENDING)
    m.strength = Var(m.ENDING, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, x, n: (0, m.full_strength[x]))
    kinds = (
        ("supply", m.SOURCES, ledger.supply),
        ("capacity", m.STORES, ledger.room),
        ("revenue", m.FUNDS, ledger.income),
    )
    for kind, index, terms in kinds:
        chosen = [x for x, e in effects.items() if e.kind == kind]
        if chosen:
            name = f"ENDING_{kind.upper()}_OF"
            setattr(m, name, grouped(index, members_by(chosen, lambda x: effects[x].name)))
            terms.append(_brought(name))
    _add_ending_effects_on_processing(m, effects, ledger)
    counted = dict(zip(data.funds.names, data.funds.counted, strict=True))
    paid = [x for x, e in effects.items() if e.kind == "revenue" and counted[e.name] > 0]
    if paid:
        m.COUNTED_ENDING = pyo.Set(initialize=paid)
        ledger.costs["revenue"].append(lambda m, n: sum(-m.increment[x] * m.strength[x, n] for x in m.COUNTED_ENDING))


def _add_ending_effects_on_processing(m: pyo.ConcreteModel, effects: dict[int, Effect], ledger: Ledger) -> None:
    """Capacity of processes, and the share of demand that falls away."""
    raised = [x for x, e in effects.items() if e.kind == "process"]
    if raised:
        m.ENDING_PROCESS_OF = grouped(m.PROCESSES, members_by(raised, lambda x: effects[x].name))
        ledger.throughput.append(_brought("ENDING_PROCESS_OF"))
    lowered = [x for x, e in effects.items() if e.kind == "demand"]
    if lowered:
        m.ENDING_DEMAND_OF = grouped(m.DEMANDS, members_by(lowered, lambda x: effects[x].pair))
        m.FALLING_FOR_A_WHILE = pyo.Set(dimen=3, initialize=[(*effects[x].pair, x) for x in lowered])
        ledger.decided["falling_for_a_while"] = Quantity(
            m.FALLING_FOR_A_WHILE, lambda m, e, g, x, n: m.demand[e, g, n] * m.increment[x] * m.strength[x, n]
        )
        ledger.spared.append(
            lambda m, e, g, n: sum(m.increment[x] * m.strength[x, n] for x in m.ENDING_DEMAND_OF[e, g])
        )
        of_all = [(effects[x].sector, x) for x in lowered]
        m.ENDING_FALLING_OF = grouped(m.GOODS, members_by(of_all, lambda ex: effects[ex[1]].name), dimen=2)
        ledger.spared_of_all.append(
            lambda m, g, n: sum(
                m.demand[e, g, n] * m.increment[x] * m.strength[x, n] for e, x in m.ENDING_FALLING_OF[g]
            )
        )


def _brought(name: str) -> Any:
    """A term: what ending effects of one kind add to a source, store or fund at a node."""
    return lambda m, k, n: sum(m.increment[x] * m.strength[x, n] for x in getattr(m, name)[k])


def add_abandonment_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of abandonment, of what it keeps from happening, and of deadlines that demand it."""
    block = data.abandonment
    if not block.projects:
        return
    add_rows(m, m.ABANDONABLE, m.NODES, rule=abandonments_add_up)
    add_rows(m, m.ABANDONABLE, m.NODES, rule=only_what_has_begun)
    later = [(p, i) for p, i in data.financing.stages if p in block.projects and i > 1]
    m.LATER_STAGES = pyo.Set(dimen=2, within=m.STAGES, initialize=later)
    add_rows(m, m.LATER_STAGES, m.NODES, rule=no_release_once_abandoned)
    add_rows(m, m.MILESTONES, m.SIDES, m.NODES, rule=milestone_unless_abandoned)
    add_rows(m, m.NEEDED, m.NODES, rule=milestones_add_up)
    m.REQUIRES_REACHED = pyo.Set(dimen=4, initialize=block.needed)
    add_rows(m, m.REQUIRES_REACHED, m.NODES, rule=tranche_needs_reached_milestone)
    add_rows(m, m.ENDING, m.SIDES, m.NODES, rule=effect_until_abandoned)
    add_rows(m, m.ENDING_VALUED, m.SIDES, m.LEAVES, rule=project_stands_at_the_end)
    m.DEADLINES = pyo.Set(dimen=3, initialize=block.deadlines)
    add_rows(m, m.DEADLINES, rule=missed_deadline_abandons)
    m.FAILURES = pyo.Set(dimen=3, initialize=block.failures)
    add_rows(m, m.FAILURES, rule=failure_abandons)


def _passes(m: Any, p: Any, i: Any, n: Any) -> Any:
    """1 where a stage ends that was released, and does not fail."""
    return m.passes[p, i, n] * ends(m, p, i, n) if m.may_fail else ends(m, p, i, n)


def abandonments_add_up(m: Any, p: Any, n: Any) -> Any:
    r"""A project has been abandoned once it was abandoned on the path, at most once.

    .. math:: b_{p,n} = b_{p,a(n)} + \mathit{abandon}_{p,n}, \quad b \le 1

    Units: 1.
    """
    return m.abandoned[p, n] == m.abandoned[p, m.parent[n]] + m.abandon[p, n]


def only_what_has_begun(m: Any, p: Any, n: Any) -> Any:
    r"""Only a project that was begun in an earlier period can be abandoned.

    .. math:: b_{p,n} \le x_{p,1,a(n)}

    Units: 1.
    """
    return m.abandoned[p, n] <= m.started[p, 1, m.parent[n]]


def no_release_once_abandoned(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""No further stage is released in the period of abandonment or after it.

    .. math:: \mathit{go}_{p,i,n} + b_{p,n} \le 1

    Units: 1.
    """
    return m.go[p, i, n] + m.abandoned[p, n] <= 1


def milestone_unless_abandoned(m: Any, p: Any, i: Any, side: Any, n: Any) -> Any:
    r"""A stage is verified at its end if its project was not abandoned in a period before; tranches may be due then.

    .. math:: v_{p,i,n} = \mathit{go}_{p,i,\,n-d_{p,i}} (1 - b_{p,a(n)})

    as the three rows of a product of whole numbers: v is at most each factor, and at least go less b.  Where the stage fails
    go counts as 0.  What is verified
    becomes known before a period's decisions, so that abandonment does not undo what its own period brings.  Units: 1.
    Source: McCormick (1976), Computability of global solutions to factorable nonconvex programs, part I.
    """
    return (
        m.side_product[side] * m.milestone[p, i, n]
        + m.side_of[side] * _passes(m, p, i, n)
        + m.side_unless[side] * m.abandoned[p, m.parent[n]]
        <= m.side_most[side]
    )


def milestones_add_up(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""A milestone that other projects or contracts need has been reached once it was verified on the path; abandonment does not undo it.

    .. math:: V_{p,i,n} = V_{p,i,a(n)} + v_{p,i,n}

    Units: 1.
    """
    return m.reached[p, i, n] == m.reached[p, i, m.parent[n]] + m.milestone[p, i, n]


def tranche_needs_reached_milestone(m: Any, p: Any, i: Any, q: Any, j: Any, n: Any) -> Any:
    r"""Release a stage only after the milestone that it needs of another project was reached, before any abandonment.

    .. math:: x_{p,i,n} \le V_{q,j,n}

    Units: 1.
    """
    return m.started[p, i, n] <= m.reached[q, j, n]


def effect_until_abandoned(m: Any, x: Any, side: Any, n: Any) -> Any:
    r"""An effect stands at as many steps of its ramp as periods have passed since commissioning, and ends with its project.

    .. math:: s_{x,n} = (1 - b_{p_x,n}) \sum_{r < R_x} x_{p_x,i_x,\,n-d-r}

    as the three rows of a product: s is at most the sum, at most R (1 - b), and at least the sum less R b.  Units: 1.
    """
    return (
        m.side_product[side] * m.strength[x, n]
        + m.side_of[side]
        * sum(m.started[m.effect_project[y], m.effect_stage[y], m.commissioned[y, r, n]] for y, r in m.ENDING_STEPS[x])
        + m.side_unless[side] * m.full_strength[x] * m.abandoned[m.effect_project[x], n]
        <= m.side_most[side] * m.full_strength[x]
    )


def project_stands_at_the_end(m: Any, p: Any, i: Any, side: Any, n: Any) -> Any:
    r"""A project is worth something at the end where its last stage was released and it was not abandoned.

    .. math:: \mathit{standing}_{p,n} = x_{p,I_p,n} (1 - b_{p,n}), \quad n \in \text{leaves}

    as the three rows of a product; I is the last stage of the project.  Units: 1.
    """
    return (
        m.side_product[side] * m.standing[p, i, n]
        + m.side_of[side] * m.started[p, i, m.at_end_of_ending[p, i, n]]
        + m.side_unless[side] * m.abandoned[p, n]
        <= m.side_most[side]
    )


def missed_deadline_abandons(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""A project that has begun and has not released a stage before its deadline is abandoned in the period of the deadline.

    .. math:: b_{p,n} \ge x_{p,1,a(n)} - x_{p,i,a(n)}

    n are the nodes of the first period that starts on or after the deadline.  Units: 1.
    """
    return m.abandoned[p, n] >= m.started[p, 1, m.parent[n]] - m.started[p, i, m.parent[n]]


def failure_abandons(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""A stage that fails ends its project: it is abandoned in the period in which the stage ends.

    .. math:: b_{p,n} \ge x_{p,i,e(n)} - x_{p,i,e(a(n))}

    n are the nodes at which what ends fails, e(n) is the latest release of the stage that has ended by n.  So no milestone
    is verified, no later stage is released, what the project brings ends and what it owes is written off.  Units: 1.
    """
    return m.abandoned[p, n] >= ended_between(m, p, i, n)
