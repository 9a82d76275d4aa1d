"""The page about the compiler."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from stockpile import vector

PAGE = (Path(vector.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_example_works() -> None:
    """Who copies it must get what its comments say."""
    scope: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE, re.S)[0], scope)
    arrays = scope["arrays"]
    assert arrays.row_names[0] == "balance[ore,'2026']"
    assert arrays.families["balance"] == range(6)
    assert arrays.nonzeros == 18
