"""Loans and equity: principal that grows until the project is commissioned, level annuities, dividends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Term
from stockpile.models.parameters import add_rows, back_param, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_loans(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``growing`` (principal before repayment) and ``entered`` (principal that has begun to be repaid); income."""
    block, nodes = data.loans, data.nodes
    _add_scheduled(m, data, ledger)
    if not block.keys:
        return
    m.LOANS = pyo.Set(dimen=3, initialize=block.keys)
    m.TRANCHE_OF = grouped(m.LOANS, {key: [key] for key in block.keys if key[1] > 0}, dimen=3)
    m.loan_growth = array_param(block.growth, m.LOANS)
    m.instalment = array_param(block.instalment, m.LOANS)
    m.last_stage = array_param(np.array(block.last, dtype=object), m.LOANS)
    owing = [(p, last, int(grace)) for (p, _, _), last, grace in zip(block.keys, block.last, block.grace, strict=True)]
    m.repayable = back_param(m, [data.financing.since((p, i), g) for p, i, g in owing], m.LOANS)
    m.repayable_before = back_param(m, [data.financing.since((p, i), g + 1) for p, i, g in owing], m.LOANS)
    m.repaid_from = lag_param(m, data, block.tenor + 1, m.LOANS)
    m.least_growing = array_param(nodes.from_opening(block.start, np.zeros(block.most.shape)), m.LOANS, m.ALL_NODES)
    m.most_growing = array_param(nodes.from_opening(block.start, block.most), m.LOANS, m.ALL_NODES)
    m.growing = Var(
        m.LOANS,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (m.least_growing[p, i, f, n], m.most_growing[p, i, f, n]),
    )
    m.least_entered = array_param(nodes.from_opening(block.begun, np.zeros(block.most.shape)), m.LOANS, m.ALL_NODES)
    m.most_entered = array_param(nodes.from_opening(block.begun, block.most), m.LOANS, m.ALL_NODES)
    m.entered = Var(
        m.LOANS,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (m.least_entered[p, i, f, n], m.most_entered[p, i, f, n]),
    )
    _add_principal(m, data, ledger)
    _add_write_offs(m, data)
    _add_income(m, data, ledger)


def _add_income(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What loans and equity bring: instalments and dividends, and what comes back of what was written off."""
    block = data.loans
    counted = dict(zip(data.funds.names, data.funds.counted, strict=True))
    lost = {key for key, losable in zip(block.keys, block.losable, strict=True) if losable}
    for name, keys, term in (
        ("SECURE", [key for key in block.keys if key not in lost], repayment),
        ("LOSABLE", [key for key in block.keys if key in lost], brought),
    ):
        if keys:
            setattr(m, f"{name}_OF", grouped(m.FUNDS, members_by(keys, lambda key: key[2]), dimen=3))
            setattr(m, f"COUNTED_{name}", pyo.Set(dimen=3, initialize=[key for key in keys if counted[key[2]] > 0]))
            ledger.income.append(_income(f"{name}_OF", term))
            if len(getattr(m, f"COUNTED_{name}")):
                ledger.costs["repayments"].append(_gain(f"COUNTED_{name}", term))


def _income(members: str, term: Term) -> Term:
    """What the loans of a fund bring at a node."""
    return lambda m, f, n: sum(term(m, p, i, g, n) for p, i, g in getattr(m, members)[f])


def _gain(members: str, term: Term) -> Term:
    """What loans bring at a node, as a cost."""
    return lambda m, n: sum(-term(m, p, i, f, n) for p, i, f in getattr(m, members))


def _add_principal(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``principal``: what is owed at the close, of the loans and equity whose principal some limit counts."""
    block = data.loans
    kept = np.flatnonzero(block.tracked)
    m.TRACKED = pyo.Set(dimen=3, within=m.LOANS, initialize=[block.keys[i] for i in kept])
    if not len(kept):
        return
    owed = (block.start + block.begun)[kept]
    least = data.nodes.from_opening(owed, np.zeros((len(kept), len(data.nodes.horizon))))
    most = data.nodes.from_opening(owed, np.full((len(kept), len(data.nodes.horizon)), np.inf))
    m.least_principal = array_param(least, m.TRACKED, m.ALL_NODES)
    m.limit_of_principal = array_param(most, m.TRACKED, m.ALL_NODES)
    m.amortised = array_param(1.0 - block.equity[kept], m.TRACKED)
    m.principal = Var(
        m.TRACKED,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (m.least_principal[p, i, f, n], m.limit_of_principal[p, i, f, n]),
    )
    if block.end_share.any():
        m.end_principal = array_param(block.end_share[kept], m.TRACKED)
        ledger.final["end_values"].append(principal_left)


def _add_write_offs(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables ``repaid`` and ``written_off`` (so far) of loans and equity in projects that may be abandoned."""
    block, nodes = data.loans, data.nodes
    kept = np.flatnonzero(block.losable)
    if not len(kept):
        return
    keys = [block.keys[i] for i in kept]
    m.LOSABLE = pyo.Set(dimen=3, within=m.LOANS, initialize=keys)
    m.repaid = Var(m.LOSABLE, m.NODES, domain=pyo.NonNegativeReals)
    m.most_lost = array_param(nodes.with_past(block.most[kept]), m.LOSABLE, m.ALL_NODES)
    m.written_off = Var(
        m.LOSABLE,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (0, m.most_lost[p, i, f, n]),
    )
    m.recovery = array_param(block.recovery[kept], m.LOSABLE)
    m.recovered = lag_param(m, data, block.recovery_lag[kept], m.LOSABLE)
    m.recovered_before = lag_param(m, data, block.recovery_lag[kept] + 1, m.LOSABLE)


def _add_scheduled(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What loans from before bring whose instalments have dates: amounts that no decision changes."""
    repaid = data.loans.scheduled_by_fund(data.funds.names)
    if not repaid.any():
        return
    m.scheduled = array_param(repaid, m.FUNDS, m.NODES)
    ledger.income.append(lambda m, f, n: m.scheduled[f, n])
    if data.loans.end_scheduled[data.nodes.tree.leaves].any():
        m.end_scheduled = array_param(data.loans.end_scheduled, m.NODES)
        ledger.final["end_values"].append(lambda m, n: -m.end_scheduled[n])
    counted = data.funds.counted @ repaid
    if counted.any():
        m.counted_scheduled = array_param(counted, m.NODES)
        ledger.costs["repayments"].append(lambda m, n: -m.counted_scheduled[n])


def principal_left(m: Any, n: Any) -> Any:
    r"""What projects owe at the end of the horizon is worth something then.

    .. math:: \mathit{final}_{\mathrm{end\_values},n} \ni -\sum_l \omega_{f_l}\, P_{l,n}, \quad n \in \text{leaves}

    omega is the share of the principal that counts, 0 for a fund that the objective does not count.  Units: money.
    """
    return sum(-m.end_principal[p, i, f] * m.principal[p, i, f, n] for p, i, f in m.TRACKED)


def add_loan_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that let principal grow, begin to be repaid, and do so only then."""
    if not data.loans.keys:
        return
    m.most_principal = array_param(data.loans.most, m.LOANS, m.NODES)
    add_rows(m, m.LOANS, m.NODES, rule=principal_grows)
    m.TURNS = pyo.Set(initialize=("begins", "ends"))
    m.side_begins = array_param(np.array([1.0, 0.0]), m.TURNS)
    m.side_ends = array_param(np.array([0.0, 1.0]), m.TURNS)
    add_rows(m, m.LOANS, m.TURNS, m.NODES, rule=repayment_begins)
    block = data.loans
    kept = zip(block.keys, block.tracked, block.losable, strict=True)
    m.OWED = pyo.Set(dimen=3, initialize=[key for key, tracked, lost in kept if tracked and not lost])
    add_rows(m, m.OWED, m.NODES, rule=principal_is_owed)
    if block.losable.any():
        add_rows(m, m.LOSABLE, m.NODES, rule=principal_may_be_lost)
        add_rows(m, m.LOSABLE, m.SIDES, m.NODES, rule=repaid_until_abandoned)
        add_rows(m, m.LOSABLE, m.TURNS, m.NODES, rule=written_off_when_abandoned)


def repayment(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What a loan or equity brings its fund at a node: an instalment in each of the ``tenor`` periods after the first."""
    return m.instalment[p, i, f] * (m.entered[p, i, f, m.parent[n]] - m.entered[p, i, f, m.repaid_from[p, i, f, n]])


def brought(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What comes back at a node from a project that may be abandoned: instalments, and a share of what was written off."""
    return m.repaid[p, i, f, n] + m.recovery[p, i, f] * (
        m.written_off[p, i, f, m.recovered[p, i, f, n]] - m.written_off[p, i, f, m.recovered_before[p, i, f, n]]
    )


def principal_grows(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""Principal that is not yet being repaid grows by interest and tranches, until all of it begins to be repaid.

    .. math:: G_{l,n} = (1+r_l)\, G_{l,a(n)} + \mathit{tranche}_{l,n} - (E_{l,n} - E_{l,a(n)})

    l is a loan: what a fund lends a project for one stage, or lent it before the horizon. E is the principal that has begun
    to be repaid: from the next period on the fund gets the instalment r / (1 - (1+r)^-N) of it in each of N periods; what is
    being repaid at the start has begun in the period before, with the N that are left.
    Equity does not grow (r = 0), and brings its dividend on E for good.  Units: money.
    """
    return m.growing[p, i, f, n] == m.loan_growth[p, i, f] * m.growing[p, i, f, m.parent[n]] + sum(
        m.tranche[q, j, g, n] for q, j, g in m.TRANCHE_OF[p, i, f]
    ) - (m.entered[p, i, f, n] - m.entered[p, i, f, m.parent[n]])


def repayment_begins(m: Any, p: Any, i: Any, f: Any, side: Any, n: Any) -> Any:
    r"""All principal begins to be repaid, and only then, when the grace after the project's commissioning ends.

    .. math:: E_{l,n} - E_{l,a(n)} \le \bar G_{l,n} (x_{p,I,\,n-d-g} - x_{p,I,\,n-d-g-1}), \quad
        G_{l,n} \le \bar G_{l,n} (1 - x_{p,I,\,n-d-g})

    I is the last stage of the project, d its duration, g the grace, and the bar marks the most that can be owed by then.
    Units: money.
    """
    return m.side_begins[side] * (m.entered[p, i, f, n] - m.entered[p, i, f, m.parent[n]]) + m.side_ends[
        side
    ] * m.growing[p, i, f, n] <= m.most_principal[p, i, f, n] * (
        m.side_ends[side]
        + (m.side_begins[side] - m.side_ends[side]) * m.started[p, m.last_stage[p, i, f], m.repayable[p, i, f, n]]
        - m.side_begins[side] * m.started[p, m.last_stage[p, i, f], m.repayable_before[p, i, f, n]]
    )


def principal_is_owed(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""What is owed of a loan grows by interest and tranches and falls by instalments; equity stays.

    .. math:: P_{l,n} = (1+r_l)\, P_{l,a(n)} + \mathit{tranche}_{l,n} - \mathit{repaid}_{l,n}

    Units: money.
    """
    return m.principal[p, i, f, n] == m.loan_growth[p, i, f] * m.principal[p, i, f, m.parent[n]] + sum(
        m.tranche[q, j, g, n] for q, j, g in m.TRANCHE_OF[p, i, f]
    ) - m.amortised[p, i, f] * repayment(m, p, i, f, n)


def principal_may_be_lost(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""The same for a project that may be abandoned, where principal is written off as well.

    .. math:: P_{l,n} = (1+r_l)\, P_{l,a(n)} + \mathit{tranche}_{l,n} - \mathit{repaid}_{l,n} - (W_{l,n} - W_{l,a(n)})

    W is what has been written off.  Units: money.
    """
    return m.principal[p, i, f, n] == m.loan_growth[p, i, f] * m.principal[p, i, f, m.parent[n]] + sum(
        m.tranche[q, j, g, n] for q, j, g in m.TRANCHE_OF[p, i, f]
    ) - m.amortised[p, i, f] * m.repaid[p, i, f, n] - (m.written_off[p, i, f, n] - m.written_off[p, i, f, m.parent[n]])


def repaid_until_abandoned(m: Any, p: Any, i: Any, f: Any, side: Any, n: Any) -> Any:
    r"""Instalments and dividends end with abandonment.

    .. math:: \mathit{repaid}_{l,n} = (1 - a_{p,n})\, \rho_l (E_{l,a(n)} - E_{l,\,n-N-1})

    as the three rows of a product: rho is the instalment of a unit in repayment, which is no more than what can be owed.
    Units: money.
    """
    return (
        m.side_product[side] * m.repaid[p, i, f, n]
        + m.side_of[side] * repayment(m, p, i, f, n)
        + m.side_unless[side] * m.instalment[p, i, f] * m.most_principal[p, i, f, n] * m.abandoned[p, n]
        <= m.side_most[side] * m.instalment[p, i, f] * m.most_principal[p, i, f, n]
    )


def written_off_when_abandoned(m: Any, p: Any, i: Any, f: Any, side: Any, n: Any) -> Any:
    r"""Principal is written off when its project is abandoned, and all of it.

    .. math:: W_{l,n} - W_{l,a(n)} \le \bar G_{l,n}\, \mathit{abandon}_{p,n}, \quad P_{l,n} \le \bar G_{l,n} (1 - a_{p,n})

    Units: money.
    """
    return (
        m.side_begins[side]
        * (
            m.written_off[p, i, f, n]
            - m.written_off[p, i, f, m.parent[n]]
            - m.most_principal[p, i, f, n] * m.abandon[p, n]
        )
        + m.side_ends[side] * (m.principal[p, i, f, n] + m.most_principal[p, i, f, n] * m.abandoned[p, n])
        <= m.side_ends[side] * m.most_principal[p, i, f, n]
    )
