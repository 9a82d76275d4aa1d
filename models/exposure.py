"""Exposure: what funds have paid for milestones that are still open, and what projects owe them, is capped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.loans import Loan
from stockpile.models.ledger import Quantity, Term
from stockpile.models.parameters import add_rows, back_param, grouped, members_by
from stockpile.vector import Var, array_param

#: A guarantee: project, stage, guarantor and lender.
Backed = tuple[str, int, str, str]


def add_exposure(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``granted`` (what has been paid of a tranche that does not come back) and the caps; nothing without caps."""
    block, nodes = data.exposure, data.nodes
    if not block.funds and not block.projects and not block.pairs and not block.grants:
        return
    m.GRANTS = pyo.Set(dimen=3, initialize=block.grants)
    shape = (len(block.grants), len(nodes.horizon))
    m.least_granted = array_param(np.concatenate([block.paid, np.zeros(shape)], axis=1), m.GRANTS, m.ALL_NODES)
    m.most_granted = array_param(np.concatenate([block.paid, np.full(shape, np.inf)], axis=1), m.GRANTS, m.ALL_NODES)
    m.granted = Var(
        m.GRANTS,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (m.least_granted[p, i, f, n], m.most_granted[p, i, f, n]),
    )
    m.verified_grant = back_param(m, block.wait, m.GRANTS)
    add_rows(m, m.GRANTS, m.NODES, rule=grants_add_up)
    _add_doubtful(m, data)
    loans = [key for key, kept in zip(data.loans.keys, data.loans.tracked, strict=True) if kept]
    backed = [(p, i, g, f) for p, i, f, g in data.guarantees.keys]
    at_risk = [*block.grants, *loans]
    bearers, owners = {key[2] for key in [*at_risk, *backed]}, {p for p, _, _ in at_risk}
    funds = [i for i, f in enumerate(block.funds) if f in bearers]
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
    _add_backed(m, data, backed)
    fund, project = _unverified_of("FUND"), _unverified_of("PROJECT")
    if loans:
        fund, project = _owed(fund, "FUND", bool(backed)), _owed(project, "PROJECT", False)
    if block.doubtful:
        fund, project = _doubtful(fund, "DOUBTFUL_OF_FUND"), _doubtful(project, "DOUBTFUL_OF_PROJECT")
    if lost:
        fund, project = _losses(fund, "FUND", bool(backed)), _losses(project, "PROJECT", False)
    for name, members, term in (
        ("BACKED", backed, _backed_principal),
        ("BACKED_LOSSES", _losable(backed, lost), _backed_loss),
    ):
        if members:
            setattr(m, f"{name}_OF_FUND", grouped(m.EXPOSED_FUNDS, members_by(members, itemgetter(2)), dimen=4))
            fund = _with_backed(fund, f"{name}_OF_FUND", term)
    m.fund_risk, m.project_risk = fund, project
    parts = {"unverified": safe, "doubtful": block.doubtful, "principal": loans, "lost": lost}
    _add_parts(m, {**parts, "backed": backed, "backed_loss": _losable(backed, lost)}, bool(backed))
    add_rows(m, m.EXPOSED_FUNDS, m.NODES, rule=exposure_of_fund)
    add_rows(m, m.EXPOSED_PROJECTS, m.NODES, rule=exposure_of_project)


def _losable(backed: Sequence[Backed], lost: Sequence[Loan]) -> list[Backed]:
    """The guarantees of loans that may be written off."""
    return [(p, i, g, f) for p, i, g, f in backed if (p, i, f) in lost]


def _add_backed(m: pyo.ConcreteModel, data: Data, backed: Sequence[Backed]) -> None:
    """What lenders bear of their loans, and guarantors of those of others; nothing without guarantees."""
    if not backed:
        return
    left = dict.fromkeys(data.loans.keys, 1.0)
    for key, share in zip(data.guarantees.keys, data.guarantees.share, strict=True):
        left[key[:3]] -= float(share)
    m.borne = array_param(np.array([max(share, 0.0) for share in left.values()]), m.LOANS)


def _add_parts(m: pyo.ConcreteModel, keys: Mapping[str, Sequence[Any]], shared: bool) -> None:
    """The parts of what is at risk by project, stage and the fund that bears it, for policies."""
    terms: dict[str, Term] = {
        "unverified": _unverified,
        "doubtful": lambda m, p, i, f, n: m.at_risk[p, i, f, n],
        "principal": _borne(_principal) if shared else _principal,
        "lost": _borne(_lost) if shared else _lost,
        "backed": _backed_principal,
        "backed_loss": _backed_loss,
    }
    for name, members in keys.items():
        if members:
            setattr(m, f"AT_RISK_{name}", pyo.Set(dimen=len(members[0]), initialize=list(members)))
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


def _principal(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What is owed of a loan or of equity."""
    return m.principal[p, i, f, n]


def _borne(term: Term) -> Term:
    """Of a term of a loan what the lender bears itself."""
    return lambda m, p, i, f, n: m.borne[p, i, f] * term(m, p, i, f, n)


def _backed_principal(m: Any, p: Any, i: Any, g: Any, f: Any, n: Any) -> Any:
    """What a fund guarantees of what is owed of a loan."""
    return m.guaranteed_share[p, i, f, g] * _principal(m, p, i, f, n)


def _backed_loss(m: Any, p: Any, i: Any, g: Any, f: Any, n: Any) -> Any:
    """What a fund has lost of a loan that it guaranteed."""
    return m.guaranteed_share[p, i, f, g] * _lost(m, p, i, f, n)


def _unverified_of(of: str) -> Term:
    """What is at risk of the grants of a fund or project."""
    return lambda m, k, n: sum(_unverified(m, p, i, f, n) for p, i, f in getattr(m, f"GRANTS_OF_{of}")[k])


def _owed(risk: Term, of: str, shared: bool) -> Term:
    """With the principal that is owed; to a fund what it bears where it is shared."""
    owed = _borne(_principal) if shared else _principal
    return lambda m, k, n: risk(m, k, n) + sum(owed(m, p, i, f, n) for p, i, f in getattr(m, f"LOANS_OF_{of}")[k])


def _doubtful(risk: Term, members: str) -> Term:
    """With grants to projects that may be abandoned."""
    return lambda m, k, n: risk(m, k, n) + sum(m.at_risk[p, i, f, n] for p, i, f in getattr(m, members)[k])


def _losses(risk: Term, of: str, shared: bool) -> Term:
    """With what was written off, less what came back of it."""
    loss = _borne(_lost) if shared else _lost
    return lambda m, k, n: risk(m, k, n) + sum(loss(m, p, i, f, n) for p, i, f in getattr(m, f"LOSSES_OF_{of}")[k])


def _with_backed(risk: Term, members: str, term: Term) -> Term:
    """With what a fund bears of the loans that it guarantees."""
    return lambda m, k, n: risk(m, k, n) + sum(term(m, p, i, g, f, n) for p, i, g, f in getattr(m, members)[k])


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

    Before the root it is what was paid for a stage that was released before the horizon.  Units: money.
    """
    return m.granted[p, i, f, n] == m.granted[p, i, f, m.parent[n]] + m.tranche[p, i, f, n]


def exposure_of_fund(m: Any, f: Any, n: Any) -> Any:
    r"""Grants for milestones that are still open, and principal, stay within the exposure limit of a fund.

    .. math:: \sum_{p,i} (T_{p,i,f,n} - T_{p,i,f,\,n-d_{p,i}}) + \sum_{l \in L_f} (1 - \sum_g \sigma_{l,g}) P_{l,n}
        + \sum_l \sigma_{l,f} P_{l,n} \le \bar X_f

    Of a loan the share sigma counts for the fund that guarantees it, the rest for the lender.  Principal P is that of
    loans, with the interest that was added, and of equity; of it, what was paid for an open milestone is unverified and the
    rest outstanding.  In projects that may be abandoned R stands for the grants, and what was written off less what came
    back of it is added to P.  What loans with dates still owe is taken off the limit.  Units: money.
    """
    return m.fund_risk(m, f, n) <= m.fund_room[f, n]


def exposure_of_project(m: Any, p: Any, n: Any) -> Any:
    r"""The same for what all funds together have paid to a project.

    .. math:: \sum_{i,f} (T_{p,i,f,n} - T_{p,i,f,\,n-d_{p,i}}) + \sum_{l \in L_p} P_{l,n} \le \bar X_p

    Units: money.
    """
    return m.project_risk(m, p, n) <= m.project_room[p, n]
