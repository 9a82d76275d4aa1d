"""Pyomo at the speed of arrays: components that come into being only when looked at, and a compiler of their templates.

This room stands alone: it imports nothing else of the package.  See README.md beside this file.
"""

from stockpile.vector.arrays import Arrays
from stockpile.vector.compile import compile_arrays
from stockpile.vector.components import Constraint, Expression, Var, array_param, label_param
from stockpile.vector.walk import VectorError

__all__ = ["Arrays", "Constraint", "Expression", "Var", "VectorError", "array_param", "compile_arrays", "label_param"]
