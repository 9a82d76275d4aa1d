"""Tables of a plan that tell its scenarios apart."""

from __future__ import annotations

from stockpile.plan.column import table

FUTURES = (
    table(
        "paths",
        "the nodes that every scenario passes",
        "scenario",
        """
        scenario name scenario
        """,
    ),
    table(
        "outcomes",
        "what every scenario costs, at its last node",
        "scenario",
        """
        scenario name scenario
        probability share how likely it is
        cost money discounted cost of the whole path: penalties included, what is left at the end deducted
        shortfall money discounted penalties of shortfall among them
        taxpayer_loss money discounted public grants and principal in projects that are abandoned or fail, less what comes back
        """,
    ),
)
