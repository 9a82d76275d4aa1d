"""Why an instance has no plan, as a page and as one document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from rich.text import Text

from stockpile.report.layout import heading, plain, sentence
from stockpile.report.terminal import written

#: Names that are listed for a family of rules, and periods; the rest are counted.
NAMES, PERIODS = 4, 4
#: From this on amounts are told in whole units.
WHOLE = 1e6
SIDES = {"<=": "at most ", ">=": "at least ", "=": ""}


class Rule(Protocol):
    """A rule in words, whom it is about, its node, and what it asks for where that has a unit."""

    @property
    def family(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def who(self) -> tuple[str, ...]: ...
    @property
    def node(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def limit(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


class Change(Protocol):
    """What gives way, how, and by how much."""

    @property
    def rule(self) -> Rule: ...
    @property
    def how(self) -> str: ...
    @property
    def amount(self) -> float: ...
    @property
    def unit(self) -> str: ...


class Later(Protocol):
    """A date that gives a plan where it is later by some ``months``; ``after`` is empty at the end of the horizon."""

    @property
    def what(self) -> str: ...
    @property
    def who(self) -> tuple[str, ...]: ...
    @property
    def table(self) -> str: ...
    @property
    def column(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def periods(self) -> int: ...
    @property
    def months(self) -> float: ...


class Reason(Protocol):
    """Rules that cannot all be kept; each is needed where ``minimal``."""

    @property
    def rules(self) -> Sequence[Rule]: ...
    @property
    def minimal(self) -> bool: ...
    @property
    def repair(self) -> Sequence[Change] | None: ...
    @property
    def proven(self) -> bool: ...
    @property
    def later(self) -> Sequence[Later]: ...


def page(name: str, reason: Reason, width: int = 80, colour: bool = False) -> str:
    """The rules in conflict, those of a kind together, and the repair."""
    count = len(reason.rules)
    lines = [Text(f"{plain(name)} has no plan", style="bold")]
    proof = "without any one of them the others can be kept" if reason.minimal else "fewer may do: the time ran out"
    if count == 1 and reason.minimal:
        lines += sentence("one rule cannot be kept, whatever is decided; without it the others can be.", width)
    else:
        lines += sentence(f"{count} rule{'s' if count > 1 else ''} cannot all be kept; {proof}.", width)
    lines += heading("In conflict", "", width)
    families: dict[str, list[Rule]] = {}
    for rule in reason.rules:
        families.setdefault(rule.family, []).append(rule)
    for own in families.values():
        lines += sentence(f"- {plain(own[0].words)}: {_about(own)}", width)
    least = reason.proven or reason.repair is None
    lines += heading(f"{'The least' if least else 'A'} change that gives a plan", "", width)
    if reason.repair is None:
        no_way = "no limit in money or quantity can give way: the conflict is one of yes and no"
        lines += sentence(no_way if reason.proven else "not known: the time ran out", width)
    elif not reason.proven:
        lines += sentence("less may do: the time ran out", width)
    for change in reason.repair or ():
        lines += sentence(f"- {_change(change)}", width)
    if reason.later:
        lines += heading("Or one of these dates later, all else as it is", "", width)
    for one in reason.later:
        lines += sentence(f"- {_later(one)}", width)
    return written(lines, width, colour)


def _later(one: Later) -> str:
    """A date in a line."""
    after = one.after or "after the horizon"
    return plain(f"{one.what} {' '.join(one.who)}: {one.months:g} months later ({after} instead of {one.before})")


def _about(rules: Sequence[Rule]) -> str:
    """Whom rules of a family are about, in which periods; of a single one what it asks for, too."""
    who = list(dict.fromkeys(" ".join(rule.who) for rule in rules if rule.who))
    when = list(dict.fromkeys(rule.node for rule in rules if rule.node))
    text = "; ".join(part for part in (_some(who, NAMES), _some(when, PERIODS)) if part)
    only = rules[0]
    if len(rules) == 1 and only.limit is not None and only.limit != 0:
        text += f" ({SIDES[only.side]}{_amount(only.limit)} {only.unit})"
    return plain(text)


def _change(change: Change) -> str:
    """A change in a line, with what there was."""
    rule = change.rule
    before = "" if not rule.limit else f", from {_amount(rule.limit)} {rule.unit}"
    who = " ".join(rule.who)
    if not change.unit:
        return plain(f"{change.how}: {rule.words}: {who} in {rule.node}")
    where = f"{who} in {rule.node}" if who and rule.node else who or rule.node
    return plain(f"{change.how}: {_amount(change.amount)} {change.unit}{before} ({rule.words}: {where})")


def _amount(value: float) -> str:
    return f"{abs(value):,.0f}" if abs(value) >= WHOLE else f"{abs(value):,.6g}"


def _some(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def as_document(name: str, reason: Reason) -> dict[str, Any]:
    """Plain values for JSON."""
    return {
        "instance": name,
        "status": "infeasible",
        "minimal": reason.minimal,
        "conflict": [_plain(rule) for rule in reason.rules],
        "repair": None
        if reason.repair is None
        else [{**_plain(c.rule), "how": c.how, "amount": c.amount, "unit": c.unit} for c in reason.repair],
        "repair_proven": reason.proven,
        "later": [
            {
                "what": one.what,
                "about": list(one.who),
                "table": one.table,
                "column": one.column,
                "before": one.before,
                "after": one.after or None,
                "periods": one.periods,
                "months": one.months,
            }
            for one in reason.later
        ],
    }


def _plain(rule: Rule) -> dict[str, Any]:
    limit = rule.limit if rule.limit is not None and math.isfinite(rule.limit) else None
    return {
        "family": rule.family,
        "rule": rule.words,
        "about": list(rule.who),
        "node": rule.node,
        "side": rule.side,
        "limit": limit,
        "unit": rule.unit,
    }
