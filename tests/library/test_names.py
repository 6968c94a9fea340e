"""The public names: importing a module replaces none of them, whatever the module is called."""

import importlib
import pkgutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

import exactzeros

EXTRAS = ("exactzeros.torch", "exactzeros.optax")  # each imports the package of that name

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(exactzeros.__path__, "exactzeros.")
    if not module.name.startswith("exactzeros.book")
    and (module.name not in EXTRAS or find_spec(module.name.rpartition(".")[2]))
)


@pytest.mark.slow
def test_no_module_takes_the_place_of_a_public_name():
    check = (
        "import importlib, exactzeros\n"
        f"for module in {MODULES}: importlib.import_module(module)\n"
        "from exactzeros import audit, audit_estimator, zero_test\n"
        "assert callable(audit) and callable(audit_estimator) and callable(zero_test)\n"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_each_public_name_is_what_its_own_module_holds():
    for module in MODULES:
        importlib.import_module(module)
    for name in exactzeros.__all__:
        value = getattr(exactzeros, name)
        home = getattr(value, "__module__", None)  # a module and a symbol have none of this package
        if isinstance(home, str) and home.startswith("exactzeros"):
            assert getattr(sys.modules[home], name) is value, name
