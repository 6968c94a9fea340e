"""The search finds sections, statements and terms, on a server and on pages opened as files."""

import re
from urllib.parse import quote_plus

import pytest
from bs4 import BeautifulSoup

import book
from press import browsing

FINDS = {  # the query, what must be among the first results, and among how many
    "theorem 2.3": ("Theorem 2.3", 1),
    "thm 2.3": ("Theorem 2.3", 1),
    "def 2.1": ("Definition 2.1", 1),
    "group lasso": ("group lasso", 1),
    "l1 regularization no zeros": ("no zeros despite L1 regularization", 1),
    "soft thresholding": ("Soft thresholding", 1),
    "zero interval": ("zero interval", 1),
    "Penalty.prox": ("exactzeros.Penalty.prox", 3),
    "proximal step": ("proximal step", 1),
    "kink": ("kink", 1),
    "underflow": ("Floating point", 5),
}


@pytest.fixture(scope="module", params=["served", "files"])
def address(request, site):
    """The address of the site, served or as files."""
    if request.param == "files":
        yield site.as_uri()
    else:
        with browsing.served(site) as where:
            yield where


@pytest.fixture
def tab(browser):
    """An empty tab."""
    with browsing.tab(browser, "light", 1280) as page:
        yield page


def test_queries_find_what_they_should(tab, address):
    for query, (wanted, among) in FINDS.items():
        tab.goto(f"{address}/search.html?q={quote_plus(query)}")
        found = tab.locator("#search-results li a").all_inner_texts()[:among]
        assert any(wanted.lower() in each.lower() for each in found), (query, found)


def test_results_have_excerpts_and_their_words_are_marked_on_the_page(tab, address):
    tab.goto(f"{address}/search.html?q=soft+thresholding")
    first = tab.locator("#search-results li").first
    assert len(first.locator("p").inner_text()) > 40 and tab.locator("#search-results mark").count() > 3
    first.locator("a").click()
    tab.locator("h1").wait_for()
    word = "each.startContainer.data.slice(each.startOffset, each.endOffset)"
    marked = tab.evaluate(f"[...CSS.highlights.get('words')].map(each => {word}.toLowerCase())")
    assert {"soft", "thresholding"} <= set(marked)
    tab.keyboard.press("Escape")
    assert not tab.evaluate("CSS.highlights.has('words')")


def test_nothing_found_is_said(tab, address):
    tab.goto(f"{address}/search.html?q=xyzzy")
    assert tab.get_by_text("Nothing found").is_visible()


def test_the_slash_leads_to_the_search(tab, address):
    tab.goto(f"{address}/chapters/priors.html")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.name") == "q"
    tab.keyboard.type("a/b")
    assert tab.locator(":focus").input_value() == "a/b"


def test_every_statement_is_found_by_its_kind_and_number(site):
    entries = (site / "_static" / "entries.js").read_text(encoding="utf-8")
    for name in book.pages():
        page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for number in page.select("div.proof[id] .caption-number, div.exercise[id] .caption-number"):
            assert f'"{number.get_text().strip()} ' in entries or f'"{number.get_text().strip()}"' in entries


def test_the_glossary_links_each_definition_to_what_makes_it_exact(site):
    page = BeautifulSoup((site / "chapters" / "glossary.html").read_text(encoding="utf-8"), "html.parser")
    meanings = page.select("dl.glossary > dd")
    assert len(meanings) > 20
    for meaning in meanings:
        assert re.search(r"#\w", meaning.find_all("a")[-1]["href"])
    names = [name.get_text().strip("#").lower() for name in page.select("dl.glossary > dt")]
    assert len(names) == len(set(names))
