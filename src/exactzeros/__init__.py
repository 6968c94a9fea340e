"""Why some penalties put weights at exactly zero, and others never: one expression, everything derived.

A module is imported when one of its names is first asked for: a page of the book depends on what it uses, and the
extensions of the site do not wait for SymPy.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["catalog", "experiments", "losses", "optimizers", "solvers"],
    submod_attrs={
        "auditing.report": ["audit"],
        "errors": ["ImproperPriorError", "UndecidedError"],
        "auditing.estimators": ["audit_estimator"],
        "optimality": ["zero_test"],
        "penalty": ["Penalty", "w"],
        "prior": ["Prior"],
    },
)
