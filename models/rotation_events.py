"""Events of rotation: where selling or lending has a charge or a least lot, doing so in a period is a decision of its own."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Term
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import Var, array_param

MODES = ("sale", "exchange")


def add_rotation_events(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``rotate`` (1 where a good is sold or lent), only where there is a charge or a least lot; its charge and rows."""
    block = data.stock.events
    if not block.keys:
        return
    m.ROTATIONS = pyo.Set(dimen=3, initialize=block.keys)
    m.rotate = Var(m.ROTATIONS, domain=pyo.Binary)
    m.most_rotated = array_param(block.most, m.ROTATIONS)
    m.least_rotated = array_param(block.least, m.ROTATIONS)
    if block.cost.any():
        m.ROTATIONS_AT = grouped(m.NODES, members_by(block.keys, lambda key: key[2]), dimen=3)
        m.rotation_charge = array_param(block.cost, m.ROTATIONS)
        ledger.spending["rotation_charges"].append(
            lambda m, n: sum(m.rotation_charge[g, o, k] * m.rotate[g, o, k] for g, o, k in m.ROTATIONS_AT[n])
        )
    for mode in MODES:
        events = [(g, n, least) for (g, o, n), least in zip(block.keys, block.least, strict=True) if o == mode]
        setattr(m, f"{mode.upper()}_EVENTS", pyo.Set(dimen=2, initialize=[(g, n) for g, n, _ in events]))
        setattr(m, f"{mode.upper()}_LOTS", pyo.Set(dimen=2, initialize=[(g, n) for g, n, least in events if least > 0]))
        add_rows(m, getattr(m, f"{mode.upper()}_EVENTS"), rule=_needs_event(mode), name=f"{mode}_needs_event")
        add_rows(m, getattr(m, f"{mode.upper()}_LOTS"), rule=_least_lot(mode), name=f"least_{mode}")


def _needs_event(mode: str) -> Term:
    """The rule that ties a mode of rotation to its events."""

    def rotation_needs_event(m: Any, g: Any, n: Any) -> Any:
        r"""Sell or lend a good only in a period in which the charge of that is paid.

        .. math:: \mathit{rotated}_{g,o,n} \le \bar r_{g,o,n}\, y_{g,o,n}

        rotated is what is sold or lent of good g by mode o (sale, exchange), r the most that the market takes of it, y 1
        where that happens.  Units: quantity.
        """
        return (
            sum(term(m, g, n) for term in m.ledger.rotated[mode]) <= m.most_rotated[g, mode, n] * m.rotate[g, mode, n]
        )

    return rotation_needs_event


def _least_lot(mode: str) -> Term:
    """The rule that gives the events of a mode of rotation their least lot."""

    def least_lot(m: Any, g: Any, n: Any) -> Any:
        r"""Where a good is sold or lent, it is at least the least lot.

        .. math:: \mathit{rotated}_{g,o,n} \ge \underline r_{g,o,n}\, y_{g,o,n}

        Units: quantity.
        """
        return (
            sum(term(m, g, n) for term in m.ledger.rotated[mode]) >= m.least_rotated[g, mode, n] * m.rotate[g, mode, n]
        )

    return least_lot
