"""The tables of a plan on processing and on what comes back of goods in use."""

from __future__ import annotations

from stockpile.plan.column import table

PROCESSING = (
    table(
        "runs",
        "runs of processes",
        "process",
        """
        process name process run
        level quantity how much it is run
        cost money of the run, paid in the period
        set_up money charge of the set-up
        energy energy that it takes
        emissions emissions of the run
        arrives text label of the period in which its outputs arrive; empty where it makes nothing
        """,
    ),
    table(
        "conversions",
        "what processes take from the reserve and bring to it",
        "process good",
        """
        process name process that takes or makes the good
        good name good taken or made
        taken quantity taken by the run of the period, by its recipe or as the blend decides
        brought quantity that arrives, of the run of a lead time before or of one before the horizon
        """,
    ),
    table(
        "grades",
        "the mean of attributes over what goes into blends",
        "process attribute",
        """
        process name process that blends
        attribute name attribute that is bounded at some time
        value figure mean over all free inputs, by quantity
        """,
    ),
    table(
        "returns",
        "what comes back of goods in use to the sources that collect it",
        "source",
        """
        source name source that collects
        available quantity that comes back in the period, and can be ordered then or never
        ordered quantity ordered of it
        """,
    ),
)
