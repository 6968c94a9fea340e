"""A Sphinx extension: pages are run again whenever something that their numbers depend on has changed.

Sphinx re-reads a page when the page's own file changed. The numbers on it also depend on this package, on the
settings and on the installed versions, so a digest of those is kept with Sphinx's stored environment.
"""

import hashlib
import sys
from importlib.metadata import distributions
from pathlib import Path

import sparsity

from .backlinks import PAGE


def inputs(book: Path, page: str) -> list[Path]:
    """Return the files, apart from its own source, on which the results on a page depend."""
    files = sorted(Path(sparsity.__file__).parent.rglob("*.py")) + sorted(book.glob("requirements*.txt"))
    files.append(book / "_config.yml")
    if page == PAGE:  # it runs the checks of the statements in all chapters
        files += [*sorted(book.glob("tests/claims/*.py")), *sorted(book.glob("chapters/*.md")), book / "_toc.yml"]
    return files


def digest(book: Path, page: str = "") -> str:
    """Return one hash of a page's inputs, of Python, and of every installed version."""
    parts = [path.name.encode() + b"\0" + path.read_bytes() for path in inputs(book, page)]
    parts += sorted(f"{each.name}=={each.version}".encode() for each in distributions())
    parts.append(sys.version.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def outdated(app, env, added, changed, removed):
    """Name every known page as outdated whose digest differs from that of the last build."""
    book, before = Path(app.srcdir), getattr(env, "sparsity_digests", {})
    usual = digest(book)
    now = {page: digest(book, page) if page == PAGE else usual for page in env.found_docs}
    env.sparsity_digests = now
    return sorted(page for page in env.found_docs - added if before.get(page) != now[page])


def setup(app):
    """Register with Sphinx."""
    app.connect("env-get-outdated", outdated)
    return {"version": "1", "parallel_read_safe": True}
