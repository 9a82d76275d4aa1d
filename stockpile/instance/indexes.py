"""What the price of a contract may follow: the first price step of a source or a market, or a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Floats = npt.NDArray[np.float64]


def index_values(instance: Instance, kind: str, name: str) -> Floats:
    """(columns,) what an index stands at, money per quantity; NaN where it has no value.

    ``kind`` is source, market or series.  A source in a market stands at that market's price with its premium.
    """
    if kind == "source":
        keys, values = instance.offers("price", np.nan)
        wanted: tuple[object, ...] = (name, 1)
    elif kind == "market":
        keys, values = instance.series("markets", "price", np.nan)
        wanted = (name, 1)
    else:
        keys, values = instance.series("indices", "price", np.nan)
        wanted = (name,)
    return np.asarray(values[keys.index(wanted)]) if wanted in keys else np.full(instance.columns, np.nan)
