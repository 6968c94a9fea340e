"""The folder and the pages of this repository's book, for the tests."""

from pathlib import Path

from press import browsing

ROOT = Path(__file__).resolve().parents[1]


def pages():
    """Return the book's pages as _toc.yml names them."""
    return browsing.pages(ROOT)
