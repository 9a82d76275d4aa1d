"""The study to start from is one, for any instance."""

from __future__ import annotations

from pathlib import Path

from stockpile.instance.generate import new_instance
from stockpile.study.batch.starter import write_starter
from tests.study.batch.studies import batch


def test_the_study_to_start_from_runs(tmp_path: Path) -> None:
    """Three rates, whatever the instance is called."""
    new_instance(tmp_path / 'a "b" ü')
    (tmp_path / "studies").mkdir()
    file = tmp_path / "studies" / "mine.toml"
    write_starter(file, tmp_path / 'a "b" ü')
    outcome, _ = batch(file, tmp_path / "out")
    assert [record.state for record in outcome.records] == ["optimal"] * 3
    assert [record.id for record in outcome.records] == [f"a-b--discount_rate={rate}" for rate in ("0", "0.03", "0.06")]
