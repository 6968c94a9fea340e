"""scikit-learn's lasso and elastic net of several targets at once."""

import numpy as np

from ..._sample_losses import Squared
from ..norms import BlockPenalty
from ..problem import Problem


def blocks_of_columns(model, y, strength, ridge=0.0):
    """Return the list of penalties in which the weights of one feature, over all targets, are a block."""
    features = np.arange(model.n_features_in_)
    labels = features if y.ndim == 1 else np.tile(features, (y.shape[1], 1))
    return [(BlockPenalty(np.full(len(features), strength), labels, ridge), np.s_[..., : len(features)])]


def multitask_elastic_net(model, y, sample_weight):
    r"""`MultiTaskLasso` and `MultiTaskElasticNet`, also with cross-validation: `beta = alpha`.

    They minimize :math:`\frac{1}{2n}\sum_j \|y_j - f_j\|^2 + \alpha \sum_i (a \|w_i\|_2 + \frac{1-a}{2} \|w_i\|_2^2)`
    with `a = l1_ratio` (1 for the lasso) and :math:`w_i` the weights of the feature `i` for all targets.
    """
    strength = float(model.alpha_ if hasattr(model, "alpha_") else model.alpha)
    ratio = float(getattr(model, "l1_ratio_", getattr(model, "l1_ratio", 1.0)))
    penalties = blocks_of_columns(model, y, strength * ratio, strength * (1 - ratio))
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, strength or None)


MODELS = {
    f"sklearn.{name}": multitask_elastic_net
    for name in ("MultiTaskLasso", "MultiTaskLassoCV", "MultiTaskElasticNet", "MultiTaskElasticNetCV")
}
