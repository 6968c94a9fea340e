"""scikit-learn's logistic regression."""

import numpy as np

from ..._sample_losses import Logistic, Softmax
from ..problem import Problem, class_weights, elastic_net, for_all, l1_ratio_of, named, one_hot, signs

_BOUNDING_SLOPES = ("lbfgs", "newton-cg", "newton-cholesky")  # they stop at a slope of `tol`


def logistic_regression(model, y, sample_weight):
    r"""`LogisticRegression`: `beta = 1/(C*sum(s))`, or half of it for the L2 penalty (`l1_ratio = 0`).

    It minimizes :math:`C \sum_j s_j \ell_j + a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2`, with `a = l1_ratio`, after
    multiplying the sample weights by those of the classes. Dividing by :math:`C \sum_j s_j` gives the mean loss and the
    elastic net of strength :math:`1/(C \sum_j s_j)`; for `a = 0` it is :math:`\beta w^2` with half of that strength.
    The loss is the logistic loss for two classes, and the softmax loss for more. liblinear treats the intercept as the
    weight of one more feature, the constant `intercept_scaling`, and penalizes it like the others.
    """
    sample_weight = sample_weight * class_weights(model, y, sample_weight)
    total, ratio, classes = sample_weight.sum(), l1_ratio_of(model), len(model.classes_)
    strength = 0.0 if model.penalty is None or np.isinf(model.C) else 1 / (float(model.C) * total)
    loss, y = (Logistic(), signs(classes, y)) if classes == 2 else (Softmax(), one_hot(classes, y))
    penalties = for_all(model, elastic_net(strength, ratio))
    scaling = float(model.intercept_scaling) if model.solver == "liblinear" else None
    stop = float(model.tol) if model.solver in _BOUNDING_SLOPES else None
    return Problem(loss, y, sample_weight, total, penalties, named(strength, ratio), scaling, slope_stop=stop)


MODELS = {"sklearn.LogisticRegression": logistic_regression}
