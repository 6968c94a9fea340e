"""A Sphinx extension: what a site says about its pages (description, picture, sitemap, robots.txt), and its 404 page.

If the site's address is known (`press.project`), there is a sitemap, and other sites show a picture with a link to a
page (`press.social`): of the page's first figure, or of `book_preview`, of which `book_preview_alt` says what it shows.
If the repository's address is known, each page has a link to report an error there.
"""

import re
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit
from xml.sax.saxutils import escape

from docutils import nodes

from . import social

LEAST = 20  # characters of a sentence that says something by itself
LENGTH = 200  # characters of a description; search engines cut it off at about this length


def description(page):
    """Return what a page is about: the first question in its text, or else its first sentence, without formulas."""
    beside = (nodes.caption, nodes.sidebar)
    paragraphs = [node for node in page.findall(nodes.paragraph) if not isinstance(node.parent, beside)]
    texts = [" ".join(node.astext().split()) for node in paragraphs if not any(node.findall(nodes.math))]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.?!]) ", text)]
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    telling = [sentence for sentence in questions + sentences if len(sentence) > LEAST]
    return (telling + questions + sentences + [""])[0][:LENGTH]


def add_description(app, pagename, templatename, context, doctree):
    """Give the template the page's description and the address of its picture."""
    base = app.config.html_baseurl
    title = app.env.titles[pagename].astext() if doctree is not None else "A page"
    about = description(doctree) if doctree is not None else ""
    has_sentence = " " in about  # a list of references has none
    context["description"] = about if has_sentence else f"{title}: a page of {app.config.html_title}"
    if base and doctree is not None:
        context["picture"], context["picture_alt"] = add_picture(app, pagename, doctree)
    if app.config.book_repository and doctree is not None:
        context["report"] = report(app.config.book_repository, title, context.get("pageurl") or pagename)
    context["rights"] = app.config.book_rights
    context["pdf"] = pdf_name(app.config.html_title)
    context["site_root"] = urlsplit(base).path or "/"


def add_picture(app, pagename, doctree):
    """Write the picture that other sites show with a link to a page; return its address and what it shows."""
    own = [image for image in doctree.findall(nodes.image) if Path(file_of(image)).suffix in social.SUFFIXES]
    path, alt = app.config.book_preview, app.config.book_preview_alt
    if own and pagename != app.config.root_doc:
        path, alt = file_of(own[0]), own[0].get("alt", "")
    shown = Path(app.srcdir, path) if Path(path).suffix in social.SUFFIXES else None
    made = f"_static/{pagename.replace('/', '-')}.png"
    picture = social.png(app.env.titles[pagename].astext(), app.config.html_title, shown)
    Path(app.outdir, made).write_bytes(picture)
    return urljoin(app.config.html_baseurl, made), alt


def file_of(image) -> str:
    """Return a picture's file, relative to the book's folder; once the page is written, its `uri` is another."""
    return next(iter(image["candidates"].values()))


def report(repository, title, place) -> str:
    """Return the address at which a reader reports an error on a page.

    Examples
    --------
    >>> report("https://github.com/a/b", "Circles", "part/circles")
    'https://github.com/a/b/issues/new?title=Error+on+%22Circles%22&body=On+part%2Fcircles%3A'
    """
    said = {"title": f'Error on "{title}"', "body": f"On {place}:"}
    return f"{repository.rstrip('/').removesuffix('.git')}/issues/new?{urlencode(said)}"


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


def write_robots(app, exception):
    """Let search engines read the whole site, and tell them where the sitemap is."""
    if exception is None and app.builder.name == "html":
        base = app.config.html_baseurl
        sitemap = f"Sitemap: {urljoin(base, 'sitemap.xml')}\n" if base else ""
        Path(app.outdir, "robots.txt").write_text(f"User-agent: *\nAllow: /\n{sitemap}", encoding="utf-8")


def setup(app):
    """Register with Sphinx."""
    app.setup_extension("press.project")
    for name in ("book_preview", "book_preview_alt", "book_rights"):
        app.add_config_value(name, "", "html", [str])
    app.connect("html-page-context", add_description)
    app.connect("html-collect-pages", pages_beside_the_book)
    app.connect("build-finished", write_sitemap)
    app.connect("build-finished", write_robots)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
