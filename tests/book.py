"""The book of this repository, for the tests: its folder and its pages."""

from pathlib import Path

from press import browsing

ROOT = Path(__file__).resolve().parents[1]


def pages():
    """Return the book's pages as _toc.yml names them."""
    return browsing.pages(ROOT)
