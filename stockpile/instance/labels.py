"""Names of columns as pandas finds them soonest."""

from __future__ import annotations

from functools import cache

import pandas as pd

from stockpile.instance.schema import TABLES


@cache
def labels_of(table: str) -> pd.Index:
    """The columns of a table as objects: with pandas's own texts each look at a column takes half as long again."""
    return pd.Index(TABLES[table].names, dtype=object)
