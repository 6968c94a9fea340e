"""A Sphinx extension: how the book and each of its pages are cited, from the book's `CITATION.cff`.

A page gets the tags that Google Scholar reads, the same as linked data for search engines, and a box with BibTeX. A
book without that file has none of these.
"""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

FILE = "CITATION.cff"
SPECIAL = {each: f"\\{each}" for each in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}"}


class Source(NamedTuple):
    """What is cited: a book, or with `part` one of its pages; `number` is a chapter's, and `address` may be unknown."""

    book: str
    authors: list
    date: date
    licenses: list
    part: str = ""
    number: str = ""
    address: str = ""


def source(book) -> Source | None:
    """Return what the file in the folder of the book says, or None if there is none."""
    path = Path(book, FILE)
    return said_in(path.read_text(encoding="utf-8")) if path.is_file() else None


@cache  # every page asks
def said_in(text) -> Source:
    """Return what the text of such a file says."""
    said = yaml.safe_load(text)
    licenses = said.get("license", [])
    return Source(
        said["title"], said["authors"], said["date-released"], [licenses] if isinstance(licenses, str) else licenses
    )


def name(author) -> str:
    """Return an author's name, a person's with the family name first.

    Examples
    --------
    >>> name({"given-names": "Ada", "family-names": "Lovelace"}), name({"name": "The authors"})
    ('Lovelace, Ada', 'The authors')
    """
    return author.get("name") or f"{author['family-names']}, {author['given-names']}"


def tags(cited) -> list[tuple[str, str]]:
    """Return the names and contents of the tags for Google Scholar."""
    found = [("citation_title", cited.part or cited.book)]
    found += [("citation_author", name(author)) for author in cited.authors]
    found += [("citation_publication_date", cited.date.strftime("%Y/%m/%d")), ("citation_language", "en")]
    found += [("citation_inbook_title", cited.book)] if cited.part else []
    return found + ([("citation_fulltext_html_url", cited.address)] if cited.address else [])


def linked_data(cited) -> str:
    """Return the same in the vocabulary of schema.org, as JSON that can stand in a page."""
    people = [{"@type": "Organization" if "name" in each else "Person", "name": name(each)} for each in cited.authors]
    licenses = [f"https://spdx.org/licenses/{each}.html" for each in cited.licenses]
    book = {"@type": "Book", "name": cited.book, "author": people, "datePublished": cited.date.isoformat()}
    data = book | {"inLanguage": "en", "license": licenses, "isAccessibleForFree": True}
    if cited.part:
        data |= {"@type": "Chapter", "name": cited.part, "isPartOf": book}
        data |= {"position": cited.number} if cited.number else {}
    data |= {"url": cited.address} if cited.address else {}
    text = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False)
    return text.replace("<", "\\u003c")


def bibtex(cited) -> str:
    r"""Return the entry for a bibliography.

    Examples
    --------
    >>> print(bibtex(Source("On R&D", [{"name": "The authors"}], date(2026, 1, 2), [])))
    @book{on-r-d,
      author = {{The authors}},
      title = {{On R\&D}},
      year = {2026},
    }
    """
    authors = " and ".join(
        f"{{{escaped(name(each))}}}" if "name" in each else escaped(name(each)) for each in cited.authors
    )
    fields = {"author": authors, "title": f"{{{escaped(cited.part or cited.book)}}}"}
    fields |= {"booktitle": f"{{{escaped(cited.book)}}}", "chapter": cited.number} if cited.part else {}
    fields |= {"year": str(cited.date.year), "url": cited.address}
    kind = "incollection" if cited.part else "book"
    key = ":".join(
        "-".join(re.findall(r"\w+", each.split(":")[0].lower())) for each in (cited.book, cited.part) if each
    )
    lines = [f"  {field} = {{{value}}},\n" for field, value in fields.items() if value]
    return f"@{kind}{{{key},\n{''.join(lines)}}}"


def escaped(text) -> str:
    """Return a text in which LaTeX sees no commands."""
    return "".join(SPECIAL.get(each, each) for each in text)


def add_citation(app, pagename, templatename, context, doctree):
    """Give the template of each page of the book its tags, its linked data and the entries of the box."""
    book = source(app.srcdir) if doctree is not None else None
    if book is None:
        return
    home = app.config.html_baseurl
    book, cited = book._replace(address=home), book._replace(address=context.get("pageurl") or "")
    entries = {"The book": bibtex(book)}
    if pagename != app.config.root_doc:
        title = app.env.titles[pagename].astext()
        number = ".".join(map(str, app.env.toc_secnumbers.get(pagename, {}).get("", ())))
        cited = cited._replace(part=title, number=number)
        entries = {"This chapter" if number else "This page": bibtex(cited)} | entries
    context |= {"citation_tags": tags(cited), "linked_data": linked_data(cited), "citations": entries}


def setup(app):
    """Register with Sphinx."""
    app.setup_extension("press.project")
    app.connect("html-page-context", add_citation)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
