"""The report in a browser: nothing is loaded, every chart is drawn, all works by keyboard, and names do nothing."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, sync_playwright
from playwright.sync_api import Page as Tab

from stockpile import engine
from stockpile.instance import load
from stockpile.plan.plan import Plan
from stockpile.report.page.document import report
from stockpile.report.page.draw import picture
from stockpile.report.page.frontier import frontier_page
from stockpile.report.page.html import PRINTED
from stockpile.report.page.whole import Page
from tests.report.page.plans import ALERT, alerting, bound, chained, curved, forked, quick, strange
from tests.sampling import every

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: apt-get install chromium")

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE = 120_000
"""Milliseconds after which a page hangs."""
WIDE, PHONE = 1200, 390


def reported(*plans: Plan) -> Page:
    """The report about plans."""
    return report([(f"plans/{i}", plan) for i, plan in enumerate(plans)])


PAGES: dict[str, Callable[[], Page]] = {
    "one": lambda: reported(quick()),
    "tree": lambda: reported(forked()),
    "rules": lambda: reported(chained()),
    "strange": lambda: reported(strange()[0]),
    "script": lambda: reported(alerting()),
    "long": lambda: reported(bound()),
    "several": lambda: reported(quick(), quick("prices[*].price*=1.2"), forked()),
    "frontier": lambda: frontier_page(curved()),
}
HOME = Path(__file__).resolve().parents[3] / "instances"
SHIPPED = {
    "vault": ("project-vault",),
    "strategies": ("status-quo", "mobilisation", "third-path", "supply-agreement"),
    "shocks": ("project-vault-shocks",),
}
"""Reports about plans of the large instances that are shipped, which take minutes to find."""
READ_ALOUD = ("several", "rules", "strange", "frontier")
LARGE = [pytest.param(name, marks=pytest.mark.soak) for name in SHIPPED]


def shipped(name: str) -> Page:
    """The report about plans of shipped instances, side by side where there are several."""
    return reported(*(engine.solve(load(HOME / folder), gap=0.01, time_limit=900) for folder in SHIPPED[name]))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where reports are written once."""
    return tmp_path_factory.mktemp("reports")


@dataclass
class Shown:
    """A page, and what happened on it that should not."""

    page: Tab
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """A name has asked for something: that is told."""
        self.messages.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def show(browser: Browser, place: Path) -> Iterator[Callable[..., Shown]]:
    """A function that opens a report from disk, without a network, and waits until it is drawn."""
    contexts = []

    def shown(name: str, width: int = WIDE, **options: Any) -> Shown:
        file = place / f"{name}.html"
        if not file.exists():
            file.write_text((PAGES[name]() if name in PAGES else shipped(name)).html(), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        seen = Shown(page)
        page.on("console", lambda message: seen.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.messages.append(f"error: {error}"))
        page.on("dialog", seen.dismiss)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.goto(file.as_uri())
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]")
        return seen

    yield shown
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("name", "width"),
    [
        *((name, WIDE) for name in PAGES),
        *every(2, ((name, PHONE) for name in PAGES)),
        *(pytest.param(*page.values, width, marks=page.marks) for page in LARGE for width in (WIDE, PHONE)),
    ],
)
def test_it_opens_without_a_word_and_draws_every_chart(show: Callable[..., Shown], name: str, width: int) -> None:
    """No message, no request but for the file, no frame without marks, nothing wider than the screen."""
    seen = show(name, width)
    assert seen.messages == []
    assert len(seen.requests) == 1
    assert seen.requests[0].startswith("file://")
    drawn = seen.page.evaluate("[...document.querySelectorAll('[data-chart]')].map(e => [e.dataset.chart, Number(e.dataset.drawn), e.querySelector('svg')?.clientWidth ?? 0])")  # fmt: skip
    assert len(drawn) > (5 if name != "frontier" else 3)
    for chart, marks, wide in drawn:
        assert marks > 0, chart
        assert wide > 150, chart
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        *((name, "light") for name in READ_ALOUD),
        *every(4, ((name, "dark") for name in READ_ALOUD)),
        *(pytest.param(*page.values, scheme, marks=page.marks) for page in LARGE for scheme in ("light", "dark")),
    ],
)
def test_nothing_stands_in_the_way_of_who_cannot_see_it(show: Callable[..., Shown], name: str, scheme: str) -> None:
    """Axe-core finds nothing serious: names, roles, contrast, order of headings."""
    page = show(name, color_scheme=scheme).page
    found = Axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []


def focused(page: Tab) -> str:
    """What has the focus: its text, or what it is called."""
    told = page.evaluate("(e => e.ariaLabel || e.id || e.textContent)(document.activeElement)")
    return str(told)


def test_all_can_be_done_by_keyboard(show: Callable[..., Shown]) -> None:
    """The first key skips the contents; then charts and tables come in order, with search, CSV and sorting."""
    page = show("rules").page
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    order = []
    for _ in range(7):
        page.keyboard.press("Tab")
        order.append(focused(page))
    title = "Parts of the objective; they add up to it"
    assert order[:5] == [f"Search: {title}", f"Download as CSV: {title}", title, "cost", "amount, MUSD"]


def test_the_contents_are_folded_on_a_phone(show: Callable[..., Shown]) -> None:
    """There the list is closed at first and opens by keyboard; a wide screen shows it, also one that is turned."""
    page = show("several", width=PHONE, reduced_motion="reduce").page
    link = page.locator("nav a").last
    assert not link.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "Contents"
    page.keyboard.press("Enter")
    assert link.is_visible()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash")
    assert page.evaluate("location.hash") == link.get_attribute("href")
    for width, seen in ((WIDE, True), (PHONE, False)):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"document.querySelector('nav details').open === {str(seen).lower()}")
        assert link.is_visible() is seen


CUT = """() => [...document.querySelectorAll('caption')].filter((caption) => {
  const words = document.createRange();
  words.selectNodeContents(caption);
  return words.getBoundingClientRect().right > caption.closest('.scroll').getBoundingClientRect().right;
}).map((caption) => caption.textContent)"""


def test_tables_can_be_read_on_a_phone(show: Callable[..., Shown]) -> None:
    """No title of a table is cut where the table is wider than the screen, and long cells get room for their words."""
    page = show("rules", width=PHONE).page
    wider = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 9).length"
    )
    assert wider > 3
    assert page.evaluate(CUT) == []
    widths = page.evaluate("[...document.querySelectorAll('td.wordy')].map(e => e.getBoundingClientRect().width)")
    assert len(widths) > 5
    assert min(widths) >= 190


CLIPPED = """() => [...document.querySelectorAll('svg')].filter((svg) => {
  const edge = svg.getBoundingClientRect();
  const legends = [...svg.querySelectorAll('.role-legend')].map((legend) => legend.getBoundingClientRect());
  return legends.some((legend) => legend.bottom > edge.bottom + 1 || legend.right > edge.right + 1);
}).length"""


def test_no_legend_is_cut(show: Callable[..., Shown]) -> None:
    """At widths where the place of a chart has room for one more column than the chart itself, also after a turn; nor in a picture."""
    page = show("rules", width=WIDE).page
    assert page.locator(".role-legend").count() > 3
    for width in (1000, 810, 420):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"document.querySelector('[data-chart=paid-by-use] svg').clientWidth < {width}")
        page.wait_for_timeout(100)
        assert page.evaluate(CLIPPED) == 0, width
    (chart,) = [chart for place, chart in reported(chained()).charts() if place == "paid-by-use"]
    page.set_content(picture(chart)[0])
    assert page.locator(".role-legend-entry").count() > 0
    assert page.evaluate(CLIPPED) == 0


def test_a_table_is_searched_and_sorted(show: Callable[..., Shown]) -> None:
    """Words leave the rows that have all of them; a heading sorts by value up, then down, and says so."""
    page = show("rules").page
    table = page.locator("table[data-csv=costs]")
    search = page.get_by_label("Search: Parts of the objective")
    search.focus()
    page.keyboard.type("PENALTY")
    visible = [row for row in table.locator("tbody tr").all() if row.is_visible()]
    assert 0 < len(visible) < table.locator("tbody tr").count()
    assert all("penalty" in row.inner_text() for row in visible)
    assert page.locator(".tools:has(input:focus) [role=status]").inner_text().startswith(f"{len(visible)} of ")
    search.fill("")
    for expected, reverse in (("ascending", False), ("descending", True)):
        table.locator("th.n button").focus()
        page.keyboard.press("Enter")
        assert table.locator("th.n").get_attribute("aria-sort") == expected
        values = [float(v.replace(",", "")) for v in table.evaluate("t => [...t.tBodies[0].rows].map(r => r.cells[1].dataset.v ?? r.cells[1].textContent)")]  # fmt: skip
        assert values == sorted(values, reverse=reverse)


def downloaded(page: Tab, name: str) -> list[list[str]]:
    """The CSV file that the button of a table gives."""
    with page.expect_download() as waiting:
        page.locator(f".grid:has(table[data-csv={name}]) button[aria-label^='Download as CSV']").press("Enter")
    assert waiting.value.suggested_filename == f"{name}.csv"
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_table_is_downloaded(show: Callable[..., Shown]) -> None:
    """The file has every figure in full, and text that a spreadsheet would take for a formula is told apart."""
    page = show("one").page
    rows = downloaded(page, "purchases")
    assert rows[0][:5] == ["good", "source", "origin", "by", "quantity, kt"]
    assert [row[:5] for row in rows[1:]] == [["antimony", "imports", "abroad", "order", "22"], ["antimony", "smelter output", "home", "order", "12"]]  # fmt: skip
    assert float(rows[1][5]) == pytest.approx(256 / 22)


EVERY_FILE = """async () => {
  const files = [];
  URL.createObjectURL = (blob) => { files.push(blob.text()); return "#"; };
  HTMLAnchorElement.prototype.click = () => {};
  document.querySelectorAll("button[aria-label^='Download as CSV']").forEach((button) => button.click());
  return Promise.all(files);
}"""


def test_a_formula_is_told_apart(show: Callable[..., Shown]) -> None:
    """Of the tables of hostile names some cell begins as a formula, and none does in its file."""
    page = show("strange").page
    files = page.evaluate(EVERY_FILE)
    assert len(files) == page.locator("table[data-csv]").count()
    begun = 0
    for text in files:
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
            begun += sum(cell.startswith(("'=", "'-", "'@")) for cell in row)
            assert not any(cell[:1] in ("=", "@", "+") or (cell[:1] == "-" and not _is_number(cell)) for cell in row)
    assert begun > 0


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_a_name_on_a_chart_is_text(show: Callable[..., Shown]) -> None:
    """What is told of a mark under the pointer has the name as it is, and no element of it."""
    seen = show("script", width=WIDE)
    mark = seen.page.locator("[data-chart=cover] .mark-rect path").first
    mark.scroll_into_view_if_needed()
    mark.hover()
    told = seen.page.locator("#vg-tooltip-element")
    told.wait_for(state="visible")
    assert ALERT in told.inner_text()
    assert told.locator("script").count() == 0
    assert seen.page.locator("script").count() == 3
    assert seen.messages == []


def test_dark_and_light_are_the_readers_choice(show: Callable[..., Shown]) -> None:
    """Page and charts follow, also while they are open."""
    page = show("one", color_scheme="light").page
    inks = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('[data-chart=costs] .role-axis-label text')).fill]"
    light = page.evaluate(inks)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(inks)
    assert light == ["rgb(255, 255, 255)", "rgb(29, 38, 48)"]
    assert dark == ["rgb(20, 25, 30)", "rgb(228, 233, 238)"]


def test_it_prints(show: Callable[..., Shown]) -> None:
    """In light, without what paper cannot do; of long tables the first rows are printed, and it says how many more there are."""
    page = show("long", color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    assert not page.locator(".tools").first.is_visible()
    hidden = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollHeight > e.clientHeight + 2).length"
    )
    assert hidden == 0
    printed = page.evaluate("[...document.querySelectorAll('table[data-csv]')].map(t => [t.tBodies[0].rows.length, [...t.tBodies[0].rows].filter(r => r.checkVisibility()).length, t.closest('.grid').querySelector('.paper')?.textContent ?? ''])")  # fmt: skip
    assert max(rows for rows, _, _ in printed) > PRINTED
    for rows, shown, told in printed:
        assert shown == min(rows, PRINTED)
        assert told == (f"and {rows - PRINTED:,} more on the screen and as CSV" if rows > PRINTED else "")
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.evaluate("getComputedStyle(document.querySelector('th button')).display") == "contents", (
        "Chromium repeats no head of a table on the next page that has a box of a control"
    )


def test_without_a_script_the_tables_are_there(show: Callable[..., Shown]) -> None:
    """Who reads it in a viewer that runs nothing has words and tables, and is told what is missing."""
    page = show("one", java_script_enabled=False).page
    assert page.locator("table").first.is_visible()
    assert page.locator("nav a").first.is_visible()
    assert page.locator("noscript").inner_text().startswith("Charts, search, sorting and CSV need JavaScript")
