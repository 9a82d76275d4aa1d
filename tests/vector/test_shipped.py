"""The matrices of the shipped instances are those of Pyomo's own standard form."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockpile.data import make_data
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.models.build import build_model
from stockpile.tree import build_tree
from stockpile.vector import compile_arrays
from tests.vector.standard import differences, ours, pyomos

HOME = Path(__file__).resolve().parents[2] / "instances"
SHIPPED = sorted(path.parent for path in HOME.glob("*/instance.toml"))
SLOW = (
    "mobilisation",
    "project-vault-market",
    "project-vault-shocks",
    "status-quo",
    "supply-agreement",
    "third-path",
)
"""Pyomo's own way takes a quarter of a minute or more for one of these; their rules occur in random instances, too."""


def check(instance: Instance) -> None:
    """Rows by name, bounds, integers and the objective."""
    model = build_model(make_data(instance, build_tree(instance)))
    mine = ours(compile_arrays(model))
    assert not differences(mine, pyomos(model))


@pytest.mark.parametrize(
    "folder",
    [pytest.param(path, id=path.name, marks=[pytest.mark.soak] * (path.name in SLOW)) for path in SHIPPED],
)
def test_shipped_instances(folder: Path) -> None:
    """A coefficient that the compiler gets wrong would be a wrong plan that passes as the optimum."""
    check(load(folder))


@pytest.mark.parametrize("rules", ["core", "all"])
@pytest.mark.parametrize("seed", range(6))
def test_random_instances(seed: int, rules: str) -> None:
    """The same on instances with other shapes: more stores than goods, short horizons, many projects; with every rule."""
    check(random_instance(2 + seed, 6 + 3 * seed, 3 + seed, seed, rules))
