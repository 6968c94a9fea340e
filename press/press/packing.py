"""Archives of Python modules for a page that runs Python: with bytecode, if the browser's own Python makes them.

`pack.mjs` runs this module in that Python, and no other module of the press can be imported there.
"""

import gzip
import zipfile
from importlib import _bootstrap_external as loading
from pathlib import PurePosixPath

DATE = (2020, 1, 1, 0, 0, 0)  # one for all files, so that two builds agree
LEVEL = 6


def compiled(files) -> dict:
    """Return the files with bytecode in the place of each module: without docstrings, assertions and columns."""
    made = {}
    for name, content in files.items():
        if PurePosixPath(name).suffix == ".py":
            keeps_docstrings = name.startswith(("pyodide/", "_pyodide/"))  # which read their own
            code = compile(content, name, "exec", dont_inherit=True, optimize=0 if keeps_docstrings else 2)
            made[f"{name}c"] = loading._code_to_hash_pyc(code, bytes(8), False)  # never compared with a source
        else:
            made[name] = content
    return made


def write(path, files):
    """Write an archive whose members are not compressed: it is as a whole on its way to the browser."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, DATE), files[name])


def read(path) -> dict:
    """Return the files of an archive by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def compress(path):
    """Write a file once more, compressed, the same bytes in each build."""
    with open(path, "rb") as file, open(f"{path}.gz", "wb") as target:
        target.write(gzip.compress(file.read(), LEVEL, mtime=0))


def compile_archive(source, target):
    """Write the archive `source` with bytecode as `target`, and that compressed."""
    write(target, compiled(read(source)))
    compress(target)
