"""Where results go: found usable before any work is done."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from stockpile.cli.console import printable
from stockpile.cli.failures import UsageProblem
from stockpile.errors import DataError


def check_plan_folder(path: Path) -> None:
    """A folder that a plan may be written to: new, empty, or an older plan, which is replaced.

    Raises UsageProblem with the reason and what would work.
    """
    name = printable(path)
    if path.is_symlink() and not path.exists():
        raise UsageProblem(f"-o {name}: a link that leads nowhere; give another folder")
    path = Path(os.path.realpath(path))
    if path.exists():
        if not path.is_dir():
            raise UsageProblem(f"-o {name}: a file; a plan is a folder, so give the name of a new one")
        check_elsewhere(path, f"-o {name}")
        _check_content(path, name)
        _check_writable(path, f"-o {name}")
    _check_parent(path, f"-o {name}")


def check_elsewhere(folder: Path, name: str) -> None:
    """Not the folder one is in: what is written takes its place, and a shell would stay in the one that is gone.

    Raises UsageProblem.
    """
    if folder.exists() and folder.samefile("."):
        raise UsageProblem(f"{name}: the folder you are in; what is written takes its place, so name another")


def check_batch_folder(path: Path) -> None:
    """A folder for the runs of a batch: new, empty, or that of an earlier batch, which goes on.  Raises UsageProblem."""
    name = f"-o {printable(path)}"
    if path.exists() and not path.is_dir():
        raise UsageProblem(f"{name}: a file; the runs go into a folder, so give the name of a new one")
    if path.is_dir():
        from stockpile.study.batch.folder import is_batch

        if not is_batch(path) and any(path.iterdir()):
            raise UsageProblem(f"{name}: holds something else than the runs of a batch; give another folder")
        _check_writable(path, name)
    _check_parent(path, name)


def _check_content(path: Path, name: str) -> None:
    try:
        content = {entry.name for entry in path.iterdir()}
    except OSError as error:
        raise UsageProblem(f"-o {name}: {error.strerror}") from error
    if "instance.toml" in content:
        raise UsageProblem(f"-o {name}: holds an instance; give the plan a folder of its own")
    from stockpile.plan.write import check_target

    try:
        check_target(path)
    except DataError as error:
        raise UsageProblem(f"-o {name}: {error.problems[0].message}") from error


def _check_parent(path: Path, name: str) -> None:
    """The nearest folder above that exists must let us make folders."""
    above = Path(os.path.abspath(path)).parent
    while not above.exists() and not above.is_symlink():
        above = above.parent
    if not above.is_dir():
        raise UsageProblem(f"{name}: {printable(above)} is not a folder")
    _check_writable(above, name)


def _check_writable(folder: Path, name: str) -> None:
    try:
        Path(tempfile.mkdtemp(prefix=".stockpile-", dir=folder)).rmdir()
    except OSError as error:
        raise UsageProblem(f"{name}: cannot write in {printable(folder)}: {error.strerror}") from error


def check_file(path: Path, folder: Path, what: str = "instance", option: str = "-o", made: Path | None = None) -> None:
    """A file that may be written: new, or an ordinary file, which is replaced, but none of the ``folder`` of an instance or a plan.

    It may lie in a folder that will be ``made``.  Raises UsageProblem.
    """
    name = f"{option} {printable(path)}"
    if path.is_dir():
        raise UsageProblem(f"{name}: a folder; give the name of a file")
    target, source = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    if path.exists() and source in (target, target.parent):
        whole = f"the {what} itself" if source == target else f"a file of the {what}"
        raise UsageProblem(f"{name}: {whole}; give another name")
    if path.exists() and not os.access(path, os.W_OK):
        raise UsageProblem(f"{name}: not writable")
    above = Path(os.path.abspath(path)).parent
    if made is not None and above == Path(os.path.abspath(made)) and not above.exists():
        return
    if not above.is_dir():
        raise UsageProblem(f"{name}: there is no folder {printable(above)}")
    if not path.exists() or path.is_file():
        _check_writable(above, name)


def check_report(output: Path, figures: Path | None, plans: Sequence[Path]) -> None:
    """A file for a report, and a folder for its figures that is new or may be added to; neither is in a plan.

    Raises UsageProblem.
    """
    for plan in plans:
        check_file(output, plan, "plan")
    _check_apart([(output.absolute().parent, f"-o {printable(output)}"), (figures, "--figures")], plans)
    _check_figures(figures)


def check_curve(html: Path | None, figures: Path | None, instance: Path, points: Path | None) -> None:
    """A file for a trade-off, which may lie in the folder of its ``points``, and a folder for its figures.

    Raises UsageProblem.
    """
    plans = sorted(points.glob("point-*")) if points is not None and points.is_dir() else []
    above = None if html is None else html.absolute().parent
    if html is not None:
        if points is not None and html.absolute() == points.absolute():
            raise UsageProblem(f"--html {printable(html)}: a folder to be; give the name of a file")
        check_file(html, instance, option="--html", made=points)
        _check_apart([(above, f"--html {printable(html)}")], plans)
    _check_apart([(figures, "--figures")], [instance, *plans])
    _check_figures(figures)


def _check_apart(places: Sequence[tuple[Path | None, str]], folders: Sequence[Path]) -> None:
    """No place is a folder of a plan or of an instance."""
    for folder in folders:
        what = "an instance" if (folder / "instance.toml").exists() else "a plan"
        for place, name in places:
            if place is not None and os.path.realpath(place) == os.path.realpath(folder):
                raise UsageProblem(f"{name}: in the folder of {what}, which holds nothing else; give another place")


def _check_figures(figures: Path | None) -> None:
    """A folder that is new or may be added to."""
    if figures is None:
        return
    name = f"--figures {printable(figures)}"
    if figures.exists() and not figures.is_dir():
        raise UsageProblem(f"{name}: a file; give the name of a folder")
    if figures.is_dir():
        _check_writable(figures, name)
    else:
        _check_parent(figures, name)


def deliver(draft: Path, output: Path | None) -> None:
    """Copy the finished file to its place, where a reader never sees half of it; or to standard output."""
    if output is None:
        with draft.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    if output.exists() and not output.is_file():
        with draft.open("rb") as source, output.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        return
    place = Path(os.path.realpath(output))
    near = place.with_name(f".{place.name[:200]}.{os.getpid()}")
    try:
        shutil.copyfile(draft, near)
        os.replace(near, place)
    finally:
        near.unlink(missing_ok=True)
