"""The formulation as a page: what the docstrings of the mathematics say, block by block.

``python -m stockpile.report.formulation`` writes ``models/README.md``; a test keeps the page current.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

BLOCKS = (
    "purchasing",
    "markets",
    "market_supply",
    "returns",
    "undelivered",
    "contracts",
    "accounts",
    "stock",
    "cohorts",
    "stores",
    "tracing",
    "batches",
    "processing",
    "rotation",
    "exchange",
    "rotation_events",
    "demand",
    "backlog",
    "financing",
    "abandonment",
    "alternatives",
    "loans",
    "guarantees",
    "price_floors",
    "incentives",
    "resources",
    "funds",
    "backing",
    "commitments",
    "exposure",
    "losses",
    "pins",
    "policies",
    "observing",
    "risk",
    "build",
)

HEAD = """# The formulation

Generated from the docstrings in this folder by `python -m stockpile.report.formulation`; do not edit.

Every row is indexed by a node n of the scenario tree: one period in one group of scenarios that cannot yet be told
apart. a(n) is the parent of n, n - L the node L periods back on its path, T the number of periods. Nodes before the root
carry what was there at the start. In a node, in this order: its data become known; deliveries arrive; orders, releases
and sales are decided; demand is met or falls short; what is left is the closing stock.

Indices: g good, c age, w and o stores, k source, s price step, v market, e sector, i tier or stage, p and q projects, f fund,
r resource, j and k processes and a attribute where it says so, x row of effects, y row of price floors, z incentive, a pin or policy;
of contracts c contract, b and e first and last period of a band, j periods since it began, beta whether it has begun.
"""


def formulation() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for block in BLOCKS:
        module = import_module(f"stockpile.models.{block}")
        source = inspect.getsource(module)
        title = block.replace("_", " ").capitalize() if block != "build" else "Objective"
        parts.append(f"## {title}\n\n{inspect.cleandoc(module.__doc__ or '')}\n")
        parts += [f"### {name}\n\n{_as_markdown(text)}\n" for name, text in _equations(source)]
    return "\n".join(parts)


def _equations(source: str) -> Iterator[tuple[str, str]]:
    """Name and docstring of every function of a module that states an equation, in the order of the source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            text = ast.get_docstring(node)
            if text and ".. math::" in text:
                yield node.name.replace("_", " "), text


def _as_markdown(text: str) -> str:
    """A docstring with its math directives as display formulas."""
    block = re.compile(r"^\.\. math:: (.*(?:\n {4,}.*)*)$", re.MULTILINE)
    return block.sub(lambda found: "$$" + " ".join(found.group(1).split()) + "$$", text)


def main() -> None:
    """Write the page next to the mathematics."""
    page = Path(inspect.getfile(import_module("stockpile.models"))).resolve().parent / "README.md"
    page.write_text(formulation(), encoding="utf-8")


if __name__ == "__main__":
    main()
