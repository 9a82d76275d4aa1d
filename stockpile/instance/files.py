"""Files as they lie on a disk: read whole, or refused in words for the planner."""

from __future__ import annotations

import stat
from pathlib import Path

#: Endings of workbooks that can be read as instances.
WORKBOOKS = (".xlsx", ".xlsm")
OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods", ".numbers")


class Unreadable(ValueError):
    """A file that cannot be read, in words for the planner."""


def reason(error: BaseException) -> str:
    """The system's words for a failure."""
    words = " ".join(str(getattr(error, "strerror", None) or error).split())
    return words if len(words) <= 150 else f"{words[:150]}..."


def bytes_of(file: Path) -> bytes:
    """The bytes of an ordinary file; a pipe would keep us waiting.  Raises Unreadable, or OSError."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise Unreadable("is a folder, and should be a file" if file.is_dir() else "is not an ordinary file")
    return file.read_bytes()


def text_of(file: Path) -> str:
    """The text of a file in UTF-8.  Raises Unreadable, or OSError."""
    found = bytes_of(file)
    try:
        return found.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        wide = found.startswith((b"\xff\xfe", b"\xfe\xff"))
        line = found[: error.start].count(b"\n") + 1
        what = "it is UTF-16" if wide else f"line {line}, byte 0x{found[error.start]:02x}"
        raise Unreadable(f"is not UTF-8 ({what}); save it as UTF-8") from None


def is_workbook(path: Path) -> bool:
    """Whether a path is meant to be a workbook: by its ending, and no folder."""
    if path.suffix.lower() not in WORKBOOKS:
        return False
    try:
        return not path.is_dir()
    except OSError:
        return True


def no_folder(path: Path) -> str:
    """What is wrong with a file that is given for an instance."""
    if path.suffix.lower() in OTHER_WORKBOOKS:
        return f"is a workbook that is not read; save it as {WORKBOOKS[0]}"
    return f"is a file; an instance is a folder with instance.toml, or a workbook ({WORKBOOKS[0]})"
