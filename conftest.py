"""Shared by all tests and examples: SymPy remembers more, and modules whose extra is not installed are left out."""

import os
from importlib.util import find_spec

os.environ["SYMPY_CACHE_SIZE"] = "20000"  # read when SymPy is imported: many tests derive the same, in any order
import sympy  # noqa: F401

del os.environ["SYMPY_CACHE_SIZE"]  # so that the processes that tests start are as everywhere

collect_ignore = [f"src/exactzeros/{name}.py" for name in ("torch", "optax") if find_spec(name) is None]
