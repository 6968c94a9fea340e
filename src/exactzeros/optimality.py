"""Is zero a minimum? Compares the slopes of the loss with the zero interval of the penalty."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ._arguments import as_array
from ._types import Bools, Floats
from .penalty import Penalty, require_numbers


@dataclass(frozen=True)
class ZeroTest:
    """The result of `zero_test`, with one entry per slope.

    Attributes
    ----------
    zero : numpy.ndarray of bool
        Whether the slope lies strictly inside the zero interval, so that 0 is a strict local minimum along the
        coordinate.
    slack : numpy.ndarray of float64
        The distance to the nearer edge: positive inside, 0 on an edge, where the first order does not decide, and
        negative outside.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> zero_test([0.2], catalog.l1().at(beta=0.5)).slack
    array([0.3])
    """

    zero: Bools
    slack: Floats


def zero_test(slopes: ArrayLike, penalty: Penalty) -> ZeroTest:
    """Test for each slope `g` of the loss at `w_i = 0` whether `-rho'(0+) < g < -rho'(0-)`, the zero interval.

    Parameters
    ----------
    slopes : array_like of finite real numbers, any shape
        `dL/dw_i` at the point in question with `w_i = 0` and the other coordinates held.
    penalty : Penalty
        With numbers for all its parameters.

    Returns
    -------
    ZeroTest
        With arrays of the shape of `slopes`.

    Raises
    ------
    TypeError, ValueError
        If the slopes or the penalty are not as described.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> test = zero_test([0.25, 0.5, -2.0], catalog.l1().at(beta=0.5))
    >>> test.zero
    array([ True, False, False])
    >>> test.slack
    array([ 0.25,  0.  , -1.5 ])
    """
    slopes = as_array("slopes", slopes)
    slack = slack_inside(slopes, *require_numbers(penalty).numeric_slopes_at_zero)
    return ZeroTest(zero=slack > 0, slack=slack)


def slack_inside(slopes, left, right):
    """Return how far the slopes `g` of a loss lie inside `[-right, -left]`, the interval that a penalty leaves them.

    `left` and `right` are the penalty's one-sided slopes where the weight is. `min(g + right, -left - g)` is the
    distance to the nearer edge, positive inside and negative outside.
    """
    if np.ndim(right) == 0 and left == -right:
        return right - np.abs(slopes)
    return np.minimum(slopes + right, -left - slopes)
