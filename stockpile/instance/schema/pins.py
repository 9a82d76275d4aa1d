"""Pins: decisions that are required or forbidden."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

#: What can be pinned.
DECISIONS = (
    "order",
    "release",
    "abandonment",
    "service",
    "substitution",
    "backlog",
    "shortfall",
    "sale",
    "exchange",
    "disposal",
    "stock",
    "transfer",
    "run",
    "overtime",
    "draw",
    "repayment",
    "signing",
)

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
            "source (order), project (release, abandonment), process (run), resource (overtime), credit facility (draw, repayment), contract (signing) or "
            "good (all others; of a substitution the good that is given)",
            required=True,
        ),
        column("stage", "integer", "stage that is released", minimum=1, blank="needed for a release"),
        column(
            "sector",
            "name",
            "sector that the good is released or given to, that waits for it or lacks it (service, substitution, backlog, "
            "shortfall)",
            refers="sectors",
            blank="all sectors",
        ),
        column("from_store", "name", "store that sends (transfer)", refers="stores", blank="any store"),
        column("to_store", "name", "store that receives (transfer)", refers="stores", blank="any store"),
        SINCE,
        UNTIL,
        column(
            "at_least",
            "quantity",
            "what is decided from then until then at least, in all; what is in stock, or of demand waits, at the close of "
            "each period; in the instance's quantity, of overtime in the resource's unit, of draws and repayments in money. "
            "1: the stage must be released, the project abandoned, the contract signed. A draw that is required pays for something, even if "
            "nobody needs it; overtime that is required is paid, even if it is not used",
            blank="nothing is required",
        ),
        column(
            "at_most",
            "quantity",
            "the same at most; 0: nothing may be ordered, the stage may not be released",
            blank="nothing is forbidden",
        ),
    ),
)
