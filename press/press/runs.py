"""The kept runs of the book's pages: one file a page, good for as long as nothing that the run has read differs."""

import importlib
import json
import os
import sys
import sysconfig
from pathlib import Path

import nbformat

from .recording import digest

MADE = ("language_info", "widgets")  # what a run adds to the metadata of a notebook
IGNORED = {"__pycache__", "_build"}  # what Python and a build write themselves, beside all hidden folders
# What is here belongs to the system, or has a version, which counts in its place. Editable installs are elsewhere.
INSTALLED = {
    Path(place).resolve()
    for place in ("/dev", "/etc", "/proc", "/sys", "/usr", sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
}


def code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def versions(book) -> str:
    """Return one hash of Python, every installed version, the pinned ones, and what asks for builds that agree."""
    installed = sorted(each.name for place in sys.path for each in Path(place).glob("*.dist-info"))  # name and version
    pinned = [path.read_bytes() for path in sorted(Path(book).glob("requirements*.txt"))]
    return digest([sys.version, installed, pinned, os.environ.get("SOURCE_DATE_EPOCH")])


def listing(names) -> str:
    """Return the digest of the names in a folder, without what is ignored."""
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
        """Return a page's run as it was kept, with a `mark` of its own; {} if there is none or its file is damaged."""
        try:
            mark, text = self.path(page).read_text(encoding="utf-8").split("\n", 1)
        except (OSError, ValueError):
            return {}
        return json.loads(text) | {"mark": mark} if mark == digest(text.encode()) else {}

    def current(self, page) -> dict:
        """Return a page's run if all that it has read is as it was, else {}."""
        run = self.load(page)
        same = run and run["versions"] == self.versions
        return run if same and all(self._now(key) == before for key, before in run["inputs"].items()) else {}

    def fill(self, page, notebook) -> str:
        """Put the outputs of a page's current run into its notebook; return the run's mark, "" if the page must run."""
        run = self.current(page)
        if not run or run["cells"] != self._cells(notebook):
            return ""
        for cell, (count, outputs) in zip(code_cells(notebook), run["outputs"], strict=True):
            cell.execution_count, cell.outputs = count, nbformat.from_dict(outputs)
        notebook.metadata.update(nbformat.from_dict(run["metadata"]))
        return run["mark"]

    def keep(self, page, notebook, records, started, seconds) -> str:
        """Keep the outputs of a page that has run, with all that its processes have read; return the run's mark."""
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
        unfinished.replace(path)  # a file is there as a whole or not at all
        return mark

    def _cells(self, notebook):
        """Return the digest of what is run: the code, and the tags that say what to skip or which cell may raise."""
        cells = [(cell.source, sorted(cell.metadata.get("tags", []))) for cell in code_cells(notebook)]
        return digest((notebook.metadata.get("kernelspec", {}).get("name"), cells))

    def _inputs(self, records, started):
        """Return what was read, each with its digest; "" for a file that may have changed since the run `started`."""
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
        """Return the way from the book to a path, so that a tree that was moved keeps its runs; "" if it is ignored."""
        path = Path(os.path.realpath(path))
        way = os.path.relpath(path, self.book)
        ignored = any(part in IGNORED or part.startswith(".") for part in Path(way).parts if part != os.pardir)
        return "" if ignored or any(map(path.is_relative_to, self.installed)) else Path(way).as_posix()

    def _changed(self, key):
        place = self.book / key
        return place.stat().st_mtime if place.exists() else 0.0

    def _now(self, key):
        """Return the digest of an input as it is now."""
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
