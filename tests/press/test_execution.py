"""Which pages run, and that a site is complete or absent whatever happens to a build; tested on a small book."""

import copy
import random
import re
import shutil
import subprocess
import time

import pytest

from press.execution import processors
from small_book import SmallBook, differences

MEET = """\
import pathlib, time
pathlib.Path("_build/{mine}").touch()
deadline = time.monotonic() + 60
while not pathlib.Path("_build/{other}").exists() and time.monotonic() < deadline:
    time.sleep(0.01)
print("met", pathlib.Path("_build/{other}").exists())"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book that has been built once. Tests work on copies of it."""
    book = SmallBook(tmp_path_factory.mktemp("built"))
    succeeded, ran, printed = book.build()
    assert succeeded and ran == {"index", "reads", "lists"}, printed
    return book


@pytest.fixture
def book(built, tmp_path):
    """A copy of the built book, with its kept runs."""
    copied = copy.copy(built)
    copied.folder = shutil.copytree(built.folder, tmp_path / "book")
    return copied


def test_what_changed_runs_and_nothing_else_and_the_site_is_a_clean_one(book, tmp_path):
    book.page("index", prose="Other prose.")
    (book.folder / "data.txt").write_text("two")
    (book.folder / "folder" / "new.txt").touch()
    (book.folder / "folder" / "unread.txt").write_text("")
    succeeded, ran, printed = book.build()
    assert succeeded and ran == {"reads", "lists"}, printed
    for name, reason in (("reads", "data.txt changed"), ("lists", "files were added to or removed from folder")):
        assert re.search(rf"^ran {name} in .* s: {reason}$", printed, re.M), printed
    assert "Other prose." in book.shows("index") and "index says 42" in book.shows("index")
    assert "file says two" in book.shows("reads") and "new.txt" in book.shows("lists")

    clean = SmallBook(tmp_path / "clean")
    clean.page("index", prose="Other prose.")
    shutil.copy(book.folder / "data.txt", clean.folder)
    shutil.copytree(book.folder / "folder", clean.folder / "folder", dirs_exist_ok=True)
    assert clean.build()[0]
    assert differences(book.site, clean.site) == []


def test_nothing_runs_and_nothing_is_written_after_no_change(built):
    before = (built.site / "index.html").stat().st_mtime_ns
    succeeded, ran, printed = built.build()
    assert succeeded and not ran and "0 changed, 0 removed" in printed.replace("\x1b[0m", ""), printed
    assert (built.site / "index.html").stat().st_mtime_ns == before


def test_a_moved_book_is_rebuilt_from_the_kept_runs(book, built):
    succeeded, ran, printed = book.build_here()
    assert succeeded and not ran, printed
    assert (book.site / "index.html").read_bytes() == (built.site / "index.html").read_bytes()


def test_text_that_a_kernel_sends_in_pieces_is_joined(book):
    config = book.folder / "_config.yml"
    raises = "nb_execution_raise_on_error: true"
    config.write_text(config.read_text().replace(raises, f"{raises}\n    nb_merge_streams: true"))
    book.page("index", cell="print('one', end='', flush=True)\nprint('\\ntwo')")
    succeeded, _, printed = book.build()
    assert succeeded and "one\ntwo\n" in book.shows("index"), printed


def test_failing_pages_are_named_and_the_others_finish(book):
    book.page("index", cell="x = 1\nraise RuntimeError('on purpose')")
    book.page("reads", cell="import time\ntime.sleep(1000)")
    book.page("lists", cell="print('finished')")
    config = book.folder / "_config.yml"
    config.write_text(config.read_text().replace("timeout: 60", "timeout: 3"))
    succeeded, ran, printed = book.build()
    assert not succeeded and ran == {"lists"}
    assert "index.md:10: CellExecutionError" in printed and "RuntimeError: on purpose" in printed
    assert "reads.md:10: CellTimeoutError: the time limit" in printed
    assert "these pages failed, see above: index, reads" in printed
    assert not book.site.exists()

    book.page("index")
    book.page("reads")
    succeeded, ran, printed = book.build()
    assert succeeded and not ran and "finished" in book.shows("lists")  # the earlier runs were kept


@pytest.mark.skipif(processors() < 2, reason="there is one processor")
def test_pages_run_at_the_same_time_and_two_builds_one_after_the_other(book):
    book.page("index", cell=MEET.format(mine="a", other="b"))
    book.page("reads", cell=MEET.format(mine="b", other="a"))
    first = book.start()
    second = book.start()
    printed = [process.communicate()[0] for process in (first, second)]
    assert first.returncode == second.returncode == 0, printed
    assert "met True" in book.shows("index") and "met True" in book.shows("reads")
    waited = [text for text in printed if "waiting for another build" in text]
    assert len(waited) == 1 and "ran index" not in waited[0]


def test_after_kills_at_random_moments_the_site_is_a_clean_one(book, built):
    moments, clock = random.Random(0), time.monotonic()
    book.page("index", prose="Other prose.")
    assert book.build()[0]
    duration = time.monotonic() - clock
    for _ in range(2):
        book.page("index", cell=f"print('index says', 6 * {moments.randrange(100)})")
        book.killed(after=moments.uniform(0.3, 1) * duration)
        assert not book.site.exists() or "says" in book.shows("index")
    book.page("index")
    succeeded, _, printed = book.build()
    assert succeeded, printed
    assert differences(book.site, built.site) == []


def test_damaged_stores_do_no_harm(book, built):
    build = book.folder / "_build"
    for name in (".doctrees/environment.pickle", ".doctrees/index.doctree"):
        (build / name).write_bytes((build / name).read_bytes()[:100])
    (build / ".runs" / "reads.json").write_text("{}")
    succeeded, ran, printed = book.build()
    assert succeeded and ran == {"reads"} and "its kept run is damaged" in printed, printed
    assert differences(book.site, built.site) == []


@pytest.fixture
def full_disk(book):
    """A build folder on a file system that is too small for the site."""
    build = book.folder / "_build"
    shutil.rmtree(build)
    build.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", build], check=False, capture_output=True
    ).returncode:
        pytest.skip("no right to mount a file system")
    yield build
    subprocess.run(["umount", "--lazy", build], check=True)


def test_a_full_disk_is_a_clear_error_and_no_site(book, full_disk):
    succeeded, _, printed = book.build_here()
    assert not succeeded and "No space left on device" in printed
    assert not book.site.exists()


def test_a_folder_that_cannot_be_written_is_a_clear_error_and_no_site(book):
    runs = book.folder / "_build" / ".runs"
    shutil.rmtree(runs)
    runs.touch()
    succeeded, _, printed = book.build_here()
    assert not succeeded and f"cannot be kept: [Errno 17] File exists: '{runs}'" in printed, printed
    assert not book.site.exists()
