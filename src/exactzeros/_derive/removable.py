"""NumPy functions without cancellation next to a removable singularity, such as that of `sin(t)/t` at 0."""

from functools import partial

import mpmath
import numpy as np
import sympy as sp

from .halfline import t
from .timelimit import within_time

_ORDER = 12
_RADII = tuple(2.0**-power for power in (5, 8, 11, 16, 24))
_DIGITS = 60


def near_gaps(plain, expression, gaps):
    """Return the NumPy function `plain` of `t` with a Taylor polynomial in its place next to each gap.

    Parameters
    ----------
    plain : function
    expression : sympy expression in `t`
    gaps : list of pairs
        The points where the expression may be 0/0 or its terms cancel, with the side on which it is wanted, -1 or 1.
    """
    near = []
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


def loses_digits(function, expression):
    """Whether terms cancel next to `t = 0`, as in `exp(t) - 1`, so that this NumPy function is wrong there."""
    if expression.is_polynomial(t):
        return False
    points = np.array([3e-4, 7e-8, 1.3e-15])
    with mpmath.workdps(_DIGITS):
        try:
            printed = sp.lambdify(t, expression, "mpmath")
            exact = [float(printed(mpmath.mpf(point))) for point in points]
        except (ArithmeticError, ValueError, NameError, TypeError):  # a function that mpmath has not, or not real
            return False
    with np.errstate(all="ignore"):
        return not np.allclose(function(points), exact, rtol=1e-14, atol=0)


def _polynomial(expression):
    """Return the radius within which the Taylor polynomial is right to the last bits, and it; None if there is none."""
    printed = sp.lambdify(t, expression, "mpmath")

    def function(point):
        with mpmath.workprec(8 * mpmath.mp.prec):  # terms cancel, up to the seventh order
            return printed(point)

    try:
        with mpmath.workdps(_DIGITS):
            series = within_time(
                lambda: mpmath.taylor(function, 0, _ORDER, singular=True, direction=1)[::-1], seconds=3.0
            )
            series = [0 if abs(each) <= 1e-40 * max(map(abs, series)) else each for each in series]  # rounding
            for radius in map(mpmath.mpf, _RADII):
                pairs = [(mpmath.polyval(series, point), function(point)) for point in (radius, radius / 7)]
                if all(abs(found - expected) <= 1e-15 * abs(expected) for found, expected in pairs):
                    return float(radius), partial(np.polyval, list(map(float, series)))
    except Exception:  # no such series: the expression itself has to do
        return None
    return None
