"""The interactive figures in a browser: each slider over its whole range, and Vega's results against NumPy's."""

import numpy as np
import pytest

import book
from exactzeros import catalog, losses, solvers
from exactzeros.book.examples import diabetes, symbolic
from press import browsing

PAGES = {
    "fig-tilt": "index",
    "fig-walk": "chapters/l2-gives-no-sparsity",
    "fig-correlate": "chapters/l2-gives-no-sparsity",
    "fig-smooth": "chapters/the-l1-singularity",
    "fig-narrow": "chapters/priors",
}


def tilt(s):
    penalty = symbolic(s["penalty"])
    penalty = penalty.at(beta=s["beta"]) if penalty.parameters else penalty
    left, right = penalty.numeric_slopes_at_zero
    return {"minimum": penalty.prox([-s["g"] / s["c"]], step=1 / s["c"])[0], "low": -right, "high": -left}


def smooth(s):
    smoothed, kinked = catalog.smoothed_l1().at(beta=1, eps=10.0 ** s["exponent"]), catalog.l1().at(beta=1)
    return {"smoothed": smoothed.prox([-s["g"]])[0], "kinked": kinked.prox([-s["g"]])[0]}


def narrow(s):
    gauss, laplace = catalog.l2().at(beta=1 / (2 * 10.0 ** (2 * s["exponent"]))), catalog.l1().at(beta=1 / s["b"])
    return {
        "gauss": gauss.prox([s["y"]], step=0.7**2)[0],
        "laplace": laplace.prox([s["y"]], step=0.7**2)[0],
        "l2_peak": gauss.prior(0.0),
        "l1_peak": laplace.prior(0.0),
    }


def correlate(s):
    gram, target = np.array([[1, s["r"]], [s["r"], 1]]), np.array([1, 0.5])
    X = np.sqrt(2) * np.linalg.cholesky(gram).T
    loss = losses.LeastSquares(X, np.linalg.solve(X.T, 2 * target))
    lasso = solvers.coordinate_descent(loss, catalog.l1().at(beta=s["beta"])).solution
    ridge = np.linalg.solve(gram + 2 * s["beta"] * np.eye(2), target)
    return {"lasso_1": lasso[0], "lasso_2": lasso[1], "ridge_1": ridge[0], "ridge_2": ridge[1]}


def walk(s):
    data, beta = diabetes(), 10.0 ** s["exponent"]
    loss = losses.LeastSquares(data.X, data.y)
    found = solvers.coordinate_descent(loss, catalog.l1().at(beta=beta)).solution
    support, weights = found != 0, np.zeros(10)
    if support.any():  # solve the equations of the non-zero weights to full accuracy
        chosen = data.X[:, support]
        moments = chosen.T @ data.y / len(data.y) - beta * np.sign(found[support])
        weights[support] = np.linalg.solve(chosen.T @ chosen / len(data.y), moments)
    return {
        "coefficients": weights,
        "zeros": np.count_nonzero(~support),
        "least": (beta - np.abs(loss.gradient(weights)))[~support].min(initial=np.inf),
    }


EXPECTED = {"fig-tilt": tilt, "fig-walk": walk, "fig-correlate": correlate, "fig-smooth": smooth, "fig-narrow": narrow}


@pytest.fixture(scope="module")
def address(site):
    """The address at which the built site is served."""
    with browsing.served(site) as where:
        yield where


@pytest.fixture(scope="module")
def tabs(browser, address):
    """A function that opens the page of a figure, once, and returns the page and the figure."""
    opened = {}

    def open_figure(name):
        if PAGES[name] not in opened:
            page = browser.new_page(viewport={"width": 375, "height": 900})
            browsing.go(page, f"{address}/{PAGES[name]}.html")
            page.wait_for_function("document.querySelectorAll('.interactive:not(.is-live)').length === 0")
            opened[PAGES[name]] = page
        return opened[PAGES[name]], opened[PAGES[name]].locator(f"#{name}")

    yield open_figure
    for page in opened.values():
        page.close()


def sliders(figure):
    return {slider.get_attribute("name"): slider for slider in figure.get_by_role("slider").all()}


def move(slider, share):
    """Move a slider to a share of its range, and return its new value."""
    return slider.evaluate(
        """(input, share) => {
        input.value = +input.min + share * (input.max - input.min);
        input.dispatchEvent(new Event("input"));
        return +input.value;
    }""",
        share,
    )


def computed(figure, names):
    """Return the values that Vega has computed under these names."""
    return figure.locator(".interactive").evaluate(
        """async (figure, names) => {
        await figure.view.runAsync();
        return Object.fromEntries(names.map(name => [name, figure.view.signal(name)]));
    }""",
        list(names),
    )


def assert_as_numpy(figure, name, settings):
    expected = EXPECTED[name](settings)
    found = computed(figure, [*expected, "words"])
    for key, value in expected.items():
        assert (np.equal(found[key], 0) == np.equal(value, 0)).all(), (key, settings)
        np.testing.assert_allclose(np.array(found[key], dtype=float), value, rtol=1e-9, err_msg=f"{key} at {settings}")
    return expected, found["words"]


@pytest.mark.parametrize("name", PAGES)
def test_each_slider_at_its_ends_and_its_middle(name, tabs):
    _, figure = tabs(name)
    inputs = sliders(figure)
    start = computed(figure, inputs)
    choice = {"penalty": "l1"} if name == "fig-tilt" else {}
    for key, slider in inputs.items():
        for share in (0, 0.5, 1):
            assert_as_numpy(figure, name, choice | start | {key: move(slider, share)})
        low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
        assert move(slider, (start[key] - low) / (high - low)) == pytest.approx(start[key])
    for share in (0, 0.5, 1):
        assert_as_numpy(figure, name, choice | {key: move(slider, share) for key, slider in inputs.items()})


@pytest.mark.parametrize("penalty", list(catalog.every()))
def test_tilt_it_under_each_penalty(penalty, tabs):
    _, figure = tabs("fig-tilt")
    figure.get_by_role("combobox", name="penalty").select_option(penalty)
    inputs = sliders(figure)
    settings = {key: move(inputs[key], share) for key, share in (("c", 0.25), ("beta", 0.5))}
    for share in (0, 0.3, 0.45, 0.5, 0.6, 1):
        now = settings | {"penalty": penalty, "g": move(inputs["g"], share)}
        expected, words = assert_as_numpy(figure, "fig-tilt", now)
        assert words.startswith("Minimum at exactly 0.") == (expected["minimum"] == 0)
    figure.get_by_role("combobox", name="penalty").select_option("l1")


@pytest.mark.parametrize("name", PAGES)
def test_the_drawing_and_the_screen_reader_say_what_was_computed(name, tabs):
    page, figure = tabs(name)
    move(next(iter(sliders(figure).values())), 0.4)
    words = computed(figure, ["words"])["words"]
    drawn = figure.locator(".interactive-stage svg").text_content()
    assert all(line in drawn for line in words.split("|"))
    page.wait_for_function(
        "([figure, words]) => figure.querySelector('[role=status]').textContent === words",
        arg=[figure.element_handle(), words.replace("|", " ")],
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_slider_has_a_name_and_is_reached_and_moved_by_keyboard(name, tabs):
    page, figure = tabs(name)
    inputs = sliders(figure)
    assert len(inputs) == figure.locator("input").count() >= 1
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(300):
        page.keyboard.press("Tab")
        key = figure.evaluate("figure => figure.contains(document.activeElement) ? document.activeElement.name : null")
        if key in inputs and key not in reached:
            reached.add(key)
            page.keyboard.press("Home")
            before = computed(figure, [key])[key]
            page.keyboard.press("ArrowRight")
            step = float(inputs[key].get_attribute("step"))
            assert computed(figure, [key])[key] == pytest.approx(before + step)
            page.keyboard.press("End")
            assert computed(figure, [key])[key] == float(inputs[key].get_attribute("max"))
        if reached == set(inputs):
            break
    assert reached == set(inputs)
    for key, slider in inputs.items():
        label = slider.evaluate("input => input.labels[0].querySelector('.vega-bind-name').textContent")
        assert figure.get_by_role("slider", name=label, exact=True).get_attribute("name") == key


@pytest.mark.parametrize("name", PAGES)
def test_a_figure_keeps_its_place_when_it_comes_alive_and_when_it_is_drawn_anew(name, tabs, browser, address):
    still = browser.new_page(viewport={"width": 375, "height": 900})
    still.route("**/interactive.js*", lambda route: route.abort())
    browsing.go(still, f"{address}/{PAGES[name]}.html")
    sizes = [still.locator(f"#{name} .interactive").bounding_box()["height"]]
    still.close()
    _, figure = tabs(name)
    drawings = []
    for share in (0, 0.5, 1):
        for slider in sliders(figure).values():
            move(slider, share)
        computed(figure, [])
        sizes.append(figure.locator(".interactive").bounding_box()["height"])
        svg = figure.locator(".interactive-stage svg")
        drawings.append((svg.get_attribute("viewBox"), svg.get_attribute("height")))
    assert sizes == pytest.approx([sizes[0]] * 4)
    assert len(set(drawings)) == 1


@pytest.mark.parametrize("place", sorted(set(PAGES.values())))
@pytest.mark.parametrize("theme", browsing.THEMES)
@pytest.mark.parametrize("width", browsing.WIDTHS)
def test_figures_fit_and_follow_the_theme(place, theme, width, browser, address):
    with browsing.tab(browser, theme, width) as page:
        troubles = []
        page.on("console", lambda line: troubles.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        browsing.go(page, f"{address}/{place}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for stage in page.locator(".interactive-stage svg").all():
            box = stage.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            for other in (theme, *browsing.THEMES):
                page.evaluate("theme => document.documentElement.dataset.theme = theme", other)
                assert ("invert" in stage.evaluate("svg => getComputedStyle(svg).filter")) == (other == "dark")
        assert not troubles


@pytest.mark.parametrize("name", PAGES)
def test_the_still_picture_stands_in_without_scripts_and_in_print(name, browser, address, tabs):
    without = browser.new_context(java_script_enabled=False)
    page = without.new_page()
    page.goto(f"{address}/{PAGES[name]}.html")
    picture = page.locator(f"#{name} img")
    assert picture.is_visible() and len(picture.get_attribute("alt")) > 80
    assert not page.locator(f"#{name} .interactive-sliders").is_visible()
    without.close()

    page, figure = tabs(name)
    stage = figure.locator(".interactive-stage")
    assert stage.is_visible() and not figure.locator("img").is_visible()
    assert stage.get_attribute("aria-label") == figure.locator("img").get_attribute("alt")
    page.emulate_media(media="print")
    assert figure.locator("img").is_visible()
    assert not stage.is_visible() and not figure.locator("input").first.is_visible()
    page.emulate_media(media="screen")


def test_vega_loads_after_the_text_and_only_where_a_figure_needs_it(site):
    for name in book.pages():
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        scripts = [line for line in text.splitlines() if "vega.min.js" in line or "interactive.js" in line]
        assert len(scripts) == (2 if name in PAGES.values() else 0)
        assert all("defer" in script for script in scripts)
