"""Posteriors of the chapter "Mean, median, mode": of one weight from one observation, and of a regression's weights.

An observation is `y = w + noise` with Gaussian noise of standard deviation 1. The priors are symmetric about 0, so the
formulas with `a >= 0` are enough: `P(w < -a | y) = P(w > a | -y)`.
"""

from collections.abc import Callable
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from .. import catalog

_NODES = 200  # of the horseshoe's quadrature
_HALVINGS = 60  # of an interval, for a median


class Belief(NamedTuple):
    """A symmetric prior by what it makes of an observation: `P(w > a | y)` for `a >= 0`, mean and mode.

    Also the logarithm of the density of `y` itself, up to a constant.
    """

    above: Callable
    mean: Callable
    mode: Callable
    log_marginal: Callable


def gaussian(scale):
    """Return the Gaussian prior with standard deviation `scale`; its mean, median and mode are the same line."""
    shrink = scale**2 / (1 + scale**2)
    return Belief(
        lambda y, a: ndtr((shrink * y - a) / np.sqrt(shrink)),
        lambda y: shrink * y,
        lambda y: shrink * y,
        lambda y: -np.square(y) / (2 * (1 + scale**2)),
    )


def laplace(scale):
    """Return the Laplace prior with scale `scale`; its mode is soft thresholding by `1/scale`."""
    rate = 1 / scale

    def parts(y, a=0.0):  # the posterior's mass above a and below 0, both times the same number
        return np.exp(-rate * y) * ndtr(y - rate - a), np.exp(rate * y) * ndtr(-y - rate)

    def mean(y):
        right, left = parts(y)
        return y - rate * (right - left) / (right + left)

    return Belief(
        lambda y, a: parts(y, a)[0] / sum(parts(y)),
        mean,
        lambda y: catalog.l1().at(beta=rate).prox(np.asarray(y)),
        lambda y: np.log(sum(parts(y))),
    )


def horseshoe(scale=1.0):
    """Return the horseshoe prior: Gaussian with standard deviation `scale*abs(c)`, where `c` is a Cauchy number.

    With `c = tan(t)` the angle `t` is uniform, and a fixed Gauss-Legendre rule sums over it, with most of its nodes at
    small angles, where the weight is small. The density is infinite at 0, so the mode is 0 for every `y`.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    place = (nodes + 1) / 2
    variance = (scale * np.tan(np.pi / 2 * place**4)) ** 2
    weights = weights * place**3
    shrink = variance / (1 + variance)

    def likelihood(y):
        return weights * np.sqrt(1 - shrink) * np.exp(-(1 - shrink) * np.square(y)[..., None] / 2)

    def given(y, values):
        share = likelihood(y)
        return (share * values).sum(axis=-1) / share.sum(axis=-1)

    def above(y, a):
        y, a = np.asarray(y, dtype=float), np.asarray(a, dtype=float)
        return given(y, ndtr((shrink * y[..., None] - a[..., None]) / np.sqrt(shrink)))

    return Belief(
        above,
        lambda y: y * given(y, shrink),
        lambda y: np.zeros_like(y, dtype=float),
        lambda y: np.log(likelihood(y).sum(axis=-1)),
    )


def spike_and_slab(share, scale):
    """Return the prior with an atom of mass `share` at 0, else Gaussian with standard deviation `scale`.

    An atom outweighs every density, so the mode is 0 for every `y` if `share > 0`.
    """
    shrink, slab = scale**2 / (1 + scale**2), gaussian(scale)

    def awake(y):  # P(w != 0 | y)
        return 1 / (1 + share / (1 - share) * np.sqrt(1 + scale**2) * np.exp(-shrink * np.square(y) / 2))

    return Belief(
        lambda y, a: awake(y) * slab.above(y, a),
        lambda y: awake(y) * slab.mean(y),
        lambda y: np.zeros_like(y, dtype=float) if share > 0 else slab.mode(y),
        lambda y: slab.log_marginal(y) - np.log(awake(y)),
    )


BELIEFS = {  # the first two and the last have variance 2
    "Gaussian": gaussian(np.sqrt(2)),
    "Laplace": laplace(1.0),
    "horseshoe": horseshoe(),
    "spike and slab": spike_and_slab(0.5, 2.0),
}


def median(belief, y):
    """Return the posterior median for each `y`: exactly 0 where `P(w > 0 | y)` and `P(w < 0 | y)` are at most 1/2."""
    y = np.asarray(y, dtype=float)
    size = np.abs(y)
    away = belief.above(size, 0.0) > 0.5
    return np.where(away, np.sign(y) * _crossing(lambda a: belief.above(size, a), size), 0.0)


def _crossing(falling, high):
    """Return where a falling function of `a` passes 1/2 between 0 and `high`, elementwise, by halving."""
    low, high = np.zeros_like(high), np.array(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        beyond = falling(middle) > 0.5
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return (low + high) / 2


def reach(belief, high=20.0):
    """Return the largest `y` for which the posterior median is exactly 0."""
    return float(_crossing(lambda y: 1 - belief.above(y, 0.0), np.array(high)))


def implied_penalty(belief, y):
    """Return the posterior means `x` for each `y`, and at them the penalty under which they are the MAP estimates.

    The penalty is `-log p(y) - (x - y)**2/2` up to a constant, with the density `p` of the observation; here it is 0 at
    0.
    """
    x = belief.mean(y)
    return x, belief.log_marginal(np.array(0.0)) - belief.log_marginal(y) - (x - y) ** 2 / 2


def least_squares_variance(X, y):
    """Return the variance of the noise as least squares estimates it, with one degree of freedom for an intercept."""
    residual = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    return residual @ residual / (len(y) - X.shape[1] - 1)


@cache
def _halves(count):
    return np.array(list(product((False, True), repeat=count)))


def lasso_draws(X, y, rate, variance, count=4000, burn=500, seed=0):
    """Return draws from the posterior of Gaussian noise and independent Laplace priors with density `~exp(-rate*|w|)`.

    This is the Gibbs sampler of Park & Casella (2008) with the noise variance held. A Laplace number is Gaussian with
    an exponential variance: given the variances the weights are jointly Gaussian, and given the weights the inverse
    variances are independent inverse Gaussian numbers.

    Parameters
    ----------
    X, y : array
        Features, of shape (n, p), and targets.
    rate, variance : float
        Rate of the Laplace priors; variance of the noise.
    count, burn, seed : int
        How many draws to return, how many to leave out first, and the seed.

    Returns
    -------
    array of shape (count, p)
    """
    random = np.random.default_rng(seed)
    gram, moments = X.T @ X / variance, X.T @ y / variance
    weights, draws = np.linalg.solve(gram, moments), np.empty((count, X.shape[1]))
    for k in range(-burn, count):
        precision = random.wald(rate / np.abs(weights), rate**2)
        root = np.linalg.cholesky(gram + np.diag(precision))
        noise = random.standard_normal(len(weights))
        weights = np.linalg.solve(root.T, np.linalg.solve(root, moments) + noise)
        draws[max(k, 0)] = weights
    return draws


def spike_and_slab_weights(X, y, share, scale, variance):
    """Return the exact posterior of a regression under spike-and-slab priors, a sum over all sets of features.

    Parameters
    ----------
    X, y : array
        Features, of shape (n, p) with p at most about 12, and targets.
    share, scale, variance : float
        Mass of the atom at 0, standard deviation of the slab, variance of the noise.

    Returns
    -------
    types.SimpleNamespace
        `zero`, `negative`, `positive` (probabilities), `mean` and `median`, each an array with one number per weight.
    """
    chosen = _halves(X.shape[1])
    gram, moments = X.T @ X / variance, X.T @ y / variance
    # A feature that is left out gets the precision 1 and no moment; it adds nothing to the determinants.
    both = chosen[:, :, None] & chosen[:, None, :]
    precision = np.where(both, gram, 0.0) + np.where(chosen, scale**-2.0, 1.0)[:, :, None] * np.eye(X.shape[1])
    covariance = np.linalg.inv(precision)
    centers = np.einsum("kij,kj->ki", covariance, np.where(chosen, moments, 0.0))
    size = chosen.sum(axis=1)
    evidence = (centers * moments).sum(axis=1) / 2 - np.linalg.slogdet(precision)[1] / 2
    evidence += size * np.log((1 - share) / (share * scale))
    mass = np.exp(evidence - evidence.max())[:, None] / np.exp(evidence - evidence.max()).sum()
    spreads = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))

    def beyond(a, side):  # P(side*w > a) for a >= 0
        return (mass * chosen * ndtr((side * centers - a) / spreads)).sum(axis=0)

    positive, negative = beyond(0.0, 1), beyond(0.0, -1)
    side = np.where(positive > negative, 1, -1)
    far = np.full(X.shape[1], np.abs(centers).max() + 10 * spreads.max())
    distance = np.where(np.maximum(positive, negative) <= 0.5, 0.0, _crossing(lambda a: beyond(a, side), far))
    return SimpleNamespace(
        zero=(mass * ~chosen).sum(axis=0),
        negative=negative,
        positive=positive,
        mean=(mass * centers).sum(axis=0),
        median=side * distance + 0.0,  # no -0.0
    )
