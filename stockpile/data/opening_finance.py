"""What funds paid before the horizon for stages released before it, and what has become of what they lent, in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.data.financing import Financing
from stockpile.data.releases import true_ages
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Loan = tuple[str, int, str]


@dataclass(frozen=True)
class Owed:
    """What is owed at the start: ``growing`` until repayment begins, or ``begun`` to be repaid in ``tenor`` instalments."""

    growing: float
    begun: float
    tenor: int


@dataclass(frozen=True)
class OpeningFinance:
    """By stage or project, in periods before the start: ``ages`` since the release of stages released before, not cut.

    ``paid`` is the period (negative) in which the tranche of such a stage was due, where that was before the start;
    ``commissioned`` that in which the last stage of a project was, 0 or more where it is to come; ``amounts`` is what a fund
    paid of a stage.
    """

    ages: dict[tuple[str, int], int]
    paid: dict[tuple[str, int], int]
    commissioned: dict[str, int]
    amounts: dict[Loan, float]

    def owed(self, key: Loan, rate: float, grace: int, tenor: int) -> Owed:
        """What is owed of a loan at the start; an instalment was due in every period after the one in which grace ended."""
        project, stage, _ = key
        amount, since = self.amounts.get(key, 0.0), self.paid[project, stage]
        begins = self.commissioned.get(project, 0) + grace
        if begins >= 0:
            return Owed(amount * (1.0 + rate) ** (-1 - since), 0.0, tenor)
        due = amount * (1.0 + rate) ** (begins - since)
        gone = min(-1 - begins, tenor)
        left = tenor - gone
        return Owed(0.0, due * _value(rate, left) / _value(rate, tenor), left)


def make_opening_finance(instance: Instance, scale: Scale, financing: Financing) -> OpeningFinance:
    """What was paid before the horizon."""
    ages = true_ages(instance)
    lags = dict(zip(financing.stages, financing.due_lag.tolist(), strict=True))
    last = dict(financing.stages)
    view = instance.view("opening_disbursements")
    columns = (view[name].tolist() for name in ("project", "stage", "fund", "amount"))
    return OpeningFinance(
        ages=ages,
        paid={stage: lags[stage] - age for stage, age in ages.items() if age > lags[stage]},
        commissioned={p: financing.duration_of(p, i) - ages[p, i] for p, i in last.items() if (p, i) in ages},
        amounts={(str(p), int(i), str(f)): amount / scale.money for p, i, f, amount in zip(*columns, strict=True)},
    )


def _value(rate: float, periods: int) -> float:
    """The present value of 1 in each of so many periods."""
    return float(periods) if rate == 0 else float(-np.expm1(-periods * np.log1p(rate)) / rate)
