"""Funds: who pays for what, cash as an equality, lapse at fiscal-year ends, total limits and credit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity, Term
from stockpile.models.parameters import add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param

CLASSES = (
    "purchases",
    "order_charges",
    "duties",
    "contracts",
    "storage",
    "transfers",
    "disposal",
    "exit_costs",
    "rotation_charges",
    "overtime",
    "processing",
)


def add_funds(m: pyo.ConcreteModel, data: Data) -> None:
    """The set of funds, which other blocks index by."""
    m.FUNDS = pyo.Set(initialize=data.funds.names)


def add_fund_rows(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``pay``, ``cash``, ``lapse``, ``draw``, ``repay``, ``debt``, ``drawn``, ``paid``; rows and named costs.

    Comes after every block has put its spending into the ledger.
    """
    block = data.funds
    active = [c for c in CLASSES if ledger.spending.get(c)]
    payers = [(c, f) for c, f in block.classes if c in active]
    m.PAYERS = pyo.Set(dimen=2, initialize=payers)
    m.FUNDS_FOR = {c: [f for d, f in payers if d == c] for c in active}
    m.CLASSES_OF = grouped(
        m.FUNDS, {f: [c for c, _ in pairs] for f, pairs in members_by(payers, lambda cf: cf[1]).items()}
    )
    m.pay = Var(m.PAYERS, m.NODES, domain=pyo.NonNegativeReals)
    ledger.payments.append(lambda m, f, n: sum(m.pay[c, f, n] for c in m.CLASSES_OF[f]))
    ledger.decided["payment"] = Quantity(m.PAYERS, lambda m, c, f, n: m.pay[c, f, n])
    for c in active:
        add_rows(m, m.NODES, rule=_paid(c), name=f"{c}_paid")
    _add_cash(m, data)
    _add_credit(m, data)
    m.LIMITED = pyo.Set(within=m.FUNDS, initialize=block.limited)
    place = [block.names.index(f) for f in block.limited]
    most = np.repeat(block.limit[place][:, None], len(data.nodes.horizon), axis=1)
    before = block.opening.paid[place]
    m.least_paid = array_param(data.nodes.from_opening(before, np.zeros(most.shape)), m.LIMITED, m.ALL_NODES)
    m.most_paid = array_param(data.nodes.from_opening(before, most), m.LIMITED, m.ALL_NODES)
    m.paid = Var(
        m.LIMITED,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, f, n: (m.least_paid[f, n], m.most_paid[f, n]),
    )
    add_rows(m, m.LIMITED, m.NODES, rule=payments_add_up)
    add_rows(m, m.FUNDS, m.NODES, rule=cash_balance)
    _add_costs(m, data, ledger, active)


def _add_cash(m: pyo.ConcreteModel, data: Data) -> None:
    """Cash at the close of every node, and what lapses at the end of a fiscal year."""
    block, nodes = data.funds, data.nodes
    least, opening = np.repeat(block.floor[:, None], len(nodes.horizon), axis=1), block.opening.cash
    m.least_cash = array_param(nodes.from_opening(opening, least), m.FUNDS, m.ALL_NODES)
    m.most_cash = array_param(nodes.from_opening(opening, np.full(least.shape, np.inf)), m.FUNDS, m.ALL_NODES)
    m.cash = Var(m.FUNDS, m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, f, n: (m.least_cash[f, n], m.most_cash[f, n]))
    m.budget = array_param(block.budget, m.FUNDS, m.NODES)
    m.LAPSING = pyo.Set(within=m.FUNDS, initialize=block.lapsing)
    m.LAPSE_OF = grouped(m.FUNDS, {f: [f] for f in block.lapsing})
    m.lapse_share = array_param(block.lapse[[block.names.index(f) for f in block.lapsing]], m.LAPSING, m.NODES)
    m.lapse = Var(m.LAPSING, m.NODES, domain=pyo.NonNegativeReals)
    add_rows(m, m.LAPSING, m.NODES, rule=cash_lapses)


def _add_credit(m: pyo.ConcreteModel, data: Data) -> None:
    """Draws, repayments and debt of credit facilities."""
    block, nodes = data.funds, data.nodes
    m.CREDIT = pyo.Set(within=m.FUNDS, initialize=block.credit)
    m.CREDIT_OF = grouped(m.FUNDS, {f: [f] for f in block.credit})
    place = [block.names.index(f) for f in block.credit]
    most = np.repeat(block.credit_limit[place][:, None], len(nodes.horizon), axis=1)
    m.interest = array_param(block.interest[place], m.CREDIT)
    owed = block.opening.debt[place]
    m.least_debt = array_param(nodes.from_opening(owed, np.zeros(most.shape)), m.CREDIT, m.ALL_NODES)
    m.credit_limit = array_param(nodes.from_opening(owed, most), m.CREDIT, m.ALL_NODES)
    m.draw = Var(m.CREDIT, m.NODES, domain=pyo.NonNegativeReals)
    m.ledger.decided["draw"] = Quantity(m.CREDIT, lambda m, f, n: m.draw[f, n])
    m.repay = Var(m.CREDIT, m.NODES, domain=pyo.NonNegativeReals)
    m.ledger.decided["repayment"] = Quantity(m.CREDIT, lambda m, f, n: m.repay[f, n])
    m.debt = Var(
        m.CREDIT,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, f, n: (m.least_debt[f, n], m.credit_limit[f, n]),
    )
    add_rows(m, m.CREDIT, m.NODES, rule=debt_balance)
    add_rows(m, m.CREDIT, m.NODES, rule=draw_pays_for_use)
    due = [f for f in block.credit if f in block.maturity]
    m.MATURING = pyo.Set(within=m.CREDIT, initialize=due)
    before, after = block.opening.drawn[[block.names.index(f) for f in due]], np.zeros((len(due), len(nodes.horizon)))
    m.least_drawn = array_param(np.concatenate([before, after], 1), m.MATURING, m.ALL_NODES)
    m.most_drawn = array_param(np.concatenate([before, after + np.inf], 1), m.MATURING, m.ALL_NODES)
    m.drawn = Var(
        m.MATURING,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, f, n: (m.least_drawn[f, n], m.most_drawn[f, n]),
    )
    m.maturing = lag_param(m, data, [block.maturity[f] for f in due], m.MATURING)
    add_rows(m, m.MATURING, m.NODES, rule=draws_add_up)
    add_rows(m, m.MATURING, m.NODES, rule=draws_are_repaid)


def _add_costs(m: pyo.ConcreteModel, data: Data, ledger: Ledger, active: list[str]) -> None:
    """Named costs of what counted funds pay; a duty that a public fund pays comes back to it and does not count."""
    block = data.funds
    m.counted = array_param(block.counted, m.FUNDS)
    m.duty_counted = array_param(block.duty_counted, m.FUNDS)
    for c in active:
        ledger.costs[c].append(_counted_payments(c))
    if block.credit:
        ledger.costs["interest"].append(
            lambda m, n: sum(m.counted[f] * m.interest[f] * m.debt[f, m.parent[n]] for f in m.CREDIT)
        )
    if block.end_debt.any():
        m.end_debt = array_param(block.end_debt, m.FUNDS)
        ledger.final["end_values"].append(debt_left)


def debt_left(m: Any, n: Any) -> Any:
    r"""Debt at the end of the horizon counts as far as the instance says.

    .. math:: \mathit{final}_{\mathrm{end\_values},n} \ni \sum_f \omega_f\, \mathit{debt}_{f,n}, \quad n \in \text{leaves}

    omega is the share of the debt that counts, 0 for a fund that the objective does not count.  Units: money.
    """
    return sum(m.end_debt[f] * m.debt[f, n] for f in m.CREDIT)


def _counted_payments(name: str) -> Term:
    """Payments of one class by the funds that the objective counts."""
    if name == "duties":
        return lambda m, n: sum(m.duty_counted[f] * m.pay[name, f, n] for f in m.FUNDS_FOR[name])
    return lambda m, n: sum(m.counted[f] * m.pay[name, f, n] for f in m.FUNDS_FOR[name])


def _paid(name: str) -> Term:
    """The rule that lets funds pay for one class of spending."""

    def spending_is_paid(m: Any, n: Any) -> Any:
        r"""Every amount spent on a class (purchases, duties, storage, exit costs and so on) is paid by funds that may.

        .. math:: \sum_{f \in F_c} \mathit{pay}_{c,f,n} = \mathit{spending}_{c,n}

        F are the funds whose uses allow the class.  Units: money.
        """
        return sum(m.pay[name, f, n] for f in m.FUNDS_FOR[name]) == sum(term(m, n) for term in m.ledger.spending[name])

    return spending_is_paid


def payments(m: Any, f: Any, n: Any) -> Any:
    """Everything that a fund pays for its uses at a node, tranches included; not interest, not repayment."""
    return sum(term(m, f, n) for term in m.ledger.payments)


def cash_balance(m: Any, f: Any, n: Any) -> Any:
    r"""Cash of a fund, as an equality.

    .. math:: \mathit{cash}_{f,n} = \mathit{cash}_{f,a(n)} + B_{f,n} + \mathit{income}_{f,n} + \mathit{draw}_{f,n}
        - \mathit{payments}_{f,n} - r_f\, \mathit{debt}_{f,a(n)} - \mathit{repay}_{f,n} - \mathit{lapse}_{f,n}

    B is the budget paid in; income are proceeds of sales and releases, and project revenue; r is the interest per period.  Units: money.
    """
    return m.cash[f, n] == m.cash[f, m.parent[n]] + m.budget[f, n] + sum(
        term(m, f, n) for term in m.ledger.income
    ) + sum(m.draw[c, n] - m.interest[c] * m.debt[c, m.parent[n]] - m.repay[c, n] for c in m.CREDIT_OF[f]) - payments(
        m, f, n
    ) - sum(m.lapse[c, n] for c in m.LAPSE_OF[f])


def cash_lapses(m: Any, f: Any, n: Any) -> Any:
    r"""At the end of a fiscal year the share of cash that is not carried over lapses.

    .. math:: (1-\lambda_{f,n})\, \mathit{lapse}_{f,n} = \lambda_{f,n}\, \mathit{cash}_{f,n}

    lambda is 1 - carry-over at the last node of a fiscal year and 0 elsewhere; cash is what stays.  Units: money.
    """
    return (1 - m.lapse_share[f, n]) * m.lapse[f, n] == m.lapse_share[f, n] * m.cash[f, n]


def debt_balance(m: Any, f: Any, n: Any) -> Any:
    r"""What a facility owes grows by draws and falls by repayment; it stays within the credit limit.

    .. math:: \mathit{debt}_{f,n} = \mathit{debt}_{f,a(n)} + \mathit{draw}_{f,n} - \mathit{repay}_{f,n} \le \bar D_f

    Units: money.
    """
    return m.debt[f, n] == m.debt[f, m.parent[n]] + m.draw[f, n] - m.repay[f, n]


def draw_pays_for_use(m: Any, f: Any, n: Any) -> Any:
    r"""A draw pays for uses of its period; old debt is not repaid, nor interest paid, with new debt.

    .. math:: \mathit{draw}_{f,n} \le \mathit{payments}_{f,n}

    Units: money.
    """
    return m.draw[f, n] <= payments(m, f, n)


def draws_add_up(m: Any, f: Any, n: Any) -> Any:
    r"""All that has been drawn so far.

    .. math:: \mathit{drawn}_{f,n} = \mathit{drawn}_{f,a(n)} + \mathit{draw}_{f,n}

    Units: money.
    """
    return m.drawn[f, n] == m.drawn[f, m.parent[n]] + m.draw[f, n]


def draws_are_repaid(m: Any, f: Any, n: Any) -> Any:
    r"""A draw is repaid within the maturity: debt is never more than what was drawn in the last M periods.

    .. math:: \mathit{debt}_{f,n} \le \mathit{drawn}_{f,n} - \mathit{drawn}_{f,\,n-M_f}

    Units: money.
    """
    return m.debt[f, n] <= m.drawn[f, n] - m.drawn[f, m.maturing[f, n]]


def payments_add_up(m: Any, f: Any, n: Any) -> Any:
    r"""What a fund with a total limit has paid so far, which stays within the limit.

    .. math:: \mathit{paid}_{f,n} = \mathit{paid}_{f,a(n)} + \mathit{payments}_{f,n} \le \bar P_f

    Units: money.
    """
    return m.paid[f, n] == m.paid[f, m.parent[n]] + payments(m, f, n)
