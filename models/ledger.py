"""Where the blocks meet: each adds terms, and the balances and the objective sum them.

A term is a function of the model and an index; a block never reads the variables of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: A term: the model and the labels of its index to a linear expression.
Term = Callable[..., Any]

#: Names of the parts of the objective, in the order in which they are reported.
COSTS = (
    "purchases",
    "order_charges",
    "duties",
    "contracts",
    "market_purchases",
    "storage",
    "transfers",
    "disposal",
    "rotation_charges",
    "overtime",
    "processing",
    "projects",
    "exit_costs",
    "guarantees",
    "price_floors",
    "incentives",
    "interest",
    "sales",
    "releases",
    "revenue",
    "repayments",
    "shortfall",
    "substitution",
    "backlog",
    "target_shortfall",
    "policies",
    "terminal_value",
    "end_values",
    "risk",
)


@dataclass(frozen=True)
class Quantity:
    """What is decided of the members of a Set at a node: ``term`` is (m, *member, node), in units of the model."""

    members: Any
    term: Term


def _lists() -> dict[str, list[Term]]:
    return defaultdict(list)


@dataclass
class Ledger:
    """Lists of terms.

    ``inflow``, ``outflow``: (m, good, node), amount of a good.  ``supply``: (m, source, node), capacity that projects add;
    ``throughput``: (m, process, node), the same for processes.  ``returned``: (m, source, node), what comes back of goods in use.  ``spared``: (m, sector, good, node), the share of demand that falls away;
    ``spared_of_all``: (m, good, node), the quantity of it that all sectors together no longer want.
    ``called``: (m, source, node), what contracts call beside its orders.
    ``taken``: (m, good, age, node), what sectors get of a good that take it up to that age or less.
    ``used``: (m, sector, good, node), what a sector gets of a good from the reserve, as the one it wants or instead of it.
    ``room``: (m, store, node), the same for stores.  ``served``: (m, sector, good, node), what a sector gets, in units of
    the good that it wants; ``deferred``: the same index, demand put off to later nodes less what is caught up.
    ``rotated``: by mode of rotation, (m, good, node), amount of a good; ``stepped``: (m, good, step, node), what of it is
    sold in a step of a demand curve.
    ``delivered``, ``issued``: (m, good, store, node), what of the inflow and outflow goes to, and comes from, a store of its own.
    ``effort``: (m, resource, node), what is taken of a resource.  ``energy``, ``emissions``: (m, node), what processing takes
    and emits, in the instance's units.  ``spending``: by payment class, (m, node), money.
    ``income``: (m, fund, node), money; ``promised``: the same index, what is promised for later less what is then due.  ``costs``: by name, (m, node), money of a node before discounting and probability.
    ``final``: by name, (m, leaf), money at the end of the horizon.  ``decided``: quantities by name, which pins and policies
    sum over members, periods and paths.
    ``final``: by name, (m, leaf), money at the end of the horizon.  ``whole``: by name, (m), money of all paths together.
    ``at_risk``: what risk is taken of: cost, shortfall or taxpayer_loss.  ``losses``: (m, node), what taxpayers lose at it.
    """

    inflow: list[Term] = field(default_factory=list)
    outflow: list[Term] = field(default_factory=list)
    taken: list[Term] = field(default_factory=list)
    delivered: list[Term] = field(default_factory=list)
    issued: list[Term] = field(default_factory=list)
    supply: list[Term] = field(default_factory=list)
    throughput: list[Term] = field(default_factory=list)
    returned: list[Term] = field(default_factory=list)
    spared: list[Term] = field(default_factory=list)
    spared_of_all: list[Term] = field(default_factory=list)
    used: list[Term] = field(default_factory=list)
    called: list[Term] = field(default_factory=list)
    room: list[Term] = field(default_factory=list)
    served: list[Term] = field(default_factory=list)
    deferred: list[Term] = field(default_factory=list)
    rotated: dict[str, list[Term]] = field(default_factory=_lists)
    stepped: list[Term] = field(default_factory=list)
    effort: list[Term] = field(default_factory=list)
    energy: list[Term] = field(default_factory=list)
    emissions: list[Term] = field(default_factory=list)
    income: list[Term] = field(default_factory=list)
    promised: list[Term] = field(default_factory=list)
    payments: list[Term] = field(default_factory=list)
    losses: list[Term] = field(default_factory=list)
    spending: dict[str, list[Term]] = field(default_factory=_lists)
    costs: dict[str, list[Term]] = field(default_factory=_lists)
    final: dict[str, list[Term]] = field(default_factory=_lists)
    decided: dict[str, Quantity] = field(default_factory=dict)
    whole: dict[str, list[Term]] = field(default_factory=_lists)
    at_risk: str = ""
