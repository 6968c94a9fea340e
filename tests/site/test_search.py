"""The search finds sections, statements and terms, on a server and on pages opened as files."""

import re
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from bs4 import BeautifulSoup

import book
from press import browsing

AXE = Path(__file__).with_name("axe") / "axe.min.js"

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
    "exercise 4.2": ("Exercise 4.2", 1),
    "fig. 3.1": ("Figure 3.1", 1),
    "eq 2.5": ("Equation (2.5)", 1),
    "section 2.3": ("2.3. ", 1),
    "chapter 7": ("7. Count your zeros", 1),
    "corollary 6.2": ("Corollary 6.2", 1),
    "prop a.1": ("Proposition A.1", 1),
    "adam zeros": ("no zeros despite L1 regularization", 1),
    "why lasso zero": ("L1 penalty, lasso", 2),
    "why does the lasso set weights to zero": ("L1 penalty, lasso", 3),
    "soft threshholding": ("Soft thresholding", 1),  # errors in typing
    "lassso": ("L1 penalty, lasso", 1),
    "elastc net": ("elastic net", 1),
    "proximl operatr": ("proximal operator", 1),
    "kinks": ("kink", 1),  # other forms
    "penalties": ("penalty", 1),
    "regularisation": ("regularization", 1),
    "zeroes": ("zero", 1),
    "weight decay": ("ridge", 1),  # other names
    "corner": ("kink", 1),
    "ISTA": ("proximal step", 1),
    "ℓ1": ("L1 penalty", 1),  # signs
    "L₁ penalty": ("L1 penalty", 1),
    "β": ("β", 5),
    "== 0.0": ("exact zero", 2),
    "laplace prior": ("Laplace", 3),
    "minimum": ("Minimum", 1),
    "degrees of freedom": ("degrees of freedom", 1),
    "count your zeros": ("Count your zeros", 1),
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
        tab.locator("main .found-number:not(:empty)").wait_for()
        found = tab.locator("main .found a").all_inner_texts()[:among]
        assert any(wanted.lower() in each.lower() for each in found), (query, found)


def test_results_have_excerpts_and_their_words_are_marked_on_the_page(tab, address):
    tab.goto(f"{address}/search.html?q=soft+thresholding")
    first = tab.locator("main .found li").first
    assert len(first.locator("p").inner_text()) > 40 and tab.locator("main .found mark").count() > 3
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


def test_results_come_as_one_types_on_every_page(tab, address):
    troubles = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.goto(f"{address}/chapters/priors.html")
    tab.keyboard.press("/")
    tab.keyboard.type("group la")
    found = tab.locator(".top .found a")
    found.first.wait_for()
    assert re.fullmatch(r"(The best 30 of )?\d+ found", tab.locator(".top [role=status]").inner_text())
    assert found.first.inner_text().startswith("group lasso")
    box = tab.locator(".found-here").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 900
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    judged = tab.evaluate("axe.run('.top', {resultTypes: ['violations']})")
    assert not [(each["id"], node["html"]) for each in judged["violations"] for node in each["nodes"]]
    for number in (0, 1):
        tab.keyboard.press("ArrowDown")
        assert found.nth(number).evaluate("link => link === document.activeElement")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    assert tab.evaluate("document.activeElement.name") == "q"
    tab.keyboard.press("Escape")
    assert found.count() == 0 and tab.locator(":focus").input_value() == "group la"
    tab.keyboard.type("sso")
    found.first.wait_for()
    tab.locator("h1").click()
    assert found.count() == 0
    tab.keyboard.press("/")
    tab.keyboard.type(" ")
    found.first.wait_for()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/glossary.html?*#term-group-lasso")
    tab.keyboard.press("/")
    tab.keyboard.type("kink")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=kink")
    tab.locator("main .found a").first.wait_for()
    tab.locator("main input[type=search]").fill("xyzzy")
    tab.get_by_text("Nothing found").wait_for()
    assert not troubles


def test_the_search_fits_a_phone(browser, address):
    with browsing.tab(browser, "light", 320) as page:
        page.goto(f"{address}/chapters/priors.html")
        page.keyboard.press("/")
        page.keyboard.type("zero interval")
        page.locator(".top .found a").first.wait_for()
        box = page.locator(".found-here").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


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
