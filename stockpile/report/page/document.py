"""The report as one HTML file: sections of a plan, or of several after what differs between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from stockpile.plan.plan import Plan
from stockpile.report.comparison import compare
from stockpile.report.layout import plain
from stockpile.report.page.costs import answer, costs
from stockpile.report.page.exposure import exposure
from stockpile.report.page.facts import Facts
from stockpile.report.page.flows import flows
from stockpile.report.page.goods import goods
from stockpile.report.page.limits import limits
from stockpile.report.page.money import money
from stockpile.report.page.more import more
from stockpile.report.page.parts import Section
from stockpile.report.page.projects import projects
from stockpile.report.page.purchases import purchases
from stockpile.report.page.shortfall import shortfall
from stockpile.report.page.side import side
from stockpile.report.page.tracing import tracing
from stockpile.report.page.tree import tree
from stockpile.report.page.trust import trust
from stockpile.report.page.whole import Page

SECTIONS: tuple[Callable[[Facts], Section], ...] = (
    answer,
    costs,
    money,
    purchases,
    goods,
    shortfall,
    projects,
    exposure,
    flows,
    tracing,
    tree,
    limits,
    trust,
    more,
)
Told = Callable[[int, int], None]


def report(plans: Sequence[tuple[str, Plan]], told: Told | None = None) -> Page:
    """A page about plans, each with the name of its folder: of one its sections, of several what differs, then each of them.

    ``told`` hears how many of how many sections are made.  Raises DataError where a plan does not say from what it is, or
    units do not convert.
    """
    facts = [Facts(plan, folder, len(plans) > 1) for folder, plan in plans]
    each = [[made for made in _sections(f, i, len(facts), told) if not made.empty] for i, f in enumerate(facts)]
    if len(facts) == 1:
        return Page(facts[0].title, _about(facts[0]), each[0])
    found = compare(plans)
    titled = zip(found.titles, facts, each, strict=True)
    parts = [Section("plan", f"Plan {title}: {f.title}", [_about(f)], parts=own) for title, f, own in titled]
    return Page(f"{len(plans)} plans side by side", "", [side(found), *parts])


def _sections(f: Facts, number: int, count: int, told: Told | None) -> Iterator[Section]:
    """The sections about one of so many plans."""
    for i, section in enumerate(SECTIONS):
        if told is not None:
            told(number * len(SECTIONS) + i, count * len(SECTIONS))
        yield section(f)


def _about(f: Facts) -> str:
    horizon, summary = f.sums.horizon, f.plan.summary
    step = f"{horizon['periods']} {horizon['step']}{'' if horizon['periods'] == '1' else 's'}"
    options = summary.get("options") or {}
    changes = [f"; with {plain(change)}" for change in options.get("set") or []]
    return (
        f"{plain(summary['instance'].get('name'))}: {step}, {horizon['first']} to {horizon['last']}; quantity in {f.quantity},"
        f" money in {f.money}, price in {f.price}{''.join(changes)}; folder {plain(f.folder)},"
        f" instance {plain(summary['instance'].get('hash'))[:8]}"
    )
