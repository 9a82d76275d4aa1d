"""Exposure once it is known when stages are verified: what is at risk of each unit paid, period by period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.oracle.facts import limit_of
from tests.oracle.loans import Terms, repayments
from tests.oracle.program import Program, Sum

if TYPE_CHECKING:
    from tests.oracle.facts import Facts


@dataclass
class Risks:
    """What is at risk by fund and project, a sum for every period."""

    periods: int
    standing: dict[tuple[str, str], list[Sum]] = field(default_factory=dict)

    def add(self, fund: str, project: str, shares: list[float], amount: Sum) -> None:
        """Of an amount a share is at risk in every period."""
        mine = self.standing.setdefault((fund, project), [Sum() for _ in range(self.periods)])
        for n, share in enumerate(shares):
            mine[n].plus(amount, share)

    def keep(self, program: Program, facts: Facts) -> None:
        """Within the limits of funds and projects."""
        limits = {(f.name, 0): f.exposed for f in facts.funds}
        limits |= {(str(r["project"]), 1): limit_of(r) for r in facts.rows("projects")}
        for (name, side), limit in limits.items():
            for n in range(self.periods):
                whole = Sum()
                for key, sums in self.standing.items():
                    if key[side] == name:
                        whole.plus(sums[n])
                if limit < float("inf"):
                    program.row(whole, high=limit)


def owed_of(terms: Terms | None, paid: int, verified: int, commissioned: int | None, periods: int) -> list[float]:
    """What is at risk, by period, of each unit paid in a period for a stage that is verified in another.

    A grant is until then; of a loan it is what is owed: the value of all that will come back, or what was lent with interest.
    """
    if terms is None or terms.instrument == "grant":
        return [1.0 if paid <= n < verified else 0.0 for n in range(periods)]
    return [owed_at(terms, paid, commissioned, n) for n in range(periods)]


def owed_at(terms: Terms, paid: int, commissioned: int | None, n: int) -> float:
    """What is owed at the close of a period, -1 for the start, of each unit of a loan or of equity paid in another."""
    if n < paid or terms.instrument == "equity":
        return 0.0 if n < paid else 1.0
    if commissioned is None:
        return (1 + terms.interest) ** (n - paid)
    far = max(n, commissioned, 0) + terms.tenor + terms.grace + 2
    back = repayments(terms, paid, commissioned, far)
    return sum(back[k] * (1 + terms.interest) ** (n - k) for k in range(n + 1, far))


@dataclass(frozen=True)
class Ending:
    """When a project is abandoned, if it is; the share of principal that comes back, and when."""

    period: int | None
    share: float
    lag: int

    def lose(self, risk: list[float], growth: float, paid: int, start: float = 0.0) -> tuple[list[float], list[float]]:
        """What is at risk and what is recovered by period, given what would be at risk otherwise.

        ``growth`` is what a unit owed before grows to in a period; 0 for what does not come back; ``start`` is what is owed
        before the first.
        """
        begin, none = self.period, [0.0] * len(risk)
        if begin is None or begin >= len(risk) or paid > begin:
            return risk, none
        before = risk[begin - 1] if begin > 0 else start
        lost = 1.0 if growth == 0 or paid == begin else before * growth
        share = self.share if growth else 0.0
        back = [share * lost if n == begin + self.lag else 0.0 for n in range(len(risk))]
        gone = [lost - sum(back[: n + 1]) for n in range(len(risk))]
        return [r if n < begin else gone[n] for n, r in enumerate(risk)], back


def ending_of(facts: Facts, project: str, abandoned: dict[str, int]) -> Ending:
    """The ending of a project, none for one that the plan does not know."""
    for row in facts.rows("projects"):
        if row["project"] == project:
            return Ending(abandoned.get(project), float(row["recovery"]), round(float(row["recovery_lag"])))
    return Ending(None, 0.0, 0)
