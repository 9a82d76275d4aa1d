"""The money side of random instances: funds, budgets, projects, their finance and effects."""

from __future__ import annotations

from tests.oracle.maker import Maker, Row, release_plans

USES = ["purchases", "storage", "projects"]


def add_funds(m: Maker) -> None:
    """None to three funds; every use has one that may pay for it."""
    count = m.pick([0, 1, 2, 2, 3])
    need = sum(2.5 * 8 * m.periods for _ in m.rows("goods"))
    for i in range(count):
        kind = m.pick(["appropriation", "credit", "private", "revolving"] if i else ["appropriation", None, "credit"])
        row = m.add(
            "funds",
            fund=f"F{i + 1}",
            kind=kind,
            public=m.pick([True, False, False]) if m.chance(30) else None,
            carry_over=m.pick([0.0, 0.5, 0.9]) if m.chance(45) else None,
            limit=m.money(need * m.number(0.2, 1.0)) if m.chance(20) else None,
            uses=None if i == 0 or m.chance(40) else ";".join(u for u in USES if m.chance(60)) or "projects",
        )
        if kind == "credit":
            row["credit_limit"] = m.money(need * m.number(0.1, 0.6))
            row["interest"] = m.rate(m.number(0.01, 0.15)) if m.chance(75) else 0.0
            if m.chance(55):
                m.maturity[f"F{i + 1}"] = m.pick([1, 1, 2, 3])
                row["maturity"] = m.lasting(m.maturity[f"F{i + 1}"])
        _add_budget(m, f"F{i + 1}", need / count * m.pick([0.4, 0.8, 1.2, 2.5]))
    if m.rows("budgets") == []:
        m.tables.pop("budgets", None)


def _add_budget(m: Maker, fund: str, whole: float) -> None:
    for begin in m.pick([[0], [0], [0, m.later()], [m.later()]]):
        every = m.pick([None, "year", "period"])
        share = whole / (m.periods if every == "period" else 1.5)
        end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(10) else None
        cells = {"from": m.since(begin), "until": end}
        m.add("budgets", fund=fund, **cells, amount=m.money(share * m.number(0.5, 1.2)), every=every)


def add_projects(m: Maker) -> None:
    """None to two projects with stages, windows, finance and effects."""
    for i in range(m.pick([0, 1, 1, 2])):
        name = f"P{i + 1}"
        first = m.later() if m.chance(15) else 0
        until = m.pick(range(first + 1, m.periods + 1)) if m.chance(25) else m.periods
        durations = _durations(m, m.pick([1, 1, 2, 2, 3]), first)
        while durations and not m.take(release_plans(durations, first, until, m.periods)):
            durations.pop()
        if not durations:
            continue
        m.durations[name], m.first_release[name] = durations, (first, until)
        m.add(
            "projects",
            project=name,
            group="G" if m.chance(40) else None,
            start_from=m.since(first) or None,
            start_until=m.first_day(until).isoformat() if until < m.periods else None,
            min_private_share=_private_share(m),
        )
        for stage, duration in enumerate(durations, 1):
            m.add(
                "stages",
                project=name,
                stage=stage,
                duration=m.lasting(duration),
                cost=m.money(m.number(1, m.pick([4, 12, 30]))) if m.chance(92) else 0.0,
                pay_on=m.pick([None, "release", "verification"]),
            )
        _add_financing(m, name, len(durations))
        _add_effects(m, name, len(durations))
    _add_requires(m)


def _durations(m: Maker, stages: int, first: int) -> list[int]:
    """As many durations as fit before the last period."""
    found: list[int] = []
    for _ in range(stages):
        duration = m.pick([0, 1, 1, 2])
        if first + sum(found) + duration <= m.periods - 1:
            found.append(duration)
    return found


def _payers(m: Maker) -> list[Row]:
    return [f for f in m.rows("funds") if not f.get("uses") or "projects" in f["uses"]]


def _private_share(m: Maker) -> float | None:
    private = any(f.get("kind") == "private" for f in _payers(m))
    return m.number(0.1, 0.5) if private and m.chance(60) else None


def _add_financing(m: Maker, project: str, stages: int) -> None:
    payers = _payers(m)
    if not payers or not m.chance(55):
        return
    anchor = m.pick(payers)["fund"]
    for i, fund in enumerate(payers):
        free = fund["fund"] == anchor or fund.get("kind") == "private"
        if not free and m.chance(25):
            continue
        least = m.number(0.05, 0.2) if i < 2 and m.chance(40) else None
        most = None if free else m.number(0.3, 1.0)
        m.add("financing", project=project, fund=fund["fund"], min_share=least, max_share=most)
        if m.chance(25):
            stage, low = m.pick(range(1, stages + 1)), m.number(0, 0.2)
            m.add("financing", project=project, stage=stage, fund=fund["fund"], min_share=low)


def _add_effects(m: Maker, project: str, stages: int) -> None:
    kinds = ["supply", "capacity", "revenue"] if m.rows("funds") else ["supply", "capacity"]
    for kind in kinds:
        if not m.chance(70 if kind == "supply" else 45):
            continue
        after, ramp = m.pick([stages, stages, 1]), m.pick([None, "1", "2", "3"])
        if kind == "supply":
            source = m.pick(m.rows("sources"))
            name, amount = source["source"], m.rate(m.quantity(source["good"], m.number(4, 15)))
        elif kind == "capacity":
            name, amount = m.pick(m.rows("stores"))["store"], m.number(2, 12)
        else:
            name, amount = m.pick(m.rows("funds"))["fund"], m.money(m.rate(m.number(2, 20)))
        m.add("effects", project=project, after=after, kind=kind, name=name, amount=amount, ramp=ramp)


def _add_requires(m: Maker) -> None:
    """The second project may need a stage of the first, where there is time for both."""
    projects = m.rows("projects")
    if len(projects) < 2 or not m.chance(60):
        return
    first, second = (m.durations[p["project"]] for p in projects)
    needed, needing = m.pick(range(1, len(first) + 1)), m.pick(range(1, len(second) + 1))
    begins = [m.first_release[p["project"]] for p in projects]
    verified = begins[0][0] + sum(first[:needed])
    release = max(begins[1][0] + sum(second[: needing - 1]), verified)
    in_window = needing > 1 or release < begins[1][1]
    if in_window and release + sum(second[needing - 1 :]) <= m.periods - 1:
        cells = {"needs_project": projects[0]["project"], "needs_stage": needed}
        m.add("requires", project=projects[1]["project"], stage=needing, **cells)


def add_opening_money(m: Maker) -> None:
    """What funds have, owe and have paid before the horizon."""
    for row in m.rows("funds"):
        if not m.chance(35):
            continue
        paid = round(row["limit"] * m.pick([0.2, 0.6]), 6) if "limit" in row and m.chance(80) else None
        cash = m.money(m.number(0, 40)) if m.chance(70) else None
        first = m.add("opening_cash", fund=row["fund"], cash=cash, paid=paid)
        if row.get("kind") == "credit" and m.chance(75):
            first["debt"] = row["credit_limit"] * m.number(0.05, 0.45)
            age = m.pick(range(1, m.maturity.get(row["fund"], 3) + 1))
            if age > 1:
                debt = row["credit_limit"] * m.number(0.1, 0.5)
                m.add("opening_cash", fund=row["fund"], age=m.lasting(age), debt=debt)


def add_loans(m: Maker) -> None:
    """Loans and equity instead of grants, and what projects owe from before."""
    for row in m.rows("financing"):
        kind = m.pick([None, "loan", "loan", "equity"])
        row["instrument"] = kind
        if kind == "loan":
            row["interest"] = m.rate(m.number(0.02, 0.4)) if m.chance(85) else None
            row["grace"] = m.lasting(m.pick([0, 1])) if m.chance(40) else None
            row["tenor"] = m.lasting(m.pick([1, 2, 3]))
        if kind == "equity":
            row["dividend"] = m.rate(m.number(0.1, 0.6)) if m.chance(90) else None
    projects = [row["project"] for row in m.rows("projects")]
    for fund in [row["fund"] for row in m.rows("funds")]:
        if m.chance(25):
            waits = bool(projects) and m.chance(70)
            cells: Row = {"interest": m.rate(m.number(0, 0.3)), "tenor": m.lasting(m.pick([1, 2, 3]))}
            cells["principal"] = m.money(m.number(1, 20))
            if waits:
                cells["grace"] = m.lasting(1) if m.chance(30) else None
            else:
                cells["first_instalment"] = m.first_day(m.pick(range(m.periods))).isoformat()
            m.add("opening_loans", project=m.pick(projects) if waits else "old mill", fund=fund, **cells)


def add_commitment_limits(m: Maker) -> None:
    """Limits on what funds have promised, about as much as some orders or a stage."""
    for row in m.rows("funds"):
        if m.chance(20):
            row["commitment_limit"] = m.money(m.number(0, m.pick([4, 15, 60])))


def add_exposure_limits(m: Maker) -> None:
    """Limits on what is at risk in projects, about as much as a stage or two."""
    for row in [*m.rows("funds"), *m.rows("projects")]:
        if m.chance(20):
            name = row.get("fund", row.get("project"))
            old = [loan for loan in m.rows("opening_loans") if name in (loan["fund"], loan["project"])]
            dated = sum(loan["principal"] for loan in old if "first_instalment" in loan)
            row["exposure_limit"] = m.money(m.number(0, m.pick([10, 25, 60]))) + 3 * dated


def add_recoveries(m: Maker) -> None:
    """What comes back of the principal of abandoned projects."""
    for row in m.rows("projects"):
        if row.get("may_abandon") and m.chance(70):
            row["recovery"] = m.number(0.1, 0.9)
            row["recovery_lag"] = m.lasting(1) if m.chance(40) else None
