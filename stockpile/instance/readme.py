"""What an instance says about itself beside its data: its question, its sources, its licence."""

from __future__ import annotations

from pathlib import Path

from stockpile.instance.files import Unreadable, bytes_of, is_workbook, text_of

#: The file that holds it in a folder.
FILE = "README.md"


def readme_of(path: Path) -> str:
    """The README of an instance, a folder or a workbook; empty where it has none that can be read."""
    try:
        if not is_workbook(path):
            return text_of(path / FILE)
        from stockpile.instance.workbook import readme_in

        return readme_in(bytes_of(path))
    except (Unreadable, OSError):
        return ""
