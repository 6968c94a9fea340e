"""The models of glum."""

import copy

import numpy as np

from ..._sample_losses import Binomial, Squared, Tweedie
from ..problem import Problem, elastic_net, for_all, named, shares

_POWERS = {"NormalDistribution": 0.0, "PoissonDistribution": 1.0, "GammaDistribution": 2.0}


def generalized_linear(model, y, sample_weight):
    r"""`GeneralizedLinearRegressor` and its cross-validation: `beta = alpha`, or half of it for `l1_ratio = 0`.

    It minimizes :math:`\frac{1}{\sum_j s_j}\sum_j s_j \frac{d_j}{2} + \alpha \sum_i (a p_i |w_i| + \frac{1-a}{2} q_i
    w_i^2)` with the deviance :math:`d_j`, `a = l1_ratio`, and the factors `p = P1` and `q = P2`, all 1 by default. The
    families normal (identity), Poisson, gamma, Tweedie with a power from 1 to 2 (log) and binomial (logit) are
    supported. An offset given to `fit` is not known: the model does not keep it.
    """
    constraints = (model.lower_bounds, model.upper_bounds, getattr(model, "A_ineq", None))
    if model.scale_predictors or model.drop_first or any(each is not None for each in constraints):
        raise ValueError("model must have scale_predictors=False, drop_first=False and no constraints, got others")
    loss, y = _loss(model, y)
    strength = _strength(model)
    ratio = float(getattr(model, "l1_ratio_", model.l1_ratio) or 0.0)
    penalties = _penalties(model, strength * ratio, strength * (1 - ratio))
    return Problem(loss, y, sample_weight, sample_weight.sum(), penalties, named(strength, ratio))


def view(model):
    """Return the model with the names of its columns where scikit-learn's models have theirs."""
    names = getattr(model, "feature_names_", None)
    if names is None or list(names) == [f"_col_{i}" for i in range(len(names))]:  # fitted on an array
        return model
    seen = copy.copy(model)
    seen.feature_names_in_ = np.asarray(names, dtype=object)
    return seen


def _strength(model):
    if hasattr(model, "alpha_"):  # chosen by cross-validation
        return float(model.alpha_)
    return float((model._alphas[-1] if model.alpha_search else model.alpha) or 0.0)  # the last one of a path


def _loss(model, y):
    family, link = type(model._family_instance).__name__, type(model._link_instance).__name__
    power = _POWERS.get(family, getattr(model._family_instance, "power", None))
    if (family, link) == ("BinomialDistribution", "LogitLink"):
        return Binomial(), shares(y)
    if power == 0 and link == "IdentityLink":
        return Squared(), y
    if power is not None and 1 <= power <= 2 and link == "LogLink":
        return Tweedie(float(power)), y
    raise ValueError(f"model must have one of the families named in the documentation, got {family} with {link}")


def _penalties(model, kink, square):
    """Return the penalties for strengths of both parts, and factors of the features."""
    if all(each is None or isinstance(each, str) for each in (model.P1, model.P2)):
        return for_all(model, _of_parts(kink, square))
    factors = np.c_[_factors("P1", model.P1, model), _factors("P2", model.P2, model)] * [kink > 0, square > 0]
    kinds, where = np.unique(factors, axis=0, return_inverse=True)
    return [
        (_of_parts(kink * float(one), square * float(two)), np.s_[..., np.flatnonzero(where == i)])
        for i, (one, two) in enumerate(kinds)
    ]


def _of_parts(kink, square):
    return elastic_net(kink + square, kink / (kink + square) if kink + square else 1.0)


def _factors(name, given, model):
    """Return the factor of each feature: a vector, or the diagonal of a matrix."""
    if given is None or isinstance(given, str):
        return np.ones(model.n_features_in_)
    factors = np.asarray(given.toarray() if hasattr(given, "toarray") else given, dtype=float)
    if factors.ndim == 2:
        if np.count_nonzero(factors - np.diag(np.diag(factors))):
            raise ValueError(f"model must have a {name} with one factor a feature, got a matrix that is not diagonal")
        factors = np.diag(factors)
    return factors


MODELS = {
    "glum.GeneralizedLinearRegressor": generalized_linear,
    "glum.GeneralizedLinearRegressorCV": generalized_linear,
}
VIEWS = dict.fromkeys(MODELS, view)
