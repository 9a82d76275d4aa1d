"""Projects on the page: which are started, when each tranche is paid and by whom, what they bring."""

from __future__ import annotations

import pandas as pd
from rich.text import Text

from stockpile.report.layout import Column, heading, numbers, percent, plain, sentence, shorten, span, table
from stockpile.report.sheet import NOISE, Sheet

MOST = 12
"""Projects shown; the rest is in the tables."""


def projects(sheet: Sheet) -> list[Text]:
    """Every project that is started, stage by stage, then what it brings; the others by name."""
    known = [str(p) for p in sheet.instance.view("projects")["project"]]
    if not known:
        return []
    released = sheet.plan.tables["go"]
    before = set(sheet.instance.view("opening_stages")["project"])
    started = [p for p in known if (released["project"] == p).any() or p in before]
    lines = heading(
        "Projects", f"tranches in {sheet.money}, each due when the milestone before is verified", sheet.width
    )
    for name in started[:MOST]:
        lines += _project(sheet, name)
    if len(started) > MOST:
        lines += sentence(f"and {len(started) - MOST} more: go.csv", sheet.width)
    idle = [p for p in known if p not in started]
    if idle:
        names = ", ".join(shorten(p, 40) for p in idle[:MOST])
        rest = f" and {len(idle) - MOST} more" if len(idle) > MOST else ""
        lines += sentence(f"not started: {names}{rest}", sheet.width)
    return lines


def _project(sheet: Sheet, name: str) -> list[Text]:
    view = sheet.instance.view("projects").set_index("project")
    title = view.loc[name, "title"]
    shown = f"{name}: {title}" if isinstance(title, str) and title else name
    stages = sheet.plan.tables["go"].query("project == @name").sort_values("stage")
    columns = [
        Column("", right=True),
        Column("go", least=7),
        Column("milestone", least=10),
        Column("verified", least=8),
        Column(sheet.money, right=True),
        Column("paid", least=7),
    ]
    rows = [
        (str(stage), go, str(milestone or ""), str(verified), cost, _paid_in(sheet, name, stage))
        for stage, go, milestone, verified, cost in zip(
            stages["stage"], stages["period"], stages["milestone"], stages["verified"], numbers(list(stages["cost"])),
            strict=True,
        )
    ]  # fmt: skip
    lines = [Text(f"  {shorten(plain(shown), sheet.width - 2)}")]
    lines += _before(sheet, name) + (table(columns, rows, sheet.width, indent=4) if rows else [])
    return (
        lines
        + _payers(sheet, name)
        + _guarantees(sheet, name)
        + _effects(sheet, name)
        + _floors(sheet, name)
        + _incentives(sheet, name)
        + _abandoned(sheet, name)
    )


def _paid_in(sheet: Sheet, project: str, stage: int) -> str:
    """When the tranche of a stage is paid."""
    paid = sheet.plan.tables["disbursements"]
    own = paid[(paid["project"] == project) & (paid["stage"] == stage)]
    return "/".join(sorted(set(own["period"]), key=lambda label: sheet.order.get(label, 0)))


def _payers(sheet: Sheet, project: str) -> list[Text]:
    """What each fund pays of all tranches together, how where it is not a grant, and what is owed at the end."""
    paid = sheet.plan.tables["disbursements"]
    total = paid[paid["project"] == project].groupby(["fund", "instrument"], sort=False)["amount"].sum()
    if total.empty:
        return []
    parts = [
        f"{shorten(plain(str(fund)), 30)} {amount}{'' if kind == 'grant' else f' ({kind})'}"
        for (fund, kind), amount in zip(total.index, numbers(list(total)), strict=True)
    ]
    return sentence(f"paid by {', '.join(parts)}", sheet.width, indent=4) + _owed(sheet, project)


def _owed(sheet: Sheet, project: str) -> list[Text]:
    """What has come back of loans and equity by the end, and what is then owed."""
    loans = sheet.plan.tables["loans"]
    mine = loans[loans["project"] == project]
    if mine.empty:
        return []
    last = mine[mine["period"] == sheet.instance.calendar.labels[-1]]["principal"].sum()
    back, left = numbers([float(mine["repaid"].sum()), float(last)])
    principal = f"{left} {sheet.money} of principal is left" if last > 0 else "no principal is left"
    return sentence(f"brings back {back} {sheet.money} by the end; {principal} then", sheet.width, indent=4)


def _guarantees(sheet: Sheet, project: str) -> list[Text]:
    """Who guarantees loans to the project, how much at most, for what fees, and what was called and came back of it."""
    found = sheet.plan.tables["guarantees"]
    lines: list[Text] = []
    for (lender, fund), rows in found[found["project"] == project].groupby(["lender", "fund"], sort=False):
        most = float(rows.groupby("node")["guaranteed"].sum().max())
        fee, called, back = (float(rows[name].sum()) for name in ("fee", "called", "recovered"))
        whole, *rest = numbers([most, fee, called, back])
        parts = zip(("earns {} in fees", "pays {}", "gets {} of that back"), (fee, called, back), rest, strict=True)
        said = ", ".join(
            [f"up to {whole} {sheet.money}", *(words.format(text) for words, value, text in parts if value)]
        )
        who = f"{shorten(plain(str(fund)), 30)} guarantees loans of {shorten(plain(str(lender)), 30)}"
        lines += sentence(f"{who}: {said}", sheet.width, indent=4)
    return lines


def _effects(sheet: Sheet, project: str) -> list[Text]:
    """What the project brings at its full strength, and from when."""
    found = sheet.plan.tables["effects"]
    lines: list[Text] = []
    for key, rows in found[found["project"] == project].groupby(["after", "kind", "name", "sector"], sort=False):
        after, kind, name, sector = map(str, key)
        name = f"{name} for {sector}" if sector else name
        lines += sentence(_gain(sheet, rows, kind, name, after), sheet.width, indent=4)
    return lines


def _floors(sheet: Sheet, project: str) -> list[Text]:
    """What price floors cover of the project's output, and what that costs and brings the fund."""
    found = sheet.plan.tables["price_floors"]
    lines: list[Text] = []
    for (source, fund), rows in found[found["project"] == project].groupby(["source", "fund"], sort=False):
        paid, got = numbers([float(rows["paid"].sum()), float(rows["received"].sum())])
        gets = f" and gets {got}" if float(rows["received"].sum()) > 0 else ""
        when = span(list(rows["period"]), sheet.order)
        said = f"price floor on {shorten(plain(str(source)), 30)}, {when}: {shorten(plain(str(fund)), 30)} pays {paid}{gets}"
        lines += sentence(f"{said} {sheet.money}", sheet.width, indent=4)
    return lines


def _incentives(sheet: Sheet, project: str) -> list[Text]:
    """What incentives pay for what the project delivers, and what they do not pay for, once their cap is reached."""
    found = sheet.plan.tables["incentives"]
    lines: list[Text] = []
    mine = found[found["project"] == project]
    for (name, good, fund), rows in mine.groupby(["incentive", "good", "fund"], sort=False):
        quantity, paid, earned = (float(rows[column].sum()) for column in ("quantity", "paid", "earned"))
        texts = numbers([quantity, paid, earned])
        more = f", up to its cap; without one {texts[2]}" if earned - paid > NOISE else ""
        incentive, payer, what = (shorten(plain(str(text)), 30) for text in (name, fund, good))
        when = span(list(rows["period"]), sheet.order)
        said = f"{incentive}, {when}: {payer} pays {texts[1]} {sheet.money} for {texts[0]} {sheet.quantity} of {what}"
        lines += sentence(f"{said}{more}", sheet.width, indent=4)
    return lines


def _before(sheet: Sheet, project: str) -> list[Text]:
    """The stages that were released before the horizon, and what funds paid for them then."""
    opening = sheet.instance.view("opening_stages").query("project == @project")
    numbers_of = ", ".join(str(stage) for stage in sorted(opening["stage"]))
    if not numbers_of:
        return []
    before = sheet.instance.view("opening_disbursements").query("project == @project")
    paid = before.groupby("fund", sort=False)["amount"].sum()
    parts = [
        f"{shorten(plain(str(f)), 30)} {amount}" for f, amount in zip(paid.index, numbers(list(paid)), strict=True)
    ]
    then = f"; paid then by {', '.join(parts)}" if parts else ""
    return sentence(f"released before the horizon: stage {numbers_of}{then}", sheet.width, indent=4)


def _abandoned(sheet: Sheet, project: str) -> list[Text]:
    """When the project is abandoned, and what that costs."""
    found = sheet.plan.tables["abandonments"].query("project == @project")
    lines: list[Text] = []
    for period, cost in zip(found["period"], numbers(list(found["cost"])), strict=True):
        lines += sentence(f"abandoned in {period} at a cost of {cost} {sheet.money}", sheet.width, indent=4)
    return lines


def _gain(sheet: Sheet, rows: pd.DataFrame, kind: str, name: str, after: str) -> str:
    most = float(rows["amount"].max())
    begin = min(rows["period"], key=lambda label: sheet.order.get(label, 0))
    step = sheet.instance.settings.horizon.step
    if kind == "demand":
        less = f"demand of {shorten(plain(name), 60)} falls by up to {percent(most)}"
        return f"from {begin} (stage {after}) {less}"
    unit = sheet.money if kind == "revenue" else sheet.quantity
    every = "" if kind == "capacity" else f" a {step}"
    words = {
        "supply": "supply of",
        "capacity": "room in store",
        "revenue": "revenue of fund",
        "process": "capacity of process",
    }
    what = f"{words.get(kind, kind)} {shorten(plain(name), 40)}"
    return f"brings from {begin} (stage {after}): {what} up to {numbers([most])[0]} {unit}{every}"
