"""The tables of a plan about traced goods."""

from __future__ import annotations

from stockpile.plan.column import table

TRACING = (
    table(
        "traced_stock",
        "stock of traced goods by class of origin: those that the same rules speak of",
        "good origin",
        """
        good name traced good
        origin name class of origin: the groups and origins that rules speak of, or other
        opening quantity closing stock of the period before
        loss quantity lost in storage
        received quantity arrived
        lent quantity lent to industry, which comes back of the same class
        left quantity all that leaves, what is lent and what batches take among it
        closing quantity stock at the close
        """,
        dense=True,
    ),
    table(
        "traced_use",
        "what sectors get of every class of origin, where a rule is about it",
        "sector good origin",
        """
        sector name sector served
        good name traced good
        origin name class of origin
        quantity quantity from the reserve
        market quantity from what the market buys
        """,
    ),
    table(
        "batches",
        "runs of processes that pass on where their inputs come from, by what rules tell apart of that",
        "process batch",
        """
        process name process run
        batch name what it passes on: the groups and origins that rules follow back, or other
        level quantity how much of the run it is
        """,
    ),
    table(
        "batch_inputs",
        "what batches take of every class of origin of their traced inputs",
        "process batch good origin",
        """
        process name process run
        batch name what the batch passes on
        good name traced good that it takes
        origin name class of origin of that good
        taken quantity taken
        """,
    ),
)
