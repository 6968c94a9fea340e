r"""Zeros of every exact solution, from a dual feasible point and the duality gap at the fitted weights.

The objective is :math:`P(w) = \sum_j c_j \ell(f_j, y_j) + R(w)` with predictions :math:`f = Xw` and weights `c` of the
samples. A dual point is :math:`u_j = c_j v_j` with slopes :math:`v_j`. If :math:`\ell''\le M`, the dual objective
:math:`D(u) = -\sum_j c_j \ell^*(v_j, y_j) - R^*(-X^\top u)` bounds the distance of `u` from the one dual solution:
:math:`\sum_j (u_j - \hat u_j)^2/c_j \le 2M(P(w) - D(u))`. The slope of the loss at every exact solution is
:math:`X^\top \hat u`, so each slope is known up to :math:`\sqrt{\sum_j c_j x_{ji}^2}` times that distance.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sympy as sp

from .._derive.halfline import half_line, t
from .._sample_losses import Softmax
from .._types import Bools, Floats
from ..penalty import Penalty, w
from .norms import BlockPenalty

_EPS = float(np.finfo(float).eps)
_ROUNDS = 200  # of scaling towards balanced classes


@dataclass(frozen=True, eq=False)
class Certificate:
    """What the duality gap proves about all exact solutions.

    Attributes
    ----------
    zeros : numpy.ndarray of bool
        Which weights are zero in every exact solution.
    margin : numpy.ndarray of float64
        By how much the slope of the loss at every exact solution is known to lie inside the zero interval; not positive
        where this is not known, and NaN for weights without a kink.
    gap : float
        The duality gap, in units of the objective; it includes a bound on rounding.
    """

    zeros: Bools
    margin: Floats
    gap: float


def certify(problem, fitted, groups, compared):
    """Return the `Certificate` of the weights, or None where the family allows none.

    Parameters
    ----------
    problem : Problem
    fitted : Fitted
        The weights with the slopes there, the predictions, and the norms of the columns.
    groups : list
        Pairs of a penalty and the index of its weights.
    compared : Comparison
        The slopes beside the zero intervals of these penalties.
    """
    parts = _parts(fitted, groups, compared)
    if parts is None or not np.isfinite(problem.loss.curvature):
        return None
    balanced = _balanced(problem, fitted)
    if balanced is None:
        return None
    samples, moved = balanced
    total = _totals(fitted.weights.ndim, isinstance(problem.loss, Softmax) or parts.joins_outputs)
    moved = np.sqrt(total.squares(moved))
    known = parts.norms * total.spread(moved)  # from here on in place: with many weights, memory takes the time
    known += fitted.rounding
    size = np.abs(parts.felt)
    size += known
    scale = total.least(_allowed_scale(parts, size))
    gap = _gap(problem, fitted, parts, samples, total, scale, size)
    reach = total.spread(scale * moved + np.sqrt(2 * problem.loss.curvature * gap))
    np.multiply(parts.norms, reach, out=known)
    known += fitted.rounding
    scaled = parts.felt * total.spread(scale)
    margin = parts.high - scaled
    scaled -= parts.low
    np.minimum(margin, scaled, out=margin)
    margin -= known
    margin[~parts.kinked] = np.nan
    return Certificate(margin > 0, margin, float(np.sum(gap)))


@dataclass
class _Parts:
    """What the penalties say about each weight: see `_parts`."""

    felt: Floats
    norms: Floats
    low: Floats
    high: Floats
    ridge: Floats
    share: Floats
    value: Floats
    kinked: Bools
    has_ridge: bool = False
    joins_outputs: bool = False


def _parts(fitted, groups, compared):
    """Return the conjugates of the penalties as arrays, or None if one of them is not a kink and a square.

    `felt` is the slope, or the dual norm of its block's slopes, that is held against the interval from `low` to `high`;
    `ridge` is the curvature of the square, `share` the share of the block's conjugate that falls to one weight, and
    `value` the penalty of each row of weights.
    """
    shape, features = fitted.weights.shape, fitted.weights.shape[-1] - fitted.free_intercept
    low, high, ridges = compared.low, compared.high, np.zeros(shape)
    norms, share = np.broadcast_to(fitted.norms, shape), np.broadcast_to(1.0, shape)
    parts = _Parts(compared.felt, norms, low, high, ridges, share, np.zeros(shape[:-1]), low < high)
    for penalty, where in groups:
        if isinstance(penalty, BlockPenalty):
            parts.norms, parts.share = np.array(parts.norms), np.array(parts.share)
            parts.ridge[where], parts.share[where] = penalty.ridge, 1 / penalty.members()
            parts.has_ridge |= penalty.ridge > 0
            parts.norms[where] = penalty.radii(fitted.norms[where[-1]])
            parts.joins_outputs |= len(shape) == 2
            parts.value[...] += penalty.value(fitted.weights[where]) / max(1, parts.value.size)
        elif penalty is not None:
            ridge = kink_and_square(penalty)
            if ridge is None:
                return None
            if ridge:
                parts.ridge[where], parts.has_ridge = ridge, True
            parts.value[...] += _total_of(penalty, fitted.weights, where)
    penalized = parts.kinked | (parts.ridge > 0) if parts.has_ridge else parts.kinked
    is_known = penalized[..., :features].all() and parts.kinked.any() and np.isfinite(parts.value).all()
    return parts if is_known else None


def _total_of(penalty, weights, where):
    """Return the sum of the penalty over the weights at `where`, 0 at 0, of each row."""
    some = weights[where]
    moved = np.nonzero(some != 0)
    values = penalty(some[moved]) if moved[0].size else np.zeros(0)
    return np.bincount(moved[0], values, len(some)) if some.ndim == 2 else values.sum()


@lru_cache(maxsize=256)
def kink_and_square(penalty: Penalty) -> float | None:
    r"""Return `r` of a convex penalty :math:`a |w| + \frac{r}{2} w^2`, where `a` may differ with the sign; else None.

    A side may be a constraint; of two different squares the smaller one counts.
    """
    squares = []
    for side in (1, -1):
        half = half_line(penalty.expression, w, side)
        if half is sp.oo:
            continue
        if not half.is_polynomial(t) or sp.degree(half, t) > 2 or half.subs(t, 0) != 0:
            return None
        squares.append(float(2 * sp.Poly(half, t).coeff_monomial(t**2)))
    left, right = penalty.numeric_slopes_at_zero
    return min(squares, default=0.0) if left <= right and min(squares, default=0.0) >= 0 else None


@dataclass
class _Totals:
    """Sums over samples and weights: one for each output, or one for all if the outputs are coupled."""

    by_output: bool

    def samples(self, values):
        return values.sum(axis=0) if self.by_output else values.sum()

    squares = samples

    def weights(self, values):
        return values.sum(axis=-1) if self.by_output else values.sum()

    def least(self, values):
        return values.min(axis=-1) if self.by_output else values.min()

    def spread(self, value):
        return value[:, np.newaxis] if self.by_output else value


def _totals(ndim, coupled):
    return _Totals(by_output=ndim == 2 and not coupled)


def _balanced(problem, fitted):
    """Return slopes of the samples near those at hand that are orthogonal to the intercept, and the squared distances.

    The heavier of the positive and the negative slopes are scaled down, which stays where the conjugate is finite. The
    softmax loss changes the intercepts until each class has its share. None if this does not succeed.
    """
    slopes, weights = fitted.sample_slopes, fitted.sample_weights
    if not fitted.free_intercept:
        return slopes, np.zeros_like(slopes)
    if isinstance(problem.loss, Softmax):
        moved = _balanced_classes(problem, fitted)
        if moved is None:
            return None
    else:
        pulls = weights * slopes
        up, down = np.maximum(pulls, 0).sum(axis=0), -np.minimum(pulls, 0).sum(axis=0)
        least, tiny = np.minimum(up, down), np.finfo(float).tiny
        moved = slopes * np.where(slopes > 0, least / np.maximum(up, tiny), least / np.maximum(down, tiny))
    return moved, weights * (moved - slopes) ** 2


def _balanced_classes(problem, fitted):
    weights, wanted = fitted.sample_weights, (fitted.sample_weights * problem.y).sum(axis=0)
    predictions = np.array(fitted.predictions)
    for _ in range(_ROUNDS):
        slopes = problem.loss.slope(predictions, problem.y)
        missing = (weights * slopes).sum(axis=0)
        if np.abs(missing).max() <= 1e-15 * weights.sum():
            return slopes
        predictions += np.log(wanted / (wanted + missing))
    return slopes if np.abs(missing).max() <= 1e-13 * weights.sum() else None


def _allowed_scale(parts, size):
    """Return for each weight the largest factor of the slopes, up to 1, that keeps the dual point feasible."""
    scale = np.broadcast_to(1.0, size.shape)
    edge = -parts.low
    np.minimum(parts.high, edge, out=edge)
    tight = np.nonzero(size > edge)
    if tight[0].size:
        bound = parts.kinked[tight] & (parts.ridge[tight] == 0)
        size, felt, high, low = size[tight], parts.felt[tight], parts.high[tight], -parts.low[tight]
        edge, other = np.where(felt >= 0, high, low), np.where(felt >= 0, low, high)
        other = np.where(np.abs(felt) < size - np.abs(felt), other, np.inf)  # behind 0, if rounding passes it
        scale = np.array(scale)
        scale[tight] = np.where(bound, np.minimum(np.minimum(edge, other) / size, 1.0), 1.0)
    return scale


def _gap(problem, fitted, parts, samples, total, scale, size):
    """Return the duality gap and a bound on its rounding: of each output, or of all together."""
    loss, weights = problem.loss, fitted.sample_weights
    values, conjugates = loss.value(fitted.predictions, problem.y), loss.conjugate(scale * samples, problem.y)
    if values.ndim < weights.ndim:
        values, conjugates = values[:, np.newaxis], conjugates[:, np.newaxis]
    penalty = total.weights(parts.value[:, np.newaxis] if parts.value.ndim else parts.value)
    gap = total.samples(weights * values) + total.samples(weights * conjugates) + penalty
    if parts.has_ridge:
        gap = gap + total.weights(_squares_of_excess(fitted, parts, total.spread(scale), size))
    terms = values + np.abs(conjugates) + np.abs(samples) * (np.abs(fitted.predictions) + np.abs(problem.y))
    rounding = _EPS * (8 + np.sqrt(len(values))) * (total.samples(weights * terms) + penalty)
    predicted = np.sqrt(total.samples(weights * fitted.sample_slopes**2)) * fitted.prediction_error
    return np.maximum(gap, 0.0) + rounding + predicted


def _squares_of_excess(fitted, parts, scale, size):
    """Return the conjugates of the penalties with a square: half the square beyond the edge, over its curvature."""
    middle, off = scale * parts.felt, scale * (size - np.abs(parts.felt))
    excess = np.maximum(np.maximum(middle + off - parts.high, parts.low - middle + off), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = np.where(parts.ridge > 0, parts.share * (excess**2 / (2 * parts.ridge)), 0.0)
    if fitted.free_intercept:
        bent[..., -1] = 0.0
    return bent
