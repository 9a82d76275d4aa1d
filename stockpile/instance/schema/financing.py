"""Projects, stages, what they need, who may pay, what they bring."""

from stockpile.instance.schema.column import column, key, table

FINANCING = (
    table(
        "projects",
        "investments in stages",
        "project",
        key("project", "name of the project"),
        column("title", "text", "what it is"),
        column("group", "text", "at most one project of a group is started"),
        column("start_from", "from", "first date of its first release"),
        column("start_until", "until", "its first release comes before this date"),
        column("min_private_share", "share", "least share of private funds in every tranche", default=0.0),
    ),
    table(
        "stages",
        "stages, each ended by a milestone; a stage is released once the milestone before is verified",
        "project stage",
        key("project", "project", refers="projects"),
        column("stage", "integer", "number of the stage, 1, 2, ...", required=True, minimum=1),
        column("milestone", "text", "what ends the stage"),
        column("duration", "duration", "time from release to the verified milestone", required=True),
        column("cost", "money", "tranche of the stage", required=True),
        column(
            "pay_on",
            "choice",
            "when the tranche is paid",
            choices=("release", "verification"),
            default="release",
        ),
    ),
    table(
        "requires",
        "milestones of other stages that a release needs",
        "project stage needs_project needs_stage",
        key("project", "project", refers="projects"),
        column("stage", "integer", "stage that needs", required=True, minimum=1),
        key("needs_project", "project of the needed stage", refers="projects"),
        column("needs_stage", "integer", "stage whose milestone must be verified", required=True, minimum=1),
    ),
    table(
        "financing",
        "which funds may pay for a project; without rows for a project every fund that may pay for projects",
        "project stage fund",
        key("project", "project paid", refers="projects"),
        column("stage", "integer", "stage; its rows come before those of all stages", minimum=1, blank="all stages"),
        key("fund", "fund that may pay", refers="funds"),
        column("min_share", "share", "least share of a tranche", default=0.0),
        column("max_share", "share", "greatest share of a tranche", default=1.0),
    ),
    table(
        "effects",
        "what a project brings once a stage is verified",
        "project after kind name",
        key("project", "project", refers="projects"),
        column("after", "integer", "stage whose milestone commissions it", required=True, minimum=1),
        column("kind", "choice", "what it adds to", choices=("supply", "capacity", "revenue"), required=True),
        column("name", "name", "source (supply), store (capacity) or fund (revenue)", required=True),
        column("amount", "effect", "what it adds at its full strength", required=True),
        column("ramp", "duration", "time over which it grows evenly to the full amount", default="0"),
    ),
)
