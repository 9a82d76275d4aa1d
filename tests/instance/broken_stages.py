"""Broken tables of deadlines and abandonment."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell

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
    "no-deadline": Broken(cell("stages", 2, "deadline", "soon"), "stages.csv", 2, "deadline", "is not a date"),
}
