"""The audit of fitted models: their weights, the gradient of their loss on the data, and their penalty."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._arguments import all_finite, as_array, as_instance, refuse_masked
from .certificate import certify, kink_and_square
from .design import gradient_of, is_dask, is_sparse, read, refuse_not_finite
from .first_order import as_names, compare, not_negative, report
from .norms import BlockPenalty
from .problem import Fitted
from .report import Audit, Names, needed_share, stacked
from .wrappers import problem_function, unwrapped

_EPS = float(np.finfo(float).eps)
_APART = 1e-3  # predictions between which slopes are compared
_SHARE = 5e-3  # of the penalty's slopes, so that a strength that is wrong by 1 % is caught


def audit_estimator(
    model: Any,
    X: Any,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    names: Iterable[str] | None = None,
    tolerance: float | None = None,
    absolute: float = 0.0,
    strength_max: bool = False,
) -> Audit:
    """Audit a fitted linear model of scikit-learn, skglm, celer, glum or statsmodels on the data that it was fitted to.

    Parameters
    ----------
    model : fitted estimator
        scikit-learn's `Lasso`, `LassoLars`, `ElasticNet`, `MultiTaskLasso`, `MultiTaskElasticNet`, `Ridge`,
        `RidgeClassifier` and `LogisticRegression`, also with cross-validation; `LassoLarsIC`, `LinearRegression`,
        `PoissonRegressor`, `GammaRegressor`, `TweedieRegressor`, and with a differentiable loss `LinearSVC`,
        `LinearSVR`, `SGDClassifier` and `SGDRegressor`; the models of skglm and celer with penalties on weights or on
        blocks of them; glum's `GeneralizedLinearRegressor`; statsmodels' `Logit` and `Poisson` after `fit_regularized`.
        Also a subclass of one of them, and a `Pipeline`, a search, a `TransformedTargetRegressor`, a
        `OneVsRestClassifier` or a `MultiOutputRegressor` or `MultiOutputClassifier` around one.
    X : array_like, sparse array, data frame, dask array, or iterable of blocks of rows
        Of shape (n, p). It is read in blocks: a memory-mapped array or one of `float32` is not copied.
        With the extra `fast`, numba compiles the loops that read it once earlier audits have read `2**24` entries.
    y : array_like of shape (n,), or (n, k) for several targets
    sample_weight : array_like of shape (n,), optional
        As given to `fit`.
    names : list of str, optional
        The names of the features for the table; by default those that the model was fitted with, or `x0`, `x1` and so
        on.
    tolerance : float, optional
        Not negative. A slope may miss by its rounding plus `tolerance*unit`, with the unit of `audit`; without a
        penalty it is the mean of the slopes of the loss at zero weights, `|sum(w*g(0))|/sum(|w|)`. By default the share
        is 0.005, so that a strength that is wrong by 1 % is caught; but where no penalty has a kink and the solver's
        rule for stopping bounds the slopes, that bound takes its place. Stochastic gradient descent does not meet the
        default, nor does a solver that stopped early, such as one at a default tolerance with a tiny strength.
    absolute : float
        Not negative; added to what a slope may miss.
    strength_max : bool
        Whether to find the strength from which all weights are zero, which costs one more gradient.

    Returns
    -------
    Audit
        With the names, `strength`, and, where the family allows it, the zeros of every exact solution. The weights are
        those of `coef_`; the last column is the intercept. Whether a weight is near zero, and so *should be zero*, is
        decided by its size times the length of its column.

    Raises
    ------
    TypeError
        If the model is not supported.
    sklearn.exceptions.NotFittedError
        A `ValueError`, if the model is not fitted.
    ValueError
        If the data are not finite or do not match the model, or if the loss is not differentiable.

    Examples
    --------
    >>> from sklearn.linear_model import Lasso
    >>> X, y = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], [3.0, 0.5, -3.0, -0.5]
    >>> report = audit_estimator(Lasso(alpha=0.5).fit(X, y), X, y)
    >>> print(report)
    3 weights: 1 certified zero, 1 on the edge, 1 stationary
    A slope may miss by 0.0025.
    beta = 0.5.
    1 of 2 zeros are zeros of every exact solution; the gap is 3e-14.
    name       weight  slope g  zero interval  slack  verdict         least beta
    x0         2       -0.5     [-0.5, 0.5]    0      stationary
    x1         0       -0.25    [-0.5, 0.5]    0.25   certified zero  50 %
    intercept  0       0        [0, 0]         0      on the edge
    """
    parts, names, several = unwrapped(model, X, y, names)
    if tolerance is not None:
        tolerance = not_negative("tolerance", tolerance)
    limits = _Limits(tolerance, not_negative("absolute", absolute), as_instance("strength_max", strength_max, bool))
    reports = [_audit_one(model, X, y, sample_weight, names, limits) for model, X, y in parts]
    return stacked(reports) if several else reports[0]


@dataclass(frozen=True)
class _Limits:
    tolerance: float | None
    absolute: float
    strength_max: bool


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused
def _audit_one(model, X, y, sample_weight, names, limits):
    problem_of, model = problem_function(model)
    _require_fitted(model, sample_weight)
    X = _features(model, X)
    coefficients = _squeezed(model.coef_)
    y = _targets(model, y, coefficients.shape[:-1], X)
    problem = problem_of(model, y, _sample_weights(sample_weight, len(y)))
    intercept = _intercept(model, coefficients.shape[:-1])
    samples = problem.sample_weight / problem.divisor
    reading = read(X, coefficients, intercept, problem.loss, problem.y, samples)
    if not reading.is_finite():
        refuse_not_finite(X)  # only now: reading every entry costs as much as a product
    fitted = _fitted(problem, reading, coefficients, intercept, samples, model.fit_intercept)
    groups = _groups(problem, coefficients.shape[-1])
    compared = compare(fitted.weights, fitted.slopes, groups)
    start = _predictions_of_no_weights(problem, model.fit_intercept, fitted.predictions.shape)
    threshold = _threshold(problem, fitted, compared, start, limits, _precision(model))
    if not all_finite(threshold):
        raise ValueError("X and y must have entries whose squares are finite floats, got larger ones")
    return report(
        fitted.weights, fitted.slopes, compared, threshold, fitted.norms,
        name_of=_names(model, names, coefficients.shape[-1]),
        strength=problem.strength,
        strength_max=_strength_max(problem, X, start, fitted, groups) if limits.strength_max else None,
        certificate=certify(problem, fitted, groups, compared),
    )  # fmt: skip


def _fitted(problem, reading, coefficients, intercept, samples, fit_intercept):
    """Return the weights with what one pass over the data gives."""
    unit = (problem.intercept_scaling or 1.0) if fit_intercept else None
    sizes, total = np.sqrt(reading.squares), samples.sum(axis=0)
    norms = sizes
    if fit_intercept and problem.intercept_scaling is None and reading.sums is not None:
        # with an intercept, the slopes of the samples at any optimum add up to 0: a constant may go
        mean = reading.sums**2 / np.expand_dims(total, -1)
        rest = np.maximum(reading.squares - mean, 0.0)
        norms = np.sqrt(rest + 8 * np.sqrt(len(samples)) * _EPS * reading.squares)
    if samples.ndim < reading.sample_slopes.ndim:
        samples = samples[:, np.newaxis]
    weights, slopes = coefficients, reading.gradient
    moved = np.nonzero(weights != 0)
    reach = np.sum(np.broadcast_to(sizes, weights.shape)[moved] * np.abs(weights[moved]))
    reach += np.sqrt(np.sum(samples * (problem.y**2 + intercept**2)))
    pull = np.sqrt(np.sum(samples * reading.sample_slopes**2))
    if unit is not None:
        ends = np.broadcast_to(unit * np.sqrt(total), norms.shape[:-1])
        is_centered = norms is not sizes
        weights, sizes = _with_last(weights, intercept / unit), _with_last(sizes, ends)
        norms = _with_last(norms, ends) if is_centered else sizes
        slopes = _with_last(slopes, unit * (samples * reading.sample_slopes).sum(axis=0))
    curvature = _curvature(problem, reading.predictions)
    step = _EPS * (8 + np.sqrt(len(samples)))
    error, rounding = step * reach, sizes * (step * (pull + curvature * reach))
    return Fitted(
        weights, slopes, norms, reading.predictions, reading.sample_slopes, samples,
        fit_intercept and problem.intercept_scaling is None, error, rounding,
    )  # fmt: skip


def _curvature(problem, predictions):
    """Return the bound on the second derivative of the loss, or the largest one at the predictions if there is none."""
    if np.isfinite(problem.loss.curvature):
        return problem.loss.curvature
    ahead = problem.loss.slope(predictions + _APART, problem.y)
    return float(np.abs(ahead - problem.loss.slope(predictions, problem.y)).max()) / _APART


def _threshold(problem, fitted, compared, start, limits, precision):
    """Return what a slope may miss: rounding and a share of the unit; without a kink, what the solver's rule allows.

    Such a solver also stops where the objective no longer changes. Within rounding of its least value a slope may be as
    large as the curvature allows, but no larger than a share of the penalty's slopes.
    """
    share, rounding = limits.tolerance, fitted.rounding
    if precision != _EPS:
        rounding = rounding * (precision / _EPS)
    largest = compared.largest or _mean_slope(problem, fitted, start)
    allowed = compared.tolerated(_SHARE if share is None else share, largest)
    if share is None and problem.slope_stop is not None and np.isnan(compared.unit).all():
        if problem.strength:
            allowed = np.full(fitted.slopes.shape, _SHARE * np.abs(fitted.slopes).max())
        losses = problem.loss.value(fitted.predictions, problem.y)
        change = 64 * precision * max(abs(float((fitted.sample_weights.T * losses.T).sum())), 1.0)
        flat = np.sqrt(2 * _curvature(problem, fitted.predictions) * change) * fitted.norms
        allowed = np.maximum(problem.slope_stop, np.minimum(flat, allowed))
    allowed += rounding
    return allowed + limits.absolute if limits.absolute else allowed


def _precision(model):
    """Return the unit of rounding of the model's weights."""
    kind = np.asarray(model.coef_).dtype
    return float(np.finfo(kind).eps) if kind.kind == "f" else _EPS


def _require_fitted(model, sample_weight):
    from sklearn.utils.validation import check_is_fitted, has_fit_parameter

    if not hasattr(model, "coef_"):  # the check itself takes 0.1 ms
        check_is_fitted(model)
    missing = [name for name in ("coef_", "intercept_", "n_features_in_") if not hasattr(model, name)]
    if missing:
        raise ValueError(f"model must have the attributes of a fitted model, got none called {' or '.join(missing)}")
    if sample_weight is None:
        return
    if not (hasattr(model, "fit") and has_fit_parameter(model, "sample_weight")):
        raise ValueError(f"sample_weight must be None for {type(model).__name__}, which takes none")


def _features(model, X):
    """Return `X` in a form that can be read in blocks, without looking at its entries."""
    features = model.n_features_in_
    if is_sparse(X):
        if X.dtype.kind not in "biuf":
            raise TypeError(f"X must hold real numbers, got dtype {X.dtype}")
        X = X if X.format in ("csr", "csc") else X.tocsr()
        if not X.has_canonical_format:  # several numbers for one entry
            X = X.copy()
            X.sum_duplicates()
    elif hasattr(X, "columns"):
        _require_the_same_columns(model, X)
    elif is_dask(X):
        X = X if np.isfinite(X.shape).all() else X.compute_chunk_sizes()
    elif _is_in_batches(X):
        return X
    else:
        refuse_masked("X", X)
        X = X if hasattr(X, "dtype") and np.ndim(X) == 2 else _as_rectangle(X)
        if X.dtype.kind not in "biuf":
            raise TypeError(f"X must hold real numbers, got dtype {X.dtype}")
    if len(X.shape) != 2 or X.shape[1] != features:
        raise ValueError(f"X must have shape (n, {features}), got {X.shape}")
    return X


def _as_rectangle(X):
    try:
        return np.asarray(X)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"X must be a rectangular array, got {type(X).__name__}") from error


def _is_in_batches(X):
    """Whether `X` is an iterable of blocks of rows: an iterator, or a list of arrays of two dimensions."""
    if hasattr(X, "shape") or isinstance(X, (str, bytes, dict)) or not isinstance(X, Iterable):
        return False
    return not isinstance(X, (list, tuple)) or (len(X) > 0 and len(getattr(X[0], "shape", ())) == 2)


def _require_the_same_columns(model, X):
    """Refuse a data frame whose columns are not those of `fit`, in the same order, as scikit-learn does."""
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is None:
        return
    given = list(X.columns)
    if given == list(fitted):
        return
    if sorted(map(str, given)) == sorted(map(str, fitted)):
        raise ValueError(f"X must have its columns in the order of fit, {list(fitted)}, got {given}")
    raise ValueError(f"X must have the columns of fit, {list(fitted)}, got {given}")


def _squeezed(coefficients):
    """Return the coefficients as a vector for one output, otherwise with one row per output."""
    dense = coefficients.toarray() if is_sparse(coefficients) else coefficients
    return as_array("coef_", dense[0] if np.ndim(dense) == 2 and len(dense) == 1 else dense)


def _intercept(model, outputs):
    """Return the intercept of each output."""
    intercept = np.squeeze(as_array("intercept_", model.intercept_))
    if intercept.shape not in ((), outputs):
        raise ValueError(f"intercept_ must have shape {outputs}, got {intercept.shape}")
    if not model.fit_intercept and intercept.any():
        raise ValueError(f"intercept_ must be 0 for a model with fit_intercept=False, got {intercept}")
    return np.broadcast_to(intercept, outputs)


def _targets(model, y, outputs, X):
    """Return `y` as floats; for a classifier the index of the class."""
    samples = X.shape[0] if hasattr(X, "shape") else len(np.asarray(y))
    if not hasattr(model, "classes_"):
        given = np.asarray(y)
        y = as_array("y", given.astype(float) if given.dtype.kind == "b" else y)
        return (
            y.reshape(samples)
            if outputs == () and y.shape == (samples, 1)
            else as_array("y", y, shape=(samples, *outputs))
        )
    labels = np.asarray(y)
    labels = labels.reshape(samples) if labels.shape == (samples, 1) else labels
    if labels.shape != (samples,):
        raise ValueError(f"y must have shape {(samples,)}, got {labels.shape}")
    if labels.dtype.kind == "f":
        as_array("y", labels)
    try:
        present = np.unique(labels)
    except TypeError as error:
        raise TypeError(f"y must hold the model's classes {model.classes_.tolist()}, got mixed types") from error
    if not np.array_equal(present, np.sort(model.classes_)):
        raise ValueError(
            f"y must hold the model's classes {model.classes_.tolist()}, all of them, got {present.tolist()}"
        )
    return np.searchsorted(model.classes_, labels).astype(float)


def _sample_weights(sample_weight, samples):
    if sample_weight is None:
        return np.ones(samples)
    weights = as_array("sample_weight", sample_weight, shape=(samples,))
    if (weights < 0).any() or not weights.any():
        raise ValueError("sample_weight must not be negative, and not all 0")
    return weights


def _predictions_of_no_weights(problem, fit_intercept, shape):
    """Return the predictions with all weights at zero: the best intercept, if the model has an unpenalized one."""
    if not fit_intercept or problem.intercept_scaling:
        return np.zeros(shape)
    with np.errstate(divide="ignore"):
        constant = problem.loss.best_constant(problem.y, problem.sample_weight)
    if not np.isfinite(constant).all():
        if np.abs(problem.y).max() > 1 or not problem.y.any():  # these are no labels
            raise ValueError("y must have a mean that a model without weights can predict, and that is a finite float")
        raise ValueError("sample_weight must leave each class a weight, got 0 for a whole class")
    return np.broadcast_to(constant, shape)


def _pulls(problem, predictions):
    """Return `s_j*dl/df/N` for each sample at the predictions `f`."""
    weights = problem.sample_weight / problem.divisor
    return (problem.loss.slope(predictions, problem.y).T * weights.T).T


def _mean_slope(problem, fitted, start):
    """Return the mean of the slopes at zero weights, averaged by the sizes of the weights.

    The sum of `w_i*g_i(0)` equals the sum of the samples' slopes at zero times the change of their predictions, so it
    needs no product with X.
    """
    weights = fitted.weights[..., :-1] if fitted.free_intercept else fitted.weights
    total = np.abs(weights).sum()
    return float(abs((_pulls(problem, start) * (fitted.predictions - start)).sum()) / total) if total else 0.0


def _with_last(array, last):
    return np.concatenate([array, np.asarray(last)[..., np.newaxis]], axis=-1)


def _groups(problem, features):
    intercept = problem.penalties[0][0] if problem.intercept_scaling else None
    return [*problem.penalties, (intercept, np.s_[..., features:])]


def _names(model, names, features):
    """Return the function that names a column of the weights."""
    known = getattr(model, "feature_names_in_", None) if names is None else as_names(names, features)
    return Names(known if known is None else tuple(map(str, known)), features)


def _strength_max(problem, X, start, fitted, groups):
    """Return the least strength at which all zeros are a minimum, from the slopes there; None if there is none.

    It is known only where the penalty is convex and every weight but the intercept has a kink.
    """
    penalties = [penalty for penalty, _ in problem.penalties]
    if problem.strength is None or not all(map(_is_convex, penalties)):
        return None
    pulls, ends = _pulls(problem, start), fitted.weights.shape[-1]
    features = groups[-1][1][-1].start
    slopes = gradient_of(X, pulls, features)
    if ends > features:
        slopes = _with_last(slopes, (problem.intercept_scaling or 1.0) * pulls.sum(axis=0))
    there = compare(np.zeros(fitted.weights.shape), slopes, groups)
    penalized = slice(features if fitted.free_intercept else ends)
    share = needed_share(there.felt, there.low, there.high)[..., penalized].max()
    return problem.strength * float(share) if np.isfinite(share) else None


def _is_convex(penalty):
    return isinstance(penalty, BlockPenalty) or (penalty is not None and kink_and_square(penalty) is not None)
