"""The models of skglm."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import sympy as sp

from ... import catalog
from ..._sample_losses import Huber, Logistic, Squared, Tweedie
from ...penalty import Penalty, w
from ..norms import BlockPenalty
from ..problem import Problem, elastic_net, for_all, groups_of, named, on_half_line, signs, with_factors
from .lasso import elastic_net_regression
from .multitask import blocks_of_columns, multitask_elastic_net


def weighted_lasso(model, y, sample_weight):
    r"""`WeightedLasso`: `beta = alpha` times the feature's own weight, all 1 by default; the rest as in `Lasso`."""
    strength, factors = float(model.alpha), model.weights
    penalties = with_factors(model, lambda factor: elastic_net(strength * factor, 1.0, model.positive), factors)
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, strength or None)


def mcp_regression(model, y, sample_weight):
    r"""`MCPRegression`: `beta = alpha` and `gamma = gamma`.

    It minimizes :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \sum_i \omega_i \rho(w_i)` with the penalty of
    `catalog.mcp()`, and :math:`\omega_i` = `weights`, all 1 by default.
    """
    penalties = _weighted_mcp(model, model.alpha, model.gamma, model.positive, model.weights)
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


def group_lasso(model, y, sample_weight):
    r"""`GroupLasso`: `beta = alpha`.

    It minimizes :math:`\frac{1}{2n}\sum_j (y_j - f_j)^2 + \alpha \sum_g \omega_g \|w_g\|_2`.
    """
    if model.positive:
        raise ValueError(
            "model must have positive=False, as groups of weights with a sign are not supported: a group of zeros is a "
            "minimum if the length of the positive parts of minus its slopes is at most alpha times its weight"
        )
    penalties = groups_of(model, float(model.alpha), model.weights)
    return Problem(Squared(), y, sample_weight, sample_weight.sum(), penalties, float(model.alpha) or None)


def generalized(model, y, sample_weight):
    """`GeneralizedLinearEstimator`: the mean loss of its `datafit` with its `penalty`, each known by its class."""
    datafit, name = model.datafit, type(model.datafit).__name__
    if name in ("Logistic", "LogisticGroup"):
        loss, y = Logistic(), signs(len(model.classes_), y)
    elif name in ("Quadratic", "QuadraticGroup", "QuadraticMultiTask"):
        loss = Squared()
    elif name == "WeightedQuadratic":
        loss, sample_weight = Squared(), np.asarray(datafit.sample_weights, dtype=float)
    elif name == "Huber":
        loss = Huber(float(datafit.delta))
    elif name in ("Poisson", "PoissonGroup", "Gamma"):
        loss = Tweedie(2.0 if name == "Gamma" else 1.0)
    else:
        raise ValueError(f"model must have a datafit that is differentiable in the predictions, got {name}")
    penalties, strength = _penalties(model, y)
    return Problem(loss, y, sample_weight, sample_weight.sum(), penalties, strength)


def generalized_view(model):
    """Return the estimator with `fit_intercept`, which its solver holds."""
    if not hasattr(model, "coef_"):
        return model
    solver = model.solver
    coefficients = model.coef_.T if type(model.datafit).__name__ == "QuadraticMultiTask" else model.coef_
    seen = {"coef_": coefficients, "intercept_": model.intercept_, "n_features_in_": model.n_features_in_}
    known = {name: getattr(model, name) for name in ("classes_", "feature_names_in_") if hasattr(model, name)}
    return SimpleNamespace(
        **seen, **known, fit_intercept=solver.fit_intercept, datafit=model.datafit, penalty=model.penalty
    )


def _penalties(model, y):
    penalty, name = model.penalty, type(model.penalty).__name__
    strength, positive = float(getattr(penalty, "alpha", 0.0)), bool(getattr(penalty, "positive", False))
    plain = {
        "L1": lambda: elastic_net(strength, 1.0, positive),
        "L1_plus_L2": lambda: elastic_net(strength, float(penalty.l1_ratio), positive),
        "L2": lambda: elastic_net(strength, 0.0),
        "PositiveConstraint": catalog.nonnegative,
        "IndicatorBox": lambda: Penalty(sp.Piecewise((0, (w >= 0) & (w <= sp.Rational(strength))), (sp.oo, True))),
        "MCPenalty": lambda: _mcp(strength, float(penalty.gamma), positive),
        "SCAD": lambda: catalog.scad().at(beta=strength, a=float(penalty.gamma)),
        "L0_5": lambda: catalog.lp(0.5).at(beta=strength),
        "L2_3": lambda: catalog.lp(sp.Rational(2, 3)).at(beta=strength),
        "LogSumPenalty": lambda: catalog.log_sum().at(beta=strength, eps=float(penalty.eps)),
    }
    if name in plain:
        shown = {"L2": strength / 2, "IndicatorBox": None}.get(name, strength) or None
        return for_all(model, plain[name]()), shown
    if name == "WeightedL1":
        factors = np.asarray(penalty.weights, dtype=float)
        return with_factors(model, lambda factor: elastic_net(strength * factor, 1.0, positive), factors), strength
    if name == "WeightedMCPenalty":
        return _weighted_mcp(model, strength, penalty.gamma, positive, penalty.weights), strength
    if name == "L2_1":
        return blocks_of_columns(model, y, strength), strength
    if name == "WeightedGroupL2" and not positive:
        sizes, labels = np.diff(penalty.grp_ptr), np.empty(model.n_features_in_, dtype=int)
        labels[penalty.grp_indices] = np.repeat(np.arange(len(sizes)), sizes)
        blocks = BlockPenalty(strength * np.asarray(penalty.weights, dtype=float), labels)
        return [(blocks, np.s_[..., : len(labels)])], strength
    supported = ", ".join((*plain, "WeightedL1", "WeightedMCPenalty", "L2_1", "WeightedGroupL2"))
    got = f"{name} with positive=True" if positive else name
    raise ValueError(f"model must have one of the penalties {supported}, got {got}")


def _weighted_mcp(model, strength, gamma, positive, factors):
    def penalty(factor):
        plain = _mcp(float(strength), float(gamma), bool(positive))
        if factor == 0:
            return catalog.nonnegative() if positive else None
        return plain if factor == 1 or plain is None else Penalty(sp.Rational(factor) * plain.expression)

    return with_factors(model, penalty, factors)


@lru_cache(maxsize=256)  # a penalty derives its slopes once
def _mcp(strength, gamma, positive):
    if strength == 0 or np.isinf(gamma):
        return elastic_net(strength, 1.0, positive)
    penalty = catalog.mcp().at(beta=strength, gamma=gamma)
    return on_half_line(penalty) if positive else penalty


MODELS = {
    "skglm.Lasso": elastic_net_regression,
    "skglm.ElasticNet": elastic_net_regression,
    "skglm.WeightedLasso": weighted_lasso,
    "skglm.MCPRegression": mcp_regression,
    "skglm.SparseLogisticRegression": sparse_logistic,
    "skglm.MultiTaskLasso": multitask_elastic_net,
    "skglm.GroupLasso": group_lasso,
    "skglm.GeneralizedLinearEstimator": generalized,
}
VIEWS = {"skglm.GeneralizedLinearEstimator": generalized_view}
