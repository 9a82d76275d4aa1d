"""Exposure: what funds have paid for milestones that are still open, and what projects owe them, is capped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Quantity, Term
from stockpile.models.parameters import add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_exposure(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``granted`` (what has been paid of a tranche that does not come back) and the caps; nothing without caps."""
    block, nodes = data.exposure, data.nodes
    if not block.funds and not block.projects and not block.pairs:
        return
    m.GRANTS = pyo.Set(dimen=3, initialize=block.grants)
    shape = (len(block.grants), len(nodes.horizon))
    m.most_granted = array_param(nodes.with_past(np.full(shape, np.inf)), m.GRANTS, m.ALL_NODES)
    m.granted = Var(
        m.GRANTS,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (0, m.most_granted[p, i, f, n]),
    )
    m.verified_grant = lag_param(m, data, block.wait, m.GRANTS)
    add_rows(m, m.GRANTS, m.NODES, rule=grants_add_up)
    _add_doubtful(m, data)
    loans = [key for key, kept in zip(data.loans.keys, data.loans.tracked, strict=True) if kept]
    at_risk = [*block.grants, *loans]
    lenders, owners = {f for _, _, f in at_risk}, {p for p, _, _ in at_risk}
    funds = [i for i, f in enumerate(block.funds) if f in lenders]
    projects = [i for i, p in enumerate(block.projects) if p in owners]
    m.EXPOSED_FUNDS = pyo.Set(within=m.FUNDS, initialize=[block.funds[i] for i in funds])
    m.EXPOSED_PROJECTS = pyo.Set(initialize=[block.projects[i] for i in projects])
    lost = [key for key, losable in zip(data.loans.keys, data.loans.losable, strict=True) if losable]
    safe = [key for key in block.grants if key not in block.doubtful]
    for name, keys in (("GRANTS", safe), ("DOUBTFUL", block.doubtful), ("LOANS", loans), ("LOSSES", lost)):
        setattr(m, f"{name}_OF_FUND", grouped(m.EXPOSED_FUNDS, members_by(keys, lambda key: key[2]), dimen=3))
        setattr(m, f"{name}_OF_PROJECT", grouped(m.EXPOSED_PROJECTS, members_by(keys, lambda key: key[0]), dimen=3))
    m.fund_room = array_param(block.fund_room[funds], m.EXPOSED_FUNDS, m.NODES)
    m.project_room = array_param(block.project_room[projects], m.EXPOSED_PROJECTS, m.NODES)
    fund, project = _at_risk("FUND"), _at_risk("PROJECT")
    for at, keys, add in (("DOUBTFUL", block.doubtful, _doubtful), ("LOSSES", lost, _losses)):
        if keys:
            fund, project = add(fund, f"{at}_OF_FUND"), add(project, f"{at}_OF_PROJECT")
    m.fund_risk, m.project_risk = fund, project
    _add_parts(m, {"unverified": safe, "doubtful": block.doubtful, "principal": loans, "lost": lost})
    add_rows(m, m.EXPOSED_FUNDS, m.NODES, rule=exposure_of_fund)
    add_rows(m, m.EXPOSED_PROJECTS, m.NODES, rule=exposure_of_project)


def _add_parts(m: pyo.ConcreteModel, keys: Mapping[str, Sequence[Any]]) -> None:
    """The parts of what is at risk by project, stage and fund, for policies."""
    terms: dict[str, Term] = {
        "unverified": _unverified,
        "doubtful": lambda m, p, i, f, n: m.at_risk[p, i, f, n],
        "principal": lambda m, p, i, f, n: m.principal[p, i, f, n],
        "lost": _lost,
    }
    for name, members in keys.items():
        if members:
            setattr(m, f"AT_RISK_{name}", pyo.Set(dimen=3, initialize=list(members)))
            m.ledger.decided[name] = Quantity(getattr(m, f"AT_RISK_{name}"), terms[name])


def _add_doubtful(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``at_risk`` of grants that abandonment may lose, and sets that tell them from the others."""
    block = data.exposure
    if not block.doubtful:
        return
    m.DOUBTFUL = pyo.Set(dimen=3, within=m.GRANTS, initialize=block.doubtful)
    m.at_risk = Var(m.DOUBTFUL, m.NODES, domain=pyo.NonNegativeReals)
    m.most_doubtful = array_param(block.most, m.DOUBTFUL)
    m.CASES = pyo.Set(initialize=("open", "lost"))
    m.case_open = array_param(np.array([1.0, 0.0]), m.CASES)
    m.case_lost = array_param(np.array([0.0, 1.0]), m.CASES)
    add_rows(m, m.DOUBTFUL, m.CASES, m.NODES, rule=grant_is_at_risk)


def _unverified(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What was paid of a grant whose milestone is still open."""
    return m.granted[p, i, f, n] - m.granted[p, i, f, m.verified_grant[p, i, f, n]]


def _lost(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What was written off, less what came back of it."""
    return m.written_off[p, i, f, n] - m.recovery[p, i, f] * m.written_off[p, i, f, m.recovered[p, i, f, n]]


def _at_risk(of: str) -> Term:
    """What is at risk of the grants and of the principal of a fund or project."""
    return lambda m, k, n: (
        sum(_unverified(m, p, i, f, n) for p, i, f in getattr(m, f"GRANTS_OF_{of}")[k])
        + sum(m.principal[p, i, f, n] for p, i, f in getattr(m, f"LOANS_OF_{of}")[k])
    )


def _doubtful(risk: Term, members: str) -> Term:
    """With grants to projects that may be abandoned."""
    return lambda m, k, n: risk(m, k, n) + sum(m.at_risk[p, i, f, n] for p, i, f in getattr(m, members)[k])


def _losses(risk: Term, members: str) -> Term:
    """With what was written off, less what came back of it."""
    return lambda m, k, n: risk(m, k, n) + sum(_lost(m, p, i, f, n) for p, i, f in getattr(m, members)[k])


def grant_is_at_risk(m: Any, p: Any, i: Any, f: Any, case: Any, n: Any) -> Any:
    r"""Of a project that may be abandoned a grant is at risk while its milestone is open, and lost from abandonment on.

    .. math:: R_{p,i,f,n} \ge T_{p,i,f,n} - T_{p,i,f,\,n-d_{p,i}}, \quad
        R_{p,i,f,n} \ge T_{p,i,f,n} - \bar\phi_{p,i,f}\, c_{p,i} (1 - a_{p,n})

    Units: money.
    """
    return m.at_risk[p, i, f, n] >= m.case_open[case] * _unverified(m, p, i, f, n) + m.case_lost[case] * (
        m.granted[p, i, f, n] - m.most_doubtful[p, i, f] * (1 - m.abandoned[p, n])
    )


def grants_add_up(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""What a fund has paid so far of a tranche that is due at the release.

    .. math:: T_{p,i,f,n} = T_{p,i,f,a(n)} + \mathit{tranche}_{p,i,f,n}

    Units: money.
    """
    return m.granted[p, i, f, n] == m.granted[p, i, f, m.parent[n]] + m.tranche[p, i, f, n]


def exposure_of_fund(m: Any, f: Any, n: Any) -> Any:
    r"""Grants for milestones that are still open, and principal, stay within the exposure limit of a fund.

    .. math:: \sum_{p,i} (T_{p,i,f,n} - T_{p,i,f,\,n-d_{p,i}}) + \sum_{l \in L_f} P_{l,n} \le \bar X_f

    Principal P is that of loans, with the interest that was added, and of equity; of it, what was paid for an open milestone
    is unverified and the rest outstanding.  In projects that may be abandoned R stands for the grants, and what was written
    off less what came back of it is added to P.  What loans with dates still owe is taken off the limit.  Units: money.
    """
    return m.fund_risk(m, f, n) <= m.fund_room[f, n]


def exposure_of_project(m: Any, p: Any, n: Any) -> Any:
    r"""The same for what all funds together have paid to a project.

    .. math:: \sum_{i,f} (T_{p,i,f,n} - T_{p,i,f,\,n-d_{p,i}}) + \sum_{l \in L_p} P_{l,n} \le \bar X_p

    Units: money.
    """
    return m.project_risk(m, p, n) <= m.project_room[p, n]
