"""A kept run is current exactly as long as everything it read is unchanged."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from press import runs
from press.runs import Runs


def notebook(source="1 + 1", outputs=(), **metadata):
    """Return a page of one cell, without outputs or as it has run."""
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Prose."), cell])


def read(*files, folders=None, results=()):
    """Return a process's record of what it read."""
    return [{"files": list(map(str, files)), "folders": folders or {}, "results": list(results)}]


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


def is_current(book, page=None):
    """Return whether the run fills the page, and check that it does so with its output."""
    page = page or notebook()
    mark = Runs(book / "_build" / ".runs", book).fill("chapters/page", page)
    assert (page.cells[1].outputs == [OUTPUT]) == bool(mark)
    return bool(mark)


def test_a_run_that_has_read_nothing_stays_current(book):
    kept(book, read())
    assert is_current(book)
    assert is_current(book, notebook(tags=["hide-input"], caption="changed")) is False  # a tag can skip a cell
    assert is_current(book, notebook(caption="changed"))
    assert not is_current(book, notebook("1 + 2"))


@pytest.mark.parametrize("name", ["data.txt", "absent.txt"])
def test_a_file_that_was_read_counts_even_if_it_was_not_there(book, name):
    kept(book, read(book / name))
    assert is_current(book)
    (book / name).write_text("new")
    assert not is_current(book)


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
    assert not is_current(book)


def test_a_result_counts_and_not_its_files(book):
    before = runs.digest(["statements of a book without chapters"])
    kept(book, read(results=[["exactzeros.book.claims:statements", str(book), before]]))
    assert not is_current(book)  # there is no table of contents
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    kept(book, read(results=[["exactzeros.book.claims:statements", str(book), runs.digest([])]]))
    (book / "_toc.yml").write_text("format: jb-book\nroot: another\n")
    assert is_current(book)


def test_a_module_outside_of_the_book_counts(book, tmp_path):
    module = tmp_path / "package" / "module.py"
    module.parent.mkdir()
    module.write_text("x = 1")
    os.utime(module, (1, 1))
    kept(book, read(module))
    assert is_current(book)
    module.write_text("x = 2")
    assert not is_current(book)


def test_what_changed_while_the_page_ran_is_not_trusted(book):
    kept(book, read(book / "data.txt"), started=0.5)
    assert not is_current(book)


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
    assert not is_current(book)
    monkeypatch.undo()
    (book / "requirements.txt").write_text("numpy==0.1")
    assert not is_current(book)


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
    assert not is_current(book)


def test_a_page_without_a_run_is_not_current(tmp_path):
    assert Runs(tmp_path / "runs", tmp_path).fill("page", notebook()) == ""


def test_every_file_of_a_run_is_whole(book, monkeypatch):
    kept(book, read())

    def fails(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_text", fails)
    with pytest.raises(OSError, match="No space"):
        kept(book, read())
    assert is_current(book)
