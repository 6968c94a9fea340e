"""The extension that notices when pages are out of date; test_build.py shows it at work in a whole build."""

from types import SimpleNamespace

import pytest

import sparsity
from sparsity.book import freshness


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
