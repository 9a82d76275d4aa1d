"""Sectors, demand and tiers of shortfall."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

DEMAND = (
    table(
        "sectors",
        "who uses goods",
        "sector",
        key("sector", "name of the sector"),
        column("title", "text", "what it is"),
        column(
            "accepted_origins",
            "name",
            "group of origins (of processing) whose goods it takes, of those that are traced, from the reserve and the market",
            blank="all, and goods of no known origin",
        ),
        column(
            "store",
            "name",
            "store that serves it with the goods that are balanced store by store",
            refers="stores",
            blank="any store that keeps the good",
        ),
    ),
    table(
        "demand",
        "what a sector wants; it gets it from the reserve and from sources that the market pays",
        "sector good from",
        key("sector", "sector that wants the good", refers="sectors"),
        key("good", "good wanted", refers="goods"),
        SINCE,
        UNTIL,
        column("quantity", "flow", "quantity wanted", required=True),
    ),
    table(
        "accepts",
        "goods that a sector takes instead of the one it wants",
        "sector wanted given",
        key("sector", "sector that takes them", refers="sectors"),
        key("wanted", "good wanted", refers="goods"),
        key("given", "good taken instead", refers="goods"),
        column("rate", "ratio", "quantity given for a unit wanted, both in the same unit", default=1.0),
        column("cost", "price", "cost of using a unit of the given good", default=0.0),
    ),
    table(
        "tiers",
        "shortfall in convex tiers, thrift first; the most specific rows count: sector and good, sector, good, neither",
        "sector good tier",
        column("sector", "name", "sector", refers="sectors", blank="all sectors"),
        column("good", "name", "good", refers="goods", blank="all goods"),
        column("tier", "integer", "number of the tier, 1, 2, ...", default=1, minimum=1),
        column("share", "share", "most of a period's demand that may fall short in the tier", required=True),
        column("penalty", "price", "cost of a unit that falls short", required=True),
    ),
    table(
        "backlog",
        "demand that may wait and be served later; the most specific row counts, as in tiers",
        "sector good",
        column("sector", "name", "sector", refers="sectors", blank="all sectors"),
        column("good", "name", "good", refers="goods", blank="all goods"),
        column("cost", "price_rate", "cost of a unit that waits for a time unit", required=True),
        column(
            "max_wait",
            "duration",
            "the longest that a unit may wait; 0: demand does not wait",
            minimum=0,
            blank="without limit",
        ),
        column(
            "end_penalty",
            "price",
            "cost of a unit that still waits at the end of the horizon: it counts as shortfall",
            blank="nothing may wait then",
        ),
    ),
)
