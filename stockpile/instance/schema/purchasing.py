"""Sources, their capacity and prices, duties."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

PURCHASING = (
    table(
        "sources",
        "offers to supply one good",
        "source",
        key("source", "name of the source"),
        key("good", "good it supplies", refers="goods"),
        column("origin", "text", "country or bloc whose rules the supply falls under: where it was processed"),
        column("mined_in", "text", "country of the mine"),
        column("supplier", "text", "company"),
        column("lead_time", "duration", "time from order to delivery", default="0"),
        column("order_cost", "money", "charge of every order, paid when it is placed", default=0.0),
        column("min_order", "quantity", "least quantity of an order that is placed", default=0.0),
        column("qualified_from", "from", "first date of orders"),
        column("until", "until", "orders end before this date"),
    ),
    table(
        "supply",
        "capacity of sources",
        "source from",
        key("source", "source limited", refers="sources"),
        SINCE,
        UNTIL,
        column("capacity", "flow", "most that can be ordered", blank="without limit"),
    ),
    table(
        "prices",
        "supply curves: marginal price steps, bought from the first on",
        "source step from",
        key("source", "source priced", refers="sources"),
        column("step", "integer", "number of the step, 1, 2, ...", default=1, minimum=1),
        SINCE,
        UNTIL,
        column("width", "flow", "quantity that the step offers", blank="without limit"),
        column("price", "price", "price in the step, paid on arrival", required=True),
    ),
    table(
        "duties",
        "duties by origin, on the price, in force on arrival",
        "origin good from",
        column("origin", "text", "origin as in the sources", required=True),
        column("good", "name", "good; its rows come before those of all goods", refers="goods", blank="all goods"),
        SINCE,
        UNTIL,
        column("rate", "ratio", "duty as a share of the price", required=True),
    ),
)
