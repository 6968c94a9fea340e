"""The recorder notes what a process reads: modules, files, folders, and results that stand for files."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from press.recorder import sitecustomize

HELPER = """\
import sys
from pathlib import Path

def size(folder):
    sys.audit("summary.begins", "helper:size", folder)
    found = len(Path(folder, "summarized.txt").read_text())
    sys.audit("summary.ends", "helper:size", folder, found)
"""
PROGRAM = """\
import os, subprocess, sys
from pathlib import Path

def late():
    import helper
    helper.size(".")

late()
Path("read.txt").read_text()
Path("written.txt").write_text("new")
try:
    Path("absent.txt").read_text()
except FileNotFoundError:
    pass
list(Path("listed").iterdir())
list(Path("globbed").glob("*.txt"))
subprocess.run([sys.executable, "-c", "open('by_child.txt').close()"], check=True)
if os.fork() == 0:
    Path("by_fork.txt").read_text()
    os._exit(0)
os.wait()
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def recorded(tmp_path):
    """The function that runs the program, recorded or not, and returns the record by kind; and its folder."""
    folder, record = tmp_path / "folder", tmp_path / "record"
    for each in (folder / "listed", folder / "globbed"):
        each.mkdir(parents=True)
    for name in ("read.txt", "summarized.txt", "by_child.txt", "by_fork.txt"):
        (folder / name).write_text("")
    (folder / "helper.py").write_text(HELPER)
    (folder / "program.py").write_text(PROGRAM)

    def run(**variables):
        path = os.pathsep.join([str(Path(sitecustomize.__file__).parent), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, **variables}
        said = subprocess.run([sys.executable, "-m", "program"], cwd=folder, env=environment, capture_output=True)
        assert said.stderr == b""
        lines = record.read_text().splitlines() if record.exists() else []
        found = {"file": {}, "folder": {}, "summary": {}}
        for kind, what, value in map(ast.literal_eval, lines):
            found[kind][what] = value
        return found

    return run, folder, {"PRESS_RECORD": str(record)}


@pytest.mark.parametrize("compiled", ["anew", "before"])
def test_what_is_read_is_recorded_though_the_process_is_killed(recorded, compiled):
    run, folder, variable = recorded
    if compiled == "before":
        run(PYTHONDONTWRITEBYTECODE="")
    record = run(PYTHONDONTWRITEBYTECODE="", **variable)
    read = ("read.txt", "absent.txt", "program.py", "helper.py", "by_child.txt", "by_fork.txt")
    assert {str(folder / name) for name in read} <= set(record["file"])
    assert not {str(folder / "written.txt"), str(folder / "summarized.txt")} & set(record["file"])
    assert {str(folder / "listed"), str(folder / "globbed")} <= set(record["folder"])
    assert str(folder) not in record["folder"]  # Python's own search for modules


def test_a_summary_counts_in_place_of_its_files(recorded):
    run, folder, variable = recorded
    assert run(**variable)["summary"] == {f"helper:size {folder}": "0"}


def test_without_the_variable_nothing_is_recorded(recorded):
    run, *_ = recorded
    assert run() == {"file": {}, "folder": {}, "summary": {}}


def test_the_sitecustomize_of_this_python_still_runs(recorded, tmp_path):
    run, folder, variable = recorded
    (folder / "sitecustomize.py").write_text("open('by_theirs.txt', 'w').close()\n")
    run(PYTHONPATH=os.pathsep.join([str(Path(sitecustomize.__file__).parent), str(folder)]), **variable)
    assert (folder / "by_theirs.txt").exists()
