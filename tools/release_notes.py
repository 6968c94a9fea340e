"""Print what the changelog says about a release, after checking that the tag, the version and the changelog agree.

Usage: python tools/release_notes.py v0.1.0
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def notes(tag, version, changelog):
    """Return the changelog's section on `version`; exit with a message if it is not ready for `tag`."""
    if tag != f"v{version}":
        sys.exit(f"the tag must be v{version}, as in src/exactzeros/__init__.py, got {tag}")
    found = re.search(rf"^## {re.escape(version)} \(([^)]*)\)\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    if not found or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", found[1]):
        sys.exit(f"CHANGELOG.md must have a section '## {version} (YYYY-MM-DD)'")
    return found[2].strip()


if __name__ == "__main__":
    source = (ROOT / "src/exactzeros/__init__.py").read_text(encoding="utf-8")
    (version,) = re.findall(r'^__version__ = "(.*)"$', source, re.M)
    print(notes(sys.argv[1], version, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
