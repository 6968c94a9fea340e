"""scikit-learn's linear support vector machines with a differentiable loss."""

import numpy as np

from ..._sample_losses import SquaredEpsilonInsensitive, SquaredHinge
from ..problem import Problem, class_weights, elastic_net, for_all, named, signs


def support_vector_classifier(model, y, sample_weight):
    r"""`LinearSVC` with the squared hinge loss: `beta = 1/(C*sum(s))`, or half of it for the L2 penalty.

    It minimizes :math:`C \sum_j s_j \max(1 - y_j f_j, 0)^2` plus :math:`\|w\|_1` or :math:`\frac12 \|w\|_2^2`. The
    intercept is the penalized weight of the constant feature `intercept_scaling`. For more than two classes there is
    one problem per class, the class against the rest, and the class weight applies only to the class itself.
    """
    if model.loss != "squared_hinge" or model.multi_class != "ovr":
        got = f"loss={model.loss!r} and multi_class={model.multi_class!r}"
        raise ValueError(f"model must have the differentiable loss 'squared_hinge' and multi_class='ovr', got {got}")
    weights, y = class_weights(model, y, sample_weight), signs(len(model.classes_), y)
    factor = np.where(y > 0, weights[:, np.newaxis], 1.0) if y.ndim == 2 else weights
    seen = sample_weight[:, np.newaxis] * factor if y.ndim == 2 else sample_weight * factor
    total, ratio = float(sample_weight.sum()), 1.0 if model.penalty == "l1" else 0.0
    strength = 1 / (float(model.C) * total)
    penalties = for_all(model, elastic_net(strength, ratio))
    scaling = float(model.intercept_scaling)
    return Problem(SquaredHinge(), y, seen, total, penalties, named(strength, ratio), scaling)


def support_vector_regressor(model, y, sample_weight):
    r"""`LinearSVR` with the squared loss: `beta = 1/(2*C*sum(s))`, on :math:`\max(|f_j - y_j| - \epsilon, 0)^2`."""
    if model.loss != "squared_epsilon_insensitive":
        needed = "the differentiable loss 'squared_epsilon_insensitive'"
        raise ValueError(f"model must have {needed}, got {model.loss!r}")
    total = float(sample_weight.sum())
    strength = 1 / (float(model.C) * total)
    penalties, loss = for_all(model, elastic_net(strength, 0.0)), SquaredEpsilonInsensitive(float(model.epsilon))
    return Problem(loss, y, sample_weight, total, penalties, strength / 2, float(model.intercept_scaling))


MODELS = {"sklearn.LinearSVC": support_vector_classifier, "sklearn.LinearSVR": support_vector_regressor}
