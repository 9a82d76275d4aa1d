"""Scenarios, and the shocks that tell them apart."""

from stockpile.instance.schema.column import UNTIL, column, key, table

#: What a shock may change.
SHOCKED = ("supply", "price", "demand", "duty", "arrival", "budget", "capacity", "depth", "duration", "outcome")

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
    "project": "projects",
    "stage": None,
}
"""Columns by which a shock chooses what it changes, and the tables that they name something of."""

CHOSEN = tuple(
    column(
        name,
        "integer" if name == "stage" else "name",
        f"{name} that is hit",
        refers=table_of,
        blank="whatever the others allow",
        **({"minimum": 1} if name == "stage" else {}),
    )
    for name, table_of in SELECTORS.items()
)
"""The same as columns of a table."""

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
        "scenario shock quantity good origin source market sector store fund resource process index project stage from",
        column("scenario", "name", "scenario that it happens in", refers="scenarios", blank="all scenarios"),
        key("shock", "name of the shock; it may have several rows, one for each thing that it changes and date"),
        column(
            "quantity",
            "choice",
            "what changes: supply (capacity of sources), price (of their steps, of markets and of series that contracts follow), demand, duty, arrival (share of "
            "deliveries that arrives), budget (money paid in), capacity (of a good in a store, of a resource, of a process), depth (of sales), duration (of stages: a stage ends once it "
            "has run for as long as its duration in force, so that running ones are delayed too; rounded up to periods), outcome "
            "(of stages that end while the shock acts: 1 passes, 0 fails, which ends the project as abandonment does)",
            choices=SHOCKED,
            required=True,
        ),
        *CHOSEN,
        column("from", "from", "from when it acts, until the next row of the same key"),
        UNTIL,
        column("factor", "ratio", "what it multiplies with", blank="1; or give a value"),
        column(
            "value",
            "shock",
            "what it sets, in the unit and the time basis of the column that it replaces; of a duration in periods, of an outcome 0 or 1",
        ),
        column(
            "announced",
            "from",
            "when it becomes known, with its until; futures that do not differ in what is known share their decisions. An end "
            "that nobody knows before is a row of its own, with a factor of 1",
            blank="when it begins to act; of stages not before it can be seen: once a stage could have ended that has not, or has failed",
        ),
    ),
)
