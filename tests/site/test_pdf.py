"""The whole book in one PDF, made of the site's own pages."""

import shutil
import unicodedata

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

import make_pdf
from browsing import pages
from sparsity.book import claims

ROOT = make_pdf.ROOT


@pytest.fixture(scope="module")
def printed(site, browser, tmp_path_factory):
    """The PDF as read, and a copy of the site with it."""
    folder = tmp_path_factory.mktemp("printed") / "html"
    shutil.copytree(site, folder)
    make_pdf.print_book(folder, folder / make_pdf.NAME, browser)
    make_pdf.finish(folder)
    return PdfReader(folder / make_pdf.NAME), folder


def entries(outline):
    """Return the titles of an outline, those of the first level by themselves."""
    return [entry.title for entry in outline if not isinstance(entry, list)]


def test_it_is_small_enough_to_take_along(printed):
    _, folder = printed
    assert (folder / make_pdf.NAME).stat().st_size < 5e6


def test_the_outline_has_every_page_of_the_site(printed, site):
    pdf, _ = printed
    headings = [BeautifulSoup((site / f"{page}.html").read_text(), "html.parser").h1 for page in pages()]
    titles = [heading.get_text().removesuffix("#").strip() for heading in headings]
    assert entries(pdf.outline) == titles
    assert pdf.metadata.title == titles[0]


def test_links_within_the_book_stay_in_the_book_and_arrive(printed):
    pdf, _ = printed
    links = [note.get_object() for page in pdf.pages for note in page.get("/Annots") or []]
    addresses = [link["/A"]["/URI"] for link in links if "/URI" in link.get("/A", {})]
    assert addresses and not [address for address in addresses if "127.0.0.1" in address or "localhost" in address]
    targets = [str(link["/Dest"]).removeprefix("/") for link in links if "/Dest" in link]
    names = {name.removeprefix("/") for name in pdf.named_destinations}
    assert len(targets) > 100 and set(targets) <= names


def test_statements_have_their_numbers_and_formulas_their_characters(printed):
    pdf, _ = printed
    text = unicodedata.normalize("NFKC", " ".join(" ".join(page.extract_text() for page in pdf.pages).split()))
    for statement in claims.statements(ROOT):
        assert f"({statement.title.split('$')[0].strip()}" in text, statement.title
    assert "Theorem 1.1" in text and "Figure 2.2" in text and "β" in text


def test_the_index_links_it_exactly_when_it_is_there(printed, site):
    _, folder = printed
    before, after = ((place / "index.html").read_text() for place in (site, folder))
    assert f'<template id="pdf"> <a href="{make_pdf.NAME}"' in before
    assert f'<span id="pdf"> <a href="{make_pdf.NAME}"' in after and "<template" not in after
