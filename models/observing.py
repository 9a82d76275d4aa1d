"""Decisions before their data are seen: nodes that do not know yet in which future they are decide the same."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.parameters import add_rows
from stockpile.vector import label_param


def add_observing(m: pyo.ConcreteModel, data: Data) -> None:
    """The rows that tie nodes; nothing where all decisions are taken after their data are seen."""
    block, nodes = data.observing, data.nodes
    for name, rule in (("orders", same_order), ("releases", same_release)):
        if name not in block.tied:
            continue
        tied = pyo.Set(within=m.NODES, initialize=[nodes.horizon[i] for i in block.tied[name]])
        setattr(m, f"TIED_{name.upper()}", tied)
        leader = block.leader[name] + len(nodes.past)
        setattr(m, f"leader_of_{name}", label_param(leader, m.ALL_NODES, tied))
        add_rows(m, m.STEPS if name == "orders" else m.STAGES, tied, rule=rule)
        if name == "orders" and data.contracts.names:
            add_rows(m, m.CONTRACTS, tied, rule=same_signing)
            add_rows(m, m.CONTRACT_CALLS, tied, rule=same_call)


def same_order(m: Any, k: Any, s: Any, n: Any) -> Any:
    r"""Orders that are placed before the data of their period are seen are those of the node that leads.

    .. math:: q_{k,s,n} = q_{k,s,l(n)}

    l(n) is the first of the nodes that share the parent of n, and in the first periods that are fixed for all futures the
    first node of the period.  Units: quantity.
    """
    return m.order[k, s, n] == m.order[k, s, m.leader_of_orders[n]]


def same_signing(m: Any, c: Any, n: Any) -> Any:
    r"""So are contracts that are signed.

    .. math:: \mathit{sign}_{c,n} = \mathit{sign}_{c,l(n)}

    Units: 1.
    """
    return m.sign[c, n] == m.sign[c, m.leader_of_orders[n]]


def same_call(m: Any, c: Any, b: Any, p: Any, n: Any) -> Any:
    r"""So is what is called under contracts.

    .. math:: \mathit{call}_{c,b,n} = \mathit{call}_{c,b,l(n)}

    Units: quantity.
    """
    return m.call[c, b, p, n] == m.call[c, b, p, m.leader_of_orders[n]]


def same_release(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""Tranches that are released before the data of their period are seen are those of the node that leads.

    .. math:: go_{p,i,n} = go_{p,i,l(n)}

    Units: 1.
    """
    return m.go[p, i, n] == m.go[p, i, m.leader_of_releases[n]]
