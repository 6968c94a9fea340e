"""The downloads of a page, and the links that open it on other sites."""

import json

import pytest

from book import ROOT
from press.downloads import alone, first_cell, launch_links, notebook, wheel_of
from press.project import package

NAME = package(ROOT)
WHEEL = wheel_of(NAME)
REPOSITORY = "https://github.com/someone/a-book"
PAGE = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
---

# Title

```{code-cell} ipython3
:tags: [hide-input]
1 + 1
```
"""


def test_a_notebook_installs_the_package_and_then_is_the_page():
    made = json.loads(notebook(alone(PAGE, NAME, "")))
    first, title, code = made["cells"]
    assert "".join(first["source"]) == first_cell(NAME, "") == f'%pip install --quiet "./{WHEEL}[book]"'
    assert (
        title["source"] == ["# Title"] and code["source"] == ["1 + 1"] and code["metadata"] == {"tags": ["hide-input"]}
    )
    assert made["metadata"]["kernelspec"]["name"] == "python3"


def test_a_notebook_is_the_same_whenever_it_is_made():
    assert notebook(PAGE) == notebook(PAGE)


def test_the_markdown_of_a_page_has_the_same_first_cell_and_is_the_page_otherwise():
    cell = f"\n```{{code-cell}} ipython3\n{first_cell(NAME, REPOSITORY)}\n```\n"
    made = alone(PAGE, NAME, REPOSITORY)
    assert made.count(cell) == 1 and made.replace(cell, "") == PAGE


@pytest.mark.parametrize("repository", [REPOSITORY, f"{REPOSITORY}/", f"{REPOSITORY}.git"])
def test_the_package_comes_from_where_the_notebooks_are(repository):
    address = f"https://github.com/someone/a-book/raw/notebooks/{WHEEL}"
    assert first_cell(NAME, repository) == f'%pip install --quiet "exactzeros[book] @ {address}"'


def test_without_a_repository_nothing_is_launched():
    assert launch_links("chapters/priors", "") == []


@pytest.mark.parametrize("repository", [REPOSITORY, f"{REPOSITORY}/", f"{REPOSITORY}.git"])
def test_links_open_the_page(repository):
    links = dict(launch_links("chapters/priors", repository))
    assert links == {
        "Binder": "https://mybinder.org/v2/gh/someone/a-book/main?urlpath=lab%2Ftree%2Fchapters%2Fpriors.md",
        "Colab": "https://colab.research.google.com/github/someone/a-book/blob/notebooks/chapters/priors.ipynb",
    }


def test_a_book_that_is_no_project_has_no_package(tmp_path):
    assert package(tmp_path) == ""
