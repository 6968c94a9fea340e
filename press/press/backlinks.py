"""A Sphinx extension: each statement of the book ends with a link to its row on the page "How we know"."""

from docutils import nodes
from sphinx_proof.nodes import NODE_TYPES

PAGE = "chapters/how-we-know"


def link_statements(app, doctree, docname):
    """Append the link to every statement of a page, if the book has the page that it leads to."""
    if PAGE not in app.env.found_docs or app.builder.format != "html":
        return
    page = app.builder.get_relative_uri(docname, PAGE)
    for kind in NODE_TYPES.values():
        for statement in doctree.findall(kind):
            label = statement["label"]
            link = nodes.reference("", "How we know", refuri=f"{page}#claim-{label}", internal=True)
            link["reftitle"] = f"The checks of this {statement['realtype']}"
            statement += nodes.paragraph("", "", link, classes=["how-we-know"])


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", link_statements)
    return {"version": "1", "parallel_read_safe": True}
