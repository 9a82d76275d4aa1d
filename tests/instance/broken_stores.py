"""Broken tables of routes between stores."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import Change, both, cell, content

TWO = both(
    content("stores.csv", "store\ndepot\nannex\n"),
    content("storage.csv", "good,store\nDy oxide,depot\nDy oxide,annex\n"),
)
ONE = content("stores.csv", "store\ndepot\nannex\n")


def routes(rows: str, before: Change = TWO) -> Change:
    """Two stores with routes."""
    return both(before, content("transfers.csv", f"good,from_store,to_store,from,lead_time,capacity\n{rows}"))


STORES = {
    "route-to-nowhere": Broken(
        routes("Dy oxide,depot,annexe,,,\n"), "transfers.csv", 2, "to_store", "did you mean 'annex'?"
    ),
    "route-to-itself": Broken(
        routes(",depot,depot,,,\n"), "transfers.csv", 2, "to_store", "is where the route begins; give another store"
    ),
    "route-of-what-is-not-kept": Broken(
        routes("Dy oxide,depot,annex,,,\n", ONE),
        "transfers.csv",
        2,
        "to_store",
        "store 'annex' does not keep 'Dy oxide'; add it to storage.csv",
    ),
    "route-of-nothing": Broken(
        routes(",depot,annex,,,\n", ONE), "transfers.csv", 2, "to_store", "no good is kept in both 'depot' and 'annex'"
    ),
    "route-with-two-lead-times": Broken(
        routes(",depot,annex,,1,\n,depot,annex,2027Q1,2,\n"),
        "transfers.csv",
        3,
        "lead_time",
        "is 2 periods, but 1 in record 2; a route has one lead time",
    ),
    "route-twice": Broken(
        routes(",depot,annex,,,4\n,depot,annex,,,5\n"), "transfers.csv", 3, "good", "first in record 2"
    ),
    "route-with-negative-capacity": Broken(routes(",depot,annex,,,-4\n"), "transfers.csv", 2, "capacity", "at least 0"),
    "delivery-where-goods-move-freely": Broken(
        cell("sources", 2, "store", "depot"), "sources.csv", 2, "store", "give its routes in transfers.csv"
    ),
    "delivery-where-the-good-is-not-kept": Broken(
        both(ONE, cell("sources", 2, "store", "annex")), "sources.csv", 2, "store", "add it to storage.csv"
    ),
    "ages-of-what-is-balanced-by-store": Broken(
        both(routes("Dy oxide,depot,annex,,,\n"), content("ages.csv", "good,age,loss_rate\nDy oxide,1,0.1\n")),
        "ages.csv",
        2,
        "good",
        "cannot be in ages.csv as well",
    ),
    "freshness-of-what-leaves-slowly": Broken(
        both(
            cell("storage", 2, "release_rate", "9"),
            content("freshness.csv", "sector,good,max_age\ndefence,Dy oxide,1\n"),
        ),
        "freshness.csv",
        2,
        "good",
        "cannot be in freshness.csv as well",
    ),
    "negative-release-rate": Broken(
        cell("stores", 2, "release_rate", "-1"), "stores.csv", 2, "release_rate", "at least 0"
    ),
    "service-from-an-unknown-store": Broken(
        cell("sectors", 2, "store", "depo"), "sectors.csv", 2, "store", "did you mean 'depot'?"
    ),
    "service-from-where-the-good-is-not-kept": Broken(
        both(ONE, cell("storage", 2, "release_rate", "9"), cell("sectors", 2, "store", "annex")),
        "sectors.csv",
        2,
        "store",
        "store 'annex' does not keep 'Dy oxide', which 'defence' takes; add it to storage.csv",
    ),
    "delivery-to-an-unknown-store": Broken(
        cell("sources", 2, "store", "depo"), "sources.csv", 2, "store", "did you mean 'depot'?"
    ),
}
