"""Broken tables of deadlines, abandonment, alternatives and stages released before the horizon."""

from __future__ import annotations

from tests.instance.broken import PLANT, Broken
from tests.instance.folders import both, cell, content

OPEN = "project,stage,age\n"
PAID = "project,stage,fund,amount\n"
BEGUN = content("opening_stages.csv", f"{OPEN}{PLANT},1,3mo\n")
NEEDS = "project,stage,alternative,needs_project,needs_stage\n"
STAGES = {
    "exit-without-abandonment": Broken(
        cell("projects", 2, "exit_cost", "3"), "projects.csv", 2, "exit_cost", "set may_abandon to true"
    ),
    "negative-exit": Broken(
        both(cell("projects", 2, "may_abandon", "true"), cell("projects", 2, "exit_cost", "-3")),
        "projects.csv",
        2,
        "exit_cost",
        "at least 0",
    ),
    "may-perhaps": Broken(
        cell("projects", 2, "may_abandon", "perhaps"), "projects.csv", 2, "may_abandon", "neither true nor false"
    ),
    "deadline-passed": Broken(
        cell("stages", 3, "deadline", "2026Q2"), "stages.csv", 3, "deadline", "its deadline has passed by then"
    ),
    "deadline-before-the-horizon": Broken(
        cell("stages", 2, "deadline", "2025"), "stages.csv", 2, "deadline", "is off the horizon"
    ),
    "opening-unknown": Broken(
        content("opening_stages.csv", f"{OPEN}{PLANT},7,3mo\n"), "opening_stages.csv", 2, "stage", "its stages are 1, 2"
    ),
    "opening-without-the-first": Broken(
        content("opening_stages.csv", f"{OPEN}{PLANT},2,3mo\n"),
        "opening_stages.csv",
        2,
        "stage",
        "so stage 1 was too; give it a row",
    ),
    "opening-before-it-could": Broken(
        content("opening_stages.csv", f"{OPEN}{PLANT},1,3mo\n{PLANT},2,3mo\n"),
        "opening_stages.csv",
        3,
        "age",
        "before stage 1 was verified",
    ),
    "opening-today": Broken(
        content("opening_stages.csv", f"{OPEN}{PLANT},1,0\n"), "opening_stages.csv", 2, "age", "at least one period"
    ),
    "opening-far-too-long": Broken(
        both(
            content("opening_stages.csv", f"{OPEN}{PLANT},1,3mo\n"),
            cell("stages", 2, "duration", "9y"),
        ),
        "opening_stages.csv",
        2,
        "age",
        "falls after the horizon",
    ),
    "opening-and-required": Broken(
        both(
            content("opening_stages.csv", f"{OPEN}{PLANT},1,3mo\n"),
            content("pins.csv", f"pin,decision,name,stage,at_least\na,release,{PLANT},1,1\n"),
        ),
        "pins.csv",
        2,
        "at_least",
        "was released before the horizon",
    ),
    "paid-for-what-was-not-begun": Broken(
        content("opening_disbursements.csv", f"{PAID}{PLANT},1,treasury,0.2\n"),
        "opening_disbursements.csv",
        2,
        "stage",
        "was not released before the horizon; give it a row in opening_stages.csv",
    ),
    "paid-for-what-is-still-due": Broken(
        both(
            cell("stages", 2, "pay_on", "verification"),
            content("opening_stages.csv", f"{OPEN}{PLANT},1,3mo\n"),
            content("opening_disbursements.csv", f"{PAID}{PLANT},1,treasury,0.2\n"),
        ),
        "opening_disbursements.csv",
        2,
        "stage",
        "is due in 2026Q1; leave the row out",
    ),
    "paid-by-who-may-not": Broken(
        both(BEGUN, content("opening_disbursements.csv", f"{PAID}{PLANT},1,facility,0.2\n")),
        "opening_disbursements.csv",
        2,
        "fund",
        "give it a row in financing.csv",
    ),
    "paid-more-than-it-costs": Broken(
        both(BEGUN, content("opening_disbursements.csv", f"{PAID}{PLANT},1,treasury,0.3\n{PLANT},1,investors,0.3\n")),
        "opening_disbursements.csv",
        3,
        "amount",
        "costs 0.5, of which funds cannot have paid 0.6",
    ),
    "paid-and-over-the-limit": Broken(
        both(
            BEGUN,
            cell("stages", 2, "duration", "6mo"),
            cell("funds", 2, "exposure_limit", "0.1"),
            content("opening_disbursements.csv", f"{PAID}{PLANT},1,treasury,0.2\n"),
        ),
        "funds.csv",
        2,
        "exposure_limit",
        "for open milestones are 0.2, above the limit of 0.1",
    ),
    "alternative-0": Broken(
        content("requires.csv", f"{NEEDS}{PLANT},2,0,{PLANT},1\n"), "requires.csv", 2, "alternative", "at least 1"
    ),
    "circle-in-every-alternative": Broken(
        content("requires.csv", f"{NEEDS}{PLANT},1,1,{PLANT},2\n{PLANT},1,2,{PLANT},1\n"),
        "requires.csv",
        2,
        "needs_stage",
        "in a circle",
    ),
    "need-twice": Broken(
        content("requires.csv", f"{NEEDS}{PLANT},2,1,{PLANT},1\n{PLANT},2,,{PLANT},1\n"),
        "requires.csv",
        3,
        "project",
        "is there twice",
    ),
    "no-deadline": Broken(cell("stages", 2, "deadline", "soon"), "stages.csv", 2, "deadline", "is not a date"),
}
