"""Help pages: narrow enough for any terminal, with examples that work when pasted, and shown without a wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stockpile.cli.app import program
from tests.cli.program import ENVIRONMENT, call, example

COMMANDS = sorted(program.commands)
PAGES = [[], *([name] for name in COMMANDS)]


@pytest.mark.parametrize("command", PAGES, ids=lambda c: " ".join(c) or "stockpile")
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_a_page_fits_80_columns(
    command: list[str], flag: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal of 80 columns would break longer lines in the middle of an example."""
    monkeypatch.setenv("COLUMNS", "80")
    assert call(*command, flag) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert max(map(len, out.splitlines())) <= 80
    assert "Example" in out
    assert example(out)


@pytest.mark.parametrize("command", PAGES, ids=lambda c: " ".join(c) or "stockpile")
def test_the_example_of_a_page_works_when_pasted(
    command: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first thing that a newcomer does is to paste it."""
    monkeypatch.chdir(tmp_path)
    call(*command, "--help")
    lines = example(capsys.readouterr().out)
    for line in lines:
        assert call(*line[1:]) == 0, (line, capsys.readouterr().err)


def test_every_command_takes_the_common_options(capsys: pytest.CaptureFixture[str]) -> None:
    """A script that adds -q or --json to whatever it calls must not fail for one command."""
    for name in COMMANDS:
        call(name, "--help")
        page = capsys.readouterr().out
        assert all(option in page for option in ("-q, --quiet", "-v, --verbose", "--log-format", "--json")), name


def test_the_exit_statuses_are_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """Who writes a script looks for them there."""
    call("--help")
    page = capsys.readouterr().out
    assert [line.split()[0] for line in page.split("Exit status:")[1].splitlines() if line[:5].strip()][:7] == [
        *"0123456"
    ]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["solve", "--help"], ["nonsense"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Numpy, pandas, Pyomo and HiGHS take a second that nobody wants to wait for a help page."""
    code = (
        "import sys\nfrom stockpile.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy', 'pandas', 'pyomo', 'highspy', 'scipy', 'pyarrow', 'rich', 'vl_convert') if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert ended.stderr.splitlines()[-1] == "[]"
