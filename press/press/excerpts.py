"""A Sphinx extension: excerpts of everything that a link can lead to, for the cards beside links and for the search.

Each page gets a script, `_static/excerpts/PAGE.js`, which a reader's browser loads when a card needs it. It calls
`excerpts` with the page's name and its excerpts: the `ids` that lead there, the `kind`, the `title` in words, the
`html` of the card, and the `text` that the search reads. What the search reads of all pages is in `_static/entries.js`.
Scripts can be loaded from a page that was opened as a file; nothing else can.
"""

import json
import posixpath
import re
from copy import copy
from itertools import takewhile
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from .formulas import in_a_line
from .live import live

LEFT_OUT = "script, .headerlink, .checks, details.fold, .copy, .live-said, aside.meaning"
# What is shown on its own is no part of the section around it.
SHOWN_ALONE = (
    "section, div.proof[id], div.exercise[id], details.solution, figure, pre, dl.glossary, dl.py, div.citation"
)
NOT_IN_A_SECTION = f"{SHOWN_ALONE}, {LEFT_OUT}, h1, h2, h3, h4, h5, h6"
KINDS = {
    "section[id]": "section",
    "div.proof[id], div.exercise[id], details.solution[id]": "statement",
    "figure[id]": "figure",
    "div.math[id]": "equation",
    "table[id]": "table",
    "div.citation[id]": "reference",
    "dl.glossary :not(dt) + dt[id], dl.glossary dt[id]:first-child": "term",
    "dl.py dt[id]": "object",
    "p[id]": "paragraph",
}
APART = {"classifier", "eqno"}  # what only a style keeps apart from the text before it
FOUND = {*KINDS.values()} - {"reference"}  # by the search


def excerpts(body, page, styles=()) -> list[dict]:
    """Return the excerpts of a page.

    Parameters
    ----------
    body : str
        The page's HTML.
    page : str
        Its name. Addresses of pictures in the excerpts start at the root of the site.
    styles : iterable of str
        Addresses of the style sheets that its live figures need, from the root of the site.
    """
    tree = BeautifulSoup(body, "html.parser")
    for picture in tree.find_all("img", src=True):
        picture["src"] = posixpath.normpath(posixpath.join(posixpath.dirname(page), picture["src"]))
    found, targets = [], tree.find_all(id=True)  # all selectors ask for an id
    for selector, kind in KINDS.items():
        for element in (each for each in targets if each.css.match(selector)):
            shown = _shown(element, kind, styles)
            if shown is not None:
                title, html = _title(shown, kind, element), re.sub(r"\n+", "\n", shown.decode_contents().strip())
                text = _words(_searched(element, shown, kind)).removeprefix(title).removeprefix("()").strip()
                found.append({"ids": _ids(element), "kind": kind, "title": title, "html": html, "text": text})
    return found


def _ids(element):
    """Return the ids that lead to an element: its own, and those of empty elements in front of it or of its text."""
    before = takewhile(_is_anchor, filter(_counts, element.previous_siblings))
    names = _names(element) if element.name == "dt" else [element]
    places = [*names, *before, *(each for name in names for each in name.contents if _is_anchor(each))]
    return list(dict.fromkeys(place["id"] for place in places))


def _names(term):
    """Return all names of a term or an object that share one meaning."""
    return [term, *takewhile(lambda each: each.name == "dt", filter(_counts, term.next_siblings))]


def _counts(node):
    """Return whether a node is more than white space."""
    return isinstance(node, Tag) or bool(node.strip())


def _is_anchor(node):
    return node.name == "span" and node.has_attr("id") and not node.contents


def _shown(element, kind, styles):
    """Return what a card shows of an element, without anything that reacts to the reader."""
    shown = BeautifulSoup("", "html.parser").new_tag("div")
    if kind == "section":
        first = element.find("p", recursive=False)
        shown.extend(copy(each) for each in (element.find(re.compile("^h[1-6]$"), recursive=False), first) if each)
    elif kind == "object":
        shown.extend([copy(element), "\n", *map(copy, element.find_next_sibling("dd").find_all("p", limit=1))])
    elif kind == "term":
        shown.extend([*map(copy, _names(element)), "\n", copy(element.find_next_sibling("dd"))])
    else:
        shown.append(copy(element))
    for figure in shown.select(".live"):
        del figure["data-figure"], figure["data-runtime"], figure["data-script"]
        for each in figure.select("input, select, button, label, fieldset"):
            each.decompose()
        for each in styles:
            figure.insert(0, _sheet(each))
    for each in shown.select(LEFT_OUT):
        each.decompose()
    for each in shown.find_all(True):
        del each["id"], each["role"]
        if each.name == "a":
            each.name, each.attrs = "span", {}
        elif re.fullmatch("h[1-6]", each.name):
            each.name, each.attrs = "p", {"class": ["admonition-title"]}
        elif each.name in ("dt", "dd", "details", "summary"):
            each.name = "div"
    return shown if _words(shown) else None


def _sheet(address):
    return BeautifulSoup("", "html.parser").new_tag("link", rel="stylesheet", href=address)


def _title(shown, kind, element):
    """Return the title in words, such as "Theorem 2.3 (Zero interval)"."""
    if kind in ("section", "statement"):
        return _words(shown.select_one(".admonition-title") or "")
    if kind in ("figure", "table"):
        parts = [_words(shown.select_one(part) or "") for part in (".caption-number", ".caption-text")]
        return f"{parts[0]}. {re.split(r'(?<=[.?!:]) ', parts[1])[0].rstrip('.:')}"
    if kind == "equation":
        return f"Equation {_words(shown.select_one('.eqno') or '')}"
    if kind == "term":
        return ", ".join(_words(name) for name in _names(element))
    if kind == "object":
        return element["id"]
    return _words(shown.select_one("strong") or "").rstrip(".")


def _searched(element, shown, kind):
    """Return what the search reads: of a section all but its sections, statements and figures; else what is shown."""
    if kind in ("figure", "table"):
        return shown.select_one(".caption-text") or ""
    if kind == "equation":
        return ""
    if kind == "term":
        return shown.find_all("div", recursive=False)[-1]  # its meaning, below all its names
    if kind != "section":
        return shown
    return "".join(_texts(element, NOT_IN_A_SECTION))


def _texts(element, left_out=""):
    """Yield the texts in an element without what is left out, and formulas as text."""
    for node in element.children:
        if not isinstance(node, Tag):
            yield node.get_text()
        elif node.name == "math":
            yield in_a_line(node)
        elif not left_out or not node.css.match(left_out):
            if APART & set(node.get("class", ())):
                yield " "
            yield from _texts(node, left_out)


def _words(part):
    text = part if isinstance(part, str) else "".join(_texts(part))
    return " ".join(text.replace("#", "").split())


def add_excerpts(app, pagename, templatename, context, doctree):
    """Write the script of a page, and keep its excerpts for the search."""
    if doctree is None or app.builder.format != "html":
        return
    content = [figure["content"] for figure in doctree.findall(live)]
    styles = {f"_static/{name}": None for each in content for name in each["runtime"] if name.endswith(".css")}
    found = excerpts(context["body"], pagename, styles)
    path = Path(app.outdir, "_static", "excerpts", f"{pagename}.js")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"excerpts({_json(pagename)}, {_json(found)});\n", encoding="utf-8")
    if not hasattr(app, "press_excerpts"):
        app.press_excerpts = {}
    app.press_excerpts[pagename] = found


def write_search(app, exception):
    """Write what the search reads: for each excerpt its page, the first of its ids, its kind, title and text."""
    written = getattr(app, "press_excerpts", {})
    if exception is not None or not written:
        return
    titles = {page: app.env.titles[page].astext() for page in written}
    entries = [
        [page, each["ids"][0], each["kind"], each["title"], each["text"]]
        for page in sorted(written)
        for each in written[page]
        if each["kind"] in FOUND
    ]
    path = Path(app.outdir, "_static", "entries.js")
    path.write_text(f"book = {{titles: {_json(titles)}, entries: {_json(entries)}}};\n", encoding="utf-8")


def leave_out_search(app):
    """Make no index for Sphinx's search, which fetches whole pages, so that it fails on pages opened as files."""
    app.builder.search = False


def search_page(app):
    """Add the page that searches."""
    yield "search", {}, "search.html"


def _json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def setup(app):
    """Register with Sphinx."""
    app.connect("builder-inited", leave_out_search)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", add_excerpts)
    app.connect("build-finished", write_search)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
