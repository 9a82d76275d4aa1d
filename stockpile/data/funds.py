"""Funds, budgets and what each may pay for as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.opening_money import OpeningMoney, make_opening_money, no_opening_money
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]

#: Payment classes and the use of a fund under which each falls.
USE_OF_CLASS = {
    "purchases": "purchases",
    "order_charges": "purchases",
    "duties": "purchases",
    "contracts": "purchases",
    "storage": "storage",
    "transfers": "storage",
    "disposal": "storage",
    "exit_costs": "projects",
    "rotation_charges": "storage",
    "overtime": "operations",
    "processing": "processing",
}

#: Name of the fund that stands in where an instance has no funds table.
UNLIMITED = "unlimited"


@dataclass(frozen=True)
class Funds:
    """Per fund (F); ``budget`` and ``lapse`` per fund and node; ``classes`` pairs of payment class and fund allowed.

    ``counted`` and ``duty_counted`` are 1 where the objective counts a fund's payments; ``floor`` is the least cash;
    ``end_debt`` the share of the debt that counts as a cost at the end.
    """

    names: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    projects: tuple[str, ...]
    private: tuple[str, ...]
    credit: tuple[str, ...]
    lapsing: tuple[str, ...]
    limited: tuple[str, ...]
    floor: Floats
    budget: Floats
    lapse: Floats
    limit: Floats
    credit_limit: Floats
    interest: Floats
    maturity: dict[str, int]
    counted: Floats
    duty_counted: Floats
    opening: OpeningMoney
    end_debt: Floats


def make_funds(instance: Instance, nodes: Nodes, scale: Scale) -> Funds:
    """Arrays of the funds block; without a funds table one fund that can pay for everything without limit."""
    view = instance.view("funds")
    if not len(view):
        return _unlimited(nodes)
    names = tuple(str(f) for f in view["fund"])
    uses = {f: instance.uses_of(f) for f in names}
    kind = view["kind"].astype(str).to_numpy()
    public = view["public"].to_numpy(dtype=bool)
    counted = np.ones(len(names)) if instance.settings.economics.perspective == "all" else public.astype(float)
    lapse = 1.0 - view["carry_over"].to_numpy(dtype=float)
    year_end = nodes.spread(np.asarray(instance.calendar.fiscal_year_end, dtype=float))
    limit = view["limit"].to_numpy(dtype=float)
    maturity = view["maturity"].to_numpy(dtype=float)
    credit = kind == "credit"
    return Funds(
        names=names,
        classes=tuple((c, f) for c, use in USE_OF_CLASS.items() for f in names if use in uses[f]),
        projects=tuple(f for f in names if "projects" in uses[f]),
        private=tuple(f for f, k in zip(names, kind, strict=True) if k == "private"),
        credit=tuple(f for f, is_credit in zip(names, credit, strict=True) if is_credit),
        lapsing=tuple(f for f, share in zip(names, lapse, strict=True) if share > 0),
        limited=tuple(f for f, cap in zip(names, limit, strict=True) if np.isfinite(cap)),
        floor=np.zeros(len(names)),
        budget=nodes.spread(np.array([instance.budget(f) for f in names])) / scale.money,
        lapse=lapse[:, None] * year_end[None, :],
        limit=limit / scale.money,
        credit_limit=np.where(credit, view["credit_limit"].to_numpy(dtype=float), 0.0) / scale.money,
        interest=np.where(credit, view["interest"].to_numpy(dtype=float), 0.0),
        maturity={f: int(m) for f, m, c in zip(names, maturity, credit, strict=True) if c and np.isfinite(m)},
        counted=counted,
        duty_counted=counted * ~public,
        opening=make_opening_money(instance, nodes, names, scale.money),
        end_debt=counted * [instance.end_value("debt", f) if c else 0.0 for f, c in zip(names, credit, strict=True)],
    )


def _unlimited(nodes: Nodes) -> Funds:
    """One fund without limits, counted by every perspective, duties included."""
    one, none = np.ones(1), np.zeros((1, len(nodes.horizon)))
    return Funds(
        names=(UNLIMITED,),
        classes=tuple((c, UNLIMITED) for c in USE_OF_CLASS),
        projects=(UNLIMITED,),
        private=(),
        credit=(),
        lapsing=(),
        limited=(),
        floor=-np.inf * one,
        budget=none,
        lapse=none,
        limit=np.inf * one,
        credit_limit=0.0 * one,
        interest=0.0 * one,
        maturity={},
        counted=one,
        duty_counted=one,
        opening=no_opening_money(nodes, 1),
        end_debt=0.0 * one,
    )
