"""Guarantees of loans as arrays: which fund takes over which share of which loan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.financing import Financing
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Guarantee = tuple[str, int, str, str]


@dataclass(frozen=True)
class Guarantees:
    """Per guarantee (V): project, stage (0: lent before the horizon), lender and guarantor.

    ``share`` of the principal is guaranteed, ``fee`` is what a unit that is guaranteed brings the guarantor in a period.
    """

    keys: tuple[Guarantee, ...]
    share: Floats
    fee: Floats

    @property
    def loans(self) -> frozenset[tuple[str, int, str]]:
        """The loans that are guaranteed: project, stage and lender."""
        return frozenset(key[:3] for key in self.keys)


def make_guarantees(instance: Instance, financing: Financing) -> Guarantees:
    """Arrays of the table of guarantees; empty where there is none."""
    found: dict[Guarantee, tuple[float, float]] = {}
    if len(instance.view("guarantees")):
        lent = [(p, i) for (p, i), cost in zip(financing.stages, financing.cost, strict=True) if cost > 0]
        for project, stage in [*((p, 0) for p in financing.projects), *lent]:
            rows = instance.guarantees_of(project, stage)
            for lender, fund, share, fee in zip(*(rows[c] for c in ("lender", "fund", "share", "fee")), strict=True):
                loan = stage == 0 or financing.instrument.get((project, stage, str(lender))) == "loan"
                if loan and share > 0:
                    found[project, stage, str(lender), str(fund)] = (float(share), float(fee))
    values = np.array(list(found.values()), dtype=float).reshape(len(found), 2)
    return Guarantees(tuple(found), values[:, 0], values[:, 1])
