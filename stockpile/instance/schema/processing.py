"""Processes that turn goods of the reserve into others, their recipes and capacity."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

#: Where the traced goods come from that runs of before the horizon took.
_PLACES_OF_INPUTS = (
    column(
        "origin",
        "text",
        "country or bloc where what it took was processed, where a policy follows what it makes back",
        blank="not known",
    ),
    column(
        "mined_in",
        "text",
        "country where what it took was mined, where a policy follows what it makes back",
        blank="not known",
    ),
)

PROCESSING = (
    table(
        "processes",
        "what turns goods of the reserve into others: separation, metal making, alloying, magnets, recycling; a unit of run is "
        "the instance's unit of quantity of whatever its recipe is written for",
        "process",
        key("process", "name of the process"),
        column("origin", "text", "country or bloc whose rules its output falls under: where it is processed"),
        column(
            "lead_time",
            "duration",
            "time from a run, which takes its inputs, until its outputs arrive, within the horizon",
            default="0",
        ),
        column("cost", "price", "cost of a unit of run, paid when it runs", default=0.0),
        column("set_up_cost", "money", "charge of every period in which it runs", default=0.0),
        column("min_run", "quantity", "least run of a period in which it runs", default=0.0),
        column(
            "runs_with",
            "name",
            "process that must run in every period in which this one runs",
            refers="processes",
            blank="it runs by itself",
        ),
        column("energy", "energy", "energy that a unit of run takes", default=0.0),
        column("emissions", "emissions", "emissions of a unit of run", default=0.0),
        column(
            "store",
            "name",
            "store that its inputs come from and its outputs go to; it counts for goods that are balanced store by store",
            refers="stores",
            blank="any store that keeps the good",
        ),
    ),
    table(
        "recipes",
        "what a unit of run takes from the reserve and brings to it",
        "process good",
        key("process", "process that takes or makes the good", refers="processes"),
        key("good", "good taken or made", refers="goods"),
        column(
            "amount",
            "quantity",
            "amount for a unit of run: negative what it takes, positive what it makes; joint products come in fixed "
            "proportions, and what is not wanted of them is thrown away at the good's disposal_cost",
            minimum=None,
            blank="a free input: a blend decides how much of it goes in; a unit of run is a unit of all its free inputs together",
        ),
    ),
    table(
        "attributes",
        "what goods are like: grade, octane, hardness, share of a material",
        "good attribute",
        key("good", "good described", refers="goods"),
        key("attribute", "name of the attribute"),
        column(
            "value",
            "figure",
            "value for a unit of quantity; a blend has the mean of what goes in",
            minimum=None,
            required=True,
        ),
    ),
    table(
        "blend",
        "bounds on what goes into a process with free inputs: on the mean of an attribute over all of them",
        "process attribute from",
        key("process", "process with free inputs", refers="processes"),
        key("attribute", "attribute bounded; every free input has a value of it"),
        SINCE,
        UNTIL,
        column("min", "figure", "least mean", minimum=None, blank="without limit"),
        column("max", "figure", "greatest mean", minimum=None, blank="without limit"),
    ),
    table(
        "capacity",
        "most that processes can run",
        "process from",
        key("process", "process limited", refers="processes"),
        SINCE,
        UNTIL,
        column("capacity", "flow", "most that can be run", blank="without limit"),
    ),
    table(
        "opening_runs",
        "runs from before the horizon whose outputs are still to arrive; what they took is gone, and they are paid",
        "process arrives origin mined_in",
        key("process", "process that ran", refers="processes"),
        column("arrives", "from", "when its outputs arrive"),
        *_PLACES_OF_INPUTS,
        column("level", "quantity", "how much was run", required=True),
    ),
)
