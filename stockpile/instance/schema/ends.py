"""What is left at the end of the horizon, beside stock."""

from stockpile.instance.schema.column import column, table

ENDS = (
    table(
        "end_values",
        "what counts at the end of the horizon beside stock; a row with a name comes before one for all of its kind",
        "kind name",
        column(
            "kind",
            "choice",
            "debt that a credit facility owes (a cost), a project whose last stage is verified and that is not abandoned (a gain), goods that borrowers still owe, principal that projects owe a fund, or goods on order that arrive after the horizon (gains)",
            choices=("debt", "project", "lent", "principal", "order"),
            required=True,
        ),
        column(
            "name",
            "name",
            "fund (debt, principal), project (project), good (lent), or source or good (order; a source comes before its good)",
            blank="all of the kind",
        ),
        column(
            "value",
            "end",
            "share of the debt that counts as a cost, 1 for all of it; what the project is worth then; price of a unit owed; share of the principal; "
            "price of a unit on order, with which orders may be placed that arrive after the horizon: it counts less what is "
            "then still to be paid, the price and, where duties count for every fund that may pay them, the duty, in full "
            "whoever pays; what arrives of an order and its duty are as in the last period",
            required=True,
        ),
    ),
)
