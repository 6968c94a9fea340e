"""The built pages in a browser: every page, light and dark, on a wide screen and on a phone."""

import io
from pathlib import Path
from urllib.parse import urlsplit

import matplotlib.image
import numpy as np
import pytest

import book
from press import browsing

AXE = Path(__file__).with_name("axe") / "axe.min.js"
RAW_MATH = r"/\\\(|\\\[|\$\$/.test(document.querySelector('article').innerText)"
SHIFTS = """() => new Promise(done => {
    let sum = 0;
    const add = list => list.getEntries().forEach(shift => { if (!shift.hadRecentInput) sum += shift.value; });
    new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 100);
})"""
LINES = """() => [...document.querySelectorAll(
    "article > section > p, article > section > section > p")].flatMap(paragraph => {
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    const height = parseFloat(getComputedStyle(paragraph).lineHeight);
    const lines = Math.round(range.getBoundingClientRect().height / height);
    return lines < 3 || paragraph.querySelector("math") ? [] : [paragraph.textContent.length / (lines - 0.5)];
})"""
WITHOUT_HEIGHT = """() => [...document.querySelectorAll("article :is(p, figure img, math, div.proof, div.exercise)")]
    .filter(each => each.matches("figure img, div.exercise") || (each.textContent.trim() && each.checkVisibility()))
    .filter(each => !each.getBoundingClientRect().height).map(each => each.outerHTML.slice(0, 100))"""
UNFOLDED = """() => [...document.querySelectorAll("details:is(.solution, .long) > :nth-child(2)")]
    .filter(each => each.checkVisibility()).map(each => each.textContent.slice(0, 60))"""
LEFT = "net::ERR_ABORTED"  # the page was left, or loaded again, before its icon came
CODE = {"DejaVu Sans Mono", "Liberation Mono"}  # of the system
EVERY_PAGE = [*book.pages(), "search", "404"]


@pytest.fixture(scope="module")
def address(site):
    """The address at which the built site is served."""
    with browsing.served(site) as where:
        yield where


@pytest.fixture(params=[(theme, width) for theme in browsing.THEMES for width in browsing.WIDTHS], ids=str)
def view(request, browser):
    """An empty tab with its theme and its width; a narrow one is a phone's, which cannot hover."""
    theme, width = request.param
    phone = {"has_touch": True, "is_mobile": True} if width < 600 else {}
    with browsing.tab(browser, theme, width, **phone) as page:
        yield page, theme, width


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_page(name, view, address):
    page, theme, width = view
    troubles, hosts = [], set()
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(request.url) if request.failure != LEFT else None)
    page.on("response", lambda answer: troubles.append(answer.url) if answer.status >= 400 else None)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    browsing.go(page, f"{address}/{name}.html")

    assert not troubles
    assert hosts <= {urlsplit(address).netloc, ""}  # a picture inside a style sheet has no host
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    assert page.evaluate(SHIFTS) <= 0.05
    assert page.locator(".math").count() == page.locator(".math math").count()
    assert page.locator("merror").count() == 0
    assert not page.evaluate(RAW_MATH)

    for figure in page.locator("article figure img:visible").all():
        box = figure.bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= width
        assert figure.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
        assert_legible(figure.screenshot(), theme)

    page.evaluate(AXE.read_text(encoding="utf-8"))  # no script tag: a page may allow its own scripts alone
    # Results other than violations list only one node each.
    found = page.evaluate("axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})")
    assert found["passes"]
    assert not [(each["id"], node["html"]) for each in found["violations"] for node in each["nodes"]]


def assert_legible(png, theme):
    """Most of a figure is as bright as the page, and something in it stands out against that brightness."""
    brightness = matplotlib.image.imread(io.BytesIO(png))[..., :3].mean(axis=-1)
    ground = np.median(brightness)
    assert ground > 0.9 if theme == "light" else ground < 0.2
    assert np.abs(brightness - ground).max() > 0.5


@pytest.fixture
def desk(browser):
    """An empty tab on a wide screen."""
    with browsing.tab(browser, "light", 1280) as page:
        yield page


def fonts(page, selector):
    """Return the fonts in which the text of the selected elements is set."""
    asking = page.context.new_cdp_session(page)
    asking.send("DOM.enable")
    asking.send("CSS.enable")
    root = asking.send("DOM.getDocument")["root"]["nodeId"]
    nodes = asking.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    return {
        font["familyName"]
        for node in nodes
        for font in asking.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    }


@pytest.mark.parametrize("name", book.pages())
def test_formulas_and_text_are_set_in_the_fonts_of_the_site(name, desk, address):
    browsing.go(desk, f"{address}/{name}.html")
    desk.add_style_tag(url=f"{address}/_static/late-fonts.css")  # for a machine too busy to load them in time
    desk.evaluate("Promise.all([...document.fonts].map(face => face.load()))")
    desk.wait_for_function(browsing.FONTS_ARE_USED)
    assert fonts(desk, "main math") <= {"Latin Modern Math"}
    assert fonts(desk, "main h1, main p, main em, main strong, main li") <= {"Book Serif", "Book Sans"} | CODE
    assert fonts(desk, "nav a, figcaption, .live p, .live span, .live button") <= {"Book Sans"} | CODE


def test_the_site_works_as_files(browser, site):
    """Without a server: no message in the console, and the fonts of the site."""
    for name in [*book.pages(), "search"]:
        with browsing.tab(browser, "light", 1280) as page:
            said = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            browsing.go(page, (site / f"{name}.html").as_uri())
            assert not said, name
            assert fonts(page, "h1") == {"Book Serif"}, name


def test_lines_are_long_enough_and_not_too_long(desk, address):
    lines = []
    for name in book.pages():
        browsing.go(desk, f"{address}/{name}.html")
        lines += desk.evaluate(LINES)
    assert len(lines) > 5
    assert 65 <= np.median(lines) <= 75


def test_code_and_what_it_prints_fit_on_a_wide_screen(desk, address):
    cut_off = """() => {
        for (const folded of document.querySelectorAll("details")) folded.open = true;
        return [...document.querySelectorAll("article pre")].filter(each => each.scrollWidth > each.clientWidth)
            .map(each => each.textContent);
    }"""
    for name in book.pages():
        browsing.go(desk, f"{address}/{name}.html")
        assert not desk.evaluate(cut_off), name


@pytest.mark.parametrize("width", browsing.WIDTHS)
@pytest.mark.parametrize("name", book.pages())
def test_everything_can_be_read_without_scripts(name, width, browser, address):
    with browsing.tab(browser, "dark", width, java_script_enabled=False) as page:
        browsing.go(page, f"{address}/{name}.html")
        assert not page.evaluate(WITHOUT_HEIGHT)
        folded = page.locator("details:is(.solution, .long)")
        assert page.evaluate(UNFOLDED) == []
        for number in range(folded.count()):
            folded.nth(number).locator("summary").first.click()
        assert len(page.evaluate(UNFOLDED)) == folded.count()
        if width < 900:
            page.get_by_role("button", name="Contents").click()
        assert page.get_by_role("link", name="Overview").is_visible()


def test_paper_shows_solutions_and_hides_the_sites_furniture(desk, address):
    browsing.go(desk, f"{address}/chapters/priors.html")
    desk.emulate_media(media="print")
    assert all(text.is_visible() for text in desk.locator("details.solution > :nth-child(2)").all())
    assert desk.locator("header:visible, nav:visible, button:visible, footer:visible").count() == 0


def test_the_theme_is_switched_and_kept(desk, address):
    theme = "document.documentElement.dataset.theme"
    browsing.go(desk, f"{address}/index.html")
    switch = desk.get_by_role("button", name="Dark mode")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.press("Enter")
    browsing.go(desk, f"{address}/chapters/priors.html")
    assert desk.evaluate(theme) == "dark"
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    desk.emulate_media(color_scheme="dark")
    desk.wait_for_function(f"{theme} === 'dark'")  # the system's theme again


def test_the_search_finds_a_word(desk, address):
    browsing.go(desk, f"{address}/chapters/priors.html")
    desk.get_by_role("searchbox").fill("soft thresholding")
    desk.keyboard.press("Enter")
    desk.locator("main .found a", has_text="The L1 singularity").first.click()
    assert desk.locator("h1", has_text="The L1 singularity").is_visible()


def test_code_is_copied(desk, address):
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browsing.go(desk, f"{address}/chapters/count-your-zeros.html")
    cell = desk.locator(".cell_input", has=desk.locator("pre:visible")).first
    cell.get_by_role("button", name="Copy").click()
    cell.get_by_role("button", name="Copied").wait_for()
    assert desk.evaluate("navigator.clipboard.readText()") == cell.locator("pre").text_content()


def test_the_skip_link_leads_to_the_text(desk, address):
    browsing.go(desk, f"{address}/chapters/priors.html")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.getAttribute('href')") == "#text"
    assert desk.locator(":focus").bounding_box()["x"] >= 0


def test_what_scrolls_sideways_is_reached_with_the_keyboard(browser, address):
    with browsing.tab(browser, "light", 375) as page:
        browsing.go(page, f"{address}/chapters/the-l1-singularity.html")
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        page.wait_for_function(browsing.ALL_IS_MARKED)
        wide = "element => element.scrollWidth > element.clientWidth"
        reached = [box.get_attribute("tabindex") for box in page.locator(".formula, .wide").all() if box.evaluate(wide)]
        assert reached and set(reached) == {"0"}


def test_a_wrong_address_shows_a_page_that_leads_back(desk, address):
    assert desk.goto(f"{address}/deep/down/nowhere.html", wait_until="networkidle").status == 404
    # The style sheet has loaded.
    assert desk.evaluate("getComputedStyle(document.querySelector('.top')).display") == "flex"
    desk.get_by_role("link", name="Start from the overview").click()
    assert desk.url == f"{address}/index.html"
