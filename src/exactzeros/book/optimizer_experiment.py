"""Experiments for the chapter "Count your zeros": one regression with known zeros, solved many ways."""

import json
from functools import cache
from importlib.resources import files
from itertools import count
from types import SimpleNamespace

import numpy as np

from .. import catalog, solvers
from .._arguments import as_array
from ..losses import LeastSquares
from ..optimizers import SGD, Adam, trajectory

BETA = 0.15


@cache
def problem():
    """Return one lasso problem: 200 samples, 50 features of which 7 matter, seed 0.

    Returns
    -------
    types.SimpleNamespace
        `X`, `y`, the `loss`, the `penalty` with strength `BETA`, the `solution` by coordinate descent, and a random
        `start`.
    """
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(200, 50)), np.zeros(50)
    weights[:7] = [2, -1.5, 1, -1, 0.8, 0.6, -0.5]
    y = X @ weights + rng.normal(size=200)
    loss, penalty = LeastSquares(X, y), catalog.l1().at(beta=BETA)
    solution = solvers.coordinate_descent(loss, penalty).solution
    return SimpleNamespace(X=X, y=y, loss=loss, penalty=penalty, solution=solution, start=0.5 * rng.normal(size=50))


def full_gradient(X, y):
    """Return the gradient of `||y - Xw||**2/(2n)` as a function of the weights, in one small product."""
    gram, moments = X.T @ X / len(y), X.T @ y / len(y)
    return lambda weights: gram @ weights - moments


def batch_gradient(X, y, size, seed=0):
    """Return a function that draws `size` samples with replacement and returns the gradient of their mean loss."""
    rng = np.random.default_rng(seed)
    drawn = (rows for _ in count() for rows in rng.integers(len(y), size=(1000, size)))  # many at once, for speed

    def gradient(weights):
        rows = next(drawn)
        batch = X[rows]
        return (batch @ weights - y[rows]) @ batch / size

    return gradient


def with_sign(gradient, beta):
    """Return `gradient(w) + beta*sign(w)` with `sign(0) = 0`, as automatic differentiation computes it."""
    return lambda weights: gradient(weights) + beta * np.sign(weights)


def optimizers():
    """Return new optimizers with the chapter's steps, by name; all but one use the full gradient."""
    return {
        "gradient descent": SGD(0.05),
        "SGD, batches of 20": SGD(0.05),
        "momentum 0.9": SGD(0.005, momentum=0.9),
        "Adam": Adam(0.005),
    }


def zeros_along_the_way(record, prox=None, start=None):
    """Return for each of the `optimizers` the weights after the steps in `record`.

    Parameters
    ----------
    record : sequence of int
    prox : callable, optional
        The proximal operator applied after each step; without it the gradient contains the derivative of the penalty.
    start : array_like, optional
        The weights to start from, by default the problem's random ones.

    Returns
    -------
    dict of str to numpy.ndarray of shape (len(record), 50)
    """
    data = problem()
    found = {}
    for name, optimizer in optimizers().items():
        batches = name.startswith("SGD")
        gradient = batch_gradient(data.X, data.y, 20) if batches else full_gradient(data.X, data.y)
        objective = gradient if prox else with_sign(gradient, BETA)
        found[name] = trajectory(objective, optimizer, data.start if start is None else start, record, prox)
    return found


def interior_point():
    """Return the weights found by the interior-point solver CLARABEL at its default tolerances.

    The solver minimizes `x'Px/2 + q'x` for `x = (w, t)` with `w - t <= 0` and `-w - t <= 0`, and `beta` for each `t`.
    """
    import clarabel
    from scipy import sparse

    data = problem()
    samples, features = data.X.shape
    gram = sparse.csc_matrix(np.triu(data.X.T @ data.X / samples))
    square = sparse.block_diag([gram, sparse.csc_matrix((features, features))], format="csc")
    linear = np.concatenate([-data.X.T @ data.y / samples, np.full(features, BETA)])
    one = sparse.identity(features)
    bounds = sparse.bmat([[one, -one], [-one, -one]], format="csc")
    cones = [clarabel.NonnegativeConeT(2 * features)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    solver = clarabel.DefaultSolver(square, linear, bounds, np.zeros(2 * features), cones, settings)
    return np.array(solver.solve().x)[:features]


def smoothed(eps):
    """Return the weights that L-BFGS finds with `beta*sqrt(w**2 + eps**2)` for the penalty."""
    from scipy.optimize import minimize

    data = problem()
    gradient = full_gradient(data.X, data.y)
    slope_at_zero = gradient(np.zeros(50))

    def objective(weights):
        size, slope = np.sqrt(weights**2 + eps**2), gradient(weights)
        loss = weights @ (slope + slope_at_zero) / 2  # up to a constant
        return loss + BETA * size.sum(), slope + BETA * weights / size

    options = {"maxiter": 100_000, "maxfun": 1_000_000, "maxcor": 50, "ftol": 0, "gtol": 1e-9}
    return minimize(objective, data.start, jac=True, method="L-BFGS-B", options=options).x


def hovering(optimizer, steps, slope, beta=1.0, taken=4000, last=1000):
    """Return the last iterates of one weight with the loss `slope*w + w**2/2` from exactly 0, a column for each step.

    With `w = s*u`, a step `s` in `w` is a step 1 in `u`, for gradient descent, momentum and Adam alike. So one run of
    the `optimizer`, whose step is 1, takes all the `steps` at once.
    """
    gradient = with_sign(lambda u: slope + steps * u, beta)
    return steps * trajectory(gradient, optimizer, np.zeros(len(steps)), range(taken - last, taken))


def share_of_zeros(optimizer, batch, steps=800, last=300):
    """Return the share of the true zeros that are `== 0.0`, averaged over the last steps with mini-batches and prox."""
    data = problem()
    gradient = batch_gradient(data.X, data.y, batch)
    iterates = trajectory(gradient, optimizer, data.solution, range(steps - last, steps), data.penalty.prox)
    return float(np.mean(iterates[:, data.solution == 0.0] == 0.0))


def majorize(slope, beta, weight, steps):
    """Return the iterates of `w <- -slope/(1 + beta/|w|)`, minima of parabolas above the loss plus `beta*|w|`.

    The parabola `beta*w**2/(2*|w_k|)`, up to a constant, lies above `beta*|w|` and touches it at the last iterate
    `w_k`; the loss is `slope*w + w**2/2`.
    """
    iterates = [float(weight)]
    for _ in range(steps):
        size = abs(iterates[-1])
        iterates.append(-slope * size / (size + beta))
    return as_array("weight", iterates)


@cache
def recorded():
    """Return the record of the runs in PyTorch, JAX and torchao, which `tools/record_training.py` writes."""
    return json.loads((files(__package__) / "data" / "training.json").read_text(encoding="utf-8"))
