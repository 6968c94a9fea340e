"""The extension that runs pages side by side; test_build.py shows it at work in a whole build."""

import os
from types import SimpleNamespace

import pytest
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from sparsity.book import ahead

PAGE = """\
---
kernelspec: {{name: python3, display_name: Python 3}}
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
---
```{{code-cell}}
{}
```
"""
MEET = """\
import pathlib, time
pathlib.Path("{mine}").touch()
deadline = time.monotonic() + 60
while not pathlib.Path("{other}").exists() and time.monotonic() < deadline:
    time.sleep(0.01)
print("met", pathlib.Path("{other}").exists())"""


@pytest.fixture
def book(tmp_path):
    """Run pages, given as name and cell, and return what the cache then holds: one text for each page."""
    settings = NbParserConfig(execution_mode="cache", execution_cache_path=str(tmp_path / "cache"))
    connected = {}
    ahead.setup(SimpleNamespace(connect=connected.setdefault))

    def run(mode="cache", **cells):
        for name, cell in cells.items():
            (tmp_path / f"{name}.md").write_text(cell and PAGE.format(cell))
        env = SimpleNamespace(
            mystnb_config=settings.copy(execution_mode=mode),
            myst_config=MdParserConfig(),
            doc2path=lambda name: str(tmp_path / f"{name}.md"),
        )
        connected["env-before-read-docs"](None, env, list(cells))
        cache = get_cache(settings.execution_cache_path)
        notebooks = [cache.get_cache_bundle(record.pk).nb for record in cache.list_cache_records()]
        cache.db.dispose()
        return [notebook.cells[0].outputs[0].text.strip() for notebook in notebooks]

    return run


def test_pages_run_at_the_same_time(book, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert book(a=MEET.format(mine="a", other="b"), b=MEET.format(mine="b", other="a")) == ["met True", "met True"]


def test_only_pages_that_have_cells_and_succeed_are_kept(book):
    assert book(good="print(6 * 7)", bad="1 / 0", prose="") == ["42"]


def test_a_kept_page_is_found_by_what_is_read(book, tmp_path):
    book(a="print(6 * 7)")
    text = (tmp_path / "a.md").read_text()
    reader = create_nb_reader(str(tmp_path / "a.md"), MdParserConfig(), NbParserConfig(), text)
    cache = get_cache(tmp_path / "cache")
    assert cache.match_cache_notebook(reader.read(text)).uri == str(tmp_path / "a.md")
    cache.db.dispose()


def test_nothing_is_kept_from_before(book):
    assert book(a="print(1)") == ["1"]
    assert book(a="print(2)") == ["2"]
    assert book() == []


def test_nothing_runs_where_execution_is_off(book):
    assert book(mode="off", a="print(1)") == []
