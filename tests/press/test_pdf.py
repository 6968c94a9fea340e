"""The whole book as one PDF, made from the pages of the site."""

import re
import shutil
import unicodedata
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from book import ROOT, pages
from exactzeros.book import claims
from press import browsing
from press import pdf as make_pdf

NAME = "sparsity-through-singularities.pdf"


@pytest.fixture(scope="module")
def printed(site, browser, tmp_path_factory):
    """The parsed PDF, and the copy of the site that contains it."""
    folder = tmp_path_factory.mktemp("printed") / "html"
    shutil.copytree(site, folder)
    make_pdf.print_book(folder, folder / NAME, browser)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1767225600")
        make_pdf.finish(folder)
    return PdfReader(folder / NAME), folder


@pytest.fixture(scope="module")
def texts(printed):
    """The lines of each page, with the letters of formulas as plain letters."""
    pdf, _ = printed
    return [unicodedata.normalize("NFKC", page.extract_text()).splitlines() for page in pdf.pages]


def entries(outline):
    """Return the titles of the first level of an outline."""
    return [entry.title for entry in outline if not isinstance(entry, list)]


def test_it_is_small_enough_to_download(printed):
    _, folder = printed
    assert (folder / NAME).stat().st_size < 5e6


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


def test_statements_have_their_numbers_and_formulas_their_characters(texts):
    text = " ".join(" ".join(line for page in texts for line in page).split())
    for statement in claims.statements(ROOT):
        assert f"({statement.title.split('$')[0].strip()}" in text, statement.title
    assert "Theorem 1.1" in text and "Figure 2.2" in text and "β" in text


def test_the_index_links_it_exactly_when_it_is_there(printed, site):
    _, folder = printed
    before, after = ((place / "index.html").read_text() for place in (site, folder))
    assert f'<template id="pdf"> <a href="{NAME}"' in before
    assert f'<span id="pdf"> <a href="{NAME}"' in after and "<template" not in after


def test_nothing_in_it_depends_on_the_run(printed):
    pdf, _ = printed
    assert pdf.metadata["/CreationDate"] == pdf.metadata["/ModDate"] == "D:20260101000000Z"
    tags = [b"1 0 obj <</ID (node%08d) /P (node%08d)>>" % (start, start + 3) for start in (17, 20)]
    assert make_pdf.with_steady_ids(tags[0]) == make_pdf.with_steady_ids(tags[1])


def test_no_page_is_empty_and_no_line_begins_with_what_follows_a_formula(texts):
    assert not [number for number, page in enumerate(texts, 1) if len("".join(page)) < 30]
    exponent = re.compile(r".{0,2}|[\u2212-]?\w/\w")  # on a line of its own
    pairs = [pair for page in texts for pair in pairwise(page) if not exponent.fullmatch(pair[0])]
    assert not [after for _, after in pairs if re.match(r"\s*[,.] [A-Za-z]", after)]


def test_nothing_is_cut_off_at_a_formulas_edge(site, browser):
    with browsing.served(site) as address, browsing.tab(browser, "light", 800) as page:
        browsing.go(page, f"{address}/chapters/priors.html")
        page.emulate_media(media="print")
        seen = "formula => getComputedStyle(formula).overflowX"
        assert {each.evaluate(seen) for each in page.locator("article span.long, article .wide").all()} == {"visible"}


def test_it_names_author_and_licenses(printed, texts):
    pdf, _ = printed
    assert "CC BY 4.0" in " ".join(texts[0])
    assert pdf.metadata.author == "The Sparsity through Singularities authors"


def test_a_folder_without_a_site_is_an_error(tmp_path):
    with pytest.raises(SystemExit, match="SITE must be the folder of a built book"):
        make_pdf.main(tmp_path)
