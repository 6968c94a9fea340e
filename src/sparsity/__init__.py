"""Why some penalties put weights at exactly zero, and others never: one expression, everything derived."""

from . import catalog, experiments, losses, solvers, training
from .auditing import audit
from .errors import ImproperPriorError, UndecidedError
from .estimators import audit_estimator
from .optimality import zero_test
from .penalty import Penalty, w
from .prior import Prior

__version__ = "0.1.0"

__all__ = [
    "ImproperPriorError",
    "Penalty",
    "Prior",
    "UndecidedError",
    "audit",
    "audit_estimator",
    "catalog",
    "experiments",
    "losses",
    "solvers",
    "training",
    "w",
    "zero_test",
]
