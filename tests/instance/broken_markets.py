"""Broken markets."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content, instead

SPOT = "market,step,width,price\nworld,1,40,220\nworld,2,,300\n"
STEPS = both(
    cell("sources", 2, "market", "world"),
    instead("prices.csv", "spot,1,40,220", "recycler,2,40,320"),
    instead("prices.csv", "spot,2,,300", "recycler,3,,330"),
)
"""The spot source of the good folder gets its steps from a market."""

TRADE = cell("sources", 2, "paid_by", "market")
"""The spot source of the good folder is paid by the market."""

MARKETS = {
    "market-unknown": Broken(
        both(cell("sources", 2, "market", "word"), content("markets.csv", SPOT)),
        "sources.csv",
        2,
        "market",
        "did you mean 'world'?",
    ),
    "market-and-prices": Broken(
        both(cell("sources", 2, "market", "world"), content("markets.csv", SPOT)),
        "prices.csv",
        2,
        "source",
        "delete this row, or its market",
    ),
    "market-and-discount": Broken(
        both(STEPS, cell("sources", 2, "discount", "incremental"), content("markets.csv", SPOT)),
        "sources.csv",
        2,
        "discount",
        "leave the discount of 'spot' blank",
    ),
    "market-of-two-goods": Broken(
        both(
            STEPS,
            content("markets.csv", SPOT),
            cell("sources", 4, "market", "world"),
            instead("prices.csv", "plant output,1,", "recycler,4,"),
            content("goods.csv", "good\nDy oxide\nNd oxide\n"),
            cell("sources", 4, "good", "Nd oxide"),
        ),
        "sources.csv",
        4,
        "market",
        "a market has one good",
    ),
    "market-gets-cheaper": Broken(
        both(STEPS, content("markets.csv", SPOT.replace("300", "200"))), "markets.csv", 3, "price", "in a market"
    ),
    "market-step-missing": Broken(
        both(STEPS, content("markets.csv", SPOT.replace("world,2", "world,3"))),
        "markets.csv",
        3,
        "step",
        "number them 1, 2",
    ),
    "market-width-negative": Broken(
        both(STEPS, content("markets.csv", SPOT.replace("40", "-40"))), "markets.csv", 2, "width", "at least 0"
    ),
    "market-step-twice": Broken(
        both(STEPS, content("markets.csv", SPOT.replace("world,2", "world,1"))),
        "markets.csv",
        3,
        "market",
        "first in record 2",
    ),
    "premium-without-market": Broken(cell("sources", 2, "premium", "5"), "sources.csv", 2, "premium", "is in none"),
    "premium-below-nothing": Broken(
        both(STEPS, content("markets.csv", SPOT), cell("sources", 2, "premium", "-221")),
        "sources.csv",
        2,
        "premium",
        "makes the price of 'spot' negative",
    ),
    "paid-by-nobody": Broken(
        cell("sources", 2, "paid_by", "markets"), "sources.csv", 2, "paid_by", "did you mean 'market'?"
    ),
    "trade-with-discount": Broken(
        both(TRADE, cell("sources", 2, "discount", "incremental")), "sources.csv", 2, "discount", "do not fall"
    ),
    "trade-in-a-store": Broken(
        both(
            TRADE,
            cell("sources", 2, "store", "depot"),
            content("stores.csv", "store\ndepot\nport\n"),
            content("storage.csv", "good,store\nDy oxide,depot\nDy oxide,port\n"),
            content("transfers.csv", "good,from_store,to_store\nDy oxide,port,depot\n"),
        ),
        "sources.csv",
        2,
        "store",
        "nothing of it is stored",
    ),
    "trade-under-way-for-nobody": Broken(
        both(TRADE, content("opening_orders.csv", "source,arrives,quantity\nspot,2026Q2,9\nspot,2026-03-01,6\n")),
        "opening_orders.csv",
        3,
        "quantity",
        "15 of 'Dy oxide' that the market pays arrives in 2026Q2, but sectors want 13 then",
    ),
    "trade-under-way-too-late": Broken(
        both(TRADE, content("opening_orders.csv", "source,arrives,quantity\nspot,2040Q1,5\n")),
        "opening_orders.csv",
        2,
        "arrives",
        "off the horizon, 2026-01-01 until 2029-01-01; delete the row",
    ),
    "trade-pinned": Broken(
        both(TRADE, content("pins.csv", "pin,decision,name,at_least\na,order,spot,5\n")),
        "pins.csv",
        2,
        "name",
        "the reserve decides nothing there",
    ),
}
