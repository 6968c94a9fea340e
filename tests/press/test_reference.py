"""The reference of a book about something else: entries from docstrings, links to them, and what they depend on."""

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.slow  # each test builds a small book
CONFIG = """
extensions = ["myst_parser", "press.reference"]
default_role = "literal"
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
html_theme = "basic"
"""
MODULE = '''
"""Shapes of the plane."""

class Square:
    """A square, of area `side**2`; see `area_of`.

    Attributes
    ----------
    side, half : float
        Its side, and half of it.
    """

    def __init__(self, side):
        self.side, self.half = side, side / 2

    def scaled(self, factor):
        """Return a `Square` with another `side`.

        Examples
        --------
        >>> Square(2).scaled(3).side
        6
        """
        return Square(self.side * factor)


class Circle:
    """A circle, which is no `Square`; `scaled` is nothing here."""

    def scaled(self, factor):
        """Return it."""


def area_of(shape):
    """Return the area of a `Square`."""
'''
PAGES = {
    "index": """
# Shapes

A `Square` and `shapes.Square.scaled(2)`, once more `Square`, never {code}`Square`, [`Square`](story.md), nor `scaled`.

## `Circle`

Again `Square`, and `Circle(1)`; `side` is a word.

```{toctree}
story
reference
```
""",
    "story": "(once)=\n# Once upon a time\n\nNo name.\n",
    "reference": """
# Reference

```{eval-rst}
.. automodule:: shapes
```

```{explained}
| names | where |
| --- | --- |
| `shapes.Square`, `shapes.Square.scaled` | {ref}`once` |
| `shapes` | {doc}`index` |
```
""",
}


def build(folder):
    command = [sys.executable, "-m", "sphinx", "-n", "-b", "html", ".", "out"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": path(folder)}, check=False
    )


def path(folder):
    return ":".join([str(folder), *filter(None, sys.path)])


@pytest.fixture
def book(tmp_path):
    (tmp_path / "conf.py").write_text(CONFIG)
    (tmp_path / "shapes.py").write_text(MODULE)
    for name, text in PAGES.items():
        (tmp_path / f"{name}.md").write_text(text)
    return tmp_path


def read(book, name):
    return BeautifulSoup((book / "out" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def links(part):
    return [(link.get_text(), link["href"]) for link in part.select("a.internal:has(code)")]


def test_names_become_links_once_in_each_section_and_entries_lead_to_the_book(book):
    built = build(book)
    assert not built.returncode and "WARNING" not in built.stderr, built.stderr
    outer, inner = (section.find("p") for section in read(book, "index").select("section"))
    assert links(outer) == [
        ("Square", "reference.html#shapes.Square"),
        ("shapes.Square.scaled(2)", "reference.html#shapes.Square.scaled"),
        ("Square", "story.html"),
    ]
    assert links(inner) == [("Square", "reference.html#shapes.Square"), ("Circle(1)", "reference.html#shapes.Circle")]

    page = read(book, "reference")
    square, circle = (page.find(id=f"shapes.{name}").find_next_sibling("dd") for name in ("Square", "Circle"))
    method = page.find(id="shapes.Square.scaled").find_next_sibling("dd")
    assert links(method)[:2] == [("Square", "#shapes.Square"), ("side", "#shapes.Square.side")]
    assert links(circle.p) == [("Square", "#shapes.Square"), ("scaled", "#shapes.Circle.scaled")]
    assert method.select_one(".in-the-book a")["href"] == "story.html#once"
    assert circle.select_one(".in-the-book a")["href"] == "index.html"
    assert len(square.select(".in-the-book")) == 2
    assert square.select_one(".in-the-book").find_next_sibling("dl")  # before the methods
    assert [each.parent["class"][0] for each in page.find(id="shapes.Square").select("wbr")] == [
        "sig-prename",
        "sig-param",
    ]
    assert page.find(id="shapes.Square.half")


def test_a_changed_docstring_reaches_the_page(book):
    build(book)
    (book / "shapes.py").write_text(MODULE.replace("a `Square`.", "a `Square`, its side squared."))
    assert "1 changed" in build(book).stdout
    assert "its side squared" in read(book, "reference").get_text()


def test_a_row_without_an_entry_is_named(book):
    page = book / "reference.md"
    page.write_text(page.read_text().replace("`shapes.Square.scaled` |", "`shapes.Triangle` |"))
    assert "there is no entry for shapes.Triangle" in build(book).stderr
