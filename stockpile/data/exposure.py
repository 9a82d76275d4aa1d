"""Limits on what funds may lose in projects, as arrays in model units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.financing import Financing
from stockpile.data.guarantees import Guarantees
from stockpile.data.loans import Loan, Loans
from stockpile.data.nodes import Nodes
from stockpile.data.opening_finance import OpeningFinance
from stockpile.data.selection import records_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Exposure:
    """``funds`` and ``projects`` with a limit; their room (., N) is the limit less what loans with dates still owe.

    ``grants`` are the (project, stage, fund) that matter to a limit and do not come back: those paid at release, and all of
    projects that may be abandoned (``doubtful``, with the most that each can be in model money, (D,)).  ``wait`` (N,) of
    each is the position of the latest node whose grants are verified by a node; ``paid`` (G, P) what of it was paid up to each past node; ``pairs``
    of project and fund are those that policies count.
    """

    funds: tuple[str, ...]
    projects: tuple[str, ...]
    fund_room: Floats
    project_room: Floats
    grants: tuple[Loan, ...]
    wait: tuple[Ints, ...]
    paid: Floats
    doubtful: tuple[Loan, ...]
    most: Floats
    pairs: tuple[tuple[str, str], ...]


def _limits(instance: Instance) -> tuple[dict[str, float], dict[str, float]]:
    """Exposure limits of funds and of projects, money, where there is one."""
    found = []
    for table, name in (("funds", "fund"), ("projects", "project")):
        view = instance.view(table)
        pairs = zip(view[name], view["exposure_limit"].tolist(), strict=True)
        found.append({str(key): float(limit) for key, limit in pairs if limit == limit})
    return found[0], found[1]


def limited_by_exposure(instance: Instance) -> Callable[[str, str], bool]:
    """Whether some limit, policy or risk counts what a fund has at risk in a project, by project and fund."""
    funds, projects = _limits(instance)
    watched, taxed = watched_by_policies(instance), instance.settings.risk.of == "taxpayer_loss"
    return lambda project, fund: taxed or project in projects or fund in funds or watched(project, fund)


def watched_by_policies(instance: Instance) -> Callable[[str, str], bool]:
    """The same, where a policy does."""
    records = [record for record in records_of(instance) if record.kind == "exposure"]
    return lambda project, fund: any(r.project in (None, project) and r.fund in (None, fund) for r in records)


def make_exposure(
    instance: Instance,
    nodes: Nodes,
    money: float,
    blocks: tuple[Financing, Loans, Guarantees, OpeningFinance],
    abandonable: tuple[str, ...],
) -> Exposure:
    """Arrays of the limits; ``money`` is the instance's money in one unit of the model, ``abandonable`` names projects."""
    financing, loans, guarantees, before = blocks
    funds, projects = _limits(instance)
    limited, watched = limited_by_exposure(instance), watched_by_policies(instance)
    stages = zip(financing.stages, financing.duration.tolist(), strict=True)
    waits = {s: s not in financing.late and (d > 0 or s in financing.shifted) for s, d in stages}
    costs = dict(zip(financing.stages, financing.cost, strict=True))
    grants = tuple(
        key
        for key in financing.shares
        if limited(key[0], key[2])
        and (waits[key[:2]] or key[0] in abandonable)
        and costs[key[:2]] > 0
        and key not in financing.instrument
    )
    doubtful = tuple(key for key in grants if key[0] in abandonable)
    paid = before.amounts
    most = np.array([max(min(financing.shares[key][1], 1.0) * costs[key[:2]], paid.get(key, 0.0)) for key in doubtful])
    fund_room = np.repeat(np.array(list(funds.values()))[:, None] / money, len(nodes.horizon), axis=1)
    project_room = np.repeat(np.array(list(projects.values()))[:, None] / money, len(nodes.horizon), axis=1)
    for loan in loans.scheduled:
        if loan.fund in funds:
            fund_room[list(funds).index(loan.fund)] -= loan.principal
        if loan.project in projects:
            project_room[list(projects).index(loan.project)] -= loan.principal
    wait = tuple(financing.since(key[:2]) if waits[key[:2]] else nodes.back(0) for key in grants)
    lent = [key for key, kept in zip(loans.keys, loans.tracked, strict=True) if kept]
    backed = [(p, i, g) for p, i, _, g in guarantees.keys]
    pairs = tuple(dict.fromkeys((p, f) for p, _, f in [*grants, *lent, *backed] if watched(p, f)))
    begun = financing.begun(len(nodes.past))[1]
    granted = np.array([paid.get(key, 0.0) * begun[financing.stages.index(key[:2])] for key in grants])
    granted = granted.reshape(len(grants), len(nodes.past))
    rooms = (tuple(funds), tuple(projects), fund_room, project_room)
    return Exposure(*rooms, grants, wait, granted, doubtful, most, pairs)
