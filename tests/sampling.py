"""Parameters of which a part is tried in every run, and the others with those that take long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def every(step: int, values: Iterable[Any]) -> list[Any]:
    """The first of some values, or tuples of them, and every so many after it as they are; the others for ``make soak``."""
    tuples = [v if isinstance(v, tuple) else (v,) for v in values]
    return [pytest.param(*v, marks=[pytest.mark.soak] * (i % step > 0)) for i, v in enumerate(tuples)]
