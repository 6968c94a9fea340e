"""scikit-learn's lasso and elastic net, in all forms."""

from ..._sample_losses import Squared
from ..problem import Problem, elastic_net, for_all


def elastic_net_regression(model, y, sample_weight):
    r"""`Lasso`, `LassoLars` and `ElasticNet`, also with their choices of `alpha`: `beta = alpha`.

    They minimize :math:`\frac{1}{2n}\sum_j s_j (y_j - f_j)^2 + \alpha (a \|w\|_1 + \frac{1-a}{2} \|w\|_2^2)`, with `a =
    l1_ratio` (1 for the lasso), after scaling the sample weights so that they add up to `n`. That is the loss with
    :math:`N = \sum_j s_j` and the elastic net of strength `alpha`. The models that choose their `alpha`, by
    cross-validation or by a criterion, keep it in `alpha_`.
    """
    strength = float(model.alpha_ if hasattr(model, "alpha_") else model.alpha)
    ratio = float(getattr(model, "l1_ratio_", getattr(model, "l1_ratio", 1.0)))
    penalties = for_all(model, elastic_net(strength, ratio, model.positive))
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, strength or None)


MODELS = {
    f"sklearn.{name}": elastic_net_regression
    for name in ("Lasso", "LassoCV", "LassoLars", "LassoLarsCV", "LassoLarsIC", "ElasticNet", "ElasticNetCV")
}
