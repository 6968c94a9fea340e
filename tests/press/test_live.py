"""The extension that joins the Vega specification and the still picture of a cell into one figure."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

import press
from press import live

SPEC = {
    "$schema": "https://vega.github.io/schema/vega/v5.json",
    "width": 300,
    "height": 200,
    "padding": {"left": 50, "right": 10, "top": 60, "bottom": 40},
    "signals": [{"name": "g", "bind": {"input": "range"}}, {"name": "words", "update": "'</script>'"}],
}


@pytest.fixture
def outputs():
    """The outputs of a cell as MyST-NB leaves them in a page."""
    plugin = live.VegaOutput.handle_mime(None, SimpleNamespace(mime_type=live.VEGA_MIME, content=SPEC), False)
    bundle = nodes.container(nb_element="mime_bundle")
    for kind, children in ((live.VEGA_MIME, plugin), ("image/svg+xml", [nodes.image(uri="still.svg", alt="a curve")])):
        bundle += nodes.container("", *children, mime_type=kind)
    document = new_document("page")
    document += nodes.figure("", bundle)
    return document


@pytest.fixture
def figure(outputs):
    """The joined figure."""
    transform = live.JoinSpecificationAndPicture(outputs)
    transform.run()
    (figure,) = outputs.findall(live.interactive)
    return figure


def test_other_outputs_are_left_to_others():
    assert live.VegaOutput.handle_mime(None, SimpleNamespace(mime_type="text/html", content="<b>"), False) is None


def test_the_picture_moves_into_the_figure(outputs, figure):
    assert isinstance(figure.parent, nodes.figure)
    (image,) = outputs.findall(nodes.image)
    assert image.parent is figure and image["alt"] == "a curve"
    assert json.loads(figure["spec"]) == SPEC


def test_the_page_keeps_room_and_holds_the_specification_safely(figure):
    translator = SimpleNamespace(body=[])
    live.visit(translator, figure)
    translator.body.append("<img>")
    live.depart(translator, figure)
    page = "".join(translator.body)
    assert "--shape: 360 / 300; --sliders: 1" in page
    assert page.count("<div") == page.count("</div>")
    _, _, rest = page.partition('<script type="application/json">')
    text, end, after = rest.partition("</script>")
    assert json.loads(text) == {key: value for key, value in SPEC.items() if key != "$schema"}
    assert end and "<script" not in after


@pytest.mark.parametrize("with_figure", [True, False])
def test_scripts_are_added_only_to_pages_with_a_figure(with_figure, outputs, figure):
    added = []
    app = SimpleNamespace(add_js_file=lambda name, **how: added.append((name, how)), add_css_file=added.append)
    live.add_scripts(app, "page", "page.html", {}, outputs if with_figure else new_document("other"))
    deferred = {"loading_method": "defer"}
    scripts = [("../vega/vega.min.js", deferred), ("interactive.js", deferred), "interactive.css"]
    assert added == (scripts if with_figure else [])
    live.add_scripts(app, "search", "search.html", {}, None)
    assert len(added) == 3 * with_figure


def test_the_press_brings_its_assets():
    config = SimpleNamespace(templates_path=[], html_static_path=[], html_extra_path=[])
    press.bring_assets(None, config)
    styles, scripts = ({path.name for path in Path(folder).iterdir()} for folder in config.html_static_path)
    assert {"book.css", "interactive.css"} <= styles and scripts == {"book.js", "interactive.js"}
    (templates,) = config.templates_path
    assert {path.name for path in Path(templates).iterdir()} == {"404.html", "layout.html", "search.html"}
    assert {path.name for folder in config.html_extra_path for path in Path(folder).iterdir()} == {
        "latin-modern",
        "vega",
    }
