"""The page "Reference": an entry with an example for every public name, links to it, an inventory for other sites."""

import inspect
from types import ModuleType

import pytest
from bs4 import BeautifulSoup
from sphinx.util.inventory import InventoryFile

import exactzeros
from book import pages

PAGE = "chapters/reference"


def public():
    """Return all public names: what the package offers, what its public modules define, and what classes define."""
    found = set()
    for name in exactzeros.__all__:
        value = getattr(exactzeros, name)
        found.update(within(value) if isinstance(value, ModuleType) else with_members(f"exactzeros.{name}", value))
    return found


def within(module):
    """Yield the public names that a module defines."""
    for name, value in vars(module).items():
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__:
            yield from with_members(f"{module.__name__}.{name}", value)


def with_members(name, value):
    """Yield a name and, for a class, those of its methods and properties."""
    yield name
    for member, what in vars(value).items() if inspect.isclass(value) else ():
        if (not member.startswith("_") or member == "__call__") and hasattr(what, "__get__"):
            yield f"{name}.{member}"


@pytest.fixture(scope="module")
def page(site):
    return BeautifulSoup((site / f"{PAGE}.html").read_text(encoding="utf-8"), "html.parser")


def entries(page):
    """Return for each name the body of its entry, without the entries in it."""
    found = {}
    for entry in page.select("dl.py"):
        body = BeautifulSoup(str(entry.find("dd", recursive=False)), "html.parser")
        for inner in body.select("dl.py"):
            inner.decompose()
        found[entry.dt["id"]] = body
    return found


def test_every_public_name_has_an_entry(page):
    assert set(public()) <= set(entries(page))


def test_every_entry_has_a_sentence_and_an_example(page):
    for name, body in entries(page).items():
        assert body.p and body.p.get_text(), name
        assert body.select_one(".doctest"), f"{name} has no example"


def test_every_entry_leads_to_the_book(page, site):
    for name, body in entries(page).items():
        if page.find("dt", id=name).find_parent("dd") is None:  # methods stand in the entry of their class
            links = body.select(".in-the-book a")
            assert links, f"{name} has no row in the table of explanations"
            assert all((site / PAGE).parent.joinpath(link["href"].split("#")[0]).is_file() for link in links), name


def test_a_weight_is_no_link_to_the_symbol_in_modules_that_do_not_use_it(page):
    for name, body in entries(page).items():
        if name.rpartition(".")[0] not in ("exactzeros", "exactzeros.Penalty", "exactzeros.Prior"):
            assert not body.find_all("a", href="#exactzeros.w"), name


@pytest.mark.parametrize("name", [name for name in pages() if name != PAGE])
def test_chapters_lead_to_the_reference(name, site):
    tree = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    short = {full.removeprefix("exactzeros."): full for full in public()}
    for code in tree.select(":not(a) > code:not(.code)"):
        named = short.get(code.get_text(), "")
        first = code.find_parent("section").find("a", href=f"reference.html#{named}") if named else None
        assert not named or first, f"{code.get_text()} is no link in {name}"


def test_other_sites_can_link_to_every_name(site):
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: path)
    listed = {name for kind, names in inventory.items() if kind.startswith("py:") for name in names}
    assert set(public()) <= listed
    assert {"exactzeros.solvers.Result.solution", "exactzeros.losses.Loss.lipschitz"} <= listed  # fields are names too
