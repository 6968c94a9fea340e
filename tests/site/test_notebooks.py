"""Each page opens as a notebook."""

import jupytext
import pytest

from book import ROOT, pages


@pytest.mark.parametrize("name", pages())
def test_a_page_with_code_opens_as_a_notebook(name):
    text = (ROOT / f"{name}.md").read_text()
    notebook = jupytext.reads(text, fmt="md:myst")
    assert sum(cell.cell_type == "code" for cell in notebook.cells) == text.count("\n```{code-cell}")
    if "{code-cell}" in text:
        assert notebook.metadata.kernelspec.name == "python3"
