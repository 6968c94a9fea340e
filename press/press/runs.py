"""The kept runs of the book's pages: one file per page, valid as long as nothing that the run has read changes."""

import hashlib
import importlib
import json
import os
import sys
import sysconfig
from pathlib import Path

import nbformat

MADE = ("language_info", "widgets")  # what a run adds to the metadata of a notebook
MAKERS = ("execution.py", "kernels.py", "recorder/sitecustomize.py", "runs.py")  # their code determines a kept run
MISSING = "missing"  # instead of a digest
IGNORED = {"__pycache__", "_build"}  # written by Python and by builds; hidden folders are ignored too
# Files here belong to the system, or to a package whose version counts instead. Editable installs are elsewhere.
INSTALLED = {
    Path(place).resolve()
    for place in ("/dev", "/etc", "/proc", "/sys", "/usr", sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
}


def digest(value) -> str:
    """Return the SHA-256 of a value: of the bytes themselves, or of the `repr` of anything else."""
    return hashlib.sha256(value if isinstance(value, bytes) else repr(value).encode()).hexdigest()


MADE_BY = digest([(Path(__file__).parent / name).read_bytes() for name in MAKERS])


def code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def versions(book) -> dict[str, str]:
    """Return what all pages depend on: Python, the installed and the pinned versions, and `SOURCE_DATE_EPOCH`."""
    found = {"version of Python": sys.version, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "")}
    for place in map(Path, sys.path):
        if (place.parent / "__init__.py").exists():  # a package's own copies: setuptools adds them when it is imported
            continue
        for name, version in (each.stem.split("-")[:2] for each in sorted(place.glob("*-*.dist-info"))):
            found.setdefault(f"version of {name}", version)
    for path in sorted(Path(book).glob("requirements*.txt")):
        found[f"content of {path.name}"] = digest(path.read_bytes())
    return found


def listing(names) -> str:
    """Return the digest of the names in a folder, without those that are ignored."""
    return digest(sorted(name for name in names if name not in IGNORED and not name.startswith(".")))


class Runs:
    """The runs kept in `folder` for the pages of the folder `book`."""

    def __init__(self, folder, book):
        self.folder, self.book, self.versions = Path(folder), Path(book).resolve(), versions(book)
        self.installed = [place for place in INSTALLED if not self.book.is_relative_to(place)]

    def path(self, page) -> Path:
        """Return the file of a page's run."""
        return self.folder / f"{page}.json"

    def load(self, page) -> dict:
        """Return a page's kept run with its `mark`; {} if there is none, or it is damaged or by another press."""
        try:
            mark, text = self.path(page).read_text(encoding="utf-8").split("\n", 1)
        except (OSError, ValueError):
            return {}
        return json.loads(text) | {"mark": mark} if mark == digest((MADE_BY, text)) else {}

    def due(self, page, notebook=None) -> str:
        """Return why a page must run, or "" if its run is current; checks the code only if the notebook is given."""
        run = self.load(page)
        if not run:
            return "its kept run is damaged or by another press" if self.path(page).exists() else "first run"
        if notebook and run["cells"] != self._cells(notebook):
            return "its code changed"
        now, before = self.versions, run["versions"]
        reasons = [f"new {name}" for name in (now | before) if now.get(name) != before.get(name)]
        reasons += [sentence for key, before in run["inputs"].items() if (sentence := self._change(key, before))]
        more = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        return "".join(reasons[:1]) + more

    def fill(self, page, notebook) -> str:
        """Copy the outputs of a page's current run to its notebook, and return the run's mark."""
        run = self.load(page)
        for cell, (count, outputs) in zip(code_cells(notebook), run["outputs"], strict=True):
            cell.execution_count, cell.outputs = count, nbformat.from_dict(outputs)
        notebook.metadata.update(nbformat.from_dict(run["metadata"]))
        return run["mark"]

    def keep(self, page, notebook, records, started, seconds) -> str:
        """Keep the outputs of a page that has run, and what its processes have read; return the run's mark."""
        run = {
            "versions": self.versions,
            "cells": self._cells(notebook),
            "inputs": self._inputs(records, started),
            "seconds": seconds,
            "metadata": {name: notebook.metadata[name] for name in MADE if name in notebook.metadata},
            "outputs": [[cell.execution_count, cell.outputs] for cell in code_cells(notebook)],
        }
        text, path = json.dumps(run), self.path(page)
        mark = digest((MADE_BY, text))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(f"{mark}\n{text}", encoding="utf-8")
        unfinished.replace(path)  # so that the file is complete or absent
        return mark

    def _cells(self, notebook):
        """Return the digest of what runs: the code, and the tags, which can skip a cell or allow it to raise."""
        cells = [(cell.source, sorted(cell.metadata.get("tags", []))) for cell in code_cells(notebook)]
        return digest((notebook.metadata.get("kernelspec", {}).get("name"), cells))

    def _inputs(self, records, started):
        """Return each input with its digest, or with "" if the file may have changed since the run `started`."""
        inputs = {}
        for kind, what, value in records:
            name, path = what.split(" ", 1) if kind == "summary" else (kind, what)
            if key := self._key(path):
                if kind == "file":
                    now = self._now(name, key) if self._changed(key) < started else ""
                else:
                    now = listing(value) if kind == "folder" else digest(value.encode())
                inputs[f"{name} {key}"] = now
        return dict(sorted(inputs.items()))

    def _key(self, path):
        """Return a path relative to the book, so that a book that is moved keeps its runs; "" if it is ignored."""
        path = Path(os.path.realpath(path))
        way = os.path.relpath(path, self.book)
        ignored = any(part in IGNORED or part.startswith(".") for part in Path(way).parts if part != os.pardir)
        return "" if ignored or any(map(path.is_relative_to, self.installed)) else Path(way).as_posix()

    def _changed(self, key):
        place = self.book / key
        return place.stat().st_mtime if place.exists() else 0.0

    def _now(self, name, key):
        """Return the present digest of an input."""
        place = self.book / key
        try:
            if name == "file":
                return digest(place.read_bytes())
            if name == "folder":
                return listing(os.listdir(place))
            module, function = name.split(":")
            return digest(getattr(importlib.import_module(module), function)(place))
        except OSError:
            return MISSING

    def _change(self, key, before) -> str:
        """Return how an input has changed since the run, or "" if it has not."""
        name, key = key.split(" ", 1)
        now = self._now(name, key)
        if now == before:
            return ""
        if name not in ("file", "folder"):
            return f"the result of {name} changed"
        if name == "folder":
            return f"files were added to or removed from {key}"
        if not before:
            return f"{key} changed while it ran"
        return f"{key} was deleted" if now == MISSING else f"{key} is new" if before == MISSING else f"{key} changed"
