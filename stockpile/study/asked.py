"""How a plan was asked for, as its folder keeps it, and the instance and the plan that it needs to be made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.errors import DataError, Problem
from stockpile.instance import load
from stockpile.instance.generate import random_instance
from stockpile.plan.plan import SUMMARY, Plan
from stockpile.study.futures import with_futures

if TYPE_CHECKING:
    from stockpile.instance import Instance


@dataclass(frozen=True)
class Asked:
    """How a plan was asked for, as its plan.json says.  Raises DataError where it does not."""

    hash: str
    path: str | None
    drawn: dict[str, Any]
    futures: list[str]
    set: list[str]
    gap: float
    time_limit: float | None
    threads: int
    threads_used: int | None
    seed: int
    most: dict[str, float] = field(default_factory=dict)
    start: dict[str, Any] | None = None

    @classmethod
    def of(cls, plan: Plan) -> Asked:
        """Read it from the summary."""
        made, options = plan.summary["instance"], plan.summary.get("options") or {}
        kinds: dict[str, Any] = {"set": list, "gap": (int, float), "threads": int, "seed": int}
        wrong = [f"options.{name}" for name, kind in kinds.items() if not isinstance(options.get(name), kind)]
        kinds_made: dict[str, Any] = {"hash": str, "drawn": dict | None, "futures": list | None}
        wrong += [f"instance.{name}" for name, kind in kinds_made.items() if not isinstance(made.get(name), kind)]
        wrong += [f"options.{n}" for n in ("most", "start") if not isinstance(options.get(n), dict | None)]
        limit, used = options.get("time_limit"), options.get("threads_used")
        wrong += ["options.time_limit"] if not isinstance(limit, int | float | None) else []
        wrong += ["options.threads_used"] if not isinstance(used, int | None) else []
        if wrong:
            said = "does not say how the plan was asked for, so that it cannot be made again"
            raise DataError([Problem(SUMMARY, said, column=name) for name in wrong])
        path = made.get("path")
        return cls(
            hash=made["hash"],
            path=path if isinstance(path, str) and path else None,
            drawn=made.get("drawn") or {},
            futures=[str(text) for text in made.get("futures") or []],
            set=[str(text) for text in options["set"]],
            gap=float(options["gap"]),
            time_limit=limit,
            threads=options["threads"],
            threads_used=used,
            seed=options["seed"],
            most=options.get("most") or {},
            start=options.get("start"),
        )


def instance_of(folder: Path, asked: Asked, told: Path | None) -> Instance:
    """The instance of the plan in a folder: the one ``told``, or the one that its path leads to, from here or from above the plan.

    Raises DataError where it is not there, has faults, or has other content than it had.
    """
    if told is None and asked.drawn:
        places: list[Path | None] = [None]
    elif told is None and asked.path is None:
        said = "does not know where its instance is, for it was made in memory; name it after the plan"
        raise DataError([Problem(SUMMARY, said, column="instance.path")])
    else:
        places = [told] if told is not None else [*_places(folder, str(asked.path))]
    if not places:
        said = f"{asked.path} is not there, neither from here nor from the folders above the plan; name the instance after the plan"
        raise DataError([Problem(SUMMARY, said, column="instance.path")])
    faults: DataError | None = None
    other: list[Problem] = []
    for place in places:
        try:
            found = _made(place, asked)
        except DataError as error:
            faults = faults or error
            continue
        if found.hash == asked.hash:
            return found
        said = "is not the data that the plan was made from (the hash differs): name the instance as it was after the plan, or solve it anew"
        other.append(Problem(str(place or "the instance that is drawn"), said))
    raise DataError(other) if other or faults is None else faults


def _made(place: Path | None, asked: Asked) -> Instance:
    """The instance in a place, or drawn again where that is None, with the changes and futures of the plan.  Raises DataError."""
    try:
        if place is None:
            drawn = random_instance(**asked.drawn)
            return with_futures(drawn.changed(asked.set) if asked.set else drawn, asked.futures)
        return with_futures(load(place, asked.set), asked.futures)
    except (TypeError, ValueError) as error:
        raise DataError(
            [Problem(SUMMARY, f"tells of an instance that cannot be made: {error}", column="instance")]
        ) from None


def start_of(folder: Path, asked: Asked, told: Path | None) -> Plan | None:
    """The plan from which the search set out; None where it set out from none, or where that plan is not kept.

    Raises DataError where the plan that is ``told`` is another.
    """
    if asked.start is None:
        return None
    path, wanted = asked.start.get("path"), asked.start.get("hash")
    for place in [told] if told is not None else _places(folder, path) if isinstance(path, str) else ():
        try:
            found = Plan.read(place)
        except DataError:
            if told is not None:
                raise
            continue
        if found.hash == wanted:
            return found
    if told is not None:
        raise DataError([Problem(str(told), "is not the plan that the search set out from (the hash differs)")])
    return None


def _places(folder: Path, path: str) -> Iterator[Path]:
    """Where a path leads that is there: from here, or from a folder above the plan."""
    plan = folder.resolve()
    for place in dict.fromkeys([Path(path), *(above / path for above in plan.parents)]):
        if place.exists() and place.resolve() != plan:
            yield place


__all__ = ["Asked", "instance_of", "start_of"]
