"""The model of every case, as an LP file that a reader can follow: what a change of the mathematics changes is seen.

``python -m tests.models.test_golden`` writes the files anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from stockpile import engine
from tests.models.cases import CASES

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("case", CASES)
def test_the_model_is_the_golden_one(case: str, tmp_path: Path) -> None:
    """A coefficient, a bound or a name that changes without anybody meaning it shows here, block by block."""
    engine.export(CASES[case](), tmp_path / "model.lp")
    golden = (GOLDEN / f"{case}.lp").read_text(encoding="utf-8")
    assert (tmp_path / "model.lp").read_text(encoding="utf-8") == golden


def test_no_golden_file_is_left_over() -> None:
    """A file without its case is compared with nothing."""
    assert {file.stem for file in GOLDEN.glob("*.lp")} == set(CASES)


def main() -> None:
    """Write the golden files."""
    GOLDEN.mkdir(exist_ok=True)
    for file in GOLDEN.glob("*.lp"):
        file.unlink()
    for case, make in CASES.items():
        engine.export(make(), GOLDEN / f"{case}.lp")


if __name__ == "__main__":
    main()
