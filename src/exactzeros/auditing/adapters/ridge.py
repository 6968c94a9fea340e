"""scikit-learn's ridge regression."""

import numpy as np

from ..._sample_losses import Squared
from ..problem import Problem, elastic_net, for_all


def ridge(model, y, sample_weight):
    r"""`Ridge`: `beta = alpha/(2*sum(s))`.

    It minimizes :math:`\sum_j s_j (y_j - f_j)^2 + \alpha \|w\|_2^2`. Dividing by :math:`2 \sum_j s_j` gives the loss of
    the lasso and, for each weight, the penalty :math:`\frac{\alpha}{2 \sum_j s_j} w^2`, which is `catalog.l2()`.
    `alpha` may have one value per target.
    """
    total, alphas = sample_weight.sum(), np.atleast_1d(np.asarray(model.alpha, dtype=float))
    rows = [elastic_net(float(alpha / total), 0.0, bool(model.positive)) for alpha in alphas]
    if len(rows) == 1:
        penalties, strength = for_all(model, rows[0]), float(alphas[0]) / (2 * total) or None
    else:
        penalties, strength = [(row, np.s_[k, : model.n_features_in_]) for k, row in enumerate(rows)], None
    return Problem(Squared(), y, sample_weight, total, penalties, strength)


MODELS = {"sklearn.Ridge": ridge}
