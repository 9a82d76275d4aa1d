"""All plans made by hand, with what makes them and their tables."""

from __future__ import annotations

from functools import cache

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.aged import AGED, CURVED, aged, curved
from tests.plan.plans import AGEING, BUYING, FINANCED, REPLACING, Make, Tables, ageing, buying, financed, replacing
from tests.plan.plans_accounts import PARTICIPATING, participating
from tests.plan.plans_backlog import WAITING, waiting
from tests.plan.plans_contracts import CONTRACTED, OFFTAKE, begun_with_plant, contracted
from tests.plan.plans_ends import LEAVING, ORDERED, leaving, ordered
from tests.plan.plans_incentives import REWARDED, rewarded
from tests.plan.plans_instruments import BACKED, PROTECTED, backed, protected
from tests.plan.plans_markets import SHARING, TRADING, TURNING, sharing, trading, turning
from tests.plan.plans_money import INDEBTED, LENT, LOST, PROMISED, indebted, lent, lost, promised
from tests.plan.plans_opening import CARRIED, carried
from tests.plan.plans_policies import LIMITED, YEARS, in_quarters, limited
from tests.plan.plans_processing import BLENDING, MAKING, SPARING, blending, making, sparing
from tests.plan.plans_resources import WORKING, working
from tests.plan.plans_returns import COLLECTING, collecting
from tests.plan.plans_rotation import ROTATING, SELLING, rotating, selling
from tests.plan.plans_stages import GIVEN_UP, UNDER_WAY, given_up, under_way
from tests.plan.plans_stores import MOVING, moving
from tests.plan.plans_tracing import FOLLOWED, PASSED_ON, followed, passed_on

CASES: dict[str, tuple[Make, Tables]] = {
    "replacing": (replacing, REPLACING),
    "buying": (buying, BUYING),
    "ageing": (ageing, AGEING),
    "financed": (financed, FINANCED),
    "aged": (aged, AGED),
    "curved": (curved, CURVED),
    "leaving": (leaving, LEAVING),
    "ordered": (ordered, ORDERED),
    "sharing": (sharing, SHARING),
    "trading": (trading, TRADING),
    "turning": (turning, TURNING),
    "waiting": (waiting, WAITING),
    "indebted": (indebted, INDEBTED),
    "lent": (lent, LENT),
    "promised": (promised, PROMISED),
    "lost": (lost, LOST),
    "given_up": (given_up, GIVEN_UP),
    "selling": (selling, SELLING),
    "rotating": (rotating, ROTATING),
    "moving": (moving, MOVING),
    "under_way": (under_way, UNDER_WAY),
    "carried": (carried, CARRIED),
    "working": (working, WORKING),
    "protected": (protected, PROTECTED),
    "rewarded": (rewarded, REWARDED),
    "making": (making, MAKING),
    "sparing": (sparing, SPARING),
    "limited": (limited, LIMITED),
    "followed": (followed, FOLLOWED),
    "passed_on": (passed_on, PASSED_ON),
    "in_quarters": (in_quarters, YEARS),
    "blending": (blending, BLENDING),
    "backed": (backed, BACKED),
    "collecting": (collecting, COLLECTING),
    "contracted": (contracted, CONTRACTED),
    "participating": (participating, PARTICIPATING),
    "begun_with_plant": (begun_with_plant, OFFTAKE),
}


@cache
def made(name: str) -> tuple[Instance, Plan]:
    """The instance and the plan of a case, made once: never to be changed."""
    return CASES[name][0]()
