"""scikit-learn's stochastic gradient descent."""

import numpy as np

from ..._sample_losses import Huber, Logistic, ModifiedHuber, Squared, SquaredEpsilonInsensitive, SquaredHinge
from ..problem import Problem, class_weights, elastic_net, for_all, l1_ratio_of, named, signs


def stochastic_gradient(model, y, sample_weight):
    r"""`SGDRegressor` and `SGDClassifier`: `beta = alpha`, or half of it for the L2 penalty.

    They minimize :math:`\frac{1}{n}\sum_j s_j \ell_j + \alpha (a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2)`. The divisor is
    the number of samples, not the sum of their weights, since every step follows the penalty equally, whatever the
    weight of its sample. `a` is 0 for `penalty="l2"`, 1 for "l1" and `l1_ratio` for "elasticnet". For more than two
    classes there is one problem per class, the class against the rest, and the class weight applies only to the class
    itself.
    """
    loss, ratio = _differentiable_loss(model), l1_ratio_of(model)
    strength = 0.0 if model.penalty is None else float(model.alpha)
    if hasattr(model, "classes_"):
        weights, y = class_weights(model, y), signs(len(model.classes_), y)
        if y.ndim == 2:
            sample_weight = sample_weight[:, np.newaxis] * np.where(y > 0, weights[:, np.newaxis], 1.0)
        else:
            sample_weight = sample_weight * weights
    penalties = for_all(model, elastic_net(strength, ratio))
    return Problem(loss, y, sample_weight, len(y), penalties, named(strength, ratio))


def _differentiable_loss(model):
    losses = {
        "log_loss": Logistic(),
        "squared_hinge": SquaredHinge(),
        "modified_huber": ModifiedHuber(),
        "squared_error": Squared(),
        "huber": Huber(model.epsilon),
        "squared_epsilon_insensitive": SquaredEpsilonInsensitive(model.epsilon),
    }
    if model.loss not in losses:
        raise ValueError(f"model must have a differentiable loss, one of {', '.join(losses)}, got {model.loss!r}")
    return losses[model.loss]


MODELS = {"sklearn.SGDClassifier": stochastic_gradient, "sklearn.SGDRegressor": stochastic_gradient}
