"""The penalty lab in a browser: the same answers as CPython's, nothing from elsewhere, and for every reader."""

import json
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from exactzeros import audit, catalog
from exactzeros.lab import page as lab_page
from exactzeros.lab import reading
from exactzeros.lab.answers import answers
from exactzeros.lab.examples import EXAMPLES
from lab_texts import CATALOG, HOSTILE, ODD, values
from press import browsing

AXE = Path(__file__).with_name("axe") / "axe.min.js"
PAGE = "chapters/penalty-lab.html"
LARGEST = 12.5e6  # bytes on their way
TRANSCENDENTAL = ("exp", "log", "cosh", "tanh", "atan", "cos", "^p", "(1/3)", "(3/2)")
ULPS = 4  # of a value, or of 1 where terms of that size cancel each other
DONE = "#lab:is([data-state=done], [data-state=stopped], [data-state=refused])"
ASK = """async (request) => {
    const parts = [];
    try { await lab.python.ask(request, part => parts.push(part)); }
    catch (error) { return {parts, kind: error.kind, message: error.message}; }
    return {parts};
}"""
LETTERS = """() => [...document.querySelectorAll(".lab-picture:not(.is-missing) > svg")].flatMap(svg => {
    const frame = svg.getBoundingClientRect(), scale = frame.width / svg.viewBox.baseVal.width;
    const all = [...svg.querySelectorAll("text")], size = text => scale * parseFloat(getComputedStyle(text).fontSize);
    const texts = all.map(text => [text.textContent, text.getBoundingClientRect()]);
    const small = all.filter(text => size(text) < 12);
    const out = texts.filter(([, {left, right, bottom}]) =>
        left < frame.left || right > frame.right || bottom > frame.bottom + 1);
    const met = texts.filter(([, a], i) => texts.slice(0, i).some(([, b]) =>
        a.left < b.right && b.left < a.right && // a line is 6 pixels higher than its digits
        a.top + 6 < b.bottom && b.top + 6 < a.bottom));
    return [...small.map(text => text.textContent), ...out.map(([word]) => word), ...met.map(([word]) => word)];
})"""


@pytest.fixture(scope="module")
def address(site):
    """Where the built site is served."""
    with browsing.served(site) as where:
        yield where


@pytest.fixture(scope="module")
def lab(browser, address):
    """The page, on which Python was started with the keyboard; `lab.asked` holds the addresses of all its requests."""
    with browsing.tab(browser, "light", 1280) as page:
        page.asked, page.troubles = [], []
        page.context.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        browsing.go(page, f"{address}/{PAGE}")
        page.loaded_before = list(page.asked)
        page.get_by_role("textbox", name="A penalty").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#lab[data-ready]", timeout=60_000)
        page.wait_for_selector(DONE)
        yield page


def derive(lab, text, assumptions=""):
    lab.get_by_role("textbox", name="Assumptions").fill(assumptions)
    lab.get_by_role("textbox", name="A penalty").fill(text)
    lab.evaluate("lab.dataset.state = ''")
    lab.keyboard.press("Enter")
    lab.wait_for_selector(DONE, timeout=60_000)


def axe(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [(each["id"], node["html"]) for each in found["violations"] for node in each["nodes"]]


def test_the_page_loads_a_list_of_files_and_python_when_asked(lab):
    own = {urlsplit(each).path.split("/")[-1] for each in lab.loaded_before}
    assert {"lab.js", "python.js", "manifest.json"} <= own
    assert not any(each.endswith((".gz", ".mjs", "python-worker.js")) for each in own)
    assert any("packages.zip.gz" in each for each in lab.asked)


def test_nothing_comes_from_elsewhere_and_nothing_complains(lab, address):
    assert {urlsplit(each).netloc for each in lab.asked if not each.startswith("blob:")} == {urlsplit(address).netloc}
    assert not lab.troubles


def test_its_size_is_on_the_button_and_is_bearable(site, browser, address):
    manifest = json.loads((site / "python" / "manifest.json").read_text())
    assert manifest["size"] <= LARGEST and manifest["compiled"]
    for file in manifest["files"].values():
        assert (site / "python" / file["file"]).stat().st_size == file["size"]
    with browsing.tab(browser, "light", 1280) as page:
        browsing.go(page, f"{address}/{PAGE}")
        assert page.locator("#lab-start").inner_text() == f"Start Python here ({manifest['size'] / 1e6:.1f} MB)"


def test_examples_are_answered_before_python_starts(browser, address):
    with browsing.tab(browser, "light", 1280) as page:
        browsing.go(page, f"{address}/{PAGE}")
        said = page.locator("#lab-verdict")
        assert "Zeros are likely" in said.inner_text()  # the example that the page opens with
        for name, text, assumptions, numbers in EXAMPLES:
            page.get_by_role("button", name=name, exact=True).click()
            expected = {part["part"]: part.get("value") for part in answers(text, assumptions, numbers)}
            assert said.inner_text() == expected["verdict"].replace("-", "\N{MINUS SIGN}")
            interval = page.locator("[data-part=interval] [data-text]")
            assert interval.get_attribute("data-text") == expected["interval"]
            assert page.locator("#lab-picture-penalty polyline.lab-curve").count() > 0
        page.get_by_role("textbox", name="A penalty").fill("3*|w|")
        page.locator("#lab-verdict", has_text="Start Python").wait_for()
        assert not page.locator("#lab-results").is_visible()


def test_letters_of_the_pictures_are_large_enough_on_a_phone_and_keep_apart(browser, address):
    with browsing.tab(browser, "light", 375) as page:
        browsing.go(page, f"{address}/{PAGE}")
        for name, *_ in EXAMPLES:
            page.get_by_role("button", name=name, exact=True).click()
            assert page.evaluate(LETTERS) == []


def test_the_tab_key_reaches_every_control_in_order(lab):
    controls = lab.locator("#lab :is(a, button, input, select, textarea, [tabindex='0']):visible:not([disabled])")
    controls = [each for each in controls.element_handles() if each.get_attribute("tabindex") != "-1"]
    controls[0].focus()
    for control in controls:
        assert control.evaluate("each => each === document.activeElement"), control.inner_text()
        assert control.evaluate("each => getComputedStyle(each).outlineStyle") != "none"
        lab.keyboard.press("Tab")
        if lab.locator(".card:focus").count():  # the card of a link takes the keyboard if it scrolls
            lab.keyboard.press("Tab")


def test_no_other_page_loads_any_of_it(browser, address):
    with browsing.tab(browser, "light", 1280) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index", "chapters/the-l1-singularity"):
            browsing.go(page, f"{address}/{name}.html")
    assert asked and not [each for each in asked if "/python" in each or "/lab" in each or "formula.js" in each]


def tolerance(text, name):
    """Return by how much a curve may differ: not at all where only sums, products and roots are computed."""
    return ULPS * 2.0**-52 if name == "density" or any(each in text for each in TRANSCENDENTAL) else 0.0


def near(found, expected, most):
    if expected is None or found is None:
        return found is expected
    return abs(found - expected) <= most * max(abs(expected), 1.0)


def assert_same_curves(text, found, expected):
    assert list(found) == list(expected)
    for name, curve in expected.items():
        if curve is None:
            assert found[name] is None, (text, name)
            continue
        pairs = zip(found[name], curve, strict=True)
        wrong = [pair for pair in pairs if not near(*pair, tolerance(text, name))]
        assert not wrong, (text, name, wrong[:3])


@pytest.mark.parametrize("texts", [list(CATALOG.values()), ODD], ids=["catalog", "odd"])
def test_the_answers_are_those_of_cpython(texts, lab):
    for text, assumptions in texts:
        request = {"text": text, "assumptions": assumptions, "values": values(assumptions), "symbols": True}
        found = lab.evaluate(ASK, request)
        expected, message = [], None
        try:
            lab_page.answer(json.dumps(request), lambda part: expected.append(json.loads(part)))
        except ValueError as error:
            message = str(error)
        assert found.get("message") == message
        for here, there in zip(found["parts"], expected, strict=True):
            if there["part"] == "pictures" and "value" in there:
                assert_same_curves(text, here["value"], there["value"])
            else:
                assert here == there, text


def test_hostile_texts_are_refused(lab):
    for text in HOSTILE:
        found = lab.evaluate(ASK, {"text": text, "assumptions": [], "values": {}})
        assert found["kind"] == "NotAPenalty", text


def test_every_formula_is_set(lab):
    """What readers type and what SymPy answers is no code that the page only repeats."""
    texts = [text for text, _ in [*CATALOG.values(), *ODD]]
    wrong = lab.evaluate(
        """async (texts) => {
            const { parse, typeset } = await import("../_static/formula.js");
            const isSet = text => { try { return typeset(parse(text)).textContent; } catch { return false; } };
            return texts.filter(text => !isSet(text));
        }""",
        texts,
    )
    assert not wrong
    derive(lab, "beta*log(1 + |w|/eps)", "beta > 1")
    assert lab.locator("#lab-shown math mfrac").count() == 1
    for part, text in {"slopes": "(-beta/eps, beta/eps)", "interval": "Interval(-beta/eps, beta/eps)"}.items():
        assert lab.locator(f"[data-part={part}] [data-text]").get_attribute("data-text") == text
        assert lab.locator(f"[data-part={part}] math").count() == 1


def test_ten_derivations_leave_the_memory_as_it_is(lab):
    request = {"assumptions": [], "values": {"beta": "2"}, "symbols": True}
    memory = [
        lab.evaluate("request => lab.python.ask(request, () => {})", request | {"text": f"beta*|w|*{k} + w^2"})
        for k in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    ]
    assert memory[-1] <= 1.1 * memory[2]


def test_stop_answers_and_the_next_question_is_answered(lab):
    lab.get_by_role("textbox", name="Assumptions").fill("")
    lab.get_by_role("textbox", name="A penalty").fill("w^2*(w - 1)^2*(w + 1/3)^2")
    lab.keyboard.press("Enter")
    lab.wait_for_selector("#lab[data-state=busy]")
    state = lab.evaluate(  # that the page waits for nothing
        """async () => {
            document.getElementById("lab-stop").click();
            for (let i = 0; i < 10; i++) await null;
            return lab.dataset.state;
        }"""
    )
    assert state == "stopped"
    derive(lab, "2*|w|")
    assert lab.locator("#lab-verdict").inner_text() == (
        "Zeros are likely: every slope of the loss between −2 and 2 gives one."
    )


def test_the_worker_runs_no_text_and_asks_no_other_host(lab):
    worker = lab.workers[-1]
    worker.evaluate(
        """() => {
            self.found = [];
            self.addEventListener("securitypolicyviolation", event => found.push(event.effectiveDirective));
            const evaluate = () => { try { return eval("'evaluated'"); } catch (error) { return error.name; } };
            const ask = () => fetch("http://example.org/").then(() => "answered", () => "refused");
            // later, as an evaluation from outside is free of the policy
            self.results = new Promise(done => setTimeout(async () => done([evaluate(), await ask()])));
        }"""
    )
    assert worker.evaluate("() => self.results") == ["EvalError", "refused"]
    assert worker.evaluate("() => self.found") == ["script-src", "connect-src"]


def test_a_slider_moves_the_verdict_and_the_address(lab):
    derive(lab, "beta*|w|")
    slider = lab.get_by_role("slider", name="β")
    slider.focus()
    before = lab.locator("#lab-verdict").inner_text()
    lab.keyboard.press("PageUp")
    lab.wait_for_selector(DONE)
    lab.locator("#lab-verdict", has_not_text=before).wait_for()
    assert f".beta={slider.get_attribute('aria-valuetext')}" in lab.url


def test_an_assumption_that_would_help_is_a_button(lab):
    derive(lab, "beta*|w|^p")
    lab.evaluate("lab.dataset.state = ''")
    lab.locator("[data-part=slopes]").get_by_role("button", name="Assume").press("Enter")
    lab.wait_for_selector(DONE)
    assert lab.get_by_role("textbox", name="Assumptions").input_value()
    assert lab.locator("[data-part=slopes] math").count() == 1


def test_a_mistake_is_said_where_it_is_made(lab):
    field = lab.get_by_role("textbox", name="A penalty")
    field.fill("2 |w|")
    assert lab.get_by_role("alert").inner_text() == "an operator is missing, such as *"
    assert field.get_attribute("aria-invalid") == "true"
    lab.get_by_role("button", name="Write").press("Enter")
    assert field.input_value() == "2*|w|" and not lab.locator("#lab-remedy").is_visible()
    lab.wait_for_selector(DONE)
    derive(lab, "log(|w|)")
    assert "must be finite at w = 0" in lab.get_by_role("alert").inner_text()


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("|x|", "|w|"),
        ("λ|w|", "lambda*|w|"),
        ("abs(w", "abs(w)"),
        ("l1", "beta*|w|"),
        ("log(1 + 2|w|)", "log(1 + 2*|w|)"),
        ("0,5*|w|", "0.5*|w|"),
        ("ln(1 + |w|)", "log(1 + |w|)"),
        ("np.abs(w)", "abs(w)"),
        ("rho(w) = w^2/2", "w^2/2"),
        ("beta(|w| + w^2)", "beta*(|w| + w^2)"),
        ("β*x²", "beta*w^2"),
    ],
)
def test_what_may_have_been_meant_is_offered(typed, meant, lab):
    lab.get_by_role("textbox", name="A penalty").fill(typed)
    assert lab.get_by_role("button", name="Write").inner_text() == f"Write {meant}"
    assert lab.get_by_role("alert").inner_text()


@pytest.mark.parametrize("typed, read", [("β·|w|", "beta*|w|"), ("w²/2", "w^2/2"), ("1 − e^(−|w|)", "1 - E^(-|w|)")])
def test_letters_and_signs_from_a_paper_are_read(typed, read, lab):
    assert lab.evaluate("text => import('../_static/formula.js').then(({plain}) => plain(text))", typed) == read
    derive(lab, typed)
    assert not lab.get_by_role("alert").inner_text() and lab.locator("#lab-verdict").inner_text()


def test_the_examples_have_their_buttons(lab):
    assert lab.locator("#lab-examples button").all_inner_texts() == [name for name, *_ in EXAMPLES]


def test_a_reader_knows_the_functions_that_python_knows(lab):
    known = lab.evaluate("import('../_static/formula.js').then(({FUNCTIONS}) => [...FUNCTIONS])")
    assert set(known) == {*reading._FUNCTIONS, *reading._ALIASES, "Piecewise"}


def test_an_assumption_about_another_penalty_is_left_out(lab):
    derive(lab, "beta*|w|", "p > 1")
    assert lab.locator("#lab-verdict").inner_text().startswith("Zeros are likely")


def test_a_link_can_be_copied(lab):
    lab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    derive(lab, "|w|/3")
    lab.get_by_role("button", name="Copy link").press("Enter")
    lab.get_by_role("button", name="Copied").wait_for()
    assert lab.evaluate("navigator.clipboard.readText()") == lab.url and "%7Cw%7C%2F3" in lab.url


def test_a_readers_own_numbers_get_the_report_of_an_audit(lab):
    derive(lab, "|w|/2")
    lab.get_by_role("tab", name="My penalty").focus()
    lab.keyboard.press("ArrowRight")
    lab.get_by_role("textbox", name="Numbers").fill("2, -0.5\n0, 0.2\n0, 0.7")
    lab.get_by_role("button", name="Audit").press("Enter")
    lab.locator("#lab-report", has_text="3 weights").wait_for()
    expected = str(audit([2.0, 0.0, 0.0], [-0.5, 0.2, 0.7], catalog.l1().at(beta=0.5)))
    assert lab.locator("#lab-report").text_content() == expected
    assert axe(lab) == []
    lab.keyboard.press("Shift+Tab")  # back to the tabs is far; the next tab is a key away from the one that is selected
    lab.get_by_role("tab", name="My numbers").press("ArrowRight")
    assert "penalty = Penalty(Abs(w)/2)" in lab.locator("#lab-code").inner_text()
    lab.get_by_role("tab", name="Python").press("ArrowRight")
    assert lab.locator("#lab-verdict").is_visible()


@pytest.mark.parametrize("theme", browsing.THEMES)
def test_answers_can_be_read_by_everyone_on_a_phone(theme, lab):
    derive(lab, "beta*log(1 + |w|/eps)")
    lab.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    lab.set_viewport_size({"width": 375, "height": 900})
    assert lab.evaluate("document.documentElement.scrollWidth") <= 375
    assert axe(lab) == []
    lab.set_viewport_size({"width": 1280, "height": 900})


def test_a_second_visit_comes_from_the_browser_and_its_address_restores_the_state(lab, address):
    state = urlencode({"penalty": "beta*|w|^p", "assume": "p > 1", ".beta": "0.5", ".p": "2.5"})
    page = lab.context.new_page()
    page.route("**/*.gz*", lambda route: route.abort())
    browsing.go(page, f"{address}/{PAGE}#{state}")
    assert page.get_by_role("textbox", name="A penalty").input_value() == "beta*|w|^p"
    assert page.get_by_role("textbox", name="Assumptions").input_value() == "p > 1"
    assert page.get_by_role("slider", name="p", exact=False).last.get_attribute("aria-valuetext") == "2.5"
    assert page.locator("#lab-shown math").is_visible()
    page.get_by_role("button", name="Start Python here").click()
    page.wait_for_selector(DONE, timeout=60_000)
    assert page.locator("#lab-verdict").inner_text().startswith("Only one slope")
    page.close()


def assert_tables_instead(page, why):
    assert why in page.locator("#lab-status").inner_text()
    table = page.locator("article table", has_text="verdict")
    assert table.is_visible() and table.locator("tbody tr").count() == len(CATALOG)


def test_without_scripts_the_page_says_so_and_has_the_twelve_penalties(browser, address):
    with browsing.tab(browser, "light", 375, java_script_enabled=False) as page:
        browsing.go(page, f"{address}/{PAGE}")
        assert_tables_instead(page, "needs a browser with scripts and WebAssembly")
        assert not page.locator("#lab-form").is_visible()


def test_as_a_file_the_page_says_so(browser, site):
    with browsing.tab(browser, "light", 1280) as page:
        browsing.go(page, (site / PAGE).as_uri())
        assert_tables_instead(page, "a page that comes from a server")
        assert page.locator("#lab-text").is_disabled()


def test_without_webassembly_the_page_says_so(browser, address):
    with browsing.tab(browser, "light", 1280) as page:
        page.add_init_script("delete globalThis.WebAssembly")
        browsing.go(page, f"{address}/{PAGE}")
        assert_tables_instead(page, "this browser has no WebAssembly")
