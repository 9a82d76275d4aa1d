"""Loans and equity as arrays in model units: terms, what was lent before the horizon, and the most that can be owed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.data.financing import Financing
from stockpile.data.funds import Funds
from stockpile.data.nodes import Nodes
from stockpile.data.opening_finance import OpeningFinance
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Loan = tuple[str, int, str]


@dataclass(frozen=True)
class Scheduled:
    """A loan from before whose instalments have dates: what is owed at the start, what it brings and what is owed at the close, (N,)."""

    project: str
    fund: str
    start: float
    repaid: Floats
    principal: Floats


@dataclass(frozen=True)
class Loans:
    """Per loan or equity (L): project, stage (0: lent before the horizon, repaid after commissioning) and fund.

    ``growth`` is 1 + interest per period, ``instalment`` what a period brings of a unit in repayment, ``tenor`` for how many
    periods; ``grace`` the periods from the end of the project's ``last`` stage until repayment begins; ``start`` what is
    owed at the start and grows, ``begun`` what is owed then and being repaid, ``most`` (L, N) the most that can be owed.
    ``equity`` (L) marks what is never repaid, ``tracked`` (L) that whose principal some limit or guarantor counts or abandonment may
    write off; the latter is ``losable``, of which the share ``recovery`` comes back ``recovery_lag`` periods later.
    ``end_share`` (L) is the share of the principal that counts as a gain at the end, ``end_scheduled`` (N,) what of that of
    loans with dates would count at a node.
    """

    keys: tuple[Loan, ...]
    growth: Floats
    instalment: Floats
    tenor: Ints
    grace: Ints
    last: tuple[int, ...]
    start: Floats
    begun: Floats
    most: Floats
    equity: npt.NDArray[np.bool_]
    tracked: npt.NDArray[np.bool_]
    losable: npt.NDArray[np.bool_]
    recovery: Floats
    recovery_lag: Ints
    scheduled: tuple[Scheduled, ...]
    end_share: Floats
    end_scheduled: Floats

    @property
    def may_be_lost(self) -> frozenset[Loan]:
        """The loans and equity that abandonment may write off."""
        return frozenset(key for key, may in zip(self.keys, self.losable, strict=True) if may)

    def scheduled_by_fund(self, funds: tuple[str, ...]) -> Floats:
        """(F, N) what loans with dates bring each fund."""
        out = np.zeros((len(funds), self.most.shape[1]))
        for loan in self.scheduled:
            out[funds.index(loan.fund)] += loan.repaid
        return out


def make_loans(
    instance: Instance,
    nodes: Nodes,
    scale: Scale,
    blocks: tuple[Financing, Funds, OpeningFinance],
    limited: Callable[[str, str], bool],
    guaranteed: Collection[Loan],
) -> Loans:
    """Arrays of loans and equity, without any where the instance has none.

    ``limited`` says whether a limit counts a fund's money in a project, ``guaranteed`` are the loans that others guarantee.
    """
    financing, funds, before = blocks
    share = {f: c * instance.end_value("principal", f) for f, c in zip(funds.names, funds.counted, strict=True)}
    last: dict[str, int] = {}
    for project, stage in financing.stages:
        last[project] = max(stage, last.get(project, 0))
    opening, scheduled = _opening(instance, nodes, scale, before)
    terms = {**opening, **_lent(instance, nodes, financing, before)}
    keys = tuple(terms)
    view = instance.view("projects").set_index("project")
    losable = np.array([view["may_abandon"].get(p) is True for p, _, _ in keys], dtype=bool)
    grown = np.array([terms[key]["growth"] for key in keys])
    end_share = np.array([share.get(f, 0.0) for _, _, f in keys], dtype=float)
    left = [share.get(loan.fund, 0.0) * loan.principal for loan in scheduled]
    return Loans(
        keys=keys,
        growth=grown,
        instalment=np.array([terms[key]["instalment"] for key in keys]),
        tenor=np.array([terms[key]["tenor"] for key in keys], dtype=np.int64),
        grace=np.array([terms[key]["grace"] for key in keys], dtype=np.int64),
        last=tuple(last[p] for p, _, _ in keys),
        start=np.array([terms[key]["start"] for key in keys], dtype=float),
        begun=np.array([terms[key]["begun"] for key in keys], dtype=float),
        most=np.array([terms[key]["most"] for key in keys]).reshape(len(keys), len(nodes.horizon)),
        equity=np.array([terms[key]["equity"] for key in keys], dtype=bool),
        tracked=losable
        | (end_share > 0)
        | np.array([limited(key[0], key[2]) or key in guaranteed for key in keys], dtype=bool),
        losable=losable,
        recovery=np.array([view["recovery"][p] for p, _, _ in keys], dtype=float),
        recovery_lag=np.array([view["recovery_lag"][p] for p, _, _ in keys], dtype=float).astype(np.int64),
        scheduled=scheduled,
        end_share=end_share,
        end_scheduled=np.sum(left, axis=0) if left else np.zeros(len(nodes.horizon)),
    )


def annuity(interest: float, periods: int) -> float:
    """The level instalment that repays 1 in so many periods, the first one period from now."""
    return 1.0 / periods if interest == 0 else interest / -np.expm1(-periods * np.log1p(interest))


def _opening(
    instance: Instance, nodes: Nodes, scale: Scale, before: OpeningFinance
) -> tuple[dict[Loan, dict[str, Any]], tuple[Scheduled, ...]]:
    """Loans from before: those that wait for commissioning, and those whose first instalment has a date."""
    view, dated = instance.view("opening_loans"), instance.table("opening_loans")["first_instalment"]
    waiting: dict[Loan, dict[str, Any]] = {}
    scheduled = []
    columns = (view[c].tolist() for c in ("project", "fund", "principal", "interest", "grace", "tenor"))
    for row, (project, fund, principal, interest, grace, tenor) in enumerate(zip(*columns, strict=True)):
        owed, count = principal / scale.money, int(tenor)
        if dated.iloc[row] is None:
            begun = before.commissioned.get(str(project), 0) + int(grace) < 0
            waiting[str(project), 0, str(fund)] = {
                "growth": 1.0 + interest,
                "instalment": annuity(interest, count),
                "tenor": count,
                "grace": int(grace),
                "start": 0.0 if begun else owed,
                "begun": owed if begun else 0.0,
                "most": owed * (1.0 + interest) ** (nodes.period + 1.0),
                "equity": False,
            }
            continue
        first = int(view["first_instalment"].iloc[row])
        level = owed * (1.0 + interest) ** first * annuity(interest, count)
        repaid, left = np.zeros(len(instance.calendar.labels)), np.zeros(len(instance.calendar.labels))
        for t in range(len(left)):
            repaid[t] = level if first <= t < first + count else 0.0
            owed = owed * (1.0 + interest) - repaid[t]
            left[t] = owed if t < first + count - 1 else 0.0
        scheduled.append(
            Scheduled(str(project), str(fund), principal / scale.money, nodes.spread(repaid), nodes.spread(left))
        )
    return waiting, tuple(scheduled)


def _lent(instance: Instance, nodes: Nodes, financing: Financing, before: OpeningFinance) -> dict[Loan, dict[str, Any]]:
    """Loans and equity that stages may be paid with, or were before the horizon."""
    terms: dict[Loan, dict[str, Any]] = {}
    if not instance.view("financing")["instrument"].isin(["loan", "equity"]).any():
        return terms
    earliest: dict[str, float] = {}
    for (project, stage), cost, wait, lag, is_open in zip(
        financing.stages, financing.cost, financing.shortest, financing.due_lag, financing.open, strict=True
    ):
        lag = min(lag, wait)
        release = max(earliest.get(project, 0.0), nodes.period[is_open > 0].min(initial=len(instance.calendar.labels)))
        release = float(-before.ages.get((project, stage), -release))
        earliest[project] = release + float(wait)
        since = nodes.period - (release + float(lag))
        rows = instance.financing_of(project, stage)
        columns = (rows[c] for c in ("fund", "instrument", "max_share", "interest", "dividend", "grace", "tenor"))
        for fund, instrument, most, interest, dividend, grace, tenor in zip(*columns, strict=True):
            if instrument in ("loan", "equity") and cost > 0:
                equity = instrument == "equity"
                growth = 1.0 if equity else 1.0 + interest
                count, wait_on = (len(instance.calendar.labels), 0) if equity else (int(tenor), int(grace))
                found = terms[project, stage, str(fund)] = {
                    "growth": growth,
                    "instalment": dividend if equity else annuity(interest, count),
                    "tenor": count,
                    "grace": wait_on,
                    "start": 0.0,
                    "begun": 0.0,
                    "most": np.where(since >= 0, min(most, 1.0) * cost * growth ** np.maximum(since, 0.0), 0.0),
                    "equity": equity,
                }
                if (project, stage) in before.paid:
                    found |= _owed(nodes, before, (project, stage, str(fund)), found)
    return terms


def _owed(nodes: Nodes, before: OpeningFinance, key: Loan, terms: dict[str, Any]) -> dict[str, Any]:
    """What is owed at the start of what a fund paid for a stage before the horizon."""
    growth = terms["growth"]
    if terms["equity"]:
        amount = before.amounts.get(key, 0.0)
        begun = before.commissioned.get(key[0], 0) < 0
        rest = {"start": 0.0 if begun else amount, "begun": amount if begun else 0.0}
    else:
        owed = before.owed(key, growth - 1.0, terms["grace"], terms["tenor"])
        rest = {"start": owed.growing, "begun": owed.begun}
        if owed.tenor > 0:
            rest |= {"tenor": owed.tenor, "instalment": annuity(growth - 1.0, owed.tenor)}
    return {**rest, "most": (rest["start"] + rest["begun"]) * growth ** (nodes.period + 1.0)}
