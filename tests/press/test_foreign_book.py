"""The press prints other books: one about circles, which shares nothing with the book of this repository."""

import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.image
import pytest
from bs4 import BeautifulSoup

import press
from book import ROOT
from press import browsing

CONFIG = """\
title: About Circles
author: A. Compass
copyright: "1999"
only_build_toc_files: true
execute: {execute_notebooks: cache, stderr_output: error}
sphinx:
  config:
    html_theme: basic
    html_theme_options: {nosidebar: true}
    html_use_index: false
    html_domain_indices: false
    html_math_renderer: mathml
    html_copy_source: false
    numfig: true
    extensions: [jupyter_book, myst_nb, sphinx_external_toc, sphinx_comments, sphinx_book_theme, sphinx_proof,
                 sphinx_exercise, press]
    book_checks_page: part/measured
    book_pages_of_the_tree: [part/measured]
    book_preview: _static/circle.svg
    book_preview_alt: A circle.
    book_rights: Copy it as you like.
    html_baseurl: https://circles.example/book/
    book_repository: https://github.com/compass/circles
  recursive_update: false
"""
TOC = """\
format: jb-book
root: index
parts:
- caption: The part
  chapters:
  - file: part/area
    sections: [{file: part/deeper}, {file: part/words}]
  - file: part/measured
"""
HEAD = """\
---
kernelspec: {name: python3, display_name: Python 3}
jupytext: {text_representation: {extension: .md, format_name: myst}}
---
"""
PAGES = {
    "index": "# About Circles\n\nWhy is a circle round? Read on.\n",
    "part/area": HEAD
    + '''
# The area

:::{prf:theorem} Area
:label: thm-area

A circle of radius $r$ has the area $\\pi r^2$.
:::

:::{exercise} Double it
:label: exe-double
What is the area for $2r$?
:::

:::{solution} exe-double
:class: dropdown
Four times as much.
:::

```{figure} ../_static/circle.svg
:name: fig-circle
:alt: A circle.

A circle.
```

```{code-cell}
---
mystnb:
  figure: {name: fig-live, caption: The radius moves.}
---
from IPython.display import display
html = '<p>The radius is <output>1</output>.</p><input type="range" max="2" value="1" aria-label="radius">'
script = """
const slider = document.querySelector(".live input");
slider.oninput = () => (document.querySelector(".live output").value = slider.value);
"""
runtime = """
for (const figure of document.querySelectorAll(".live"))
  document.head.append(Object.assign(document.createElement("script"), {src: figure.dataset.script}));
"""
content = {"name": "radius", "html": html, "script": script, "runtime": {"circles.js": runtime}}
display({"application/vnd.live-figure+json": content, "text/plain": "a figure"}, raw=True)
```
''',
    "part/deeper": """
# Deeper

See {prf:ref}`thm-area`. The word {term}`radius` stands twice, {term}`radius`, and once {term}`in front <distance>`.

A short paragraph, in which the {term}`centre` is mentioned, and which leaves no space for a note.

| a | b |
| - | - |
| 1 | 2 |

:::{margin} By the way
A note of the author.
:::

```{glossary}
centre
  What has one.

distance
  How far it is.
```
""",
    "part/words": """
# Words

```{glossary}
radius
spoke
  How far the circle is from its centre ({prf:ref}`thm-area`).
```
""",
    "part/measured": HEAD
    + """
# Measured

<span id="claim-thm-area"></span>

```{code-cell}
print("measured", round(3.14159265 * 2 ** 2, 2))
```
""",
}
CITATION = """\
cff-version: 1.2.0
title: "About Circles & more"
authors: [{given-names: Ada, family-names: Compass}, {name: The Friends of $\u03c0$}]
date-released: 1999-12-31
license: CC-BY-4.0
"""
CHANGELOG = """\
# Changes

## 2.0 (unreleased)

- Spheres.

## 1.0 (1999-05-06)

- *Circles* & < more.
"""
CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/></svg>'


@pytest.fixture(scope="module")
def site(tmp_path_factory, build_book):
    """The built site."""
    folder = tmp_path_factory.mktemp("circles")
    files = {"_config.yml": CONFIG, "_toc.yml": TOC, "_static/circle.svg": CIRCLE}
    for name, text in (files | {"CITATION.cff": CITATION, "CHANGELOG.md": CHANGELOG}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    for name, text in PAGES.items():
        (folder / f"{name}.md").parent.mkdir(exist_ok=True)
        (folder / f"{name}.md").write_text(text)
    done = build_book(folder, folder, "-W", "--keep-going")
    assert done.returncode == 0, done.stdout
    return folder / "_build" / "html"


def shown(site, name):
    """Return a parsed page."""
    return BeautifulSoup((site / f"{name}.html").read_text(), "html.parser")


def test_its_pages_are_whole(site):
    assert browsing.pages(site.parents[1]) == list(PAGES)
    for name in PAGES:
        page = shown(site, name)
        assert "About Circles" in page.title.get_text() and "Copy it as you like." in page.footer.get_text()
        assert page.select_one("meta[property='og:image:alt']")["content"] == "A circle."
        assert (site / "_sources" / f"{name}.md").exists()
        for link in page.select("a[href]:not(template a, [href^='https:'])"):
            address, _, part = link["href"].partition("#")
            target = (site / f"{name}.html").parent / address if address else site / f"{name}.html"
            assert target.is_file(), link
            if part and target.suffix == ".html":
                assert BeautifulSoup(target.read_text(), "html.parser").find(id=part), link
    assert '<template id="pdf"> <a href="about-circles.pdf">' in (site / "index.html").read_text()
    assert shown(site, "index").select_one("meta[name=description]")["content"] == "Why is a circle round?"


def test_statement_exercise_picture_and_live_figure_are_there(site):
    page = shown(site, "part/area")
    assert len(page.select("math")) == 3 and page.select_one("details.solution summary")
    assert page.select_one("#thm-area p.checks a")["href"] == "measured.html#claim-thm-area"
    assert page.select_one("#fig-circle img")["width"] == "20"
    assert page.select_one("#fig-live .live output").get_text() == "1"
    assert "measured 12.57" in shown(site, "part/measured").get_text()
    assert (site / "_sources" / "part" / "area.ipynb").exists()
    assert not (site / "_sources" / "part" / "measured.ipynb").exists() and not list(site.glob("*.whl"))


def test_it_is_found_and_cited(site):
    page = shown(site, "part/area")
    tags = [(tag["name"], tag["content"]) for tag in page.select("meta[name^=citation_]")]
    assert tags == [
        ("citation_title", "The area"),
        ("citation_author", "Compass, Ada"),
        ("citation_author", "The Friends of $\u03c0$"),
        ("citation_publication_date", "1999/12/31"),
        ("citation_language", "en"),
        ("citation_inbook_title", "About Circles & more"),
        ("citation_fulltext_html_url", "https://circles.example/book/part/area.html"),
    ]
    data = json.loads(page.select_one("script[type='application/ld+json']").get_text())
    assert data["@type"] == "Chapter" and data["isPartOf"]["author"][0]["@type"] == "Person"
    assert data["license"] == ["https://spdx.org/licenses/CC-BY-4.0.html"]
    chapter, book = (pre.get_text() for pre in page.select("details.cite pre"))
    assert chapter.startswith("@incollection{about-circles-more:the-area,\n")
    assert "author = {Compass, Ada and {The Friends of \\$\u03c0\\$}}" in book and "Circles \\& more" in book
    assert "url = {https://circles.example/book/part/area.html}" in chapter


def test_other_sites_and_search_engines_are_told_where_it_is(site):
    for name in PAGES:
        said = {tag["property"]: tag["content"] for tag in shown(site, name).select("meta[property]")}
        picture = site / said["og:image"].removeprefix("https://circles.example/book/")
        assert matplotlib.image.imread(picture).shape[:2] == (630, 1200)
    robots = "User-agent: *\nAllow: /\nSitemap: https://circles.example/book/sitemap.xml\n"
    assert (site / "robots.txt").read_text() == robots and (site / "sitemap.xml").is_file()
    link = shown(site, "part/area").find("a", string="Report an error on this page")["href"]
    assert link.startswith("https://github.com/compass/circles/issues/new?title=Error+on+%22")
    assert "circles.example%2Fbook%2Fpart%2Farea.html" in link


def test_its_changes_can_be_followed(site):
    link = shown(site, "part/area").select_one("link[type='application/atom+xml']")
    feed = ElementTree.parse(site / "part" / link["href"]).getroot()
    atom = {"": "http://www.w3.org/2005/Atom"}
    entries = [
        (each.findtext("title", "", atom), each.findtext("updated", "", atom)) for each in feed.findall("entry", atom)
    ]
    assert entries == [("2.0", "1999-12-31T00:00:00Z"), ("1.0", "1999-05-06T00:00:00Z")]
    assert "<em>Circles</em> &amp; &lt; more." in feed.findall("entry", atom)[1].findtext("content", "", atom)
    assert feed.findtext("id", "", atom) == "https://circles.example/book/"


def test_an_entry_is_copied_with_the_keyboard(site, browser):
    with browsing.served(site) as address, browsing.tab(browser, "light", 800) as tab:
        tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        browsing.go(tab, f"{address}/part/area.html")
        tab.locator(".cite summary").press("Enter")
        tab.locator(".cite .copy").first.press("Enter")
        tab.get_by_text("Copied").wait_for()
        assert tab.evaluate("navigator.clipboard.readText()").startswith("@incollection{")


def test_the_margin_shows_what_terms_mean(site, browser):
    (note,) = shown(site, "part/deeper").select("aside.meaning")  # the others are explained on the page itself
    assert " ".join(note.get_text().split()) == "radius, spoke How far the circle is from its centre (Theorem 1)."
    link = note.find("a")["href"]
    assert link == "area.html#thm-area"
    with browsing.served(site) as address:
        for width, beside in ((1280, True), (800, False)):
            with browsing.tab(browser, "light", width) as tab:
                browsing.go(tab, f"{address}/part/deeper.html")
                meaning, own = tab.locator("aside.meaning"), tab.locator("aside.margin:not(.meaning)")
                text = tab.locator("article").bounding_box()
                assert meaning.is_visible() == beside and own.is_visible()
                assert (own.bounding_box()["x"] > text["x"] + text["width"]) == beside
    download = (site / "_sources" / "part" / "deeper.md").read_text()
    assert "A note of the author." in download and "How far the circle" not in download


def test_its_live_figure_moves(site, browser):
    with browsing.served(site) as address, browsing.tab(browser, "light", 800) as tab:
        browsing.go(tab, f"{address}/part/area.html")
        tab.get_by_role("slider").press("End")
        assert tab.locator(".live output").text_content() == "2"


def press_sources():
    """Return the press's own files: no fonts and runtimes of others."""
    folder = Path(press.__file__).parent
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".woff2")]
    return [path for path in files if not {"fonts", "runtimes"} & set(path.relative_to(folder).parts)]


def test_the_press_does_not_know_the_book_of_this_repository():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["name"]
    pages = {name.split("/")[-1] for name in browsing.pages(ROOT)} - {"index", "glossary", "reference", "references"}
    foreign = re.compile("|".join([project, "sparsity", "penalt", *pages]), re.I)
    assert not [path.name for path in press_sources() if foreign.search(path.read_text(encoding="utf-8"))]


def test_no_import_leads_from_the_press_to_the_library_or_back():
    library = (ROOT / "src").rglob("*.py")
    imports = re.compile(r"^\s*(?:from|import) (press|exactzeros)\b", re.M)
    assert not [path for path in press_sources() if imports.search(path.read_text(encoding="utf-8"))]
    assert not [path for path in library if "press" in imports.findall(path.read_text(encoding="utf-8"))]
