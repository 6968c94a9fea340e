"""The audit of fitted models: their weights, the gradient of their loss on the data, and their penalty."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._arguments import as_array, as_array_of_any_value
from .adapters import PROBLEMS
from .first_order import as_names, audit_in_groups
from .report import Audit, needed_share


def audit_estimator(
    model: Any,
    X: Any,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    names: Iterable[str] | None = None,
    tolerance: float = 1e-3,
    absolute: float = 1e-12,
) -> Audit:
    """Audit a fitted linear model of scikit-learn, skglm or celer on the data that it was fitted to.

    Parameters
    ----------
    model : fitted estimator
        scikit-learn's `Lasso`, `LassoCV`, `LassoLars`, `ElasticNet`, `ElasticNetCV`, `Ridge`, `LogisticRegression`,
        `SGDClassifier` and `SGDRegressor` (with a differentiable loss), skglm's `Lasso`, `MCPRegression` and
        `SparseLogisticRegression`, celer's `Lasso`, or a `Pipeline` that ends in one of them.
    X : array_like or sparse array of shape (n, p)
    y : array_like of shape (n,), or (n, k) for several targets
    sample_weight : array_like of shape (n,), optional
        As given to `fit`.
    names : list of str, optional
        The names of the features for the table; by default those that the model was fitted with, or `x0`, `x1` and so
        on.
    tolerance, absolute : float
        Not negative. A slope may miss by `absolute + tolerance*scale`, where the scale is the largest slope of the loss
        at the weights, or the mean of its slopes at zero weights, `|sum(w*g(0))|/sum(|w|)`, if that is larger. The
        default is met by scikit-learn's, skglm's and celer's solvers for the lasso, the elastic net, ridge and logistic
        regression at their default tolerances on standardized features. It is not met by stochastic gradient descent,
        nor by a solver that warned that it did not converge.

    Returns
    -------
    Audit
        With the names, `strength` and `strength_max`. The weights are those of `coef_`; the last column is the
        intercept.

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
    A slope may miss by 0.0015.
    beta = 0.5; all weights are zero from beta = 1.5 on.
    name       weight  slope g  zero interval  slack  verdict         least beta
    x0         2       -0.5     [-0.5, 0.5]    0      stationary
    x1         0       -0.25    [-0.5, 0.5]    0.25   certified zero  50 %
    intercept  0       0        [0, 0]         0      on the edge
    """
    model, X = _last_step(model, X)
    problem_of = _problem_of(model)
    _require_fitted(model, sample_weight)
    X = _features(model, X)
    coefficients = _squeezed(model.coef_)
    y = _targets(model, y, coefficients.shape[:-1], X.shape[0])
    problem = problem_of(model, y, _sample_weights(sample_weight, X.shape[0]))
    intercept = np.broadcast_to(np.squeeze(model.intercept_), coefficients.shape[:-1])
    predictions = X @ coefficients.T + intercept
    unit = (problem.intercept_scaling or 1.0) if model.fit_intercept else None
    slopes = _gradient(problem, X, predictions, unit)
    if not np.isfinite(slopes).all():
        as_array("X", X.data if _is_sparse(X) else X)  # only now: reading every entry costs as much as a product
        raise ValueError("X must have entries whose products are finite floats, got larger ones")
    weights = coefficients if unit is None else _with_last(coefficients, intercept / unit)
    start = _predictions_of_no_weights(problem, model.fit_intercept, predictions.shape)
    penalized = weights if problem.intercept_scaling else coefficients
    return audit_in_groups(
        weights,
        slopes,
        _groups(problem, X.shape[1]),
        tolerance=tolerance,
        absolute=absolute,
        scale=_scale(penalized, slopes, _sample_slopes(problem, start), predictions - start),
        name_of=_names(model, names, X.shape[1]),
        strength=problem.strength,
        find_strength_max=lambda report: _strength_max(report, _gradient(problem, X, start, unit)),
    )


def _last_step(model, X):
    """Return a pipeline's last step with the data that reach it; return any other model unchanged."""
    from sklearn.pipeline import Pipeline

    if not isinstance(model, Pipeline):
        return model, X
    _problem_of(model[-1])
    return model[-1], model[:-1].transform(X) if len(model) > 1 else X


def _problem_of(model):
    """Return the function that describes what `model` minimizes."""
    kind = type(model)
    key = f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
    if key not in PROBLEMS:
        raise TypeError(
            f"model must be one of the fitted estimators {', '.join(PROBLEMS)}, "
            f"or a Pipeline that ends in one, got {key}; for any other model call exactzeros.audit "
            "with its weights, the gradient of its loss, and its penalty"
        )
    return PROBLEMS[key]


def _require_fitted(model, sample_weight):
    from sklearn.utils.validation import check_is_fitted, has_fit_parameter

    if not hasattr(model, "coef_"):  # the check itself takes 0.1 ms
        check_is_fitted(model)
    if sample_weight is not None and not has_fit_parameter(model, "sample_weight"):
        raise ValueError(f"sample_weight must be None for {type(model).__name__}, which takes none")


def _is_sparse(X):
    """Whether `X` is one of SciPy's sparse arrays, without importing them."""
    return hasattr(X, "tocsr")


def _features(model, X):
    """Return `X` as a dense or sparse array with the model's number of columns, without looking at its entries."""
    if _is_sparse(X):
        if X.dtype.kind not in "iuf":
            raise TypeError(f"X must hold real numbers, got dtype {X.dtype}")
        X = X if X.format in ("csr", "csc") else X.tocsr()
    else:
        X = as_array_of_any_value("X", X)
    if X.ndim != 2 or X.shape[1] != model.n_features_in_:
        raise ValueError(f"X must have shape (n, {model.n_features_in_}), got {X.shape}")
    return X


def _squeezed(coefficients):
    """Return the coefficients as a vector for one output, otherwise with one row per output."""
    dense = coefficients.toarray() if _is_sparse(coefficients) else coefficients
    return as_array("coef_", dense[0] if np.ndim(dense) == 2 and len(dense) == 1 else dense)


def _targets(model, y, outputs, samples):
    """Return `y` as floats; for a classifier the index of the class."""
    if not hasattr(model, "classes_"):
        y = as_array("y", y)
        return (
            y.reshape(samples)
            if outputs == () and y.shape == (samples, 1)
            else as_array("y", y, shape=(samples, *outputs))
        )
    labels = np.asarray(y)
    if labels.shape != (samples,):
        raise ValueError(f"y must have shape {(samples,)}, got {labels.shape}")
    if labels.dtype.kind == "f":
        as_array("y", labels)
    present = np.unique(labels)
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
        raise ValueError("sample_weight must leave each class a weight, got 0 for a whole class")
    return np.broadcast_to(constant, shape)


def _gradient(problem, X, predictions, unit):
    """Return the slopes of the loss; the last is the intercept's, unless its constant feature `unit` is None."""
    samples = _sample_slopes(problem, predictions)
    slopes = (X.T @ samples).T
    return slopes if unit is None else _with_last(slopes, unit * samples.sum(axis=0))


def _sample_slopes(problem, predictions):
    """Return `s_j*dl/df/N` for each sample at the predictions `f`."""
    weights = problem.sample_weight / problem.divisor
    return (problem.loss.slope(predictions, problem.y).T * weights.T).T


def _scale(weights, slopes, samples_at_zero, change):
    """Return the largest slope, or the mean slope at zero weights, averaged by the sizes of the weights, if larger.

    The sum of `w_i*g_i(0)` equals the sum of the samples' slopes at zero times the change of their predictions, so it
    needs no product with X.
    """
    total = np.abs(weights).sum()
    mean = abs((samples_at_zero * change).sum()) / total if total else 0.0
    return float(max(slopes.max(), -slopes.min(), mean))


def _with_last(array, last):
    return np.concatenate([array, np.asarray(last)[..., np.newaxis]], axis=-1)


def _groups(problem, features):
    intercept = problem.penalties[0][0] if problem.intercept_scaling else None
    return [*problem.penalties, (intercept, np.s_[..., features:])]


def _names(model, names, features):
    """Return the function that names a column of the weights."""
    known = getattr(model, "feature_names_in_", None) if names is None else as_names(names, features)

    def name(column):
        if column == features:
            return "intercept"
        return f"x{column}" if known is None else str(known[column])

    return name


def _strength_max(report, start):
    """Return the least strength at which all zeros are stationary, given the slopes there; None if there is none."""
    penalized = (report.low != 0) | (report.high != 0)
    if report.strength is None or not penalized.any():
        return None
    return report.strength * float(needed_share(start, report.low, report.high)[penalized].max())
