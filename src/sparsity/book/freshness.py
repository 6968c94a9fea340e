"""A Sphinx extension: pages are run again whenever something that their numbers depend on has changed.

Sphinx re-reads a page when the page's own file changed. The numbers on it also depend on this package, on the
settings and on the installed versions, so a digest of those is kept with Sphinx's stored environment.
"""

import hashlib
import sys
from importlib.metadata import distributions
from pathlib import Path

import sparsity


def digest(book: Path) -> str:
    """Return one hash of the package's sources, the book's settings, Python, and every installed version."""
    package = Path(sparsity.__file__).parent
    files = sorted(package.rglob("*.py")) + sorted(book.glob("requirements*.txt")) + [book / "_config.yml"]
    parts = [path.name.encode() + b"\0" + path.read_bytes() for path in files]
    parts += sorted(f"{each.name}=={each.version}".encode() for each in distributions())
    parts.append(sys.version.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def outdated(app, env, added, changed, removed):
    """Name every known page as outdated if the digest differs from that of the last build."""
    now, before = digest(Path(app.srcdir)), getattr(env, "sparsity_digest", None)
    env.sparsity_digest = now
    return [] if now == before else sorted(env.found_docs - added)


def setup(app):
    """Register with Sphinx."""
    app.connect("env-get-outdated", outdated)
    return {"version": "1", "parallel_read_safe": True}
