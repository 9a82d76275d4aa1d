"""Guarantees: drawn on loans of random instances, and who bears what once it is known what becomes of a loan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.exposure import Ending
from tests.oracle.facts import Facts, number
from tests.oracle.maker import Maker, Row
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Loan = tuple[str, int, str]


def backers(facts: Facts, loan: Loan) -> list[tuple[str, float, float]]:
    """Who guarantees a loan: fund, share and fee; the row of the stage comes before that of all."""
    found: dict[str, tuple[str, float, float]] = {}
    rows = [r for r in facts.rows("guarantees") if (r["project"], r["lender"]) == (loan[0], loan[2])]
    for own in (False, True):
        for r in rows:
            stage = number(r["stage"])
            if stage == loan[1] if own else stage != stage and loan[1] > 0:
                found[str(r["fund"])] = (str(r["fund"]), float(r["share"]), float(r["fee"]))
    return list(found.values())


def bear(
    builder: Builder, loan: Loan, fate: tuple[list[float], list[float], Ending], part: Sum
) -> list[tuple[str, int, Sum]]:
    """Split what is at risk of a loan over its lender and guarantors.  Gives what guarantors pay: fund, period, amount.

    ``fate`` is what is at risk and what is recovered, by period, of each unit, and how the project ends; ``part`` is what
    was lent.
    """
    risk, recovered, ending = fate
    end = len(risk) if ending.period is None else ending.period
    written = risk[end] + recovered[end] if end < len(risk) else 0.0
    left, calls = 1.0, []

    def of(factor: float) -> Sum:
        return Sum().plus(part, factor)

    for fund, share, fee in backers(builder.facts, loan):
        left -= share
        builder.risks.add(fund, loan[0], [share * r for r in risk], part)
        promised = builder.promises.standing.setdefault(fund, [Sum() for _ in risk])
        for n, r in enumerate(risk):
            builder.returned[fund][n].plus(of(share * recovered[n]))
            builder.returned[loan[2]][n].plus(of(-share * recovered[n]))
            if n < end:
                builder.returned[fund][n].plus(of(share * fee * r))
                promised[n].plus(of(share * r))
        if written:
            builder.returned[loan[2]][end].plus(of(share * written))
            calls.append((fund, end, of(share * written)))
    builder.risks.add(loan[2], loan[0], [left * r for r in risk], part)
    return calls


def add_guarantees(m: Maker) -> None:
    """Funds that guarantee loans of others: for all stages, for one, what was lent before; one fund or two."""
    payers = [f["fund"] for f in m.rows("funds") if not f.get("uses") or "projects" in f["uses"]]
    loans: list[tuple[str, int | None, str]] = []
    for row in m.rows("financing"):
        if row.get("instrument") == "loan":
            own = [r["stage"] for r in m.rows("financing") if _same(r, row) and "stage" in r]
            stages = [row["stage"]] if "stage" in row else range(1, len(m.durations[row["project"]]) + 1)
            free = [i for i in stages if "stage" in row or i not in own]
            if free:
                loans.append((row["project"], m.pick([None, m.pick(free)]), row["fund"]))
    doubtful = {r["project"]: r for r in m.rows("projects") if r.get("may_abandon")}
    loans += [(r["project"], 0, r["fund"]) for r in m.rows("opening_loans") if "first_instalment" not in r]
    guarantors: dict[tuple[str, str], list[str]] = {}
    for project, stage, lender in dict.fromkeys(loans):
        others = [f for f in payers if f != lender]
        if not others or not m.chance(95 if project in doubtful else 80):
            continue
        if project in doubtful and "recovery" not in doubtful[project] and m.chance(70):
            doubtful[project]["recovery"] = m.number(0.1, 0.9)
        first = m.pick(others)
        both = [first, *[f for f in others if f != first and m.chance(30)][:1]]
        funds = guarantors.setdefault((project, lender), both)
        for fund in funds:
            share = m.pick([0.2, 0.5]) if len(funds) > 1 else m.pick([None, 1.0, 0.5, 0.8])
            row = m.add("guarantees", project=project, stage=stage, lender=lender, fund=fund, share=share)
            if m.chance(50):
                row["fee"] = m.rate(m.number(0.01, 0.1))


def _same(a: Row, b: Row) -> bool:
    """Whether two rows are about what one fund pays a project."""
    return (a["project"], a["fund"]) == (b["project"], b["fund"])
