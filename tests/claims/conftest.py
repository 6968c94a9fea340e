"""A claim's check runs as written, and must pass; then it runs once for each near miss, and must fail.

@pytest.mark.claim("label of the statement", evidence="symbolic", scope="n = 2")
@pytest.mark.near_miss("what is false here", argument=changed)
def test_of_the_claim(argument=true): ...
"""

import pytest


def rejects(check, changes):
    """Return a test that passes if `check` fails with `changes`; only a failed assertion counts, not a doubt."""

    def near_miss():
        with pytest.raises(AssertionError):
            check(**changes)

    return near_miss


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector, name, obj):
    """Add a test for each near miss of a check, and record in the report which claim they belong to."""
    made = yield
    marks = getattr(obj, "pytestmark", [])
    claims = [mark for mark in marks if mark.name == "claim"]
    for mark in claims and reversed([mark for mark in marks if mark.name == "near_miss"]):
        item_name = f"{name}[not: {mark.args[0]}]"
        made.append(pytest.Function.from_parent(collector, name=item_name, callobj=rejects(obj, mark.kwargs)))
    for mark in claims:
        for item in made:
            item.user_properties.append(("claim", mark.args[0]))
    return made
