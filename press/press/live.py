"""A Sphinx extension: figures with sliders, from charts that a cell returns.

A cell outputs such a chart as a Vega specification and as a still picture. A page of the site contains both: the
picture appears at once, and `interactive.js` replaces it with the live figure. Other builders, readers without scripts
and printers get the picture.
"""

import json

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

VEGA_MIME = "application/vnd.vega.v5+json"  # a cell output that JupyterLab draws without help


class interactive(nodes.container):  # docutils names its nodes in lower case
    """The still picture, with the Vega specification in the attribute `spec`."""


class VegaOutput:
    """MyST-NB's plug-in for the Vega output of a cell; on its own it shows nothing."""

    @staticmethod
    def handle_mime(renderer, data, inline):
        """Keep the specification until the page is written."""
        return [interactive(spec=json.dumps(data.content))] if data.mime_type == VEGA_MIME else None


class JoinSpecificationAndPicture(SphinxPostTransform):
    """Put the still picture into the interactive figure, before MyST-NB selects one of the outputs."""

    default_priority = 3
    formats = ("html",)

    def run(self, **kwargs):
        """Replace each pair of outputs with one node."""
        for node in list(self.document.findall(interactive)):
            outputs = {output["mime_type"]: output for output in node.parent.parent}
            node += outputs["image/svg+xml"].children
            node.parent.parent.replace_self(node)


def visit(translator, node):
    """Write what comes before the picture."""
    spec = json.loads(node["spec"])
    padding = spec["padding"]
    width = spec["width"] + padding["left"] + padding["right"]
    height = spec["height"] + padding["top"] + padding["bottom"]
    sliders = sum("bind" in signal for signal in spec["signals"])
    translator.body.append(
        f'<div class="interactive" style="--shape: {width} / {height}; --sliders: {sliders}">'
        '<div class="interactive-picture">'
    )


def depart(translator, node):
    """Write the place for the sliders, the sentence for screen readers, and the specification."""
    spec = {key: value for key, value in json.loads(node["spec"]).items() if key != "$schema"}
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("</", r"<\/")
    translator.body.append(
        '</div><div class="interactive-sliders"></div><p class="interactive-words" role="status"></p>'
        f'<script type="application/json">{text}</script></div>\n'
    )


def add_scripts(app, pagename, templatename, context, doctree):
    """Load the Vega runtime, after the text, on pages that have an interactive figure."""
    if doctree is not None and any(doctree.findall(interactive)):
        app.add_js_file("../vega/vega.min.js", loading_method="defer")
        app.add_js_file("interactive.js", loading_method="defer")
        app.add_css_file("interactive.css")


def setup(app):
    """Register with Sphinx."""
    app.add_node(interactive, html=(visit, depart))
    app.add_post_transform(JoinSpecificationAndPicture)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
