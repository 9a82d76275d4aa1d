"""What public funds may lose in projects, as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.exposure import Exposure
from stockpile.data.financing import Financing
from stockpile.data.guarantees import Guarantees
from stockpile.data.loans import Loan, Loans
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Losses:
    """``grants`` of public funds that abandonment loses, with the most that each can be (G,), model money.

    ``loans`` are loans and equity that it may write off, with the ``share`` (L,) of it that public funds bear as lenders or
    guarantors.  Empty where nobody asks what taxpayers lose.
    """

    grants: tuple[Loan, ...]
    most: Floats
    loans: tuple[Loan, ...]
    share: Floats


def make_losses(
    instance: Instance, financing: Financing, loans: Loans, guarantees: Guarantees, exposure: Exposure
) -> Losses:
    """Arrays of what may be lost."""
    if instance.settings.risk.of != "taxpayer_loss":
        return Losses((), np.zeros(0), (), np.zeros(0))
    view = instance.view("funds")
    public = {str(f): bool(p) for f, p in zip(view["fund"], view["public"], strict=True)}
    paid = dict(zip(exposure.doubtful, exposure.most.tolist(), strict=True))
    most = {key: amount for key, amount in paid.items() if public.get(key[2], True)}
    borne: dict[Loan, float] = {}
    for key in sorted(loans.may_be_lost, key=loans.keys.index):
        shares = {k[3]: float(s) for k, s in zip(guarantees.keys, guarantees.share, strict=True) if k[:3] == key}
        rest = (1.0 - sum(shares.values())) * public.get(key[2], True)
        borne[key] = rest + sum(share for fund, share in shares.items() if public.get(fund, True))
    kept = {key: share for key, share in borne.items() if share > 0}
    return Losses(tuple(most), np.array([*most.values()]), tuple(kept), np.array([*kept.values()]))
