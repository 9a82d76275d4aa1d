"""Chains of states that move at random, declared compactly: they are written out as scenarios with shocks."""

from stockpile.instance.schema.column import column, key, table
from stockpile.instance.schema.scenarios import CHOSEN, SHOCKED

CHAINS = (
    table(
        "chains",
        "chains that move from state to state at random, instead of scenarios: every path of all of them together is a scenario",
        "chain",
        key("chain", "name of the chain"),
        column("from", "from", "when its first state begins and is seen"),
        column("every", "duration", "time between moves", default="1", minimum=1),
        column("until", "until", "when it no longer moves; its last state stays"),
    ),
    table(
        "chain_states",
        "states of chains",
        "chain state",
        key("chain", "chain", refers="chains"),
        key("state", "name of the state"),
        column(
            "probability",
            "share",
            "how likely it is at the start, and at every move of a chain without moves of its own; those of a chain sum to 1",
            required=True,
        ),
    ),
    table(
        "chain_moves",
        "moves of Markov chains; a chain that has none draws every state anew, whatever came before",
        "chain from_state to_state",
        key("chain", "chain", refers="chains"),
        key("from_state", "state before the move"),
        key("to_state", "state after it"),
        column("probability", "share", "how likely the move is; those from a state sum to 1", required=True),
    ),
    table(
        "chain_shocks",
        "what a state changes while it lasts, as a shock does that is seen when the state begins",
        "chain state quantity good origin source market sector store fund resource process index project stage",
        key("chain", "chain", refers="chains"),
        key("state", "state"),
        column("quantity", "choice", "what changes, as in `shocks`", choices=SHOCKED, required=True),
        *CHOSEN,
        column("factor", "ratio", "what it multiplies with", blank="1; or give a value"),
        column("value", "shock", "what it sets, in the unit and the time basis of the column that it replaces"),
    ),
)

__all__ = ["CHAINS"]
