"""Downloaded pages run in an empty folder: their first cell installs the package."""

import os
import shutil
import subprocess
import venv
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import distribution

import jupytext
import nbformat
from packaging.requirements import Requirement

from book import ROOT, pages
from press.downloads import wheel_of
from press.project import package

WHEEL = wheel_of(package(ROOT))
OFFERED = [
    page for page in pages() if page != "chapters/how-we-know" and "{code-cell}" in (ROOT / f"{page}.md").read_text()
]


def needed(*requirements):
    """Return the names of the installed packages that the requirements need, directly or indirectly."""
    seen = set()

    def add(text):
        requirement = Requirement(text)
        new = {(requirement.name, extra) for extra in ("", *requirement.extras)} - seen
        seen.update(new)
        for name, extra in new:
            for below in distribution(name).requires or []:
                marker = Requirement(below).marker
                if marker is None or marker.evaluate({"extra": extra}):
                    add(below)

    for requirement in requirements:
        add(requirement)
    return {name for name, _ in seen}


@cache
def links():
    """Return the name and the place of each file or folder of the packages that an environment needs."""
    found = {}
    for name in needed("ipykernel", "nbclient", "pip", "exactzeros[book]") - {"exactzeros"}:
        package = distribution(name)
        for top in {file.parts[0] for file in package.files} - {"..", "__pycache__"}:
            found[top] = package.locate_file(top)
    return found


def environment(folder):
    """Make a virtual environment that can run a notebook and has the package's dependencies, but not the package."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name, place in links().items():
        (packages / name).symlink_to(place)
    return folder / "bin" / "python"


def run_alone(name, site, folder):
    """Run the notebook of a page without the network, in a folder that holds only the wheel."""
    folder.mkdir(parents=True)
    shutil.copy(site / WHEEL, folder)
    made = nbformat.read(site / "_sources" / f"{name}.ipynb", as_version=4)
    check = f"import exactzeros\nassert exactzeros.__file__.startswith({str(folder)!r}), exactzeros.__file__"
    made.cells.append(nbformat.v4.new_code_cell(check))
    nbformat.write(made, folder / "page.ipynb")
    others = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_", "COV_"))}
    offline = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    command = [environment(folder / "venv"), "-m", "nbclient.cli", "page.ipynb"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, cwd=folder, env={**others, **offline}, check=False, **streams)


def test_all_notebooks_run_in_an_empty_folder_and_environment(site, tmp_path):
    with ThreadPoolExecutor(2) as two_at_a_time:
        runs = list(two_at_a_time.map(lambda name: run_alone(name, site, tmp_path / name), OFFERED))
    assert not [f"{name}: {run.stdout}" for name, run in zip(OFFERED, runs, strict=True) if run.returncode]


def test_the_markdown_of_a_page_has_the_cells_of_its_notebook(site):
    for name in OFFERED:
        cells = [
            [cell.source for cell in jupytext.read(site / "_sources" / f"{name}.{kind}").cells]
            for kind in ("md", "ipynb")
        ]
        assert cells[0] == cells[1] and cells[0][0].startswith("%pip install")


def test_a_page_offers_its_notebook_if_it_has_code_of_its_own_and_each_its_markdown(site):
    for page in pages():
        shown, source = (site / f"{page}.html").read_text(), site / "_sources" / f"{page}.md"
        offered = f"{page.split('/')[-1]}.ipynb" in shown
        assert offered == (page in OFFERED) == source.with_suffix(".ipynb").exists()
        assert source.exists() and f"_sources/{page}.md" in shown
