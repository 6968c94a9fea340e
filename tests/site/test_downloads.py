"""Every notebook of the site runs in an empty folder, after its first cell has installed the package from a wheel."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from browsing import ROOT, pages
from sparsity.book.downloads import NOT_ALONE

WITH_CODE = [page for page in pages() if "{code-cell}" in (ROOT / f"{page}.md").read_text()]


def run_alone(notebook, folder, wheel):
    """Run a notebook in a folder that holds nothing but the wheel, without network."""
    installed = folder / "installed"
    installed.mkdir(parents=True)
    shutil.copy(wheel, folder)
    made = nbformat.read(notebook, as_version=4)
    made.cells.append(
        nbformat.v4.new_code_cell(f"import sparsity\nassert sparsity.__file__.startswith({str(installed)!r})")
    )
    nbformat.write(made, folder / "page.ipynb")
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_TARGET": str(installed), "PYTHONPATH": str(installed)}
    command = [Path(sys.executable).with_name("jupyter-execute"), "page.ipynb"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, cwd=folder, env={**os.environ, **offline}, check=False, **streams)


def test_all_notebooks_run_in_an_empty_folder(site, distribution, tmp_path):
    (wheel,) = distribution.glob("*.whl")
    names = [page for page in WITH_CODE if page not in NOT_ALONE]
    with ThreadPoolExecutor(2) as two_at_a_time:
        arguments = [(site / "_sources" / f"{name}.ipynb", tmp_path / name, wheel) for name in names]
        runs = list(two_at_a_time.map(run_alone, *zip(*arguments, strict=True)))
    assert not [f"{name}: {run.stdout}" for name, run in zip(names, runs, strict=True) if run.returncode]


def test_a_page_offers_its_notebook_if_it_has_code_of_its_own(site):
    for page in pages():
        offered = f"{page.split('/')[-1]}.ipynb" in (site / f"{page}.html").read_text()
        assert (
            offered == (page in WITH_CODE and page not in NOT_ALONE) == (site / "_sources" / f"{page}.ipynb").exists()
        )
