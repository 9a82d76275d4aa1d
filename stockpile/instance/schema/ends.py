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
            "debt that a credit facility owes (a cost), a project whose last stage is verified and that is not abandoned (a gain), goods that borrowers still owe, or principal that projects owe a fund (gains)",
            choices=("debt", "project", "lent", "principal"),
            required=True,
        ),
        column("name", "name", "fund (debt, principal), project (project) or good (lent)", blank="all of the kind"),
        column(
            "value",
            "end",
            "share of the debt that counts as a cost, 1 for all of it; what the project is worth then; price of a unit owed; share of the principal",
            required=True,
        ),
    ),
)
