"""The experiments of the chapter on optimizers measure what the chapter says."""

import numpy as np
import pytest

from exactzeros import zero_test
from exactzeros.book import optimizer_experiment as experiment
from exactzeros.optimizers import SGD, Adam, trajectory


def test_the_problem_has_certified_zeros_and_stationary_weights():
    problem = experiment.problem()
    slopes, zeros = problem.loss.gradient(problem.solution), problem.solution == 0.0
    assert zero_test(slopes[zeros], problem.penalty).zero.all()
    assert 30 < zeros.sum() < 45
    np.testing.assert_allclose(slopes[~zeros], -experiment.BETA * np.sign(problem.solution[~zeros]), atol=1e-10)


def test_gradients_are_those_of_the_loss():
    problem = experiment.problem()
    full = experiment.full_gradient(problem.X, problem.y)(problem.start)
    np.testing.assert_allclose(full, problem.loss.gradient(problem.start), rtol=1e-12)
    batches = experiment.batch_gradient(problem.X, problem.y, 50)
    mean = np.mean([batches(problem.start) for _ in range(4000)], axis=0)
    assert np.abs(mean - full).max() < 0.05


def test_zeros_along_the_way():
    missed = experiment.zeros_along_the_way((10, 200))
    assert len(missed) == 4
    assert not any((weights == 0.0).any() for weights in missed.values())
    cured = experiment.zeros_along_the_way((500,), experiment.problem().penalty.prox)
    expected = experiment.problem().solution == 0.0
    np.testing.assert_array_equal(cured["gradient descent"][-1] == 0.0, expected)


def test_the_interior_point_solver_comes_near_and_has_no_zero():
    found = experiment.interior_point()
    assert not (found == 0.0).any()
    np.testing.assert_allclose(found, experiment.problem().solution, atol=1e-5)


@pytest.mark.parametrize("eps", [1e-2, 1e-4])
def test_the_smoothed_minimizer_is_stationary(eps):
    problem, found = experiment.problem(), experiment.smoothed(eps)
    slopes = problem.loss.gradient(found) + experiment.BETA * found / np.sqrt(found**2 + eps**2)
    assert np.abs(slopes).max() < 1e-6
    assert not (found == 0.0).any()


def test_hovering_stays_in_the_band():
    steps = np.array([0.1, 0.003])
    iterates = experiment.hovering(SGD(1), steps, slope=0.3)
    assert not (iterates == 0.0).any()
    assert (-1.3 * steps <= iterates).all() and (iterates <= 0.7 * steps).all()


@pytest.mark.parametrize("make", [SGD, lambda step: SGD(step, momentum=0.9), Adam])
def test_hovering_with_many_steps_at_once_is_hovering_with_each(make):
    steps = np.array([0.1, 0.003])
    together = experiment.hovering(make(1), steps, slope=0.3, taken=200, last=50)
    gradient = experiment.with_sign(lambda w: 0.3 + w, 1.0)
    for step, column in zip(steps, together.T, strict=True):
        alone = trajectory(gradient, make(step), [0.0], range(150, 200))[:, 0]
        np.testing.assert_allclose(column, alone, rtol=1e-6, atol=1e-12)


def test_larger_batches_keep_more_zeros():
    few, many = (experiment.share_of_zeros(SGD(0.05), batch, steps=300, last=100) for batch in (5, 320))
    assert few < 0.4 < 0.8 < many


def test_majorizing_decreases_the_objective_until_it_underflows():
    iterates = experiment.majorize(0.3, 1.0, 1.0, 800)
    values = 0.3 * iterates + iterates**2 / 2 + np.abs(iterates)
    assert (np.diff(values)[1:] <= 0).all()
    assert iterates[100] != 0.0 and iterates[-1] == 0.0
