"""The loss of one sample: slope, curvature and best constant follow from its value, for every class there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactzeros._sample_losses import (
    Binomial,
    Huber,
    Logistic,
    ModifiedHuber,
    SampleLoss,
    Softmax,
    Squared,
    SquaredEpsilonInsensitive,
    SquaredHinge,
    Tweedie,
)

LOSSES = [
    Squared(),
    Logistic(),
    Binomial(),
    Softmax(),
    SquaredHinge(),
    ModifiedHuber(),
    Huber(0.7),
    SquaredEpsilonInsensitive(0.3),
    *map(Tweedie, (1.0, 1.5, 2.0)),
]
OF_LABELS = (Logistic, SquaredHinge, ModifiedHuber)


def name(loss):
    return type(loss).__name__


def data(loss, seed, samples=40):
    """Predictions, targets of the kind that the loss wants, unbalanced, and weights."""
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.2, 3, samples)
    if isinstance(loss, Softmax):
        return rng.normal(size=(samples, 3)), np.eye(3)[rng.choice(3, size=samples, p=[0.7, 0.2, 0.1])], weights
    if isinstance(loss, OF_LABELS):
        return 2 * rng.normal(size=samples), np.where(np.arange(samples) < 9, 1.0, -1.0), weights
    if isinstance(loss, Binomial):
        return 2 * rng.normal(size=samples), rng.beta(0.3, 0.7, size=samples), weights
    if isinstance(loss, Tweedie):
        return rng.normal(size=samples), np.exp(rng.normal(size=samples)), weights
    return 2 * rng.normal(size=samples), rng.normal(size=samples) + 3, weights


def test_every_loss_is_here():
    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    assert {type(loss) for loss in LOSSES} == below(SampleLoss) - {SampleLoss}


@pytest.mark.parametrize("loss", LOSSES, ids=name)
@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_the_slope_is_the_derivative_of_the_value(loss, seed):
    predictions, y, _ = data(loss, seed)
    slopes = loss.slope(predictions, y).reshape(len(y), -1)
    for column in range(slopes.shape[1]):
        step = np.zeros_like(predictions)
        step.reshape(len(y), -1)[:, column] = 1e-6
        difference = (loss.value(predictions + step, y) - loss.value(predictions - step, y)) / 2e-6
        np.testing.assert_allclose(slopes[:, column], difference, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES, ids=name)
@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_the_slope_grows_no_faster_than_the_curvature(loss, seed):
    (one, y, _), (other, _, _) = data(loss, seed), data(loss, seed + 1)
    distances = np.linalg.norm((one - other).reshape(len(y), -1), axis=1)
    changes = np.linalg.norm((loss.slope(one, y) - loss.slope(other, y)).reshape(len(y), -1), axis=1)
    assert (changes <= loss.curvature * distances * (1 + 1e-12)).all()
    if not isinstance(loss, (Softmax, Tweedie)):  # the bound is the least one; there is none for Tweedie
        if isinstance(loss, (Logistic, Binomial)):
            here = np.full(len(y), 1e-4)
        else:
            here = y * 0.5 if isinstance(loss, OF_LABELS) else y + 0.4
        steepest = np.abs(loss.slope(here + 1e-4, y) - loss.slope(here, y)).max() / 1e-4
        assert steepest == pytest.approx(loss.curvature, rel=1e-3)


@pytest.mark.parametrize("loss", LOSSES, ids=name)
@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_no_constant_is_better_than_the_best(loss, seed):
    _, y, weights = data(loss, seed)

    def total(constant):
        return weights @ loss.value(np.broadcast_to(constant, y.shape), y)

    best = loss.best_constant(y, weights)
    assert np.shape(best) == y.shape[1:]
    for move in np.random.default_rng(seed).normal(size=(20, *np.shape(best))) * 0.1:
        assert total(best) <= total(best + move) + 1e-12


def test_of_labels_the_loss_of_shares_is_the_logistic_loss():
    predictions, labels = np.array([-800.0, -30.0, 0.0, 1e-3, 40.0, 900.0] * 2), np.repeat([1.0, -1.0], 6)
    for method in ("value", "slope"):
        found = getattr(Binomial(), method)(predictions, (labels + 1) / 2)
        np.testing.assert_allclose(found, getattr(Logistic(), method)(predictions, labels), rtol=1e-14)


@pytest.mark.parametrize("loss", [loss for loss in LOSSES if not isinstance(loss, Softmax)], ids=name)
def test_several_outputs_are_as_many_problems(loss):
    columns = [data(loss, seed) for seed in (1, 2, 3)]
    y, weights = (np.stack([column[part] for column in columns], axis=1) for part in (1, 2))
    expected = [loss.best_constant(column[1], column[2]) for column in columns]
    np.testing.assert_allclose(loss.best_constant(y, weights), expected, rtol=1e-12)
