"""Contracts: long agreements with a source, options among them, and the price series that they follow."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

#: What a price may follow, with the table that its name is in.
INDEXES = {"source": "sources", "market": "markets", "series": "indices"}

CONTRACTS = (
    table(
        "contracts",
        "agreements with a source that are signed once or never; while one runs the buyer calls amounts between two rates, "
        "and pays for the lower one at least: take or pay. An option is one with a premium and no least rate",
        "contract",
        key("contract", "name of the contract"),
        key(
            "source",
            "source that delivers; its lead time, window, duty, store, capacity and losses hold for what is called",
            refers="sources",
        ),
        column("sign_from", "from", "first date of signing"),
        column("sign_until", "until", "it is signed before this date"),
        column(
            "project",
            "name",
            "project that must be commissioned first, by its last milestone: the contract begins then, or as it is signed, whichever is later. "
            "Nothing is called or paid before, nor ever where the project is not commissioned or is abandoned before; "
            "while the contract runs the project cannot be abandoned. What it costs at least counts as promised from its beginning on",
            refers="projects",
            blank="it begins as it is signed",
        ),
        column(
            "duration",
            "duration",
            "time from the period in which it begins, in which amounts may be called",
            required=True,
            minimum=1,
        ),
        column("min_rate", "flow", "least that is paid for, taken or not", default=0.0),
        column("max_rate", "flow", "most that can be called", required=True),
        column(
            "price",
            "price",
            "price of a unit, paid on arrival; with an index what is added to it, below 0 for a discount",
            default=0.0,
            minimum=None,
        ),
        column(
            "index_kind",
            "choice",
            "what the price follows: the first price step of a source or a market, or a series in `indices`",
            choices=tuple(INDEXES),
            blank="the price is fixed",
        ),
        column("index", "name", "source, market or series that the price follows", blank="the price is fixed"),
        column("index_factor", "ratio", "part of the index that counts", default=1.0),
        column("floor", "price", "the price does not fall below it", default=0.0),
        column("ceiling", "price", "the price above it is shared", blank="without limit"),
        column("upside_share", "share", "share of what is above the ceiling that is paid nevertheless", default=0.0),
        column(
            "price_fixed",
            "choice",
            "when the index is read: whenever an amount is called, or once, when it begins to run",
            choices=("call", "start"),
            default="call",
        ),
        column("premium", "money", "cost of signing it, such as the premium of an option", default=0.0),
    ),
    table(
        "opening_contracts",
        "contracts signed before the horizon; one that waits for a project began when both were there, the others as they were signed. What was called then is in opening_orders",
        "contract",
        key("contract", "contract that runs", refers="contracts"),
        column("age", "duration", "time since it was signed, at the start of the horizon", required=True, minimum=1),
        column(
            "price",
            "price",
            "price of a unit that was fixed when it began",
            blank="needed where an index is read when it begins, and it has begun",
        ),
    ),
    table(
        "indices",
        "price series that contracts follow",
        "index from",
        key("index", "name of the series"),
        SINCE,
        UNTIL,
        column("price", "price", "what the index stands at", required=True),
    ),
)
