"""Ages: goods whose price, loss or use depends on how long they have been in stock."""

from stockpile.instance.schema.column import column, key, table

COHORTS = (
    table(
        "ages",
        "what depends on the age of a good; a good with rows here or in freshness is kept by age",
        "good age",
        key("good", "good kept by age", refers="goods"),
        column(
            "age",
            "duration",
            "age from which the row holds, until the next row of the good; what arrives in a period has age 0 in it",
            default="0",
        ),
        column(
            "loss_rate",
            "loss",
            "share lost in storage of what has this age at the close",
            blank="the good's own loss_rate",
        ),
        column(
            "price_factor",
            "share",
            "share of the sale price, and of the terminal value, that a unit of this age fetches; along a demand curve the "
            "share of the price of its step, and what fetches the largest share is sold in the first steps",
            blank="1",
        ),
    ),
    table(
        "freshness",
        "how old a good may be when a sector takes it",
        "sector good",
        key("sector", "sector that takes it", refers="sectors"),
        key("good", "good taken, wanted or given instead of another", refers="goods"),
        column(
            "max_age",
            "duration",
            "oldest age at which the sector takes it; 0: only what arrives in the same period",
            required=True,
        ),
    ),
)
