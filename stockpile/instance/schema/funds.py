"""Funds and their budgets."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

FUNDS = (
    table(
        "funds",
        "pots of money; without this table money is without limit",
        "fund",
        key("fund", "name of the fund"),
        column(
            "kind",
            "choice",
            "what it is; a credit facility may draw up to its credit_limit",
            choices=("appropriation", "credit", "private", "revolving"),
            default="appropriation",
        ),
        column(
            "public", "flag", "whether the public perspective counts its payments", blank="true but for private funds"
        ),
        column("carry_over", "share", "share of cash that stays at the end of a fiscal year", default=1.0),
        column("limit", "money", "most that it may pay in all", blank="without limit"),
        column(
            "commitment_limit",
            "money",
            "most that it may have promised and not yet paid: tranches due at the verification of released stages, the price of orders on their way, and loans that it guarantees",
            blank="without limit",
        ),
        column(
            "exposure_limit",
            "money",
            "most that it may have at risk in projects: grants paid for open milestones, principal of loans and equity that no other guarantees, and what it guarantees",
            blank="without limit",
        ),
        column("credit_limit", "money", "most that a credit facility may owe", blank="needed for kind credit"),
        column("interest", "interest", "interest on what a credit facility owes", default=0.0),
        column("maturity", "duration", "a draw is repaid within this time", minimum=1, blank="without limit"),
        column(
            "uses",
            "words",
            "what it may pay for; operations are overtime, processing the cost of runs and their set-ups",
            choices=("purchases", "storage", "projects", "operations", "processing"),
            blank="everything",
        ),
    ),
    table(
        "budgets",
        "money paid into funds",
        "fund from",
        key("fund", "fund that gets the money", refers="funds"),
        SINCE,
        UNTIL,
        column("amount", "money", "amount of each payment", required=True),
        column("every", "choice", "how often it is paid", choices=("year", "period"), blank="once"),
    ),
    table(
        "opening_cash",
        "what funds have, owe and have paid at the start; the rows of a fund add up",
        "fund age",
        key("fund", "name of the fund", refers="funds"),
        column("age", "duration", "how long before the start the debt was drawn", minimum=1, default="1"),
        column("cash", "money", "cash at the start", default=0.0),
        column("debt", "money", "what a credit facility owes at the start", default=0.0),
        column("paid", "money", "what it has paid before the start and counts towards its limit", default=0.0),
    ),
)
