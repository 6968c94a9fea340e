"""A Sphinx extension: each page for download, as a notebook and as Markdown, and links that open it on other sites.

If a page has code, both begin with a cell that installs the package from a wheel that comes with the site, so they run
in an empty folder. `press.project` knows the address of the book's repository on GitHub. Without it there are no
links, and the cell looks for the wheel in the notebook's folder. `book_pages_of_the_tree` lists pages with code
that needs the book's whole folder: they are no notebooks.
"""

from importlib import metadata
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import jupytext
from flit_core.wheel import make_wheel_in

from .project import package

BRANCH = "main"
NOTEBOOKS = "notebooks"  # the branch to which tools/push_notebooks.sh pushes notebooks and wheel, for Colab


def wheel_of(name) -> str:
    """Return the file name of the package's wheel."""
    return f"{name}-{metadata.version(name)}-py3-none-any.whl"


def first_cell(name, repository):
    """Return the code that installs the package: from the repository, or from the wheel in the notebook's folder."""
    wheel = f"./{wheel_of(name)}[book]"
    if repository:
        wheel = f"{name}[book] @ https://github.com/{owner_and_name(repository)}/raw/{NOTEBOOKS}/{wheel_of(name)}"
    return f'%pip install --quiet "{wheel}"'


def owner_and_name(repository):
    """Return "owner/name" from the address of a repository on GitHub."""
    return urlsplit(repository).path.strip("/").removesuffix(".git")


def alone(page, name, repository) -> str:
    """Return a page's Markdown with a first cell, right after the page's settings, that installs the package."""
    before, settings, text = page.split("---\n", 2)
    return f"{before}---\n{settings}---\n\n```{{code-cell}} ipython3\n{first_cell(name, repository)}\n```\n{text}"


def notebook(page) -> str:
    """Return a page's Markdown as the text of a notebook."""
    made = jupytext.reads(page, fmt="md:myst")
    made.metadata.pop("jupytext", None)
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"  # the same in every build
    return jupytext.writes(made, fmt="ipynb") + "\n"


def launch_links(name, repository) -> list[tuple[str, str]]:
    """Return name and address of each place that opens a page of the book."""
    if not repository:
        return []
    there, page = owner_and_name(repository), f"lab/tree/{name}.md"
    return [
        ("Binder", f"https://mybinder.org/v2/gh/{there}/{BRANCH}?{urlencode({'urlpath': page})}"),
        ("Colab", f"https://colab.research.google.com/github/{there}/blob/{NOTEBOOKS}/{quote(name)}.ipynb"),
    ]


def offer(app, pagename, templatename, context, doctree):
    """Write the downloads of a page, and tell the template where they are and which links open them."""
    path = Path(app.srcdir, f"{pagename}.md")
    if app.builder.name != "html" or doctree is None or not path.is_file():
        return
    page, config, name = path.read_text(encoding="utf-8"), app.config, package(app.srcdir)
    place = Path("_sources", pagename)
    (app.outdir / place.parent).mkdir(parents=True, exist_ok=True)
    if "{code-cell}" in page and pagename not in config.book_pages_of_the_tree:
        if name:
            page = alone(page, name, config.book_repository)
            context["wheel"] = "" if config.book_repository else wheel_of(name)
        (app.outdir / f"{place}.ipynb").write_text(notebook(page), encoding="utf-8")
        context["notebook"] = f"{place.as_posix()}.ipynb"
        context["launch_links"] = launch_links(pagename, config.book_repository)
    (app.outdir / f"{place}.md").write_text(page, encoding="utf-8")
    context["markdown"] = f"{place.as_posix()}.md"


def add_wheel(app, exception):
    """Write the package's wheel into the site, if the book's folder holds its project."""
    if exception is None and app.builder.name == "html" and package(app.srcdir):
        make_wheel_in(Path(app.srcdir, "pyproject.toml"), Path(app.outdir))


def setup(app):
    """Register with Sphinx."""
    app.setup_extension("press.project")
    app.add_config_value("book_pages_of_the_tree", [], "html", [list])
    app.connect("html-page-context", offer)
    app.connect("build-finished", add_wheel)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
