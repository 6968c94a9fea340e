"""Python for a page: the files are those that their makers published, archives agree, and a policy holds."""

import gzip
import hashlib
import io
import zipfile

import pytest

from press import browser_python, packing
from press.browser_python import LIBRARY, PACKAGES, RUNTIME, Packing


def test_the_files_are_those_that_their_makers_published():
    lines = (RUNTIME / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 5
    for line in lines:
        expected, name = line.split()
        path = RUNTIME / name
        content = path.read_bytes() if path.exists() else gzip.decompress((RUNTIME / f"{name}.gz").read_bytes())
        assert hashlib.sha256(content).hexdigest() == expected, name


def names(path):
    return zipfile.ZipFile(io.BytesIO(gzip.decompress(path.read_bytes()))).namelist()


@pytest.mark.slow
def test_without_node_a_page_gets_the_sources(tmp_path, monkeypatch):
    monkeypatch.setattr(browser_python, "node_program", lambda: None)
    made = Packing(tmp_path / "kept", ["lazy_loader", "numpy"], ["numpy.random"])
    found = made.result()
    assert not made.is_compiled
    assert "lazy_loader/__init__.py" in names(found[PACKAGES]) and "json/__init__.py" in names(found[LIBRARY])
    assert not [name for name in names(found[PACKAGES]) if name.startswith("numpy/random/") or "/tests/" in name]


@pytest.mark.slow
@pytest.mark.skipif(browser_python.node_program() is None, reason="no Node")
def test_node_compiles_the_packages_once(tmp_path):
    made = Packing(tmp_path / "kept", ["lazy_loader"], [])
    found = made.result()
    assert made.is_compiled and "lazy_loader/__init__.pyc" in names(found[PACKAGES])
    before = found[PACKAGES].stat().st_mtime_ns
    again = Packing(tmp_path / "kept", ["lazy_loader"], []).result()
    assert again == found and again[PACKAGES].stat().st_mtime_ns == before


def test_a_module_loses_its_docstring_and_no_answer():
    (content,) = packing.compiled(
        {"small.py": b'"""Words."""\ndef answer():\n    """More."""\n    return 42\n'}
    ).values()
    assert b"Words" not in content and b"More" not in content and b"answer" in content


def test_the_policy_names_no_other_host():
    policy = browser_python.policy()
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "") and "http" not in policy and "*" not in policy
    assert policy.count("sha256-") == 2  # the theme and the fonts, before anything is drawn
