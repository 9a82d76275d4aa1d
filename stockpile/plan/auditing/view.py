"""A table of the instance as the audit reads it: columns, names and records, each converted once for an instance."""

from __future__ import annotations

import pandas as pd

from stockpile.instance import Instance


class View:
    """A table of an instance in view units; what it gives is shared by all audits, so never to be changed."""

    def __init__(self, instance: Instance, table: str) -> None:
        self.frame: pd.DataFrame = instance.view(table)
        #: The rows, by name of the column.
        self.records = instance.records(table)
        self._columns: dict[str, pd.Series] = {}
        self._texts: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def __getitem__(self, name: str) -> pd.Series:
        """A column.  Raises KeyError."""
        if name not in self._columns:
            self._columns[name] = self.frame[name]
        return self._columns[name]

    def texts(self, name: str) -> list[str]:
        """Names of a column, the empty text where blank.  Raises KeyError."""
        if name not in self._texts:
            self._texts[name] = texts(self[name])
        return self._texts[name]


def texts(column: pd.Series) -> list[str]:
    """Names of a column, the empty text where blank."""
    return ["" if blank else str(value) for value, blank in zip(column, column.isna(), strict=True)]
