"""scikit-learn's generalized linear models."""

from ..._sample_losses import Squared, Tweedie
from ..problem import Problem, elastic_net, for_all, named

_POWERS = {"PoissonRegressor": 1.0, "GammaRegressor": 2.0}


def generalized_regression(model, y, sample_weight):
    r"""`PoissonRegressor`, `GammaRegressor` and `TweedieRegressor`: `beta = alpha/2`.

    They minimize :math:`\frac{1}{\sum_j s_j}\sum_j s_j \frac{d_j}{2} + \frac{\alpha}{2} \|w\|_2^2` with the deviance
    :math:`d_j` of the family at the mean :math:`e^{f_j}`, or :math:`f_j` with the identity link.
    """
    power = float(model.power) if hasattr(model, "power") else _power(model)
    link = getattr(model, "link", "log")
    identity = link == "identity" or (link == "auto" and power <= 0)
    if identity and power != 0:
        raise ValueError(f"model must have the link 'log', or 'identity' for the power 0, got power={power:g}")
    if not identity and not 0 <= power <= 2:
        raise ValueError(f"model must have a power from 0 to 2, got {power:g}")
    strength = float(model.alpha)
    return Problem(
        Squared() if identity else Tweedie(power), y, sample_weight, sample_weight.sum(),
        for_all(model, elastic_net(strength, 0.0)), named(strength, 0.0), slope_stop=float(model.tol),
    )  # fmt: skip


def _power(model):
    return next(_POWERS[kind.__name__] for kind in type(model).__mro__ if kind.__name__ in _POWERS)


MODELS = {f"sklearn.{name}": generalized_regression for name in (*_POWERS, "TweedieRegressor")}
