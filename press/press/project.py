"""A Sphinx extension: takes the package's name and the project's addresses from `pyproject.toml` in the book's folder.

Under `[project.urls]`, `Documentation` is the address of the site (Sphinx's `html_baseurl`), and `Repository` is the
book's repository on GitHub (`book_repository`). A book without these lines can set both in `_config.yml`.
"""

import tomllib
from pathlib import Path


def project(book) -> dict:
    """Return the table `project` of the book's `pyproject.toml`, or {} if there is none."""
    file = Path(book, "pyproject.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))["project"] if file.is_file() else {}


def package(book) -> str:
    """Return the name of the package whose project is in the folder of the book, or "" if there is none."""
    return project(book).get("name", "")


def set_addresses(app, config):
    """Use the project's addresses where the book's settings have none."""
    urls = project(app.srcdir).get("urls", {})
    config.html_baseurl = config.html_baseurl or urls.get("Documentation", "")
    config.book_repository = config.book_repository or urls.get("Repository", "")


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("book_repository", "", "html", str)
    app.connect("config-inited", set_addresses)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
