"""What projects make: the goods of the sources that they supply and of the processes to which they give capacity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


@dataclass(frozen=True)
class Output:
    """What brings a good of a project: ``sources`` and ``processes``; ``after`` is the first stage whose milestone does."""

    sources: tuple[str, ...]
    processes: tuple[str, ...]
    after: int


def outputs_of(instance: Instance) -> dict[str, dict[str, Output]]:
    """By project and good; in the order of the effects."""
    sources, recipes, effects = (instance.view(name) for name in ("sources", "recipes", "effects"))
    good_of = dict(zip(sources["source"], sources["good"], strict=True))
    made: dict[str, list[str]] = {}
    for process, good, amount in zip(recipes["process"], recipes["good"], recipes["amount"], strict=True):
        if amount > 0:
            made.setdefault(str(process), []).append(str(good))
    found: dict[str, dict[str, Output]] = {}
    columns = (effects[c] for c in ("project", "after", "kind", "name"))
    for project, after, kind, name in zip(*columns, strict=True):
        goods = [str(good_of[name])] if kind == "supply" else made.get(str(name), []) if kind == "process" else []
        for good in goods:
            mine = found.setdefault(str(project), {})
            old = mine.get(good, Output((), (), int(after)))
            mine[good] = Output(
                _with(old.sources, str(name)) if kind == "supply" else old.sources,
                _with(old.processes, str(name)) if kind == "process" else old.processes,
                min(old.after, int(after)),
            )
    return found


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Names with one more, unless it is there."""
    return names if name in names else (*names, name)


__all__ = ["Output", "outputs_of"]
