"""A Sphinx extension: what a site says about its pages (description, picture, sitemap), and its 404 page.

If the site's address is known (`press.project`), addresses are absolute and there is a sitemap. `book_preview` is the
picture that other sites show with a link to a page, and `book_preview_alt` says what it shows.
"""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from docutils import nodes

LENGTH = 200  # characters of a description; search engines cut it off at about this length


def description(page):
    """Return what a page is about: the first question in its text, or else its first sentence, without formulas."""
    paragraphs = [node for node in page.findall(nodes.paragraph) if not isinstance(node.parent, nodes.caption)]
    texts = [" ".join(node.astext().split()) for node in paragraphs if not any(node.findall(nodes.math))]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.?!]) ", text)]
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    return (questions + sentences + [""])[0][:LENGTH]


def add_description(app, pagename, templatename, context, doctree):
    """Give the template the page's description and the address of its picture."""
    base = app.config.html_baseurl
    title = re.sub("<[^>]*>", "", context.get("title") or "A page")
    about = description(doctree) if doctree is not None else ""
    has_sentence = " " in about  # a list of references has none
    context["description"] = about if has_sentence else f"{title}: a page of {app.config.html_title}"
    if picture := app.config.book_preview:
        context["picture"] = urljoin(base, picture) if base else context["pathto"](picture, resource=True)
        context["picture_alt"] = app.config.book_preview_alt
    context["rights"] = app.config.book_rights
    context["pdf"] = pdf_name(app.config.html_title)
    context["site_root"] = urlsplit(base).path or "/"


def pdf_name(title) -> str:
    """Return the file name of the PDF of a book with that title.

    Examples
    --------
    >>> pdf_name("What is it? A Book")
    'what-is-it-a-book.pdf'
    """
    return "-".join(re.findall(r"\w+", title.lower())) + ".pdf"


def pages_beside_the_book(app):
    """Add the page that a server shows for a wrong address."""
    yield "404", {}, "404.html"


def write_sitemap(app, exception):
    """List all pages of the book with their absolute addresses."""
    if exception is not None or not app.config.html_baseurl or app.builder.name != "html":
        return
    pages = sorted(app.env.found_docs)
    addresses = [urljoin(app.config.html_baseurl, app.builder.get_target_uri(name)) for name in pages]
    lines = [f"  <url><loc>{escape(address)}</loc></url>" for address in addresses]
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', opening, *lines, "</urlset>\n"])
    Path(app.outdir, "sitemap.xml").write_text(text, encoding="utf-8")


def setup(app):
    """Register with Sphinx."""
    app.setup_extension("press.project")
    for name in ("book_preview", "book_preview_alt", "book_rights"):
        app.add_config_value(name, "", "html", [str])
    app.connect("html-page-context", add_description)
    app.connect("html-collect-pages", pages_beside_the_book)
    app.connect("build-finished", write_sitemap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
