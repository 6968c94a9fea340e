"""The posteriors that the book shows, against integrals and sums computed in another way."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import exp1
from scipy.stats import norm

from exactzeros.book import posterior

pytestmark = pytest.mark.slow  # they sample


def horseshoe_density(w):
    return np.exp(w**2 / 2) * exp1(w**2 / 2) / np.sqrt(2 * np.pi**3)


DENSITIES = {
    "Gaussian": (0.0, lambda w: norm.pdf(w, scale=np.sqrt(2))),
    "Laplace": (0.0, lambda w: np.exp(-abs(w)) / 2),
    "horseshoe": (0.0, horseshoe_density),
    "spike and slab": (0.5, lambda w: 0.5 * norm.pdf(w, scale=2)),
}


def integral(function, low, high):
    """Return an integral of a function that may be infinite at 0."""
    cuts = [cut for cut in (-2, -0.1, 0, 0.1, 2) if low < cut < high]
    ends = [low, *cuts, high]
    return sum(quad(function, *piece, epsabs=1e-12, epsrel=1e-12)[0] for piece in pairwise(ends))


@pytest.mark.parametrize("y", [-2.3, 0.4, 1.5, 3.0])
@pytest.mark.parametrize("name", list(posterior.BELIEFS))
def test_mean_tails_and_marginal(name, y):
    belief, (atom, density) = posterior.BELIEFS[name], DENSITIES[name]

    def joint(w):
        return density(w) * norm.pdf(y - w)

    total = integral(joint, -14, 14) + atom * norm.pdf(y)
    assert belief.mean(np.array(y)) == pytest.approx(integral(lambda w: w * joint(w), -14, 14) / total, abs=1e-9)
    for a in (0.0, 0.3, 1.7):
        assert belief.above(y, a) == pytest.approx(integral(joint, a, 14) / total, abs=1e-9)
        assert belief.above(-y, a) == pytest.approx(integral(joint, -14, -a) / total, abs=1e-9)
    middle = float(posterior.median(belief, y))
    if middle:
        assert belief.above(np.sign(y) * y, abs(middle)) == pytest.approx(0.5, abs=1e-12)
    step = 1e-4  # the mean is y plus the slope of the marginal's logarithm
    slope = (belief.log_marginal(np.array(y + step)) - belief.log_marginal(np.array(y - step))) / (2 * step)
    assert belief.mean(np.array(y)) == pytest.approx(y + slope, abs=1e-7)


def test_without_a_spike_the_slab_is_left():
    slab, bare = posterior.gaussian(2.0), posterior.spike_and_slab(0.0, 2.0)
    y = np.linspace(-3, 3, 7)
    for name in ("mean", "mode"):
        assert np.allclose(getattr(slab, name)(y), getattr(bare, name)(y))
    assert np.allclose(posterior.median(slab, y), posterior.median(bare, y))


def grid_moments(X, y, rate, variance):
    """Return means, standard deviations and signs' probabilities of two weights under Laplace priors, by a grid."""
    axis = np.linspace(-6, 6, 601)
    weights = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1)
    residual = y - weights @ X.T
    log = -(residual**2).sum(axis=-1) / (2 * variance) - rate * np.abs(weights).sum(axis=-1)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    mean = (mass[..., None] * weights).sum(axis=(0, 1))
    spread = np.sqrt((mass[..., None] * (weights - mean) ** 2).sum(axis=(0, 1)))
    return (
        mean,
        spread,
        (mass[..., None] * (weights > 0)).sum(axis=(0, 1)) + (mass[..., None] * (weights == 0)).sum(axis=(0, 1)) / 2,
    )


def test_draws_have_the_moments_of_two_weights():
    X = np.array([[1.0, 0.4], [0.2, 0.9], [0.5, -0.3]])
    y = np.array([1.2, 0.1, 0.4])
    mean, spread, positive = grid_moments(X, y, rate=1.3, variance=0.7)
    draws = posterior.lasso_draws(X, y, rate=1.3, variance=0.7, count=20_000)
    assert draws.shape == (20_000, 2) and not np.any(draws == 0.0)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.04 * spread.max())
    np.testing.assert_allclose(draws.std(axis=0), spread, rtol=0.04)
    np.testing.assert_allclose((draws > 0).mean(axis=0), positive, atol=0.02)


def test_draws_of_one_weight_are_those_of_the_closed_form():
    draws = posterior.lasso_draws(np.ones((1, 1)), np.array([1.5]), rate=1.0, variance=1.0, count=20_000)[:, 0]
    belief = posterior.BELIEFS["Laplace"]
    assert draws.mean() == pytest.approx(belief.mean(np.array(1.5)), abs=0.03)
    assert np.median(draws) == pytest.approx(posterior.median(belief, 1.5), abs=0.04)
    assert np.mean(draws > 1.0) == pytest.approx(belief.above(1.5, 1.0), abs=0.02)
    again = posterior.lasso_draws(np.ones((1, 1)), np.array([1.5]), rate=1.0, variance=1.0, count=200)[:, 0]
    assert (draws[:200] == again).all()


def test_one_weight_of_a_regression_is_the_observation():
    for y in (-2.3, 0.7, 1.5, 1.6):
        exact = posterior.spike_and_slab_weights(np.ones((1, 1)), np.array([y]), share=0.5, scale=2.0, variance=1.0)
        belief = posterior.BELIEFS["spike and slab"]
        assert exact.mean[0] == pytest.approx(belief.mean(np.array(y)), abs=1e-12)
        assert exact.median[0] == pytest.approx(posterior.median(belief, y), abs=1e-12)
        assert (exact.median[0] == 0.0) == (abs(y) < 1.566)
        assert exact.positive[0] == pytest.approx(belief.above(y, 0.0), abs=1e-12)


def test_two_weights_of_a_regression_are_a_sum_over_four_sets():
    X, y = np.array([[1.0, 0.4], [0.2, 0.9], [0.5, -0.3]]), np.array([1.2, 0.1, 0.4])
    share, scale, variance = 0.3, 1.5, 0.7
    exact = posterior.spike_and_slab_weights(X, y, share, scale, variance)
    masses, means, zero = [], [], []
    for chosen in ([], [0], [1], [0, 1]):
        Z = X[:, chosen]
        spread = variance * np.eye(3) + scale**2 * Z @ Z.T  # of the targets
        density = np.exp(-y @ np.linalg.solve(spread, y) / 2) / np.sqrt(np.linalg.det(spread))
        masses.append(density * share ** (2 - len(chosen)) * (1 - share) ** len(chosen))
        mean = np.zeros(2)
        mean[chosen] = scale**2 * Z.T @ np.linalg.solve(spread, y)
        means.append(mean)
        zero.append([k not in chosen for k in (0, 1)])
    masses = np.array(masses) / sum(masses)
    np.testing.assert_allclose(exact.mean, masses @ np.array(means), atol=1e-12)
    np.testing.assert_allclose(exact.zero, masses @ np.array(zero), atol=1e-12)
    np.testing.assert_allclose(exact.zero + exact.negative + exact.positive, 1.0)
