r"""The losses of one sample, :math:`\ell(f, y)`, as functions of its prediction `f`. A new loss is one class here.

All are convex and differentiable in `f`. Every method takes and returns arrays with one row per sample and, if there
are several outputs, one column per output.
"""

import math

import numpy as np


class SampleLoss:
    """What solvers and the audit need from the loss of one sample.

    Attributes
    ----------
    curvature : float
        A bound on the second derivative in `f`, or on the largest eigenvalue of the second derivatives.
    """

    curvature: float

    def value(self, predictions, y):
        r"""Return :math:`\ell(f, y)` of each sample."""
        raise NotImplementedError

    def slope(self, predictions, y):
        r"""Return :math:`\partial \ell / \partial f` of each sample."""
        raise NotImplementedError

    def conjugate(self, slopes, y):
        r"""Return :math:`\ell^*(v, y) = \sup_f\, v f - \ell(f, y)` of each sample, at slopes that the loss can have."""
        raise NotImplementedError

    def best_constant(self, y, weights):
        r"""Return the constant `c`, one per output, that minimizes :math:`\sum_j s_j\, \ell(c, y_j)`.

        By default this is where the sum of the slopes, which increases with `c`, changes sign.
        """
        from scipy.optimize import brentq  # here, since few losses need it

        def root(y, weights):
            return brentq(lambda constant: weights @ self.slope(constant, y), y.min() - 1, y.max() + 1, xtol=1e-14)

        return root(y, weights) if y.ndim == 1 else np.array(list(map(root, y.T, weights.T)))


class Squared(SampleLoss):
    r""":math:`(f - y)^2/2`."""

    curvature = 1.0

    def value(self, predictions, y):
        return (predictions - y) ** 2 / 2

    def slope(self, predictions, y):
        return predictions - y

    def conjugate(self, slopes, y):
        return slopes * (slopes / 2 + y)

    def best_constant(self, y, weights):
        return _mean(y, weights)


class Logistic(SampleLoss):
    r""":math:`\log(1 + e^{-y f})` for labels `y` of -1 and 1."""

    curvature = 0.25

    def value(self, predictions, y):
        return np.logaddexp(0.0, -y * predictions)

    def slope(self, predictions, y):
        return -y * np.exp(-np.logaddexp(0.0, y * predictions))  # 1/(1 + exp(y*f)), without overflow

    def conjugate(self, slopes, y):
        share = np.clip(-y * slopes, 0.0, 1.0)
        return _times_log(share) + _times_log(1 - share)

    def best_constant(self, y, weights):
        share = _mean(y > 0, weights)
        return np.log(share / (1 - share))


class Binomial(SampleLoss):
    r""":math:`\log(1 + e^f) - y f` for shares `y` from 0 to 1, which is the logistic loss where `y` is 0 or 1."""

    curvature = 0.25

    def value(self, predictions, y):
        return y * np.logaddexp(0.0, -predictions) + (1 - y) * np.logaddexp(0.0, predictions)

    def slope(self, predictions, y):
        success, failure = np.exp(-np.logaddexp(0.0, -predictions)), np.exp(-np.logaddexp(0.0, predictions))
        return (1 - y) * success - y * failure  # without cancellation where y is 0 or 1

    def conjugate(self, slopes, y):
        share = np.clip(y + slopes, 0.0, 1.0)
        return _times_log(share) + _times_log(1 - share)

    def best_constant(self, y, weights):
        share = _mean(y, weights)
        return np.log(share / (1 - share))


class Softmax(SampleLoss):
    r""":math:`\log \sum_k e^{f_k} - f_c`, where `y` has a 1 in the column of the class `c` and 0 elsewhere."""

    curvature = 0.5

    def value(self, predictions, y):
        return np.logaddexp.reduce(predictions, axis=1) - (predictions * y).sum(axis=1)

    def slope(self, predictions, y):
        powers = np.exp(predictions - predictions.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True) - y

    def conjugate(self, slopes, y):
        return _times_log(np.clip(slopes + y, 0.0, 1.0)).sum(axis=1)

    def best_constant(self, y, weights):
        return np.log(_mean(y, weights))


class SquaredHinge(SampleLoss):
    r""":math:`\max(1 - y f, 0)^2` for labels `y` of -1 and 1."""

    curvature = 2.0

    def value(self, predictions, y):
        return np.maximum(1 - y * predictions, 0.0) ** 2

    def slope(self, predictions, y):
        return -2 * y * np.maximum(1 - y * predictions, 0.0)

    def conjugate(self, slopes, y):
        return slopes * (slopes / 4 + y)

    def best_constant(self, y, weights):
        return _mean(y, weights)  # it is (f - y)**2 between -1 and 1


class ModifiedHuber(SquaredHinge):
    r"""The squared hinge for :math:`y f \ge -1`, and its continuation by a straight line, :math:`-4 y f`, below."""

    def value(self, predictions, y):
        margins = y * predictions
        return np.where(margins >= -1, super().value(predictions, y), -4 * margins)

    def slope(self, predictions, y):
        return -2 * y * np.clip(1 - y * predictions, 0.0, 2.0)


class Huber(SampleLoss):
    r""":math:`(f - y)^2/2` up to :math:`|f - y| = \epsilon`, and a straight line beyond."""

    curvature = 1.0

    def __init__(self, epsilon):
        self.epsilon = epsilon

    def value(self, predictions, y):
        size = np.abs(predictions - y)
        return np.where(size <= self.epsilon, size**2 / 2, self.epsilon * (size - self.epsilon / 2))

    def slope(self, predictions, y):
        return np.clip(predictions - y, -self.epsilon, self.epsilon)

    def conjugate(self, slopes, y):
        return slopes * (slopes / 2 + y)


class Tweedie(SampleLoss):
    r"""Half the Tweedie deviance at the mean :math:`\mu = e^f`, without terms in `y` alone, for a power from 0 to 2.

    It is :math:`-y \mu^{1-p}/(1-p) + \mu^{2-p}/(2-p)`: for `p = 1`, the Poisson family, :math:`\mu - y f`, and for
    `p = 2`, the gamma family, :math:`f + y/\mu`. It is convex in `f` for `p` from 1 to 2.
    """

    curvature = math.inf

    def __init__(self, power):
        self.power = power

    def value(self, predictions, y):
        def integral(exponent):
            return predictions if exponent == 0 else np.exp(exponent * predictions) / exponent

        return integral(2 - self.power) - y * integral(1 - self.power)

    def slope(self, predictions, y):
        return np.exp((2 - self.power) * predictions) - y * np.exp((1 - self.power) * predictions)

    def best_constant(self, y, weights):
        return np.log(_mean(y, weights))


class SquaredEpsilonInsensitive(SampleLoss):
    r""":math:`\max(|f - y| - \epsilon, 0)^2`."""

    curvature = 2.0

    def __init__(self, epsilon):
        self.epsilon = epsilon

    def value(self, predictions, y):
        return np.maximum(np.abs(predictions - y) - self.epsilon, 0.0) ** 2

    def slope(self, predictions, y):
        excess = predictions - y
        return 2 * (excess - np.clip(excess, -self.epsilon, self.epsilon))

    def conjugate(self, slopes, y):
        return slopes * (slopes / 4 + y) + self.epsilon * np.abs(slopes)


def _mean(values, weights):
    """Return the weighted mean over the samples, one per output."""
    if np.ndim(values) > np.ndim(weights):
        weights = weights[:, np.newaxis]
    return (weights * values).sum(axis=0) / weights.sum(axis=0)


def _times_log(share):
    """Return `p*log(p)`, 0 at 0."""
    return share * np.log(np.where(share > 0, share, 1.0))
