"""A first plan before the search: the relaxation is solved once, and integers near its answer are tried.

Everything ends by work done, never by the clock, so that the same input leads to the same plan: the relaxation is solved to
its end, each guess is one more LP from its basis, and a search in the neighbourhood ends by its gap or its nodes.
The relaxation is solved by the way that was measured to end sooner for a model of its shape.  Simplex it is for trees (9 s
against 21 s at 303,000 coefficients) and for all that is small; where periods follow each other on one path, interior point with a
crossover took 32 s against 84 s at 507,000 coefficients, 12 to 24 s against 15 to 29 s at 245,000 to 342,000, and as long as
simplex at 163,000.  HiPO was no sooner than either.
Fixing window after window of periods (relax-and-fix) was tried and left out: on a single path it took 2 to 20 times as
long and closed the gap nowhere that this does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.solver.compile import Floats
from stockpile.solver.job import Answer, Job, Point
from stockpile.solver.launch import Progress, gap_between

Columns = npt.NDArray[np.int32]

WHOLE = 1e-6
"""How near to whole an integer of the relaxation is kept in the neighbourhood."""
NEAR = 0.5
"""The part of the asked gap to which the neighbourhood is searched."""
LOOSE = 0.005
"""The gap from which on the search does better than that of the neighbourhood."""
NODES = 20
"""Nodes after which the search of the neighbourhood ends."""
FEW = 1000
"""Iterations that a guess may take in any case; it may take those of the relaxation, too, and is given up then."""
EASY = 4
"""A step of a dive is given up after this fraction of the relaxation's iterations: what takes longer leads nowhere good."""
SHARE = 0.25
"""The part of the asked gap that deciding for one project may cost without another way being tried."""
DIVE = (0.5, 0.01, 0.999)
"""From which part on something counts as decided for, tried in this order; the last resort is to do only what is forced."""
FINE = 1e-9
LONG = 200_000
"""Coefficients of a model on one path from which on interior point is tried first."""


@dataclass(frozen=True)
class Guide:
    """What is known of a model beyond its arrays.

    ``guesses`` gives points whose integers are worth trying, from the point of a relaxation; ``start`` is a point with
    the integers of an older plan, NaN where it says nothing.  ``decide`` gives points with the integers that are worth
    deciding first, NaN for the others: guesses are made from the relaxation in which these are decided, too.
    ``parts`` are the columns of what is decided as one, such as the stages of a project, and ``near`` a point in which all
    are decided for from a part of theirs on: where no guess does, they are decided one after the other.  ``path`` says that
    periods follow each other on one path.
    """

    guesses: Callable[[Floats], Iterable[Floats]]
    start: Floats | None = None
    decide: Callable[[Floats], Iterable[Floats]] = lambda x: ()
    parts: tuple[Columns, ...] = ()
    near: Callable[[Floats, float], Floats] = lambda x, part: x
    path: bool = False


@dataclass(frozen=True)
class Start:
    """The best plan found, None where there is none; the bound that the relaxation proves; simplex iterations."""

    plan: Point | None
    bound: float
    iterations: int


def find_first(job: Job, guide: Guide, tidy: Callable[[Floats], Floats] | None) -> Start:
    """Solve the relaxation and try integers near it, until a plan is within the asked gap or all is tried."""
    relaxation = _Relaxation(job, guide.path and job.compiled.nonzeros >= LONG)
    if relaxation.x is None:
        return Start(None, job.worst_bound, relaxation.iterations)
    finder = _Finder(job, relaxation, tidy)
    finder.try_guesses(guide)
    if not finder.done and finder.gap > LOOSE:
        finder.search_near(finder.point if finder.plan is None or guide.start is None else finder.plan.x)
    return Start(finder.plan, relaxation.bound, relaxation.iterations)


class _Relaxation:
    """The model without integrality in a HiGHS that keeps its basis, so that fixing integers costs few iterations."""

    def __init__(self, job: Job, interior: bool = False) -> None:
        self.job = job
        self.iterations = self.own = 0
        self.relaxed = replace(job.compiled, integer=np.zeros(job.compiled.columns, np.bool_))
        self.whole = np.flatnonzero(job.compiled.integer).astype(np.int32)
        self.highs = job.load(self.relaxed, job.remaining(), primal_feasibility_tolerance=FINE)
        self.bound = job.worst_bound
        self.x: Floats | None = None
        self.basis: Any = None
        answer = self._inside() if interior else None
        if answer is None or (answer.status != "kOptimal" and not job.stop.is_set()):
            answer = self._run()
        if answer.status == "kOptimal" and answer.x is not None:
            self.x, self.bound = answer.x, job.compiled.objective(answer.x)
            self.basis, self.own = self.highs.getBasis(), self.iterations
            self.limit(1)

    def _inside(self) -> Answer:
        """By interior point, with a crossover to a basis."""
        self.highs.setOptionValue("solver", "ipx")
        answer = self._run()
        self.highs.setOptionValue("solver", "choose")
        self.iterations += max(int(self.highs.getInfo().crossover_iteration_count), 0)
        return answer

    def limit(self, part: int) -> None:
        """Let a run take so many times fewer iterations than the relaxation took."""
        self.highs.setOptionValue("simplex_iteration_limit", max(self.own // part, FEW))

    def _run(self, anew: bool = True) -> Answer:
        """From the basis of the relaxation, which is near every guess as that of another guess is not, or of the last run."""
        if anew and self.basis is not None:
            self.highs.setBasis(self.basis)
        answer = replace(self.job, progress=None).solve(self.highs, self.relaxed)
        self.iterations += answer.iterations
        return answer

    def fixed(self, x: Floats, anew: bool = True) -> Point | None:
        """The plan with the integers of a point; None where there is none or the run was stopped.

        It sets out from the relaxation, or else from the last run.
        """
        answer = self._with(x, anew)
        if answer.status != "kOptimal" or answer.x is None:
            return None
        point, whole = answer.x, self.whole
        point[whole] = self._near(x)
        return Point(point, False, answer.row_dual, answer.reduced_cost)

    def decided(self, x: Floats, anew: bool = True) -> Floats | None:
        """The relaxation with the integers of a point, NaN for those that stay free; None where there is none or it was stopped."""
        answer = self._with(x, anew)
        return answer.x if answer.status == "kOptimal" else None

    def _with(self, x: Floats, anew: bool) -> Answer:
        """The answer with the integers of a point that are not NaN."""
        compiled, whole, wanted = self.job.compiled, self.whole, self._near(x)
        free = np.isnan(wanted)
        lower, upper = np.ceil(compiled.lower[whole]), np.floor(compiled.upper[whole])
        self.highs.changeColsBounds(len(whole), whole, np.where(free, lower, wanted), np.where(free, upper, wanted))
        return self._run(anew)

    def _near(self, x: Floats) -> Floats:
        """The whole numbers within the bounds that are nearest to a point's; NaN stays."""
        lower, upper = np.ceil(self.job.compiled.lower[self.whole]), np.floor(self.job.compiled.upper[self.whole])
        near: Floats = np.clip(np.round(x[self.whole]), lower, upper)
        return near


class _Finder:
    """Keeps the best plan."""

    def __init__(self, job: Job, relaxation: _Relaxation, tidy: Callable[[Floats], Floats] | None) -> None:
        assert relaxation.x is not None
        self.job, self.relaxation, self.tidy = job, relaxation, tidy
        self.plan: Point | None = None
        self.tried: set[bytes] = set()
        self.point = relaxation.x
        """Where the guess was made that the best plan comes from."""

    @property
    def gap(self) -> float:
        """Between the best plan and the relaxation."""
        if self.plan is None:
            return np.inf
        return gap_between(self.job.compiled.objective(self.plan.x), self.relaxation.bound)

    @property
    def done(self) -> bool:
        """Whether there is nothing more to try."""
        return self.gap <= self.job.options.gap or self.job.stop.is_set() or not self.job.remaining()

    def take(self, x: Floats) -> None:
        """Try the integers of a point, unless they were tried before, and those that remain once it is tidy."""
        key = np.round(x[self.relaxation.whole]).tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        plan = self.relaxation.fixed(x)
        if plan is not None and self.tidy is not None:
            neat = self.tidy(plan.x.copy())
            if (neat != plan.x).any():
                plan = min(filter(None, (self.relaxation.fixed(neat, anew=False), plan)), key=self.job.rank)
        if plan is not None:
            self.plan = plan if self.plan is None else min(self.plan, plan, key=self.job.rank)

    def try_guesses(self, guide: Guide) -> None:
        """The integers of an older plan, then those of the guesses; where none has a plan, only what is forced."""
        assert self.relaxation.x is not None
        if guide.start is not None:
            self.take(np.where(np.isnan(guide.start), self.relaxation.x, guide.start))
        for x in self._points(guide):
            for guess in guide.guesses(x.copy()):
                if self.done:
                    return
                best = self.plan
                self.take(guess)
                self.point = self.point if self.plan is best else x
        if self.plan is None and not self.done:
            self.take(np.where(self.job.compiled.integer, self.job.compiled.lower, self.relaxation.x))

    def _points(self, guide: Guide) -> Iterator[Floats]:
        """Where guesses are made: relaxations in which what comes first is decided, that of the model, and the end of a dive."""
        assert self.relaxation.x is not None
        for first in guide.decide(self.relaxation.x.copy()):
            x = self.relaxation.decided(first)
            if x is not None:
                yield x
        yield self.relaxation.x
        if guide.parts and not self.done:
            x = self._dive(guide)
            if x is not None:
                yield x

    def _dive(self, guide: Guide) -> Floats | None:
        """The relaxation with all parts decided, one after the other, first what moves least by it; None where one cannot be.

        Each part is decided at the point in which those before it are: what one project takes the others see.
        """
        x, compiled = self.relaxation.x, self.job.compiled
        assert x is not None
        self.relaxation.limit(EASY)
        point, left = np.full(compiled.columns, np.nan), list(guide.parts)
        while left and x is not None:
            near = guide.near(x, DIVE[0])
            moves = [float(np.abs(x[part] - near[part]).sum()) for part in left]
            at = min(range(len(left)), key=lambda i: (moves[i] <= WHOLE, moves[i]))
            if moves[at] <= WHOLE:
                break
            x = self._decide(guide, x, point, left.pop(at), anew=len(left) == len(guide.parts) - 1)
        self.relaxation.limit(1)
        return x

    def _decide(self, guide: Guide, x: Floats, point: Floats, part: Columns, anew: bool) -> Floats | None:
        """Decide one part of a point, and return the relaxation then; it sets out as it says there.

        Taken is the first way that costs no more than a fair share of the asked gap, or else the cheapest.
        """
        found: Floats | None = None
        best = point[part]
        fair = self.job.cost(x) + SHARE * self.job.options.gap * abs(self.relaxation.bound)
        for rounded in (*(guide.near(x, share) for share in DIVE), self.job.compiled.lower):
            if self.job.stop.is_set() or not self.job.remaining():
                return None
            point[part] = rounded[part]
            decided = self.relaxation.decided(point, anew)
            if decided is not None and (found is None or self.job.cost(decided) < self.job.cost(found)):
                found, best = decided, point[part].copy()
            if found is not None and self.job.cost(found) <= fair:
                break
        point[part] = best
        return found

    def search_near(self, x: Floats) -> None:
        """A search in which every integer that is whole in a point stays as it is."""
        compiled = self.job.compiled
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        whole = compiled.integer & (np.abs(x - np.round(x)) <= WHOLE)
        lower[whole] = upper[whole] = np.clip(np.round(x[whole]), lower[whole], upper[whole])
        near = replace(compiled, lower=lower, upper=upper)
        job = replace(self.job, compiled=near, progress=self._as_part())
        limits = {
            "mip_rel_gap": max(NEAR * self.job.options.gap, LOOSE),
            "mip_max_nodes": NODES,
            "mip_heuristic_run_feasibility_jump": False,
        }
        highs = job.load(near, job.remaining(), **limits)
        if self.plan is not None and _within(self.plan.x, lower, upper):
            highs.setSolution(compiled.columns, np.arange(compiled.columns, dtype=np.int32), self.plan.x)
        answer = job.solve(highs, near)
        if answer.x is not None:
            self.take(answer.x)

    def _as_part(self) -> Callable[[Progress], None] | None:
        """A listener that hears of the part that is searched as of the whole: its bound is not the model's."""
        listener, bound = self.job.progress, self.relaxation.bound
        if listener is None:
            return None

        def tell(p: Progress) -> None:
            best = np.inf if p.best is None else p.best
            listener(replace(p, bound=bound, gap=gap_between(best, bound)))

        return tell


def _within(x: Floats, lower: Floats, upper: Floats) -> bool:
    inside: npt.NDArray[np.bool_] = (x >= lower - WHOLE) & (x <= upper + WHOLE)
    return bool(inside.all())
