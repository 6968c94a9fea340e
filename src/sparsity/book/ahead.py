"""A Sphinx extension: the pages run side by side, before they are read one after the other.

MyST-NB runs a page's cells when Sphinx reads the page, and Sphinx reads in turn. Here the cells of all pages that are
about to be read run at the same time, into an empty cache where MyST-NB (`execute_notebooks: cache`) then finds them.
A page whose cell raises is not in the cache: MyST-NB runs it once more and reports it.
"""

import asyncio
import os
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError


async def executed(pages, timeout):
    """Run pages, each a path and its notebook, in one kernel for each processor; return those without an error."""
    processors = asyncio.Semaphore(os.cpu_count())

    async def succeeds(path, notebook):
        folder = {"metadata": {"path": str(path.parent)}}
        # Times in the notebook would keep MyST-NB from recognizing it.
        client = NotebookClient(notebook, timeout=timeout, resources=folder, record_timing=False)
        async with processors:
            try:
                await client.async_execute()
            except (CellExecutionError, CellTimeoutError):
                return False
        return True

    successes = await asyncio.gather(*(succeeds(*page) for page in pages))
    return [page for page, success in zip(pages, successes, strict=True) if success]


def run_ahead(app, env, docnames):
    """Empty the cache, and fill it with the pages that are about to be read."""
    settings = env.mystnb_config
    if settings.execution_mode != "cache":
        return
    pages = []
    for path in map(Path, map(env.doc2path, docnames)):
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, settings, text)
        if reader is not None:  # the page has cells
            pages.append((path, reader.read(text)))
    cache = get_cache(settings.execution_cache_path)
    cache.clear_cache()
    for path, notebook in asyncio.run(executed(pages, settings.execution_timeout)):
        cache.cache_notebook_bundle(CacheBundleIn(notebook, str(path)), check_validity=False, overwrite=True)
    cache.db.dispose()


def setup(app):
    """Register with Sphinx."""
    app.connect("env-before-read-docs", run_ahead)
    return {"version": "1", "parallel_read_safe": True}
