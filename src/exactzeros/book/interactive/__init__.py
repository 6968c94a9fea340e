"""One function for each live figure of the book; each returns a `LiveFigure`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bands": ["hold", "walk"],
        "diamond": ["aim"],
        "estimates": ["estimate"],
        "factors": ["multiply"],
        "kink": ["scroll", "smooth", "tilt"],
        "optimizers": ["miss"],
        "priors": ["narrow"],
        "ridge": ["correlate"],
        "support": ["decoy"],
    },
)
