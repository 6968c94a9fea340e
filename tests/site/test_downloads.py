"""Every notebook of the site runs in an empty folder, after its first cell has installed the package from a wheel."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from nbclient import NotebookClient

from browsing import ROOT, pages
from sparsity.book.downloads import NOT_ALONE

WITH_CODE = [page for page in pages() if "{code-cell}" in (ROOT / f"{page}.md").read_text()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as a wheel, made from a copy of its sources."""
    folder = tmp_path_factory.mktemp("wheel")
    archive = folder / "tree.tar"
    subprocess.run(
        ["tar", "-cf", archive, "--exclude=*.egg-info", "src", "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT,
        check=True,
    )
    (folder / "tree").mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", folder / "tree"], check=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, folder / "tree"]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def execute(path, folder, wheel):
    """Run a notebook in a folder that holds nothing but the wheel, without network, and return the notebook."""
    installed = folder / "installed"
    installed.mkdir(parents=True)
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_TARGET": str(installed), "PYTHONPATH": str(installed)}
    made = nbformat.read(path, as_version=4)
    made.cells.append(nbformat.v4.new_code_cell("import sparsity; print(sparsity.__file__)"))
    client = NotebookClient(made, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, **offline})
    return made


def test_all_notebooks_run_in_an_empty_folder(site, wheel, tmp_path):
    names = [page for page in WITH_CODE if page not in NOT_ALONE]
    with ThreadPoolExecutor(2) as two_at_a_time:
        runs = {
            name: two_at_a_time.submit(execute, site / "_sources" / f"{name}.ipynb", tmp_path / name, wheel)
            for name in names
        }
    for name, run in runs.items():
        (shown,) = run.result().cells[-1].outputs
        assert shown.text.startswith(str(tmp_path / name / "installed")), name


def test_a_page_offers_its_notebook_if_it_has_code_of_its_own(site):
    for page in pages():
        offered = f"{page.split('/')[-1]}.ipynb" in (site / f"{page}.html").read_text()
        assert (
            offered == (page in WITH_CODE and page not in NOT_ALONE) == (site / "_sources" / f"{page}.ipynb").exists()
        )
