"""The built pages in a browser: every page, light and dark, on a wide screen and on a phone."""

import io
from urllib.parse import urlsplit

import matplotlib.image
import numpy as np
import pytest

import browsing

RAW_MATH = r"/\\\(|\\\[|\$\$/.test(document.querySelector('article').innerText)"


@pytest.fixture(scope="module")
def address(site):
    """Where the built site is served."""
    with browsing.served(site) as where:
        yield where


@pytest.fixture(params=[(theme, width) for theme in browsing.THEMES for width in browsing.WIDTHS], ids=str)
def view(request, browser):
    """An empty tab, its theme and its width."""
    with browsing.tab(browser, *request.param) as page:
        yield page, *request.param


@pytest.mark.parametrize("name", browsing.pages())
def test_page(name, view, address):
    page, theme, width = view
    troubles, hosts = [], set()
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on("response", lambda answer: troubles.append(answer.url) if answer.status >= 400 else None)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    browsing.go(page, f"{address}/{name}.html")

    assert not troubles
    assert hosts <= {urlsplit(address).netloc, ""}  # no host: a picture inside a style sheet
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    assert page.evaluate("[...document.querySelectorAll('.math')].every(m => m.querySelector('mjx-container'))")
    assert page.locator("mjx-merror, mjx-container [style*='color: red']").count() == 0  # red: an unknown command
    assert not page.evaluate(RAW_MATH)

    for figure in page.locator("article figure img:visible").all():
        box = figure.bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= width
        assert figure.evaluate("image => image.naturalWidth") > 0
        assert_legible(figure.screenshot(), theme)


def assert_legible(png, theme):
    """Most of a figure is as bright as the page, and something in it stands out clearly against that."""
    brightness = matplotlib.image.imread(io.BytesIO(png))[..., :3].mean(axis=-1)
    ground = np.median(brightness)
    assert ground > 0.9 if theme == "light" else ground < 0.2
    assert np.abs(brightness - ground).max() > 0.5
