"""The models of glum."""

import numpy as np

from ..._sample_losses import Logistic, Squared, Tweedie
from ..problem import Problem, elastic_net, named, with_factors

_POWERS = {"NormalDistribution": 0.0, "PoissonDistribution": 1.0, "GammaDistribution": 2.0}


def generalized_linear(model, y, sample_weight):
    r"""`GeneralizedLinearRegressor` and its cross-validation: `beta = alpha`, or half of it for `l1_ratio = 0`.

    It minimizes :math:`\frac{1}{\sum_j s_j}\sum_j s_j \frac{d_j}{2} + \alpha \sum_i p_i (a |w_i| + \frac{1-a}{2}
    w_i^2)` with the deviance :math:`d_j`, `a = l1_ratio`, and the same factors `P1` and `P2`, all 1 by default. The
    families normal (identity), Poisson, gamma, Tweedie with a power from 1 to 2 (log) and binomial (logit) are
    supported.
    """
    if model.scale_predictors or model.drop_first or model.lower_bounds is not None or model.upper_bounds is not None:
        raise ValueError("model must have scale_predictors=False, drop_first=False and no bounds, got others")
    loss, y = _loss(model, y)
    strength = float(getattr(model, "alpha_", model.alpha) or 0.0)
    ratio = float(getattr(model, "l1_ratio_", model.l1_ratio) or 0.0)
    factors = _factors(model, ratio)
    penalties = with_factors(model, lambda factor: elastic_net(strength * factor, ratio), factors)
    return Problem(loss, y, sample_weight, sample_weight.sum(), penalties, named(strength, ratio))


def _loss(model, y):
    family, link = type(model._family_instance).__name__, type(model._link_instance).__name__
    power = _POWERS.get(family, getattr(model._family_instance, "power", None))
    if (family, link) == ("BinomialDistribution", "LogitLink"):
        return Logistic(), 2 * y - 1
    if power == 0 and link == "IdentityLink":
        return Squared(), y
    if power is not None and 1 <= power <= 2 and link == "LogLink":
        return Tweedie(float(power)), y
    raise ValueError(f"model must have one of the families named in the documentation, got {family} with {link}")


def _factors(model, ratio):
    given = [
        np.asarray(each, dtype=float) for each in (model.P1, model.P2) if not isinstance(each, str) and each is not None
    ]
    if not given:
        return None
    needed = ([model.P1] if ratio > 0 else []) + ([model.P2] if ratio < 1 else [])
    arrays = [np.ones(model.n_features_in_) if isinstance(each, str) else np.asarray(each, float) for each in needed]
    if any(each.ndim != 1 or not np.array_equal(each, arrays[0]) for each in arrays):
        raise ValueError("model must have P1 and P2 with the same factors of the features, got others")
    return arrays[0]


MODELS = {
    "glum.GeneralizedLinearRegressor": generalized_linear,
    "glum.GeneralizedLinearRegressorCV": generalized_linear,
}
