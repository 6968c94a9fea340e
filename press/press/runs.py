"""The kept runs of the book's pages: one file per page, valid as long as nothing that the run has read changes."""

import importlib
import json
import os
import sys
import sysconfig
from pathlib import Path

import nbformat

from .recording import digest

MADE = ("language_info", "widgets")  # what a run adds to the metadata of a notebook
IGNORED = {"__pycache__", "_build"}  # written by Python and by builds; hidden folders are ignored too
# Files here belong to the system, or to a package whose version counts instead. Editable installs are elsewhere.
INSTALLED = {
    Path(place).resolve()
    for place in ("/dev", "/etc", "/proc", "/sys", "/usr", sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
}


def code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def versions(book) -> str:
    """Return one hash of Python, the installed and the pinned versions, and `SOURCE_DATE_EPOCH`."""
    installed = sorted(each.name for place in sys.path for each in Path(place).glob("*.dist-info"))  # name and version
    pinned = [path.read_bytes() for path in sorted(Path(book).glob("requirements*.txt"))]
    return digest([sys.version, installed, pinned, os.environ.get("SOURCE_DATE_EPOCH")])


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
        """Return a page's kept run with its `mark`; {} if there is none or its file is damaged."""
        try:
            mark, text = self.path(page).read_text(encoding="utf-8").split("\n", 1)
        except (OSError, ValueError):
            return {}
        return json.loads(text) | {"mark": mark} if mark == digest(text.encode()) else {}

    def current(self, page) -> dict:
        """Return a page's run if nothing that it read has changed, otherwise {}."""
        run = self.load(page)
        same = run and run["versions"] == self.versions
        return run if same and all(self._now(key) == before for key, before in run["inputs"].items()) else {}

    def fill(self, page, notebook) -> str:
        """Copy the outputs of a page's current run to its notebook; return the run's mark, "" if the page must run."""
        run = self.current(page)
        if not run or run["cells"] != self._cells(notebook):
            return ""
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
        mark = digest(text.encode())
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
        for record in records:
            for key in filter(None, map(self._key, record["files"])):
                inputs[f"file {key}"] = self._now(f"file {key}") if self._changed(key) < started else ""
            for path, names in record["folders"].items():
                if key := self._key(path):
                    inputs[f"folder {key}"] = listing(names)
            for name, folder, result in record["results"]:
                inputs[f"{name} {self._key(folder)}"] = result
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

    def _now(self, key):
        """Return the present digest of an input."""
        kind, where = key.split(" ", 1)
        place = self.book / where
        try:
            if kind == "file":
                return digest(place.read_bytes())
            if kind == "folder":
                return listing(os.listdir(place))
            module, function = kind.split(":")
            return digest(getattr(importlib.import_module(module), function)(place))
        except OSError:
            return "missing"
