"""scikit-learn's logistic regression, also with cross-validation."""

import numpy as np

from ..._sample_losses import Logistic, Softmax
from ..problem import Problem, class_weights, elastic_net, for_all, l1_ratio_of, named, one_hot, signs

_BOUNDING_SLOPES = ("lbfgs", "newton-cg", "newton-cholesky")  # they stop at a slope of `tol`


def logistic_regression(model, y, sample_weight):
    r"""`LogisticRegression` and `LogisticRegressionCV`: `beta = 1/(C*sum(s))`, half of it for `l1_ratio = 0`.

    It minimizes :math:`C \sum_j s_j \ell_j + a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2`, with `a = l1_ratio`, after
    multiplying the sample weights by those of the classes. Dividing by :math:`C \sum_j s_j` gives the mean loss and the
    elastic net of strength :math:`1/(C \sum_j s_j)`; for `a = 0` it is :math:`\beta w^2` with half of that strength.
    The loss is the logistic loss for two classes, and the softmax loss for more. liblinear treats the intercept as the
    weight of one more feature, the constant `intercept_scaling`, and penalizes it like the others. With
    cross-validation `C` and `l1_ratio` are its choice.
    """
    sample_weight = sample_weight * class_weights(model, y, sample_weight)
    total, classes = sample_weight.sum(), len(model.classes_)
    inverse, ratio = _chosen(model)
    strength = 0.0 if model.penalty is None or np.isinf(inverse) else 1 / (inverse * total)
    loss, y = (Logistic(), signs(classes, y)) if classes == 2 else (Softmax(), one_hot(classes, y))
    penalties = for_all(model, elastic_net(strength, ratio))
    scaling = float(model.intercept_scaling) if model.solver == "liblinear" else None
    stop = float(model.tol) if model.solver in _BOUNDING_SLOPES else None
    return Problem(loss, y, sample_weight, total, penalties, named(strength, ratio), scaling, slope_stop=stop)


def _chosen(model):
    """Return `C` and the share of L1."""
    if not hasattr(model, "C_"):
        return float(model.C), l1_ratio_of(model)
    if not model.refit:
        raise ValueError("model must be fitted with refit=True, since means over the folds are no solution")
    ratios = [float(each or 0.0) for each in np.unique(np.atleast_1d(model.l1_ratio_))]
    inverses = np.unique(np.atleast_1d(model.C_))
    if len(inverses) > 1 or len(ratios) > 1:
        raise ValueError("model must have one choice of C for all classes, got several")
    return float(inverses[0]), {"l1": 1.0, "l2": 0.0}.get(model.penalty, ratios[0])


MODELS = {"sklearn.LogisticRegressionCV": logistic_regression, "sklearn.LogisticRegression": logistic_regression}
