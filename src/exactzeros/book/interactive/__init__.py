"""One named function for each interactive figure of the book; each returns an Altair chart for the browser."""

import lazy_loader

VEGA_MIME = "application/vnd.vega.v5+json"  # a cell's output that JupyterLab draws by itself

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"kink": ["smooth", "tilt"], "priors": ["narrow"], "ridge": ["correlate", "walk"]}
)
