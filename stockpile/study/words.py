"""What rules say, in the words of a planner; rules without any are told by the first sentence of their equation."""

from __future__ import annotations

#: By variable what its greatest value says.
LIMITS = {
    "order": "A price step offers no more than its width",
    "short": "No more may fall short than the tiers allow",
    "run": "A process runs no more than its capacity",
    "sale": "No more is sold than the market takes",
    "lend": "No more is lent than the market takes",
    "lent": "No more stands lent than the credit limit",
    "debt": "A credit facility owes no more than its limit",
    "overtime": "There is no more overtime than that",
    "move": "No more is sent than a route takes",
    "call": "No more is called than a contract allows",
    "under": "A target may be missed only where that has a penalty",
}
#: By family of rows.
RULES = {
    "supply_capacity": "A source delivers no more than its capacity",
    "market_step_width": "A price step of a market offers no more than its width",
    "minimum_order": "An order is at least as large as the least order",
    "order_needs_placement": "What is ordered needs an order",
    "whole_lots": "Orders are whole lots",
    "arrivals": "What arrives was ordered, made, lent or there at the start",
    "stock_balance": "What leaves the reserve was in it or arrived",
    "store_balance": "What leaves a store was in it or arrived there",
    "shelf_life": "Stock is used or thrown away within its shelf life",
    "store_room": "Goods fit into their store",
    "stock_target": "Stock reaches its target",
    "cover_target": "Stock covers demand for as long as its target says",
    "end_stock": "The required stock is left at the end",
    "store_release": "No more leaves a store than its release rate",
    "demand_met": "Demand is met, falls short or waits",
    "longest_wait": "Demand waits no longer than it may",
    "process_capacity": "A process runs no more than its capacity",
    "resource_capacity": "A resource is used no more than there is of it",
    "releases_add_up": "A stage that is released stays so",
    "tranche_needs_verified_milestone": "A stage is released only once the stage before it is verified",
    "tranche_is_paid": "The cost of a released stage is paid",
    "fund_pays_most_share": "A fund pays no more than its share of a stage",
    "fund_pays_least_share": "A fund pays at least its share of a stage",
    "private_match": "Private money matches its share",
    "one_of_a_group": "Of a group one project is started at most",
    "cash_balance": "A fund spends no more than it has",
    "debt_balance": "What is drawn and not repaid is owed",
    "draw_pays_for_use": "Credit is drawn for what is spent alone",
}
