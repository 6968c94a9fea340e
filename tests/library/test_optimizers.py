"""Optimizers and their own steps, with and without a proximal step after each."""

import numpy as np
import pytest

from exactzeros import catalog
from exactzeros.optimizers import SGD, Adam, trajectory

L1 = catalog.l1().at(beta=0.5)
TARGETS = np.array([-2.0, -0.4, 0.1, 0.6, 3.0])


def slope(weights):
    return weights - TARGETS


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_at_rest_moves_by_its_rest_step(momentum):
    optimizer = SGD(0.1, momentum)
    for _ in range(500):
        move = optimizer.move(TARGETS)
    np.testing.assert_allclose(move, optimizer.rest_step * TARGETS, rtol=1e-12)


def test_adam_at_rest_moves_by_its_rest_step():
    optimizer = Adam(0.1)
    for _ in range(500):
        move = optimizer.move(TARGETS)
    np.testing.assert_allclose(move, optimizer.rest_step * TARGETS, rtol=1e-10)
    np.testing.assert_allclose(optimizer.rest_step, 0.1 / np.abs(TARGETS), rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["SGD", "momentum", "Adam"])
def test_moves_are_those_of_pytorch(kind):
    torch = pytest.importorskip("torch", reason="PyTorch's CPU build is tested on Python 3.11 only")
    ours, theirs = {
        "SGD": (SGD(0.1), lambda w: torch.optim.SGD(w, lr=0.1)),
        "momentum": (SGD(0.1, 0.9), lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9)),
        "Adam": (Adam(0.1), lambda w: torch.optim.Adam(w, lr=0.1)),
    }[kind]
    weights = torch.nn.Parameter(torch.ones(5, dtype=torch.float64))
    optimizer = theirs([weights])
    for _ in range(20):
        optimizer.zero_grad()
        ((weights - torch.asarray(TARGETS)) ** 2).sum().mul(0.5).backward()
        optimizer.step()
    np.testing.assert_allclose(trajectory(slope, ours, np.ones(5), [20])[0], weights.detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.02, 0.8), Adam(0.02)], ids=["SGD", "momentum", "Adam"])
def test_with_its_own_step_the_proximal_step_finds_the_minimum(optimizer):
    found = trajectory(slope, optimizer, np.ones(5), [2000], L1.prox)[0]
    np.testing.assert_allclose(found, L1.prox(TARGETS), atol=1e-4)
    np.testing.assert_array_equal(found == 0.0, L1.prox(TARGETS) == 0.0)


def test_weights_are_recorded_after_the_steps_asked_for():
    every = trajectory(slope, SGD(0.1), np.ones(5), range(11))
    np.testing.assert_array_equal(every[0], 1)
    np.testing.assert_array_equal(trajectory(slope, SGD(0.1), np.ones(5), [3, 10]), every[[3, 10]])


def test_weights_of_any_shape():
    wide = trajectory(lambda w: w - 1, Adam(0.1), np.zeros((2, 3)), [5], L1.prox)
    assert wide.shape == (1, 2, 3)


@pytest.mark.parametrize("record", [[], [3, 3], [5, 2]])
def test_record_that_does_not_ascend(record):
    with pytest.raises(ValueError, match="^record must hold ascending numbers of steps, got"):
        trajectory(slope, SGD(0.1), np.ones(5), record)


def test_a_step_that_is_too_long():
    message = "not finite after 5000 steps: the step is too long"
    with np.errstate(all="ignore"), pytest.raises(ArithmeticError, match=message):
        trajectory(slope, SGD(3.0), np.ones(5), [5000])


@pytest.mark.parametrize("bad", [-0.1, 1.0, 2])
def test_decays_out_of_range(bad):
    with pytest.raises(ValueError, match="^momentum must be at least 0 and below 1, got"):
        SGD(0.1, bad)
    with pytest.raises(ValueError, match="^decays must be at least 0 and below 1, got"):
        Adam(0.1, (0.9, bad))


@pytest.mark.parametrize("bad", [0, -1.0, np.nan])
def test_steps_out_of_range(bad):
    for kind in (SGD, Adam):
        with pytest.raises(ValueError, match="^step must be"):
            kind(bad)
    with pytest.raises(ValueError, match="^eps must be"):
        Adam(0.1, eps=bad)


def test_adam_has_no_step_before_the_first():
    with pytest.raises(ValueError, match="^move must be called before rest_step"):
        _ = Adam(0.1).rest_step
