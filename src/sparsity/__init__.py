"""Why some penalties put weights at exactly zero, and others never: one expression, everything derived."""

from . import catalog
from .errors import ImproperPriorError, UndecidedError
from .penalty import Penalty, w

__all__ = ["ImproperPriorError", "Penalty", "UndecidedError", "catalog", "w"]
