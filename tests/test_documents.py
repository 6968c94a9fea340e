"""README.md and CONTRIBUTING.md name files, folders, names and sections that exist."""

import re

import pytest

from book import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md")
CODE = re.compile(r"`([^`\n]+)`")
NAMED_IN = re.compile(r"`(\w+)` in `([\w./-]+\.py)`")
LINK = re.compile(r"\]\(([\w.-]*)#([\w-]+)\)")
MADE = {"_build"}  # by a build


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def paths(text):
    """Return the paths from the root of the repository that stand as code in a text."""
    words = [word for code in CODE.findall(text) for word in code.split()]
    first = {path.name for path in ROOT.iterdir()} - MADE
    return [word for word in words if word.split("/")[0] in first and "<" not in word]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_exist(name):
    found = paths(read(name))
    assert len(found) > 20
    for path in found:
        assert any(ROOT.glob(path.rstrip("/"))) or (ROOT / f"{path}.md").exists(), path  # pages go by their names


@pytest.mark.parametrize("name", DOCUMENTS)
def test_names_are_in_their_files(name):
    found = NAMED_IN.findall(read(name))
    assert found
    for word, path in found:
        assert re.search(rf"\b{word}\b", read(path)), (word, path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_sections(name):
    found = LINK.findall(read(name))
    assert found
    for target, anchor in found:
        headings = re.findall(r"^#+ (.*)$", read(target or name), re.M)
        assert anchor in [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]
