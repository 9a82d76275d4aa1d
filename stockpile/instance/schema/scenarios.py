"""Scenarios, and the shocks that tell them apart."""

from stockpile.instance.schema.column import UNTIL, column, key, table

#: What a shock may change.
SHOCKED = ("supply", "price", "demand", "duty", "arrival", "budget", "capacity", "depth")

SELECTORS = {
    "good": "goods",
    "origin": None,
    "source": "sources",
    "market": "markets",
    "sector": "sectors",
    "store": "stores",
    "fund": "funds",
    "resource": "resources",
    "process": "processes",
    "index": "indices",
}
"""Columns by which a shock chooses what it changes, and the tables that they name something of."""

SCENARIOS = (
    table(
        "scenarios",
        "futures that the plan prepares for; without any there is one",
        "scenario",
        key("scenario", "name of the scenario"),
        column("probability", "share", "how likely it is; those of all scenarios sum to 1", required=True),
    ),
    table(
        "shocks",
        "changes of the data in a scenario: factors multiply, a value replaces what the tables say",
        "scenario shock quantity good origin source market sector store fund resource process index from",
        column("scenario", "name", "scenario that it happens in", refers="scenarios", blank="all scenarios"),
        key("shock", "name of the shock; it may have several rows, one for each thing that it changes and date"),
        column(
            "quantity",
            "choice",
            "what changes: supply (capacity of sources), price (of their steps, of markets and of series that contracts follow), demand, duty, arrival (share of "
            "deliveries that arrives), budget (money paid in), capacity (of a good in a store, of a resource, of a process), depth (of sales)",
            choices=SHOCKED,
            required=True,
        ),
        *(
            column(name, "name", f"{name} that is hit", refers=table_of, blank="whatever the others allow")
            for name, table_of in SELECTORS.items()
        ),
        column("from", "from", "from when it acts, until the next row of the same key"),
        UNTIL,
        column("factor", "ratio", "what it multiplies with", blank="1; or give a value"),
        column("value", "shock", "what it sets, in the unit and the time basis of the column that it replaces"),
        column(
            "announced",
            "from",
            "when it becomes known, with its until; futures that do not differ in what is known share their decisions. An end "
            "that nobody knows before is a row of its own, with a factor of 1",
            blank="when it begins to act",
        ),
    ),
)
