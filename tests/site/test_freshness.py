"""The extension that notices when pages are out of date; test_build.py shows it at work in a whole build."""

from types import SimpleNamespace

import pytest

import sparsity
from sparsity.book import freshness
from sparsity.book.backlinks import PAGE


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book beside a package, both of which a test may change."""
    (tmp_path / "_config.yml").write_text("title: A")
    (tmp_path / "package" / "inner").mkdir(parents=True)
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "inner" / "module.py").write_text("x = 1")
    monkeypatch.setattr(sparsity, "__file__", str(tmp_path / "package" / "__init__.py"))
    return tmp_path


@pytest.mark.parametrize("name", ["_config.yml", "package/inner/module.py", "package/new.py", "requirements-test.txt"])
def test_the_digest_sees_the_settings_and_every_module(book, name):
    before = freshness.digest(book)
    assert freshness.digest(book) == before
    (book / name).write_text("changed")
    assert freshness.digest(book) != before


def test_the_digest_sees_installed_versions(book, monkeypatch):
    before = freshness.digest(book)
    monkeypatch.setattr(freshness, "distributions", lambda: [SimpleNamespace(name="numpy", version="0.1")])
    assert freshness.digest(book) != before


def test_known_pages_are_outdated_exactly_after_a_change(book):
    connected = {}
    freshness.setup(SimpleNamespace(connect=connected.setdefault))
    outdated = connected["env-get-outdated"]
    app, env = SimpleNamespace(srcdir=book), SimpleNamespace(found_docs={"old", "new"})

    assert outdated(app, env, {"new"}, set(), set()) == ["old"]  # nothing is known of an earlier build
    assert outdated(app, env, set(), set(), set()) == []
    (book / "_config.yml").write_text("title: B")
    assert outdated(app, env, set(), set(), set()) == ["new", "old"]


def test_the_page_of_the_claims_follows_their_checks_and_all_chapters(book):
    names = ("chapters/a.md", "tests/claims/test_a.py", "_toc.yml")
    for name in names:
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text("old")
    for name in names:
        usual, special = freshness.digest(book, "chapters/a"), freshness.digest(book, PAGE)
        (book / name).write_text("new")
        assert freshness.digest(book, "chapters/a") == usual
        assert freshness.digest(book, PAGE) != special
