"""Blocks of the model share one space of names."""

from __future__ import annotations

import logging

import pyomo.environ as pyo
import pytest

from stockpile import engine
from stockpile.instance.generate import random_instance


@pytest.mark.parametrize("seed", range(6))
def test_no_block_takes_the_name_of_another(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    """Pyomo would replace the component of the first block with that of the second, and say so in its log alone."""
    with caplog.at_level(logging.WARNING, logger="pyomo.core"):
        engine.build(random_instance(4, 8, 3, seed, "all"))
    assert [record.getMessage() for record in caplog.records if "replacing" in record.getMessage()] == []


def test_a_name_taken_twice_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    """The test above hears what Pyomo says of it."""
    model = pyo.ConcreteModel()
    with caplog.at_level(logging.WARNING, logger="pyomo.core"):
        for member in (1, 2):
            model.BOTH = pyo.Set(initialize=[member])
    assert any("replacing" in record.getMessage() for record in caplog.records)
