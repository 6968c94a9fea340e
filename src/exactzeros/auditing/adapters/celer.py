"""The models of celer."""

from ..._sample_losses import Logistic, Squared
from ..problem import Problem, elastic_net, for_all, groups_of, signs, with_factors


def weighted_elastic_net(model, y, sample_weight):
    r"""`Lasso` and `ElasticNet`, also with cross-validation: `beta = alpha` times the feature's own weight.

    They minimize :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \alpha \sum_i \omega_i (a |w_i| + \frac{1-a}{2} w_i^2)` with
    `a = l1_ratio` (1 for the lasso) and :math:`\omega_i` = `weights`, all 1 by default.
    """
    strength = float(getattr(model, "alpha_", None) or model.alpha)
    ratio = float(getattr(model, "l1_ratio_", getattr(model, "l1_ratio", 1.0)))

    def penalty(factor):
        return elastic_net(strength * factor, ratio, model.positive)

    penalties = with_factors(model, penalty, getattr(model, "weights", None))
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, strength or None)


def group_lasso(model, y, sample_weight):
    r"""`GroupLasso` and `GroupLassoCV`: `beta = alpha`.

    They minimize :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \alpha \sum_g \omega_g \|w_g\|_2`.
    """
    strength = float(getattr(model, "alpha_", None) or model.alpha)
    penalties = groups_of(model, strength, getattr(model, "weights", None))
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, strength or None)


def sparse_logistic(model, y, sample_weight):
    r"""`LogisticRegression`: `beta = 1/(C*n)`, without an intercept; for several classes one against the rest.

    It minimizes :math:`\sum_j \log(1 + e^{-y_j f_j}) + \frac{1}{C} \|w\|_1`.
    """
    strength, y = 1 / (float(model.C) * len(y)), signs(len(model.classes_), y)
    return Problem(Logistic(), y, sample_weight, len(y), for_all(model, elastic_net(strength)), strength)


MODELS = {
    "celer.Lasso": weighted_elastic_net,
    "celer.LassoCV": weighted_elastic_net,
    "celer.ElasticNet": weighted_elastic_net,
    "celer.ElasticNetCV": weighted_elastic_net,
    "celer.GroupLasso": group_lasso,
    "celer.GroupLassoCV": group_lasso,
    "celer.LogisticRegression": sparse_logistic,
}
