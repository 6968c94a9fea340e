"""Four ways to minimize loss plus penalty, `F(w) = L(w) + sum_i rho(w_i)`: two reach exact zeros, two never do.

All but subgradient descent stop by what is left of the slope: `tolerance` is relative to the largest slope of the loss
at `w = 0` (at the start if that is 0, absolute if both are), and never finer than the rounding of the weights.
"""

from dataclasses import dataclass

import numpy as np

from ._arguments import as_array, as_count, as_instance, as_positive
from .losses import Loss
from .penalty import Penalty

_EPSILON = np.finfo(np.float64).eps
_TINY = np.finfo(np.float64).tiny  # the smallest number whose reciprocal is finite
_CONVERGED = "residual below tolerance"
_LIMIT = "iteration limit"


@dataclass(frozen=True, eq=False)
class Result:
    """What a solver returns.

    Attributes
    ----------
    solution : numpy.ndarray
        The weights, float64.
    objective : float
        Loss plus penalty at the solution.
    iterations : int
        Steps taken; for coordinate descent, sweeps over all coordinates.
    converged : bool
        Whether the solver's own test of being done was passed.
    reason : str
        Why it stopped.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> from exactzeros.losses import Quadratic
    >>> result = proximal_gradient(Quadratic(-0.3, 1), catalog.l1().at(beta=0.5))
    >>> result.solution, result.converged
    (array([0.]), True)
    """

    solution: np.ndarray
    objective: float
    iterations: int
    converged: bool
    reason: str


def gradient_descent(loss, penalty, *, tolerance=1e-12, max_iterations=100_000, start=None):
    r"""Minimize `L + R` by :math:`w \leftarrow w - s\,(\nabla L(w) + \rho'(w))`, for a penalty without a kink at 0.

    The step `s` is found by backtracking: the objective must fall (Armijo's condition), and the slope along the step
    must not have changed its sign, which can still be told where differences of the objective drown in rounding. No
    bound on the penalty's curvature is needed.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters; differentiable, also at 0.
    tolerance : float
        Positive. It stops when `max_i |dF/dw_i|` is at most `tolerance` times the largest slope of the loss at 0.
    max_iterations : int
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind; for a penalty that is singular at 0.

    References
    ----------
    Armijo, Minimization of functions having Lipschitz continuous first partial derivatives, Pacific J. Math. 16, 1966.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> from exactzeros.losses import Quadratic
    >>> gradient_descent(Quadratic(-1, 1), catalog.l2().at(beta=0.5)).solution
    array([0.5])
    """
    weights, done = _begin(loss, penalty, start, tolerance, max_iterations)
    if penalty.is_singular:
        raise ValueError(
            f"penalty must be differentiable at 0, got {penalty}: "
            "use proximal_gradient, or subgradient_descent to see it miss zero"
        )
    value, slope = _objective(loss, penalty, weights), _slope(loss, penalty, weights)
    step = 1 / _curvature(loss)
    for iteration in range(max_iterations):
        if done(weights, slope):
            return Result(weights, value, iteration, True, _CONVERGED)
        step, following = _descend(loss, penalty, weights, value, slope, 2 * step)
        if following is None:
            return Result(weights, value, iteration, False, "no step lowers the objective")
        weights, value, slope = following
    return Result(weights, value, max_iterations, False, _LIMIT)


def subgradient_descent(loss, penalty, *, step, max_iterations=1000, diminishing=False, start=None):
    r"""Take the steps :math:`w \leftarrow w - s_k\,(\nabla L(w) + \rho'(w))` with automatic differentiation's `rho'`.

    At a kink `rho'` is the number nearest to 0 between the one-sided slopes, so 0 for `|w|` at 0. This is what a
    deep-learning library does with an L1 term, and it is meant to be seen missing zero: the iterates hover around it,
    in a band whose width is about the step times the kink, and leave it if started there.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters; finite wherever the iterates go.
    step : float
        Positive: the fixed step, or the first one if `diminishing`.
    max_iterations : int
        The number of steps; there is no other test, since the subgradients need not tend to 0.
    diminishing : bool
        Whether `s_k = step/sqrt(k)` for the k-th step, instead of `s_k = step`.
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result
        With the last iterate, not the best one; `converged` is False.

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind; where an iterate leaves the set where the penalty is finite.

    References
    ----------
    Shor, Minimization Methods for Non-differentiable Functions, Springer, 1985.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> from exactzeros.losses import Quadratic
    >>> result = subgradient_descent(Quadratic(-0.3, 1), catalog.l1().at(beta=0.5), step=0.125)
    >>> bool(result.solution[0] == 0), bool(abs(result.solution[0]) < 0.125)
    (False, True)
    """
    weights = _problem(loss, penalty, start)
    step = as_positive("step", step)
    as_count("max_iterations", max_iterations)
    as_instance("diminishing", diminishing, bool)
    for iteration in range(1, max_iterations + 1):
        size = step / np.sqrt(iteration) if diminishing else step
        with np.errstate(over="ignore", invalid="ignore"):
            following = weights - size * _slope(loss, penalty, weights)
        if not np.abs(following).max() < 1e100:  # beyond it, squares overflow; True for NaN as well
            value = _objective(loss, penalty, weights)
            return Result(weights, value, iteration - 1, False, "diverged: the step is too long")
        weights = following
    return Result(weights, _objective(loss, penalty, weights), max_iterations, False, _LIMIT)


def proximal_gradient(loss, penalty, *, tolerance=1e-12, max_iterations=100_000, start=None):
    r"""Minimize `L + R` by :math:`w \leftarrow \mathrm{prox}_{R/M}(v - \nabla L(v)/M)`, `v` an extrapolation of `w`.

    `v` continues the last step, and `M` is the Lipschitz constant of the loss's gradient. For convex `L` and `R` the
    iterates tend to a minimizer; the proximal operator puts a weight at exactly 0 once its slope stays inside the
    zero interval. For a non-convex penalty it is a descent method: a step that would raise the objective (beyond
    rounding) is taken again without extrapolation, which cannot raise it, and the result is a point that the proximal
    step leaves where it is, not necessarily a global minimizer.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters.
    tolerance : float
        Positive. It stops when `M` times what the proximal step moves is, for each weight, at most `tolerance` times
        the largest slope of the loss at 0; some subgradient of the objective is then about as small.
    max_iterations : int
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind.

    References
    ----------
    Beck & Teboulle, A fast iterative shrinkage-thresholding algorithm for linear inverse problems, SIAM J. Imaging
    Sci. 2, 2009; O'Donoghue & Candes, Adaptive restart for accelerated gradient schemes, Found. Comput. Math. 15, 2015.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> from exactzeros.losses import LeastSquares
    >>> result = proximal_gradient(LeastSquares([[1, 0], [0, 1]], [3, 0.5]), catalog.l1().at(beta=0.5))
    >>> result.solution
    array([2., 0.])
    >>> result.reason
    'residual below tolerance'
    """
    weights, done = _begin(loss, penalty, start, tolerance, max_iterations)
    curvature = _curvature(loss)
    previous, value, age = weights, _objective(loss, penalty, weights), 1.0
    for iteration in range(1, max_iterations + 1):
        following_age = (1 + np.sqrt(1 + 4 * age**2)) / 2
        ahead = weights + (age - 1) / following_age * (weights - previous)
        following = _proximal_step(loss, penalty, ahead, curvature)
        following_value = _objective(loss, penalty, following)
        if age > 1 and following_value > value + _rounding(value):
            previous, age = weights, 1.0
            continue
        previous, weights, value, age = weights, following, following_value, following_age
        if done(weights, curvature * (ahead - weights)):
            return Result(weights, value, iteration, True, _CONVERGED)
        if (ahead - weights) @ (weights - previous) > 0:  # the momentum points uphill
            previous, age = weights, 1.0
    return Result(weights, value, max_iterations, False, _LIMIT)


def coordinate_descent(loss, penalty, *, tolerance=1e-12, max_iterations=10_000, start=None):
    r"""Minimize `L + R` weight by weight: :math:`w_i \leftarrow \mathrm{prox}_{\rho/c_i}(w_i - \partial_i L(w)/c_i)`.

    `c_i` is the loss's coordinate Lipschitz constant. For least squares and `Quadratic` it is the second derivative,
    and each step is an exact minimization in `w_i`; for other losses it minimizes an upper bound that touches at `w`,
    so the objective never rises. For convex `L` and `R` the sweeps tend to a minimizer. Where `c_i` is 0, as for a
    column of zeros, the larger `M` takes its place: the loss says nothing about that weight, and repeated proximal
    steps lead it to where `rho` alone is stationary, for convex `rho` to its minimizer.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters.
    tolerance : float
        Positive. It stops as `proximal_gradient` does, tested after each sweep.
    max_iterations : int
        The largest number of sweeps.
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result

    Raises
    ------
    TypeError, ValueError
        For arguments of another kind.

    References
    ----------
    Tseng, Convergence of a block coordinate descent method for nondifferentiable minimization, J. Optim. Theory Appl.
    109, 2001; Friedman, Hastie & Tibshirani, Regularization paths for generalized linear models via coordinate
    descent, J. Stat. Softw. 33, 2010.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> from exactzeros.losses import LeastSquares
    >>> result = coordinate_descent(LeastSquares([[1, 0], [0, 1]], [3, 0.5]), catalog.l1().at(beta=0.5))
    >>> result.solution, result.iterations
    (array([2., 0.]), 1)
    """
    weights, done = _begin(loss, penalty, start, tolerance, max_iterations)
    curvature = _curvature(loss)
    coordinate_curvatures = _coordinate_curvatures(loss)
    for sweep in range(1, max_iterations + 1):
        for i, own in enumerate(coordinate_curvatures):
            weights[i] = penalty.prox(weights[i] - loss.partial(weights, i) / own, step=1 / own)
        stepped = _proximal_step(loss, penalty, weights, curvature)
        if done(weights, curvature * (weights - stepped)):
            weights[stepped == 0.0] = 0.0  # nearer than the tolerance, and rounding may have kept it from being 0
            return Result(weights, _objective(loss, penalty, weights), sweep, True, _CONVERGED)
    return Result(weights, _objective(loss, penalty, weights), max_iterations, False, _LIMIT)


def require_numbers(penalty):
    """Raise `TypeError` where `penalty` is no `Penalty`, and `ValueError` where it still has symbols for parameters.

    Examples
    --------
    >>> from exactzeros import catalog
    >>> require_numbers(catalog.l1().at(beta=0.5))
    """
    if as_instance("penalty", penalty, Penalty).parameters:
        names = ", ".join(f"{symbol}=..." for symbol in penalty.parameters)
        raise ValueError(f"penalty must have numbers for its parameters, got {penalty}: use .at({names})")


def _problem(loss, penalty, start):
    """Check what every solver is given and return the weights to start from."""
    as_instance("loss", loss, Loss)
    require_numbers(penalty)
    return np.zeros(loss.size) if start is None else as_array("start", start, shape=(loss.size,)).copy()


def _begin(loss, penalty, start, tolerance, max_iterations):
    """Return the weights to start from, and the test whether the slopes left over there are as good as 0."""
    weights = _problem(loss, penalty, start)
    as_positive("tolerance", tolerance)
    as_count("max_iterations", max_iterations)
    scale = np.abs(loss.gradient(np.zeros(loss.size))).max() or np.abs(loss.gradient(weights)).max() or 1.0
    rounding = 4 * _EPSILON * _curvature(loss)

    def done(weights, slopes):
        return np.abs(slopes).max() <= tolerance * scale + rounding * np.abs(weights).max()

    return weights, done


def _curvature(loss):
    return loss.lipschitz if loss.lipschitz > _TINY else 1.0  # a larger bound is a bound too


def _coordinate_curvatures(loss):
    own = loss.coordinate_lipschitz
    return np.where(own > max(_EPSILON**2 * loss.lipschitz, _TINY), own, _curvature(loss))


def _objective(loss, penalty, weights):
    return loss(weights) + float(penalty(weights).sum())


def _slope(loss, penalty, weights):
    return loss.gradient(weights) + penalty.gradient(weights)


def _proximal_step(loss, penalty, weights, curvature):
    return penalty.prox(weights - loss.gradient(weights) / curvature, step=1 / curvature)


def _rounding(value):
    return 64 * _EPSILON * abs(value)


def _descend(loss, penalty, weights, value, slope, step):
    """Halve `step` until it lowers the objective; return it with the new (weights, value, slope), None if none does."""
    while True:
        following = weights - step * slope
        if (following == weights).all():
            return step, None
        following_value = _objective(loss, penalty, following)
        if following_value <= value - 1e-4 * step * (slope @ slope) + _rounding(value):
            following_slope = _slope(loss, penalty, following)
            if following_slope @ slope >= 0:
                return step, (following, following_value, following_slope)
        step /= 2
