"""One named function for each interactive figure of the book; each returns an Altair chart for the browser."""

from .kink import smooth, tilt
from .priors import narrow
from .ridge import correlate, walk

__all__ = ["correlate", "narrow", "smooth", "tilt", "walk"]
