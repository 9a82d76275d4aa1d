"""What a plan depends on beside its instance: how it was asked for, by which program, on what machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from stockpile import __version__
from stockpile.solver.threads import chosen_threads

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan
    from stockpile.solver.job import Options

LIBRARIES = ("pyomo", "highspy", "numpy", "pandas", "scipy")
"""Libraries whose versions may show in a plan."""


def versions() -> dict[str, str]:
    """The versions of the program, of Python and of the libraries."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {"stockpile": __version__, "python": platform.python_version(), **libraries}


def circumstances(
    instance: Instance, options: Options, start: Plan | None, most: Mapping[str, float] | None
) -> dict[str, Any]:
    """What plan.json keeps so that a plan can be made again.

    ``threads`` is 0 where the solver chose, ``threads_used`` how many it took; ``set`` are the changes to the instance, ``start`` is
    the plan from which the search set out, ``most`` what named costs might come to, money: both only where there are any.
    """
    more: dict[str, Any] = {}
    if start is not None:
        more["start"] = {"path": start.folder or None, "hash": start.hash}
    if most:
        more["most"] = dict(most)
    return {
        "options": {
            "gap": options.gap,
            "time_limit": options.time_limit,
            "threads": options.threads,
            "threads_used": options.threads or chosen_threads(),
            "seed": options.seed,
            "set": instance.lineage.changes,
            **more,
        },
        "versions": versions(),
        "platform": platform.platform(),
    }
