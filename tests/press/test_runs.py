"""A kept run is current exactly as long as everything it read is unchanged."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from press import runs as press_runs
from press.runs import Runs, digest


def notebook(source="1 + 1", outputs=(), **metadata):
    """Return a page of one cell, without outputs or as it has run."""
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Prose."), cell])


def read(*files, folders=None, summaries=()):
    """Return the records of a page's processes."""
    return [
        *(("file", str(file), None) for file in files),
        *(("folder", folder, names) for folder, names in (folders or {}).items()),
        *(("summary", *summary) for summary in summaries),
    ]


UNREADABLE = "its kept run is damaged or by another press"
OUTPUT = nbformat.v4.new_output("stream", text="2\n")


@pytest.fixture
def book(tmp_path):
    """The folder of a book with data and a listed folder, all older than any run."""
    book = tmp_path / "book"
    (book / "listed").mkdir(parents=True)
    for name in ("data.txt", "listed/one.txt", "requirements.txt"):
        (book / name).write_text("old")
    for path in (book, book / "data.txt", book / "listed"):
        os.utime(path, (1, 1))
    return book


def kept(book, records, started=2.0):
    """Return the runs of a book after one page has been kept."""
    runs = Runs(book / "_build" / ".runs", book)
    mark = runs.keep("chapters/page", notebook(outputs=[OUTPUT]), records, started, 0.5)
    assert mark
    return runs


def why(book, page=None):
    """Return why the page has to run; where it need not, check that its run fills it with its output."""
    page, runs = page or notebook(), Runs(book / "_build" / ".runs", book)
    reason = runs.due("chapters/page", page)
    if not reason:
        assert runs.fill("chapters/page", page) == runs.load("chapters/page")["mark"]
        assert page.cells[1].outputs == [OUTPUT]
    return reason


def is_current(book, page=None):
    """Return whether the page need not run."""
    return not why(book, page)


def test_a_run_that_has_read_nothing_stays_current(book):
    kept(book, read())
    assert is_current(book)
    assert is_current(book, notebook(tags=["hide-input"], caption="changed")) is False  # a tag can skip a cell
    assert is_current(book, notebook(caption="changed"))
    assert why(book, notebook("1 + 2")) == "its code changed"


@pytest.mark.parametrize(("name", "reason"), [("data.txt", "data.txt changed"), ("absent.txt", "absent.txt is new")])
def test_a_file_that_was_read_counts_even_if_it_was_not_there(book, name, reason):
    kept(book, read(book / name))
    assert is_current(book)
    (book / name).write_text("new")
    assert why(book) == reason


def test_a_file_that_is_gone_counts_and_others_are_counted(book):
    kept(book, read(book / "absent.txt", book / "data.txt"))
    (book / "data.txt").unlink()
    assert why(book) == "data.txt was deleted"
    (book / "absent.txt").write_text("new")
    assert why(book) == "absent.txt is new and 1 more"


def test_a_file_that_was_not_read_does_not_count(book):
    kept(book, read(book / "data.txt"))
    (book / "other.txt").write_text("new")
    assert is_current(book)


def test_a_listed_folder_counts_by_the_names_in_it(book):
    kept(book, read(folders={str(book / "listed"): ["one.txt", ".swap"]}))
    (book / "listed" / "one.txt").write_text("new")
    (book / "listed" / ".hidden").write_text("new")
    assert is_current(book)
    (book / "listed" / "two.txt").write_text("new")
    assert why(book) == "files were added to or removed from listed"


def test_a_summary_counts_and_not_its_files(book, tmp_path, monkeypatch):
    (tmp_path / "helper.py").write_text("def size(folder):\n    return len((folder / 'data.txt').read_text())\n")
    monkeypatch.syspath_prepend(tmp_path)
    kept(book, read(summaries=[(f"helper:size {book}", "3")]))
    (book / "data.txt").write_text("new")
    assert is_current(book)
    (book / "data.txt").write_text("newer")
    assert why(book) == "the result of helper:size changed"
    (book / "data.txt").unlink()
    assert not is_current(book)


def test_a_module_outside_of_the_book_counts(book, tmp_path):
    module = tmp_path / "package" / "module.py"
    module.parent.mkdir()
    module.write_text("x = 1")
    os.utime(module, (1, 1))
    kept(book, read(module))
    assert is_current(book)
    module.write_text("x = 2")
    assert why(book) == "../package/module.py changed"


def test_what_changed_while_the_page_ran_is_not_trusted(book):
    kept(book, read(book / "data.txt"), started=0.5)
    assert why(book) == "data.txt changed while it ran"


def test_outputs_of_builds_and_hidden_files_do_not_count(book):
    paths = [
        book / "_build" / "html" / "index.html",
        book / ".git" / "index",
        book / "__pycache__" / "a.pyc",
        "/etc/hosts",
        nbformat.__file__,
        os.__file__,
    ]
    run = kept(book, read(*paths)).load("chapters/page")
    assert run["inputs"] == {}


def test_versions_and_pins_count(book, tmp_path, monkeypatch):
    kept(book, read())
    (tmp_path / "site-packages" / "numpy-0.1.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    assert why(book) == "new version of numpy"
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert why(book) == "new SOURCE_DATE_EPOCH"
    monkeypatch.undo()
    (book / "requirements.txt").write_text("numpy==0.1")
    assert why(book) == "new content of requirements.txt"


def test_copies_inside_of_a_package_do_not_count(book, tmp_path, monkeypatch):
    kept(book, read())
    (tmp_path / "package" / "_vendor" / "wheel-0.1.dist-info").mkdir(parents=True)
    (tmp_path / "package" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "package" / "_vendor")
    assert is_current(book)


def test_a_moved_tree_keeps_its_runs(book, tmp_path):
    kept(book, read(book / "data.txt"))
    moved = tmp_path / "moved"
    shutil.copytree(book, moved)
    (book / "data.txt").write_text("new")
    assert is_current(moved)
    (moved / "data.txt").write_text("new")
    assert not is_current(moved)


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-10], lambda text: text[:30], lambda text: "", lambda text: "\0" * 99]
)
def test_a_damaged_run_is_no_run(book, damage):
    path = kept(book, read()).path("chapters/page")
    path.write_text(damage(path.read_text()))
    assert Runs(path.parents[1], book).load("chapters/page") == {}
    assert why(book) == UNREADABLE


def test_a_run_by_another_version_of_the_press_is_no_run(book, monkeypatch):
    monkeypatch.setattr(press_runs, "MADE_BY", "other code")
    path = kept(book, read()).path("chapters/page")
    assert is_current(book)
    monkeypatch.undo()
    assert Runs(path.parents[1], book).load("chapters/page") == {}
    assert why(book) == UNREADABLE


@pytest.mark.parametrize("text", ['{"versions": "a digest", "cells": "", "inputs": {}}', "[]", '"text"', "{}"])
def test_a_run_in_an_older_format_is_no_run(book, text):
    path = kept(book, read()).path("chapters/page")
    path.write_text(f"{digest(text.encode())}\n{text}")
    assert Runs(path.parents[1], book).load("chapters/page") == {}
    assert why(book) == UNREADABLE


def test_a_page_without_a_run_is_not_current(tmp_path):
    assert Runs(tmp_path / "runs", tmp_path).due("page", notebook()) == "first run"


def test_every_file_of_a_run_is_whole(book, monkeypatch):
    kept(book, read())

    def fails(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_text", fails)
    with pytest.raises(OSError, match="No space"):
        kept(book, read())
    assert is_current(book)
