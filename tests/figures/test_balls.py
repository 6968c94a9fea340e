"""Where a target lands on a ball: against all points of its boundary, and exactly zero only where it should be."""

import math

import numpy as np
import pytest

from exactzeros.book.balls import boundary, nearest, share_on_axis

pytestmark = pytest.mark.slow  # they trace many curves

POWERS = [1, 1.1, 1.5, 2, 4, math.inf]


def loss(targets, points, correlation):
    gap = points - targets
    return (gap**2).sum(axis=-1) / 2 + correlation * gap[..., 0] * gap[..., 1]


@pytest.mark.parametrize("correlation", [0.0, 0.5, -0.95])
@pytest.mark.parametrize("p", POWERS)
def test_no_point_of_the_boundary_is_lower(p, correlation):
    targets = 2 * np.random.default_rng(0).normal(size=(200, 2))
    targets = targets[np.linalg.norm(targets, ord=p, axis=1) > 1]
    points = nearest(targets, p, correlation)
    np.testing.assert_allclose(np.linalg.norm(points, ord=p, axis=1), 1, rtol=1e-12)
    least = loss(targets[:, None], boundary(p, 4000), correlation).min(axis=1)
    assert (loss(targets, points, correlation) <= least + 1e-12).all()


@pytest.mark.parametrize("p", POWERS)
def test_a_target_inside_stays_where_it_is(p):
    inside = np.array([[0.3, 0.0], [0.0, -0.9], [-0.4, 0.35], [0.0, 0.0]])
    assert (nearest(inside, p, 0.5) == inside).all()


@pytest.mark.parametrize("p", [1.1, 1.5, 2, 4, math.inf])
def test_only_the_ray_of_an_axis_point_gives_a_zero(p):
    correlation = 0.5
    on, off = [[2.0, -0.5], [-3.0, 1.0], [1.25, -0.125]], [[2.0, -0.499], [2.0, -0.501], [-3.0, 1.001]]
    assert (nearest(on, p, correlation) == [[1, 0], [-1, 0], [1, 0]]).all()
    assert (nearest(off, p, correlation)[:, 1] != 0).all()
    turned = np.array(on)[:, ::-1]
    assert (nearest(turned, p, correlation) == [[0, 1], [0, -1], [0, 1]]).all()


def test_a_target_near_the_ray_lands_near_the_axis_but_not_on_it():
    (point,) = nearest([[2.0, 1e-6]], 1.1)
    assert 0 < point[1] < 1e-55


def test_the_cone_of_the_diamond_is_the_same_for_every_correlation():
    targets = np.random.default_rng(0).uniform(-3, 3, size=(500, 2))
    on_axis = np.abs(targets[:, 1]) <= np.abs(targets[:, 0]) - 1
    assert 50 < on_axis.sum() < 450
    for correlation in (-0.9, 0.0, 0.6):
        assert ((nearest(targets, 1, correlation)[:, 1] == 0.0) == on_axis).all()


@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_the_share_is_that_of_a_sample(correlation):
    gram = np.array([[1, correlation], [correlation, 1]])
    targets = np.random.default_rng(0).multivariate_normal([0.9, -0.4], 0.7**2 * np.linalg.inv(gram), size=100_000)
    share = (nearest(targets, 1, correlation)[:, 1] == 0.0).mean()
    assert share == pytest.approx(share_on_axis((0.9, -0.4), 0.7, correlation), abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, 2.0, 3.0]], 2), r"targets must have two columns, got the shape \(1, 3\)"),
        (([[1.0, 2.0]], 0.5), "p must be at least 1, got 0.5"),
        (([[1.0, 2.0]], 2, 1.0), "correlation must lie between -1 and 1, got 1.0"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        nearest(*arguments)
