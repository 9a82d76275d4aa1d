"""Pins: decisions that are required or forbidden."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

#: What can be pinned.
DECISIONS = ("order", "release", "service", "sale", "disposal", "stock", "draw")

PINS = (
    table(
        "pins",
        "decisions that are required or forbidden, whatever they cost",
        "pin",
        key("pin", "name of the pin"),
        column("decision", "choice", "what is pinned", choices=DECISIONS, required=True),
        column(
            "name",
            "name",
            "source (order), project (release), good (service, sale, disposal, stock) or credit facility (draw)",
            required=True,
        ),
        column("stage", "integer", "stage that is released", minimum=1, blank="needed for a release"),
        column(
            "sector", "name", "sector that the good is released to (service)", refers="sectors", blank="all sectors"
        ),
        SINCE,
        UNTIL,
        column(
            "at_least",
            "quantity",
            "what is ordered, released to sectors, sold or thrown away from then until then at least, or in stock at the "
            "close of each period; in the instance's quantity; 1: the stage must be released",
            blank="nothing is required",
        ),
        column(
            "at_most",
            "quantity",
            "the same at most, or what is drawn, in money; 0: nothing may be ordered, the stage may not be released",
            blank="nothing is forbidden",
        ),
    ),
)
