"""A Sphinx extension: the folder `html` holds a site only if a build has succeeded, whatever happens to builds.

A build renames the folder to `html.unfinished`, works there, and gives it its name back when it is done. A build that
fails or is killed leaves `html.unfinished` behind. The next build deletes that folder and everything that Sphinx
stored, but keeps the runs of the pages. Builds of the same book wait for each other.
"""

import os
import shutil

from filelock import FileLock, Timeout
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)


def begin(app, config):
    """Wait for other builds, delete what an unfinished one left behind, and put the site aside."""
    site = app.outdir
    unfinished = site.with_name(f"{site.name}.unfinished")
    try:
        app.press_lock = acquired(site.with_name(".lock"))
        if any(site.parent.glob("*.unfinished")):
            logger.info("The last build did not finish; rebuilding every page.")
            for left in (*site.parent.glob("*.unfinished"), site, app.doctreedir):
                shutil.rmtree(left, ignore_errors=True)
            site.mkdir()
        os.replace(site, unfinished)
    except OSError as error:
        raise ExtensionError(f"the site cannot be written: {error}") from error
    app.outdir = unfinished


def acquired(path):
    """Return the lock on a folder's builds; the system releases it when this process ends, however it ends."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        logger.info("waiting for another build of this book to finish")
        lock.acquire()
    return lock


def notice_removed(app, env, added, changed, removed):
    """Remember whether a page has been removed since the last build."""
    app.press_news = bool(removed)
    return []


def notice_read(app, env, names):
    """Remember whether a page is read in this build."""
    app.press_news |= bool(names)


def write_all(app, env):
    """Write every page again if any has changed, since numbers of statements and links reach across pages."""
    if not app.press_news:
        return []
    for each in app.outdir.iterdir():
        if each.name != ".buildinfo":  # already written by Sphinx
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    return sorted(env.found_docs)


def end(app, exception):
    """Publish the site if the build succeeded, and let the next build begin."""
    if exception is None:
        site = app.outdir.with_name(app.outdir.name.removesuffix(".unfinished"))
        os.replace(app.outdir, site)
        app.outdir = site
    app.press_lock.release()


def setup(app):
    """Register with Sphinx, to run first at the start of a build and last at its end."""
    app.connect("config-inited", begin, priority=0)
    app.connect("env-get-outdated", notice_removed)
    app.connect("env-before-read-docs", notice_read)
    app.connect("env-updated", write_all)
    app.connect("build-finished", end, priority=1000)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
