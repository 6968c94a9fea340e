"""A statement's folds show what a record says about it, and a build fails where a file is not as recorded."""

import hashlib
import json

import pytest
from bs4 import BeautifulSoup
from sphinx.errors import ExtensionError

from press import folds
from small_book import CONFIG, SmallBook

PAGE = """\
# Prose

```{prf:theorem} One
:label: thm-one

One is one.
```

```{prf:theorem} Two
:label: thm-two

Two is two.
```
"""
TEXT = "Theorem thm_one_1 :\n  1 < 2."


@pytest.fixture
def record(tmp_path):
    """Write a record of one file to a folder, and return its path."""

    def write(folder):
        (folder / "proofs").mkdir(exist_ok=True)
        proof, words = folder / "proofs" / "One.v", folder / "proofs" / "Words.v"
        proof.write_text(TEXT)
        words.write_text("(* words *)")
        sentence = {"label": "thm-one", "file": "One.v", "text": TEXT, "scope": "n is one."}
        sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (proof, words)}
        other = {**sentence, "label": ""}
        (folder / "proofs" / "record.json").write_text(json.dumps({"files": sums, "sentences": [sentence, other]}))
        return folder / "proofs" / "record.json"

    return write


def test_a_changed_or_missing_file_is_named(record, tmp_path):
    path = record(tmp_path)
    assert folds.load(path)["sentences"][0]["text"] == TEXT
    path.with_name("One.v").write_text(TEXT + " ")
    with pytest.raises(ExtensionError, match=r"One\.v is not as record\.json has recorded it"):
        folds.load(path)
    record(tmp_path)
    path.with_name("Words.v").unlink()
    with pytest.raises(ExtensionError, match=r"Words\.v"):
        folds.load(path)


@pytest.mark.slow
def test_a_book_shows_the_sentences_of_a_statement(record, tmp_path):
    book = SmallBook(tmp_path)
    path = record(book.folder)
    setting = "statement_records: [{file: proofs/record.json, title: Seen by C, language: coq, words: [Words.v]}]"
    config = CONFIG.replace("press.markup,", "press.markup, sphinx_proof, press.folds,")
    config = config.replace("  config:\n", f"  config:\n    {setting}\n")
    (book.folder / "_config.yml").write_text(config)
    (book.folder / "prose.md").write_text(PAGE)
    built, _, printed = book.build_here()
    assert built, printed
    page = BeautifulSoup(book.shows("prose"), "html.parser")
    (shown,) = page.select("details.fold")
    assert shown.find_parent(id="thm-one")
    assert shown.summary.get_text() == "Seen by C"
    assert shown.pre.get_text().strip() == TEXT
    assert "Scope: n is one." in shown.get_text()
    downloads = [book.site / link["href"] for link in shown.select("a[download]")]
    assert [each.name for each in downloads] == ["One.v", "Words.v"]
    assert downloads[0].read_text() == TEXT

    path.with_name("One.v").write_text("Theorem thm_one_1 : 1 < 3.")
    built, _, printed = book.build_here()
    assert not built
    assert "One.v is not as record.json has recorded it" in printed
