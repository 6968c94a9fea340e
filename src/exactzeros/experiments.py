"""How often is a weight exactly zero? Solves many random problems and counts the zeros among the minimizers.

Exactly zero means that the computed weight is `== 0.0`: nothing is rounded, and small is not zero.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sympy as sp

from ._arguments import all_finite, as_count, as_number, as_positive
from .losses import Loss
from .penalty import Penalty, require_numbers, w
from .solvers import proximal_gradient

_AT_ONCE = 500  # problems minimized together: few, so that a hard problem delays only a few others


@dataclass(frozen=True)
class ZeroFrequency:
    """How many of the computed weights were exactly zero.

    Attributes
    ----------
    zeros, problems : int
        In `zeros` of the `problems` independent problems the weight was `== 0.0`.
    frequency : float
        Their ratio.
    low, high : float
        The Clopper-Pearson confidence interval for the probability of a zero.
    confidence : float
        At least this share of such intervals cover the probability.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> run = zero_frequency(catalog.l1().at(beta=0.5), problems=1000)
    >>> run.problems, run.frequency == run.zeros / run.problems, run.low < run.frequency < run.high
    (1000, True, True)
    """

    zeros: int
    problems: int
    frequency: float
    low: float
    high: float
    confidence: float


def zero_frequency(
    penalty: Penalty,
    spread: float = 1.0,
    *,
    curvature: float = 1.0,
    problems: int = 100_000,
    confidence: float = 0.95,
    seed: int = 0,
) -> ZeroFrequency:
    r"""Minimize :math:`g w + c\,w^2/2 + \rho(w)` for many random slopes `g` of the loss, and count the zeros.

    The slopes are normal with mean 0 and standard deviation `spread`. The minimizer is `penalty.prox(-g/c, step=1/c)`.

    Parameters
    ----------
    penalty : Penalty
        With numbers for its parameters.
    spread : float
        The standard deviation of the slope, positive.
    curvature : float
        The second derivative `c` of the loss, positive.
    problems : int
        The number of slopes to draw.
    confidence : float
        Of the interval, between 0 and 1.
    seed : int
        The seed of the random numbers; the same seed gives the same slopes.

    Returns
    -------
    ZeroFrequency
        The zeros that were counted, their share, and its confidence interval.

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind.

    References
    ----------
    Clopper & Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika
    26, 1934.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> zero_frequency(catalog.l2().at(beta=0.5)).zeros
    0
    >>> run = zero_frequency(catalog.l1().at(beta=0.5))
    >>> run.low < predicted_zero_probability(catalog.l1().at(beta=0.5)) < run.high
    True
    """
    require_numbers(penalty)
    spread, curvature = as_positive("spread", spread), as_positive("curvature", curvature)
    slopes = _generator(seed).normal(scale=spread, size=as_count("problems", problems))
    with np.errstate(over="ignore"):
        points, step = -slopes / curvature, 1 / curvature
    if not (all_finite(points) and step < np.inf):
        raise ValueError(f"curvature must be large enough for finite weights, got {curvature:g}")
    return _count(penalty.prox(points, step=step), confidence)


def predicted_zero_probability(penalty: Penalty, spread: float = 1.0) -> float:
    r"""Return :math:`P(-\rho'(0^+) \le g \le -\rho'(0^-))`, the chance that a normal slope lies in the zero interval.

    It is the probability of a zero in `zero_frequency` for every `curvature` for which :math:`c\,w^2/2 + \rho(w)` is
    convex, so that a local minimum is the minimum. Otherwise lying in the zero interval is only necessary, and this is
    an upper bound.

    Parameters
    ----------
    penalty : Penalty
        With numbers for its parameters.
    spread : float
        The standard deviation of the slope, positive; its mean is 0.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> round(predicted_zero_probability(catalog.l1().at(beta=1)), 6)
    0.682689
    >>> predicted_zero_probability(catalog.l2().at(beta=1))
    0.0
    """
    require_numbers(penalty)
    left, right = penalty.numeric_slopes_at_zero
    scale = math.sqrt(2) * as_positive("spread", spread)
    return max(0.0, (math.erf(right / scale) - math.erf(left / scale)) / 2)  # a kink upwards has an empty interval


def regression_zero_frequency(
    penalty: Penalty,
    data: Literal["gaussian", "ternary"] = "gaussian",
    *,
    samples: int = 6,
    features: int = 3,
    problems: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> ZeroFrequency:
    r"""Minimize :math:`\|y - Xw\|^2/(2n) + \sum_i \rho(w_i)` for many random data sets, and count the zeros of `w_1`.

    All entries of `X` and `y` are independent, so all coefficients of a problem are zero equally often. Only one per
    problem is counted, since the confidence interval requires independent counts.

    Parameters
    ----------
    penalty : Penalty
        With numbers for its parameters.
    data : {"gaussian", "ternary"}
        The distribution of the entries: standard normal, or -1, 0 and 1 with equal probability.
    samples, features : int
        The shape `(n, p)` of `X`.
    problems : int
        The number of data sets to draw.
    confidence : float
        Of the interval, between 0 and 1.
    seed : int
        The seed of the random numbers.

    Returns
    -------
    ZeroFrequency
        The zeros that were counted, their share, and its confidence interval.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or for ternary data with a quadratic penalty that has an irrational
        coefficient.
    ArithmeticError
        If a minimization does not converge.

    Notes
    -----
    A quadratic penalty such as ridge leads to linear equations. On ternary data they are solved in integers, by
    Bareiss' fraction-free elimination, so that zeros are exact; in floating point some come out as 1e-17. On Gaussian
    data they are solved by `numpy.linalg.solve`.

    For other penalties `exactzeros.solvers.proximal_gradient` starts at 0; if the penalty is not convex, the point that
    it reaches counts. On ternary data a slope can lie exactly on the edge of the zero interval. Rounding then decides
    whether the computed weight is 0.0, and loses some zeros: for L1 and the default shape about 0.05 % of them with
    `beta = 0.5`, and 4 % with `beta = 0.1`.

    References
    ----------
    Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, Math. Comp. 22, 1968.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> ridge = catalog.l2().at(beta=0.5)
    >>> regression_zero_frequency(ridge, "gaussian").zeros
    0
    >>> regression_zero_frequency(ridge, "ternary").zeros > 0
    True
    """
    require_numbers(penalty)
    counts = {"problems": problems, "samples": samples, "features": features}
    problems, samples, features = (as_count(name, value) for name, value in counts.items())
    X, y = _draw(data, problems, samples, features, seed)
    quadratic = _quadratic_coefficients(penalty)
    if quadratic is None:
        solutions = _solve_by_proximal_gradient(penalty, X, y)
    elif data == "ternary":
        solutions = _solve_in_integers(*quadratic, X, y)
    else:
        solutions = _solve_in_floats(*quadratic, X, y)
    return _count(solutions[:, 0], confidence)


def _generator(seed):
    return np.random.default_rng(as_count("seed", seed, least=0))


def _count(weights, confidence):
    zeros, problems = int(np.count_nonzero(weights == 0.0)), weights.size
    low, high = _clopper_pearson(zeros, problems, confidence)
    return ZeroFrequency(zeros, problems, zeros / problems, low, high, confidence)


def _clopper_pearson(successes, trials, confidence):
    from scipy.special import betaincinv  # here, so that `import exactzeros` needs only SymPy and NumPy

    tail = (1 - as_number("confidence", confidence)) / 2
    if not 0 < tail < 0.5:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence!r}")
    low = betaincinv(successes, trials - successes + 1, tail) if successes else 0.0
    high = betaincinv(successes + 1, trials - successes, 1 - tail) if successes < trials else 1.0
    return float(low), float(high)


def _draw(data, problems, samples, features, seed):
    """Return `X` of shape (problems, samples, features) and `y` of shape (problems, samples, 1)."""
    generator, shape = _generator(seed), (problems, samples, features + 1)
    if data == "gaussian":
        both = generator.normal(size=shape)
    elif data == "ternary":
        both = generator.integers(-1, 1, size=shape, endpoint=True)
    else:
        raise ValueError(f"data must be 'gaussian' or 'ternary', got {data!r}")
    return both[..., :-1], both[..., -1:]


def _quadratic_coefficients(penalty):
    """Return `(a, b)` if the penalty is `a*w**2 + b*w` plus a constant with `a > 0`, otherwise None."""
    if not penalty.expression.is_polynomial(w):
        return None
    polynomial = sp.Poly(penalty.expression, w)
    square = polynomial.coeff_monomial(w**2)
    return (square, polynomial.coeff_monomial(w)) if polynomial.degree() == 2 and square > 0 else None


def _normal_equations(X, y):
    transposed = X.transpose(0, 2, 1)
    return transposed @ X, transposed @ y


def _solve_in_floats(square, linear, X, y):
    n, p = X.shape[1:]
    gram, moments = _normal_equations(X, y)
    return np.linalg.solve(gram + 2 * n * float(square) * np.eye(p), moments - n * float(linear))[..., 0]


def _solve_in_integers(square, linear, X, y):
    if not (square.is_Rational and linear.is_Rational):
        raise ValueError(f"penalty must have rational coefficients for ternary data, got {square} and {linear}")
    n, p = X.shape[1:]
    common = int(sp.ilcm(square.q, linear.q))
    # as objects they are Python integers, which do not overflow
    gram, moments = (part.astype(object) * common for part in _normal_equations(X, y))
    diagonal = int(2 * n * square * common) * np.eye(p, dtype=int).astype(object)
    return _eliminate(np.concatenate([gram + diagonal, moments - int(n * linear * common)], axis=2))


def _eliminate(augmented):
    """Solve positive definite integer systems of shape `(problems, p, p + 1)`; only the last division rounds."""
    last_pivot = np.ones(len(augmented), dtype=object)
    for k in range(augmented.shape[1]):
        row, pivot = augmented[:, k], augmented[:, k, k].copy()
        others = np.arange(augmented.shape[1]) != k
        rest = augmented[:, others]
        scaled = pivot[:, None, None] * rest - rest[:, :, k : k + 1] * row[:, None]
        augmented[:, others] = scaled // last_pivot[:, None, None]  # no remainder: both sides are minors
        last_pivot = pivot
    return (augmented[:, :, -1] / last_pivot[:, None]).astype(np.float64)


class _Batch(Loss):
    """The sum of many least-squares losses, each with its own weights, one problem after the other."""

    def __init__(self, X, y):
        gram, moments = _normal_equations(X, y)
        self._gram, self._moments = gram / X.shape[1], moments / X.shape[1]
        self.size = moments.size
        self.lipschitz = float(np.linalg.eigvalsh(self._gram).max())

    def __call__(self, w):
        """Return the value up to the constant `||y||^2/(2n)`."""
        w = np.reshape(w, self._moments.shape)
        return float(np.sum(w * (self._gram @ w / 2 - self._moments)))

    def gradient(self, w):
        return (self._gram @ np.reshape(w, self._moments.shape) - self._moments).reshape(-1)


def _solve_by_proximal_gradient(penalty, X, y):
    solutions = []
    for first in range(0, len(X), _AT_ONCE):
        result = proximal_gradient(_Batch(X[first : first + _AT_ONCE], y[first : first + _AT_ONCE]), penalty)
        if not result.converged:
            raise ArithmeticError(f"proximal_gradient has not converged after {result.iterations} steps for {penalty}")
        solutions.append(result.solution.reshape(-1, X.shape[2]))
    return np.concatenate(solutions)
