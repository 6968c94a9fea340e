"""A Sphinx extension: pages whose inputs have changed run in parallel, before Sphinx reads any page.

Each run is kept with everything that it read (`press.runs`). Current runs and new ones go into an empty jupyter-cache,
where MyST-NB (`execute_notebooks: cache`) finds them; so damage to that cache cannot outlive a build. jupyter-cache's
own parallel executor is not suitable: it reports nothing until all pages have run, and its notebooks cannot record what
they read.
"""

import asyncio
import atexit
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from time import perf_counter, time
from typing import NamedTuple

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.console import red

from .recording import VARIABLE, digest
from .runs import Runs, code_cells

RECORDED = "--IPKernelApp.extra_extensions=press.recording"
# One thread per kernel: there is a kernel for each processor, and sums must not depend on their number. The hash seed
# fixes the order of sets of strings.
SAME_EVERYWHERE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "PYTHONHASHSEED": "0"
}

logger = logging.getLogger(__name__)


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


async def run(page, timeout):
    """Run a page's cells in its own kernel; return what its processes read, when it started, and how long it took."""
    started, clock = time(), perf_counter()
    with tempfile.TemporaryDirectory() as records:
        client = NotebookClient(
            page.notebook,
            timeout=timeout,
            resources={"metadata": {"path": str(page.path.parent)}},
            record_timing=False,  # times in the notebook would keep MyST-NB from recognizing it
            extra_arguments=[RECORDED],
        )
        try:
            await client.async_execute(env={**os.environ, **SAME_EVERYWHERE, VARIABLE: records})
        finally:
            atexit.unregister(client._cleanup_kernel)  # nbclient forgets it where it is cancelled
        read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(records).iterdir())]
    if not read:
        raise RuntimeError(f"the kernel did not load press.recording, so {page.name} could become stale")
    return read, started, perf_counter() - clock


def failure(page, error) -> str:
    """Return where and how a page failed: the file, the line of the cell, and the kernel's message."""
    cells = enumerate(page.notebook.cells)
    begun = [index for index, cell in cells if cell.cell_type == "code" and cell.execution_count is not None]
    line = page.notebook.metadata.get("source_map", [0])[begun[-1] if begun else 0] + 1
    what = re.sub("\x1b\\[[0-9;]*m", "", str(error)).strip()
    if isinstance(error, CellTimeoutError):
        what = f"the time limit for one cell was exceeded (`timeout` in _config.yml). {what}"
    return f"{page.path}:{line}: {type(error).__name__}: {what}"


async def run_all(pages, runs, timeout) -> dict:
    """Run pages, one for each processor at a time, and keep each run; return the runs' marks by page.

    Raises
    ------
    ExtensionError
        If pages failed, after all others have run; with their names.
    """
    free, marks, failed = asyncio.Semaphore(processors()), {}, []
    started = perf_counter()

    async def run_one(page):
        async with free:
            try:
                read, begun, seconds = await run(page, timeout)
            except Exception as error:  # whatever it is, it has the page's name, and the others go on
                failed.append(page.name)
                logger.info(red(failure(page, error)))
                return
        marks[page.name] = runs.keep(page.name, page.notebook, read, begun, seconds)
        logger.info(f"ran {page.name} in {seconds:.1f} s")

    longest_first = sorted(pages, key=lambda page: -runs.load(page.name).get("seconds", 0))
    errors = await asyncio.gather(*map(run_one, longest_first), return_exceptions=True)  # none stops the others
    logger.info(
        f"pages run: {len(marks)} of {len(pages)}, in {perf_counter() - started:.1f} s, {processors()} at a time"
    )
    for error in filter(None, errors):
        raise error
    if failed:
        raise ExtensionError(f"these pages failed, see above: {', '.join(sorted(failed))}")
    return marks


def look(app, runs) -> str:
    """Return one hash of what determines the look of all pages: the press, the site's files, installed versions."""
    names = ["_config.yml", "_static", *app.config.templates_path, *app.config.html_extra_path]
    places = [Path(__file__).parent, *(Path(app.srcdir, name) for name in names)]
    files = [file for place in places for file in (place, *sorted(place.rglob("*"))) if file.is_file()]
    return digest([runs.versions, [(file.name, file.read_bytes()) for file in files if file.suffix != ".pyc"]])


def outdated(app, env, added, changed, removed):
    """Return the known pages whose run is not current; all of them if the look of the pages has changed."""
    runs, known = kept(app), getattr(env, "press_runs", {})
    before, env.press_look = getattr(env, "press_look", None), look(app, runs)
    if env.press_look != before:
        return sorted(env.found_docs - added)
    return [
        name
        for name, mark in known.items()
        if mark and name in env.found_docs and runs.current(name).get("mark") != mark
    ]


def run_pages(app, env, names):
    """Give MyST-NB the outputs of the pages that Sphinx is about to read, and run those that are not current."""
    settings = env.mystnb_config
    if not names or settings.execution_mode != "cache":
        return
    runs, pages = kept(app), with_code(env, names)
    marks = {page.name: runs.fill(page.name, page.notebook) for page in pages}
    due = [page for page in pages if not marks[page.name]]
    try:
        if due:
            marks |= asyncio.run(run_all(due, runs, settings.execution_timeout))
        fill_cache(Path(settings.execution_cache_path), pages)
    except OSError as error:
        raise ExtensionError(f"the outputs of pages cannot be kept: {error}") from error
    env.press_runs = {**getattr(env, "press_runs", {}), **dict.fromkeys(names, ""), **marks}


def fill_cache(folder, pages):
    """Fill a new jupyter-cache with pages that have run."""
    shutil.rmtree(folder, ignore_errors=True)
    cache = get_cache(folder)
    for page in pages:
        cache.cache_notebook_bundle(CacheBundleIn(page.notebook, str(page.path)), check_validity=False, overwrite=True)
    cache.db.dispose()


def setup(app):
    """Register with Sphinx."""
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", run_pages)
    return {"version": "1", "parallel_read_safe": True}
