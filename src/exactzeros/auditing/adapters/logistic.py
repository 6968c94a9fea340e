"""Logistic regression of scikit-learn."""

import numpy as np

from ..._sample_losses import Logistic, Softmax
from ..problem import Problem, class_weights, elastic_net, for_all, l1_ratio_of, named, one_hot, signs


def logistic_regression(model, y, sample_weight):
    r"""`LogisticRegression`: `beta = 1/(C*sum(s))`, for the L2 penalty (`l1_ratio = 0`) half of it.

    It minimizes :math:`C \sum_j s_j \ell_j + a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2`, with `a = l1_ratio`, after
    multiplying the sample weights by those of the classes. Divided by :math:`C \sum_j s_j`, that is the mean loss and
    the elastic net of strength :math:`1/(C \sum_j s_j)`; for `a = 0` it is :math:`\beta w^2` with half of that. The
    loss is the logistic one for two classes, and that of softmax for more. liblinear takes the intercept for the weight
    of one more feature, a constant `intercept_scaling`, and penalizes it like the others.
    """
    sample_weight = sample_weight * class_weights(model, y, sample_weight)
    total, ratio, classes = sample_weight.sum(), l1_ratio_of(model), len(model.classes_)
    strength = 0.0 if model.penalty is None or np.isinf(model.C) else 1 / (float(model.C) * total)
    loss, y = (Logistic(), signs(classes, y)) if classes == 2 else (Softmax(), one_hot(classes, y))
    penalties = for_all(model, elastic_net(strength, ratio))
    scaling = float(model.intercept_scaling) if model.solver == "liblinear" else None
    return Problem(loss, y, sample_weight, total, penalties, named(strength, ratio), scaling)


MODELS = {"sklearn.LogisticRegression": logistic_regression}
