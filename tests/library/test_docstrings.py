"""Public names are documented and annotated: what a docstring names is there, and what is there it names."""

import inspect
from types import ModuleType

import pytest
from numpydoc.validate import validate

import exactzeros

CODES = {
    "GL08",  # no docstring
    "SS05",  # the first sentence begins with a verb such as "Returns"
    "PR02",  # an argument that is not there
    "PR03",  # arguments in another order
    "EX01",  # no example
    "RT03",  # what is returned has no words
}
OF_FUNCTIONS = {
    "PR01",  # an argument without an entry
    "RT01",  # no section "Returns"
}


def public():
    """Yield the public functions and classes, each with its name."""
    for name in exactzeros.__all__:
        value = getattr(exactzeros, name)
        own = vars(value).items() if isinstance(value, ModuleType) else [(name, value)]
        for each, what in own:
            if not each.startswith("_") and getattr(what, "__module__", "").startswith("exactzeros."):
                if not isinstance(value, ModuleType) or what.__module__ == value.__name__:
                    yield f"{what.__module__}.{each}", what


def methods(name, kind):
    """Yield the methods and properties that a class defines."""
    for member, what in vars(kind).items() if inspect.isclass(kind) else ():
        if (not member.startswith("_") or member == "__call__") and hasattr(what, "__get__"):
            yield f"{name}.{member}", what


NAMES = dict(sorted(public()))
MEMBERS = {full: what for name, kind in NAMES.items() for full, what in methods(name, kind)}


@pytest.mark.parametrize("name", [*NAMES, *MEMBERS])
def test_the_docstring_says_what_is_there(name):
    checked = CODES | (
        OF_FUNCTIONS if inspect.isfunction(NAMES.get(name)) and inspect.signature(NAMES[name]).parameters else set()
    )
    inherited = name in MEMBERS and not MEMBERS[name].__doc__
    assert inherited or not [error for error in validate(name)["errors"] if error[0] in checked]


@pytest.mark.parametrize("name", [*NAMES, *MEMBERS])
def test_every_argument_and_every_answer_has_a_type(name):
    what = NAMES.get(name, MEMBERS.get(name))
    if inspect.isclass(what) and issubclass(what, Exception) and "__init__" not in vars(what):
        return  # it takes what every exception takes
    function = next(filter(None, (getattr(what, part, None) for part in ("fget", "func"))), what)
    signature = inspect.signature(function)
    arguments = [each for each in signature.parameters.values() if each.name != "self"]
    assert not [each.name for each in arguments if each.annotation is each.empty]
    assert inspect.isclass(what) or signature.return_annotation is not signature.empty
