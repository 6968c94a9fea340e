"""Shared by all tests: the same examples in every run, and one build of the book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile("book", derandomize=True, deadline=None)
hypothesis.settings.load_profile("book")


SLOW = {"browser", "build_book", "built", "coq", "distribution", "site", "watched"}  # fixtures of tests that take long
UNMEASURED = [ROOT / "tests" / "press", ROOT / "tests" / "site"]  # they look at what is built


def pytest_collection_modifyitems(config, items):
    """Mark the tests that build a book or a wheel, look at a built one, or run Coq as `slow`.

    Processes that share the tests begin with files of slow ones, so that none has to wait long for another at the end.
    Coverage is not measured in tests of the press and the site: it doubles what Python costs.
    """
    for item in items:
        if SLOW & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
        if any(item.path.is_relative_to(folder) for folder in UNMEASURED):
            item.add_marker("no_cover")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def run_build(book, output, *options, **environment):
    """Run `jupyter-book build` with this Python and return the finished process; its `stdout` includes the errors."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", *options, "--path-output", output, book]
    environment.setdefault("env", {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"})  # so that two builds agree
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, check=False, **streams, **environment)


@pytest.fixture(scope="session")
def build_book():
    """The function that builds a book: `build_book(book, output, *options)`."""
    return run_build


@pytest.fixture(scope="session")
def site(request, tmp_path_factory):
    """The directory of the book's pages, all written anew in strict mode, once per test run; changed code runs."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # pytest-xdist: its processes share one build
        folder = folder.parent
    done = folder / "site-done"
    with FileLock(folder / "site.lock"):
        if not done.exists():
            built = run_build(ROOT, ROOT, "--all", "-W", "-n", "--keep-going")
            done.write_text(built.stdout if built.returncode else "")
    if done.read_text():
        pytest.fail(f"the book does not build without a warning:\n{done.read_text()}", pytrace=False)
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def distribution(tmp_path_factory):
    """The folder with the wheel and the sdist, made by `python -m build` from a clean copy of the tree."""
    folder = tmp_path_factory.mktemp("distribution")
    leave = shutil.ignore_patterns(".git", "_build", "build", "dist", "*.egg-info", "__pycache__", ".*cache", "*venv*")
    shutil.copytree(ROOT, folder / "tree", ignore=leave)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, folder / "tree"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture(scope="module")
def browser():
    """A running Chromium."""
    from press import browsing  # not at the top: the book's build runs the claims without Playwright

    if browsing.chromium() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(browsing.MISSING)
    with browsing.browser() as running:
        yield running
