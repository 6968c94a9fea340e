r"""What a fitted model minimizes, in the book's terms.

Every loss here is :math:`L(w, b) = \frac{1}{N} \sum_j s_j\, \ell(x_j \cdot w + b,\, y_j)` with sample weights `s`, all
1 by default, and a divisor `N`. Dividing a model's objective so that its loss becomes `L` gives the penalty of the book
and its strength `beta`. The intercept `b` is an unpenalized weight, except in liblinear.
"""

from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral

import numpy as np
import sympy as sp

from .. import catalog
from .._sample_losses import SampleLoss
from ..penalty import Penalty, w
from .norms import BlockPenalty


@dataclass(frozen=True, eq=False)
class Problem:
    """What a fitted model minimizes: the mean of `loss` with the weights `s` and the divisor `N`, and the penalties.

    Attributes
    ----------
    loss : SampleLoss
        The loss of a prediction, given `y`.
    y, sample_weight : numpy.ndarray
        The targets and the sample weights `s`, with one row per sample.
    divisor : float
        `N`.
    penalties : list
        Pairs of a penalty, or None, and the index of its coefficients.
    strength : float or None
        `beta`; None if there is no penalty, or no single strength.
    intercept_scaling : float or None
        The constant feature whose penalized weight is the intercept; None if the intercept is unpenalized.
    slope_stop : float or None
        The solver's own rule, if it states such a one: no slope of the objective was larger when it stopped.
    """

    loss: SampleLoss
    y: np.ndarray
    sample_weight: np.ndarray
    divisor: float
    penalties: list
    strength: float | None
    intercept_scaling: float | None = None
    slope_stop: float | None = None


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model's weights, with what one pass over the data gives there; `norms` and more are weighted by `c`.

    Attributes
    ----------
    weights, slopes : numpy.ndarray
        The weights, and the slopes of the loss there; the last column is the intercept's, if there is one.
    norms : numpy.ndarray
        The length of each column that bounds its slope, as in `exactzeros.auditing.certificate`.
    predictions, sample_slopes, sample_weights : numpy.ndarray
        With one row a sample; the weights of the samples are divided by `N`.
    free_intercept : bool
        Whether the last column is an unpenalized intercept.
    prediction_error : float
        A bound on the length of the rounding errors of the predictions.
    rounding : numpy.ndarray
        A bound on the rounding errors of the slopes.
    """

    weights: np.ndarray
    slopes: np.ndarray
    norms: np.ndarray
    predictions: np.ndarray
    sample_slopes: np.ndarray
    sample_weights: np.ndarray
    free_intercept: bool
    prediction_error: float
    rounding: np.ndarray


def for_all(model, penalty):
    """Return the list of penalties in which all coefficients share this one."""
    return [(penalty, np.s_[..., : model.n_features_in_])]


def with_factors(model, penalty, factors):
    """Return the list of penalties in which feature `i` has `penalty(factors[i])`; None stands for factors of 1."""
    if factors is None:
        return for_all(model, penalty(1.0))
    factors = np.asarray(factors, dtype=float)
    return [(penalty(float(factor)), np.s_[..., np.flatnonzero(factors == factor)]) for factor in np.unique(factors)]


def groups_of(model, strength, factors):
    """Return the list of penalties in which each of the model's `groups` of features is a block.

    `groups` is the size of all groups, a list of their sizes, or a list of lists of features; `factors` multiply the
    strength, one a group.
    """
    groups, features = model.groups, model.n_features_in_
    if isinstance(groups, Integral):
        groups = [int(groups)] * (features // int(groups))
    labels = np.empty(features, dtype=int)
    if np.ndim(groups[0]) == 0:
        labels[:] = np.repeat(np.arange(len(groups)), groups)
    else:
        for label, members in enumerate(groups):
            labels[np.asarray(members)] = label
    factors = np.ones(len(groups)) if factors is None else np.asarray(factors, dtype=float)
    return [(BlockPenalty(strength * factors, labels), np.s_[..., :features])]


@lru_cache(maxsize=256)  # so that a penalty derives its slopes only once
def elastic_net(strength, l1_ratio=1.0, positive=False):
    r"""Return :math:`\beta (a |w| + (1 - a) w^2/2)` with `a = l1_ratio`, on `w >= 0` only if `positive`.

    It is `catalog.l1()` for `a = 1`, `catalog.l2()` with the strength `beta/2` for `a = 0`, and no penalty (None) for
    `beta = 0`.
    """
    if strength == 0:
        return catalog.nonnegative() if positive else None
    if l1_ratio == 0:
        penalty = catalog.l2().at(beta=strength / 2)
    elif l1_ratio == 1:
        penalty = catalog.l1().at(beta=strength)
    else:
        penalty = catalog.elastic_net().at(beta=strength, a=l1_ratio)
    return on_half_line(penalty) if positive else penalty


def on_half_line(penalty):
    """Return the penalty with the constraint `w >= 0`."""
    return Penalty(sp.Piecewise((penalty.expression, w >= 0), (sp.oo, True)))


def l1_ratio_of(model):
    """Return the share of L1 in a model's penalty, which it names "l1", "l2" or "elasticnet", or gives as a ratio."""
    return {"l1": 1.0, "l2": 0.0}.get(model.penalty, float(model.l1_ratio or 0.0))


def named(strength, l1_ratio):
    """Return the book's strength `beta`: half of the model's for a pure L2 penalty, `beta*w**2`; None for 0."""
    return (strength if l1_ratio else strength / 2) or None


def signs(classes, y):
    """Return the labels -1 and 1 for two classes; for more classes, one column per class against the rest."""
    return 2 * y - 1 if classes == 2 else 2 * one_hot(classes, y) - 1


def shares(y):
    """Return `y`, the shares of successes."""
    outside = y[(y < 0) | (y > 1)]
    if outside.size:
        raise ValueError(f"y must have shares of successes, from 0 to 1, got {outside[0]:g}")
    return y


def one_hot(classes, y):
    """Return one column per class, with a 1 for its samples; `y` holds the index of the class."""
    return np.eye(classes)[y.astype(int)]


def class_weights(model, y, sample_weight=None):
    """Return the factor by which the class weights multiply each sample's weight."""
    from sklearn.utils.class_weight import compute_sample_weight

    if model.class_weight is None:
        return np.ones(len(y))
    if model.class_weight == "balanced":
        sizes = np.bincount(y.astype(int), weights=sample_weight)
        return (sizes.sum() / (len(sizes) * sizes))[y.astype(int)]
    return compute_sample_weight(model.class_weight, model.classes_[y.astype(int)])
