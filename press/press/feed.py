"""A Sphinx extension: a feed of the book's `CHANGELOG.md`, if the site's address is known, as a feed needs.

Each section `## VERSION (DATE)` is an entry. One without a date, which is not released, has that of `CITATION.cff`.
"""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt

from .citing import name, source

FILE, FEED = "CHANGELOG.md", "changes.xml"
SECTION = re.compile(r"^## (\S+) \((.*?)\)\n(.*?)(?=^## |\Z)", re.M | re.S)


class Change(NamedTuple):
    """A section of the changelog: its version, its date if it has one, and its text as HTML."""

    version: str
    date: str
    html: str


def changes(text) -> list[Change]:
    """Return the sections of a changelog.

    Examples
    --------
    >>> changes("# Changes" + chr(10) + "## 1.0 (2026-01-02)" + chr(10) + "- *New*")
    [Change(version='1.0', date='2026-01-02', html='<ul>\\n<li><em>New</em></li>\\n</ul>\\n')]
    """
    markdown = MarkdownIt()
    return [Change(version, day, markdown.render(body)) for version, day, body in SECTION.findall(text)]


def atom(title, home, cited, found) -> str:
    """Return the feed of a site at the address `home`, whose book is `cited`."""
    released = cited.date.isoformat()
    days = [each.date if re.fullmatch(r"\d{4}-\d\d-\d\d", each.date) else released for each in found]
    authors = "".join(f"<author><name>{escape(name(each))}</name></author>" for each in cited.authors)
    entries = [
        f"  <entry>\n    <title>{escape(each.version)}</title>\n"
        f"    <id>{escape(urljoin(home, f'#{each.version}'))}</id>\n"
        f'    <link href="{escape(home)}"/>\n    <updated>{day}T00:00:00Z</updated>\n'
        f'    <content type="html">{escape(each.html)}</content>\n  </entry>\n'
        for each, day in zip(found, days, strict=True)
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <title>{escape(title)}: changes</title>\n  <id>{escape(home)}</id>\n"
        f'  <link href="{escape(home)}"/>\n  <link rel="self" href="{escape(urljoin(home, FEED))}"/>\n'
        f"  <updated>{max([*days, released])}T00:00:00Z</updated>\n  {authors}\n{''.join(entries)}</feed>\n"
    )


def has_feed(app) -> bool:
    """Return whether the site has a feed."""
    return bool(app.config.html_baseurl and Path(app.srcdir, FILE).is_file() and source(app.srcdir))


def add_link(app, pagename, templatename, context, doctree):
    """Give the template the name of the feed."""
    context["feed"] = FEED if has_feed(app) else ""


def write_feed(app, exception):
    """Write the feed."""
    if exception is None and app.builder.name == "html" and has_feed(app):
        found = changes(Path(app.srcdir, FILE).read_text(encoding="utf-8"))
        text = atom(app.config.html_title, app.config.html_baseurl, source(app.srcdir), found)
        Path(app.outdir, FEED).write_text(text, encoding="utf-8")


def setup(app):
    """Register with Sphinx."""
    app.setup_extension("press.project")
    app.connect("html-page-context", add_link)
    app.connect("build-finished", write_feed)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
