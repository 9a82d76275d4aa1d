"""Demand curves of sales, lots and charges of rotation, exchanges, and what sectors pay for what they get."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

#: Columns of rotation that make it a decision of its own in every period.
EVENTS = (
    column("fixed_cost", "money", "charge of every period in which the good is sold or lent", default=0.0),
    column("min_lot", "quantity", "least quantity of a period in which the good is sold or lent", default=0.0),
)
#: Columns of rotation by exchange.
EXCHANGE = (
    column("premium", "ratio", "what comes back beyond what was lent, as a ratio to it", default=0.0),
    column("lag", "duration", "time after which lent goods come back fresh", minimum=1, blank="needed for an exchange"),
    column(
        "credit_limit",
        "quantity",
        "most that borrowers may owe, premium included; what they owed before the horizon may be above it",
        blank="without limit",
    ),
)

#: Where goods of before the horizon come from.
PLACES = (
    column("origin", "text", "country or bloc where it was processed, for a good that is traced", blank="not known"),
    column("mined_in", "text", "country of its mine, for a good that is traced", blank="not known"),
)

ROTATION = (
    table(
        "sales",
        "demand curves of the sales in rotation: price steps that fall, sold from the first on; they stand for its price and depth",
        "good step from",
        key("good", "good sold; rotation says from when, at what discount and for which fund", refers="goods"),
        column("step", "integer", "number of the step, 1, 2, ...", default=1, minimum=1),
        SINCE,
        UNTIL,
        column("width", "flow", "quantity that the step takes", blank="without limit"),
        column("price", "price", "price in the step, before the discount", required=True),
    ),
    table(
        "opening_lent",
        "goods lent before the horizon that are still to come back",
        "good due origin mined_in",
        key("good", "good that comes back", refers="goods"),
        column("due", "from", "when it comes back"),
        *PLACES,
        column("quantity", "quantity", "quantity that comes back, premium included", required=True),
    ),
)

RELEASES = (
    table(
        "release_prices",
        "what sectors pay for what they get from the reserve; this is rotation by issue: goods are released to a user and replaced",
        "sector good from",
        key("sector", "sector that pays", refers="sectors"),
        key("good", "good that it gets, as the one it wants or instead of it", refers="goods"),
        SINCE,
        UNTIL,
        column("price", "price", "price of a unit", required=True),
        column(
            "proceeds_to",
            "name",
            "fund that gets the proceeds",
            refers="funds",
            blank="no fund; the objective counts them",
        ),
    ),
)
