"""What the tests share: the same examples in every run, and the book built once."""

import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile("book", derandomize=True, deadline=None)
hypothesis.settings.load_profile("book")


def run_build(book, output, *options, **environment):
    """Run `jupyter-book build` with this Python and return the finished process, output and errors in one text."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", *options, "--path-output", output, book]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, check=False, **streams, **environment)


@pytest.fixture(scope="session")
def build_book():
    """The function that builds a book: `build_book(book, output, *options)`."""
    return run_build


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The directory of the book's pages, built strictly from scratch once in a run of the tests."""
    output = tmp_path_factory.mktemp("site")
    done = run_build(ROOT, output, "-W", "-n", "--keep-going")
    if done.returncode:
        pytest.fail(f"the book does not build without a warning:\n{done.stdout}", pytrace=False)
    return output / "_build" / "html"
