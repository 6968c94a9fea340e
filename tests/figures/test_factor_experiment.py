"""The experiments of the chapter "Zeros by multiplication" measure what the chapter says."""

import numpy as np
import pytest

from exactzeros.book import factor_experiment as experiment
from exactzeros.book import optimizer_experiment


def test_the_gradient_is_that_of_loss_plus_weight_decay():
    data, factors = optimizer_experiment.problem(), experiment.start()

    def objective(factors):
        loss = data.loss(factors[0] * factors[1])
        return loss + optimizer_experiment.BETA / 2 * np.sum(factors**2)

    found = experiment.gradient()(factors)
    for place in ((0, 3), (1, 3), (1, 49)):
        step = np.zeros_like(factors)
        step[place] = 1e-6
        slope = (objective(factors + step) - objective(factors - step)) / 2e-6
        assert found[place] == pytest.approx(slope, rel=1e-6)


def test_a_product_underflows_before_its_factors():
    factors = experiment.start()
    factors[:, 10] = 1e-161
    steps, weight = experiment.steps_to_a_zero(factors)
    assert weight == 10 and steps > 1


def test_the_network_is_a_linear_model_of_its_features_and_its_units_balance():
    net = experiment.network(0.03)
    assert net.features.shape == (442, 50)
    weights = np.sign(net.outer) * net.sizes
    norms = np.linalg.norm(net.inner, axis=0)
    np.testing.assert_allclose(net.features @ weights, (net.features * norms) @ net.outer)
    np.testing.assert_allclose(np.abs(net.outer), norms, atol=1e-3)
    assert net.sizes.sum() < net.start.sum() and np.all(net.sizes > 0)
