"""Cards beside links, permalinks and contents that follow the reader, on every page that has them."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

import book
from press import browsing

AXE = Path(__file__).with_name("axe") / "axe.min.js"
STATEMENTS = "div.proof[id], div.exercise[id]"
MARKED = """selector => {
    const plain = getComputedStyle(document.body).getPropertyValue("--marked");
    return getComputedStyle(document.querySelector(selector)).boxShadow !== "none" && plain !== "";
}"""


@pytest.fixture(scope="module")
def address(site):
    """The address at which the built site is served."""
    with browsing.served(site) as where:
        yield where


def card_links(page, path, site):
    """The links of a page that have a card, with the page and the id that they lead to."""
    for link in page.select("main a[href]"):
        parts = urlsplit(urljoin(f"https://site/{path}.html", link["href"]))
        own = parts.netloc == "site" and parts.fragment and not link.find_parent(class_="neighbours")
        if own and "headerlink" not in link.get("class", ()):
            yield parts.path.removeprefix("/").removesuffix(".html"), unquote(parts.fragment)


def ids_with_excerpt(site, name):
    text = (site / "_static" / "excerpts" / f"{name}.js").read_text(encoding="utf-8")
    called = re.fullmatch(r"excerpts\((\".*?\"), (\[.*\])\);\n", text, re.DOTALL)
    assert json.loads(called[1]) == name
    found = json.loads(called[2])
    assert all(BeautifulSoup(each["html"], "html.parser").get_text().strip() for each in found)
    return {name for each in found for name in each["ids"]}


@pytest.mark.parametrize("name", book.pages())
def test_every_link_to_a_place_has_a_card(name, site):
    page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    links = set(card_links(page, name, site))
    known = {there: ids_with_excerpt(site, there) for there in {there for there, _ in links}}
    without = {(there, place) for there, place in links if place not in known[there]}
    # A row of the table of checks shows no more than the link to it says.
    assert not {(there, place) for there, place in without if not place.startswith("claim-")}


@pytest.mark.parametrize("name", book.pages())
def test_every_statement_figure_and_section_has_a_permalink(name, site):
    page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    for each in page.select(f"article section[id], article figure[id], article table[id], {STATEMENTS}"):
        (link,) = [link for link in each.select("a.headerlink") if link["href"] == f"#{each['id']}"]
        assert link["title"].startswith("Link to this ")


@pytest.mark.parametrize(
    ("name", "theme"), [*((name, "light") for name in book.pages()), ("chapters/the-l1-singularity", "dark")]
)
def test_cards_open_and_are_accessible(name, theme, browser, address):
    with browsing.tab(browser, theme, 1280) as page:
        troubles = []
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        browsing.go(page, f"{address}/{name}.html")
        links = page.locator("main p a[href*='#']:visible:not(.headerlink):not(.checks *)")
        for number in range(min(links.count(), 2)):
            links.nth(number).hover()
            card = page.locator(".card[role=tooltip]:popover-open")
            card.wait_for()
            assert links.nth(number).get_attribute("aria-describedby") == card.get_attribute("id")
            box = card.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 1280
            assert card.locator("a, button, input").count() == 0
            if not number:
                page.evaluate(AXE.read_text(encoding="utf-8"))
                found = page.evaluate("axe.run('.card', {resultTypes: ['violations']})")
                assert not [(each["id"], node["html"]) for each in found["violations"] for node in each["nodes"]]
            page.keyboard.press("Escape")
            assert page.locator(".card").count() == 0
        assert not troubles


@pytest.fixture
def theorem_link(browser, address):
    """A tab with the chapter about L1, and a link in it to a theorem of another chapter."""
    with browsing.tab(browser, "light", 1280) as page:
        browsing.go(page, f"{address}/chapters/the-l1-singularity.html")
        yield page, page.locator("main p a[href$='#thm-equality']").first


def test_the_keyboard_opens_a_card_and_the_link_remains_a_link(theorem_link):
    page, link = theorem_link
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    card = page.locator(".card:popover-open")
    card.wait_for()
    assert "Theorem 1.1" in card.inner_text() and "How we know" not in card.inner_text()
    page.keyboard.press("Escape")
    assert card.count() == 0 and link.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/l2-gives-no-sparsity.html#thm-equality")
    assert page.evaluate(MARKED, "#thm-equality")


def test_a_card_stays_while_the_mouse_is_in_it(theorem_link):
    page, link = theorem_link
    link.hover()
    card = page.locator(".card:popover-open")
    card.wait_for()
    card.hover()
    page.wait_for_timeout(400)
    assert card.is_visible()
    page.locator(".book-title").hover()
    card.wait_for(state="detached")


@pytest.mark.parametrize("width", [768, 1280, 1920])
def test_a_card_leaves_the_line_of_its_link_to_be_read(width, browser, address):
    with browsing.tab(browser, "light", width) as page:
        browsing.go(page, f"{address}/chapters/the-l1-singularity.html")
        links = page.locator("main section > p a[href*='#']:visible:not(.headerlink):not(.checks *)")
        card = page.locator(".card:popover-open")
        for number in range(0, links.count(), 4):
            page.mouse.move(1, 1)
            card.wait_for(state="detached")
            links.nth(number).hover()
            card.wait_for()
            line = links.nth(number).bounding_box()
            box = card.bounding_box()
            apart = box["y"] >= line["y"] + line["height"] or box["y"] + box["height"] <= line["y"]
            text = page.locator("article").bounding_box()
            assert apart or box["x"] >= text["x"] + text["width"]
            assert box["y"] >= 0 and box["y"] + box["height"] <= 900 and box["x"] + box["width"] <= width
        # The mouse may take its time on the way to the card.
        line, box = links.nth(number).bounding_box(), card.bounding_box()
        for part in (0.25, 0.5, 0.75, 1):
            across = line["x"] + line["width"] / 2, line["y"] + line["height"] / 2
            into = box["x"] + min(20, box["width"] / 2), box["y"] + min(30, box["height"] / 2)
            page.mouse.move(*(a + part * (b - a) for a, b in zip(across, into, strict=True)))
            page.wait_for_timeout(300)
            assert card.is_visible()


def test_a_finger_opens_a_card_that_has_a_link(browser, address):
    with browsing.tab(browser, "light", 375, has_touch=True, is_mobile=True) as page:
        start = f"{address}/chapters/the-l1-singularity.html"
        browsing.go(page, start)
        page.locator("main p a[href$='#thm-equality']").first.tap()
        card = page.locator(".card[role=dialog]:popover-open")
        card.wait_for()
        assert page.url == start and page.evaluate("document.documentElement.scrollWidth") <= 375
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run('.card', {resultTypes: ['violations']})")
        assert not [(each["id"], node["html"]) for each in found["violations"] for node in each["nodes"]]
        page.locator("h1").tap()
        card.wait_for(state="detached")
        page.locator("main p a[href$='#thm-equality']").first.tap()
        page.get_by_role("link", name="Open").tap()
        page.wait_for_url("**/l2-gives-no-sparsity.html#thm-equality")


def test_cards_work_on_pages_opened_as_files(site, browser):
    with browsing.tab(browser, "light", 1280) as page:
        browsing.go(page, (site / "chapters" / "the-l1-singularity.html").as_uri())
        page.locator("main p a[href$='#thm-equality']").first.hover()
        page.locator(".card:popover-open", has_text="Theorem 1.1").wait_for()


@pytest.mark.parametrize("name", book.pages())
def test_the_contents_follow_the_reader(name, browser, address):
    with browsing.tab(browser, "light", 1280) as page:
        browsing.go(page, f"{address}/{name}.html")
        current = page.locator(".contents [aria-current=location]")
        links = page.locator(".on-this-page ul ul a")
        for place in [links.nth(number).get_attribute("href") for number in range(links.count())][:3]:
            page.evaluate("place => document.getElementById(place.slice(1)).scrollIntoView()", place)
            page.wait_for_function(
                "place => document.querySelector('.contents [aria-current=location]')?.hash === place",
                arg=place,
                timeout=5000,
            )
            assert current.count() == 1
        for share in (0.3, 0.6, 0.9):  # also in parts that the contents do not show
            page.evaluate("share => scrollTo(0, share * document.documentElement.scrollHeight)", share)
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert current.all_inner_texts() == [] or current.is_visible()


def test_a_link_in_the_contents_closes_them_on_a_phone(browser, address):
    with browsing.tab(browser, "light", 375) as page:
        browsing.go(page, f"{address}/chapters/priors.html")
        page.get_by_role("button", name="Contents").click()
        page.locator(".on-this-page ul ul a").first.click()
        assert not page.locator(".contents").is_visible()
