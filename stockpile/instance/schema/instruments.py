"""Instruments that move risk and no money at first: guarantees, price floors and incentives."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

INSTRUMENTS = (
    table(
        "guarantees",
        "guarantees of loans: a fund takes over a share of what a lender may lose, and so of its exposure; it pays when the"
        " project is abandoned, and then gets that share of what is recovered",
        "project stage lender fund",
        key("project", "project that owes", refers="projects"),
        column(
            "stage",
            "integer",
            "stage that the loan pays for, 0 for what was lent before the horizon; its rows come before those of all stages",
            blank="all stages, not what was lent before",
        ),
        key("lender", "fund that lends; without its loan there is nothing to guarantee", refers="funds"),
        key("fund", "fund that guarantees; it may pay for projects", refers="funds"),
        column(
            "share", "share", "share of the principal that is guaranteed, with the interest added to it", default=1.0
        ),
        column("fee", "interest", "what the project pays of the guaranteed principal at the close", default=0.0),
    ),
    table(
        "price_floors",
        "price floors without delivery: a fund pays what the market price is below the floor for all that a commissioned"
        " project supplies, whoever buys it",
        "project source fund from",
        key("project", "project whose output is covered", refers="projects"),
        key("source", "source that the project supplies: the effects of kind supply are its output", refers="sources"),
        key("fund", "fund that pays; it may pay for projects", refers="funds"),
        column("floor", "price", "price below which the fund pays the difference", required=True),
        key("index", "source of the same good whose first price step is the market price", refers="sources"),
        column("share", "share", "share of the output that is covered", default=1.0),
        column(
            "strike", "price", "market price above which the fund gets a share of the difference", blank="the floor"
        ),
        column("upside_share", "share", "share of the market price above the strike that the fund gets", default=0.0),
        SINCE,
        UNTIL,
        column(
            "term",
            "duration",
            "time from the milestone that brings the output for which it is covered",
            minimum=1,
            blank="without limit",
        ),
    ),
    table(
        "incentives",
        "promises of money for every unit that a project really delivers, such as a production credit: what is due is paid in"
        " the period of the delivery, whoever takes it, until the cap is reached",
        "incentive from",
        key("incentive", "name of the promise; all its rows have one project, good, fund, term and cap"),
        key("project", "project that delivers", refers="projects"),
        column(
            "good",
            "name",
            "good that counts: what arrives of sources that the project supplies, and what comes of processes to which it gives"
            " capacity; they have none but that, and that of others in its group",
            refers="goods",
            blank="the one good that the project makes",
        ),
        key("fund", "fund that pays; it may pay for projects", refers="funds"),
        column("rate", "price", "money for a unit", required=True),
        SINCE,
        UNTIL,
        column(
            "term",
            "duration",
            "time from the milestone that brings the first of the good in which deliveries count",
            minimum=1,
            blank="without limit",
        ),
        column(
            "cap",
            "money",
            "most that is paid, all deliveries of the horizon together; of a promise that was paid for before, what is left",
            blank="without limit",
        ),
    ),
)
