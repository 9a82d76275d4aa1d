"""Price steps of sources: their own, or those of the market that they share, with the premium of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Key = tuple[Any, ...]
Series = tuple[list[Key], Floats]


def members_of(sources: pd.DataFrame) -> dict[str, list[str]]:
    """The sources of every market that some source is in, in the order of the table."""
    members: dict[str, list[str]] = {}
    for source, market in zip(sources["source"], sources["market"], strict=True):
        if isinstance(market, str):
            members.setdefault(market, []).append(str(source))
    return members


def offered(own: Series, shared: Series, members: dict[str, list[str]], added: Sequence[float]) -> Series:
    """The steps of all sources, (source, step) and (steps, periods).

    ``own`` are those of sources that are in no market, ``shared`` those of markets; ``added`` is put on every value of a
    source in a market, in the order of ``members``.
    """
    inside = [source for sources in members.values() for source in sources]
    premium = dict(zip(inside, added, strict=True))
    kept = [i for i, (source, _) in enumerate(own[0]) if source not in premium]
    keys: list[Key] = [own[0][i] for i in kept]
    rows: list[Floats] = [own[1][i] for i in kept]
    for (market, step), values in zip(*shared, strict=True):
        for source in members.get(str(market), ()):
            keys.append((source, step))
            rows.append(values + premium[source])
    return keys, np.array(rows).reshape(len(rows), own[1].shape[1])
