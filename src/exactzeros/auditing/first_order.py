"""The audit of any weights: compares the slope of the loss at each weight with what the penalty allows there."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._arguments import as_array, as_number
from ..optimality import slack_inside
from ..penalty import Penalty, require_numbers
from .norms import BlockPenalty
from .report import VERDICTS, Audit, Names

_NEAR = 0.01  # a weight is near zero if its size is at most this share of the largest one


def audit(
    weights: ArrayLike,
    loss_gradient: ArrayLike,
    penalty: Penalty | Sequence[Any] | None,
    *,
    names: Iterable[str] | None = None,
    tolerance: float = 1e-3,
    absolute: float = 1e-12,
) -> Audit:
    r"""Compare the slope of the loss at each weight with what the penalty allows there.

    Parameters
    ----------
    weights : array_like of finite real numbers, any shape
    loss_gradient : array_like of the same shape
        The slopes :math:`g_i = dL/dw_i` of the smooth loss at `weights`.
    penalty : Penalty, None, or a nested list of them of the shape of the weights
        With numbers for all its parameters; None for an unpenalized weight.
    names : list of str, optional
        The name of each column of the weights, for the table.
    tolerance, absolute : float
        Not negative. A slope may miss by `absolute + tolerance*unit`. Where the penalty has a kink at 0, the unit is
        the distance from 0 to the nearer edge of the zero interval, or the slope of the penalty at the weight if that
        is larger; elsewhere the largest finite slope of the penalties at the weights or at 0. With both 0, only exact
        stationarity passes.

    Returns
    -------
    Audit
        The threshold is `absolute + tolerance*unit`. A zero is *certified* if the slope lies inside the zero interval
        by more than the threshold, *on the edge* if it lies within the threshold of an edge, and otherwise not
        stationary. A non-zero weight is *stationary* if `-g_i` lies between the one-sided slopes of the penalty at the
        weight, or misses them by at most the threshold. Otherwise it *should be zero* if its size is at most 1 % of the
        largest and its slope lies in the zero interval, up to the threshold. The slope is taken at the weight itself,
        so this verdict is only of first order.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> report = audit([2.0, 0.0, 0.0, 1e-6], [-0.5, 0.2, 0.7, 0.1], catalog.l1().at(beta=0.5))
    >>> report.verdicts.tolist()
    ['stationary', 'certified zero', 'zero, not stationary', 'should be zero']
    >>> report.certified_zeros
    array([False,  True, False, False])
    >>> float(report.least_share[1])  # beta may fall to 40 % of its value
    0.4
    """
    weights = as_array("weights", weights)
    slopes = as_array("loss_gradient", loss_gradient, shape=weights.shape)
    name_of = None if names is None else Names(as_names(names, weights.shape[-1] if weights.ndim else 1))
    groups = _groups(penalty, weights.shape)
    tolerance, absolute = not_negative("tolerance", tolerance), not_negative("absolute", absolute)
    compared = compare(weights, slopes, groups)
    return report(weights, slopes, compared, absolute + compared.tolerated(tolerance), name_of=name_of)


def as_names(names, columns):
    """Return the names as a list of str, one for each column."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"names must be a list of {columns} names, got {names!r} of type {type(names).__name__}")
    found = [str(name) for name in names]
    if len(found) != columns:
        raise ValueError(f"names must have one name for each of the {columns} columns, got {len(found)}")
    return found


@dataclass
class Comparison:
    """The slopes of the loss beside those of the penalties, as arrays of the shape of the weights.

    Attributes
    ----------
    low, high, slack : numpy.ndarray
        As in `Audit`.
    felt : numpy.ndarray
        What is held against the interval from `low` to `high`: the slope, or the dual norm of its block's slopes.
    unit : numpy.ndarray
        The size of the penalty's slopes there: the distance from 0 to the nearer edge of the zero interval, or the
        slope at the weight if that is larger. NaN where no edge is finite and different from 0.
    largest : float
        The largest finite slope of the penalties at the weights or at 0.
    """

    low: np.ndarray
    high: np.ndarray
    slack: np.ndarray
    felt: np.ndarray
    unit: np.ndarray
    largest: float = 0.0

    def tolerated(self, share, largest=None):
        """Return the share of the unit; where there is no unit, of the largest slope."""
        found = np.asarray(share * self.unit)
        found[np.isnan(self.unit)] = share * (self.largest if largest is None else largest)
        return found


def compare(weights, slopes, groups):
    """Return the `Comparison`; `groups` are pairs of a penalty and the index of its weights, and name every weight."""
    low, high, slack, unit = (np.empty(weights.shape) for _ in range(4))
    has_blocks = any(isinstance(penalty, BlockPenalty) for penalty, _ in groups)
    found = Comparison(low, high, slack, np.array(slopes) if has_blocks else slopes, unit)
    for penalty, where in groups:
        if penalty is None:
            found.low[where], found.high[where], found.unit[where] = 0.0, 0.0, np.nan
            found.slack[where] = -np.abs(slopes[where])
        elif isinstance(penalty, BlockPenalty):
            limits = penalty.limits
            found.low[where], found.high[where], found.unit[where] = -limits, limits, limits
            found.felt[where] = penalty.duals(slopes[where])
            found.slack[where] = penalty.slack(weights[where], slopes[where])
            found.largest = max(found.largest, float(limits.max()))
        else:
            _compare_with(penalty, where, weights[where], slopes[where], found)
    return found


def _compare_with(penalty, where, weights, slopes, found):
    """Enter how far inside the range that the penalty allows each slope is, and the unit: see `Comparison`."""
    left, right = penalty.numeric_slopes_at_zero
    edges = [abs(slope) for slope in (left, right) if np.isfinite(slope) and slope]
    has_unit = left != right and (edges or np.isinf([left, right]).all())
    slack, unit = np.asarray(slack_inside(slopes, left, right)), min(edges, default=0.0) if has_unit else np.nan
    found.low[where], found.high[where], found.unit[where] = -right, -left, unit
    found.largest = max([found.largest, *edges])
    moved = _places(weights != 0)
    if weights[moved].size:
        slack[moved], own = _slack_of_moved(penalty, weights[moved], slopes[moved])
        found.largest = max(found.largest, float(own.max()))
        units = found.unit[where]
        units[moved] = np.maximum(own, unit)
        found.unit[where] = units
    found.slack[where] = slack


def _slack_of_moved(penalty, weights, slopes):
    """Return the slack and the penalty's slope at weights that are not zero."""
    slack, own = np.full(weights.shape, -np.inf), np.zeros(weights.shape)  # stays so where a constraint is violated
    allowed = penalty.is_finite(weights)
    if allowed.any():
        left, right = penalty.one_sided_slopes(weights[allowed])
        slack[allowed] = slack_inside(slopes[allowed], left, right)
        own[allowed] = np.abs(left, where=np.isfinite(left), out=np.zeros_like(left))
    return slack, own


def _places(mask):
    """Return an index of the places where the mask is True, quicker to use again than the mask."""
    return np.nonzero(mask) if np.ndim(mask) else mask


def report(weights, slopes, compared, threshold, lengths: ArrayLike = 1.0, **known):
    """Return the `Audit`; how large a weight is, is its absolute value times the length of its column."""
    threshold = np.broadcast_to(threshold, weights.shape)
    codes = _codes(weights, compared, threshold, np.broadcast_to(lengths, weights.shape))
    return Audit(
        weights, slopes, compared.low, compared.high, compared.slack, threshold, codes, felt=compared.felt, **known
    )


def _codes(weights, compared, threshold, lengths):
    """Return the verdicts as indices: first as if all weights were 0, then for the weights that are not."""
    certified, edge, stationary, should_be_zero, outside, moving = np.arange(len(VERDICTS), dtype=np.int8)
    slack = compared.slack
    codes = np.full(weights.shape, certified)
    codes[slack <= threshold] = edge
    codes[slack < -threshold] = outside
    moved = _places(weights != 0)
    if codes[moved].size:
        sizes, allowed = np.abs(weights[moved]) * lengths[moved], -threshold[moved]
        near = sizes <= _NEAR * sizes.max()
        at_zero = slack_inside(compared.felt[moved], -compared.high[moved], -compared.low[moved])
        should = np.where(near & (at_zero >= allowed), should_be_zero, moving)
        codes[moved] = np.where(slack[moved] >= allowed, stationary, should)
    return codes


def _groups(penalty, shape):
    """Return pairs of each different penalty and the mask of its weights."""
    if penalty is None or isinstance(penalty, Penalty):
        _check(penalty)
        return [(penalty, ...)]
    flat = list(_flattened(penalty))
    for each in flat:
        _check(each)
    size = math.prod(shape)
    if len(flat) != size:
        raise ValueError(f"penalty must be one Penalty, or one for each of the {size} weights, got {len(flat)}")
    places = {}
    for i, each in enumerate(flat):
        places.setdefault(each, []).append(i)
    return [(each, np.unravel_index(at, shape)) for each, at in places.items()]


def _flattened(penalties):
    if isinstance(penalties, (list, tuple, np.ndarray)):
        for each in penalties:
            yield from _flattened(each)
    else:
        yield penalties


def _check(penalty):
    if penalty is not None:
        require_numbers(penalty)


def not_negative(name, value):
    number = as_number(name, value)
    if number < 0:
        raise ValueError(f"{name} must not be negative, got {value!r}")
    return number
