"""Broken tables of orders, deliveries and substitutes."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content, gone

OPEN = "source,arrives,quantity,price\n"
PIN = "pin,decision,name,stage,at_least,at_most\n"
END = "kind,name,value\n"
ON_ORDER = ("end_values.csv", f"{END}order,recycler,5\n")
ORDERS = {
    "end-of-nothing": Broken(
        content("end_values.csv", f"{END}project,separation plan,5\n"),
        "end_values.csv",
        2,
        "name",
        "did you mean 'separation plant'?",
    ),
    "end-of-no-debt": Broken(
        content("end_values.csv", f"{END}debt,treasury,1\n"), "end_values.csv", 2, "name", "no credit facility"
    ),
    "end-debt-twice": Broken(content("end_values.csv", f"{END}debt,,2\n"), "end_values.csv", 2, "value", "at most 1"),
    "end-of-a-kind": Broken(
        content("end_values.csv", f"{END}projects,,2\n"), "end_values.csv", 2, "kind", "did you mean 'project'?"
    ),
    "end-of-no-order": Broken(
        content("end_values.csv", f"{END}order,spots,5\n"),
        "end_values.csv",
        2,
        "name",
        "is not in sources.csv or goods.csv; did you mean 'spot'?",
    ),
    "end-of-an-order-that-nobody-pays": Broken(
        both(cell("funds", 2, "uses", "projects"), cell("funds", 3, "uses", "storage"), content(*ON_ORDER)),
        "end_values.csv",
        2,
        "kind",
        "give one the use purchases",
    ),
    "end-of-an-order-of-the-market": Broken(
        both(cell("sources", 2, "paid_by", "market"), content("end_values.csv", f"{END}order,spot,5\n")),
        "end_values.csv",
        2,
        "name",
        "the market pays 'spot'",
    ),
    "end-of-a-source-named-as-a-good": Broken(
        both(
            content("goods.csv", "good\nDy oxide\nrecycler\n"),
            content(*ON_ORDER),
        ),
        "end_values.csv",
        2,
        "name",
        "a good that it does not sell",
    ),
    "end-of-an-order-without-bound": Broken(
        both(gone("supply.csv"), content("end_values.csv", f"{END}order,recycler,250\n")),
        "sources.csv",
        3,
        "order_cost",
        "what is on order at the end is worth more than it costs; give its price steps a width",
    ),
    "pin-unknown": Broken(
        content("pins.csv", f"{PIN}a,order,spots,,5,\n"), "pins.csv", 2, "name", "did you mean 'spot'?"
    ),
    "pin-without-stage": Broken(
        content("pins.csv", f"{PIN}a,release,separation plant,,1,\n"),
        "pins.csv",
        2,
        "stage",
        "the stages of 'separation plant' are 1, 2",
    ),
    "pin-of-nothing": Broken(
        content("pins.csv", f"{PIN}a,order,spot,,,\n"), "pins.csv", 2, "at_least", "give at_least or at_most"
    ),
    "pin-of-both": Broken(
        content("pins.csv", f"{PIN}a,order,spot,,5,4\n"), "pins.csv", 2, "at_least", "nothing can be both"
    ),
    "negative-lot": Broken(cell("sources", 2, "lot_size", "-1"), "sources.csv", 2, "lot_size", "at least 0"),
    "unknown-discount": Broken(
        cell("sources", 2, "discount", "increments"), "sources.csv", 2, "discount", "did you mean 'incremental'?"
    ),
    "discount-never-reached": Broken(
        both(cell("sources", 2, "discount", "all-units"), cell("prices", 2, "width", "")),
        "prices.csv",
        3,
        "step",
        "give it a width",
    ),
    "arrives-more": Broken(
        content("arrivals.csv", "source,share\nspot,1.5\n"), "arrivals.csv", 2, "share", "a share, 0 to 1"
    ),
    "arrives-from-nowhere": Broken(
        content("arrivals.csv", "source,share\nspots,0.5\n"), "arrivals.csv", 2, "source", "did you mean 'spot'?"
    ),
    "open-order-too-late": Broken(
        content("opening_orders.csv", f"{OPEN}spot,2040Q1,5,\n"), "opening_orders.csv", 2, "arrives", "off the horizon"
    ),
    "open-order-too-late-for-what-counts": Broken(
        both(content(*ON_ORDER), content("opening_orders.csv", f"{OPEN}recycler,2040Q1,5,\nspot,2040Q1,5,\n")),
        "opening_orders.csv",
        3,
        "arrives",
        "give what is on order at 'spot' at the end a value in end_values.csv (kind order)",
    ),
    "open-order-too-early": Broken(
        content("opening_orders.csv", f"{OPEN}spot,2025Q4,5,\n"), "opening_orders.csv", 2, "arrives", "off the horizon"
    ),
    "accepts-itself": Broken(
        content("accepts.csv", "sector,wanted,given\nmotors,Dy oxide,Dy oxide\n"),
        "accepts.csv",
        2,
        "given",
        "no substitute for itself",
    ),
    "accepts-for-nothing": Broken(
        content("accepts.csv", "sector,wanted,given,rate\nmotors,Dy oxide,Dy oxide,0\n"),
        "accepts.csv",
        2,
        "rate",
        "give a rate above 0",
    ),
    "open-order-negative": Broken(
        content("opening_orders.csv", f"{OPEN}spot,2026Q2,-5,\n"), "opening_orders.csv", 2, "quantity", "at least 0"
    ),
    "open-order-twice": Broken(
        content("opening_orders.csv", f"{OPEN}spot,2026Q2,5,\nspot,2026Q2,6,\n"),
        "opening_orders.csv",
        3,
        "source",
        "first in record 2",
    ),
}
