"""Plans side by side: the figures that ``stockpile compare`` tells, as charts and a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from stockpile.report.comparison import DIFFERENT, Comparison, changes_of, says_something
from stockpile.report.figures import BOUND, CHARGED_FOR, PENALTIES, TOTAL, Figure, finite
from stockpile.report.layout import plain
from stockpile.report.page.facts import OTHERS
from stockpile.report.page.marks import piled
from stockpile.report.page.parts import Cell, Chart, Field, Grid, Section, amount, text
from stockpile.report.sheet import NOISE

NOT_PROVEN = "that the other costs less is not proven, for each could be improved by as much as its gap"
PARTS = 10
"""Parts told apart in a bar."""
STACKS = (
    ("side-costs", "Costs by name", "Cost", "cost: ", "money", ""),
    ("side-shortfall", "Penalties of shortfall by good (not discounted)", "Shortfall", CHARGED_FOR, "money", ""),
    ("side-origins", "Origin of deliveries by cost", "Origin of deliveries", "by cost, ", "share", "%"),
    ("side-spending", "Paid by each fund (not discounted)", "Spending", "paid by {0}", "money", ""),
    (
        "side-exposure",
        "The most at risk in projects at the close of a period",
        "Exposure",
        "peak, all three",
        "money",
        "",
    ),
)
"""Charts: name, title, section of the figures, how their words begin, their kind, and format."""


def side(found: Comparison) -> Section:
    """What differs between plans: charts of the largest parts, and every figure."""
    words = [*_costs(found)]
    for title, (_, plan) in zip(found.titles, found.plans, strict=True):
        said = [f"with {change}" for change in changes_of(plan)]
        words.append(f"Plan {title}: {', '.join([plain(plan.summary['instance'].get('name')), *said])}")
    words += [f"Note: {note}" for note in found.notes]
    charts = [chart for stack in STACKS for chart in _stack(found, *stack)]
    return Section("side", "What differs", words, charts, every_figure(found))


def _costs(found: Comparison) -> Iterator[str]:
    """Which plan costs least, and how much more the others cost, as far as that is proven; nothing where costs are not alike."""
    rows = {f.words: [_value(v) for v in found.row(f)] for f in found.figures if f.section == "Cost" and not f.names}
    if TOTAL not in rows or any(note in DIFFERENT.values() for note in found.notes):
        return
    cost, fines, bound = (rows.get(words, [math.nan] * len(found.plans)) for words in (TOTAL, PENALTIES, BOUND))
    first, *others = sorted(range(len(cost)), key=lambda i: cost[i])
    unit = plain(found.units["money"])
    of_it = [f" ({_amount(fine)} of it penalties)" if fine > NOISE else "" for fine in fines]
    yield f"Plan {found.titles[first]} costs least: {_amount(cost[first])} {unit}{of_it[first]}."
    for i in others:
        low, high = bound[i] - cost[first], cost[i] - bound[first]
        more = f"at least {_amount(low)} and at most {_amount(high)} {unit} more" if low > 0 else NOT_PROVEN
        yield f"Plan {found.titles[i]} costs {_amount(cost[i])} {unit}{of_it[i]}: {more}."


def _amount(money: float) -> str:
    return f"{money:,.{0 if abs(money) >= 1000 else 1 if abs(money) >= 100 else 2}f}"


def every_figure(found: Comparison) -> list[Grid]:
    """A table for each section of the figures, a column for each plan."""
    shown = [figure for figure in found.figures if says_something(figure, found.row(figure))]
    sections = dict.fromkeys(figure.section for figure in shown)
    return [_grid(found, section, [f for f in shown if f.section == section]) for section in sections]


def _stack(found: Comparison, name: str, title: str, section: str, begins: str, kind: str, form: str) -> list[Chart]:
    """A bar for each plan of the figures whose words begin so, those that are small together."""
    figures = [f for f in found.figures if f.section == section and f.words.startswith(begins) and f.kind == kind]
    rows: list[dict[str, Any]] = []
    sizes = {figure: max(abs(_value(v)) for v in found.row(figure)) for figure in figures}
    kept = sorted((f for f in figures if sizes[f] > NOISE), key=lambda figure: -sizes[figure])[:PARTS]
    names = [_words(figure, begins) for figure in kept]
    for i, plan in enumerate(found.titles):
        rest = 0.0
        for figure in figures:
            amount_of = _value(found.row(figure)[i])
            if figure in kept and abs(amount_of) > NOISE:
                at = kept.index(figure)
                rows.append({"plan": plan, "part": names[at], "place": at, "amount": amount_of})
            elif figure not in kept:
                rest += amount_of
        if abs(rest) > NOISE:
            rows.append({"plan": plan, "part": OTHERS, "place": PARTS, "amount": rest})
    if not rows:
        return []
    if any(row["part"] == OTHERS for row in rows):
        names = [*names, OTHERS]
    unit = "share" if kind == "share" else plain(found.units["money"])
    says = f"A bar for each of {len(found.plans)} plans, stacked by {len(names)} parts; the largest is {names[0]}."
    shown = title if kind == "share" else f"{title}, {unit}"
    return [Chart(name, shown, says, piled("plan", found.titles, names, unit, form), rows)]


def _words(figure: Figure, begins: str) -> str:
    """What a figure is about, without the words that all of the chart share."""
    if figure.names:
        return plain(", ".join(figure.names))
    return plain(figure.label.removeprefix(begins) or "at risk")


def _value(cell: float | str) -> float:
    return float(cell) if not isinstance(cell, str) and finite(cell) else 0.0


def _grid(found: Comparison, section: str, figures: Sequence[Figure]) -> Grid:
    """The figures of a section, a column for each plan: of numbers, counts among them, or of text."""
    words = [v for figure in figures if figure.kind == "text" for v in found.row(figure)]
    counts = any(figure.kind != "text" for figure in figures) and all(str(v).isdigit() for v in words if v != "")
    numbers = counts or not words
    columns: list[Field] = [amount(t) if numbers else text(t) for t in found.titles]
    rows: list[list[Cell]] = [
        [
            figure.label.removeprefix("cost: "),
            _unit(found, figure),
            *(_cell(v, figure.kind, numbers) for v in found.row(figure)),
        ]
        for figure in figures
    ]
    fields = [text("figure"), text("unit"), *columns]
    return Grid(f"side-{section.lower().replace(' ', '-')}", section, fields, rows, alike=True)


def _cell(cell: float | str, kind: str, numbers: bool) -> Cell:
    """A value, as a number or as text; shares are told in percent."""
    if isinstance(cell, str):
        return cell if not numbers else int(cell) if cell else None
    if not finite(cell):
        return None
    amount_of = cell * 100 if kind in ("share", "rate") else cell
    return amount_of if numbers else f"{amount_of:,.6g}"


def _unit(found: Comparison, figure: Figure) -> str:
    named = {"share": "%", "rate": "%", "text": "", "days": "days"}
    return named.get(figure.kind) or plain(found.units.get(figure.kind, ""))
