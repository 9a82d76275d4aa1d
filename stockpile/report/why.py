"""Why a plan is as it is, as a page and as one document."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rich.text import Text

from stockpile.plan.plan import Plan
from stockpile.report.binding import limit_words
from stockpile.report.layout import Column, heading, plain, sentence, table
from stockpile.report.terminal import written

#: Limits of a group and names in a sentence that a page shows; ``--json`` has all.
MOST, NAMES = 12, 3
BUDGET, NOT_SEARCHED = "budget", "not searched"
FUNDS, PROJECTS, GOODS, RULES = "Funds", "Projects", "Goods", "Pins and policies"
GROUPS = {
    FUNDS: (
        "payment_limit",
        "credit_limit",
        "commitment_limit",
        "exposure_of_fund",
        "maturity",
        "cap_of_incentive",
        BUDGET,
    ),
    PROJECTS: ("exposure_of_project", "private_share", "least_share", "greatest_share", "one_of_a_group"),
}
RULE_ENDS = ("_required", "_forbidden")
#: The gap between two costs, as a share of the objective, up to which they are the same.
SAME = 1e-9


class Limit(Protocol):
    """A limit that binds, what it is about, when, and what a unit of it is worth (money); None where it has no figure."""

    @property
    def family(self) -> str: ...
    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def times(self) -> int: ...
    @property
    def first(self) -> str: ...
    @property
    def last(self) -> str: ...
    @property
    def per(self) -> str: ...
    @property
    def way(self) -> str: ...
    @property
    def worth(self) -> float | None: ...
    @property
    def exact(self) -> bool: ...


class Decision(Protocol):
    """A project, contract or source, whether the plan uses it, and what is asked of it the other way round."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def used(self) -> bool: ...
    @property
    def stage(self) -> int: ...
    @property
    def amount(self) -> float: ...


class Answer(Protocol):
    """What the other way round costs more: between ``low`` and ``high``, money; infinite where it has no plan."""

    @property
    def decision(self) -> Decision: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def status(self) -> str: ...
    @property
    def plan(self) -> Plan | None: ...


class BreakEven(Protocol):
    """A source is used below a factor of its prices and not above: from ``low`` to ``high``."""

    @property
    def source(self) -> str: ...
    @property
    def used(self) -> bool: ...
    @property
    def fixed(self) -> bool: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def price(self) -> tuple[float, float] | None: ...


class Why(Protocol):
    """What is found out about a plan; ``least`` is the least cost with its whole decisions, ``left`` and ``unpriced`` what there was no time for."""

    @property
    def plan(self) -> Plan: ...
    @property
    def least(self) -> float: ...
    @property
    def limits(self) -> Sequence[Limit]: ...
    @property
    def answers(self) -> Sequence[Answer]: ...
    @property
    def break_even(self) -> Sequence[BreakEven]: ...
    @property
    def left(self) -> Sequence[Decision]: ...
    @property
    def unpriced(self) -> Sequence[str]: ...
    @property
    def stopped_by(self) -> str | None: ...


def page(name: str, why: Why, width: int = 80, colour: bool = False) -> str:
    """What binds by group, what decisions save, and break-even prices."""
    units = why.plan.summary["units"]
    money = str(units["money"])
    lines = [Text(f"Why the plan of {plain(name)} is as it is", style="bold")]
    lines += sentence(
        f"It costs {_amount(why.plan.objective)} {money}; no plan costs less than {_bound(why, money)}.", width
    )
    if why.least < why.plan.objective - SAME * max(1.0, abs(why.plan.objective)):
        less = _amount(why.plan.objective - why.least)
        lines += sentence(f"With the same decisions, and other amounts, it could cost {less} {money} less.", width)
    lines += _limits(why.limits, money, width)
    lines += _answers(why, units, width)
    lines += _prices(why, str(units["price"]), width)
    return written(lines, width, colour)


def _bound(why: Why, money: str) -> str:
    bound = why.plan.summary.get("bound")
    return "is known" if bound is None else f"{_amount(bound)} {money}"


def _limits(limits: Sequence[Limit], money: str, width: int) -> list[Text]:
    """Limits that are worth something by group, and a word on the others."""
    lines = heading("What binds, and what one more unit of it is worth", "", width)
    lines += sentence(
        f"Worth is {money}, expected and discounted, for a unit more of a limit, or less of what a rule asks for, in all of the "
        "periods; of a budget in one of them. It holds for small changes while the plan's decisions of yes and no, and its "
        "whole numbers, stay as they are.",
        width,
    )
    worth = [limit for limit in limits if limit.worth]
    for group in (FUNDS, PROJECTS, GOODS, RULES):
        own = [limit for limit in worth if _group(limit.family) == group]
        if own:
            lines += heading(group, "", width)
            columns = [
                Column("limit", least=24, wraps=True),
                Column("change"),
                Column(f"worth {money}", right=True),
                Column("when", least=9),
            ]
            lines += table(columns, [_row(limit) for limit in own[:MOST]], width)
        if len(own) > MOST:
            lines += sentence(f"and {len(own) - MOST:,} more that are worth less", width)
    if not worth:
        lines += sentence("Nothing that has a figure is worth anything.", width)
    if any(not limit.exact for limit in worth):
        lines += sentence("<: at most; there was no time to find out more.", width)
    for words, found in (
        (
            "Used to the last unit, but a unit more is worth nothing",
            [x for x in limits if x.worth == 0 and x.family != BUDGET],
        ),
        ("Without a figure", [x for x in limits if x.worth is None]),
    ):
        if found:
            lines += sentence(f"{words}: {_some([_words(limit) for limit in found])}.", width)
    return lines


def _group(family: str) -> str:
    for group, families in GROUPS.items():
        if family in families:
            return group
    if family.startswith("policy_") or family.endswith(RULE_ENDS):
        return RULES
    return GOODS


def _words(limit: Limit) -> str:
    if limit.family == BUDGET:
        return f"money of fund {', '.join(limit.key)}"
    return limit_words(limit.family, limit.key)


def _row(limit: Limit) -> list[str]:
    when = limit.first if limit.first == limit.last else f"{limit.first}..{limit.last}"
    assert limit.worth is not None
    worth = f"{'' if limit.exact else '<'}{_amount(limit.worth)}"
    return [_words(limit), f"1 {limit.per} {limit.way}", worth, when]


def _answers(why: Why, units: Mapping[str, Any], width: int) -> list[Text]:
    """Every decision, what the plan does, and what the other way round costs more."""
    if not (why.answers or why.left):
        return []
    money = str(units["money"])
    lines = heading("Why each decision was taken", "", width)
    lines += sentence(
        f"What the best plan the other way round costs more, {money}: solved again from the plan with the decision forbidden or "
        "required. Two figures are the interval that the gaps of both searches leave.",
        width,
    )
    columns = [
        Column("decision", least=20, wraps=True),
        Column("in the plan"),
        Column("the other way", least=14, wraps=True),
        Column("costs more", right=True),
    ]
    rows = [[*_asked(answer.decision, str(units["quantity"])), _more(answer)] for answer in why.answers]
    lines += table(columns, rows, width)
    better = [
        a for a in why.answers if a.plan is not None and a.plan.objective < why.plan.objective * (1 - SAME) - SAME
    ]
    if better:
        best = min(better, key=lambda a: a.plan.objective if a.plan is not None else math.inf)
        assert best.plan is not None
        lines += sentence(
            f"The other way round of {best.decision.name} a plan was found that costs {_amount(best.plan.objective)} {money}, "
            "less than this one: its gap allows that.",
            width,
        )
    rough = sum(answer.status == NOT_SEARCHED for answer in why.answers)
    if rough:
        lines += sentence(
            f"There was no time to search for {rough:,} of them, the last ones: what is told is what the plan costs with that alone "
            "changed, and amounts as they are best then. Choose some with --decision NAME, or raise --time-limit.",
            width,
        )
    if why.left:
        names = _some([f"{d.kind} {d.name}" for d in why.left])
        end = "The search was stopped by hand" if why.stopped_by is not None else "There was no time"
        lines += sentence(f"{end} before {names}; choose some with --decision NAME.", width)
    return lines


def _asked(decision: Decision, quantity: str) -> list[str]:
    """Name, what the plan does, and what is asked instead."""
    done = {"project": "financed", "contract": "signed", "source": "used"}[decision.kind]
    if decision.used:
        other = f"without stage {decision.stage}" if decision.kind == "project" and decision.stage > 1 else "without it"
    elif decision.kind == "project":
        other = f"with stage {decision.stage}" if decision.stage == 1 else f"to stage {decision.stage}"
    else:
        other = f"with {_amount(decision.amount)} {quantity}" if decision.amount else "with it"
    return [f"{decision.kind} {decision.name}", done if decision.used else f"not {done}", other]


def _more(answer: Answer) -> str:
    if answer.status == "infeasible":
        return "no plan"
    if math.isinf(answer.high):
        return f"at least {_amount(answer.low)}" if answer.low > 0 else "unknown"
    if _close(answer.low, answer.high):
        return _amount(answer.high)
    if answer.low <= 0:
        return f"up to {_amount(answer.high)}"
    return f"{_amount(answer.low)} to {_amount(answer.high)}"


def _prices(why: Why, price: str, width: int) -> list[Text]:
    """Prices below which sources are used, and what they mean."""
    if not why.break_even:
        return []
    lines = heading("Break-even prices", "", width)
    lines += sentence(
        "The plan orders from a source while its prices are below so many times what they are, all in the same proportion, and "
        "not above. Exact: with the plan's decisions of yes and no as they are. Re-solved: of a source with a charge, least order, "
        "lots or discounts, the prices at which what the other way round costs more would be made up for by what is paid for it.",
        width,
    )
    columns = [
        Column("source", least=16, wraps=True),
        Column("in the plan"),
        Column("times", right=True),
        Column(price, right=True),
        Column("how"),
    ]
    rows = [
        [
            one.source,
            "used" if one.used else "not used",
            _between(one.low, one.high) if one.high > 0 else "never",
            "-" if one.price is None or one.high <= 0 else _between(*one.price),
            "exact" if one.fixed else "re-solved",
        ]
        for one in why.break_even
    ]
    lines += table(columns, rows, width)
    if why.unpriced:
        lines += sentence(f"There was no time for the prices of {_some(why.unpriced)}.", width)
    return lines


def _between(low: float, high: float) -> str:
    return _amount(high) if _close(low, high) else f"{_amount(low)} to {_amount(high)}"


def _close(low: float, high: float) -> bool:
    return abs(high - low) <= 1e-5 * max(abs(high), 1e-9)


def _amount(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMES
    return ", ".join(names[:NAMES]) + (f" and {more:,} more" if more > 0 else "")


def as_document(name: str, why: Why) -> dict[str, Any]:
    """Plain values for JSON."""
    summary = why.plan.summary
    return {
        "instance": name,
        "status": "explained",
        "units": summary["units"],
        "objective": why.plan.objective,
        "bound": summary.get("bound"),
        "least_with_decisions": why.least,
        "binding": [
            {
                "group": _group(limit.family).lower(),
                "family": limit.family,
                "limit": _words(limit),
                "about": list(limit.key),
                "times": limit.times,
                "first": limit.first,
                "last": limit.last,
                "worth": limit.worth,
                "per": limit.per,
                "way": limit.way,
                "exact": limit.exact,
            }
            for limit in why.limits
        ],
        "decisions": [_answer(answer) for answer in why.answers],
        "break_even": [
            {
                "source": one.source,
                "used": one.used,
                "factor": {"low": one.low, "high": one.high},
                "price": None if one.price is None else {"low": one.price[0], "high": one.price[1]},
                "exact": one.fixed,
            }
            for one in why.break_even
        ],
        "unpriced": list(why.unpriced),
        "left": [{"kind": decision.kind, "name": decision.name} for decision in why.left],
        "stopped_by": why.stopped_by,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    decision = answer.decision
    return {
        "kind": decision.kind,
        "name": decision.name,
        "used": decision.used,
        "forced": "out" if decision.used else "in",
        "stage": decision.stage or None,
        "amount": decision.amount or None,
        "status": answer.status,
        "more": {"low": answer.low, "high": answer.high},
        "objective": None if answer.plan is None else answer.plan.objective,
    }
