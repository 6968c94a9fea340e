"""One named function for each interactive figure of the book; each returns an Altair chart whose sliders compute in the browser."""

from .kink import tilt

__all__ = ["tilt"]
