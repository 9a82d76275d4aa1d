"""Alternatives: stages that need the milestones, and the contracts, of one of several sets."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import Var


def add_alternatives(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``pick``: an alternative lets a stage be released; it may stay continuous, since milestones are 0 or 1."""
    needs, offtakes = data.financing.alternatives, data.financing.offtake_alternatives
    if not needs and not offtakes:
        return
    alternatives = list(dict.fromkeys(need[:3] for need in (*needs, *offtakes)))
    ways = members_by(alternatives, lambda pia: pia[:2])
    m.CHOOSING = pyo.Set(dimen=2, within=m.STAGES, initialize=list(ways))
    m.ALTERNATIVES = pyo.Set(dimen=3, initialize=alternatives)
    m.ALTERNATIVES_OF = grouped(m.CHOOSING, {stage: [a for _, _, a in way] for stage, way in ways.items()})
    m.pick = Var(m.ALTERNATIVES, m.NODES, domain=pyo.UnitInterval)
    doubtful = data.abandonment.needed_alternatives
    m.ALTERNATIVE_NEEDS = pyo.Set(dimen=5, initialize=[need for need in needs if need not in doubtful])
    m.ALTERNATIVE_NEEDS_REACHED = pyo.Set(dimen=5, initialize=doubtful)
    add_rows(m, m.CHOOSING, m.NODES, rule=tranche_needs_an_alternative)
    add_rows(m, m.ALTERNATIVE_NEEDS, m.NODES, rule=alternative_needs_verified_milestone)
    add_rows(m, m.ALTERNATIVE_NEEDS_REACHED, m.NODES, rule=alternative_needs_reached_milestone)
    m.ALTERNATIVE_OFFTAKES = pyo.Set(dimen=4, initialize=offtakes)
    add_rows(m, m.ALTERNATIVE_OFFTAKES, m.NODES, rule=alternative_needs_signed_contract)


def tranche_needs_an_alternative(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""Release a stage that has alternatives only where one of them is fulfilled.

    .. math:: x_{p,i,n} \le \sum_{a \in A_{p,i}} z_{p,i,a,n}

    z is above 0 only where every milestone of alternative a is verified; x and the milestones are whole, so that z need
    not be.  Units: 1.
    """
    return m.started[p, i, n] <= sum(m.pick[p, i, a, n] for a in m.ALTERNATIVES_OF[p, i])


def alternative_needs_verified_milestone(m: Any, p: Any, i: Any, a: Any, q: Any, j: Any, n: Any) -> Any:
    r"""An alternative is fulfilled only once every milestone that it names is verified.

    .. math:: z_{p,i,a,n} \le x_{q,j,\,n-d_{q,j}}

    Units: 1.
    """
    return m.pick[p, i, a, n] <= m.started[q, j, m.verified[q, j, n]]


def alternative_needs_reached_milestone(m: Any, p: Any, i: Any, a: Any, q: Any, j: Any, n: Any) -> Any:
    r"""The same where the project of the milestone may be abandoned before.

    .. math:: z_{p,i,a,n} \le V_{q,j,n}

    V is 1 once the milestone was verified.  Units: 1.
    """
    return m.pick[p, i, a, n] <= m.reached[q, j, n]


def alternative_needs_signed_contract(m: Any, p: Any, i: Any, a: Any, c: Any, n: Any) -> Any:
    r"""An alternative that names contracts is fulfilled only once they are signed.

    .. math:: z_{p,i,a,n} \le \sigma_{c,n}

    Units: 1.
    """
    return m.pick[p, i, a, n] <= m.signed[c, n]
