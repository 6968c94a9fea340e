"""A release is published only if tag, version and changelog agree."""

import subprocess
import sys

import pytest

import exactzeros
from book import ROOT

VERSION = exactzeros.__version__


@pytest.fixture
def notes(tmp_path):
    """Return what `tools/release_notes.py` prints for a tag and a changelog, and whether it succeeds."""
    for name in ("tools/release_notes.py", "src/exactzeros/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    def run(tag, changelog):
        (tmp_path / "CHANGELOG.md").write_text(changelog)
        command = [sys.executable, tmp_path / "tools/release_notes.py", tag]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_notes_are_the_section_of_the_version(notes):
    changelog = f"# Changelog\n\n## {VERSION} (2026-01-31)\n\n- This.\n- That.\n\n## 0.0.1 (2025-01-01)\n\n- Old.\n"
    assert notes(f"v{VERSION}", changelog) == (0, "- This.\n- That.\n")


@pytest.mark.parametrize(
    ("tag", "heading", "said"),
    [
        ("v99.0", f"{VERSION} (2026-01-31)", f"the tag must be v{VERSION}"),
        (VERSION, f"{VERSION} (2026-01-31)", f"the tag must be v{VERSION}"),
        (f"v{VERSION}", f"{VERSION} (unreleased)", "must have a section"),
        (f"v{VERSION}", "99.0 (2026-01-31)", "must have a section"),
    ],
)
def test_what_does_not_agree_is_named(notes, tag, heading, said):
    code, printed = notes(tag, f"# Changelog\n\n## {heading}\n\n- This.\n")
    assert code == 1 and said in printed
