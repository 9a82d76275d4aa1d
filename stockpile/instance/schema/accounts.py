"""Participant accounts: manufacturers that pay to draw on the reserve, and settle what they draw within a time."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

ACCOUNTS = (
    table(
        "accounts",
        "accounts of participants: a sector pays a fee on entry and carrying cost on what it is entitled to, and draws the good at its set price. "
        "A draw is part of what the sector gets, and is settled some time later: replaced in kind, fresh and at no cost to the reserve, or bought at the set price",
        "sector good",
        key("sector", "sector that takes part", refers="sectors"),
        key("good", "good that it may draw, and wants", refers="goods"),
        SINCE,
        UNTIL,
        column(
            "entitlement",
            "quantity",
            "most that it may have drawn and not yet settled; carrying cost is due on all of it",
            required=True,
        ),
        column(
            "within",
            "duration",
            "time from a draw until it is settled; a draw that falls due after the horizon is not settled in it",
            required=True,
            minimum=1,
        ),
        column(
            "settled_by",
            "choice",
            "how what was drawn is settled: by a delivery of as much, or by payment of the set price",
            choices=("replacement", "purchase"),
            default="replacement",
        ),
        column("price", "price", "set price of a unit", blank="needed for a purchase"),
        column("entry_fee", "money", "fee in the first period of the account", default=0.0),
        column(
            "carrying_cost",
            "price_rate",
            "what a unit of the entitlement costs the sector while the account is open: storage and interest",
            default=0.0,
        ),
        column(
            "proceeds_to",
            "name",
            "fund that gets fees and payments",
            refers="funds",
            blank="no fund; the objective counts them",
        ),
    ),
)
