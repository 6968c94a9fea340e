"""A Sphinx extension: each page with code as a notebook to take along, and links that open it on Binder or Colab.

The links need to know where the book's repository is: `book_repository` in `_config.yml`, an address on GitHub. Without
it there are none. A JupyterHub has an address of its own, `book_jupyterhub`.
"""

from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import jupytext
import nbformat

import sparsity

from .backlinks import PAGE

BRANCH = "main"
NOTEBOOKS = "notebooks"  # the branch on which tools/push_notebooks.sh puts the notebooks, for Colab
NOT_ALONE = {PAGE}  # it runs the tests of the whole repository


def first_cell(repository):
    """Return the code that installs the package: from the repository, else from the wheel beside the notebook.

    The name alone would not do: on PyPI it is another package's.
    """
    wheel = f"./sparsity-{sparsity.__version__}-py3-none-any.whl[book]"
    source = f"sparsity[book] @ git+{repository}" if repository else wheel
    return f'%pip install --quiet "{source}"'


def notebook(text, repository) -> str:
    """Return the source of a page as the text of a notebook that starts with the installation of the package."""
    made = jupytext.reads(text, fmt="md:myst")
    made.metadata.pop("jupytext", None)
    made.cells.insert(0, nbformat.v4.new_code_cell(first_cell(repository)))
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"  # the same in every build
    return nbformat.writes(made, version=4) + "\n"


def launch_links(name, repository, hub) -> list[tuple[str, str]]:
    """Return name and address of each place that opens a page of the book."""
    if not repository:
        return []
    owner_and_name = urlsplit(repository).path.strip("/").removesuffix(".git")
    page = f"lab/tree/{name}.md"
    links = [
        ("Binder", f"https://mybinder.org/v2/gh/{owner_and_name}/{BRANCH}?{urlencode({'urlpath': page})}"),
        ("Colab", f"https://colab.research.google.com/github/{owner_and_name}/blob/{NOTEBOOKS}/{quote(name)}.ipynb"),
    ]
    if hub:
        inside = f"lab/tree/{owner_and_name.split('/')[-1]}/{name}.md"
        asked = urlencode({"repo": repository, "branch": BRANCH, "urlpath": inside})
        links.append(("JupyterHub", f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{asked}"))
    return links


def offer(app, pagename, templatename, context, doctree):
    """Write the page's notebook beside its source, and tell the template where it is and what opens it."""
    path = Path(app.srcdir, f"{pagename}.md")
    if app.builder.name != "html" or doctree is None or pagename in NOT_ALONE or not path.is_file():
        return
    text, config = path.read_text(encoding="utf-8"), app.config
    if "{code-cell}" not in text:
        return
    place = Path("_sources", f"{pagename}.ipynb")
    (app.outdir / place.parent).mkdir(parents=True, exist_ok=True)
    (app.outdir / place).write_text(notebook(text, config.book_repository), encoding="utf-8")
    context["notebook"] = place.as_posix()
    context["launch_links"] = launch_links(pagename, config.book_repository, config.book_jupyterhub)


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("book_repository", "", "html", str)
    app.add_config_value("book_jupyterhub", "", "html", str)
    app.connect("html-page-context", offer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
