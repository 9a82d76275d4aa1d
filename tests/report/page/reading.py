"""A page read back: its elements in order, tables as cells with their values, the plain values of its charts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "br", "input"}


@dataclass
class Element:
    """An element with its attributes, children and text."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """Every element of a kind below this one, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if child.tag == tag else []
                found += child.all(tag)
        return found

    @property
    def every(self) -> list[Element]:
        """This element and all below it."""
        return [self, *(e for child in self.children if isinstance(child, Element) for e in child.every)]

    @property
    def text(self) -> str:
        """All text below."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Reader(HTMLParser):
    """A parser that takes nothing but elements that are closed where they are opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        """The last element that is open ends, and no other."""
        assert self.open.pop().tag == tag, tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """The page as a tree of elements."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    (root,) = reader.open
    return root


def cell(element: Element) -> str | float:
    """A cell: the value of a number, or text."""
    if "n" not in element.attributes.get("class", "").split():
        return element.text
    text = element.attributes.get("data-v", element.text)
    return float("nan") if text == "–" else float(text.replace(",", ""))


def table(page: Element, name: str) -> list[list[str | float]]:
    """The rows of a table by the name of its CSV file, headings first."""
    (found,) = [t for t in page.all("table") if t.attributes["data-csv"] == name]
    head, *body = found.all("tr")
    return [[th.text for th in head.all("th")], *([cell(td) for td in row.all("td")] for row in body)]


def charts(page: Element) -> dict[str, Any]:
    """Every chart by its place."""
    (block,) = [s for s in page.all("script") if s.attributes.get("id") == "charts"]
    found: dict[str, Any] = json.loads(block.text)
    return found


def words(page: Element, section: str = "answer") -> list[str]:
    """The sentences of a section, without what keeps names and numbers together."""
    (found,) = [s for s in page.all("section") if s.attributes["id"] == f"{section}-section"]
    return [
        p.text.replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ")
        for p in found.children
        if isinstance(p, Element) and p.tag == "p"
    ]
