"""A Sphinx extension: a site is there exactly if it is whole, whatever happens to a build.

A build works in a folder beside the site (`html.unfinished`) and renames it at its end. One that was killed or that
failed leaves that folder; the next build throws it away with all that Sphinx has stored, and keeps the runs of the
pages. Builds of one tree wait for each other.
"""

import os
import shutil

from filelock import FileLock, Timeout
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)


def begin(app, config):
    """Wait for other builds, clear what an unfinished one left, and put the site aside."""
    site = app.outdir
    unfinished = site.with_name(f"{site.name}.unfinished")
    try:
        app.press_lock = acquired(site.with_name(".lock"))
        if any(site.parent.glob("*.unfinished")):
            logger.info("the last build did not end well: all pages are read anew")
            for left in (*site.parent.glob("*.unfinished"), site, app.doctreedir):
                shutil.rmtree(left, ignore_errors=True)
            site.mkdir()
        os.replace(site, unfinished)
    except OSError as error:
        raise ExtensionError(f"the site cannot be written: {error}") from error
    app.outdir = unfinished


def acquired(path):
    """Return the lock on a folder's builds; the system frees it when this process ends, however it ends."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        logger.info("waiting for another build of this book to end")
        lock.acquire()
    return lock


def notice_removed(app, env, added, changed, removed):
    """Remember whether a page is gone since the last build."""
    app.press_news = bool(removed)
    return []


def notice_read(app, env, names):
    """Remember whether a page is read in this build."""
    app.press_news |= bool(names)


def write_all(app, env):
    """If there is news, begin with an empty site: numbers of statements and links reach from page to page."""
    if not app.press_news:
        return []
    for each in app.outdir.iterdir():
        if each.name != ".buildinfo":  # Sphinx writes it before
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    return sorted(env.found_docs)


def end(app, exception):
    """Show the site if it is whole, and let the next build begin."""
    if exception is None:
        site = app.outdir.with_name(app.outdir.name.removesuffix(".unfinished"))
        os.replace(app.outdir, site)
        app.outdir = site
    app.press_lock.release()


def setup(app):
    """Register with Sphinx: before all others at the start of a build, after them at its end."""
    app.connect("config-inited", begin, priority=0)
    app.connect("env-get-outdated", notice_removed)
    app.connect("env-before-read-docs", notice_read)
    app.connect("env-updated", write_all)
    app.connect("build-finished", end, priority=1000)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
