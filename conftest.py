"""Leave out the examples of modules whose extra is not installed."""

from importlib.util import find_spec

collect_ignore = [f"src/exactzeros/{name}.py" for name in ("torch", "optax") if find_spec(name) is None]
