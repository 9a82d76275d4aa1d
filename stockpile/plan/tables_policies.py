"""The tables of a plan about policies."""

from __future__ import annotations

from stockpile.plan.column import table

POLICIES = (
    table(
        "policies",
        "how far every policy is used or missed, in the last period of what it sums",
        "policy side",
        """
        policy name policy
        side text at_least or at_most
        value bound what the policy limits: quantity, or money
        limit bound what it asks for or allows, in the same unit
        slack bound what is left before the policy is missed, or is missed further than that
        violation bound what it is missed by
        cost money penalty of that
        """,
    ),
)
