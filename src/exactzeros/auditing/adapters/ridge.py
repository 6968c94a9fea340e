"""scikit-learn's least squares, with and without the ridge penalty."""

import numpy as np

from ..._sample_losses import Squared
from ..problem import Problem, class_weights, elastic_net, for_all, signs


def ridge(model, y, sample_weight):
    r"""`Ridge` and `RidgeCV`: `beta = alpha/(2*sum(s))`.

    They minimize :math:`\sum_j s_j (y_j - f_j)^2 + \alpha \|w\|_2^2`. Dividing by :math:`2 \sum_j s_j` gives the loss
    of the lasso and, for each weight, the penalty :math:`\frac{\alpha}{2 \sum_j s_j} w^2`, which is `catalog.l2()`.
    `alpha` may have one value per target.
    """
    total = sample_weight.sum()
    alphas = np.atleast_1d(np.asarray(model.alpha_ if hasattr(model, "alpha_") else model.alpha, dtype=float))
    rows = [elastic_net(float(alpha / total), 0.0, bool(getattr(model, "positive", False))) for alpha in alphas]
    if len(rows) == 1:
        penalties, strength = for_all(model, rows[0]), float(alphas[0]) / (2 * total) or None
    else:
        penalties, strength = [(row, np.s_[k, : model.n_features_in_]) for k, row in enumerate(rows)], None
    return Problem(Squared(), y, sample_weight, total, penalties, strength)


def ridge_classifier(model, y, sample_weight):
    """`RidgeClassifier` and `RidgeClassifierCV`: ridge regression of the labels -1 and 1.

    For more than two classes there is one problem per class, the class against the rest.

    The class weights multiply the sample weights.
    """
    return ridge(model, signs(len(model.classes_), y), sample_weight * class_weights(model, y))


def least_squares(model, y, sample_weight):
    r"""`LinearRegression`: no penalty, or with `positive` the constraint `w >= 0`.

    It minimizes :math:`\sum_j s_j (y_j - f_j)^2`.
    """
    penalties = for_all(model, elastic_net(0.0, 1.0, bool(model.positive)))
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, None)


MODELS = {
    "sklearn.Ridge": ridge,
    "sklearn.RidgeCV": ridge,
    "sklearn.RidgeClassifier": ridge_classifier,
    "sklearn.RidgeClassifierCV": ridge_classifier,
    "sklearn.LinearRegression": least_squares,
}
