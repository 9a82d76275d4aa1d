"""Broken tables of what leaves the reserve for money."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content, gone

CURVE = "good,step,from,width,price\nDy oxide,1,,5,300\n"
CURVED = both(content("sales.csv", CURVE), cell("rotation", 2, "depth", ""))
MODES = "good,mode,depth,lag,premium,credit_limit,price,fixed_cost\n"
ROTATION = {
    "exchange-without-lag": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,exchange,5,,,,,\n"), "rotation.csv", 2, "lag", "after what time"
    ),
    "exchange-within-a-period": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,exchange,5,0,,,,\n"), "rotation.csv", 2, "lag", "at least one period"
    ),
    "exchange-without-limit": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,exchange,,1y,0.1,,,\n"),
        "rotation.csv",
        2,
        "depth",
        "give a depth or a credit_limit",
    ),
    "exchange-with-price": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,exchange,5,1y,,,7,\n"),
        "rotation.csv",
        2,
        "price",
        "an exchange has no price",
    ),
    "sale-with-premium": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,sale,5,,0.1,,7,\n"),
        "rotation.csv",
        2,
        "premium",
        "a sale has no premium",
    ),
    "charge-without-depth": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,sale,,,,,7,3\n"), "rotation.csv", 2, "depth", "give a depth, or all"
    ),
    "rotation-by-loan": Broken(
        content("rotation.csv", f"{MODES}Dy oxide,exchnage,5,1y,,,,\n"),
        "rotation.csv",
        2,
        "mode",
        "did you mean 'exchange'?",
    ),
    "lent-too-long": Broken(
        content("opening_lent.csv", "good,due,quantity\nDy oxide,2040Q1,5\n"),
        "opening_lent.csv",
        2,
        "due",
        "off the horizon",
    ),
    "end-value-of-no-good": Broken(
        content("end_values.csv", "kind,name,value\nlent,Dy oxid,5\n"),
        "end_values.csv",
        2,
        "name",
        "did you mean 'Dy oxide'?",
    ),
    "lent-negative": Broken(
        content("opening_lent.csv", "good,due,quantity\nDy oxide,2026Q3,-5\n"),
        "opening_lent.csv",
        2,
        "quantity",
        "at least 0",
    ),
    "curve-and-price": Broken(
        both(CURVED, cell("rotation", 2, "price", "9")),
        "rotation.csv",
        2,
        "price",
        "which says the price; leave it blank",
    ),
    "curve-and-depth": Broken(content("sales.csv", CURVE), "rotation.csv", 2, "depth", "which says the depth"),
    "curve-rises": Broken(
        both(CURVED, content("sales.csv", f"{CURVE}Dy oxide,2,,5,200\nDy oxide,2,2027Q1,5,310\n")),
        "sales.csv",
        3,
        "price",
        "rises to 310 in step 2 in 2027Q1; a demand curve falls",
    ),
    "curve-with-a-gap": Broken(
        both(CURVED, content("sales.csv", f"{CURVE}Dy oxide,3,,5,200\n")), "sales.csv", 3, "step", "number them 1, 2"
    ),
    "curve-without-sale": Broken(
        both(gone("rotation.csv"), content("sales.csv", CURVE)), "sales.csv", 2, "good", "a row of mode sale"
    ),
    "release-price-of-nobody": Broken(
        content("release_prices.csv", "sector,good,price\nmotor,Dy oxide,9\n"),
        "release_prices.csv",
        2,
        "sector",
        "did you mean 'motors'?",
    ),
    "release-price-negative": Broken(
        content("release_prices.csv", "sector,good,price\nmotors,Dy oxide,-9\n"),
        "release_prices.csv",
        2,
        "price",
        "at least 0",
    ),
    "release-price-to-nobody": Broken(
        content("release_prices.csv", "sector,good,price,proceeds_to\nmotors,Dy oxide,9,treasure\n"),
        "release_prices.csv",
        2,
        "proceeds_to",
        "did you mean 'treasury'?",
    ),
    "endless-curve": Broken(
        both(CURVED, content("sales.csv", CURVE.replace(",5,", ",,")), gone("supply.csv")),
        "sources.csv",
        3,
        "order_cost",
        "give its price steps a width",
    ),
}
