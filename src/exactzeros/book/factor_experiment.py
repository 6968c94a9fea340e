"""Experiments for the chapter "Zeros by multiplication": two factors for each weight, and a small ReLU network."""

from functools import cache
from itertools import count
from types import SimpleNamespace

import numpy as np

from . import optimizer_experiment
from .examples import diabetes

STEP = 0.05  # of gradient descent on the factors


def start():
    """Return two random factors for each of the 50 weights of `optimizer_experiment.problem`, one row each."""
    return np.stack([optimizer_experiment.problem().start, 0.5 * np.random.default_rng(1).normal(size=50)])


@cache
def gradient():
    """Return the gradient of `L(u*v) + beta/2*(||u||**2 + ||v||**2)` for that problem, as a function of both rows."""
    data, beta = optimizer_experiment.problem(), optimizer_experiment.BETA
    slopes = optimizer_experiment.full_gradient(data.X, data.y)

    def of_factors(factors):
        u, v = factors
        return beta * factors + slopes(u * v) * factors[::-1]

    return of_factors


def steps_to_a_zero(factors):
    """Return the number of further steps of gradient descent until a product of factors is 0.0, and that weight."""
    of_factors = gradient()
    for step in count(1):
        factors = factors - STEP * of_factors(factors)
        (zeros,) = np.nonzero(factors[0] * factors[1] == 0.0)
        if zeros.size:
            return step, int(zeros[0])


@cache
def network(decay, units=50, steps=1200, seed=0):
    """Train a network of ReLU units on the diabetes data, by gradient descent with momentum on loss plus weight decay.

    The prediction is `sum_j a_j*max(b_j.x, 0)`, the loss half the mean squared error of the target in units of its
    standard deviation, the weight decay `decay/2*(||a||**2 + ||B||**2)`. The last input is 1, so `b_j` has a bias.

    Parameters
    ----------
    decay : float
    units, steps, seed : int

    Returns
    -------
    types.SimpleNamespace
        The `outer` weights `a` and the `inner` weights, one column `b_j` for each unit; the `sizes` `|a_j|*||b_j||` of
        the units, at the `start` too; the targets `y` and the `features` `max(b_j.x, 0)/||b_j||`, of which the network
        is a linear model.
    """
    data, step, momentum = diabetes(), 0.1, 0.9
    X, y = np.column_stack([data.X, np.ones(len(data.y))]), data.y / data.y.std()
    rng = np.random.default_rng(seed)
    inner, outer = rng.normal(size=(X.shape[1], units)) / np.sqrt(X.shape[1]), rng.normal(size=units) / np.sqrt(units)
    begin = np.abs(outer) * np.linalg.norm(inner, axis=0)
    inner_speed, outer_speed = np.zeros_like(inner), np.zeros_like(outer)
    for _ in range(steps):
        sums = X @ inner
        active = np.maximum(sums, 0)
        errors = (active @ outer - y) / len(y)
        inner_slope = X.T @ (np.multiply.outer(errors, outer) * (sums > 0))
        inner_speed = momentum * inner_speed + inner_slope + decay * inner
        outer_speed = momentum * outer_speed + active.T @ errors + decay * outer
        inner, outer = inner - step * inner_speed, outer - step * outer_speed
    norms = np.linalg.norm(inner, axis=0)
    features = np.maximum(X @ inner, 0) / norms
    return SimpleNamespace(outer=outer, inner=inner, sizes=np.abs(outer) * norms, start=begin, y=y, features=features)
