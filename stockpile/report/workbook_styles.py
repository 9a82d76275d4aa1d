"""How a spreadsheet shows the figures of a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: Decimals of amounts at most, and figures that all but the smallest tenth of them show.
MOST, FIGURES = 4, 2


def pattern(kind: str, values: Sequence[float]) -> str:
    """The number format for values of a kind: decimals that the small ones need, thousands separated, ``-`` for nothing."""
    if kind == "share":
        return "0.0 %"
    if kind == "rate":
        small = any(0 < abs(value) < 1e-4 for value in values if math.isfinite(value))
        return "0.0000 %" if small else "0.00 %"
    if kind == "number":
        return "0"
    count = 0 if kind == "days" else 2 if kind in ("money", "objective") else decimals(values)
    number = "#,##0" + ("." + "0" * count if count else "")
    return f'{number};-{number};"-"'


def decimals(values: Sequence[float]) -> int:
    """Decimals that show nine of ten values with two figures, and none that are 0 in all of them."""
    sizes = sorted(abs(value) for value in values if math.isfinite(value) and value)
    if not sizes:
        return 0
    count = min(max(FIGURES - 1 - math.floor(math.log10(sizes[len(sizes) // 10])), 0), MOST)
    while count and all(round(size, count) == round(size, count - 1) for size in sizes):
        count -= 1
    return count
