"""Why some penalties put weights at exactly zero, and others never: one expression, everything derived."""

from . import catalog, experiments, losses, solvers, training
from .errors import ImproperPriorError, UndecidedError
from .optimality import zero_test
from .penalty import Penalty, w
from .prior import Prior

__all__ = [
    "ImproperPriorError",
    "Penalty",
    "Prior",
    "UndecidedError",
    "catalog",
    "experiments",
    "losses",
    "solvers",
    "training",
    "w",
    "zero_test",
]
