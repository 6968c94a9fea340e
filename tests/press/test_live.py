"""The extension that puts live figures on pages."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

import press
from press import bring_assets, live

CONTENT = {
    "name": "tilted",
    "html": "<p>a picture</p>",
    "script": "define('tilted')",
    "runtime": {"run.js": "run()", "run.css": "p {}"},
}


@pytest.fixture
def page():
    """A page with a cell's outputs as MyST-NB leaves them."""
    plugin = live.LiveOutput.handle_mime(None, SimpleNamespace(mime_type=live.MIME, content=CONTENT), False)
    bundle = nodes.container(nb_element="mime_bundle")
    for kind, children in ((live.MIME, plugin), ("text/html", [nodes.raw("", "<iframe>", format="html")])):
        bundle += nodes.container("", *children, mime_type=kind)
    document = new_document("page")
    document += nodes.figure("", bundle)
    live.LiveFirst(document).run()
    return document


@pytest.fixture
def builder(tmp_path):
    """A builder whose current page is one folder down."""
    (tmp_path / "_static").mkdir()
    return SimpleNamespace(outdir=tmp_path, current_docname="part/page", get_target_uri=lambda name: f"{name}.html")


def test_other_outputs_are_left_to_others():
    assert live.LiveOutput.handle_mime(None, SimpleNamespace(mime_type="text/html", content="<b>"), False) is None


def test_the_live_figure_replaces_all_that_the_cell_shows(page):
    (figure,) = page.findall(nodes.figure)
    assert [type(child) for child in figure] == [live.live]


def test_the_page_holds_the_picture_and_says_where_the_script_is(page, builder):
    (figure,) = page.findall(live.live)
    translator = SimpleNamespace(body=[], builder=builder)
    with pytest.raises(nodes.SkipNode):
        live.visit(translator, figure)
    (written,) = translator.body
    assert "<p>a picture</p></div>" in written and 'data-figure="tilted"' in written
    assert 'data-script="../_static/tilted.js?v=' in written
    assert 'data-runtime="../_static/run.js?v=' in written
    assert (builder.outdir / "_static" / "run.js").read_text() == CONTENT["runtime"]["run.js"]
    assert (builder.outdir / "_static" / "tilted.js").read_text() == CONTENT["script"]


def test_an_address_changes_with_the_text(builder):
    first = live.publish(builder, "a.js", "one")
    assert live.publish(builder, "a.js", "one") == first != live.publish(builder, "a.js", "two")
    assert (builder.outdir / "_static" / "a.js").read_text() == "two"


@pytest.mark.parametrize("with_figure", [True, False])
def test_the_style_sheets_are_added_only_to_pages_with_a_figure(with_figure, page, builder):
    added = []
    app = SimpleNamespace(builder=builder, add_css_file=added.append)
    live.add_styles(app, "page", "page.html", {}, page if with_figure else new_document("other"))
    assert added == (["run.css"] if with_figure else [])
    live.add_styles(app, "search", "search.html", {}, None)
    assert len(added) == with_figure


def test_the_press_brings_its_assets(tmp_path):
    config = SimpleNamespace(templates_path=[], html_static_path=[], html_extra_path=[])
    bring_assets(SimpleNamespace(doctreedir=tmp_path), config)
    files = {path.name: path for folder in config.html_static_path for path in Path(folder).iterdir()}
    assert {"book.css", "reference.css", "book.js"} <= set(files)
    assert not set(files) & {f"{part}.css" for part in press.STYLE_PARTS}
    text = files["book.css"].read_text()
    assert text.count("@font-face") == 4 and text.count("@media print") == 1 and text.count("{") == text.count("}")
    (templates,) = config.templates_path
    assert {"404.html", "layout.html", "search.html"} <= {path.name for path in Path(templates).iterdir()}
    assert "latin-modern" in {path.name for folder in config.html_extra_path for path in Path(folder).iterdir()}
