"""The models of skglm."""

from functools import lru_cache

import numpy as np
import sympy as sp

from ... import catalog
from ..._sample_losses import Logistic, Squared
from ...penalty import Penalty
from ..problem import Problem, elastic_net, for_all, named, on_half_line, signs, with_factors
from .lasso import elastic_net_regression


def mcp_regression(model, y, sample_weight):
    r"""`MCPRegression`: `beta = alpha` and `gamma = gamma`.

    It minimizes :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \sum_i \omega_i \rho(w_i)` with the penalty of
    `catalog.mcp()`, and :math:`\omega_i` = `weights`, all 1 by default.
    """

    def penalty(factor):
        plain = _mcp(float(model.alpha), float(model.gamma), model.positive)
        return plain if factor == 1 or plain is None else Penalty(sp.Rational(factor) * plain.expression)

    penalties = with_factors(model, penalty, model.weights)
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, float(model.alpha) or None)


def sparse_logistic(model, y, sample_weight):
    r"""`SparseLogisticRegression`: `beta = alpha`.

    It minimizes :math:`\frac{1}{n}\sum_j \log(1 + e^{-y_j f_j}) + \alpha (a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2)` with
    `a = l1_ratio`: the mean loss and the elastic net. For more than two classes there is one problem per class, the
    class against the rest.
    """
    strength, ratio = float(model.alpha), float(model.l1_ratio)
    y, penalties = signs(len(model.classes_), y), for_all(model, elastic_net(strength, ratio))
    return Problem(Logistic(), y, sample_weight, len(y), penalties, named(strength, ratio))


@lru_cache(maxsize=256)  # a penalty derives its slopes once
def _mcp(strength, gamma, positive):
    if np.isinf(gamma):
        return elastic_net(strength, 1.0, positive)
    penalty = catalog.mcp().at(beta=strength, gamma=gamma)
    return on_half_line(penalty) if positive else penalty


MODELS = {
    "skglm.Lasso": elastic_net_regression,
    "skglm.MCPRegression": mcp_regression,
    "skglm.SparseLogisticRegression": sparse_logistic,
}
