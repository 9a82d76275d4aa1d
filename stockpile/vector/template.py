"""Rules as templates: Pyomo's own, with a guard against rules that look at an index.

A rule such as ``lambda m, n: m.stock[n] == m.stock[m.parent[n]] + m.order[n]`` is called once with placeholders.  A rule that
compares a placeholder with a label would silently take one branch for all rows; the guard makes the comparison raise.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyomo.common.errors import PyomoException
from pyomo.core.expr import template_expr
from pyomo.core.expr.template_expr import IndexTemplate, templatize_rule

LOG = logging.getLogger("stockpile.vector")


class Untemplatable(Exception):
    """A rule that has no template, or one that cannot be evaluated here; its rows are compiled one by one."""


@contextmanager
def guarded() -> Iterator[None]:
    """While it lasts, comparing a placeholder with what is no number raises Untemplatable."""
    equal, unequal = IndexTemplate.__eq__, IndexTemplate.__ne__

    def compare(how: Any) -> Any:
        def comparison(self: Any, other: Any) -> Any:
            if self is other or isinstance(other, int | float) or hasattr(other, "is_numeric_type"):
                return how(self, other)
            raise Untemplatable(f"the rule compares an index with {other!r}")

        return comparison

    IndexTemplate.__eq__, IndexTemplate.__ne__ = compare(equal), compare(unequal)
    try:
        yield
    finally:
        IndexTemplate.__eq__, IndexTemplate.__ne__ = equal, unequal


def template_of(block: Any, rule: Any, index_set: Any) -> tuple[Any, tuple[Any, ...]]:
    """The expression of a rule and the placeholders of its index; raises Untemplatable where there is none."""
    template_expr.logger.disabled = True
    try:
        with guarded():
            return templatize_rule(block, rule, index_set)  # type: ignore[no-any-return]
    except Untemplatable:
        raise
    except (
        PyomoException, TypeError, ValueError, KeyError, IndexError, AttributeError, AssertionError, RuntimeError,
        StopIteration, NotImplementedError,
    ) as error:  # fmt: skip
        raise Untemplatable(
            f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
        ) from None
    finally:
        template_expr.logger.disabled = False
