"""Loans and equity: what is lent grows, is repaid from commissioning on, and brings what the table says."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.financing import Projects
from stockpile.plan.auditing.view import texts


@dataclass
class _Loan:
    """One loan or equity: its terms per period, what was owed at the start, and what is lent at every node.

    ``level`` is its instalment and ``left`` how many are to come where it is being repaid at the start, else they are 0.
    ``commissioned`` (nodes,) is 1 once repayment may begin; ``first`` the period of the first instalment where it has a date;
    ``gone`` (nodes,) is 1 once the project is abandoned, of which the share ``recovery`` comes back ``lag`` periods later.
    """

    key: Key
    equity: bool
    rate: float
    periods: float
    start: float
    lent: Floats
    commissioned: Floats
    gone: Floats
    recovery: float = 0.0
    lag: int = 0
    first: int | None = None
    level: float = 0.0
    left: float = 0.0


@dataclass(frozen=True)
class Lending:
    """What came back to each fund; what is owed, written off, recovered and lost so far, by (project, stage, fund); all (nodes,).

    ``loans`` are the keys of those that are repaid, equity left out.
    """

    returned: dict[str, Floats]
    owed: dict[Key, Floats]
    written_off: dict[Key, Floats]
    recovered: dict[Key, Floats]
    lost: dict[Key, Floats]
    loans: list[Key]


def check_loans(case: Case, projects: Projects) -> Lending:
    """Check the table of loans."""
    loans = [*_lent(case, projects), *_from_before(case, projects.age)]
    loans = [_abandonable(case, loan, projects.gone) for loan in loans]
    keys = [loan.key for loan in loans]
    grid = case.reader.grid("loans", keys)
    columns = ("lent", "interest", "repaid", "principal", "written_off", "recovered")
    case.not_negative(grid, *columns)
    shape = (len(loans), len(case.tree))
    expected = {name: np.zeros(shape) for name in columns}
    for row, loan in enumerate(loans):
        for name, values in _course(case, loan).items():
            expected[name][row] = values
    size = np.max([np.abs(values) for values in expected.values()], axis=0) if loans else np.zeros(shape)
    for name, words in (
        ("lent", "{2} is written to lend {0} {left} for stage {1}, but it pays {right}"),
        ("interest", "interest of {2} on what it lent {0} for stage {1} is {left}, but its terms make it {right}"),
        ("repaid", "{0} repays {2} {left} of what it got for stage {1}, but its terms make it {right}"),
        ("principal", "{0} owes {2} {left} of what it got for stage {1}, but its terms make it {right}"),
        ("written_off", "{2} writes off {left} of what it lent {0} for stage {1}, but it should be {right}"),
        ("recovered", "{2} recovers {left} of what it lent {0} for stage {1}, but it should be {right}"),
    ):
        rule = case.rule(f"loans.{name}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(name), expected[name], scale=size)
    returned: dict[str, Floats] = {}
    for loan, values in zip(loans, expected["repaid"] + expected["recovered"], strict=True):
        fund = str(loan.key[2])
        returned[fund] = returned.get(fund, np.zeros(len(case.tree))) + values
    lost = case.so_far(expected["written_off"] - expected["recovered"])
    owed, written, back = (
        dict(zip(keys, expected[name], strict=True)) for name in ("principal", "written_off", "recovered")
    )
    lent = [loan.key for loan in loans if not loan.equity]
    return Lending(returned, owed, written, back, dict(zip(keys, lost, strict=True)), lent)


def _abandonable(case: Case, loan: _Loan, gone: dict[str, Floats]) -> _Loan:
    """The loan with what becomes of it where its project is abandoned."""
    view = case.view("projects").frame.set_index("project")
    project = loan.key[0]
    if project not in gone:
        return loan
    share, lag = float(view["recovery"][project]), int(view["recovery_lag"][project])
    return replace(loan, gone=gone[str(project)], recovery=share, lag=lag)


def _course(case: Case, loan: _Loan) -> dict[str, Floats]:
    """Node by node: interest runs on what was owed, repayment begins once commissioned, then the annuity is paid off."""
    count = len(case.tree)
    interest, repaid, principal, written = (np.zeros(count) for _ in range(4))
    level, left = np.zeros(count), np.zeros(count)
    begun = np.zeros(count, dtype=bool)
    for n, parent in enumerate(case.tree.parent):
        root = parent < 0
        owed = loan.start if root else principal[parent]
        level[n], left[n] = (loan.level, loan.left) if root else (level[parent], left[parent])
        begun[n] = loan.left > 0 if root else begun[parent]
        if not begun[n] and loan.first is not None and case.period[n] == loan.first:
            begun[n], left[n] = True, loan.periods
            level[n] = _level(owed, loan.rate, loan.periods)
        if left[n] > 0 and not loan.gone[n]:
            repaid[n], left[n] = level[n], left[n] - 1
        interest[n] = (repaid[n] if loan.equity else owed * loan.rate) + 0.0
        principal[n] = owed + interest[n] + loan.lent[n] - repaid[n]
        if begun[n] and left[n] == 0:
            principal[n] = 0.0
        if loan.gone[n]:
            written[n], principal[n] = principal[n], 0.0
        if not begun[n] and loan.commissioned[n] > 0:
            begun[n], left[n] = True, loan.periods
            level[n] = principal[n] * loan.rate if loan.equity else _level(principal[n], loan.rate, loan.periods)
    found = {"lent": loan.lent, "interest": interest, "repaid": repaid, "principal": principal, "written_off": written}
    return {**found, "recovered": loan.recovery * case.earlier(written, loan.lag)}


def _level(owed: float, rate: float, periods: float) -> float:
    """The instalment that repays what is owed: its present value over the periods is what is owed."""
    return float(owed / sum((1.0 + rate) ** -(k + 1) for k in range(int(periods))))


def _lent(case: Case, projects: Projects) -> list[_Loan]:
    """Loans and equity of the financing table, with what the plan pays and what was paid before."""
    found: list[_Loan] = []
    nothing = np.zeros(len(case.tree))
    if not len(case.view("funds")):
        return found
    cost = case.view("stages").frame.set_index(["project", "stage"])["cost"]
    last = _last(projects.age)
    for project, stage in projects.age:
        rows = case.instance.financing_of(project, stage)
        for record in rows[rows["instrument"] != "grant"].to_dict("records"):
            key = (project, stage, str(record["fund"]))
            if cost[project, stage] == 0:
                continue
            equity = record["instrument"] == "equity"
            grace = 0 if equity else int(record["grace"])
            since = projects.age[project, last[project]] - grace
            rate = float(record["dividend" if equity else "interest"])
            tenor, ready = np.inf if equity else record["tenor"], (since >= 0).astype(np.float64)
            loan = _Loan(key, equity, rate, tenor, 0.0, projects.paid[key], ready, nothing)
            amount = projects.before.get(key, 0.0)
            found.append(_carried(loan, amount, _paid_ago(case, project, stage), int(since[0])) if amount else loan)
    return found


def _paid_ago(case: Case, project: str, stage: int) -> int:
    """How many periods before the first the tranche of a stage was due that was released before the horizon."""
    opening, stages = (case.view(name).frame.set_index(["project", "stage"]) for name in ("opening_stages", "stages"))
    ago = int(opening["age"][project, stage])
    return ago - int(stages["duration"][project, stage]) if stages["pay_on"][project, stage] == "verification" else ago


def _carried(loan: _Loan, amount: float, ago: int, since: int) -> _Loan:
    """The loan as it stands at the start, of an amount paid ``ago`` periods before the first; period by period.

    ``since`` is how many periods before the first repayment could begin, 0 or less where it is to come.
    """
    owed, level, left = 0.0, 0.0, 0.0
    for back in range(ago, 0, -1):
        repaid = level if left > 0 else 0.0
        left = max(left - 1, 0.0)
        owed = owed * (1.0 if loan.equity else 1.0 + loan.rate) - (0.0 if loan.equity else repaid)
        owed += amount if back == ago else 0.0
        if level > 0 and left == 0:
            owed = 0.0
        if back == since:
            left = loan.periods
            level = owed * loan.rate if loan.equity else _level(owed, loan.rate, loan.periods)
    return replace(loan, start=owed, level=level, left=left)


def _from_before(case: Case, age: dict[Key, Floats]) -> list[_Loan]:
    """What projects owe at the start."""
    view = case.view("opening_loans")
    dated = texts(case.instance.table("opening_loans")["first_instalment"])
    last, nothing = _last(age), np.zeros(len(case.tree))
    found = []
    for record, date in zip(view.records, dated, strict=True):
        project, first = str(record["project"]), int(record["first_instalment"]) if date else None
        since = nothing - 1 if date else age[project, last[project]] - int(record["grace"])
        key, ready = (project, 0, str(record["fund"])), (since >= 0).astype(np.float64)
        owed, rate = float(record["principal"]), float(record["interest"])
        loan = _Loan(key, False, rate, record["tenor"], owed, nothing, ready, nothing, first=first)
        if since[0] > 0:
            loan = replace(loan, level=_level(owed, rate, record["tenor"]), left=record["tenor"])
        found.append(loan)
    return found


def _last(age: dict[Key, Floats]) -> dict[str, int]:
    """The number of every project's last stage."""
    last: dict[str, int] = {}
    for project, stage in age:
        last[project] = max(stage, last.get(project, 0))
    return last
