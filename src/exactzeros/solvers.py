"""Four ways to minimize loss plus penalty, `F(w) = L(w) + sum_i rho(w_i)`: two reach exact zeros, two do not.

All but subgradient descent stop when the remaining slope is small. `tolerance` is relative to the largest slope of the
loss at `w = 0` (at the start if that is 0, absolute if both are 0), and never finer than the rounding of the weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ._arguments import as_array, as_count, as_instance, as_positive
from ._types import Floats
from .losses import Loss
from .penalty import Penalty, require_numbers

_EPSILON = np.finfo(np.float64).eps
_TINY = np.finfo(np.float64).tiny  # the smallest number whose reciprocal is finite
_CONVERGED = "residual below tolerance"
_LIMIT = "iteration limit"
_UNBOUNDED = "diverged: the objective is not bounded below"
_FAR = 1e100


@dataclass(frozen=True, eq=False)
class Result:
    """The result of a solver.

    Attributes
    ----------
    solution : numpy.ndarray
        The weights, float64.
    objective : float
        Loss plus penalty at the solution.
    iterations : int
        The number of steps; for coordinate descent, of sweeps over all coordinates.
    converged : bool
        Whether the solver's stopping test was met.
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

    solution: Floats
    objective: float
    iterations: int
    converged: bool
    reason: str


def gradient_descent(
    loss: Loss,
    penalty: Penalty,
    *,
    tolerance: float = 1e-12,
    max_iterations: int = 100_000,
    start: ArrayLike | None = None,
) -> Result:
    r"""Minimize `L + R` by :math:`w \leftarrow w - s\,(\nabla L(w) + \rho'(w))`, for a penalty without a kink at 0.

    Backtracking finds the step `s`: the objective must fall (Armijo's condition), and the slope along the step must not
    change sign, which still works when rounding hides differences of the objective. No bound on the penalty's curvature
    is needed.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters; differentiable, including at 0.
    tolerance : float
        Positive. The solver stops when `max_i |dF/dw_i|` is at most `tolerance` times the largest slope of the loss at
        0.
    max_iterations : int
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result
        With the last iterate; `converged` says whether it passed the test.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or if the penalty is singular at 0.

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
        if _are_far(weights):
            return Result(weights, value, iteration + 1, False, _UNBOUNDED)
    return Result(weights, value, max_iterations, False, _LIMIT)


def subgradient_descent(
    loss: Loss,
    penalty: Penalty,
    *,
    step: float,
    max_iterations: int = 1000,
    diminishing: bool = False,
    start: ArrayLike | None = None,
) -> Result:
    r"""Take the steps :math:`w \leftarrow w - s_k\,(\nabla L(w) + \rho'(w))` with automatic differentiation's `rho'`.

    At a kink, `rho'` is the number nearest to 0 between the one-sided slopes; for `|w|` at 0 it is 0. This is what a
    deep-learning library does with an L1 term, and it shows how that misses zero: the iterates hover around 0, in a
    band about as wide as the step times the kink, and leave 0 if they start there.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters; finite wherever the iterates go.
    step : float
        Positive: the fixed step, or the first step if `diminishing`.
    max_iterations : int
        The number of steps. There is no other stopping test, since the subgradients need not tend to 0.
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
        If an argument is not as described, or if an iterate leaves the set where the penalty is finite.

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
        if _are_far(following):
            value = _objective(loss, penalty, weights)
            return Result(weights, value, iteration - 1, False, "diverged: the step is too long")
        weights = following
    return Result(weights, _objective(loss, penalty, weights), max_iterations, False, _LIMIT)


def proximal_gradient(
    loss: Loss,
    penalty: Penalty,
    *,
    tolerance: float = 1e-12,
    max_iterations: int = 100_000,
    start: ArrayLike | None = None,
) -> Result:
    r"""Minimize `L + R` by :math:`w \leftarrow \mathrm{prox}_{R/M}(v - \nabla L(v)/M)`, where `v` extrapolates `w`.

    `v` continues the last step, and `M` is the Lipschitz constant of the loss's gradient. For convex `L` and `R` the
    iterates tend to a minimizer; the proximal operator puts a weight at exactly 0 once its slope stays inside the zero
    interval. For a non-convex penalty it is a descent method: a step that would raise the objective (beyond rounding)
    is repeated without extrapolation, which cannot raise it. The result is a fixed point of the proximal step, but not
    necessarily a global minimizer.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters.
    tolerance : float
        Positive. The solver stops when, for each weight, `M` times the move of the proximal step is at most `tolerance`
        times the largest slope of the loss at 0. Some subgradient of the objective is then about as small.
    max_iterations : int
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result
        With the last iterate; `converged` says whether it passed the test.

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
        if _are_far(following):
            return Result(following, following_value, iteration, False, _UNBOUNDED)
        if age > 1 and following_value > value + _rounding(value):
            previous, age = weights, 1.0
            continue
        previous, weights, value, age = weights, following, following_value, following_age
        if done(weights, curvature * (ahead - weights)):
            return Result(weights, value, iteration, True, _CONVERGED)
        if (ahead - weights) @ (weights - previous) > 0:  # the momentum points uphill
            previous, age = weights, 1.0
    return Result(weights, value, max_iterations, False, _LIMIT)


def coordinate_descent(
    loss: Loss,
    penalty: Penalty,
    *,
    tolerance: float = 1e-12,
    max_iterations: int = 10_000,
    start: ArrayLike | None = None,
) -> Result:
    r"""Minimize `L + R` weight by weight: :math:`w_i \leftarrow \mathrm{prox}_{\rho/c_i}(w_i - \partial_i L(w)/c_i)`.

    `c_i` is the loss's coordinate Lipschitz constant. For least squares and `Quadratic` it is the second derivative,
    and each step minimizes exactly over `w_i`. For other losses a step minimizes an upper bound that touches the
    objective at `w`, so the objective never rises. For convex `L` and `R` the sweeps tend to a minimizer. If `c_i` is
    0, as for a column of zeros, `M` replaces it: the loss does not depend on that weight, and repeated proximal steps
    lead it to a stationary point of `rho`, which for convex `rho` is a minimizer.

    Parameters
    ----------
    loss : Loss
    penalty : Penalty
        With numbers for its parameters.
    tolerance : float
        Positive. The solver stops as `proximal_gradient` does, with a test after each sweep.
    max_iterations : int
        The largest number of sweeps.
    start : array_like of shape (loss.size,), optional
        Zeros if not given.

    Returns
    -------
    Result
        With the last iterate; `converged` says whether it passed the test.

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
        if _are_far(weights):
            return Result(weights, _objective(loss, penalty, weights), sweep, False, _UNBOUNDED)
        stepped = _proximal_step(loss, penalty, weights, curvature)
        if done(weights, curvature * (weights - stepped)):
            weights[stepped == 0.0] = 0.0  # closer than the tolerance; only rounding may have kept it from 0
            return Result(weights, _objective(loss, penalty, weights), sweep, True, _CONVERGED)
    return Result(weights, _objective(loss, penalty, weights), max_iterations, False, _LIMIT)


def _are_far(weights):
    """Whether squares of the weights would overflow; also for NaN."""
    return not np.abs(weights).max() < _FAR


def _problem(loss, penalty, start):
    """Check the arguments common to all solvers, and return the weights to start from."""
    as_instance("loss", loss, Loss)
    require_numbers(penalty)
    if start is None:
        return np.zeros(loss.size)
    weights = as_array("start", start, shape=(loss.size,)).copy()
    if _are_far(weights):
        raise ValueError(f"start must have weights of a size below {_FAR:g}, got {np.abs(weights).max():g}")
    return weights


def _begin(loss, penalty, start, tolerance, max_iterations):
    """Return the weights to start from, and a test whether the remaining slopes are as good as 0."""
    weights = _problem(loss, penalty, start)
    as_positive("tolerance", tolerance)
    as_count("max_iterations", max_iterations)
    scale = np.abs(loss.gradient(np.zeros(loss.size))).max() or np.abs(loss.gradient(weights)).max() or 1.0
    rounding = 4 * _EPSILON * _curvature(loss)

    def done(weights, slopes):
        return np.abs(slopes).max() <= tolerance * scale + rounding * np.abs(weights).max()

    return weights, done


def _curvature(loss):
    return loss.lipschitz if loss.lipschitz > _TINY else 1.0  # a larger bound is still a bound


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
    """Halve `step` until it lowers the objective; return it with the new (weights, value, slope), or None."""
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
