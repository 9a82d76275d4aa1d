"""What each class of Pyomo's expressions does with values."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from pyomo.core.expr import numeric_expr as ne

from stockpile.vector.template import Untemplatable
from stockpile.vector.values import Linear, Scope, add, scale

if TYPE_CHECKING:
    from stockpile.vector.evaluate import Evaluator


def _sum(ev: Evaluator, e: Any, scope: Scope) -> Any:
    return reduce(add, (ev.either(a, scope) for a in e.args), 0.0)


def _product(ev: Evaluator, e: Any, scope: Scope) -> Any:
    a, b = (ev.either(x, scope) for x in e.args)
    if isinstance(a, Linear) and isinstance(b, Linear):
        raise Untemplatable("a product of variables")
    return scale(b, a) if isinstance(b, Linear) else scale(a, b)


def _quotient(ev: Evaluator, e: Any, scope: Scope) -> Any:
    return scale(ev.either(e.args[0], scope), 1.0 / ev.number(e.args[1], scope))


def _negative(ev: Evaluator, e: Any, scope: Scope) -> Any:
    return scale(ev.either(e.args[0], scope), -1.0)


def _power(ev: Evaluator, e: Any, scope: Scope) -> Any:
    return np.power(ev.number(e.args[0], scope), ev.number(e.args[1], scope))


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(ev: Evaluator, e: Any, scope: Scope) -> Any:
        return reduce(function, (ev.number(a, scope) for a in e.args))

    return extreme


_UNARY: dict[str, Any] = {
    "log": np.log, "log10": np.log10, "exp": np.exp, "sqrt": np.sqrt, "ceil": np.ceil, "floor": np.floor, "sin": np.sin,
    "cos": np.cos, "tan": np.tan,
}  # fmt: skip


def _unary(ev: Evaluator, e: Any, scope: Scope) -> Any:
    if e.getname() not in _UNARY:
        raise Untemplatable(f"{e.getname()} in a rule")
    return _UNARY[e.getname()](ev.number(e.args[0], scope))


def _absolute(ev: Evaluator, e: Any, scope: Scope) -> Any:
    return np.abs(ev.number(e.args[0], scope))


#: A function of an evaluator, an expression and a scope for every class of expression.
OPERATIONS: dict[type, Callable[..., Any]] = {
    ne.SumExpression: _sum,
    ne.LinearExpression: _sum,
    ne.NPV_SumExpression: _sum,
    ne.ProductExpression: _product,
    ne.NPV_ProductExpression: _product,
    ne.MonomialTermExpression: _product,
    ne.DivisionExpression: _quotient,
    ne.NPV_DivisionExpression: _quotient,
    ne.NegationExpression: _negative,
    ne.NPV_NegationExpression: _negative,
    ne.NPV_PowExpression: _power,
    ne.NPV_MaxExpression: _extreme(np.maximum),
    ne.NPV_MinExpression: _extreme(np.minimum),
    ne.NPV_UnaryFunctionExpression: _unary,
    ne.NPV_AbsExpression: _absolute,
}
