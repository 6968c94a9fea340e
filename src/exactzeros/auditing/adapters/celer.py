"""The models of celer."""

from ..._sample_losses import Squared
from ..problem import Problem, elastic_net, with_factors


def weighted_lasso(model, y, sample_weight):
    r"""`Lasso`: `beta = alpha` times the feature's own weight.

    It minimizes :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \alpha \sum_i \omega_i |w_i|` with :math:`\omega_i` =
    `weights`, all 1 by default.
    """

    def penalty(factor):
        return elastic_net(float(model.alpha) * factor, 1.0, model.positive)

    penalties = with_factors(model, penalty, model.weights)
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, float(model.alpha) or None)


MODELS = {"celer.Lasso": weighted_lasso}
