"""``python -m benchmarks [--full]``: measures, writes results/NAME.json and, after a full run, README.md."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import batches, memory, peers, phases, race
from benchmarks.case import SIZES, make_case
from benchmarks.report import page

HERE = Path(__file__).resolve().parent
LIBRARIES = ("pyomo", "highspy", "numpy", "pandas", "linopy")
#: Peers that are measured once a size, and the sizes that they can be asked for.
SLOW = ("Pyomo, its highs interface", "Pyomo, LP file")
SLOW_SIZES = {"quick": ("50k",), "full": ("50k", "500k")}
FAST_SIZES = {"quick": ("50k", "500k", "3M"), "full": ("50k", "500k", "3M", "10M")}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all sizes and races; about a quarter of an hour")
    full = parser.parse_args().full
    kind = "full" if full else "quick"
    parts = {
        "build": lambda: build(kind),
        "own_arrays": lambda: own_arrays(("500k", "3M") if full else ("500k",)),
        "stock_pyomo": lambda: stock_pyomo(("50k", "500k") if full else ("50k",)),
        "memory": lambda: {p: memory.growth(p, "3M") for p in list(peers.PEERS)[:3]},
        "start_up": start_up,
        "phases": lambda: {s: phases.measure(s, s in ("50k", "500k"), s == "50k") for s in FAST_SIZES[kind]},
        "growth": phases.growth,
        "races": lambda: [told(race.race(name)) for name in (race.names() if full else race.names()[:6])],
        "gaps": lambda: gaps(full),
        "trees": lambda: trees(full),
        "batches": batches.measure,
    }
    results: dict[str, Any] = {"about": about(kind)}
    for name, measure in parts.items():
        started = time.perf_counter()
        results[name] = measure()
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    text = json.dumps(results, indent=1)
    stamp = f"{datetime.now(UTC):%Y-%m-%d}-{results['about']['commit']}-{kind}"
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / f"{stamp}.json").write_text(text + "\n", encoding="utf-8")
    report = page(results)
    if full:
        (HERE / "README.md").write_text(report, encoding="utf-8")
    print(report)


def about(kind: str) -> dict[str, Any]:
    """Machine, versions, commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE
    ).stdout.strip()
    dirty = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, cwd=HERE
    ).stdout.strip()
    known = {}
    for name in LIBRARIES:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            known[name] = "none"
    return {
        "kind": kind,
        "commit": commit + ("-changed" if dirty else ""),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "versions": known,
    }


def build(kind: str) -> dict[str, dict[str, Any]]:
    """Seconds of build and hand-over by size and peer: peers in turn, the median of five rounds and of their ratios."""
    found: dict[str, dict[str, Any]] = {}
    for size in FAST_SIZES[kind]:
        case = make_case(size)
        wanted = [p for p in peers.PEERS if p not in SLOW and not (p == "linopy" and size == "10M")]
        rounds: dict[str, list[float]] = {p: [] for p in wanted}
        for peer in wanted:
            peers.seconds(peer, make_case("tiny"))
        for _ in range(7 if size == "500k" else 5):
            for peer in wanted:
                if peer != "linopy" or len(rounds[peer]) < 2:
                    gc.collect()
                    rounds[peer].append(peers.seconds(peer, case))
        for peer in SLOW if size in SLOW_SIZES[kind] else ():
            rounds[peer] = [peers.seconds(peer, case)]
        raw = rounds["raw numpy arrays"]
        found[size] = {
            peer: {
                "seconds": statistics.median(times),
                "ratio": statistics.median(t / r for t, r in zip(times, raw, strict=False)),
            }
            for peer, times in rounds.items()
        }
        print(f"build {size}: {found[size]}", file=sys.stderr, flush=True)
    tiny = make_case("tiny")
    fixed = [peers.seconds("stockpile.vector", tiny) - peers.seconds("raw numpy arrays", tiny) for _ in range(9)]
    found["fixed_ms_per_family"] = {"seconds": 1000 * statistics.median(fixed) / 8}
    same = {peer: peers.optimum(peer, make_case("50k")) for peer in list(peers.PEERS)[:3]}
    found["optimum_50k"] = same
    assert max(same.values()) - min(same.values()) <= 1e-6 * abs(max(same.values())), same
    assert set(SIZES) >= set(FAST_SIZES[kind])
    return found


def own_arrays(sizes: tuple[str, ...]) -> dict[str, Any]:
    """The full model: build, compile and hand-over against handing over the same arrays again."""
    from benchmarks.raw import hand_over
    from stockpile.data import make_data
    from stockpile.instance.generate import random_instance
    from stockpile.models.build import build_model
    from stockpile.solver.compile import compile_model
    from stockpile.tree import build_tree

    found = {}
    for size in sizes:
        instance = random_instance(*phases.INSTANCES[size], 1)
        data = make_data(instance, build_tree(instance))
        ours, again = [], []
        for _ in range(5):
            gc.collect()
            started = time.perf_counter()
            compiled = compile_model(build_model(data))
            hand_over(compiled)
            middle = time.perf_counter()
            hand_over(compiled)
            ours.append(middle - started)
            again.append(time.perf_counter() - middle)
        ratio = statistics.median(a / b for a, b in zip(ours, again, strict=True))
        found[size] = {"seconds": statistics.median(ours), "replay": statistics.median(again), "ratio": ratio}
    return found


def stock_pyomo(sizes: tuple[str, ...]) -> dict[str, Any]:
    """The full model, and what stock Pyomo takes for the same object: its own standard form, and its highs interface."""
    from pyomo.contrib.appsi.solvers import Highs
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    from benchmarks.raw import hand_over
    from stockpile.data import make_data
    from stockpile.instance.generate import random_instance
    from stockpile.models.build import build_model
    from stockpile.solver.compile import compile_model
    from stockpile.tree import build_tree

    def ours(model: Any) -> None:
        hand_over(compile_model(model))

    def standard_form(model: Any) -> None:
        LinearStandardFormCompiler().write(model, mixed_form=True)

    def interface(model: Any) -> None:
        Highs().set_instance(model)

    found: dict[str, Any] = {}
    for size in sizes:
        instance = random_instance(*phases.INSTANCES[size], 1)
        data = make_data(instance, build_tree(instance))
        ways = {"stockpile": ours, "Pyomo, its standard form": standard_form, "Pyomo, its highs interface": interface}
        found[size] = {}
        for name, way in ways.items():
            gc.collect()
            started = time.perf_counter()
            way(build_model(data))
            found[size][name] = time.perf_counter() - started
    return found


def start_up() -> dict[str, float]:
    """Seconds of ``stockpile --help``, and of what is imported before anything is built."""
    found = {}
    for name, code in (
        ("help", "from stockpile.cli import main; main(['--help'])"),
        ("before building", "import stockpile.engine, stockpile.plan.audit, stockpile.report.terminal"),
    ):
        times = []
        for _ in range(7):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - started)
        found[name] = statistics.median(times)
    return found


def gaps(full: bool) -> list[dict[str, Any]]:
    """The gap after so many seconds, asking for 0.01 %, against HiGHS by default on the plain formulation."""
    runs = [(name, limit) for name in ("project-vault", "20-40-10-1") for limit in ((10.0, 60.0) if full else (10.0,))]
    runs += [("project-vault", 300.0)] if full else []
    return [{**told(race.race(name, gap=1e-4, limit=limit)), "limit": limit} for name, limit in runs]


def trees(full: bool) -> list[dict[str, Any]]:
    """The gap after a time on trees that grow, against HiGHS by default on the plain formulation."""
    limit, runs = (60.0, race.PARTINGS) if full else (10.0, race.PARTINGS[:3])
    return [{**told(race.tree_race(n, limit)), "limit": limit} for n in runs]


def told(result: dict[str, Any]) -> dict[str, Any]:
    """A race, told on the way."""
    print(result, file=sys.stderr, flush=True)
    return result


if __name__ == "__main__":
    main()
