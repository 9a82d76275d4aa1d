"""What information is worth, on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from stockpile.report.layout import Column, heading, sentence, table
from stockpile.report.sheet import Sheet
from stockpile.report.summary import PARTS

ROWS = {
    "recourse": "plan for all futures (RP)",
    "wait_and_see": "futures known beforehand (WS)",
    "expected_problem": "expected future alone (EV)",
    "expected_result": "its decisions in all futures (EEV)",
    "perfect_information": "knowing the future (EVPI = RP - WS)",
    "stochastic_solution": "planning for all (VSS = EEV - RP)",
}
CLASSES = {"orders": "orders", "releases": "tranches"}
ENDLESS = {"infeasible": "no plan", "unbounded": "no end"}


def information(sheet: Sheet) -> list[Text]:
    """The values with the interval that is proven of each; nothing where they were not asked for."""
    value = sheet.told.summary.get("value")
    if not isinstance(value, dict):
        return []
    rows = [(name, *_cells(value, key)) for key, name in ROWS.items()]
    note = f"{sheet.money}; from low to high is what the gaps leave open"
    columns = [Column("", least=24), Column("low", right=True), Column("high", right=True)]
    lines = heading("What information is worth", note, sheet.width) + table(columns, rows, sheet.width)
    for said in (*_remarks(value), _kept(value["kept"])):
        lines += sentence(said, sheet.width)
    return lines


def _cells(value: Mapping[str, Any], key: str) -> tuple[str, str]:
    """Low and high; what has no plan, or falls without end, says so."""
    status = value[key].get("status")
    if key == "stochastic_solution":
        status = value["expected_result"]["status"]
    word = ENDLESS.get(str(status), "unknown")
    low, high = (word if v is None else f"{v:,.{PARTS}f}" for v in (value[key]["low"], value[key]["high"]))
    return low, high


def _remarks(value: Mapping[str, Any]) -> list[str]:
    """What the figures alone do not tell."""
    said = []
    if value["expected_problem"]["status"] == "infeasible":
        said.append("the expected future has no plan: EEV and VSS do not exist")
    elif value["expected_result"]["status"] == "infeasible":
        said.append(
            "what the plan for the expected future decides first cannot be carried out in all futures: EEV and VSS are "
            "without limit"
        )
    if value["wait_and_see"]["status"] == "unbounded":
        said.append("who knows the future can earn without end: EVPI is without limit")
    searched = [value[name]["status"] for name in ("wait_and_see", "expected_problem", "expected_result")]
    if value["stopped_by"] == "interrupt":
        said.append("stopped by hand (Ctrl-C): searches were left out, and what is unknown is left wide")
    elif {"no plan", "feasible"} & set(searched):
        said.append("searches were stopped before their gap was reached: raise --time-limit to narrow the intervals")
    return said


def _kept(kept: Mapping[str, Sequence[str]]) -> str:
    """Which decisions are those of the plan for the expected future."""
    others = kept["others"]
    parts = [f"all decisions of {_spoken(others)}"] if others else []
    for name, word in CLASSES.items():
        more = [label for label in kept[name] if label not in others]
        parts += [f"{word} of {_spoken(more)}"] if more else []
    if not parts:
        return "nothing is decided before the futures part, so EEV is what the plan costs"
    return f"EEV keeps {', '.join(parts)}, which are the same in all futures; the rest is decided as well as can be"


def _spoken(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]}..{labels[-1]}"


__all__ = ["information"]
