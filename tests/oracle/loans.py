"""Loans and equity once it is known when projects are commissioned: closed forms, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.facts import Row


@dataclass(frozen=True)
class Terms:
    """Rates per period; ``tenor`` is the number of instalments."""

    instrument: str
    interest: float
    grace: int
    tenor: int
    dividend: float


def terms_of(row: Row) -> Terms:
    """The terms of one row of the financing table."""
    kind = str(row["instrument"])
    tenor = round(float(row["tenor"])) if kind == "loan" else 0
    return Terms(kind, float(row["interest"]), round(float(row["grace"])), tenor, float(row["dividend"]))


def until(back: list[float], abandoned: int | None) -> list[float]:
    """Nothing comes from abandonment on."""
    return [share if abandoned is None or t < abandoned else 0.0 for t, share in enumerate(back)]


def repayments(terms: Terms, paid: int, commissioned: int | None, periods: int) -> list[float]:
    """What a fund gets back, by period, of each unit paid in a period, negative before the start.

    Nothing where the project is never commissioned.
    """
    back = [0.0] * periods
    if commissioned is None or terms.instrument == "grant":
        return back
    if terms.instrument == "equity":
        return [terms.dividend if t > commissioned else 0.0 for t in range(periods)]
    begin = commissioned + terms.grace
    owed = (1 + terms.interest) ** (begin - paid)
    value = sum((1 + terms.interest) ** -k for k in range(1, terms.tenor + 1))
    for k in range(1, terms.tenor + 1):
        if 0 <= begin + k < periods:
            back[begin + k] = owed / value
    return back


def from_before(row: dict[str, Any], dated: bool, commissioned: int | None, periods: int) -> list[float]:
    """What a loan from before the horizon brings, by period; it was paid, so to say, in the period before the first.

    Where repayment could have begun before, it begins then: the first instalment of what is owed is due in the first period.
    """
    tenor = round(float(row["tenor"]))
    commissioned = _begun_late(row, commissioned)
    if dated:
        terms, begin = Terms("loan", float(row["interest"]), 0, tenor, 0.0), int(row["first_instalment"]) - 1
        shifted = repayments(terms, 0, begin + 1, periods + 1)[1:]
    else:
        terms = Terms("loan", float(row["interest"]), round(float(row["grace"])), tenor, 0.0)
        shifted = repayments(terms, 0, None if commissioned is None else commissioned + 1, periods + 1)[1:]
    return [float(row["principal"]) * share for share in shifted]


def _begun_late(row: dict[str, Any], commissioned: int | None) -> int | None:
    """When the project was commissioned, so to say: grace ends in the period before the first at the earliest."""
    grace = round(float(row["grace"]))
    return None if commissioned is None else max(commissioned + grace, -1) - grace


def weighed(part: Sum, back: list[float]) -> list[Sum]:
    """Repayments by period of an amount."""
    return [Sum().plus(part, share) for share in back]


def owed_from_before(
    row: dict[str, Any], back: list[float], dated: bool, commissioned: int | None, periods: int
) -> list[float]:
    """What is owed of a loan from before at the close of every period: with interest, less what came back."""
    rate, owed, found = 1 + float(row["interest"]), float(row["principal"]), []
    begin, commissioned = int(row["first_instalment"]) - 1 if dated else None, _begun_late(row, commissioned)
    if not dated and commissioned is not None:
        begin = commissioned + round(float(row["grace"]))
    for n in range(periods):
        owed = owed * rate - back[n]
        done = begin is not None and n >= begin + round(float(row["tenor"]))
        found.append(0.0 if done else owed)
    return found
