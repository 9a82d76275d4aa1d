"""Financing: releases of stages, their order and windows, tranches and shares, effects of commissioned projects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stockpile.plan.auditing.abandonment import Abandonment
from stockpile.plan.auditing.book import Floats, Ints, Key
from stockpile.plan.auditing.case import IMPLICIT, Case
from stockpile.plan.auditing.courses import Courses
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.view import texts


@dataclass(frozen=True)
class Projects:
    """What the other blocks need, all (nodes,).

    Tranches by fund; supply, capacity, revenue, throughput by what gains them; the share of demand that falls away by sector and good; releases by stage; exit costs; 1 where
    a project has been abandoned, and where a stage has been released, before the horizon too; ``abandoned`` is 1 where a project is given up,
    ``ended`` once a stage has run its course, whatever became of it, and ``running`` while it does, one period at least.  ``paid`` are disbursements by (project, stage, fund), ``verified`` is 1 once a stage is,
    ``age`` the periods since then (negative before), ``promised`` its cost where released, at the root for a stage from
    before whose tranche is to come; ``before`` is what funds paid before the horizon, by (project, stage, fund).
    """

    tranches: dict[str, Floats]
    supply: dict[str, Floats]
    capacity: dict[str, Floats]
    revenue: dict[str, Floats]
    throughput: dict[str, Floats]
    falls: dict[Key, Floats]
    releases: dict[Key, Floats]
    paid: dict[Key, Floats]
    verified: dict[Key, Floats]
    age: dict[Key, Floats]
    promised: dict[Key, Floats]
    exit_costs: Floats
    gone: dict[str, Floats]
    started: dict[Key, Floats]
    abandoned: dict[Key, Floats]
    ended: dict[Key, Floats]
    running: dict[Key, Floats]
    before: dict[Key, float]


class _Stages:
    """The stages of the instance and their releases in the plan."""

    def __init__(self, case: Case) -> None:
        self.case = case
        view = case.view("stages")
        self.projects = view.texts("project")
        self.keys: list[Key] = [(p, int(i)) for p, i in zip(self.projects, view["stage"], strict=True)]
        self.at = {key: i for i, key in enumerate(self.keys)}
        self.milestones = np.array(view.texts("milestone"), dtype=object)
        self.cost = view["cost"].to_numpy(dtype=np.float64)[:, None]
        late = np.array(view.texts("pay_on"), dtype=object) == "verification"
        self.grid = case.reader.grid("go", self.keys)
        self.go = self.grid.present.astype(np.float64)
        self.age = self._ages()
        self.courses = Courses(case, self.keys, self.age)
        self.begun = (~np.isnan(self.age)).astype(np.float64)
        self.started = case.so_far(self.go) + self.begun
        self.abandonment = Abandonment(case, self.keys)
        ends = self.courses.usual[:, None] - self.age
        over, self.ended = self.courses.follow(self.go)
        self.failing = over & ~self.courses.passes
        reached = (over & self.courses.passes) * (1.0 - self.abandonment.gone_before)
        self.due = np.where(late[:, None], reached, self.go)
        self.verified = case.so_far(reached) + (ends < 0)
        self.ends = np.where(np.isnan(ends), np.inf, ends)

    def _ages(self) -> Floats:
        """(stages, 1) periods since the release of those released before the horizon, NaN for the others."""
        view = self.case.view("opening_stages")
        ages = np.full((len(self.keys), 1), np.nan)
        for project, stage, age in zip(view.texts("project"), view["stage"], view["age"], strict=True):
            ages[self.at[project, int(stage)]] = float(age)
        return ages

    def ages(self) -> dict[Key, Floats]:
        """(nodes,) periods since each stage was verified, -1 before."""
        before = np.where(self.ends < 0, -self.ends, 0.0) * (self.verified > 0)
        return dict(zip(self.keys, self.case.so_far(np.minimum(self.verified, 1.0)) - 1.0 + before, strict=True))

    def verified_before(self, stage: int, lag: int) -> Floats:
        """(nodes,) 1 where a stage was verified ``lag`` periods back, before the horizon too."""
        case = self.case
        past = (case.back(lag) < 0) & (case.period - lag >= self.ends[stage])
        found: Floats = case.earlier(self.verified[stage], lag) + past
        return found


def check_financing(case: Case) -> Projects:
    """Check go decisions, disbursements and effects."""
    stages = _Stages(case)
    _check_release(stages)
    stages.abandonment.check(stages.go, stages.started, stages.begun)
    _check_order(stages)
    _check_groups(stages)
    paid = _check_tranches(stages)
    tranches: dict[str, Floats] = {}
    for (_, _, fund), amount in paid.items():
        tranches[fund] = tranches.get(fund, np.zeros(len(case.tree))) + amount
    gains = _check_effects(stages)
    releases = dict(zip(stages.keys, stages.go, strict=True))
    verified = dict(zip(stages.keys, stages.verified, strict=True))
    settled = (stages.ends >= 0) * stages.begun * (case.tree.parent < 0)
    promised = dict(zip(stages.keys, (stages.go + settled) * stages.cost, strict=True))
    started = dict(zip(stages.keys, stages.started, strict=True))
    gone = dict(zip(stages.projects, stages.abandonment.gone, strict=True))
    supply, capacity, revenue, throughput = ({str(w): v for (_, w), v in gains[kind].items()} for kind in GAINS)
    gained = (supply, capacity, revenue, throughput, gains["demand"])
    verified_for, ended = stages.ages(), stages.abandonment
    abandoned = dict(zip(ended.keys, ended.given_up, strict=True))
    made = (releases, paid, verified, verified_for, promised)
    over = stages.ended.astype(np.float64)
    runs = np.maximum(stages.go, stages.started * (1.0 - over))
    courses = (dict(zip(stages.keys, over, strict=True)), dict(zip(stages.keys, runs, strict=True)))
    return Projects(tranches, *gained, *made, ended.cost, gone, started, abandoned, *courses, _paid_before(case))


def _paid_before(case: Case) -> dict[Key, float]:
    """What funds paid before the horizon for stages that were released before it, money."""
    view = case.view("opening_disbursements")
    columns = (view.texts("project"), view["stage"].astype(int), view.texts("fund"), view["amount"])
    return {(p, int(i), f): float(amount) for p, i, f, amount in zip(*columns, strict=True)}


def _check_release(s: _Stages) -> None:
    """Each release is whole, at the stage's cost, once, in its window, with its milestone in the horizon."""
    case, book, grid = s.case, s.case.book, s.grid
    case.reader.labels(grid, "milestone", lambda k, n: s.milestones[k], "is not the milestone of the stage")
    case.reader.labels(grid, "verified", lambda k, n: _verified(s, k, n), "is not when the milestone is verified")
    words = "stage {1} of {0} is released at a cost of {left}, but it costs {right}"
    rule = case.rule("release_is_whole", grid, s.keys, case.money, words)
    book.equal(rule, grid.amount("cost"), s.go * s.cost)
    words = "stage {1} of {0} has been released {left} times"
    case.never(case.rule("released_once", grid, s.keys, "", words), s.started, (s.go > 0) & (s.started > 1))
    words = "stage {1} of {0} is released too late for its milestone to fall in the horizon"
    case.never(case.rule("milestone_in_horizon", grid, s.keys, "", words), s.go, s.courses.too_late)
    words = "stage {1} of {0} fails, which ends the project, but the plan goes on with it"
    case.never(case.rule("failure_abandons", "abandonments", s.keys, "", words), 1.0 - s.abandonment.gone, s.failing)
    windows = case.view("projects")
    begins = dict(zip(windows.texts("project"), windows["start_from"], strict=True))
    ends = dict(zip(windows.texts("project"), windows["start_until"], strict=True))
    first = np.array([i == 1 for _, i in s.keys], dtype=bool)[:, None]
    start = np.array([float(begins[p]) for p in s.projects])[:, None]
    until = np.array([float(ends[p]) for p in s.projects])[:, None]
    closed = first & ((case.period < start) | (case.period >= until))
    words = "{0} is started outside its window"
    case.never(case.rule("start_window", grid, s.keys, "", words), s.go, closed)


def _verified(s: _Stages, rows: Ints, nodes: Ints) -> npt.NDArray[np.object_]:
    """Labels of the periods in which stages released at nodes are verified, empty where that differs between scenarios."""
    labels, found = s.case.reader.periods, np.full(len(rows), "", dtype=object)
    for at, (row, node) in enumerate(zip(rows.tolist(), nodes.tolist(), strict=True)):
        end = s.courses.verified(row, node)
        found[at] = "" if end is None else labels[end]
    return found


def _check_order(s: _Stages) -> None:
    """A stage is released only when the stage before and every stage that it requires, in one alternative, are verified."""
    case = s.case
    ways, signed = _alternatives(s), _signed(s)
    pairs = [((p, i), (p, i - 1)) for p, i in s.keys if i > 1]
    pairs += [(key, need) for key, way in ways.items() if len(way) == 1 for need in way[0] if len(need) > 1]
    stage = np.array([s.at[a] for a, _ in pairs], dtype=np.int64)
    needed = np.array([s.at[b] for _, b in pairs], dtype=np.int64)
    words = "stage {1} of {0} is released before stage {3} of {2}, which it needs, is verified"
    rule = case.rule("needs_verified_milestone", "go", [(*a, *b) for a, b in pairs], "", words)
    case.book.at_most(replace(rule, binds=False), s.go[stage], s.verified[needed], where=s.go[stage] > 0)
    offtakes = [(key, need) for key, way in ways.items() if len(way) == 1 for need in way[0] if len(need) == 1]
    go = s.go[np.array([s.at[key] for key, _ in offtakes], dtype=np.int64)]
    there = np.array([signed[need] for _, need in offtakes]).reshape(go.shape)
    words = "stage {1} of {0} is released before {2}, which it needs, is signed"
    rule = case.rule("needs_signed_contract", "go", [(*a, *c) for a, c in offtakes], "", words)
    case.book.at_most(replace(rule, binds=False), go, there, where=go > 0)

    choosing = {key: way for key, way in ways.items() if len(way) > 1}
    found = [
        [np.min([signed[n] if len(n) == 1 else s.verified[s.at[n]] for n in w], axis=0) for w in way]
        for way in choosing.values()
    ]
    fulfilled = np.array([np.max(each, axis=0) for each in found])
    row = np.array([s.at[key] for key in choosing], dtype=np.int64)
    words = "stage {1} of {0} is released before all that one of its alternatives needs is verified or signed"
    rule = case.rule("needs_an_alternative", "go", list(choosing), "", words)
    fulfilled = fulfilled.reshape(len(choosing), len(case.tree))
    case.book.at_most(replace(rule, binds=False), s.go[row], fulfilled, where=s.go[row] > 0)


def _signed(s: _Stages) -> dict[Key, Floats]:
    """(nodes,) more than 0 once a contract is signed, before the horizon too."""
    view = s.case.view("contracts")
    keys: list[Key] = [(c,) for c in view.texts("contract")]
    before = set(s.case.view("opening_contracts").texts("contract"))
    grid = s.case.reader.grid("contracts", keys)
    past = np.array([[c in before] for (c,) in keys], dtype=np.float64).reshape(-1, 1)
    return dict(zip(keys, s.case.so_far(grid.present.astype(np.float64)) + past, strict=True))


def _alternatives(s: _Stages) -> dict[Key, list[list[Key]]]:
    """What stages require: their alternatives, each a list of stages, and of contracts as keys of one name."""
    view = s.case.view("requires")
    found: dict[Key, dict[int, list[Key]]] = {}
    names = ("project", "stage", "alternative", "needs_project", "needs_stage", "needs_contract")
    for p, i, alternative, q, j, c in zip(*(view[name].tolist() for name in names), strict=True):
        need: Key = (c,) if isinstance(c, str) else (str(q), int(j))
        found.setdefault((str(p), int(i)), {}).setdefault(int(alternative), []).append(need)
    return {key: list(ways.values()) for key, ways in found.items()}


def _check_groups(s: _Stages) -> None:
    """At most one project of a group is started."""
    case = s.case
    view = case.view("projects")
    group_of = dict(zip(view.texts("project"), view.texts("group"), strict=True))
    groups = [group for group in dict.fromkeys(group_of.values()) if group]
    firsts = [(i, groups.index(group_of[p])) for i, (p, n) in enumerate(s.keys) if n == 1 and group_of[p]]
    row = np.array([i for i, _ in firsts], dtype=np.int64)
    member = np.array([g for _, g in firsts], dtype=np.int64)
    started, newly = (case.total(values[row], member, len(groups)) for values in (s.started, s.go))
    words = "{left} projects of the group {0} are started; only one may be"
    rule = case.rule("one_of_a_group", "go", [(g,) for g in groups], "", words)
    case.book.at_most(rule, started, np.ones(1), where=newly > 0)


def _check_tranches(s: _Stages) -> dict[Key, Floats]:
    """Funds pay each tranche when it is due, within their shares.  Gives what each fund pays for each stage."""
    case, book = s.case, s.case.book
    view = case.view("funds")
    funds = view.texts("fund") or [IMPLICIT]
    private = np.array([kind == "private" for kind in view.texts("kind")] or [False], dtype=bool)
    keys: list[Key] = [(p, i, f) for p, i in s.keys for f in funds]
    grid = case.reader.grid("disbursements", keys)
    case.not_negative(grid, "amount")
    paid = grid.amount("amount").reshape(len(s.keys), len(funds), len(case.tree))
    due = s.cost * s.due
    words = "{left} is paid for stage {1} of {0}, but {right} is due"
    book.equal(case.rule("tranche_is_paid", grid, s.keys, case.money, words), paid.sum(axis=1), due)
    least, most = _shares(s, funds, bool(len(view)))
    each = np.repeat(due, len(funds), axis=0)
    flat = paid.reshape(len(keys), len(case.tree))
    owing = each > 0
    words = "{2} pays {left} for stage {1} of {0}, {amount} below its least share"
    rule = case.rule("least_share", grid, keys, case.money, words)
    book.at_least(rule, flat, least * each, scale=each, where=owing & (least > 0))
    words = "{2} pays {left} for stage {1} of {0}, {amount} over its greatest share"
    rule = case.rule("greatest_share", grid, keys, case.money, words)
    book.at_most(rule, flat, most * each, scale=each, where=owing | grid.present)
    _check_private(s, paid[:, private].sum(axis=1), due, grid)
    _check_instruments(s, grid, bool(len(view)))
    return dict(zip(keys, flat, strict=True))


def _shares(s: _Stages, funds: list[str], given: bool) -> tuple[Floats, Floats]:
    """(stages x funds, 1) least and greatest share; 0 and 0 for a fund that may not pay for the stage."""
    shape = (len(s.keys), len(funds))
    least, most = np.zeros(shape), np.zeros(shape) if given else np.ones(shape)
    if given:
        at = {f: j for j, f in enumerate(funds)}
        pays = {f for f in funds if "projects" in s.case.instance.uses_of(f)}
        for i, (project, stage) in enumerate(s.keys):
            rows = s.case.instance.financing_of(project, stage)
            for fund, low, high in zip(texts(rows["fund"]), rows["min_share"], rows["max_share"], strict=True):
                least[i, at[fund]], most[i, at[fund]] = float(low), float(high) if fund in pays else 0.0
    return least.reshape(-1, 1), most.reshape(-1, 1)


def _check_instruments(s: _Stages, grid: Grid, given: bool) -> None:
    """Each disbursement is named after the instrument that the fund has for the stage."""
    named: dict[Key, str] = {}
    for project, stage in s.keys if given else ():
        rows = s.case.instance.financing_of(project, stage)
        named |= {
            (project, stage, f): str(name) for f, name in zip(texts(rows["fund"]), rows["instrument"], strict=True)
        }
    words = np.array([named.get(key, "grant") for key in grid.keys] or [""], dtype=object)
    s.case.reader.labels(grid, "instrument", lambda k, n: words[k], "is not the instrument of the fund")


def _check_private(s: _Stages, paid: Floats, due: Floats, grid: Grid) -> None:
    """Private funds together pay at least the project's private share of every tranche."""
    view = s.case.view("projects")
    wanted = dict(zip(view.texts("project"), view["min_private_share"], strict=True))
    share = np.array([float(wanted[p]) for p in s.projects])[:, None]
    words = "private funds pay {left} for stage {1} of {0}, {amount} below the private share"
    rule = s.case.rule("private_share", grid, s.keys, s.case.money, words)
    s.case.book.at_least(rule, paid, share * due, scale=due, where=(due > 0) & (share > 0))


#: What gains of the kinds of effects, but for demand.
GAINS = ("supply", "capacity", "revenue", "process")


def _check_effects(s: _Stages) -> dict[str, dict[Key, Floats]]:
    """What commissioned projects bring, period by period of their ramp.  Gives it by kind, and by sector and what gains it."""
    case = s.case
    view = case.view("effects")
    kinds = view.texts("kind")
    columns = (view.texts("project"), view["after"].astype(int), kinds, view.texts("name"), view.texts("sector"))
    keys: list[Key] = list(zip(*columns, strict=True))
    grid = case.reader.grid("effects", keys)
    available = np.zeros((len(keys), len(case.tree)))
    gains: dict[str, dict[Key, Floats]] = {kind: {} for kind in (*GAINS, "demand")}
    amounts, ramps = view["amount"].to_numpy(dtype=np.float64), view["ramp"].fillna(0).to_numpy(dtype=np.float64)
    span = case.last + 1 + int(np.nan_to_num(s.age).max(initial=0.0))
    for x, (project, after, kind, name, sector) in enumerate(keys):
        ramp, stage = max(1, int(ramps[x])), s.at[project, after]
        for k in range(min(ramp, span)):
            available[x] += amounts[x] / ramp * s.verified_before(stage, k)
        available[x] *= 1.0 - s.abandonment.gone[stage]
        gains[kind][sector, name] = gains[kind].get((sector, name), np.zeros(len(case.tree))) + available[x]
    written = grid.amount("amount")
    words = "the {2} that stage {1} of {0} brings to {3} is {left}, but it is {right}"
    for unit, chosen in (
        (case.quantity, [k not in ("revenue", "demand") for k in kinds]),
        (case.money, [k == "revenue" for k in kinds]),
        ("", [k == "demand" for k in kinds]),
    ):
        rows = np.flatnonzero(chosen)
        rule = case.rule("effect", grid, [keys[x] for x in rows], unit, words)
        case.book.equal(rule, written[rows], available[rows])
    return gains
