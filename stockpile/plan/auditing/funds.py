"""Funds: who pays for what, cash as an equality, lapse at fiscal-year ends, credit, limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Key
from stockpile.plan.auditing.case import IMPLICIT, USES, Case
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.opening_money import Opening


@dataclass(frozen=True)
class Needs:
    """What other blocks spend and bring in, (nodes,): spending by class; tranches, guarantees called, price floors, incentives, proceeds and revenue by fund.

    ``proceeds`` are those of sales, ``releases`` what sectors pay for what they get, ``returned`` what loans, equity and
    guarantees bring.
    """

    spending: dict[str, Floats]
    tranches: dict[str, Floats]
    called: dict[str, Floats]
    floors: dict[str, Floats]
    incentives: dict[str, Floats]
    proceeds: dict[str, Floats]
    releases: dict[str, Floats]
    revenue: dict[str, Floats]
    returned: dict[str, Floats]


@dataclass(frozen=True)
class Accounts:
    """What others need: funds, which of them count, payments (classes, funds, nodes), interest, debt, draws and repayment (funds, nodes).

    ``committed`` (funds, nodes) is what the table says of commitments.
    """

    funds: list[str]
    counted: Bools
    duty_counted: Bools
    paid: dict[str, Floats]
    interest: Floats
    debt: Floats
    drawn: Floats
    repaid: Floats
    committed: Floats


class _Funds:
    """The funds of the instance, or the one that stands in, and their rows in the plan."""

    def __init__(self, case: Case) -> None:
        self.case = case
        view = case.view("funds")
        self.implicit = not len(view)
        self.names = view.texts("fund") or [IMPLICIT]
        self.keys: list[Key] = [(f,) for f in self.names]
        count = len(self.names)

        def column(name: str, blank: float) -> Floats:
            values = np.full(count, blank) if self.implicit else view[name].to_numpy(dtype=np.float64)
            return np.where(np.isnan(values), blank, values)[:, None]

        self.credit = np.array([kind == "credit" for kind in view.texts("kind")] or [False], dtype=bool)[:, None]
        self.public = np.zeros(count, dtype=bool) if self.implicit else view["public"].to_numpy(dtype=bool)
        self.carry_over, self.limit = column("carry_over", 1.0), column("limit", np.inf)
        self.credit_limit = np.where(self.credit, column("credit_limit", np.inf), 0.0)
        self.rate = np.where(self.credit, column("interest", 0.0), 0.0)
        self.maturity = np.where(self.credit, column("maturity", np.inf), np.inf)
        self.grid = case.reader.grid("funds", self.keys)
        self.closing, self.debt = self.grid.amount("closing"), self.grid.amount("debt")
        self.start = Opening(case, self.names)
        self.debt_before = case.before(self.debt, self.start.debt)

    def by_fund(self, amounts: dict[str, Floats]) -> Floats:
        """(funds, nodes) amounts known by fund."""
        zero = np.zeros(len(self.case.tree))
        return np.array([amounts.get(f, zero) for f in self.names])


def check_funds(case: Case, needs: Needs) -> Accounts:
    """Check payments and the account of every fund."""
    funds = _Funds(case)
    paid = _check_payments(funds, needs)
    total = np.sum(list(paid.values()), axis=0)
    grid, scale = funds.grid, np.abs(total)
    columns = [c.name for c in grid.table.columns if c.is_amount]
    case.not_negative(grid, *[c for c in columns if c != "closing" and not (funds.implicit and c == "budget")])
    interest = funds.rate * funds.debt_before
    _check_income(funds, needs, total)
    _check_cash(funds, interest, scale)
    _check_credit(funds, total)
    so_far = funds.start.paid[:, None] + case.so_far(total)
    words = "payments of {0} so far are {left}, {amount} over its limit of {right}"
    rule = case.rule("payment_limit", grid, funds.keys, case.money, words)
    case.book.at_most(rule, so_far, funds.limit)
    everyone = case.instance.settings.economics.perspective == "all" or funds.implicit
    counted = np.full(len(funds.names), True) if everyone else funds.public
    borrowed = (funds.debt, grid.amount("drawn"), grid.amount("repaid"))
    committed = grid.amount("committed")
    return Accounts(funds.names, counted, counted & ~funds.public, paid, interest, *borrowed, committed)


def _check_payments(s: _Funds, needs: Needs) -> dict[str, Floats]:
    """Each class is paid in full by funds that may pay for it.  Gives (funds, nodes) by class."""
    case, book, count = s.case, s.case.book, len(s.names)
    keys: list[Key] = [(f, c) for c in USES for f in s.names]
    grid = case.reader.grid("payments", keys)
    case.not_negative(grid, "amount")
    amount = grid.amount("amount")
    paid = {c: amount[i * count : (i + 1) * count] for i, c in enumerate(USES)}
    uses = {f: set(USES.values()) if s.implicit else set(case.instance.uses_of(f)) for f in s.names}
    barred = np.array([[USES[c] not in uses[f]] for f, c in keys], dtype=bool)
    words = "{0} pays {left} of {1}, which it may not pay for"
    rule = case.rule("uses_of_fund", grid, keys, case.money, words)
    case.never(rule, amount, barred)
    for c, spending in needs.spending.items():
        words = "funds pay {left} of {0}, but {right} is spent"
        rule = case.rule("spending_is_paid", grid, [(c,)], case.money, words)
        book.equal(rule, paid[c].sum(axis=0)[None, :], spending[None, :], scale=np.abs(paid[c]).max(axis=0))
    words = "{0} pays {left} for projects, but its tranches are {right}"
    rule = case.rule("tranches_of_fund", grid, s.keys, case.money, words)
    book.equal(rule, paid["projects"], s.by_fund(needs.tranches))
    for c, owed in (("guarantees", needs.called), ("price_floors", needs.floors), ("incentives", needs.incentives)):
        words = f"{{0}} pays {{left}} for {c.replace('_', ' ')}, but owes {{right}}"
        rule = case.rule(f"{c}_of_fund", grid, s.keys, case.money, words)
        book.equal(rule, paid[c], s.by_fund(owed))
    return paid


def _check_income(s: _Funds, needs: Needs, total: Floats) -> None:
    """Budget, proceeds, revenue and payments of an account are those of the instance and of the other tables."""
    case = s.case
    proceeds, revenue = s.by_fund(needs.proceeds) + s.by_fund(needs.releases), s.by_fund(needs.revenue)
    if s.implicit:
        budget = total - proceeds - revenue
    else:
        budget = case.spread(np.array([case.instance.budget(f) for f in s.names]))
    for name, expected, why in (
        ("budget", budget, "the budget pays in"),
        ("proceeds", proceeds, "sales bring" if not needs.releases else "sales and releases bring"),
        ("revenue", revenue, "projects bring"),
        ("paid", total, "payments add up to"),
        ("returned", s.by_fund(needs.returned), "loans and equity bring"),
    ):
        words = f"{name} of {{0}} is written as {{left}}, but {why} {{right}}"
        rule = case.rule(f"funds.{name}", s.grid, s.keys, case.money, words)
        case.book.equal(rule, s.grid.amount(name), expected, scale=total)


def _check_cash(s: _Funds, interest: Floats, scale: Floats) -> None:
    """Opening plus what comes in less what goes out is closing, which is never negative; what lapses, lapses."""
    case, book, grid = s.case, s.case.book, s.grid
    written = {c.name: grid.amount(c.name) for c in grid.table.columns if c.is_amount}
    before = case.before(s.closing, s.start.cash)
    words = "{0} opens with {left}, but closed the period before with {right}"
    book.equal(case.rule("funds.opening", grid, s.keys, case.money, words), written["opening"], before)
    words = "{0} pays interest of {left}, but its debt makes it {right}"
    rule = case.rule("funds.interest", grid, s.keys, case.money, words)
    book.equal(rule, written["interest"], interest, scale=s.debt_before)
    inward = sum(written[name] for name in ("opening", "budget", "drawn", "proceeds", "revenue", "returned"))
    outward = sum(written[name] for name in ("paid", "interest", "repaid"))
    left_over = inward - outward
    large = np.maximum(np.maximum(np.abs(inward), np.abs(outward)), scale)
    words = "cash of {0} closes with {left}, but what came in less what went out is {right}"
    rule = case.rule("cash", grid, s.keys, case.money, words)
    book.equal(rule, written["closing"], left_over - written["lapsed"], scale=large)
    year_end = case.spread(np.asarray(case.instance.calendar.fiscal_year_end, dtype=np.float64))
    words = "{0} closes with {left}; cash may not be negative"
    rule = case.rule("cash_not_negative", grid, s.keys, case.money, words)
    book.at_least(rule, written["closing"], np.zeros(1), where=np.full((len(s.keys), 1), not s.implicit))
    words = "{left} of {0} lapses, but {right} should"
    rule = case.rule("lapse", grid, s.keys, case.money, words)
    book.equal(rule, written["lapsed"], (1.0 - s.carry_over) * left_over * year_end, scale=large)


def _check_credit(s: _Funds, total: Floats) -> None:
    """Debt grows by draws and falls by repayment, within the limit and the maturity; draws pay for uses only."""
    case, book, grid = s.case, s.case.book, s.grid
    drawn, repaid = grid.amount("drawn"), grid.amount("repaid")
    before = s.debt_before
    words = "{0} owes {left}, but its debt, draws and repayment make it {right}"
    rule = case.rule("debt", grid, s.keys, case.money, words)
    book.equal(rule, s.debt, before + drawn - repaid, scale=np.maximum(before, np.abs(drawn)))
    words = "{0} owes {left}, {amount} over its credit limit of {right}"
    rule = case.rule("credit_limit", grid, s.keys, case.money, words)
    book.at_most(rule, s.debt, s.credit_limit, where=s.credit)
    words = "{0} draws {left}, {amount} more than it pays for its uses"
    rule = case.rule("draw_pays_for_use", grid, s.keys, case.money, words)
    book.at_most(rule, drawn, total, where=s.credit)
    words = "{0} draws {left}, but is no credit facility"
    case.never(case.rule("draw_on_credit", grid, s.keys, case.money, words), drawn, ~s.credit)
    words = "{0} repays {left} of a debt that it cannot have"
    rule = case.rule("repayment", grid, s.keys, case.money, words)
    case.never(rule, repaid, ~s.credit)
    _check_maturity(s, drawn, grid)


def _check_maturity(s: _Funds, drawn: Floats, grid: Grid) -> None:
    """Debt is never more than what was drawn within the maturity."""
    case = s.case
    drawn_so_far = case.so_far(drawn)
    recent = np.full(drawn.shape, np.inf)
    for f in np.flatnonzero(np.isfinite(s.maturity[:, 0])):
        recent[f] = drawn_so_far[f] - case.earlier(drawn_so_far[f], int(s.maturity[f, 0]))
        recent[f] += s.start.not_yet_due(int(f), int(s.maturity[f, 0]))
    words = "{0} owes {left}, {amount} more than it drew within its maturity"
    rule = case.rule("maturity", grid, s.keys, case.money, words)
    case.book.at_most(rule, s.debt, recent, scale=drawn_so_far)
