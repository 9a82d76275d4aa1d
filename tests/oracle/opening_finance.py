"""Random projects that were begun before the horizon and owe something since, or are at the risk of funds."""

from __future__ import annotations

from tests.oracle.abandonment import begin_before
from tests.oracle.maker import Maker, Row


def add_opening_finance(m: Maker) -> None:
    """Begin projects before the horizon, those with loans, equity and limits too, and tell what funds paid for them."""
    begun = {row["project"] for row in m.rows("opening_stages")}
    groups = {p.get("group") or p["project"] for p in m.rows("projects") if p["project"] in begun}
    pinned = {pin["name"] for pin in m.rows("pins")}
    for project in m.rows("projects"):
        name, group = project["project"], project.get("group") or project["project"]
        if name in begun | pinned or group in groups or not _financed(m, project) or not m.chance(75):
            continue
        groups.add(group)
        stages = len(m.durations[name])
        count = m.pick(range(1, stages)) if stages > 1 and m.chance(45) else stages
        made = begin_before(m, name, count)
        if m.chance(45):
            made[0][0]["pay_on"] = "release"
        if count == stages and m.chance(50) and not any(r["needs_project"] == name for r in m.rows("requires")):
            _run_on(m, made[0])
        if count < stages or m.chance(50):
            _give_up(m, project, count, made[0][1])
        if m.chance(40):
            _owe(m, project)
        for row, age in made:
            late = row.get("pay_on") == "verification"
            if not late or m.durations[name][row["stage"] - 1] < age:
                _disburse(m, project, row)
    _limit_promises(m)


def _run_on(m: Maker, last: tuple[Row, int]) -> None:
    """The last stage is verified in the second period, whether it is paid by then or not."""
    row, age = last
    m.durations[row["project"]][row["stage"] - 1] = age + 1
    row["duration"] = m.lasting(age + 1)
    row["pay_on"] = m.pick(["release", "release", "verification"])


def _limit_promises(m: Maker) -> None:
    """Generous limits on what funds promise, where something is promised from before or beyond the horizon."""
    begun = {(r["project"], r["stage"]) for r in m.rows("opening_stages")}
    late = any((s["project"], s["stage"]) in begun and s.get("pay_on") == "verification" for s in m.rows("stages"))
    beyond = any(r["kind"] == "order" for r in m.rows("end_values"))
    for fund in m.rows("funds") if late or beyond else ():
        if "commitment_limit" not in fund and m.chance(45):
            fund["commitment_limit"] = m.money(m.number(15, 120))


def _give_up(m: Maker, project: Row, count: int, age: int) -> None:
    """It may be abandoned, and the stage that is to come next is dear and due soon, if there is one."""
    name = project["project"]
    project["may_abandon"] = True
    project.setdefault("recovery", m.number(0.1, 0.9))
    if any(loan["project"] == name and "first_instalment" in loan for loan in m.rows("opening_loans")):
        project.pop("may_abandon")
    soon = max(m.durations[name][count - 1] - age, 0) + 1
    needs = any(r["project"] == name for r in m.rows("requires"))
    for row in [s for s in m.rows("stages") if s["project"] == name and s["stage"] == count + 1]:
        row["cost"] *= 4
        if not needs and soon < m.periods:
            row["deadline"] = m.first_day(soon).isoformat()


def _owe(m: Maker, project: Row) -> None:
    """It owes a fund something beside, for which it has been commissioned or is to be."""
    funds = [f for f in m.rows("funds") if all(loan["fund"] != f["fund"] for loan in m.rows("opening_loans"))]
    if funds:
        fund, amount = m.pick(funds), m.money(m.number(1, 12))
        cells = {"principal": amount, "interest": m.rate(m.number(0, 0.3)), "tenor": m.lasting(m.pick([1, 2, 3]))}
        m.add("opening_loans", project=project["project"], fund=fund["fund"], **cells)
        for row in (fund, project):
            if "exposure_limit" in row:
                row["exposure_limit"] += 2 * amount


def _financed(m: Maker, project: Row) -> bool:
    """Whether it has loans or equity, or some limit may hold for it."""
    limits = {"commitment_limit", "exposure_limit"}
    lent = [r for r in m.rows("financing") if r.get("instrument")] + m.rows("opening_loans")
    limited = any(limits & set(fund) for fund in m.rows("funds"))
    return limited or "exposure_limit" in project or any(r["project"] == project["project"] for r in lent)


def _disburse(m: Maker, project: Row, stage: Row) -> None:
    """What one or two funds paid of a stage; limits on what is at risk grow by as much, or about."""
    mine = [r for r in m.rows("financing") if r["project"] == project["project"] and "stage" not in r]
    every = any(r["project"] == project["project"] for r in m.rows("financing"))
    may = [f for f in m.rows("funds") if not f.get("uses") or "projects" in f["uses"]]
    payers = [f for f in may if not every or any(r["fund"] == f["fund"] for r in mine)]
    left = 1.0
    for fund in payers:
        if not m.chance(90):
            continue
        part = left if m.chance(50) else round(left * 0.4, 6)
        left = round(left - part, 6)
        amount = round(stage["cost"] * part, 9)
        if amount > 0:
            cells = {"project": project["project"], "stage": stage["stage"], "fund": fund["fund"]}
            m.add("opening_disbursements", **cells, amount=amount)
            for row in (fund, project):
                if "exposure_limit" in row:
                    row["exposure_limit"] += amount * m.pick([1.0, 1.0, 1.5])
