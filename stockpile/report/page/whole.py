"""A page as one HTML file: title, contents, sections, the charts with their data, and the code that draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from stockpile import __version__
from stockpile.report.page.draw import library, with_data
from stockpile.report.page.html import Markup, block, element, grid, joined, safe, script
from stockpile.report.page.marks import DARK, INK
from stockpile.report.page.parts import Chart, Section

POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the page may do: run what is in it, and load nothing."""


@dataclass(frozen=True)
class Page:
    """A title, what it is about in a line (empty: nothing), and sections, of which some have parts."""

    title: str
    about: str
    sections: Sequence[Section]

    def charts(self) -> Iterator[tuple[str, Chart]]:
        """Every chart with its place on the page."""
        for place, section in _placed(self.sections):
            for chart in section.charts:
                yield f"{place}{chart.name}", chart

    def html(self) -> str:
        """The file.  Raises ImportError without the extra ``report``."""
        lead = [element("h1", self.title), *([element("p", self.about)] if self.about else [])]
        body = joined(
            [
                element("a", "Skip to the content", class_="skip", href="#main"),
                element("header", *lead),
                element("nav", _folded(_contents(self.sections)), aria_label="Contents"),
                element("main", joined(self._told()), id="main", tabindex="-1"),
                element("footer", element("p", f"Made by stockpile {__version__}; this file needs no network.")),
                element(
                    "noscript",
                    element("p", "Charts, search, sorting and CSV need JavaScript; all tables are here without."),
                ),
            ]
        )
        code = files("stockpile.report.page").joinpath("page.js").read_text(encoding="utf-8")
        drawn = block("charts", {place: with_data(chart) for place, chart in self.charts()})
        scripts = joined([drawn, script(code), script(library())])
        return f'<!DOCTYPE html>\n<html lang="en">\n{_head(self.title)}\n<body>\n{body}\n{scripts}\n</body>\n</html>\n'

    def _told(self) -> Iterator[Markup]:
        """The sections as HTML."""
        for i, section in enumerate(self.sections):
            if section.parts:
                inner = [_section(part, f"p{i}-", "h3") for part in section.parts]
                yield _section(section, f"p{i}-", "h2", inner)
            else:
                yield _section(section, "", "h2")


def _placed(sections: Sequence[Section]) -> Iterator[tuple[str, Section]]:
    """Every section that holds charts, with what the names of its places begin with."""
    for i, section in enumerate(sections):
        yield "", section
        for part in section.parts:
            yield f"p{i}-", part


def _contents(sections: Sequence[Section]) -> Markup:
    items = []
    for i, section in enumerate(sections):
        link = element("a", section.title, href=f"#{_place(section, f'p{i}-' if section.parts else '')}")
        inner = [element("li", element("a", part.title, href=f"#{_place(part, f'p{i}-')}")) for part in section.parts]
        items.append(element("li", link, element("ul", *inner) if inner else ""))
    return element("ul", *items)


def _folded(contents: Markup) -> Markup:
    """The list of contents under its heading, which shows and hides it; the page's code hides it at first on a narrow screen."""
    return element("details", element("summary", element("h2", "Contents")), contents, open=True)


def _place(section: Section, prefix: str) -> str:
    return f"{prefix}{section.name}-section"


def _section(section: Section, prefix: str, level: str, inner: Sequence[Markup] = ()) -> Markup:
    """A section as HTML: heading, sentences, charts, tables, then its parts."""
    place = _place(section, prefix)
    charts = [_figure(chart, f"{prefix}{chart.name}") for chart in section.charts if not chart.small]
    small = [_figure(chart, f"{prefix}{chart.name}") for chart in section.charts if chart.small]
    tables = [grid(table, f"{prefix}{table.name}-table") for table in section.grids]
    return element(
        "section",
        element(level, section.title, id=f"{place}-title"),
        *(element("p", _kept(words)) for words in section.words),
        *([element("p", section.note, class_="note")] if section.note else []),
        *charts,
        *([element("div", *small, class_="several")] if small else []),
        *tables,
        *inner,
        id=place,
        aria_labelledby=f"{place}-title",
        class_=f"about-{section.name}",
    )


def _kept(words: str) -> Markup:
    """A sentence whose lines do not end between a number and its percent sign."""
    return Markup(safe(words).replace(" %", "&nbsp;%"))


def _figure(chart: Chart, place: str) -> Markup:
    said = f"{chart.title}. {chart.says}"
    plot = element("div", class_="plot", role="img", aria_label=said, data_chart=place)
    if chart.wide:
        plot = element("div", plot, class_="wide", tabindex="0", role="group", aria_label=chart.title)
    return element("figure", element("figcaption", chart.title), plot, id=place)


def _head(title: str) -> Markup:
    style = files("stockpile.report.page").joinpath("style.css").read_text(encoding="utf-8")
    light, dark = ("".join(f"{name}:{ink};" for name, ink in inks.items()) for inks in (INK, DARK))
    inks = f":root{{color-scheme:light dark;{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Markup('<link rel="icon" href="data:,">'),
        element("title", title),
        Markup(f"<style>{inks}{style}</style>"),
    )
