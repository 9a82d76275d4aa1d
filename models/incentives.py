"""Incentives: funds pay for every unit that projects really deliver, up to a cap, whoever takes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_pinned, add_rows, add_sides, back_param, grouped, members_by
from stockpile.vector import Var, array_param


def add_incentives(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``qualifying`` (what is delivered that counts) and ``incentive`` (what is paid for it); nothing without any.

    Comes after the blocks that deliver: what counts is read from the ledger.
    """
    block = data.incentives
    if not block.names:
        return
    m.INCENTIVES = pyo.Set(initialize=block.names)
    m.qualifying = Var(m.INCENTIVES, m.NODES, domain=pyo.NonNegativeReals)
    m.incentive = Var(m.INCENTIVES, m.NODES, domain=pyo.NonNegativeReals)
    payers = list(zip(block.funds, block.names, strict=True))
    m.INCENTIVE_PAYERS = pyo.Set(dimen=2, initialize=payers)
    m.INCENTIVES_OF = grouped(
        m.FUNDS, {f: [z for _, z in rows] for f, rows in members_by(payers, lambda p: p[0]).items()}
    )
    ledger.decided["incentive"] = Quantity(m.INCENTIVE_PAYERS, lambda m, f, z, n: m.incentive[z, n])
    ledger.payments.append(lambda m, f, n: sum(m.incentive[z, n] for z in m.INCENTIVES_OF[f]))
    counts = dict(zip(data.funds.names, data.funds.counted, strict=True))
    m.COUNTED_INCENTIVES = pyo.Set(within=m.INCENTIVES, initialize=[z for f, z in payers if counts[f] > 0])
    if len(m.COUNTED_INCENTIVES):
        ledger.costs["incentives"].append(lambda m, n: sum(m.incentive[z, n] for z in m.COUNTED_INCENTIVES))


def add_incentive_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of what counts and of what is paid for it; where a cap may be reached variables ``earned``, ``awarded`` (both so far), ``exhausted``."""
    block = data.incentives
    if not block.names:
        return
    _add_output(m, data)
    passing = [i for i, term in enumerate(block.term) if term is not None or block.shared[i]]
    m.PASSING_INCENTIVES = pyo.Set(within=m.INCENTIVES, initialize=[block.names[i] for i in passing])
    lasting = [z for z in block.names if z not in m.PASSING_INCENTIVES]
    m.LASTING_INCENTIVES = pyo.Set(within=m.INCENTIVES, initialize=lasting)
    add_rows(m, m.LASTING_INCENTIVES, m.NODES, rule=delivery_qualifies)
    if passing:
        _add_windows(m, data, passing)
    m.incentive_rate = array_param(block.rate, m.INCENTIVES, m.NODES)
    m.PAID_IN_FULL = pyo.Set(within=m.INCENTIVES, initialize=[z for z in block.names if z not in block.capped])
    add_rows(m, m.PAID_IN_FULL, m.NODES, rule=incentive_is_paid)
    if block.capped:
        _add_caps(m, data)


def _add_windows(m: pyo.ConcreteModel, data: Data, passing: list[int]) -> None:
    """Rows of the incentives whose time begins with a milestone of one project among others, or ends some time after it."""
    block, nodes = data.incentives, data.nodes
    add_sides(m)
    never = np.zeros(len(nodes.horizon), dtype=np.int64)
    terms = [(block.stages[i], block.term[i]) for i in passing]
    m.window_open = back_param(m, [data.financing.since(stage) for stage, _ in terms], m.PASSING_INCENTIVES)
    over = [never if term is None else data.financing.since(stage, term) for stage, term in terms]
    m.window_over = back_param(m, over, m.PASSING_INCENTIVES)
    for name, parts in zip(("project", "stage"), zip(*(stage for stage, _ in terms), strict=True), strict=True):
        setattr(m, f"incentive_{name}", array_param(np.array(parts, dtype=object), m.PASSING_INCENTIVES))
    own, of_any = block.most[passing], block.most_of_any[passing]
    m.most_delivered = array_param(np.stack([of_any, of_any, own], axis=1), m.PASSING_INCENTIVES, m.SIDES, m.NODES)
    add_rows(m, m.PASSING_INCENTIVES, m.SIDES, m.NODES, rule=delivery_qualifies_in_window)


def _add_output(m: pyo.ConcreteModel, data: Data) -> None:
    """What projects deliver, in the parts that some incentive pays for."""
    block, parts = data.incentives, []
    for name, members, dimen in (
        ("delivery", block.orders, 2),
        ("contract_delivery", block.calls, 3),
        ("made", block.made, 2),
    ):
        if any(members):
            index = grouped(m.INCENTIVES, dict(zip(block.names, members, strict=True)), dimen=dimen)
            setattr(m, f"INCENTIVE_{name.upper()}_OF", index)
            parts.append(name)
    m.delivered_in = tuple(parts)
    m.any_delivered_before = bool(block.due.any())
    if m.any_delivered_before:
        m.delivered_before = array_param(block.due, m.INCENTIVES, m.NODES)


def _add_caps(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables and rows of the incentives whose cap may be reached; ``exhausted`` is 0 where it cannot be by then."""
    block, nodes = data.incentives, data.nodes
    rows = [block.names.index(z) for z in block.capped]
    most, cap = block.most_earned[rows], block.cap[rows]
    m.CAPPED_INCENTIVES = pyo.Set(within=m.INCENTIVES, initialize=block.capped)
    brought_by = [(block.names[i], *block.stages[i]) for i in rows]
    m.FIRST_STAGE_OF_INCENTIVE = pyo.Set(dimen=3, initialize=brought_by)
    past = np.zeros((len(rows), len(nodes.past)))
    add_pinned(m, "earned", m.CAPPED_INCENTIVES, past, most)
    add_pinned(m, "awarded", m.CAPPED_INCENTIVES, past, np.minimum(most, cap[:, None]))
    m.cap = array_param(cap, m.CAPPED_INCENTIVES)
    m.most_over_cap = array_param(np.maximum(most - cap[:, None], 0.0), m.CAPPED_INCENTIVES, m.NODES)
    m.may_exhaust = array_param((most > cap[:, None]).astype(float), m.CAPPED_INCENTIVES, m.NODES)
    m.exhausted = Var(m.CAPPED_INCENTIVES, m.NODES, domain=pyo.Binary, bounds=lambda m, z, n: (0, m.may_exhaust[z, n]))
    for rule in (earnings_add_up, awards_add_up, award_within_earnings, award_of_all_earned, award_of_the_cap):
        add_rows(m, m.CAPPED_INCENTIVES, m.NODES, rule=rule)


def _delivered(m: Any, z: Any, n: Any) -> Any:
    """What arrives of the good of an incentive at a node of its project's sources and processes."""
    total = m.delivered_before[z, n] if m.any_delivered_before else 0
    for name in m.delivered_in:
        term, members = m.ledger.decided[name].term, getattr(m, f"INCENTIVE_{name.upper()}_OF")
        total = total + sum(term(m, *i, n) for i in members[z])
    return total


def delivery_qualifies(m: Any, z: Any, n: Any) -> Any:
    r"""All that a project delivers of a good counts: what arrives of orders and calls at its sources, and what its processes make.

    .. math:: u_{z,n} = \sum_{k \in K_z} \alpha_{k,n} \Big( \sum_s q_{k,s,\,n-\ell_k} + \sum_{c \in C_k} \mathit{call}_{c,\,n-\ell_k} \Big)
        + \sum_{j \in J_z} a_{j,g_z}\, r_{j,\,n-\ell_j} + \mathit{due}_{z,n}

    K and J are the sources and processes that nothing but project p gives capacity; due is what arrives of orders and runs
    from before the horizon, which there are only where p was commissioned before it.  Who takes it does not matter, as it
    does not for price floors; but capacity alone is paid nothing.  Units: quantity.
    """
    return m.qualifying[z, n] == _delivered(m, z, n)


def delivery_qualifies_in_window(m: Any, z: Any, side: Any, n: Any) -> Any:
    r"""Where there is a term, or another of the project's group could deliver the same, it counts from the milestone on until the term ends.

    .. math:: u_{z,n} = (x_{p_z,i_z,\,n-d} - x_{p_z,i_z,\,n-d-\tau_z})\, \mathit{delivered}_{z,n}

    as the three rows of a product: i is the stage that brings the first of the good, d its duration, tau the term, so that the
    first factor is 1 while its milestone is younger than that.  The other is at most what the project, or any of its group,
    can deliver at n if each stage is released as early as it can be.  Units: quantity.
    """
    return (
        m.side_product[side] * m.qualifying[z, n]
        + m.side_of[side] * _delivered(m, z, n)
        + m.side_unless[side]
        * m.most_delivered[z, side, n]
        * (
            1
            - m.started[m.incentive_project[z], m.incentive_stage[z], m.window_open[z, n]]
            + m.started[m.incentive_project[z], m.incentive_stage[z], m.window_over[z, n]]
        )
        <= m.side_most[side] * m.most_delivered[z, side, n]
    )


def incentive_is_paid(m: Any, z: Any, n: Any) -> Any:
    r"""A fund pays the rate in force for what counts.

    .. math:: \mathit{incentive}_{z,n} = \rho_{z,n}\, u_{z,n}

    It must: the promise is no choice.  rho is 0 where no row is in force.  Units: money.
    """
    return m.incentive[z, n] == m.incentive_rate[z, n] * m.qualifying[z, n]


def earnings_add_up(m: Any, z: Any, n: Any) -> Any:
    r"""Where the cap may be reached: what has been earned so far at the rate.

    .. math:: E_{z,n} = E_{z,a(n)} + \rho_{z,n}\, u_{z,n} \le \bar E_{z,n}

    E bar is what the project can have earned by n in its best term.  Units: money.
    """
    return m.earned[z, n] == m.earned[z, m.parent[n]] + m.incentive_rate[z, n] * m.qualifying[z, n]


def awards_add_up(m: Any, z: Any, n: Any) -> Any:
    r"""What has been paid so far is at most the cap; it never falls.

    .. math:: A_{z,n} = A_{z,a(n)} + \mathit{incentive}_{z,n} \le C_z, \quad \mathit{incentive} \ge 0

    Units: money.
    """
    return m.awarded[z, n] == m.awarded[z, m.parent[n]] + m.incentive[z, n]


def award_within_earnings(m: Any, z: Any, n: Any) -> Any:
    r"""No more has been paid than was earned.

    .. math:: A_{z,n} \le E_{z,n}

    With the next two, A is the lesser of E and C: their relaxation in y is the chord of min(E, C) from nothing to the
    greatest E, which is its convex hull.  Units: money.
    Source: the concave case of piecewise linear costs, Croxton, Gendron and Magnanti (2003), A comparison of mixed-integer
    programming models for nonconvex piecewise linear cost minimization problems.
    """
    return m.awarded[z, n] <= m.earned[z, n]


def award_of_all_earned(m: Any, z: Any, n: Any) -> Any:
    r"""All that was earned has been paid, unless the cap has been reached.

    .. math:: A_{z,n} \ge E_{z,n} - (\bar E_{z,n} - C_z)^+\, y_{z,n}

    y is 1 where the cap has been reached; it is 0 where it cannot have been, for \bar E is within it.  Units: money.
    """
    return m.awarded[z, n] >= m.earned[z, n] - m.most_over_cap[z, n] * m.exhausted[z, n]


def award_of_the_cap(m: Any, z: Any, n: Any) -> Any:
    r"""Where the cap has been reached all of it has been paid.

    .. math:: A_{z,n} \ge C_z\, y_{z,n}

    So y does not fall on a path where more was earned than the cap, for E does not.  Units: money.
    """
    return m.awarded[z, n] >= m.cap[z] * m.exhausted[z, n]
