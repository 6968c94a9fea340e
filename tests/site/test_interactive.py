"""The live figures in a browser: by keyboard, mouse and touch, with and without scripts, at every width."""

import json
import re
from itertools import pairwise

import pytest

from press import browsing

PAGES = {
    "fig-tilt": "index",
    "fig-walk": "chapters/l2-gives-no-sparsity",
    "fig-correlate": "chapters/l2-gives-no-sparsity",
    "fig-scroll": "chapters/the-l1-singularity",
    "fig-smooth": "chapters/the-l1-singularity",
    "fig-aim": "chapters/the-diamond-corrected",
    "fig-narrow": "chapters/priors",
    "fig-estimate": "chapters/mean-median-mode",
    "fig-hold": "chapters/auditing-a-real-model",
    "fig-decoy": "chapters/how-many-zeros-and-which",
    "fig-miss": "chapters/count-your-zeros",
    "fig-multiply": "chapters/zeros-by-multiplication",
}
STORIES = {"fig-scroll"}
SET = sorted(set(PAGES) - STORIES)


@pytest.fixture(scope="module")
def address(site):
    """Where the built site is served."""
    with browsing.served(site) as where:
        yield where


@pytest.fixture(scope="module")
def tabs(browser, address):
    """The function that opens the page of a figure, once, and returns the page and the figure, alive."""
    opened = {}

    def open_figure(name):
        if PAGES[name] not in opened:
            page = browser.new_page(viewport={"width": 375, "height": 715}, has_touch=True)
            browsing.go(page, f"{address}/{PAGES[name]}.html")
            opened[PAGES[name]] = page
        return opened[PAGES[name]], awake(opened[PAGES[name]], name)

    yield open_figure
    for page in opened.values():
        page.close()


def awake(page, name):
    """Scroll to a figure, and wait until it is alive."""
    page.mouse.move(0, 0)  # on a link that comes under the mouse a card would open, over the figure
    figure = page.locator(f"#{name}")
    figure.scroll_into_view_if_needed()
    page.wait_for_selector(f"#{name} .live.is-live")
    return figure


def values(figure):
    """Return what the model has computed, and the settings."""
    text = figure.locator(".live").evaluate(
        "element => JSON.stringify([element.figure.values(), element.figure.state])"
    )
    return json.loads(text)


def reset(figure):
    figure.get_by_role("button", name="Reset").click()


def sliders(figure):
    return {slider.get_attribute("name"): slider for slider in figure.get_by_role("slider").all()}


def move(slider, share):
    """Move a slider to a share of its range."""
    slider.evaluate(
        """(input, share) => {
        input.value = +input.min + share * (input.max - input.min);
        input.dispatchEvent(new Event("input", {bubbles: true}));
    }""",
        share,
    )


@pytest.mark.parametrize("name", SET)
def test_all_that_is_said_follows_the_sliders(name, tabs):
    page, figure = tabs(name)
    reset(figure)
    before = values(figure)[0]["words"]
    for slider in sliders(figure).values():
        move(slider, 0.35)
    words, settings = values(figure)[0]["words"], values(figure)[1]
    assert words != before
    assert [line.text_content() for line in figure.locator(".live-words > span").all()] == words
    assert figure.locator(".live-said").get_attribute("aria-label").endswith(" ".join(words))
    for key, slider in sliders(figure).items():
        shown = slider.evaluate("input => input.nextElementSibling.textContent")
        assert float(shown.replace("−", "-").replace(" · 10⁻", "e-").translate(SUPERSCRIPT)) == pytest.approx(
            settings[key], abs=0.06 if abs(settings[key]) > 0.1 else 1e-3
        )
        assert slider.get_attribute("aria-valuetext") == f"{shown}: {words[0]}"
    page.wait_for_function(
        "([figure, words]) => figure.querySelector('[role=status]').textContent === words",
        arg=[figure.element_handle(), " ".join(words)],
    )


SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@pytest.mark.parametrize("name", SET)
def test_every_control_is_reached_and_moved_by_keyboard(name, tabs):
    page, figure = tabs(name)
    reset(figure)
    inputs = sliders(figure)
    figure.get_by_role("button", name="Reset").focus()
    reached = set()
    for _ in range(len(inputs) + 3):
        page.keyboard.press("Tab")
        key = figure.evaluate("figure => figure.contains(document.activeElement) ? document.activeElement.name : null")
        if key in inputs:
            reached.add(key)
            page.keyboard.press("Home")
            lowest = values(figure)[1][key]
            page.keyboard.press("ArrowRight")
            assert values(figure)[1][key] > lowest
            page.keyboard.press("End")
            assert values(figure)[1][key] > lowest
    assert reached == set(inputs) and reached


def test_a_handle_follows_mouse_and_finger(tabs):
    page, figure = tabs("fig-tilt")
    reset(figure)
    for pointer in ("mouse", "touch"):
        for i, handle in enumerate(figure.locator(".live-handle").all()):
            reset(figure)
            start = values(figure)[1]["g"]
            handle.evaluate("element => element.scrollIntoView({block: 'center'})")
            box = handle.bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            drag(page, pointer, (x, y), (x, y - 30))
            moved = values(figure)[1]["g"]
            assert moved != start, (pointer, i)
            after = handle.bounding_box()
            assert abs(after["y"] + after["height"] / 2 - (y - 30)) < 6, (pointer, i)
    reset(figure)


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_the_target_is_dragged_into_the_cone_and_out(pointer, tabs):
    page, figure = tabs("fig-aim")
    reset(figure)
    handle, plot = figure.locator(".live-handle"), figure.locator(".live-plot")
    handle.evaluate("element => element.scrollIntoView({block: 'center'})")
    for target, caught in (((1.2, 1.5), False), ((2, -0.5), True)):
        ring, box = handle.bounding_box(), plot.bounding_box()
        start = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
        end = box["x"] + (target[0] + 2.5) / 5 * box["width"], box["y"] + (2 - target[1]) / 4 * box["height"]
        drag(page, pointer, start, end)
        found, settings = values(figure)
        assert (settings["y1"], settings["y2"]) == pytest.approx(target, abs=0.051)
        assert (found["point"][1] == 0) == caught
    figure.get_by_role("combobox", name="power p").select_option("1.1")
    found, _ = values(figure)
    assert found["point"][1] != 0 and found["share"] == 0
    reset(figure)


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_the_start_of_a_descent_is_dragged(pointer, tabs):
    page, figure = tabs("fig-multiply")
    reset(figure)
    handle, plot = figure.locator(".live-handle"), figure.locator(".live-plot").first
    handle.evaluate("element => element.scrollIntoView({block: 'center'})")
    ring, box = handle.bounding_box(), plot.bounding_box()
    start = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    end = box["x"] + (1.7 - 0.5) / 3.4 * box["width"], box["y"] + (1.7 - 1) / 3.4 * box["height"]
    drag(page, pointer, start, end)
    found, settings = values(figure)
    assert (settings["u"], settings["v"]) == pytest.approx((-0.5, 1), abs=0.051)
    assert found["start"] == [settings["u"], settings["v"]] and found["weight"] != 0 and found["reached"] == 0
    reset(figure)


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
@pytest.mark.parametrize(
    ("name", "setting"),
    [("fig-walk", "beta"), ("fig-narrow", "y"), ("fig-estimate", "y"), ("fig-miss", "step"), ("fig-decoy", "c")],
)
def test_a_hand_in_the_panel_moves_its_setting(name, setting, pointer, tabs):
    page, figure = tabs(name)
    reset(figure)
    panel = figure.locator(".live-draggable").first
    panel.evaluate("element => element.scrollIntoView({block: 'center'})")
    box = panel.bounding_box()
    low, high = box["x"] + 0.2 * box["width"], box["x"] + 0.6 * box["width"]
    found = []
    for start, end in ((high, low), (low, high)):
        drag(page, pointer, (start, box["y"] + 40), (end, box["y"] + 40))
        found.append(values(figure)[1][setting])
    assert found[0] < found[1]
    reset(figure)


def test_each_estimate_rests_under_its_own_priors(tabs):
    _, figure = tabs("fig-estimate")
    reset(figure)
    resting = {}
    for kind in ("mean", "median", "mode"):
        figure.get_by_role("combobox", name="estimate").select_option(kind)
        move(sliders(figure)["y"], 0.59)  # y = 0.9
        resting[kind] = [k for k, estimate in enumerate(values(figure)[0]["estimates"]) if estimate == 0]
    assert resting == {"mean": [], "median": [3], "mode": [1, 2, 3]}
    reset(figure)


def test_play_runs_to_the_end_and_can_be_stopped(tabs):
    page, figure = tabs("fig-miss")
    reset(figure)
    figure.get_by_role("button", name="Play").click()
    page.wait_for_timeout(400)
    figure.get_by_role("button", name="Pause").click()
    stopped = values(figure)[1]["step"]
    assert 0 < stopped < 400
    page.emulate_media(reduced_motion="reduce")
    figure.get_by_role("button", name="Play").click()
    figure.get_by_role("button", name="Play").wait_for()
    assert values(figure)[1]["step"] == 400
    page.emulate_media(reduced_motion="no-preference")
    reset(figure)


def drag(page, pointer, start, end):
    if pointer == "mouse":
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=4)
        page.mouse.up()
        return
    session = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        points = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.detach()


def test_presets_and_reset(tabs):
    _, figure = tabs("fig-tilt")
    told = {}
    for preset in ("ridge", "L1, just inside", "just outside", "an infinite kink"):
        button = figure.get_by_role("button", name=preset)
        button.click()
        told[preset] = values(figure)[0]["minimum"] == 0
        assert button.get_attribute("aria-pressed") == "true"
    assert told == {"ridge": False, "L1, just inside": True, "just outside": False, "an infinite kink": True}
    reset(figure)
    assert values(figure)[1] == {"g": -0.5, "beta": 1, "c": 1, "penalty": "l1"}


@pytest.mark.parametrize("opened", ["served", "file"])
def test_the_address_holds_the_settings(opened, browser, address, site):
    root = address if opened == "served" else site.as_uri()
    page = browser.new_page()
    page.goto(f"{root}/index.html")
    figure = awake(page, "fig-tilt")
    figure.get_by_role("combobox", name="penalty").select_option("scad")
    move(sliders(figure)["g"], 0.9)
    page.wait_for_function("location.hash.includes('penalty=scad') && location.hash.includes('g=2.4')")
    link, settings = page.url, values(figure)[1]
    page.goto("about:blank")
    page.goto(link)
    assert values(awake(page, "fig-tilt"))[1] == settings
    reset(awake(page, "fig-tilt"))
    page.wait_for_function("location.hash === ''")
    page.goto(f"{root}/index.html#fig-tilt&g=99&penalty=none&beta=x&other=1")
    page.reload()
    assert values(awake(page, "fig-tilt"))[1] == {"g": 3, "beta": 1, "c": 1, "penalty": "l1"}
    page.close()


def test_a_name_lets_its_line_stand_out(tabs, browser):
    page, figure = tabs("fig-walk")
    reset(figure)
    for row, name in ((0, "age"), (8, "s5")):
        button = figure.get_by_role("button", name=name, exact=True)
        button.focus()
        found, settings = values(figure)
        assert settings["follow"] == row and found["words"][-1].startswith(f"{name}: ")
        assert button.get_attribute("aria-pressed") == "true"
    figure.get_by_role("button", name="age", exact=True).click()
    page.wait_for_function("location.hash.includes('follow=0')")
    fresh = browser.new_page()
    browsing.go(fresh, page.url)
    assert values(awake(fresh, "fig-walk"))[1]["follow"] == 0
    fresh.close()
    reset(figure)


@pytest.mark.parametrize("name", ["fig-walk", "fig-hold"])
def test_names_are_large_and_apart_enough_for_a_finger(name, tabs):
    _, figure = tabs(name)
    boxes = [button.bounding_box() for button in figure.locator("button.live-tick").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24  # WCAG 2.2, target size
    assert all(below["y"] - above["y"] >= 24 for above, below in pairwise(boxes))


def test_the_story_follows_the_scrolling_and_stays_in_sight(browser, address):
    page = browser.new_page(viewport={"width": 375, "height": 715})
    browsing.go(page, f"{address}/{PAGES['fig-scroll']}.html")
    figure = awake(page, "fig-scroll")
    assert figure.locator(".live-stage:visible").count() == 1
    for i, slope in enumerate((0, -0.9, -1, -1.3)):
        telling = figure.locator(".live-telling").nth(i)
        telling.evaluate("element => scrollBy(0, element.getBoundingClientRect().top - 0.7 * innerHeight)")
        page.wait_for_function(
            "g => Math.abs(document.querySelector('#fig-scroll .live').figure.state().g - g) < 1e-12", arg=slope
        )
        box = figure.locator(".live-stage:visible").bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] < telling.bounding_box()["y"]
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_figure_keeps_its_place_when_it_comes_alive(name, tabs, browser, address):
    page = browser.new_page(viewport={"width": 375, "height": 715})
    page.route(re.compile("figure.js"), lambda route: route.abort())
    browsing.go(page, f"{address}/{PAGES[name]}.html")
    still = page.locator(f"#{name} .live").bounding_box()
    page.close()
    _, figure = tabs(name)
    if name in SET:
        reset(figure)
    alive = figure.locator(".live").bounding_box()
    assert (alive["width"], alive["height"]) == (still["width"], still["height"])


@pytest.mark.parametrize("width", [375, 1280])
def test_drawing_words_and_controls_fit_one_screen(width, browser, address):
    page = browser.new_page(viewport={"width": width, "height": 715})
    browsing.go(page, f"{address}/index.html")
    height = awake(page, "fig-tilt").locator(".live").bounding_box()["height"]
    bar = page.locator("header").first.bounding_box()["height"]
    assert height + bar <= 715
    page.close()


# The rows of letters in a drawing that overlap, or leave their figure.
TANGLED = """stage => {
    const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT), rows = [], faults = [];
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const box of range.getClientRects())
            if (walker.currentNode.data.trim()) rows.push({words: walker.currentNode.data.trim(), box});
    }
    const {left, right} = stage.closest("figure").getBoundingClientRect();
    rows.forEach(({words, box}, i) => {
        if (box.left < left - 1 || box.right > right + 1) faults.push(`${words}: outside the figure`);
        for (const other of rows.slice(i + 1))
            if (Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 &&
                Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 3)
                faults.push(`${words}: on ${other.words}`);
    });
    return faults;
}"""


@pytest.mark.parametrize("place", sorted(set(PAGES.values())))
@pytest.mark.parametrize("theme", browsing.THEMES)
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_figures_fit_are_legible_and_follow_the_theme(place, theme, width, browser, address):
    with browsing.tab(browser, theme, width) as page:
        troubles = []
        page.on("console", lambda line: troubles.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        browsing.go(page, f"{address}/{place}.html")
        for name in (each for each in PAGES if PAGES[each] == place):
            figure = awake(page, name)
            for stage in figure.locator(".live-stage:visible").all():
                box = stage.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= width
                ink = stage.evaluate("e => getComputedStyle(e).color")
                assert (min(map(int, re.findall(r"\d+", ink))) > 128) == (theme == "dark")
                assert stage.evaluate(TANGLED) == []
            sizes = figure.locator(".live *:visible").evaluate_all(
                "all => all.filter(e => e.textContent.trim()).map(e => parseFloat(getComputedStyle(e).fontSize))"
            )
            assert sizes and min(sizes) >= 12
            faces = figure.locator(".live *:visible").evaluate_all(
                "all => [...new Set(all.map(e => getComputedStyle(e).fontFamily))]"
            )
            assert len(faces) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not troubles


@pytest.mark.parametrize("name", PAGES)
def test_the_picture_stands_without_scripts_and_in_print(name, browser, address, tabs):
    without = browser.new_context(java_script_enabled=False)
    page = without.new_page()
    page.goto(f"{address}/{PAGES[name]}.html")
    stages = page.locator(f"#{name} .live-stage")
    assert stages.count() == stages.locator("visible=true").count() == (4 if name in STORIES else 1)
    assert len(stages.first.get_by_role("img").get_attribute("aria-label")) > 120
    assert not page.locator(f"#{name} input:visible").count()
    without.close()

    page, figure = tabs(name)
    page.emulate_media(media="print")
    assert figure.locator(".live-stage:visible").count() == stages_in_print(name)
    assert not figure.locator("input:visible, button:visible:not(.live-tick)").count()
    page.emulate_media(media="screen")


def stages_in_print(name):
    return 4 if name in STORIES else 1


def test_scripts_of_figures_are_loaded_when_the_reader_comes_near(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 715})
    asked = []
    page.on("request", lambda request: asked.append(request.url.split("/")[-1].split("?")[0]))
    browsing.go(page, f"{address}/{PAGES['fig-correlate']}.html")
    assert "book.js" in asked and not {"figure.js", "correlate.js"} & set(asked)
    awake(page, "fig-correlate")
    assert {"figure.js", "correlate.js"} <= set(asked)
    page.close()
