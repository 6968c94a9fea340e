"""The integral over a half line of an expression without parameters, by the double exponential rule."""

import math

import numpy as np

from ..errors import UndecidedError
from .pieces import cut


def integral(expression):
    """Return the integral of `expression` over `t` in (0, oo), as a float."""
    return sum(map(_quadrature, cut(expression, 1)))


def _quadrature(piece):
    """Return the integral over the piece by the double exponential rule.

    With `t = low + y` (`low + width*y/(1 + y)` on a finite piece) and `y = exp(pi/2*sinh(s))`, the integrand decays
    doubly exponentially in `s` at any scale, and each halving of the trapezoidal rule's step squares the error.
    """
    coarse = _trapezoids(piece, 1 / 32)
    for level in range(6, 12):
        fine = _trapezoids(piece, 2.0**-level)
        if math.isclose(coarse, fine, rel_tol=1e-10) and (fine or piece.rho == 0):
            return fine
        coarse = fine
    raise UndecidedError("the integral of {} by quadrature is not accurate", piece.rho)


def _trapezoids(piece, step):
    low, high = piece.bounds
    s = np.arange(-6.0, 6.0, step)
    y = np.exp(np.pi / 2 * np.sinh(s))
    share, slope = (y, 1.0) if high == np.inf else ((high - low) * y / (1 + y), (high - low) / (1 + y) ** 2)
    with np.errstate(all="ignore"):
        values = piece.value_function(low + share) * slope * y * np.cosh(s) * np.pi / 2
    return step * float(np.nansum(values))  # NaN: inf/inf or 0*inf far out, where the tail is 0
