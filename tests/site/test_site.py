"""The built pages as files: complete, linked, captioned, free of errors, and independent of other sites."""

import io
import json
import os
import re
import shutil
from contextlib import contextmanager
from functools import cache
from urllib.parse import unquote, urlsplit

import matplotlib.image
import pytest
import yaml
from bs4 import BeautifulSoup

from book import ROOT, pages
from exactzeros.book import claims, coq_proofs
from press import social
from small_book import DATE, differences

REFERENCES = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}


@cache
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def places(path):
    """The places on a page to which an address can lead."""
    return {tag["id"] for tag in soup(path).find_all(id=True)}


@pytest.fixture(params=pages())
def page(request, site):
    """The parsed page and its file."""
    path = site / f"{request.param}.html"
    assert path.is_file(), f"{request.param} was not built"
    return soup(path), path


def references(tree):
    tags = [tag for tag in tree.find_all(list(REFERENCES)) if not tag.find_parent("template")]  # hidden for now
    return [(tag, tag[name]) for tag in tags if (name := REFERENCES[tag.name]) in tag.attrs]


def leads_somewhere(path, address):
    parts = urlsplit(address)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not parts.fragment:
        return target.is_file()
    return target.is_file() and unquote(parts.fragment) in places(target)


def prose(tree):
    """The article's text outside code."""
    texts = tree.select_one("article").find_all(string=True)
    return " ".join(text for text in texts if not text.find_parent(["pre", "code", "script"]))


def test_the_site_has_a_front_page_and_a_search_page(site):
    assert (site / "index.html").is_file() and (site / "search.html").is_file()


def test_every_link_within_the_site_leads_somewhere(page):
    tree, path = page
    addresses = [address for _, address in references(tree) if not re.match(r"[a-z]+:|//", address)]
    assert not [address for address in addresses if not leads_somewhere(path, address)]


def test_nothing_is_loaded_from_another_site(page):
    tree, _ = page
    foreign = [address for tag, address in references(tree) if tag.name != "a" and urlsplit(address).netloc]
    assert not foreign
    inline = " ".join(tag.get_text() for tag in tree.select("script:not([type='application/ld+json']), style"))
    assert not re.findall(r"https?://[^\s\"')]+", inline)


def test_style_sheets_load_nothing_from_another_site(site):
    for sheet in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\s]*", sheet.read_text("utf-8")), sheet.name


def test_every_page_says_in_its_head_what_it_is_about(page):
    tree, _ = page
    said = {tag.get("name") or tag.get("property"): tag["content"] for tag in tree.select("meta[content]")}
    assert tree.title.get_text().strip() and said["og:title"]
    assert said["description"] == said["og:description"]
    assert len(said["description"]) > 20 and "\\" not in said["description"]
    assert ("og:image" in said) == ("og:url" in said)  # where the site's address is known


def test_every_page_says_how_it_is_cited(page):
    tree, path = page
    book = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    tags = {tag["name"]: tag["content"] for tag in tree.select("meta[name^=citation_]")}
    data = json.loads(tree.select_one("script[type='application/ld+json']").get_text())
    entries = [pre.get_text() for pre in tree.select("details.cite pre")]
    assert tags["citation_publication_date"] == book["date-released"].strftime("%Y/%m/%d")
    assert tags["citation_author"] == data["author"][0]["name"] == book["authors"][0]["name"]
    assert tags["citation_title"] == data["name"]
    if path.stem == "index":
        assert data["@type"] == "Book" and data["name"] == book["title"]
        assert [each.split("{")[0] for each in entries] == ["@book"]
    else:
        assert data["@type"] == "Chapter" and data["name"] in tree.h1.get_text()
        assert tags["citation_inbook_title"] == data["isPartOf"]["name"] == book["title"]
        assert [each.split("{")[0] for each in entries] == ["@incollection", "@book"]
        assert tags["citation_title"] in entries[0]
    keys = [re.match(r"@\w+\{([\w:-]+),\n", each)[1] for each in entries]
    assert len(set(keys)) == len(keys)


def test_every_page_has_a_picture_for_other_sites(page):
    """It is made from a figure of the page, and the same each time."""
    tree, path = page
    shown = [path.parent / image["src"] for image in tree.select("article figure img")]
    made = social.png(tree.h1.get_text(), "The book", shown[0] if shown else None)
    assert made == social.png(tree.h1.get_text(), "The book", shown[0] if shown else None)
    assert matplotlib.image.imread(io.BytesIO(made)).shape[:2] == (630, 1200)
    assert bool(shown) == (made != social.png(tree.h1.get_text(), "The book"))


def test_search_engines_may_read_all(site):
    assert (site / "robots.txt").read_text().startswith("User-agent: *\nAllow: /\n")


def test_no_id_stands_twice(page):
    tree, _ = page
    ids = [tag["id"] for tag in tree.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_every_formula_is_mathml(page):
    tree, _ = page
    assert len(tree.select(".math")) == len(tree.select(".math math"))
    assert not tree.select("merror")


def test_pages_load_no_script_but_their_own(page):
    tree, path = page
    names = {script["src"].split("/")[-1] for script in tree.select("script[src]")}
    assert names <= {"book.js"} | ({"lab.js"} if path.stem == "penalty-lab" else set())


def test_every_image_says_in_words_what_it_shows(page):
    tree, _ = page
    for image in tree.find_all("img"):
        assert bool(image["alt"].strip()) != bool(image.find_parent(class_="overview"))  # there the link says more


def test_pictures_load_when_the_reader_comes_near_and_move_nothing(page):
    tree, _ = page
    for image in tree.select("article img"):
        assert image["loading"] == "lazy" and int(image["width"]) > 0 and int(image["height"]) > 0


def test_every_picture_is_a_figure_with_a_number_and_a_caption(page):
    tree, _ = page
    article = tree.select_one("article")
    assert not [image["src"] for image in article.select("img:not(.overview img)") if not image.find_parent("figure")]
    for figure in article.find_all("figure"):
        assert re.search(r"\d", figure.select_one("figcaption .caption-number").get_text())
        assert len(figure.select_one("figcaption .caption-text").get_text().split()) >= 3


def test_every_table_with_a_label_has_a_number_and_a_caption(page):
    tree, _ = page
    for table in tree.select("article table[id]"):
        assert re.search(r"\d", table.select_one("caption .caption-number").get_text())


def test_no_cell_shows_an_error_or_a_warning(page):
    tree, _ = page
    assert not tree.select("article .output.stderr, article .output.traceback, article .system-message")
    assert "Traceback (most recent call last)" not in tree.get_text()


def test_nothing_is_left_unresolved(page):
    tree, _ = page
    assert not re.findall(r"```|:::|\{[a-z:]+\}`|\[@|\?\?", prose(tree))
    assert not tree.select("article .xref.std-ref, article .xref.std-numref, article .problematic")
    assert all(value.get_text().strip() for value in tree.select("article [class^=pasted]"))


@contextmanager
def on_one_core():
    """Keep this thread, and the processes that it starts, on one core, where the system knows how."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if cores:
        os.sched_setaffinity(0, [min(cores)])
    try:
        yield
    finally:
        if cores:
            os.sched_setaffinity(0, cores)


def test_a_build_elsewhere_is_the_same_to_the_byte(site, build_book, tmp_path):
    book = tmp_path / "elsewhere"
    shutil.copytree(ROOT, book, ignore=shutil.ignore_patterns(".*", "_build", "__pycache__", "*.egg-info"))
    path = os.pathsep.join([str(book / "src"), os.environ.get("PYTHONPATH", "")])
    places = {"PYTHONPATH": path, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    with on_one_core():
        done = build_book(book, tmp_path, env={**os.environ, **DATE, **places})
    assert done.returncode == 0, done.stdout
    assert differences(site, tmp_path / "_build" / "html") == []


def test_every_proved_statement_shows_what_the_kernel_accepted(site):
    recorded = coq_proofs.record(ROOT / "proofs")["sentences"]
    for statement in claims.statements(ROOT):
        said = [each for each in recorded if each["label"] == statement.label]
        path = site / f"{statement.page}.html"
        folds = soup(path).find(id=statement.label).select("details.fold")
        assert len(folds) == bool(said)
        if said:
            text = folds[0].get_text()
            assert all(each["text"] in text and each["scope"] in text for each in said)
            links = [path.parent / link["href"] for link in folds[0].select("a[download]")]
            assert {link.name for link in links} == {"Definitions.v", *(each["file"] for each in said)}
            assert all(link.read_bytes() == (ROOT / "proofs" / link.name).read_bytes() for link in links)


def test_every_statement_leads_to_its_checks_and_back(site):
    how_we_know = site / "chapters" / "how-we-know.html"
    for statement in claims.statements(ROOT):
        path = site / f"{statement.page}.html"
        here = soup(path).find(id=statement.label)
        (link,) = here.select("p.checks a")
        assert (path.parent / urlsplit(link["href"]).path).resolve() == how_we_know
        row = soup(how_we_know).find(id=urlsplit(link["href"]).fragment).find_parent("tr")
        back = row.find("a")
        assert (how_we_know.parent / urlsplit(back["href"]).path).resolve() == path
        assert urlsplit(back["href"]).fragment == statement.label
        assert int(row.find_all("td")[2].get_text()) > 0
