"""Record what a Python process reads, so that a page runs again when any of it has changed.

Python imports this module automatically in every process whose PYTHONPATH contains this folder: the kernel of a page,
and each Python process that it starts. The variable `PRESS_RECORD` names a file. A line is added to it at once for each
file that is opened for reading, each folder that is listed and each summary, so that nothing is lost if the process is
killed.

A page can depend on a summary of files instead of the files themselves. The function that makes it raises two audit
events: `sys.audit("summary.begins", "module:function", folder)` and `sys.audit("summary.ends", "module:function",
folder, summary)`. What it reads in between does not count, and `module.function(folder)` must return an equal summary.
"""

import os
import sys
import threading
from importlib.util import source_from_cache

VARIABLE = "PRESS_RECORD"
READS = {"open", "import", "os.listdir", "os.scandir"}

_known, _here = set(), threading.local()
_record = None  # the descriptor of the open file


def start(path):
    """Start recording in the file `path`."""
    global _record
    if _record is None:
        sys.addaudithook(_note)
    _known.clear()
    _record = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _note(event, arguments):
    """Handle an audit event."""
    if event == "summary.begins":
        _here.quiet = True
    elif event == "summary.ends":
        _here.quiet = False
        name, folder, summary = arguments
        _add("summary", f"{name} {os.path.abspath(folder)}", repr(summary))
    elif event in READS and not getattr(_here, "quiet", False):
        _note_read(event, arguments)


def _note_read(event, arguments):
    if event == "import":  # an extension module has its file here; files of other modules are opened
        if arguments[1]:
            _add("file", os.path.abspath(arguments[1]))
        return
    path = "." if arguments[0] is None else arguments[0]
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    path = os.path.abspath(os.fsdecode(path))
    if event == "open":
        if arguments[2] & os.O_ACCMODE != os.O_WRONLY:
            _add("file", _source(path))
    elif "importlib" not in sys._getframe(2).f_code.co_filename:  # Python lists all of sys.path; modules count as files
        _add("folder", path)


def _source(path):
    """Return the source of a compiled module, and any other path unchanged."""
    try:
        return source_from_cache(path) if path.endswith(".pyc") else path
    except ValueError:
        return path


def _add(kind, what, value=None):
    """Add a line to the record, unless it is already there."""
    if (kind, what) in _known:
        return
    _known.add((kind, what))
    if kind == "folder":
        _here.quiet = True
        value = sorted(os.listdir(what)) if os.path.isdir(what) else []
        _here.quiet = False
    os.write(_record, f"{(kind, what, value)!a}\n".encode())


if __name__ == "sitecustomize":
    if VARIABLE in os.environ:
        start(os.environ[VARIABLE])
    sys.path[:] = [place for place in sys.path if place != os.path.dirname(__file__)]
    this = sys.modules.pop(__name__)
    try:
        import sitecustomize  # noqa: F401  another module of this name, which this one hides
    except ImportError:
        sys.modules[__name__] = this
