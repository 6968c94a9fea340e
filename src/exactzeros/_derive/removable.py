"""Expressions with a removable singularity, such as `sin(t)/t` at 0, as NumPy functions without cancellation there."""

import numpy as np
import sympy as sp

from .halfline import t
from .printing import to_numpy
from .timelimit import within_time

_ORDER = 12
_RADII = (2.0**-5, 2.0**-8, 2.0**-11)
_DIGITS = 60


def to_numpy_near_gaps(expression, gaps):
    """Return `expression` as a NumPy function of `t` that is a Taylor polynomial next to each gap.

    Parameters
    ----------
    expression : sympy expression in `t`
    gaps : list of pairs
        The points where the expression may be 0/0, with the side on which it is wanted, -1 or 1.
    """
    plain, near = to_numpy(expression, t), []
    for gap, side in gaps:
        found = _polynomial(expression.subs(t, gap + side * t))
        if found is not None:
            near.append((float(gap), side, *found))

    def function(points):
        values = np.array(plain(points))
        for gap, side, radius, polynomial in near:
            distance = side * (points - gap)
            close = (distance >= 0) & (distance < radius)
            values[close] = polynomial(distance[close])
        return values

    return function


def _polynomial(expression):
    """Return the radius within which the Taylor polynomial is right to the last bits, and it; None if there is none."""
    try:
        series = within_time(lambda: sp.series(expression, t, 0, _ORDER).removeO(), seconds=3.0)
        coefficients = [float(each) for each in reversed(sp.Poly(series, t).all_coeffs())]
        for radius in _RADII:
            expected = sp.N(expression.subs(t, sp.Rational(radius)), _DIGITS)
            if abs(series.subs(t, sp.Rational(radius)) - expected) <= 1e-15 * abs(expected):
                return radius, np.polynomial.Polynomial(coefficients)
    except Exception:  # no such series: the expression itself has to do
        return None
    return None
