"""What the library that reads workbooks passes over in silence: formulas without a value, and stray cells far away.

A cell that shows an error (#REF!) and a formula that was never worked out both read as blank, which would be another
instance.  So the XML of each sheet is looked at (ECMA-376, part 1, 18.3).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from stockpile.instance.files import Unreadable, reason

#: Cells of the rectangle that holds all of a sheet, and bytes of all parts of a workbook, as they are without compression.
MOST_CELLS, MOST_BYTES = 40_000_000, 2_000_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SUSPECT = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


@dataclass
class Sheet:
    """What stands in the XML of a sheet: ``errors`` has the error that a cell shows, by row and column from 0; ``unworked``
    the cells of formulas without a value; ``last`` is the last row and column that hold anything."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unworked: list[tuple[int, int]] = field(default_factory=list)
    last: tuple[int, int] = (0, 0)


def letters(column: int) -> str:
    """A column from 0 as a spreadsheet names it: A, ..., Z, AA, ..."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(ord("A") + rest) + out
    return out


def position(place: str) -> tuple[int, int]:
    """The row and column from 0 of a place such as B14."""
    name = place.rstrip("0123456789")
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(place[len(name) :]) - 1, column - 1


def check_file(content: bytes) -> None:
    """Raises Unreadable where a file is plainly no workbook of this kind: protected, old, or something else."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("is protected by a password; save it without one")
        raise Unreadable("is a workbook of Excel 2003 or older; save it as .xlsx")
    if not content:
        raise Unreadable("is empty")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise Unreadable("is not a workbook (.xlsx), or only a part of one; save it again as .xlsx")


def sheets_of(content: bytes) -> Iterator[tuple[str, Sheet]]:
    """The name of each sheet, and what its XML holds.  Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise Unreadable(f"is larger than {MOST_BYTES:,} bytes without compression; use CSV or Parquet")
            for name, part in _parts(parts):
                yield name, _scan(parts.read(part), name)
    except Unreadable:
        raise
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, ElementTree.ParseError, expat.ExpatError) as error:
        raise Unreadable(f"is not a workbook that can be read: {reason(error)}") from None


def _parts(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part that holds it."""
    book = next((target for kind, target in _links(parts, "_rels/.rels").values() if kind == "officeDocument"), None)
    if book is None:
        raise Unreadable("is not a workbook (.xlsx): it says of no part that it is one")
    folder, _, file = book.rpartition("/")
    links = _links(parts, f"{folder}/_rels/{file}.rels".lstrip("/"), folder)
    for sheet in ElementTree.fromstring(parts.read(book)).iter():
        if sheet.tag.endswith("}sheet"):
            kind, target = links.get(sheet.get(_LINK, ""), ("", ""))
            if kind == "worksheet":
                yield sheet.get("name", ""), target


def _links(parts: zipfile.ZipFile, file: str, folder: str = "") -> dict[str, tuple[str, str]]:
    """The kind and the part of every link in a file of links."""
    found = {}
    for link in ElementTree.fromstring(parts.read(file)):
        target = link.get("Target", "")
        target = target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target)
    return found


def _scan(xml: bytes, name: str) -> Sheet:
    """Reads a sheet closely only where there is something to find.  Raises Unreadable where its cells lie too far apart."""
    places = _PLACE.findall(xml)
    columns = {column for column, _ in places}
    rows = max((int(row) for _, row in places), default=0)
    width = max((position(f"{column.decode()}1")[1] for column in columns), default=-1) + 1
    if rows * width <= MOST_CELLS and not _SUSPECT.search(xml):
        return Sheet(last=(rows - 1, width - 1))
    found = _Scanner().read(xml)
    if (found.last[0] + 1) * (found.last[1] + 1) > MOST_CELLS:
        place = f"{letters(found.last[1])}{found.last[0] + 1}"
        raise Unreadable(f"has cells as far as {place} in the sheet {name!r}; delete what stands beyond the table")
    return found


class _Scanner:
    """Walks through the cells of a sheet."""

    def __init__(self) -> None:
        self.found = Sheet()
        self.at = (-1, -1)
        self.kind = ""
        self.formula = self.within = False
        self.text = ""

    def read(self, xml: bytes) -> Sheet:
        """What the sheet holds.  Raises ExpatError."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(xml, True)
        return self.found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self.at = (int(attributes["r"]) - 1 if "r" in attributes else self.at[0] + 1, -1)
        elif tag == "c":
            self.at = position(attributes["r"]) if "r" in attributes else (self.at[0], self.at[1] + 1)
            self.kind, self.formula, self.text = attributes.get("t", "n"), False, ""
        elif tag == "f":
            self.formula = True
        self.within = tag in ("v", "t")

    def _characters(self, text: str) -> None:
        if self.within:
            self.text += text

    def _end(self, tag: str) -> None:
        self.within = False
        if tag.rpartition(":")[2] != "c":
            return
        if self.kind == "e":
            self.found.errors[self.at] = self.text
        elif self.formula and not self.text and self.kind != "str":
            self.found.unworked.append(self.at)
        if self.text or self.formula:
            row, column = self.found.last
            self.found.last = (max(row, self.at[0]), max(column, self.at[1]))
