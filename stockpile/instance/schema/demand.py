"""Sectors, demand and tiers of shortfall."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

DEMAND = (
    table(
        "sectors",
        "who uses goods",
        "sector",
        key("sector", "name of the sector"),
        column("title", "text", "what it is"),
    ),
    table(
        "demand",
        "what a sector must get from the reserve",
        "sector good from",
        key("sector", "sector that wants the good", refers="sectors"),
        key("good", "good wanted", refers="goods"),
        SINCE,
        UNTIL,
        column("quantity", "flow", "quantity wanted", required=True),
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
)
