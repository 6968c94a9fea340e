"""Live reload: a saved change appears on the served page, and a change of prose runs no code."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from book import ROOT
from small_book import SmallBook, pages_that_ran

PATIENCE = 60  # seconds


@pytest.fixture
def watched(tmp_path):
    """A small book that `tools/watch.sh` serves, its address, and the file with the output."""
    book, said = SmallBook(tmp_path), tmp_path / "said"
    (book.folder / "src").mkdir()
    shutil.copytree(ROOT / "tools", book.folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with said.open("w") as printed:
        command, streams = [book.folder / "tools" / "watch.sh", "--port", port], {"stdout": printed, "stderr": printed}
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, env=environment, start_new_session=True, **streams
        )
    yield book, f"http://127.0.0.1:{port}", said
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()


def wait_for(address, text, said):
    """Return the page at an address as soon as it contains the text."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(address) as answer:
                if text in (page := answer.read().decode()):
                    return page
        except (URLError, ConnectionError, HTTPException):
            pass  # not served yet, or the site is replaced while the page is read
        time.sleep(0.2)
    pytest.fail(f"{text!r} is not on {address} after {PATIENCE} seconds:\n{said.read_text()}", pytrace=False)


def test_a_saved_page_is_served_and_only_changed_code_runs(watched):
    book, address, said = watched
    page = wait_for(f"{address}/reads.html", "file says one", said)
    assert "/websocket-reload" in page  # the browser follows
    before = len(said.read_text())

    book.page("reads", prose="Another sentence.")
    wait_for(f"{address}/reads.html", "Another sentence.", said)
    assert pages_that_ran(said.read_text()[before:]) == set()

    book.page("reads", cell="print('now', 6 * 7)", prose="Another sentence.")
    wait_for(f"{address}/reads.html", "now 42", said)
    assert pages_that_ran(said.read_text()[before:]) == {"reads"}
