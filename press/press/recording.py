"""Record what a process reads, so that a page runs again when any of it has changed.

A page's kernel loads this module as an IPython extension, and a Python process that the page starts runs under it
(`python -m press.recording MODULE ARGUMENTS`). Each process writes what it has read into the folder named by the
variable `PRESS_RECORD`. Without the variable nothing is recorded.
"""

import atexit
import hashlib
import json
import os
import runpy
import sys
import threading
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

VARIABLE = "PRESS_RECORD"

_files, _folders, _results = set(), {}, {}
_here = threading.local()


def digest(value) -> str:
    """Return the SHA-256 of a value: of the bytes themselves, or of the `repr` of anything else."""
    return hashlib.sha256(value if isinstance(value, bytes) else repr(value).encode()).hexdigest()


@contextmanager
def _unrecorded():
    outer, _here.quiet = getattr(_here, "quiet", False), True
    try:
        yield
    finally:
        _here.quiet = outer


def counts_by_result(function):
    """Make a page depend on what a function of one folder returns, instead of the files that the function reads."""

    @wraps(function)
    def recorded(folder):
        with _unrecorded():
            result = function(folder)
        _results[f"{function.__module__}:{function.__name__}", os.path.abspath(folder)] = digest(result)
        return result

    return recorded


def _note(event, arguments):
    """Remember a file that is opened for reading, or a folder that is listed and the names in it."""
    if event not in ("open", "os.scandir", "os.listdir") or getattr(_here, "quiet", False):
        return
    path = "." if arguments[0] is None else arguments[0]
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    if event == "open":
        if arguments[2] & os.O_ACCMODE != os.O_WRONLY:
            _files.add(os.path.abspath(os.fsdecode(path)))
    elif "importlib" not in sys._getframe(1).f_code.co_filename:  # Python lists all of sys.path; modules count as files
        path = os.path.abspath(os.fsdecode(path))
        with _unrecorded():
            _folders.setdefault(path, sorted(os.listdir(path)) if os.path.isdir(path) else [])


def start() -> bool:
    """Start recording in this process, if `PRESS_RECORD` is set."""
    wanted = VARIABLE in os.environ
    if wanted:
        sys.addaudithook(_note)
    return wanted


def write(*_):
    """Write what this process has read so far. A module counts by its source, which Python may not have opened."""
    modules = [getattr(module, "__dict__", {}).get("__file__") for module in list(sys.modules.values())]
    record = {
        "files": sorted(_files.union(filter(None, modules))),
        "folders": dict(sorted(_folders.items())),
        "results": [[*key, value] for key, value in sorted(_results.items())],
    }
    Path(os.environ[VARIABLE], f"{os.getpid()}.json").write_text(json.dumps(record), encoding="utf-8")


def load_ipython_extension(shell):
    """Start recording, and write after each cell, since a kernel can end without notice."""
    if start():
        shell.events.register("post_run_cell", write)


def main():
    """Run the module that the command line names, as `python -m` does."""
    if start():
        atexit.register(write)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    from press import recording  # the imported module, not the second copy that `-m` runs

    recording.main()
