"""What comes back of goods in use."""

from stockpile.instance.schema.column import column, key, table

RETURNS = (
    table(
        "returns",
        "recycling with memory: what can be ordered at a source is at most what comes back of goods in use; the rows of a "
        "source add up",
        "source sector good lag",
        key("source", "source that collects what comes back", refers="sources"),
        key("sector", "sector that used the good", refers="sectors"),
        key("good", "good that went into use, wanted by the sector or taken instead of another", refers="goods"),
        column(
            "share",
            "share",
            "quantity of the source's good that comes back for a unit that went into use, from whomever it came",
            required=True,
        ),
        column("lag", "duration", "time from use until it comes back", required=True, minimum=1),
    ),
    table(
        "opening_use",
        "what went into use before the horizon, of which some may still come back",
        "sector good age",
        key("sector", "sector that used the good", refers="sectors"),
        key("good", "good that went into use", refers="goods"),
        column("age", "duration", "time since it went into use, at the first period", required=True, minimum=1),
        column("quantity", "quantity", "quantity that went into use in that period", required=True),
    ),
)
