"""How a page reads: what is folded, what scrolls, and how tables and captions stand; on every page."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import book
import press
from press import browsing
from press.markup import LONG

STYLES = [path.read_text(encoding="utf-8") for path in (Path(press.__file__).parent / "styles").glob("*.css")]
UNMARKED = """() => [...document.querySelectorAll("pre, .wide, .formula, span.long")]
    .filter(box => box.checkVisibility() && box.clientWidth && !box.matches(".more"))
    .filter(box => box.scrollWidth - box.clientWidth > 2)
    .map(box => box.textContent.slice(0, 60))"""
POWER = r"([\d.]+⋅)?10\u2212?\d+"  # of ten, a formula
NUMBER = re.compile(rf"[+\u2212]?\d[\d,]*(\.\d+)?%?[\u2007\u2008]*|{POWER}")
SCROLLED = """() => {
    document.querySelectorAll("details").forEach(each => each.open = true);
    return [...document.querySelectorAll("article span.long:not(.lab *, td *)")].filter(each => each.checkVisibility())
        .filter(each => each.scrollWidth - each.clientWidth > 2).map(each => each.textContent.slice(0, 60));
}"""
# The authors' notes are shown; what a term means is not, since its card says it, too.
NOTES = """() => [...document.querySelectorAll("aside.margin")]
    .filter(note => note.checkVisibility() === note.matches(".meaning")).map(note => note.textContent.slice(0, 60))"""
LOW = """() => [...document.querySelectorAll("summary")].filter(each => each.checkVisibility())
    .filter(each => each.getBoundingClientRect().height < 24).map(each => each.textContent)"""
# Short code on two lines, a caption that its table takes out of view, a proof whose end mark stands below it.
BROKEN = """() => [...document.querySelectorAll(":not(pre) > code, caption, .proof:not([id]) > :last-child")]
    .filter(each => each.checkVisibility())
    .filter(each => each.matches("code") ? !each.matches(".long") && each.getClientRects().length > 1 :
        each.matches("caption") ? each.offsetWidth > each.closest(".wide").clientWidth :
        each.scrollHeight - each.clientHeight > 10)
    .map(each => each.textContent.slice(0, 60))"""

CROWDED = """() => {
    const box = each => each.getBoundingClientRect();
    const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 ||
        a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    const shown = [...document.querySelectorAll("article :is(figure, pre, table, .formula, p, aside)")]
        .filter(each => each.checkVisibility());
    return [...document.querySelectorAll("aside.margin")].filter(note => note.checkVisibility()).flatMap(note =>
        shown.filter(each => !note.contains(each) && !each.contains(note) && !apart(box(note), box(each)))
            .map(each => [note.textContent.slice(0, 40), each.textContent.slice(0, 40)]));
}"""
PUSHED = """() => [...document.querySelectorAll("article section")].flatMap(section => {
    const parts = [...section.children].filter(each => !each.matches("aside") && each.getBoundingClientRect().height);
    return parts.slice(1).filter((each, i) => each.matches(".cell, figure, .wide, ul.overview") &&
        each.getBoundingClientRect().top - parts[i].getBoundingClientRect().bottom > 100)
        .map(each => each.textContent.slice(0, 40));
})"""


@pytest.fixture(scope="module")
def address(site):
    """The address at which the built site is served."""
    with browsing.served(site) as where:
        yield where


@pytest.fixture(params=book.pages())
def parsed(request, site):
    """A parsed page."""
    return BeautifulSoup((site / f"{request.param}.html").read_text(encoding="utf-8"), "html.parser")


def test_folded_code_is_code(parsed):
    for folded in parsed.select("details.hide:not(.fold)"):
        assert any(code.get_text().strip() for code in folded.find_all("pre"))


def test_cells_of_imports_are_folded(parsed):
    for code in parsed.select(".cell_input pre"):
        lines = [line for line in code.get_text().splitlines() if line.strip()]
        if all(re.match(r"(from|import) ", line) for line in lines):
            assert code.find_parent("details")


def test_a_reference_to_an_equation_stands_in_no_brackets_but_its_own(parsed):
    for link in parsed.select("p a.internal"):
        assert not (link.get_text().startswith("(") and str(link.previous_sibling or "").endswith("(")), link


def test_long_proofs_are_folded(parsed):
    for proof in parsed.select("div.proof:not([id])"):
        folded = proof.find_parent("details", class_="long")
        assert bool(folded) or len(proof.get_text().split()) < 2 * LONG  # formulas have more words in MathML


def test_only_words_of_code_that_have_a_color_are_elements(parsed):
    colored = set(re.findall(r"\.(?:highlight|doctest) \.(\w+)", "".join(STYLES)))
    assert {kind for word in parsed.select("pre span[class]") for kind in word["class"]} <= colored
    assert not parsed.select("code span.pre")


def words(cell):
    """Return the text of a cell that is in no formula."""
    return "".join(text for text in cell.find_all(string=True) if not text.find_parent("math")).strip()


def test_rows_have_headers_and_decimals_are_aligned(parsed):
    for table in parsed.select("article table.docutils"):
        for column in zip(*(row.find_all(["td", "th"]) for row in table.select("tbody > tr")), strict=False):
            filled = [cell for cell in column if cell.get_text().strip()]
            aligned = ["number" in cell.get("class", ()) for cell in filled]
            assert all(aligned) == all(NUMBER.fullmatch(cell.get_text()) for cell in filled)
            digits = {len(cell.get_text().partition(".")[2]) for cell in filled if any(aligned)}
            assert len(digits) < 2 or all(cell.get_text()[-1] in "\u2007\u20080123456789%" for cell in filled)
        firsts = [row.find(["td", "th"]) for row in table.select("tr")]
        if all(map(words, firsts)):  # a formula is no header: axe-core finds no text in it
            assert all(first.name == "th" or re.match(r"[+\-\u2212\d]", words(first)) for first in firsts)


@pytest.mark.parametrize("name", book.pages())
def test_a_phone_shows_what_scrolls_and_nothing_sticks_out(name, browser, address):
    with browsing.tab(browser, "light", 320) as page:
        browsing.go(page, f"{address}/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert not page.evaluate(UNMARKED)
        assert not page.evaluate(LOW)
        assert not page.evaluate(BROKEN)


@pytest.mark.parametrize("name", book.pages())
def test_a_phone_shows_notes_in_the_text_and_no_formula_in_a_sentence_scrolls(name, browser, address):
    with browsing.tab(browser, "light", 375) as page:
        browsing.go(page, f"{address}/{name}.html")
        assert page.evaluate(NOTES) == []
        assert page.evaluate(SCROLLED) == []


@pytest.mark.parametrize("name", book.pages())
def test_notes_in_the_margin_cover_nothing_and_push_little_away(name, browser, address):
    with browsing.tab(browser, "light", 1200) as page:
        browsing.go(page, f"{address}/{name}.html")
        for width in (1200, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not page.evaluate(CROWDED)
            assert not page.evaluate(PUSHED)


def test_captions_stand_beside_figures_on_a_wide_screen(browser, address):
    with browsing.tab(browser, "light", 1920) as page:
        browsing.go(page, f"{address}/chapters/the-l1-singularity.html")
        figure = page.locator("#fig-soft-threshold")
        caption = figure.locator("figcaption").bounding_box()
        picture = figure.locator("img").bounding_box()
        assert caption["x"] > picture["x"] + picture["width"] and caption["x"] + caption["width"] <= 1920


def test_a_link_into_a_folded_proof_opens_it(browser, address):
    with browsing.tab(browser, "light", 1280) as page:
        page.goto(f"{address}/chapters/the-l1-singularity.html#equation-eq-two-solutions")
        page.locator("#equation-eq-two-solutions").wait_for()  # opened by the browser, unless it loads the page again


def test_paper_shows_long_proofs_and_notes(browser, address):
    with browsing.tab(browser, "light", 794) as page:  # A4
        browsing.go(page, f"{address}/chapters/the-l1-singularity.html")
        page.emulate_media(media="print")
        for shown in ("details.long .proof > p", "aside.margin:not(.meaning)"):
            assert page.locator(shown).count() and all(text.is_visible() for text in page.locator(shown).all())


def test_paper_shows_every_output(browser, address):
    hidden = """() => [...document.querySelectorAll(".cell_output")]
        .filter(each => !each.checkVisibility()).map(each => each.textContent.slice(0, 60))"""
    with browsing.tab(browser, "light", 794) as page:
        page.emulate_media(media="print")
        found = {name: browsing.go(page, f"{address}/{name}.html") or page.evaluate(hidden) for name in book.pages()}
    assert not {name: outputs for name, outputs in found.items() if outputs}
