"""Resources that orders, deliveries, stages and processes share."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

RESOURCES = (
    table(
        "resources",
        "what orders, deliveries, stages and processes share: hours of handling, machines, teams",
        "resource from",
        key("resource", "name of the resource"),
        SINCE,
        UNTIL,
        column("unit", "text", "what its amounts are counted in, such as hours; the same in all its rows"),
        column("capacity", "effort", "most that is there without overtime", blank="without limit"),
        column("overtime", "effort", "most overtime on top of the capacity", default=0.0),
        column(
            "overtime_price",
            "money",
            "price of a unit of the resource in overtime, paid by funds whoever needs it",
            default=0.0,
        ),
    ),
    table(
        "resource_use",
        "what uses how much of a resource",
        "resource kind name stage",
        key("resource", "resource used", refers="resources"),
        column(
            "kind",
            "choice",
            "what uses it: orders in the period in which they are placed, deliveries when they arrive, stages while they run, "
            "processes in the period in which they take their inputs",
            choices=("order", "delivery", "stage", "process"),
            required=True,
        ),
        key("name", "source (order, delivery), project (stage) or process"),
        column("stage", "integer", "stage that runs", minimum=1, blank="needed for a stage"),
        column("per_unit", "intensity", "use for every unit ordered, delivered or run", default=0.0),
        column(
            "per_order",
            "amount",
            "use for every order, or every period in which a process runs, whatever its quantity: a set-up",
            default=0.0,
        ),
        column(
            "over_stage",
            "effort",
            "use in every period from the release of the stage until its milestone is due, even if the project is abandoned; "
            "at least in the period of the release",
            default=0.0,
        ),
    ),
)
