"""Pins: decisions that are required or forbidden."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

PINS = (
    table(
        "pins",
        "decisions that are required or forbidden, whatever they cost",
        "pin",
        key("pin", "name of the pin"),
        column("decision", "choice", "what is pinned", choices=("order", "release"), required=True),
        column("name", "name", "source (order) or project (release)", required=True),
        column("stage", "integer", "stage that is released", minimum=1, blank="needed for a release"),
        SINCE,
        UNTIL,
        column(
            "at_least",
            "quantity",
            "quantity ordered from then until then at least, in the instance's unit; 1: the stage must be released",
            blank="nothing is required",
        ),
        column(
            "at_most",
            "quantity",
            "quantity ordered at most; 0: nothing may be ordered, the stage may not be released",
            blank="nothing is forbidden",
        ),
    ),
)
