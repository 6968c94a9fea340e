"""The numbers and the data that the chapters use."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import sympy as sp

from .. import catalog, experiments
from ..errors import ImproperPriorError, UndecidedError
from ..penalty import to_latex

_NUMBERS = {"beta": 1, "eps": 0.5, "gamma": 3, "delta": 0.5}
_NUMBERS_FOR = {"elastic_net": {"a": 0.5}, "scad": {"a": 3.7}, "log_sum": {"eps": 1.6}}


_catalog = cache(catalog.every)


@cache
def penalty(name, **numbers):
    """Return the named catalog penalty with the book's example numbers, except for those given.

    Examples
    --------
    >>> penalty("elastic_net", beta=2)
    Penalty(w**2/2 + Abs(w))
    """
    symbolic = _catalog()[name]
    chosen = _NUMBERS | _NUMBERS_FOR.get(name, {}) | numbers
    return symbolic.at(**{symbol.name: chosen[symbol.name] for symbol in symbolic.parameters})


@cache
def symbolic(name):
    """Return the named catalog penalty with the book's example numbers for all parameters but the strength.

    Examples
    --------
    >>> symbolic("elastic_net")
    Penalty(beta*(w**2/4 + Abs(w)/2))
    """
    penalty = _catalog()[name]
    chosen = _NUMBERS | _NUMBERS_FOR.get(name, {})
    return penalty.at(**{symbol.name: chosen[symbol.name] for symbol in penalty.parameters if symbol.name != "beta"})


@cache
def diabetes():
    """Return scikit-learn's diabetes data, with the ten features standardized and the target centered.

    Returns
    -------
    types.SimpleNamespace
        `X` of shape (442, 10), `y` of shape (442,), and the feature `names`.
    """
    from sklearn.datasets import load_diabetes

    data = load_diabetes(scaled=False)
    X = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    return SimpleNamespace(X=X, y=data.target - data.target.mean(), names=data.feature_names)


@cache
def prostate():
    """Return the prostate cancer data of Stamey et al. (1989) as in *The Elements of Statistical Learning*, 2nd ed.

    The file `data/prostate.csv` comes from the site of that book, https://hastie.su.domains/ElemStatLearn/.

    Returns
    -------
    types.SimpleNamespace
        `X` of shape (97, 8), `y` of shape (97,), `train` (bool, 67 are True), and the predictors' `names`.
    """
    import csv
    from importlib.resources import files

    with (files(__package__) / "data" / "prostate.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ["lcavol", "lweight", "age", "lbph", "svi", "lcp", "gleason", "pgg45"]
    X = np.array([[float(row[name]) for name in names] for row in rows])
    y = np.array([float(row["lpsa"]) for row in rows])
    return SimpleNamespace(X=X, y=y, train=np.array([row["train"] == "T" for row in rows]), names=names)


def esl_lasso(alpha=0.2077):
    """Return intercept and coefficients of the lasso on the prostate training rows, in the scale of ESL's Table 3.3.

    The predictors are standardized with all 97 rows (`n - 1`), and again on the 67 training rows for the fit. The
    coefficients are then converted back to the first scale.
    """
    from sklearn.linear_model import Lasso

    data = prostate()
    Z = ((data.X - data.X.mean(axis=0)) / data.X.std(axis=0, ddof=1))[data.train]
    spread = Z.std(axis=0, ddof=1)
    model = Lasso(alpha, tol=1e-10).fit((Z - Z.mean(axis=0)) / spread, data.y[data.train])
    coefficients = model.coef_ / spread
    return np.array([model.intercept_ - Z.mean(axis=0) @ coefficients, *coefficients])


def bootstrap_zeros(X, y, beta, resamples=500, seed=0):
    """Return the share of resamples of the rows in which each lasso weight is exactly zero."""
    from sklearn.linear_model import Lasso

    random = np.random.default_rng(seed)
    zeros = np.zeros(X.shape[1])
    for _ in range(resamples):
        rows = random.integers(len(y), size=len(y))
        zeros += Lasso(beta, tol=1e-6).fit(X[rows], y[rows]).coef_ == 0.0
    return zeros / resamples


def lasso_of_draws(X, beta, moments, start=None, tolerance=1e-7):
    """Return the lasso weights for many targets at once, by coordinate descent.

    Parameters
    ----------
    X : array_like of shape (n, p)
    beta : float
    moments, start : array_like of shape (p, draws)
        A column `X'y/n` for each of the targets `y`; and the weights to start from.
    tolerance : float
        Relative to the largest entry of `moments`.
    """
    gram, weights = X.T @ X / len(X), np.zeros_like(moments) if start is None else start.copy()
    least, moving = tolerance * np.abs(moments).max(), np.arange(moments.shape[1])
    while moving.size:  # only the draws whose weights have not come to rest
        found, pulls, moved = weights[:, moving], moments[:, moving], 0.0
        for i, row in enumerate(gram):
            pull = pulls[i] - row @ found + row[i] * found[i]
            fresh = np.sign(pull) * np.maximum(np.abs(pull) - beta, 0) / row[i]
            moved = np.maximum(moved, np.abs(fresh - found[i]))
            found[i] = fresh
        weights[:, moving], moving = found, moving[moved > least]
    return weights


def degrees_of_freedom(X, y, strengths, draws=1500, seed=0):
    """Measure the lasso's degrees of freedom in two ways, for targets drawn around the least-squares fit of `y`.

    Parameters
    ----------
    X, y : array_like of shape (n, p) and (n,)
    strengths : sequence of float
        From large to small.
    draws, seed : int

    Returns
    -------
    types.SimpleNamespace
        `count`, the mean number of non-zero weights, and `covariance`, the mean of `(fit - m).e/s`, where `s*e` is the
        noise and `m` the fit to the targets without noise, which changes no expectation and makes the mean more exact;
        `count_error` and `covariance_error`, their standard errors; the noise's standard deviation `s`, `noise`; and
        `draws`.
    """
    n, p = X.shape
    center = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    noise = float(np.sqrt(np.sum((y - center) ** 2) / (n - p - 1)))
    errors = X.T @ np.random.default_rng(seed).normal(size=(n, draws))
    exact = (X.T @ center / n)[:, None]
    weights, fixed, counts, covariances = None, None, [], []
    for beta in strengths:
        weights = lasso_of_draws(X, beta, exact + noise * errors / n, weights)
        fixed = lasso_of_draws(X, beta, exact, fixed)
        counts.append(np.count_nonzero(weights, axis=0))
        covariances.append(np.sum(errors * (weights - fixed), axis=0) / noise)
    found = {"noise": noise, "draws": draws}
    for name, values in (("count", np.array(counts)), ("covariance", np.array(covariances))):
        found |= {name: values.mean(axis=1), f"{name}_error": values.std(axis=1, ddof=1) / np.sqrt(draws)}
    return SimpleNamespace(**found)


def with_permuted_copies(X, copies, seed=0):
    """Return `X` with copies of itself beside it, the rows of each in a random order: columns without any influence."""
    random = np.random.default_rng(seed)
    return np.hstack([X, *(X[random.permutation(len(X))] for _ in range(copies))])


def half_sample_selection(X, y, beta, pairs=50, seed=0):
    """Return how often the lasso selects each column in pairs of disjoint halves, and how many columns on average."""
    from sklearn.linear_model import Lasso

    random, half = np.random.default_rng(seed), len(y) // 2
    chosen = np.zeros(X.shape[1])
    for _ in range(pairs):
        order = random.permutation(len(y))
        for rows in (order[:half], order[half : 2 * half]):
            chosen += Lasso(beta, tol=1e-6).fit(X[rows], y[rows]).coef_ != 0.0
    return chosen / (2 * pairs), float(chosen.sum() / (2 * pairs))


def continuity(name):
    """Return "yes" or "no" for whether the named penalty's proximal operator is continuous, or "if" and a condition."""
    try:
        return "yes" if _catalog()[name].has_continuous_prox else "no"
    except UndecidedError as error:
        return f"if {assumption(_catalog()[name], error)}"


def ridge_path(X, y, betas):
    """Return the minimizers of `||y - Xw||**2/(2n) + beta*||w||**2`, one row per beta."""
    n, p = X.shape
    return np.array([np.linalg.solve(X.T @ X / n + 2 * beta * np.eye(p), X.T @ y / n) for beta in betas])


def lasso_path(X, y, betas):
    """Return the minimizers of `||y - Xw||**2/(2n) + beta*||w||_1`, one row per beta, by coordinate descent."""
    from sklearn.linear_model import lasso_path as path

    descending = np.sort(betas)[::-1]
    _, coefficients, _ = path(X, y, alphas=descending, tol=1e-10, max_iter=100_000)
    return coefficients.T[::-1] if betas[0] < betas[-1] else coefficients.T


def normalizer(name):
    """Return the normalizer of the named penalty's prior, or a few words on why there is none."""
    try:
        return _catalog()[name].prior.normalizer
    except ImproperPriorError:
        return "infinite: no proper prior"
    except UndecidedError as error:
        if not error.assumption:
            return "finite, no formula"
        return f"finite only under an assumption: {assumption(_catalog()[name], error)}"


def assumption(penalty, error):
    """Return the assumption on the parameters of `penalty` that an `UndecidedError` names, as a formula."""
    symbols = {symbol.name: symbol for symbol in penalty.parameters}
    return f"${to_latex(sp.sympify(error.assumption, locals=symbols))}$"


def predicted_and_measured(names, strengths, spread, problems):
    """Return the predicted probabilities of an exact zero and the simulated runs, per named penalty and strength.

    The slope of the loss is normal with standard deviation `spread`, its curvature 1.
    """
    predicted, measured = {}, {}
    for name in names:
        at_strength = [penalty(name, beta=float(strength)) for strength in strengths]
        predicted[name] = [experiments.predicted_zero_probability(p, spread) for p in at_strength]
        measured[name] = [
            experiments.zero_frequency(p, spread, problems=problems, seed=seed) for seed, p in enumerate(at_strength)
        ]
    return predicted, measured
