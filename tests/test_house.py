"""The floors of the house: each room imports only what stands below it, and the audit stands apart from the model."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["cli", "report", "engine", "plan", "solver", "models", "data", "tree", "instance", "errors", "vector"]
LEVEL = {room: len(FLOORS) - i for i, room in enumerate(FLOORS)} | {"study": len(FLOORS) - 1}


def room_of(path: Path) -> str:
    """The room that a file stands in."""
    parts = path.relative_to(ROOT).parts
    return "models" if parts[0] == "models" else parts[1].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Full names of the product's modules that a file imports anywhere, lazily too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if (node.module or "").split(".")[0] == "stockpile":
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "stockpile"}
            assert not any(alias.name.split(".")[0] == "models" for alias in node.names)
    return found


def files() -> list[Path]:
    """Every Python file of the product."""
    engine = [p for p in (ROOT / "stockpile").rglob("*.py") if "models" not in p.relative_to(ROOT).parts]
    return sorted(engine + list((ROOT / "models").glob("*.py")))


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_what_stands_below(path: Path) -> None:
    """Without it a reader would reach into the solver, or the model into files, and no wall would hold."""
    here = room_of(path)
    if here == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        there = parts[1] if len(parts) > 1 else ""
        if there in LEVEL and there != here:
            assert LEVEL[there] < LEVEL[here], f"{here} imports {name}"


def test_every_room_has_a_floor() -> None:
    """A new room must be given its place, or the test above would pass it by."""
    rooms = {room_of(p) for p in files()} - {"__init__", "__main__"}
    assert rooms <= set(LEVEL), rooms - set(LEVEL)


def audit_files() -> list[Path]:
    """The files of the audit, by following what it imports inside the plan room."""
    todo, seen = [ROOT / "stockpile/plan/audit.py"], set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in imports(path):
            for depth in (3, 4):
                module = ROOT.joinpath(*name.split(".")[:depth]).with_suffix(".py")
                if module.exists() and room_of(module) == "plan":
                    todo.append(module)
    return sorted(seen)


def test_the_audit_shares_nothing_with_the_model() -> None:
    """A witness that used the model's code would repeat its mistakes."""
    reached = audit_files()
    assert len(reached) >= 1
    for path in reached:
        rooms = {name.split(".")[1] for name in imports(path) if "." in name}
        assert rooms <= {"instance", "tree", "errors", "plan"}, f"{path}: {rooms}"
        assert not any(n.startswith(("stockpile.plan.extract", "stockpile.plan.solution")) for n in imports(path))


def test_the_compiler_of_templates_stands_alone() -> None:
    """Other users of Pyomo can take the room as it is."""
    for path in (ROOT / "stockpile" / "vector").glob("*.py"):
        assert all(name.startswith("stockpile.vector") for name in imports(path)), path


def test_blocks_of_the_model_never_import_one_another() -> None:
    """They meet in the ledger, so that a block can be added or taken out in one place."""
    shared = {"ledger", "parameters"}
    for path in (ROOT / "models").glob("*.py"):
        if path.stem == "build":
            continue
        used = {name.split(".")[2] for name in imports(path) if name.startswith("stockpile.models.")}
        assert used <= shared, f"{path.name}: {used}"


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_readable(path: Path) -> None:
    """At most 400 lines a file and 60 a function."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import stockpile` and the help page must not wait for numpy, pandas, Pyomo or HiGHS."""
    code = "import stockpile, stockpile.cli, sys; print([m for m in ('numpy','pandas','pyomo','highspy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"
