"""Guarantees: a fund takes over a share of what a lender may lose, for a fee, and pays when the project is abandoned."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity, Term
from stockpile.models.parameters import grouped, members_by
from stockpile.vector import array_param


def add_guarantees(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What guarantors are paid, pay and get back, and what lenders get of it.  Nothing without guarantees."""
    block = data.guarantees
    if not block.keys:
        return
    m.GUARANTEES = pyo.Set(dimen=4, initialize=block.keys)
    m.guaranteed_share = array_param(block.share, m.GUARANTEES)
    m.guarantee_fee = array_param(block.share * block.fee, m.GUARANTEES)
    counts = dict(zip(data.funds.names, data.funds.counted, strict=True))
    earning = [key for key, fee in zip(block.keys, block.fee, strict=True) if fee > 0]
    exposed = [key for key in block.keys if key[:3] in data.loans.may_be_lost]
    for name, keys, at, term in (
        ("FEES", earning, 3, guarantee_fee),
        ("CLAIMS", exposed, 3, guarantor_recovers),
        ("RELIEFS", exposed, 2, lender_is_paid),
    ):
        if keys:
            setattr(m, f"{name}_OF", grouped(m.FUNDS, members_by(keys, itemgetter(at)), dimen=4))
            setattr(
                m,
                f"COUNTED_{name}",
                pyo.Set(dimen=4, initialize=[key for key in keys if counts[itemgetter(at)(key)] > 0]),
            )
            ledger.income.append(_by(f"{name}_OF", term))
            if len(getattr(m, f"COUNTED_{name}")):
                ledger.costs["repayments"].append(_all(f"COUNTED_{name}", term, -1.0))
    if exposed:
        m.CALLS = pyo.Set(dimen=4, within=m.GUARANTEES, initialize=exposed)
        ledger.decided["call"] = Quantity(m.CALLS, guarantee_is_called)
        ledger.payments.append(_by("CLAIMS_OF", guarantee_is_called))
        if len(m.COUNTED_CLAIMS):
            ledger.costs["guarantees"].append(_all("COUNTED_CLAIMS", guarantee_is_called, 1.0))


def _by(members: str, term: Term) -> Term:
    """A term summed over the guarantees of a fund at a node."""
    return lambda m, k, n: sum(term(m, p, i, f, g, n) for p, i, f, g in getattr(m, members)[k])


def _all(members: str, term: Term, sign: float) -> Term:
    """A term summed over guarantees at a node."""
    return lambda m, n: sum(sign * term(m, p, i, f, g, n) for p, i, f, g in getattr(m, members))


def _recovered(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What comes back at a node of what was written off of a loan."""
    return m.recovery[p, i, f] * (
        m.written_off[p, i, f, m.recovered[p, i, f, n]] - m.written_off[p, i, f, m.recovered_before[p, i, f, n]]
    )


def guarantee_fee(m: Any, p: Any, i: Any, f: Any, g: Any, n: Any) -> Any:
    r"""The project pays a guarantor for what it guarantees at the close.

    .. math:: \mathit{fee}_{l,g,n} = \phi_{l,g}\, \sigma_{l,g}\, P_{l,n}

    sigma is the share of the loan's principal that fund g guarantees, phi the fee for a period.  Units: money.
    """
    return m.guarantee_fee[p, i, f, g] * m.principal[p, i, f, n]


def guarantee_is_called(m: Any, p: Any, i: Any, f: Any, g: Any, n: Any) -> Any:
    r"""A guarantor pays its share of the principal that a lender writes off, when the project is abandoned.

    .. math:: \mathit{called}_{l,g,n} = \sigma_{l,g}\, (W_{l,n} - W_{l,a(n)})

    Units: money.
    """
    return m.guaranteed_share[p, i, f, g] * (m.written_off[p, i, f, n] - m.written_off[p, i, f, m.parent[n]])


def guarantor_recovers(m: Any, p: Any, i: Any, f: Any, g: Any, n: Any) -> Any:
    r"""Of what comes back of a loan a guarantor gets the share that it has paid for.

    .. math:: \mathit{claim}_{l,g,n} = \sigma_{l,g}\, \rho_p\, (W_{l,n-\lambda} - W_{l,n-\lambda-1})

    rho is the share that is recovered, lambda periods later.  Units: money.
    """
    return m.guaranteed_share[p, i, f, g] * _recovered(m, p, i, f, n)


def lender_is_paid(m: Any, p: Any, i: Any, f: Any, g: Any, n: Any) -> Any:
    r"""A lender gets what the guarantor pays, and leaves to it the claim on what comes back.

    .. math:: \mathit{relief}_{l,g,n} = \mathit{called}_{l,g,n} - \mathit{claim}_{l,g,n}

    Units: money.
    """
    return guarantee_is_called(m, p, i, f, g, n) - guarantor_recovers(m, p, i, f, g, n)
