"""Policies: named rows with a scope and dates, hard or at a penalty."""

from stockpile.instance.schema.column import SINCE, UNTIL, column, key, table

#: What a policy may limit.
KINDS_OF_POLICY = (
    "deliveries",
    "share",
    "market-share",
    "cover",
    "exposure",
    "spending",
    "budget-use",
    "energy",
    "emissions",
    "origin-in-use",
)

#: By kind the unit, among those of the settings, of both sides of a policy.
MEASURES = {
    "deliveries": "quantity",
    "share": "quantity",
    "market-share": "quantity",
    "cover": "quantity",
    "exposure": "money",
    "spending": "money",
    "budget-use": "money",
    "energy": "energy",
    "emissions": "emissions",
    "origin-in-use": "quantity",
}

_SELECTORS = (
    column("good", "name", "good that it is about", refers="goods", blank="all goods"),
    column("material", "name", "material of the goods that it is about", blank="whatever the material"),
    column("origin", "name", "origin whose deliveries or orders count", blank="all origins"),
    column("group", "name", "group of origins, as in origins", blank="all origins"),
    column(
        "by",
        "choice",
        "what origin and group speak of: where a good was processed (the origin of its source, or of the process that runs), mined (mined_in), "
        "or, for goods in use, either of them at any stage of its chain. In use, the last two follow a good back through the processes that "
        "make it to their traced inputs: what is made counts towards at_most as soon as one input does, and towards at_least only if all do",
        choices=("processed", "mined", "chain"),
        default="processed",
    ),
    column("supplier", "name", "supplier whose deliveries or orders count", blank="all suppliers"),
    column("source", "name", "source that counts", refers="sources", blank="all sources"),
    column(
        "market", "name", "market whose sources count", refers="markets", blank="sources of all markets and of none"
    ),
    column(
        "paid_by",
        "choice",
        "whose purchases count: what funds pay for the reserve, what the market buys for normal consumption, or both",
        choices=("fund", "market", "both"),
        default="fund",
    ),
    column("sector", "name", "sector whose demand cover is measured by", refers="sectors", blank="all sectors"),
    column("process", "name", "process that runs", refers="processes", blank="all processes and sources"),
    column("fund", "name", "fund that pays, or has money at risk", refers="funds", blank="all funds together"),
    column(
        "project", "name", "project that is paid", refers="projects", blank="all projects together, and what is none"
    ),
)

POLICIES = (
    table(
        "origins",
        "groups that countries and blocs belong to",
        "origin group",
        key("origin", "country or bloc, as sources name where they process and mine"),
        key("group", "group that it is in, such as allied, covered or domestic; it may be in several"),
    ),
    table(
        "policies",
        "limits with a name, a scope and dates, which every plan keeps in every future or pays a penalty for",
        "policy from",
        key("policy", "name of the policy"),
        SINCE,
        UNTIL,
        column(
            "kind",
            "choice",
            "what is limited: `deliveries`, what arrives of the sources selected, in quantity (at most 0: a ban); `share`, the "
            "same as a share of what arrives of the goods selected from anybody; `market-share`, what is ordered, by the order "
            "date, as a share of the volume or else of all that the price steps offer; `cover`, closing stock of the goods "
            "selected together, in days of their demand in force; `exposure`, money at risk; `spending`, what funds pay, to "
            "a project its tranches alone; `budget-use`, what they pay as a share of what is paid into them. A least amount of spending "
            "counts no charges, set-ups or overtime, which could be paid for nothing. `energy` and `emissions` are those of what arrives of the "
            "sources selected and of what processes run: of the one selected, or of all unless sources are selected by more than "
            "an origin. `origin-in-use` is what sectors get of the traced goods selected that comes from the origin or group, as a share of what they "
            "get of them",
            choices=KINDS_OF_POLICY,
            required=True,
        ),
        *_SELECTORS,
        column("at_least", "bound", "least that the policy asks for", blank="nothing is required"),
        column("at_most", "bound", "most that it allows", blank="nothing is forbidden"),
        column(
            "per",
            "choice",
            "over what both sides are summed, as far as the row holds; stock and money at risk are of every period",
            choices=("period", "year", "fiscal-year", "horizon"),
            default="period",
        ),
        column(
            "volume", "flow", "the world's volume, of which market-share is a share", blank="all that price steps offer"
        ),
        column("penalty", "fine", "cost of a unit by which the policy is missed", blank="the policy is kept"),
    ),
)
