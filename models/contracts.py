"""Contracts: signed once or never, then amounts are called between two rates, and the lower one is paid for at least."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_contracts(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``sign`` (a contract is signed), ``signed`` (it has been), ``call`` (of its least rate, and beyond it); and
    where some wait for a project ``commenced`` (a contract has begun).

    What is called arrives after the lead time of the source and is paid then.  Nothing where there are no contracts.
    """
    block, nodes = data.contracts, data.nodes
    if not block.names:
        return
    m.CONTRACTS = pyo.Set(initialize=block.names)
    whole, follows = (pyo.UnitInterval, pyo.Binary) if nodes.branches else (pyo.Binary, pyo.UnitInterval)
    at, since = block.signed_before(len(nodes.past))
    _add_step(m, "sign", whole, at, block.open)
    ledger.decided["signing"] = Quantity(m.CONTRACTS, lambda m, c, n: m.sign[c, n])
    _add_step(m, "signed", follows, since, np.ones(block.open.shape))
    m.some_wait = bool(block.awaited)
    if m.some_wait:
        began = block.begun_before(len(nodes.past))
        _add_step(m, "commenced", pyo.UnitInterval, began, np.ones(block.open.shape))
    if block.ages:
        m.SIGNED_BEFORE = pyo.Set(within=m.CONTRACTS, initialize=list(block.ages))
    rows = block.rows([c for c, _, _ in block.calls])
    m.BANDS = pyo.Set(dimen=2, initialize=block.bands)
    m.CONTRACT_CALLS = pyo.Set(dimen=3, initialize=block.calls)
    m.most_called = array_param(nodes.with_past(block.rate_of_calls), m.CONTRACT_CALLS, m.ALL_NODES)
    m.call = Var(
        m.CONTRACT_CALLS,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, c, b, p, n: (0, m.most_called[c, b, p, n]),
    )
    m.called_at = lag_param(m, data, block.lead[rows], m.CONTRACT_CALLS)
    _add_deliveries(m, data, ledger)
    _add_spending(m, data, ledger)
    _add_effort(m, data, ledger)


def _add_step(m: pyo.ConcreteModel, name: str, domain: Any, past: Any, most: Any) -> None:
    """A variable over contracts and all nodes with its values in the past and upper bounds in the horizon."""
    setattr(m, f"most_{name}", array_param(np.concatenate([past, most], axis=1), m.CONTRACTS, m.ALL_NODES))
    least = np.concatenate([past, np.zeros(most.shape)], axis=1)
    if past.any():
        setattr(m, f"least_{name}", array_param(least, m.CONTRACTS, m.ALL_NODES))

    def bounds(m: Any, c: Any, n: Any) -> Any:
        low = getattr(m, f"least_{name}")[c, n] if past.any() else 0
        return low, getattr(m, f"most_{name}")[c, n]

    setattr(m, name, Var(m.CONTRACTS, m.ALL_NODES, domain=domain, bounds=bounds))


def _add_deliveries(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What arrives of what was called a lead time before, less what is lost on its way; what is called at a source."""
    block, buying, stores = data.contracts, data.purchasing, data.stores
    source_of, good_of = block.source_of, buying.good_of
    m.contract_arrives = array_param(_of_sources(data, buying.arrive), m.CONTRACT_CALLS, m.NODES)

    def good(call: tuple[str, int, str]) -> str:
        return good_of[source_of[call[0]]]

    m.CALLS_OF = grouped(m.GOODS, members_by(block.calls, good), dimen=3)
    m.CALLS_AT = grouped(m.SOURCES, members_by(block.calls, lambda call: source_of[call[0]]), dimen=3)
    ledger.inflow.append(lambda m, g, n: sum(_arriving(m, c, b, p, n) for c, b, p in m.CALLS_OF[g]))
    ledger.decided["contract_delivery"] = Quantity(m.CONTRACT_CALLS, _arriving)
    ledger.called.append(lambda m, k, n: sum(m.call[c, b, p, n] for c, b, p in m.CALLS_AT[k]))
    at = [call for call in block.calls if source_of[call[0]] in stores.store_of]
    if at:
        places = members_by(at, lambda call: (good(call), stores.store_of[source_of[call[0]]]))
        m.CALLS_TO = grouped(m.DELIVERED, places, dimen=3)
        ledger.delivered.append(lambda m, g, w, n: sum(_arriving(m, c, b, p, n) for c, b, p in m.CALLS_TO[g, w]))


def _of_sources(data: Data, values: Any) -> Any:
    """(calls, N) values of the source of every call, from those of all sources."""
    source_of, sources = data.contracts.source_of, data.purchasing.sources
    return values[[sources.index(source_of[c]) for c, _, _ in data.contracts.calls]]


def _arriving(m: Any, c: Any, b: Any, p: Any, n: Any) -> Any:
    """What arrives at a node of what was called in a band, of the least rate or beyond it."""
    return m.contract_arrives[c, b, p, n] * m.call[c, b, p, m.called_at[c, b, p, n]]


def _add_spending(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Premiums are paid at signing; the least rate, and what is called beyond it, on arrival; a duty on what arrives."""
    block, nodes = data.contracts, data.nodes
    rows = np.array([block.bands.index(call[:2]) for call in block.calls], dtype=np.int64)
    price = block.price[rows]
    duty = _of_sources(data, data.purchasing.duty)
    m.contract_price = array_param(nodes.with_past(price), m.CONTRACT_CALLS, m.ALL_NODES)
    takes = [i for i, (_, _, part) in enumerate(block.calls) if part == "least"]
    lead = block.lead[block.rows([c for c, _, _ in block.calls])]
    m.LEAST = pyo.Set(dimen=3, within=m.CONTRACT_CALLS, initialize=[block.calls[i] for i in takes])
    m.MORE = pyo.Set(dimen=3, within=m.CONTRACT_CALLS, initialize=[call for call in block.calls if call[2] == "more"])
    m.least_begun = lag_param(m, data, (block.first[rows] + lead)[takes], m.LEAST)
    m.least_ended = lag_param(m, data, (block.after[rows] + lead)[takes], m.LEAST)
    ledger.spending["contracts"].append(take_or_pay)
    if block.premium.any():
        m.signing_premium = array_param(block.premium, m.CONTRACTS)
        ledger.spending["contracts"].append(lambda m, n: sum(m.signing_premium[c] * m.sign[c, n] for c in m.CONTRACTS))
    if duty.any():
        m.contract_duty = array_param(duty, m.CONTRACT_CALLS, m.NODES)
        ledger.spending["duties"].append(
            lambda m, n: sum(
                m.contract_duty[c, b, p, n]
                * m.contract_price[c, b, p, m.called_at[c, b, p, n]]
                * _arriving(m, c, b, p, n)
                for c, b, p in m.CONTRACT_CALLS
            )
        )


def _add_effort(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Calls take of resources what orders of their source take for a unit, and deliveries what its deliveries take."""
    block, uses = data.contracts, data.resources.per_unit
    for kind, name in (("order", "calls"), ("delivery", "contract_deliveries")):
        each = {
            (r, *call): use
            for (r, k), use in uses[kind].items()
            for call in block.calls
            if block.source_of[call[0]] == k
        }
        if not each:
            continue
        users = pyo.Set(dimen=4, initialize=list(each))
        setattr(m, f"USE_OF_{name.upper()}", users)
        setattr(m, f"{name.upper()}_TAKING", grouped(m.RESOURCES, members_by(each, lambda use: use[0]), dimen=4))
        setattr(m, f"use_of_{name}", array_param(np.array(list(each.values())), users))
        ledger.effort.append(_effort_of_calls if kind == "order" else _effort_of_deliveries)


def _effort_of_calls(m: Any, r: Any, n: Any) -> Any:
    """What calls take of a resource."""
    return sum(m.use_of_calls[s, c, b, p] * m.call[c, b, p, n] for s, c, b, p in m.CALLS_TAKING[r])


def _effort_of_deliveries(m: Any, r: Any, n: Any) -> Any:
    """What arrives of calls takes of a resource."""
    return sum(
        m.use_of_contract_deliveries[s, c, b, p] * _arriving(m, c, b, p, n)
        for s, c, b, p in m.CONTRACT_DELIVERIES_TAKING[r]
    )


def add_contract_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that tie what is called to what has been signed."""
    block = data.contracts
    if not block.names:
        return
    m.band_first = lag_param(m, data, block.first, m.BANDS)
    m.band_after = lag_param(m, data, block.after, m.BANDS)
    add_rows(m, m.CONTRACTS, m.NODES, rule=signings_add_up)
    add_rows(m, m.CONTRACT_CALLS, m.NODES, rule=call_within_contract)
    if m.some_wait:
        _add_beginnings(m, data)


def _add_beginnings(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that let contracts begin; those of projects that may be abandoned wait for milestones that are in doubt."""
    block, ending = data.contracts, data.abandonment
    m.AT_ONCE = pyo.Set(within=m.CONTRACTS, initialize=[c for c in block.names if c not in block.awaited])
    m.WAITING = pyo.Set(within=m.CONTRACTS, initialize=list(block.awaited))
    sure = {c: [stage] for c, stage in block.awaited.items() if stage not in ending.awaited}
    doubtful = {c: [stage] for c, stage in block.awaited.items() if stage in ending.awaited}
    m.AWAITED_FOR_SURE = grouped(m.WAITING, sure, dimen=2)
    m.any_in_doubt = bool(doubtful)
    m.AWAITED_IN_DOUBT = grouped(m.WAITING, doubtful, dimen=2)
    bound = [c for c, (p, _) in block.awaited.items() if p in ending.projects]
    m.BINDING = pyo.Set(within=m.WAITING, initialize=bound)
    m.any_binds = bool(bound)
    m.PROJECT_BOUND = grouped(m.WAITING, {c: [block.awaited[c][0]] for c in bound})
    m.ran_out = lag_param(m, data, block.duration[block.rows(bound)], m.BINDING)
    add_rows(m, m.AT_ONCE, m.NODES, rule=contract_begins_as_signed)
    add_rows(m, m.WAITING, m.NODES, rule=beginning_needs_signature)
    add_rows(m, m.WAITING, m.NODES, rule=beginning_needs_commissioning)
    add_rows(m, m.WAITING, m.NODES, rule=contract_begins_with_both)
    add_rows(m, m.BINDING, m.NODES, rule=contract_stays_begun)
    add_rows(m, m.BINDING, m.NODES, rule=contract_binds_project)


def _begun(m: Any, c: Any, n: Any) -> Any:
    """1 once a contract has begun."""
    return m.commenced[c, n] if m.some_wait else m.signed[c, n]


def _commissioned(m: Any, c: Any, n: Any) -> Any:
    """1 once the project is commissioned for which a contract waits."""
    sure = sum(m.started[p, i, m.verified[p, i, n]] for p, i in m.AWAITED_FOR_SURE[c])
    return sure + sum(m.reached[p, i, n] for p, i in m.AWAITED_IN_DOUBT[c]) if m.any_in_doubt else sure


def signings_add_up(m: Any, c: Any, n: Any) -> Any:
    r"""A contract has been signed once it was signed on the path, at most once.

    .. math:: \sigma_{c,n} = \sigma_{c,a(n)} + \mathit{sign}_{c,n}, \quad \sigma \le 1

    sign is 0 outside the window of signing, and where nothing that is called later could arrive within the horizon.
    Units: 1.
    """
    return m.signed[c, n] == m.signed[c, m.parent[n]] + m.sign[c, n]


def call_within_contract(m: Any, c: Any, b: Any, p: Any, n: Any) -> Any:
    r"""Amounts are called while the contract runs: its least rate, and more up to its greatest.

    .. math:: \mathit{call}_{c,b,n} \le \underline q_{c,n} (\beta_{c,\,n-b} - \beta_{c,\,n-e_b}), \quad
        \mathit{more}_{c,b,n} \le (\bar q_{c,n} - \underline q_{c,n}) (\beta_{c,\,n-b} - \beta_{c,\,n-e_b})

    beta is 1 once the contract has begun: sigma, unless it waits for a project.  The periods since then are split into bands of one price each, from b on and before e: all periods of the duration
    where the price is that of the period of the call, one each where it is read when it begins.  Units: quantity per period.
    """
    return m.call[c, b, p, n] <= m.most_called[c, b, p, n] * (
        _begun(m, c, m.band_first[c, b, n]) - _begun(m, c, m.band_after[c, b, n])
    )


def contract_begins_as_signed(m: Any, c: Any, n: Any) -> Any:
    r"""A contract that waits for no project begins as it is signed.

    .. math:: \beta_{c,n} = \sigma_{c,n}

    Without any that waits, sigma stands for beta.  Units: 1.
    """
    return m.commenced[c, n] == m.signed[c, n]


def beginning_needs_signature(m: Any, c: Any, n: Any) -> Any:
    r"""A contract that waits for a project has begun only where it has been signed.

    .. math:: \beta_{c,n} \le \sigma_{c,n}

    Units: 1.
    """
    return m.commenced[c, n] <= m.signed[c, n]


def beginning_needs_commissioning(m: Any, c: Any, n: Any) -> Any:
    r"""It has begun only where the last milestone of its project is verified.

    .. math:: \beta_{c,n} \le x_{p_c,I_{p_c},\,n-d}

    I is the last stage of the project and d its duration; where the project may be abandoned, V of that stage stands on the
    right.  Units: 1.
    """
    return m.commenced[c, n] <= _commissioned(m, c, n)


def contract_begins_with_both(m: Any, c: Any, n: Any) -> Any:
    r"""It begins when both are there: neither side can put off what it owes.

    .. math:: \beta_{c,n} \ge \sigma_{c,n} + x_{p_c,I_{p_c},\,n-d} - 1 - b_{p_c,n}

    b is 1 where the project has been abandoned, if it may be: then a contract that has not begun never does.  Units: 1.
    """
    both = m.signed[c, n] + _commissioned(m, c, n) - 1
    if m.any_binds:
        both = both - sum(m.abandoned[p, n] for p in m.PROJECT_BOUND[c])
    return m.commenced[c, n] >= both


def contract_stays_begun(m: Any, c: Any, n: Any) -> Any:
    r"""What has begun does not become undone where its project is abandoned: what it costs at least is owed until it ends.

    .. math:: \beta_{c,n} \ge \beta_{c,a(n)}

    Units: 1.
    """
    return m.commenced[c, n] >= m.commenced[c, m.parent[n]]


def contract_binds_project(m: Any, c: Any, n: Any) -> Any:
    r"""A project is not abandoned while it delivers under a contract, nor does a contract begin with one that has been.

    .. math:: \beta_{c,n} - \beta_{c,\,n-D_c} + b_{p_c,n} \le 1

    D is the duration of the contract.  Units: 1.
    """
    return m.commenced[c, n] - m.commenced[c, m.ran_out[c, n]] + sum(m.abandoned[p, n] for p in m.PROJECT_BOUND[c]) <= 1


def take_or_pay(m: Any, n: Any) -> Any:
    r"""The least rate of a contract that runs is paid for, taken or not, and what is called beyond it.

    .. math:: \mathit{spending}_{\text{contracts},n} \ni \sum_{c,b} \alpha_{k_c,n}\, p_{c,b,\,n-\ell} \big( \underline q_{c,\,n-\ell}
        (\beta_{c,\,n-\ell-b} - \beta_{c,\,n-\ell-e_b}) + \mathit{more}_{c,b,\,n-\ell} \big)

    Both are paid a lead time after the call, as far as deliveries arrive then: what the seller fails to deliver need not be
    taken.  p is the price in force for the call.  Units: money.
    Source: minimum bill contracts, Masten and Crocker (1985), Efficient adaptation in long-term contracts: take-or-pay
    provisions for natural gas.
    """
    return sum(
        m.contract_price[c, b, p, m.called_at[c, b, p, n]]
        * m.contract_arrives[c, b, p, n]
        * m.most_called[c, b, p, m.called_at[c, b, p, n]]
        * (_begun(m, c, m.least_begun[c, b, p, n]) - _begun(m, c, m.least_ended[c, b, p, n]))
        for c, b, p in m.LEAST
    ) + sum(m.contract_price[c, b, p, m.called_at[c, b, p, n]] * _arriving(m, c, b, p, n) for c, b, p in m.MORE)
