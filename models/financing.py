"""Financing: go decisions per stage, verified milestones, tranches paid by funds, and what projects bring."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.financing import Effect
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, back_param, end_param, ended_between, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_financing(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``go`` (a stage is released), ``started`` (it has been), ``tranche`` (what a fund pays of it).

    On a single path ``go`` carries the integrality, on a tree ``started`` does; the other follows.
    """
    block, nodes = data.financing, data.nodes
    m.STAGES = pyo.Set(dimen=2, initialize=block.stages)
    m.FINANCING = pyo.Set(dimen=3, initialize=list(block.shares))
    payers = members_by(block.shares, lambda pif: pif[:2])
    m.FUNDS_OF = grouped(m.STAGES, {stage: [f for _, _, f in rows] for stage, rows in payers.items()})
    m.PAID_BY = grouped(
        m.FUNDS, {f: [r[:2] for r in rows] for f, rows in members_by(block.shares, lambda r: r[2]).items()}, 2
    )
    whole, follows = (pyo.UnitInterval, pyo.Binary) if nodes.branches else (pyo.Binary, pyo.UnitInterval)
    release, since = block.begun(len(nodes.past))
    _add_step(m, "go", whole, release, block.open)
    _add_step(m, "started", follows, since, np.ones(block.open.shape))
    if block.ages:
        m.BEGUN = pyo.Set(dimen=2, within=m.STAGES, initialize=list(block.ages))
    ledger.decided["release"] = Quantity(m.STAGES, lambda m, p, i, n: m.go[p, i, n])
    m.tranche = Var(m.FINANCING, m.NODES, domain=pyo.NonNegativeReals)
    ledger.decided["tranche"] = Quantity(m.FINANCING, lambda m, p, i, f, n: m.tranche[p, i, f, n])
    ledger.payments.append(lambda m, f, n: sum(m.tranche[p, i, f, n] for p, i in m.PAID_BY[f]))
    if block.shares:
        m.counted_payer = array_param(data.funds.counted, m.FUNDS)
        ledger.costs["projects"].append(
            lambda m, n: sum(m.counted_payer[f] * m.tranche[p, i, f, n] for p, i, f in m.FINANCING)
        )
    _add_effects(m, data, ledger)
    lasting = {(p, i): value for (p, i), value in block.end_value.items() if p not in data.abandonment.projects}
    if lasting:
        m.VALUED = pyo.Set(dimen=2, within=m.STAGES, initialize=list(lasting))
        m.at_end = end_param(m, data, lasting, m.VALUED)
        m.end_value = array_param(np.array(list(lasting.values()), dtype=float), m.VALUED)
        ledger.final["end_values"].append(plants_left)


def _add_step(m: pyo.ConcreteModel, name: str, domain: Any, past: Any, most: Any) -> None:
    """A variable over stages and all nodes with its values in the past and upper bounds in the horizon."""
    setattr(m, f"most_{name}", array_param(np.concatenate([past, most], axis=1), m.STAGES, m.ALL_NODES))
    least = np.concatenate([past, np.zeros(most.shape)], axis=1)
    if past.any():
        setattr(m, f"least_{name}", array_param(least, m.STAGES, m.ALL_NODES))

    def bounds(m: Any, p: Any, i: Any, n: Any) -> Any:
        low = getattr(m, f"least_{name}")[p, i, n] if past.any() else 0
        return low, getattr(m, f"most_{name}")[p, i, n]

    setattr(m, name, Var(m.STAGES, m.ALL_NODES, domain=domain, bounds=bounds))


def _add_effects(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Terms of what commissioned projects bring: capacity of sources, stores and processes, money into funds, less demand."""
    block = data.financing
    m.EFFECTS = pyo.Set(initialize=[e.number for e in block.effects])
    steps = [(e.number, r) for e in block.effects for r in range(e.steps)]
    by_number = {e.number: e for e in block.effects}
    m.EFFECT_STEPS = pyo.Set(dimen=2, initialize=steps)
    m.increment = array_param(np.array([e.increment for e in block.effects], dtype=float), m.EFFECTS)
    m.effect_project = array_param(np.array([e.project for e in block.effects], dtype=object), m.EFFECTS)
    m.effect_stage = array_param(np.array([e.after for e in block.effects], dtype=object), m.EFFECTS)
    since = [block.since((by_number[x].project, by_number[x].after), r) for x, r in steps]
    m.commissioned = back_param(m, since, m.EFFECT_STEPS)
    lasting = [(x, r) for x, r in steps if x not in data.abandonment.effects]
    for kind, index, name in (
        ("supply", m.SOURCES, "SUPPLY_EFFECTS_OF"),
        ("capacity", m.STORES, "CAPACITY_EFFECTS_OF"),
        ("revenue", m.FUNDS, "REVENUE_EFFECTS_OF"),
    ):
        chosen = [(x, r) for x, r in lasting if by_number[x].kind == kind]
        setattr(m, name, grouped(index, members_by(chosen, lambda xr: by_number[xr[0]].name), dimen=2))
    _add_effects_on_processing(m, [(x, r) for x, r in lasting if by_number[x].kind == "process"], by_number, ledger)
    _add_effects_on_demand(m, [(x, r) for x, r in lasting if by_number[x].kind == "demand"], by_number, ledger)
    ledger.supply.append(lambda m, k, n: sum(_available(m, x, r, n) for x, r in m.SUPPLY_EFFECTS_OF[k]))
    ledger.room.append(lambda m, w, n: sum(_available(m, x, r, n) for x, r in m.CAPACITY_EFFECTS_OF[w]))
    ledger.income.append(lambda m, f, n: sum(_available(m, x, r, n) for x, r in m.REVENUE_EFFECTS_OF[f]))
    counted = dict(zip(data.funds.names, data.funds.counted, strict=True))
    m.COUNTED_REVENUE = pyo.Set(
        dimen=2,
        initialize=[(x, r) for x, r in lasting if by_number[x].kind == "revenue" and counted[by_number[x].name] > 0],
    )
    if any(e.kind == "revenue" for e in block.effects):
        ledger.costs["revenue"].append(lambda m, n: sum(-_available(m, x, r, n) for x, r in m.COUNTED_REVENUE))


def _add_effects_on_processing(
    m: pyo.ConcreteModel, steps: list[tuple[int, int]], effects: dict[int, Effect], ledger: Ledger
) -> None:
    """Capacity of processes; ``steps`` are those of their ramps."""
    if steps:
        m.PROCESS_EFFECTS_OF = grouped(m.PROCESSES, members_by(steps, lambda xr: effects[xr[0]].name), dimen=2)
        ledger.throughput.append(lambda m, j, n: sum(_available(m, x, r, n) for x, r in m.PROCESS_EFFECTS_OF[j]))


def _add_effects_on_demand(
    m: pyo.ConcreteModel, steps: list[tuple[int, int]], effects: dict[int, Effect], ledger: Ledger
) -> None:
    """Shares of demand that fall away; ``steps`` are those of their ramps."""
    if steps:
        m.DEMAND_EFFECTS_OF = grouped(m.DEMANDS, members_by(steps, lambda xr: effects[xr[0]].pair), dimen=2)
        m.FALLING = pyo.Set(dimen=4, initialize=[(*effects[x].pair, x, r) for x, r in steps])
        ledger.decided["falling"] = Quantity(
            m.FALLING, lambda m, e, g, x, r, n: m.demand[e, g, n] * _available(m, x, r, n)
        )
        ledger.spared.append(lambda m, e, g, n: sum(_available(m, x, r, n) for x, r in m.DEMAND_EFFECTS_OF[e, g]))
        of_all = [(effects[x].sector, x, r) for x, r in steps]
        m.FALLING_OF = grouped(m.GOODS, members_by(of_all, lambda exr: effects[exr[1]].name), dimen=3)
        ledger.spared_of_all.append(
            lambda m, g, n: sum(m.demand[e, g, n] * _available(m, x, r, n) for e, x, r in m.FALLING_OF[g])
        )


def _available(m: Any, x: Any, r: Any, n: Any) -> Any:
    """What step r of an effect's ramp adds at a node: its increment once the stage was verified r periods ago."""
    return m.increment[x] * m.started[m.effect_project[x], m.effect_stage[x], m.commissioned[x, r, n]]


def plants_left(m: Any, n: Any) -> Any:
    r"""Projects whose last stage is verified are worth something at the end of the horizon.

    .. math:: \mathit{final}_{\mathrm{end\_values},n} \ni -\sum_p \omega_p\, x_{p,I_p,n}, \quad n \in \text{leaves}

    I is the last stage of a project; a stage is released only if its milestone falls in the horizon, unless a shock delays
    it: then its releases count that have ended.  Units: money.
    """
    return sum(-m.end_value[p, i] * m.started[p, i, m.at_end[p, i, n]] for p, i in m.VALUED)


def add_financing_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of releases, precedence, exclusive groups, tranches and shares."""
    block = data.financing
    place = {stage: i for i, stage in enumerate(block.stages)}
    m.REQUIRES = pyo.Set(dimen=4, initialize=[r for r in block.requires if r not in data.abandonment.needed])
    m.verified = back_param(m, [block.since(stage) for stage in block.stages], m.STAGES)
    m.due = lag_param(m, data, block.due_lag, m.STAGES)
    m.shifts = bool(block.shifted)
    if block.shifted:
        m.SHIFTED = grouped(m.STAGES, {stage: [stage] for stage in block.shifted}, dimen=2)
        m.STEADY = grouped(m.STAGES, {s: [s] for s in block.stages if s not in block.shifted}, dimen=2)
        m.verified_before = back_param(m, [block.since(stage, 1) for stage in block.stages], m.STAGES)
    m.stage_cost = array_param(block.cost, m.STAGES)
    _add_doubts(m, data)
    add_rows(m, m.STAGES, m.NODES, rule=releases_add_up)
    add_rows(m, m.REQUIRES, m.NODES, rule=tranche_needs_verified_milestone)
    m.OFFTAKES = pyo.Set(dimen=3, initialize=block.offtakes)
    add_rows(m, m.OFFTAKES, m.NODES, rule=tranche_needs_signed_contract)
    m.GROUPS = pyo.Set(initialize=list(block.groups))
    m.PROJECTS_IN = grouped(m.GROUPS, block.groups)
    add_rows(m, m.GROUPS, m.NODES, rule=one_of_a_group)
    add_rows(m, m.STAGES, m.NODES, rule=tranche_is_paid)
    least = {key: low for key, (low, _) in block.shares.items() if low > 0}
    most = {key: high for key, (_, high) in block.shares.items() if high < 1}
    m.WITH_LEAST_SHARE = pyo.Set(dimen=3, within=m.FINANCING, initialize=list(least))
    m.WITH_MOST_SHARE = pyo.Set(dimen=3, within=m.FINANCING, initialize=list(most))
    m.least_share = array_param(np.array(list(least.values()), dtype=float), m.WITH_LEAST_SHARE)
    m.most_share = array_param(np.array(list(most.values()), dtype=float), m.WITH_MOST_SHARE)
    add_rows(m, m.WITH_LEAST_SHARE, m.NODES, rule=fund_pays_least_share)
    add_rows(m, m.WITH_MOST_SHARE, m.NODES, rule=fund_pays_most_share)
    matched = [stage for stage in block.stages if stage in block.private_share and block.cost[place[stage]] > 0]
    m.MATCHED = pyo.Set(dimen=2, within=m.STAGES, initialize=matched)
    m.private_share = array_param(np.array([block.private_share[s] for s in matched], dtype=float), m.MATCHED)
    private = {s: [f for p, i, f in block.shares if (p, i) == s and f in data.funds.private] for s in matched}
    m.PRIVATE_FUNDS_OF = grouped(m.MATCHED, private)
    add_rows(m, m.MATCHED, m.NODES, rule=private_match)


def _add_doubts(m: pyo.ConcreteModel, data: Data) -> None:
    """Sets of the stages whose tranche is due with their milestone, if they reach it, and of all the others."""
    late, block = data.abandonment.late, data.financing
    moved = [stage for stage in block.stages if stage in block.shifted and stage in block.late and stage not in late]
    m.in_doubt, m.due_moves = bool(late or moved), bool(moved)
    if m.in_doubt:
        m.DUE_IF_REACHED = grouped(m.STAGES, {stage: [stage] for stage in late}, dimen=2)
        sure = [stage for stage in block.stages if stage not in late and stage not in moved]
        m.DUE_AT_ALL = grouped(m.STAGES, {s: [s] for s in sure}, dimen=2)
        m.DUE_WHEN_ENDED = grouped(m.STAGES, {s: [s] for s in moved}, dimen=2)


def _is_due(m: Any, p: Any, i: Any, n: Any) -> Any:
    """1 where the tranche of a stage is due: some periods after its release, unless its project was abandoned meanwhile."""
    if not m.in_doubt:
        return m.go[p, i, m.due[p, i, n]]
    due = sum(m.go[q, j, m.due[q, j, n]] for q, j in m.DUE_AT_ALL[p, i])
    if hasattr(m, "milestone"):
        due = due + sum(m.milestone[q, j, n] for q, j in m.DUE_IF_REACHED[p, i])
    if m.due_moves:
        due = due + sum(ended_between(m, q, j, n) for q, j in m.DUE_WHEN_ENDED[p, i])
    return due


def releases_add_up(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""A stage has been released once it was released on the path, at most once.

    .. math:: x_{p,i,n} = x_{p,i,a(n)} + \mathit{go}_{p,i,n}, \quad x \le 1

    go is 0 where the stage is not open: outside the project's window, or with a milestone beyond the horizon.  Units: 1.
    """
    return m.started[p, i, n] == m.started[p, i, m.parent[n]] + m.go[p, i, n]


def tranche_needs_verified_milestone(m: Any, p: Any, i: Any, q: Any, j: Any, n: Any) -> Any:
    r"""Release a stage only after every milestone that it needs is verified, that of the stage before among them.

    .. math:: x_{p,i,n} \le x_{q,j,\,n-d_{q,j}}

    x is 1 once the tranche of a stage has been released on the path to node n; d is the duration of the needed stage, so
    that the right side is 1 once its milestone is verified.  Where shocks change durations, n - d is the latest release
    that has ended, max over the periods t up to n of t - d(t): a stage ends once it has run for as long as its duration in
    force.  Units: 1.
    Source: the step form of precedence, Pritsker, Watters and Wolfe (1969), as strengthened by Christofides et al. (1987).
    """
    return m.started[p, i, n] <= m.started[q, j, m.verified[q, j, n]]


def tranche_needs_signed_contract(m: Any, p: Any, i: Any, c: Any, n: Any) -> Any:
    r"""Release a stage only once the contracts that it needs are signed: whoever lends asks for an offtake first.

    .. math:: x_{p,i,n} \le \sigma_{c,n}

    sigma is 1 once contract c has been signed, in the same period or before; whether it still runs does not matter.
    Units: 1.  Source: why lenders ask for them, LexisNexis,
    practice note Offtake contracts, key issues for project finance lenders.
    """
    return m.started[p, i, n] <= m.signed[c, n]


def one_of_a_group(m: Any, u: Any, n: Any) -> Any:
    r"""At most one project of an exclusive group is started.

    .. math:: \sum_{p \in u} x_{p,1,n} \le 1

    Units: 1.
    """
    return sum(m.started[p, 1, n] for p in m.PROJECTS_IN[u]) <= 1


def tranche_is_paid(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""The funds together pay the cost of a stage when it is due: on release, or when its milestone is verified.

    .. math:: \sum_f \mathit{tranche}_{p,i,f,n} = c_{p,i}\, \mathit{go}_{p,i,\,n-\delta_{p,i}}

    delta is 0 for payment on release and the stage's duration for payment on verification; where abandonment may come
    between, the verified milestone v stands for go, and where shocks change the duration what has ended by n and not by
    its parent.  Units: money.
    """
    return sum(m.tranche[p, i, f, n] for f in m.FUNDS_OF[p, i]) == m.stage_cost[p, i] * _is_due(m, p, i, n)


def fund_pays_least_share(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""A fund pays at least its share of a tranche.

    .. math:: \mathit{tranche}_{p,i,f,n} \ge \underline\phi_{p,i,f}\, c_{p,i}\, \mathit{go}_{p,i,\,n-\delta_{p,i}}

    Units: money.
    """
    return m.tranche[p, i, f, n] >= m.least_share[p, i, f] * m.stage_cost[p, i] * _is_due(m, p, i, n)


def fund_pays_most_share(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""A fund pays at most its share of a tranche.

    .. math:: \mathit{tranche}_{p,i,f,n} \le \bar\phi_{p,i,f}\, c_{p,i}\, \mathit{go}_{p,i,\,n-\delta_{p,i}}

    Units: money.
    """
    return m.tranche[p, i, f, n] <= m.most_share[p, i, f] * m.stage_cost[p, i] * _is_due(m, p, i, n)


def private_match(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""Private funds together match at least the project's private share of every tranche.

    .. math:: \sum_{f \in \text{private}} \mathit{tranche}_{p,i,f,n} \ge \mu_p\, c_{p,i}\, \mathit{go}_{p,i,\,n-\delta_{p,i}}

    Units: money.
    """
    return sum(m.tranche[p, i, f, n] for f in m.PRIVATE_FUNDS_OF[p, i]) >= m.private_share[p, i] * m.stage_cost[
        p, i
    ] * _is_due(m, p, i, n)
