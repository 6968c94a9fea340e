"""Losses: value, gradient and Lipschitz constants agree, and the scikit-learn conversions are right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge

from exactzeros import catalog
from exactzeros.losses import LeastSquares, Logistic, Loss, Quadratic


@st.composite
def losses(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n, p = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    X = rng.normal(size=(n, p)) * draw(st.sampled_from([0.01, 1.0, 30.0]))
    X[:, rng.random(p) < 0.2] = 0
    kind = draw(st.sampled_from(["squares", "logistic", "quadratic"]))
    if kind == "squares":
        return LeastSquares(X, rng.normal(size=n)), rng
    if kind == "logistic":
        return Logistic(X, rng.choice([-1, 1], size=n)), rng
    return Quadratic(rng.normal(), rng.exponential() + 0.1), rng


@given(losses())
def test_the_gradient_is_the_derivative_of_the_value(drawn):
    loss, rng = drawn
    weights, h = rng.normal(size=loss.size), 1e-5
    differences = [(loss(weights + h * e) - loss(weights - h * e)) / (2 * h) for e in np.eye(loss.size)]
    scale = 1 + abs(loss(weights)) + loss.lipschitz
    np.testing.assert_allclose(loss.gradient(weights), differences, atol=1e-9 * scale)


@given(losses())
def test_partial_is_one_entry_of_the_gradient(drawn):
    loss, rng = drawn
    weights = rng.normal(size=loss.size)
    partials = [loss.partial(weights, i) for i in range(loss.size)]
    assert all(type(partial) is float for partial in partials)
    np.testing.assert_allclose(partials, loss.gradient(weights), rtol=1e-12, atol=1e-12 * (1 + loss.lipschitz))


@given(losses())
def test_lipschitz_bounds_the_change_of_the_gradient(drawn):
    loss, rng = drawn
    for _ in range(10):
        one, other = rng.normal(size=(2, loss.size)) * rng.exponential(size=(2, 1))
        change = np.linalg.norm(loss.gradient(one) - loss.gradient(other))
        assert change <= loss.lipschitz * np.linalg.norm(one - other) * (1 + 1e-9) + 1e-13


@given(losses())
def test_coordinate_lipschitz_bounds_the_change_of_each_partial(drawn):
    loss, rng = drawn
    assert loss.coordinate_lipschitz.shape == (loss.size,)
    assert (loss.coordinate_lipschitz <= loss.lipschitz * (1 + 1e-12)).all()
    weights = rng.normal(size=loss.size)
    for i, bound in enumerate(loss.coordinate_lipschitz):
        moved = weights.copy()
        moved[i] += rng.normal()
        change = abs(loss.partial(moved, i) - loss.partial(weights, i))
        assert change <= bound * abs(moved[i] - weights[i]) * (1 + 1e-9) + 1e-12 * (1 + loss.lipschitz)


@given(losses())
def test_values_are_convex(drawn):
    loss, rng = drawn
    one, other = rng.normal(size=(2, loss.size))
    assert loss((one + other) / 2) <= (loss(one) + loss(other)) / 2 + 1e-12 * (1 + loss.lipschitz)


def test_least_squares_is_half_the_mean_squared_error():
    X, y = [[1, 2], [3, 4], [5, 6]], [1, -1, 2]
    assert LeastSquares(X, y)([1, -1]) == pytest.approx(((1 + 1) ** 2 + (-1 + 1) ** 2 + (2 + 1) ** 2) / 6)


@pytest.mark.parametrize("shape", [(9, 4), (4, 9)])
def test_the_lipschitz_constant_of_least_squares_is_the_largest_eigenvalue(shape):
    X = np.random.default_rng(0).normal(size=shape)
    largest = np.linalg.eigvalsh(X.T @ X / shape[0])[-1]
    assert LeastSquares(X, np.ones(shape[0])).lipschitz == pytest.approx(largest, rel=1e-12)
    assert Logistic(X, np.ones(shape[0])).lipschitz == pytest.approx(largest / 4, rel=1e-12)


def test_coordinate_lipschitz_of_least_squares_is_exact():
    rng = np.random.default_rng(1)
    loss = LeastSquares(rng.normal(size=(5, 3)), rng.normal(size=5))
    for i, e in enumerate(np.eye(3)):
        assert loss.coordinate_lipschitz[i] == pytest.approx(loss.partial(e, i) - loss.partial(0 * e, i), rel=1e-12)


def test_a_column_of_zeros_has_no_influence():
    X = np.array([[1.0, 0.0], [2.0, 0.0]])
    for loss in (LeastSquares(X, [1, 2]), Logistic(X, [1, -1])):
        assert loss.coordinate_lipschitz[1] == 0
        assert loss.partial([1.0, 5.0], 1) == 0
        assert loss([1.0, 5.0]) == loss([1.0, -7.0])


def test_logistic_is_stable_far_out():
    loss = Logistic([[1.0], [1.0]], [1, -1])
    assert loss([2000.0]) == 1000.0
    np.testing.assert_array_equal(loss.gradient([2000.0]), [0.5])
    sure = Logistic([[1.0]], [1])
    np.testing.assert_allclose([sure([50.0]), -sure.gradient([50.0])[0]], np.exp(-50.0), rtol=1e-12)


def test_quadratic_is_its_formula():
    loss = Quadratic(slope=-0.3, curvature=2)
    assert (loss.slope, loss.curvature, loss.lipschitz, loss.size) == (-0.3, 2.0, 2.0, 1)
    assert loss([0.5]) == pytest.approx(-0.3 * 0.5 + 0.25)
    np.testing.assert_array_equal(loss.coordinate_lipschitz, [2.0])


def test_a_loss_keeps_its_own_copy_of_the_data():
    X, y = np.eye(2), np.array([1.0, -1.0])
    losses = LeastSquares(X, y), Logistic(X, y)
    before = [loss([1.0, 1.0]) for loss in losses]
    X[:] = 7
    y[:] = 1
    assert [loss([1.0, 1.0]) for loss in losses] == before


def test_a_loss_of_ones_own_needs_only_value_gradient_size_and_lipschitz():
    class Cosine(Loss):
        size, lipschitz = 2, 1.0

        def __call__(self, w):
            return float(np.cos(self._weights(w)).sum())

        def gradient(self, w):
            return -np.sin(self._weights(w))

    loss = Cosine()
    assert loss.partial([0.0, 1.0], 1) == -np.sin(1.0)
    np.testing.assert_array_equal(loss.coordinate_lipschitz, [1.0, 1.0])
    with pytest.raises(TypeError, match="abstract"):
        Loss()


# The conversions: the estimator's solution is stationary for the book's objective with the converted strength.

RNG = np.random.default_rng(7)
X, NOISE = RNG.normal(size=(30, 4)), RNG.normal(size=30)
Y = X @ [1.0, -2.0, 0.5, 0.0] + NOISE
LABELS = np.where(Y > 0, 1, -1)


@pytest.mark.parametrize(
    "estimator, loss, penalty",
    [
        (Lasso(alpha=0.1, tol=1e-12), LeastSquares(X, Y), catalog.l1().at(beta=0.1)),
        (ElasticNet(alpha=0.1, l1_ratio=0.3, tol=1e-12), LeastSquares(X, Y), catalog.elastic_net().at(beta=0.1, a=0.3)),
        (Ridge(alpha=2 * 30 * 0.1), LeastSquares(X, Y), catalog.l2().at(beta=0.1)),
        (LogisticRegression(C=1 / (2 * 30 * 0.1), tol=1e-10), Logistic(X, LABELS), catalog.l2().at(beta=0.1)),
        (
            LogisticRegression(
                C=1 / (30 * 0.05), l1_ratio=1, solver="saga", tol=1e-12, max_iter=10_000, random_state=0
            ),
            Logistic(X, LABELS),
            catalog.l1().at(beta=0.05),
        ),
    ],
    ids=["Lasso", "ElasticNet", "Ridge", "LogisticRegression-l2", "LogisticRegression-l1"],
)
def test_strengths_convert_to_scikit_learn(estimator, loss, penalty):
    targets = LABELS if isinstance(loss, Logistic) else Y
    weights = estimator.set_params(fit_intercept=False).fit(X, targets).coef_.reshape(-1)
    slopes, nonzero = loss.gradient(weights), weights != 0
    np.testing.assert_allclose(slopes[nonzero], -penalty.gradient(weights[nonzero]), atol=1e-6)
    left, right = penalty.numeric_slopes_at_zero
    assert ((-right <= slopes) & (slopes <= -left))[~nonzero].all()


# Bad input.

GOOD_X, GOOD_Y = np.eye(3), np.array([1.0, -1.0, 1.0])


@pytest.mark.parametrize("loss", [LeastSquares, Logistic])
@pytest.mark.parametrize(
    "X, y, error, message",
    [
        ([[1, np.nan]] * 3, GOOD_Y, ValueError, "X must be finite, got nan"),
        ([[1, np.inf]] * 3, GOOD_Y, ValueError, "X must be finite, got inf"),
        ([[1j]] * 3, GOOD_Y, TypeError, "X must hold real numbers"),
        ("data", GOOD_Y, TypeError, "X must hold real numbers"),
        (np.empty((0, 3)), GOOD_Y, ValueError, "X must not be empty"),
        (np.empty((3, 0)), GOOD_Y, ValueError, "X must not be empty"),
        ([1, 2, 3], GOOD_Y, ValueError, "X must have 2 dimension"),
        ([[1, 2], [3]], GOOD_Y, ValueError, "X must be a rectangular array"),
        (GOOD_X, [1.0, -1.0], ValueError, r"y must have shape \(3,\), got \(2,\)"),
        (GOOD_X, GOOD_Y[:, None], ValueError, r"y must have shape \(3,\)"),
        (GOOD_X, [1.0, np.nan, 1.0], ValueError, "y must be finite"),
        (GOOD_X, ["a", "b", "c"], TypeError, "y must hold real numbers"),
    ],
)
def test_bad_data_is_refused(loss, X, y, error, message):
    with pytest.raises(error, match=message):
        loss(X, y)


def test_labels_other_than_plus_and_minus_one_are_refused():
    with pytest.raises(ValueError, match="y must hold the labels -1 and 1, got 0 at index 1"):
        Logistic(GOOD_X, [1, 0, 1])
    with pytest.raises(TypeError, match="y must hold real numbers"):
        Logistic(GOOD_X, [True, False, True])


@pytest.mark.parametrize(
    "slope, curvature, error, message",
    [
        (np.nan, 1, ValueError, "slope must be.*finite"),
        ("1", 1, TypeError, "slope must be a real number"),
        (1j, 1, TypeError, "slope must be a real number"),
        ([1.0], 1, TypeError, "slope must be a real number"),
        (1, 0, ValueError, "curvature must be positive, got 0"),
        (1, -1.0, ValueError, "curvature must be positive"),
        (1, np.inf, ValueError, "curvature must be.*finite"),
    ],
)
def test_a_bad_quadratic_is_refused(slope, curvature, error, message):
    with pytest.raises(error, match=message):
        Quadratic(slope, curvature)


GOOD_LOSSES = {
    "squares": LeastSquares(GOOD_X, GOOD_Y),
    "logistic": Logistic(GOOD_X, GOOD_Y),
    "quadratic": Quadratic(1, 1),
}


@pytest.mark.parametrize("loss", GOOD_LOSSES.values(), ids=GOOD_LOSSES)
@pytest.mark.parametrize("method", ["__call__", "gradient", "partial"])
@pytest.mark.parametrize(
    "bad, error",
    [*((x, ValueError) for x in (np.zeros(2), 0.0, [np.nan] * 3, [], [[0.0]])), *((x, TypeError) for x in ("w", [1j]))],
)
def test_bad_weights_are_refused(loss, method, bad, error):
    arguments = (bad, 0) if method == "partial" else (bad,)
    with pytest.raises(error, match="w must"):
        getattr(loss, method)(*arguments)


@pytest.mark.parametrize("i, error", [(3, ValueError), (-1, ValueError), (0.0, TypeError), (True, TypeError)])
@pytest.mark.parametrize("loss", GOOD_LOSSES.values(), ids=GOOD_LOSSES)
def test_a_bad_index_is_refused(loss, i, error):
    with pytest.raises(error, match="i must be"):
        loss.partial(np.zeros(loss.size), i)
