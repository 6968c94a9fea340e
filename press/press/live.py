"""A Sphinx extension: live figures, from cells that return one.

A cell outputs a live figure as JSON: its HTML in the initial state, the script that defines it, and the runtime that
all live figures share, as scripts and style sheets by file name. The HTML goes on the page, so that the figure is
visible before and without scripts, and in print. A page loads the runtime when the reader gets near its first live
figure (`scripts/live.js`), and the runtime a figure's own script when the reader gets near that.
"""

from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from .runs import digest

MIME = "application/vnd.live-figure+json"


class live(nodes.General, nodes.Element):  # docutils names its nodes in lower case
    """A live figure, with its JSON in the attribute `content`."""


class LiveOutput:
    """MyST-NB's plug-in for such a cell output."""

    @staticmethod
    def handle_mime(renderer, data, inline):
        """Keep the figure until the page is written."""
        return [live(content=data.content)] if data.mime_type == MIME else None


class LiveFirst(SphinxPostTransform):
    """Replace all that the cell shows with the live figure, before MyST-NB selects one of the outputs."""

    default_priority = 3
    formats = ("html",)

    def run(self, **kwargs):
        """Replace the outputs on a whole page."""
        for node in list(self.document.findall(live)):
            node.parent.parent.replace_self(node)


def visit(translator, node):
    """Write the figure and the addresses of the runtime and of its script."""
    content, builder = node["content"], translator.builder
    here = builder.get_target_uri(builder.current_docname)

    def address(name, text):
        return escape(relative_uri(here, f"_static/{publish(builder, name, text)}"))

    runtime = [address(name, text) for name, text in content["runtime"].items() if name.endswith(".js")]
    script = address(f"{content['name']}.js", content["script"])
    translator.body.append(
        f'<div class="live" data-figure="{escape(content["name"])}" data-runtime="{" ".join(runtime)}"'
        f' data-script="{script}">{content["html"]}</div>\n'
    )
    raise nodes.SkipNode


def publish(builder, name, text):
    """Write a file next to the site's other scripts, and return its address, which changes with its text."""
    path = Path(builder.outdir, "_static", name)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return f"{name}?v={digest(text.encode())[:8]}"


def add_styles(app, pagename, templatename, context, doctree):
    """Load the style sheets of the runtime on pages that have a live figure."""
    figures = list(doctree.findall(live)) if doctree is not None else []
    for name, text in {k: v for figure in figures for k, v in figure["content"]["runtime"].items()}.items():
        if name.endswith(".css"):
            publish(app.builder, name, text)
            app.add_css_file(name)


def setup(app):
    """Register with Sphinx."""
    app.add_node(live, html=(visit, None))
    app.add_post_transform(LiveFirst)
    app.connect("html-page-context", add_styles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
