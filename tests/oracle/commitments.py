"""Commitments on a single path: what a fund will pay later for a decision is promised from the decision until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.oracle.guarantees import backers
from tests.oracle.program import Program, Sum

if TYPE_CHECKING:
    from tests.oracle.facts import Facts, Fund, Stage


@dataclass
class Promises:
    """Orders that are paid later: period, arrival, share that arrives, price; and what funds have promised by period."""

    orders: list[tuple[int, int, float, Sum]] = field(default_factory=list)
    standing: dict[str, list[Sum]] = field(default_factory=dict)

    def add(self, fund: str, begin: int, end: int, part: int, periods: int, share: float = 1.0) -> None:
        """A part of a payment that a fund has promised from a period, or the start, until it is due, or guarantees a share of."""
        mine = self.standing.setdefault(fund, [Sum() for _ in range(periods)])
        for n in range(max(begin, 0), min(end, periods)):
            mine[n].add(part, share)

    def drop(self, program: Program, facts: Facts, stage: Stage, begin: int, end: int) -> None:
        """Funds promised a tranche that is never due, and others to guarantee the loans among it."""
        whole = Sum(-stage.cost)
        for fund in stage.shares:
            part = program.column()
            whole.add(part)
            self.back(facts, stage, fund, begin, end, part)
        program.zero(whole)

    def back(self, facts: Facts, stage: Stage, fund: str, begin: int, end: int, part: int) -> None:
        """A part of a tranche that a fund has promised, and those who will guarantee it where it is a loan."""
        self.add(fund, begin, end, part, facts.periods)
        if fund in stage.terms and stage.terms[fund].instrument == "loan":
            for guarantor, share, _ in backers(facts, (stage.project, stage.number, fund)):
                self.add(guarantor, begin, end, part, facts.periods, share)

    def keep(self, program: Program, funds: Sequence[Fund], bought: dict[str, list[Sum]], periods: int) -> None:
        """Split every order over the funds; each pays at least its parts of what arrives, and promises within its limit.

        ``bought`` is what each fund pays for purchases, by period.
        """
        if all(f.committed == float("inf") for f in funds):
            return
        due = {f.name: [Sum() for _ in range(periods)] for f in funds}
        for begin, arrival, share, price in self.orders:
            split = Sum().plus(price, -1.0)
            for fund in funds:
                if "purchases" in fund.uses:
                    part = program.column()
                    split.add(part)
                    if arrival < periods:
                        due[fund.name][arrival].add(part, share)
                    self.add(fund.name, begin, arrival, part, periods)
            program.zero(split)
        for fund in funds:
            for n in range(periods):
                program.row(Sum().plus(bought[fund.name][n]).plus(due[fund.name][n], -1.0), 0.0)
                if fund.committed < float("inf") and fund.name in self.standing:
                    program.row(self.standing[fund.name][n], high=fund.committed)
