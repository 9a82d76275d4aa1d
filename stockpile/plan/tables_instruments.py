"""The tables of a plan about instruments that move risk and no money at first."""

from __future__ import annotations

from stockpile.plan.column import table

INSTRUMENTS = (
    table(
        "guarantees",
        "what funds guarantee of the loans of others; stage 0 is what was lent before the start",
        "project stage lender fund",
        """
        project name project that owes
        stage number stage paid with the loan
        lender name fund that lends
        fund name fund that guarantees
        guaranteed money principal guaranteed at the close
        fee money what the project pays for it
        called money paid to the lender, because the project is abandoned
        recovered money what comes back of that
        """,
    ),
    table(
        "price_floors",
        "what price floors cover of the output of projects, and what funds pay and get for it",
        "project source fund",
        """
        project name project whose output is covered
        source name source that it supplies
        fund name fund that pays
        output quantity covered in the period
        market_price price market price, that of the index
        paid money paid because the market price is below the floor
        received money share of what the market price is above the strike
        """,
    ),
    table(
        "incentives",
        "what projects deliver that incentives pay for, and what funds pay",
        "incentive project good fund",
        """
        incentive name promise
        project name project that delivers
        good name good that is paid for
        fund name fund that pays
        quantity quantity delivered in the period that counts
        earned money what the rate makes of it
        paid money paid of what was earned, until the cap is reached
        """,
    ),
)
