"""Searches for several instances: what each proves of its optimum, within a time limit that they share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stockpile.engine import Found, find
from stockpile.errors import InfeasibleError, NoPlanError, UnboundedError

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.solver.launch import Progress

Listener = Callable[["Progress"], None]


@dataclass(frozen=True)
class Interval:
    """What is known of an optimum, money: it is from ``low`` to ``high``.  ``status`` is how its search ended."""

    low: float = -math.inf
    high: float = math.inf
    status: str = "no plan"

    def as_document(self) -> dict[str, Any]:
        """Plain values, None where there is no limit."""
        return {"low": plain(self.low), "high": plain(self.high), "status": self.status}


class Searches:
    """Searches that share a time limit, and stop together by hand.

    Each has its part of what is left, or ``each`` seconds as long as any are left: then they are alike.  Progress tells which
    one it is of, ``before`` of others.
    """

    def __init__(
        self,
        limit: float | None,
        count: int,
        progress: Listener | None,
        options: dict[str, Any],
        each: float | None = None,
        before: int = 0,
    ) -> None:
        self.left, self.count, self.progress, self.options, self.each = limit, count, progress, options, each
        self.all, self.before = count, before
        self.stopped_by: str | None = None

    def run(self, instance: Instance, name: str, **more: Any) -> tuple[Interval, Found | None]:
        """The optimum of an instance, and its plan, None where none was found."""
        if self.stopped_by is not None:
            return Interval(), None
        limit = self.each
        if limit is None and self.left is not None:
            limit = max(self.left, 0.0) / max(self.count, 1)
        started = time.perf_counter()
        try:
            found = find(instance, time_limit=limit, progress=self._called(name), **self.options, **more)
        except InfeasibleError:
            return Interval(math.inf, math.inf, "infeasible"), None
        except UnboundedError:
            return Interval(-math.inf, -math.inf, "unbounded"), None
        except NoPlanError as error:
            self._heed(error.stopped_by)
            return Interval(error.bound), None
        except KeyboardInterrupt:
            self._heed("interrupt")
            return Interval(), None
        finally:
            self.count -= 1
            self.left = None if self.left is None else self.left - (time.perf_counter() - started)
        self._heed(found.plan.summary["stopped_by"])
        return Interval(found.plan.bound, found.plan.objective, found.plan.status), found

    @property
    def over(self) -> bool:
        """Whether no time is left, or the searches were stopped by hand."""
        return self.stopped_by is not None or (self.left is not None and self.left <= 0)

    def _heed(self, reason: str | None) -> None:
        """Whoever stops one search by hand stops them all."""
        if reason == "interrupt":
            self.stopped_by = reason

    def _called(self, name: str) -> Listener | None:
        listener, done = self.progress, self.all - self.count
        if listener is None:
            return None
        if self.each is not None:
            return lambda p: listener(replace(p, of=name, done=done, count=self.all))
        which = f"search {self.before + done + 1} of {self.before + self.all}, {name}"
        return lambda p: listener(replace(p, of=which))


def plain(value: float) -> float | None:
    """A number as JSON knows it."""
    return value if math.isfinite(value) else None


__all__ = ["Interval", "Listener", "Searches", "plain"]
