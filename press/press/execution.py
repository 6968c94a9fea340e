"""A Sphinx extension: pages whose inputs have changed run in parallel, before Sphinx reads any page.

Each run is kept with everything that it read (`press.runs`). MyST-NB receives the notebooks with their outputs, and
runs nothing itself. This needs `execute_notebooks: cache` in `_config.yml`.
"""

import asyncio
import atexit
import os
import re
from pathlib import Path
from time import perf_counter, time
from typing import NamedTuple

from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.console import red

from . import kernels
from .runs import Runs, code_cells, digest

logger = logging.getLogger(__name__)
notebooks = {}  # with outputs, by the file of the page


class Page(NamedTuple):
    """A page with code: its name, its file, its notebook."""

    name: str
    path: Path
    notebook: object


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def with_code(env, names) -> list[Page]:
    """Return the named pages that have code cells."""
    found = []
    for name in names:
        path = Path(env.doc2path(name))
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
        notebook = reader and reader.read(text)
        if notebook and code_cells(notebook):
            found.append(Page(name, path, notebook))
    return found


def kept(app) -> Runs:
    """Return the kept runs of the book that is built."""
    return Runs(app.outdir.parent / ".runs", app.srcdir)


async def run(page, timeout, nursery):
    """Run a page's cells in its own kernel; return what its processes read, and how long it took."""
    clock, name = perf_counter(), page.notebook.metadata.get("kernelspec", {}).get("name", "python3")
    with kernels.recorded() as (environment, records):
        client = NotebookClient(
            page.notebook,
            kernels.manager(name, environment, nursery),
            timeout=timeout,
            resources={"metadata": {"path": str(page.path.parent)}},
            record_timing=False,  # times would differ between builds
            coalesce_streams=True,  # so that the pieces in which a kernel sends text leave no trace
        )
        try:
            await client.async_execute(env=environment, cleanup_kc=True)
        finally:
            atexit.unregister(client._cleanup_kernel)  # nbclient forgets to if it is cancelled
        read = records()
    if not read:
        raise RuntimeError(f"the kernel did not record what it read, so {page.name} could become stale")
    return read, perf_counter() - clock


def failure(page, error) -> str:
    """Return where and how a page failed: the file, the line of the cell, and the kernel's message."""
    cells = enumerate(page.notebook.cells)
    begun = [index for index, cell in cells if cell.cell_type == "code" and cell.execution_count is not None]
    line = page.notebook.metadata.get("source_map", [0])[begun[-1] if begun else 0] + 1
    what = re.sub("\x1b\\[[0-9;]*m", "", str(error)).strip()
    if isinstance(error, CellTimeoutError):
        what = f"the time limit for one cell was exceeded (`timeout` in _config.yml). {what}"
    return f"{page.path}:{line}: {type(error).__name__}: {what}"


async def run_all(pages, why, runs, config, timeout) -> dict:
    """Run pages, one per processor at a time, and keep each run; return the runs' marks by page.

    Raises
    ------
    ExtensionError
        If pages failed, after all others have run. The message names them.
    """
    free, marks, failed, clock = asyncio.Semaphore(processors()), {}, [], perf_counter()
    many = len(pages) > processors()

    async def run_one(page):
        async with free:
            begun = started if nursery else time()
            try:
                read, seconds = await run(page, timeout, nursery)
            except Exception as error:  # any error: it is reported for this page, and the others go on
                failed.append(page.name)
                logger.info(red(failure(page, error)))
                return
        marks[page.name] = runs.keep(page.name, page.notebook, read + preread(), begun, seconds)
        logger.info(f"ran {page.name} in {seconds:.1f} s: {why[page.name]}")

    def how_soon(page):
        return page.name not in config.book_long_pages, -runs.load(page.name).get("seconds", 0)

    started = time()
    with kernels.nursery(config.book_preload if many else []) as (nursery, preread):
        errors = await asyncio.gather(*map(run_one, sorted(pages, key=how_soon)), return_exceptions=True)
    logger.info(f"pages run: {len(marks)} of {len(pages)}, in {perf_counter() - clock:.1f} s, {processors()} at a time")
    for error in filter(None, errors):  # a run that could not be kept
        raise error
    if failed:
        raise ExtensionError(f"these pages failed, see above: {', '.join(sorted(failed))}")
    return marks


def look(app, runs) -> str:
    """Return one hash of what determines the look of all pages: the press, the site's files, installed versions."""
    names = [
        "_config.yml",
        "pyproject.toml",
        "CITATION.cff",
        *app.config.html_static_path,
        *app.config.templates_path,
        *app.config.html_extra_path,
    ]
    places = [Path(__file__).parent, *(Path(app.srcdir, name) for name in names)]
    files = [file for place in places for file in (place, *sorted(place.rglob("*"))) if file.is_file()]
    return digest([runs.versions, [(file.name, file.read_bytes()) for file in files if file.suffix != ".pyc"]])


def outdated(app, env, added, changed, removed):
    """Return the known pages whose run is not current; all of them if the look of the pages has changed."""
    runs, known = kept(app), getattr(env, "press_runs", {})
    before, env.press_look = getattr(env, "press_look", None), look(app, runs)
    if env.press_look != before:
        return sorted(env.found_docs - added)
    ran = [name for name, mark in known.items() if mark and name in env.found_docs]
    return [name for name in ran if runs.due(name) or runs.load(name)["mark"] != known[name]]


def run_pages(app, env, names):
    """Run the pages that are not current among those that Sphinx is about to read, and give MyST-NB all outputs."""
    settings = env.mystnb_config
    if not names or settings.execution_mode != "cache":
        return
    runs, pages = kept(app), with_code(env, names)
    why = {page.name: runs.due(page.name, page.notebook) for page in pages}
    marks = {page.name: runs.fill(page.name, page.notebook) for page in pages if not why[page.name]}
    try:
        if due := [page for page in pages if why[page.name]]:
            marks |= asyncio.run(run_all(due, why, runs, app.config, settings.execution_timeout))
    except OSError as error:
        raise ExtensionError(f"the outputs of pages cannot be kept: {error}") from error
    env.press_runs = {**getattr(env, "press_runs", {}), **dict.fromkeys(names, ""), **marks}
    # MyST-NB chooses a reader by the end of a page's path, and keeps existing outputs if it runs nothing.
    notebooks.update((str(page.path), page.notebook) for page in pages)
    readers = {path: (f"{__name__}.executed", {"path": path}) for path in notebooks}
    env.mystnb_config = settings.copy(execution_mode="off", custom_formats=readers)


def executed(text, path):
    """Return the notebook of the page in the file `path`, with its outputs."""
    return notebooks[path]


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("book_preload", [], "", [list])  # installed modules that many pages import
    app.add_config_value("book_long_pages", [], "", [list])  # pages that start first
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", run_pages)
    return {"version": "1", "parallel_read_safe": True}
