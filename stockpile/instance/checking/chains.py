"""Chains of states: probabilities that sum to 1, states that there are, and no more paths than the tree may have."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from stockpile.instance.chains import chains_of
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

TOLERANCE = 1e-6


def _check_states(instance: Instance, report: Report) -> None:
    """A chain has states, whose probabilities sum to 1; moves and shocks name them, and moves lead on from every state."""
    states = instance.view("chain_states")
    known: dict[str, dict[str, int]] = {str(c): {} for c in instance.view("chains")["chain"]}
    for row, (chain, state) in enumerate(zip(states["chain"], states["state"], strict=True)):
        known.setdefault(str(chain), {})[str(state)] = row
    for row, chain in enumerate(instance.view("chains")["chain"]):
        total = float(states.loc[states["chain"] == chain, "probability"].sum())
        if not known[str(chain)]:
            report.fault("chains", f"{chain!r} has no states; give it rows in chain_states.csv", row, "chain")
        elif abs(total - 1.0) > TOLERANCE:
            said = f"the probabilities of the states of {chain!r} sum to {total:g}; they must sum to 1"
            report.fault("chain_states", said, next(iter(known[str(chain)].values())), "probability")
    for table, columns in (("chain_moves", ("from_state", "to_state")), ("chain_shocks", ("state",))):
        view = instance.view(table)
        for name in columns:
            for row, (chain, state) in enumerate(zip(view["chain"], view[name], strict=True)):
                if state not in known.get(str(chain), {}):
                    there = ", ".join(known.get(str(chain), {}))
                    report.fault(table, f"{chain!r} has no state {state!r}; its states are {there}", row, name)
    _check_moves(instance, known, report)


def _check_moves(instance: Instance, known: dict[str, dict[str, int]], report: Report) -> None:
    """Of a chain with moves every state has some, and their probabilities sum to 1."""
    moves = instance.view("chain_moves")
    for chain, states in known.items():
        own = moves[moves["chain"] == chain]
        for state, row in states.items() if len(own) else ():
            out = own[own["from_state"] == state]
            total = float(out["probability"].sum())
            if not len(out):
                said = f"no move leads on from {state!r} of {chain!r}; give it rows in chain_moves.csv, to itself if it stays"
                report.fault("chain_states", said, row, "state")
            elif abs(total - 1.0) > TOLERANCE:
                said = f"the moves from {state!r} of {chain!r} have probabilities that sum to {total:g}; they must sum to 1"
                report.fault("chain_moves", said, int(out.index[0]), "probability")


def _check_size(instance: Instance, report: Report) -> None:
    """The paths are no more than the tree may have; a chain begins in the horizon, and scenarios are given in one way."""
    if len(instance.view("chains")) and "scenarios" in instance.tables:
        report.fault("chains", "chains make the scenarios, so there can be no scenarios.csv beside them", None, None)
        return
    chains = chains_of(instance)
    counts = {chain.name: chain.count() for chain in chains if chain.moments}
    total, most = prod(counts.values()), instance.settings.tree.most_scenarios
    if counts and total > most:
        each = ", ".join(f"{name!r} {count:,}" for name, count in counts.items())
        said = (
            f"the chains have {total:,} paths together ({each}), but [tree] most_scenarios allows {most:,}; let them move less "
            "often (every) or for a shorter time (until), or raise it"
        )
        report.fault("chains", said, 0, "every")


CHAIN_RULES = (
    (_check_states, "chains chain_states chain_moves chain_shocks"),
    (_check_size, "chains chain_states chain_moves"),
)
