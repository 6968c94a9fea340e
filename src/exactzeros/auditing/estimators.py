r"""The audit of fitted models: what each estimator minimizes, as a loss and a penalty of the book.

Every loss here is :math:`L(w, b) = \frac{1}{N} \sum_j s_j\, \ell(x_j \cdot w + b,\, y_j)` with the sample weights `s`,
all 1 where none are given, and a divisor `N`. An estimator's objective, divided by what makes its loss equal to `L`,
leaves the penalty of the book, and its strength `beta`. The intercept `b` is a weight without penalty, except in
liblinear.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from .. import catalog
from .._arguments import as_array, as_array_of_any_value
from ..penalty import Penalty, w
from .report import Audit, as_names, audit_in_groups, needed_share


@dataclass(frozen=True, eq=False)
class Problem:
    """What an estimator minimizes: the mean of `loss` with the weights `s` and the divisor `N`, and the penalties.

    Attributes
    ----------
    slope : function
        Of the predictions and `y`: the derivative of each sample's loss with respect to its prediction.
    y, sample_weight : numpy.ndarray
        What the predictions are compared with, and `s`; one row a sample.
    divisor : float
        `N`.
    penalties : list
        Pairs of a penalty (None for none) and the index of its coefficients.
    strength : float or None
        `beta`; None where there is no penalty, or not one number.
    intercept_scaling : float or None
        The constant feature whose weight, penalized, is the intercept; None for an intercept without penalty.
    """

    slope: object
    y: np.ndarray
    sample_weight: np.ndarray
    divisor: float
    penalties: list
    strength: float | None
    intercept_scaling: float | None = None


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
    """Audit a fitted linear model of scikit-learn, skglm or celer on the data it was fitted to.

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
        The features' names for the table; by default those that the model was fitted with, else `x0`, `x1` and so on.
    tolerance, absolute : float
        Not negative. A slope may miss by `absolute + tolerance*scale`, where the scale is the largest slope of the loss
        at the weights, or the mean of its slopes at zero weights, `|sum(w*g(0))|/sum(|w|)`, if that is larger. The
        default is met by scikit-learn's, skglm's and celer's solvers for the lasso, the elastic net, ridge and logistic
        regression at their default tolerances on standardized features. It is not met by stochastic gradient descent,
        nor by a solver that warned that it did not converge.

    Returns
    -------
    Audit
        With the names, `strength` and `strength_max`. The weights are those of `coef_`, and a last column for the
        intercept.

    Raises
    ------
    TypeError
        For a model that is not supported.
    sklearn.exceptions.NotFittedError
        A `ValueError`, for a model that is not fitted.
    ValueError
        For data that are not finite or do not fit the model, and for a loss that is not differentiable.

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
    convert = _conversion(model)
    _require_fitted(model, sample_weight)
    X = _features(model, X)
    coefficients = _squeezed(model.coef_)
    y = _targets(model, y, coefficients.shape[:-1], X.shape[0])
    problem = convert(model, y, _sample_weights(sample_weight, X.shape[0]), np.s_[..., : X.shape[1]])
    outputs = coefficients.shape[:-1]
    intercept = np.asarray(model.intercept_, dtype=float)
    intercept = (
        intercept.reshape(outputs) if intercept.size == 1 and outputs == () else np.broadcast_to(intercept, outputs)
    )
    predictions = X @ coefficients.T + intercept
    constant = (
        _best_constant(problem, y)
        if model.fit_intercept and not problem.intercept_scaling
        else np.zeros(predictions.shape[1:])
    )
    start = np.broadcast_to(constant, predictions.shape)
    unit = problem.intercept_scaling or 1.0

    def gradient(predictions):
        samples = _sample_slopes(problem, predictions)
        found = (X.T @ samples).T
        return _with_last(found, unit * samples.sum(axis=0)) if model.fit_intercept else found

    slopes = gradient(predictions)
    weights = _with_last(coefficients, intercept / unit) if model.fit_intercept else coefficients
    if not np.isfinite(slopes).all():
        as_array("X", X.data if _is_sparse(X) else X)  # only now: looking at each entry costs as much as a product
        raise ValueError("X must have entries whose products are finite floats, got larger ones")
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
        find_strength_max=lambda report: _strength_max(report, gradient(start)),
    )


def _last_step(model, X):
    """Return a pipeline's last step with the data that reach it, and anything else as it is."""
    from sklearn.pipeline import Pipeline

    if not isinstance(model, Pipeline):
        return model, X
    _conversion(model[-1])
    return model[-1], model[:-1].transform(X) if len(model) > 1 else X


def _conversion(model):
    """Return the function that says what `model` minimizes."""
    kind = type(model)
    key = f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
    if key not in _CONVERSIONS:
        raise TypeError(
            f"model must be a fitted estimator out of {', '.join(_CONVERSIONS)}, "
            f"or a Pipeline that ends in one, got {key}; for any other model call exactzeros.audit "
            "with its weights, the gradient of its loss, and its penalty"
        )
    return _CONVERSIONS[key]


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
    """Return `X` as a dense or sparse array with the model's number of columns; its entries are not looked at."""
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
    """Return the coefficients as a vector where there is one output, else as one row an output."""
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


def _sample_slopes(problem, predictions):
    """Return `s_j*dl/df/N` for each sample, at the predictions `f`."""
    weights = problem.sample_weight / problem.divisor
    return (problem.slope(predictions, problem.y).T * weights.T).T


def _scale(weights, slopes, samples_at_zero, change):
    """Return the largest slope, or the mean slope at zero weights if larger: the mean over the weights by their sizes.

    The sum of `w_i*g_i(0)` is that of the samples' slopes at zero times the change of their predictions: no product
    with X.
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
    """Return the least strength at which all zeros are stationary, given the slopes there; None where there is none."""
    penalized = (report.low != 0) | (report.high != 0)
    if report.strength is None or not penalized.any():
        return None
    return report.strength * float(needed_share(start, report.low, report.high)[penalized].max())


def _best_constant(problem, y):
    """Return the constant prediction, one an output, with the smallest loss: where its derivative changes sign."""
    if problem.slope is squared:
        return problem.sample_weight @ problem.y / problem.sample_weight.sum()
    if problem.slope is softmax:
        return np.log(problem.sample_weight @ problem.y)
    from scipy.optimize import brentq

    def best(y, weights):
        bound = 40.0 if problem.slope is logistic else np.abs(y).max() + 1.0
        return brentq(
            lambda constant: weights @ problem.slope(np.full(y.shape, constant), y), -bound, bound, xtol=1e-14
        )

    columns = problem.y.reshape(len(y), -1).T
    weights = np.broadcast_to(problem.sample_weight.reshape(len(y), -1).T, columns.shape)
    return np.reshape([best(*each) for each in zip(columns, weights, strict=True)], problem.y.shape[1:])


def squared(predictions, y):
    """The derivative of `(f - y)**2/2` in `f`."""
    return predictions - y


def logistic(predictions, y):
    """The derivative of `log(1 + exp(-y*f))` for labels -1 and 1."""
    return -y * np.exp(-np.logaddexp(0.0, y * predictions))


def softmax(predictions, y):
    """The derivative of `log(sum(exp(f))) - f[class]`, where `y` has a 1 in the column of the class."""
    powers = np.exp(predictions - predictions.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) - y


def _squared_hinge(predictions, y):
    return -2 * y * np.maximum(1 - y * predictions, 0.0)


def _modified_huber(predictions, y):
    return -2 * y * np.clip(1 - y * predictions, 0.0, 2.0)


def _huber(epsilon):
    return lambda predictions, y: np.clip(predictions - y, -epsilon, epsilon)


def _squared_epsilon_insensitive(epsilon):
    return lambda predictions, y: 2 * (predictions - y - np.clip(predictions - y, -epsilon, epsilon))


@lru_cache(maxsize=256)  # a penalty derives its slopes once
def elastic_net(strength, l1_ratio=1.0, positive=False):
    r"""Return :math:`\beta (a |w| + (1 - a) w^2/2)` with `a = l1_ratio`, on `w >= 0` only if `positive`.

    It is `catalog.l1()` for `a = 1`, `catalog.l2()` with the strength `beta/2` for `a = 0`, and no penalty (None) for
    `beta = 0`.
    """
    if strength == 0:
        return catalog.nonnegative() if positive else None
    if l1_ratio == 0:
        penalty = catalog.l2().at(beta=strength / 2)
    else:
        penalty = (
            catalog.l1().at(beta=strength) if l1_ratio == 1 else catalog.elastic_net().at(beta=strength, a=l1_ratio)
        )
    return on_half_line(penalty) if positive else penalty


def on_half_line(penalty):
    """Return the penalty with the constraint `w >= 0`."""
    return Penalty(sp.Piecewise((penalty.expression, w >= 0), (sp.oo, True)))


@lru_cache(maxsize=256)
def _mcp(strength, gamma, positive):
    if np.isinf(gamma):
        return elastic_net(strength, 1.0, positive)
    penalty = catalog.mcp().at(beta=strength, gamma=gamma)
    return on_half_line(penalty) if positive else penalty


def coordinate_descent(model, y, sample_weight, all_of_them):
    r"""The lasso and the elastic net of scikit-learn, in all forms, and skglm's `Lasso`: `beta = alpha`.

    They minimize :math:`\frac{1}{2n}\sum_j s_j (y_j - f_j)^2 + \alpha (a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2)`, with `a =
    l1_ratio` (1 for the lasso), and scale the sample weights so that they add up to `n` first. That is the loss with
    :math:`N = \sum_j s_j`, and the elastic net of strength `alpha` as it stands. The models with cross-validation keep
    what they chose in `alpha_`.
    """
    strength = float(model.alpha_ if hasattr(model, "alpha_") else model.alpha)
    ratio = float(getattr(model, "l1_ratio_", getattr(model, "l1_ratio", 1.0)))
    penalty = elastic_net(strength, ratio, model.positive)
    return Problem(squared, y, sample_weight, sample_weight.sum(), [(penalty, all_of_them)], strength or None)


def ridge(model, y, sample_weight, all_of_them):
    r"""`Ridge`: `beta = alpha/(2*sum(s))`.

    It minimizes :math:`\sum_j s_j (y_j - f_j)^2 + \alpha \|w\|_2^2`. Divided by :math:`2 \sum_j s_j`, the loss is that
    of the lasso, and the penalty :math:`\frac{\alpha}{2 \sum_j s_j} w^2` for each weight: `catalog.l2()`. `alpha` may
    have one value for each target.
    """
    total = sample_weight.sum()
    positive = bool(model.positive)
    if np.ndim(model.alpha) == 0:
        strength = float(model.alpha) / (2 * total)
        return Problem(
            squared,
            y,
            sample_weight,
            total,
            [(elastic_net(2 * strength, 0.0, positive), all_of_them)],
            strength or None,
        )
    rows = [
        (elastic_net(float(alpha) / total, 0.0, positive), (k, all_of_them[1])) for k, alpha in enumerate(model.alpha)
    ]
    if y.ndim == 1:
        rows = [(rows[0][0], all_of_them)]
    return Problem(squared, y, sample_weight, total, rows, None)


def logistic_regression(model, y, sample_weight, all_of_them):
    r"""`LogisticRegression`: `beta = 1/(C*sum(s))`, for the L2 penalty (`l1_ratio = 0`) half of it.

    It minimizes :math:`C \sum_j s_j \ell_j + a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2`, with `a = l1_ratio`, after
    multiplying the sample weights by those of the classes. Divided by :math:`C \sum_j s_j`, that is the mean loss and
    the elastic net of strength :math:`1/(C \sum_j s_j)`; for `a = 0` it is :math:`\beta w^2` with half of that. The
    loss is the logistic one for two classes, and that of softmax for more. liblinear takes the intercept for the weight
    of one more feature, a constant `intercept_scaling`, and penalizes it like the others.
    """
    sample_weight = sample_weight * _class_weights(model, y, sample_weight)
    total = sample_weight.sum()
    ratio = {"l1": 1.0, "l2": 0.0}.get(model.penalty, float(model.l1_ratio or 0.0))
    strength = 0.0 if model.penalty is None or np.isinf(model.C) else 1 / (float(model.C) * total)
    slope, y = (
        (logistic, 2 * y - 1) if len(model.classes_) == 2 else (softmax, np.eye(len(model.classes_))[y.astype(int)])
    )
    return Problem(
        slope, y, sample_weight, total, [(elastic_net(strength, ratio), all_of_them)], _named(strength, ratio),
        float(model.intercept_scaling) if model.solver == "liblinear" else None,
    )  # fmt: skip


def stochastic_gradient(model, y, sample_weight, all_of_them):
    r"""`SGDRegressor` and `SGDClassifier`: `beta = alpha`, for the L2 penalty half of it.

    They minimize :math:`\frac{1}{n}\sum_j s_j \ell_j + \alpha (a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2)`: the divisor is
    the number of samples, not the sum of their weights, since each step follows the penalty as much, however little its
    sample weighs. `a` is 0 for `penalty="l2"`, 1 for "l1" and `l1_ratio` for "elasticnet". More than two classes are as
    many problems, one class against the rest, in which the class weight counts for the class alone.
    """
    slope = _differentiable_loss(model)
    ratio = {"l1": 1.0, "l2": 0.0}.get(model.penalty, float(model.l1_ratio or 0.0))
    strength = 0.0 if model.penalty is None else float(model.alpha)
    if hasattr(model, "classes_"):
        weights = _class_weights(model, y)
        if len(model.classes_) > 2:
            y = 2 * np.eye(len(model.classes_))[y.astype(int)] - 1
            sample_weight = sample_weight[:, np.newaxis] * np.where(y > 0, weights[:, np.newaxis], 1.0)
        else:
            y, sample_weight = 2 * y - 1, sample_weight * weights
    return Problem(
        slope, y, sample_weight, len(y), [(elastic_net(strength, ratio), all_of_them)], _named(strength, ratio)
    )


def weighted_lasso(model, y, sample_weight, all_of_them):
    r"""celer's `Lasso`: `beta = alpha` times the feature's own weight.

    It minimizes :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \alpha \sum_i \omega_i |w_i|` with :math:`\omega_i` =
    `weights`, all 1 by default.
    """
    return _with_weights(
        lambda factor: elastic_net(float(model.alpha) * factor, 1.0, model.positive),
        model,
        y,
        sample_weight,
        all_of_them,
    )


def mcp_regression(model, y, sample_weight, all_of_them):
    r"""skglm's `MCPRegression`: `beta = alpha` and `gamma = gamma`.

    It minimizes :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \sum_i \omega_i \rho(w_i)` with the penalty of
    `catalog.mcp()`, and :math:`\omega_i` = `weights`, all 1 by default.
    """

    def penalty(factor):
        plain = _mcp(float(model.alpha), float(model.gamma), model.positive)
        return plain if factor == 1 or plain is None else Penalty(sp.Rational(factor) * plain.expression)

    return _with_weights(penalty, model, y, sample_weight, all_of_them)


def sparse_logistic(model, y, sample_weight, all_of_them):
    r"""skglm's `SparseLogisticRegression`: `beta = alpha`.

    It minimizes :math:`\frac{1}{n}\sum_j \log(1 + e^{-y_j f_j}) + \alpha (a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2)` with
    `a = l1_ratio`: the mean loss and the elastic net as they stand. More than two classes are as many problems, one
    class against the rest.
    """
    strength, ratio, classes = float(model.alpha), float(model.l1_ratio), len(model.classes_)
    y = 2 * y - 1 if classes == 2 else 2 * np.eye(classes)[y.astype(int)] - 1
    return Problem(
        logistic, y, sample_weight, len(y), [(elastic_net(strength, ratio), all_of_them)], _named(strength, ratio)
    )


def _with_weights(penalty, model, y, sample_weight, all_of_them):
    if model.weights is None:
        penalties = [(penalty(1.0), all_of_them)]
    else:
        factors = np.asarray(model.weights, dtype=float)
        penalties = [(penalty(float(factor)), np.flatnonzero(factors == factor)) for factor in np.unique(factors)]
    return Problem(squared, y, sample_weight, sample_weight.sum(), penalties, float(model.alpha) or None)


def _named(strength, ratio):
    """Return the strength under the book's name: for a pure L2 penalty `beta*w**2`, half of the estimator's."""
    return (strength if ratio else strength / 2) or None


def _class_weights(model, y, sample_weight=None):
    """Return the factor of each sample's weight that the weights of the classes make."""
    from sklearn.utils.class_weight import compute_sample_weight

    if model.class_weight is None:
        return np.ones(len(y))
    if model.class_weight == "balanced":
        sizes = np.bincount(y.astype(int), weights=sample_weight)
        return (sizes.sum() / (len(sizes) * sizes))[y.astype(int)]
    return compute_sample_weight(model.class_weight, model.classes_[y.astype(int)])


def _differentiable_loss(model):
    losses = {
        "log_loss": logistic,
        "squared_hinge": _squared_hinge,
        "modified_huber": _modified_huber,
        "squared_error": squared,
        "huber": _huber(model.epsilon),
        "squared_epsilon_insensitive": _squared_epsilon_insensitive(model.epsilon),
    }
    if model.loss not in losses:
        raise ValueError(f"model must have a differentiable loss, one of {', '.join(losses)}, got {model.loss!r}")
    return losses[model.loss]


_CONVERSIONS = {
    **{
        f"sklearn.{name}": coordinate_descent
        for name in ("Lasso", "LassoCV", "LassoLars", "ElasticNet", "ElasticNetCV")
    },
    "sklearn.Ridge": ridge,
    "sklearn.LogisticRegression": logistic_regression,
    "sklearn.SGDClassifier": stochastic_gradient,
    "sklearn.SGDRegressor": stochastic_gradient,
    "skglm.Lasso": coordinate_descent,
    "skglm.MCPRegression": mcp_regression,
    "skglm.SparseLogisticRegression": sparse_logistic,
    "celer.Lasso": weighted_lasso,
}
