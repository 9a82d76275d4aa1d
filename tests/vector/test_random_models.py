"""The compiler against Pyomo's own standard form on random models, what falls back included."""

from __future__ import annotations

from collections import Counter

import pyomo.environ as pyo
import pytest

from stockpile.vector import compile_arrays
from tests.vector.models import FAMILIES, Model
from tests.vector.standard import differences, ours, pyomos

SEEDS, PARTS = 400, 8


@pytest.mark.parametrize("part", range(PARTS))
def test_matrices_equal_those_of_pyomo(part: int) -> None:
    """Rows by name, zeros dropped, to 1e-12; bounds, integers and the objective too."""
    for seed in range(part, SEEDS, PARTS):
        model = Model(seed)
        mine = ours(compile_arrays(model.m))
        found = differences(mine, pyomos(model.m))
        assert not found, (seed, sorted(model.features), found[:3])


def test_every_feature_occurs() -> None:
    """A family of models that is never drawn is not tested."""
    seen = Counter(feature for seed in range(SEEDS) for feature in Model(seed).features)
    assert len(seen) >= len(FAMILIES) + 10
    assert min(seen.values()) >= 10, seen


def test_what_is_looked_at_is_the_same_model() -> None:
    """Printing and iterating make all elements; the arrays stay the same, to the last bit."""
    for seed in range(0, SEEDS, 10):
        model = Model(seed).m
        before = ours(compile_arrays(model))
        for component in model.component_objects((pyo.Var, pyo.Constraint)):
            list(component.items())
        assert not differences(ours(compile_arrays(model)), before), seed


def test_clones_compile_to_the_same() -> None:
    """``model.clone()`` copies what lies behind the components, too."""
    for seed in range(0, SEEDS, 20):
        model = Model(seed).m
        assert not differences(ours(compile_arrays(model.clone())), pyomos(model)), seed
