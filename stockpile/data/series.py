"""Step functions of an instance in a given order of keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


def series_of(instance: Instance, table: str, column: str, keys: Sequence[tuple[object, ...]], fill: float) -> Floats:
    """The step function of a column by period and scenario, (len(keys), columns), in the order of ``keys``; ``fill`` where no row is."""
    found, values = instance.series(table, column, fill)
    place: dict[tuple[object, ...], int] = {tuple(k): i for i, k in enumerate(found)}
    out = np.full((len(keys), instance.columns), fill)
    for i, key in enumerate(keys):
        if key in place:
            out[i] = values[place[key]]
    return out


def payees_of(instance: Instance, table: str, key: tuple[str, ...], mode: str | None = None) -> Payees:
    """Keys with the fund that the row in force names in ``proceeds_to``, and (pairs, T) 1 where it is in force.

    ``mode`` chooses the rows of one way of rotation.
    """
    periods = len(instance.calendar.labels)
    frame = instance.view(table).sort_values("from", kind="stable")
    if mode is not None:
        frame = frame[frame["mode"] == mode]
    paid: dict[tuple[str, ...], Floats] = {}
    for name, rows in frame.groupby(list(key), sort=False):
        begins = rows["from"].to_numpy(dtype=np.int64)
        ends = np.minimum(np.append(begins[1:], periods), rows["until"].to_numpy(dtype=np.int64))
        for fund, begin, end in zip(rows["proceeds_to"], begins, ends, strict=True):
            if isinstance(fund, str):
                paid.setdefault((*map(str, name), fund), np.zeros(periods))[begin:end] = 1.0
    return tuple(paid), np.array(list(paid.values())).reshape(len(paid), periods)


Payees = tuple[tuple[tuple[str, ...], ...], Floats]
"""Keys that end with a fund, and (keys, T) 1 where the fund gets the proceeds."""
