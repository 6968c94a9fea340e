"""The results of statsmodels' `fit_regularized`."""

from types import SimpleNamespace

import numpy as np

from ..._sample_losses import Logistic, Tweedie
from ..problem import Problem, elastic_net, with_factors


def view(results):
    """Return the results with the attributes of scikit-learn's models; a constant is one of the features."""
    weights = np.asarray(results.params, dtype=float)
    seen = SimpleNamespace(
        coef_=weights, intercept_=0.0, fit_intercept=False, n_features_in_=len(weights), results=results
    )
    if hasattr(results.model.data.orig_exog, "columns"):
        seen.feature_names_in_ = np.asarray(results.model.exog_names, dtype=object)
    return seen


def discrete(model, y, sample_weight):
    r"""`Logit` and `Poisson` with `fit_regularized`: `beta = alpha/n`, for each weight its own.

    They minimize :math:`\sum_j \ell_j + \sum_i \alpha_i |w_i|` with the negative log-likelihood :math:`\ell_j`. That of
    `Poisson` with the exposure or :math:`\exp` of the offset :math:`E_j` is :math:`E_j e^{f_j} - y_j f_j`: the one of
    :math:`y_j/E_j` with the weight :math:`E_j`.
    """
    results, total = model.results, sample_weight.sum()
    alphas = np.broadcast_to(np.asarray(results.mle_settings["alpha"], dtype=float), model.coef_.shape)
    kind = type(results.model).__name__
    if kind not in ("Logit", "Poisson"):
        raise ValueError(f"model must be a regularized Logit or Poisson, got {kind}")
    offset = _offset(results.model)
    if kind == "Poisson":
        loss, y, sample_weight = Tweedie(1.0), y / np.exp(offset), sample_weight * np.exp(offset)
    elif np.any(offset):
        raise ValueError("model must have no offset, or be a Poisson model, got a Logit with an offset")
    elif not np.isin(y, (0.0, 1.0)).all():  # for shares, the gradient in statsmodels is not that of its objective
        raise ValueError(f"y must hold only 0 and 1, got {y[~np.isin(y, (0.0, 1.0))][0]:g}")
    else:
        loss, y = Logistic(), 2 * y - 1
    strength = float(alphas.max() / total) or None
    penalties = with_factors(model, lambda factor: elastic_net(factor / total), alphas)
    return Problem(loss, y, sample_weight, total, penalties, strength if len(set(alphas)) == 1 else None)


def _offset(model):
    """Return what the model adds to the predictions: its offset and the logarithm of its exposure, as it keeps them."""
    given = (getattr(model, name, None) for name in ("offset", "exposure"))
    return sum((np.asarray(each, dtype=float) for each in given if each is not None), start=np.float64(0.0))


def elastic_net_results(model, y, sample_weight):
    """Refuse the elastic net of `OLS` and `GLM`, whose results keep no strength."""
    raise ValueError(
        "model must keep its strength, but the results of an elastic net in statsmodels do not: call "
        "exactzeros.audit(model.params, -model.model.score(model.params, scale=1) / n, penalty) with n samples and the "
        "arguments of fit_regularized in the penalty, catalog.elastic_net().at(beta=alpha, a=L1_wt), or for L1_wt=1 "
        "catalog.l1().at(beta=alpha)"
    )


MODELS = {
    "statsmodels.L1BinaryResultsWrapper": discrete,
    "statsmodels.L1PoissonResultsWrapper": discrete,
    "statsmodels.L1CountResultsWrapper": discrete,
    "statsmodels.RegularizedResultsWrapper": elastic_net_results,
}
VIEWS = dict.fromkeys(MODELS, view)
