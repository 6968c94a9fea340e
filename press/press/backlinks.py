"""A Sphinx extension: each statement of the book ends with a link to its row on the page that lists the checks.

`book_checks_page` in `_config.yml` names that page. The row of a statement has the id `claim-LABEL`.
"""

from docutils import nodes
from sphinx_proof.nodes import NODE_TYPES


def link_statements(app, doctree, docname):
    """Append the link to each statement of a page, if the book has the page that the link leads to."""
    checks = app.config.book_checks_page
    if checks not in app.env.found_docs or app.builder.format != "html":
        return
    page, title = app.builder.get_relative_uri(docname, checks), app.env.titles[checks].astext()
    for kind in NODE_TYPES.values():
        for statement in doctree.findall(kind):
            link = nodes.reference("", title, refuri=f"{page}#claim-{statement['label']}", internal=True)
            link["reftitle"] = f"The checks of this {statement['realtype']}"
            statement += nodes.paragraph("", "", link, classes=["checks"])


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("book_checks_page", "", "html", [str])
    app.connect("doctree-resolved", link_statements)
    return {"version": "1", "parallel_read_safe": True}
