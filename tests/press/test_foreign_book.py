"""The press prints other books: one about circles, which shares nothing with the book of this repository."""

import re
import tomllib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import press
from book import ROOT
from press import browsing

CONFIG = """\
title: About Circles
author: A. Compass
copyright: "1999"
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
  recursive_update: false
"""
TOC = """\
format: jb-book
root: index
parts:
- caption: The part
  chapters:
  - file: part/area
    sections: [{file: part/deeper}]
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
    "part/deeper": "# Deeper\n\nSee {prf:ref}`thm-area`.\n",
    "part/measured": HEAD
    + """
# Measured

<span id="claim-thm-area"></span>

```{code-cell}
print("measured", round(3.14159265 * 2 ** 2, 2))
```
""",
}
CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/></svg>'


@pytest.fixture(scope="module")
def site(tmp_path_factory, build_book):
    """The built site."""
    folder = tmp_path_factory.mktemp("circles")
    for name, text in {"_config.yml": CONFIG, "_toc.yml": TOC, "_static/circle.svg": CIRCLE}.items():
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
        for link in page.select("a[href]:not(template a)"):
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
