"""The recorder notes what a process reads: modules, files, folders, and results that stand for files."""

import json
import os
import subprocess
import sys

import pytest

HELPER = """\
from pathlib import Path
from press.recording import counts_by_result

@counts_by_result
def size(folder):
    return len(Path(folder, "summarized.txt").read_text())
"""
PROGRAM = """\
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
"""


@pytest.fixture
def recorded(tmp_path):
    """A function that runs the program under the recorder and returns the record, its folder, and the variable."""
    folder, records = tmp_path / "folder", tmp_path / "records"
    for each in (records, folder / "listed", folder / "globbed"):
        each.mkdir(parents=True)
    for name in ("read.txt", "summarized.txt"):
        (folder / name).write_text("")
    (folder / "helper.py").write_text(HELPER)
    (folder / "program.py").write_text(PROGRAM)

    def run(**variables):
        command = [sys.executable, "-m", "press.recording", "program"]
        subprocess.run(command, cwd=folder, env={**os.environ, **variables}, check=True, capture_output=True)
        (record,) = map(json.loads, (path.read_text() for path in records.iterdir())) if variables else (None,)
        return record

    return run, folder, {"PRESS_RECORD": str(records)}


def test_what_is_read_is_recorded_and_nothing_that_is_only_written(recorded):
    run, folder, variable = recorded
    record = run(**variable)
    names = {name: str(folder / name) for name in ("read.txt", "absent.txt", "program.py", "helper.py")}
    assert set(names.values()) <= set(record["files"])
    assert not {str(folder / "written.txt"), str(folder / "summarized.txt")} & set(record["files"])
    assert {str(folder / "listed"), str(folder / "globbed")} <= set(record["folders"])
    assert str(folder) not in record["folders"]  # Python searched it for modules


def test_a_result_counts_in_place_of_its_files(recorded):
    run, folder, variable = recorded
    (before,) = run(**variable)["results"]
    assert before[:2] == ["helper:size", str(folder)]


def test_without_the_variable_nothing_is_recorded(recorded):
    run, *_ = recorded
    assert run() is None
