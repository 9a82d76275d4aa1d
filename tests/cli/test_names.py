"""Whatever a folder or a good is called, a terminal shows it and does nothing else."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from stockpile.instance.write import write
from tests.cli.program import call, shown
from tests.instance.test_names import named
from tests.sampling import every

FOLDERS = {
    "escape": "a\x1b[31mb",
    "clear": "\x1b[2J\x1b]0;title\x07",
    "right-to-left": "gpj.\u202exe",
    "newline": "a\nerror: b",
    "carriage-return": "safe\rrm",
    "not-utf-8": os.fsdecode(b"a\xff"),
    "c1": "a\x9b31mb",
}
COMMANDS = [
    ("check {x}", 0),
    ("solve {x} -o {x}/../plan-{n}", 0),
    ("solve {x} --threads 1", 0),
    ("audit {x} plan", 0),
    ("compare plan {x}/../plan-{n}", 0),
    ("compare plan {x}", 2),
    ("export {x} --to lp -o model-{n}", 0),
    ("export {x} --to mps", 0),
    ("new {x}", 2),
    ("new new-{n}", 0),
    ("audit {x} {x}", 2),
    ("solve reserve -o {x}", 2),
    ("solve reserve -o {x}/no/../goods.csv", 2),
    ("solve reserve --start {x}", 2),
    ("solve {x}/none", 2),
    ("solve reserve {x}", 2),
    ("export reserve --to lp -o {x}", 2),
    ("export reserve --to {n}", 2),
    ("solve reserve --gap {n}", 2),
    ("solve reserve --threads {n}", 2),
    ("solve reserve --{n}", 2),
    ("{n}", 2),
]


@pytest.mark.parametrize("kind", every(2, FOLDERS))
def test_the_name_of_a_folder_does_nothing_to_the_terminal(
    kind: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder from a stranger could colour, clear or retitle the terminal, or forge a line of ours."""
    name = FOLDERS[kind]
    shutil.copytree(here / "reserve", here / name)
    for line, status in COMMANDS:
        arguments = [part.format(x=name, n=name) for part in line.split(" ")]
        assert call(*arguments) == status, line
        out, err = capsys.readouterr()
        assert shown(out + err), (line, out + err)
        assert not any(text.startswith("error: b") for text in err.splitlines()), line


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_document_carries_the_name_unchanged(kind: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script opens the folder by what the document says; as plain ASCII the document passes through any terminal."""
    name = FOLDERS[kind]
    assert call("new", name, "--json", "-q") == 0
    out = capsys.readouterr().out
    assert json.loads(out)["folder"] == name
    assert out.isascii()
    assert shown(out)
    assert call("solve", name, "-o", f"{name}-plan", "--json", "-q") == 0
    assert (here / json.loads(capsys.readouterr().out)["plan"] / "plan.json").exists()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "תחמוצת דיספרוזיום", "[bold]x[/bold] %s {0}", "🧲 magnet"]
)
def test_the_name_of_a_good_is_shown_as_it_is(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Markup is text, and letters that are read from the right are letters."""
    write(named(name), here / "odd")
    for arguments in (["check", "odd"], ["solve", "odd", "-o", "odd-plan"], ["audit", "odd", "odd-plan"]):
        assert call(*arguments) == 0
        out, err = capsys.readouterr()
        assert shown(out + err)
        assert arguments[0] == "audit" or name[:6] in out
