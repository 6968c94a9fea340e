"""The solvers agree with scikit-learn, and the right ones reach exact zeros."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet, Lasso, Ridge

from exactzeros import Penalty, catalog, w, zero_test
from exactzeros.losses import LeastSquares, Logistic, Loss, Quadratic
from exactzeros.solvers import coordinate_descent, gradient_descent, proximal_gradient, subgradient_descent

pytestmark = pytest.mark.slow  # they solve many problems

EXACT = [proximal_gradient, coordinate_descent]
ALL = [gradient_descent, *EXACT]
NUMBERS = {"beta": 0.2, "gamma": 3.0, "delta": 0.5, "eps": 0.5, "a": 0.6}
PENALTIES = {
    name: penalty.at(**({s.name: NUMBERS[s.name] for s in penalty.parameters} | ({"a": 3.7} if name == "scad" else {})))
    for name, penalty in catalog.every().items()
}
CONVEX = [name for name in PENALTIES if name not in ("mcp", "scad", "log_sum", "lp(1/2)")]
SMOOTH = [name for name, penalty in PENALTIES.items() if not penalty.is_singular]


def regression(seed, n=30, p=6, correlation=0.5):
    """Return features with a common part, and targets that depend on about half of them."""
    rng = np.random.default_rng(seed)
    X = np.sqrt(1 - correlation) * rng.normal(size=(n, p)) + np.sqrt(correlation) * rng.normal(size=(n, 1))
    weights = rng.normal(size=p) * (rng.random(p) < 0.5)
    return X, X @ weights + 0.5 * rng.normal(size=n)


def objective(loss, penalty, weights):
    return loss(weights) + penalty(weights).sum()


def distance_from_fixed_point(loss, penalty, weights):
    step = 1 / loss.lipschitz
    return np.abs(weights - penalty.prox(weights - step * loss.gradient(weights), step)).max()


# Against scikit-learn.

SHAPES = [(40, 8), (30, 10), (10, 12), (60, 12), (8, 10)]  # more samples than features, and fewer
CORRELATIONS = [0.0, 0.4, 0.7]


@pytest.fixture(scope="module", params=range(10))
def problem(request):
    seed = request.param
    X, y = regression(seed, *SHAPES[seed % 5], CORRELATIONS[seed % 3])
    return X, y, 0.1 * np.abs(X.T @ y).max() / len(y)


def reference(kind, X, y, beta):
    precise = {"fit_intercept": False, "tol": 1e-13, "max_iter": 10**6}
    penalty, estimator = {
        "lasso": (catalog.l1().at(beta=beta), Lasso(alpha=beta, **precise)),
        "elastic net": (catalog.elastic_net().at(beta=beta, a=0.7), ElasticNet(alpha=beta, l1_ratio=0.7, **precise)),
        "ridge": (catalog.l2().at(beta=2 * beta), Ridge(alpha=4 * len(y) * beta, fit_intercept=False, solver="svd")),
    }[kind]
    return penalty, estimator.fit(X, y).coef_


@pytest.mark.parametrize("kind", ["lasso", "elastic net", "ridge"])
def test_agrees_with_scikit_learn(problem, kind):
    X, y, beta = problem
    penalty, expected = reference(kind, X, y, beta)
    for solver in EXACT:
        result = solver(LeastSquares(X, y), penalty)
        assert result.converged
        np.testing.assert_allclose(result.solution, expected, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(result.solution == 0.0, expected == 0.0)


def test_the_problems_have_zeros_and_non_zeros():
    penalty = catalog.l1().at(beta=0.1)
    solutions = [proximal_gradient(LeastSquares(*regression(seed)), penalty).solution for seed in range(5)]
    assert 0.1 < np.mean(np.array(solutions) == 0.0) < 0.9


# What holds for every penalty.


@settings(max_examples=50)
@given(st.sampled_from(sorted(PENALTIES)), st.floats(-3, 3), st.floats(0.7, 3))
def test_in_one_dimension_one_exact_step_is_the_proximal_operator(name, slope, curvature):
    penalty, loss = PENALTIES[name], Quadratic(slope, curvature)
    expected = penalty.prox([-slope / curvature], step=1 / curvature)
    np.testing.assert_array_equal(coordinate_descent(loss, penalty, max_iterations=1).solution, expected)
    np.testing.assert_array_equal(proximal_gradient(loss, penalty, max_iterations=1).solution, expected)


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize("loss_class", [LeastSquares, Logistic])
@pytest.mark.parametrize("name", PENALTIES)
def test_a_result_is_a_fixed_point_of_the_proximal_step(name, loss_class, solver):
    X, y = regression(3, n=30, p=4, correlation=0.2)
    loss, penalty = loss_class(X, y if loss_class is LeastSquares else np.where(y > 0.5, 1, -1)), PENALTIES[name]
    result = solver(loss, penalty)
    assert result.converged and result.reason == "residual below tolerance"
    assert distance_from_fixed_point(loss, penalty, result.solution) < 1e-10
    assert result.objective == pytest.approx(objective(loss, penalty, result.solution), rel=1e-14)
    slack = zero_test(loss.gradient(result.solution), penalty).slack
    assert (slack[result.solution == 0.0] >= -1e-10).all()


@settings(max_examples=25)
@given(st.sampled_from(sorted(PENALTIES)), st.sampled_from(EXACT), st.integers(0, 1000), st.integers(1, 40))
def test_the_objective_never_rises(name, solver, seed, iterations):
    rng = np.random.default_rng(seed)
    loss, penalty = LeastSquares(*regression(seed, correlation=0.9)), PENALTIES[name]
    start = np.abs(rng.normal(size=loss.size))
    values = [solver(loss, penalty, start=start, max_iterations=k).objective for k in (iterations, iterations + 1)]
    assert objective(loss, penalty, start) >= values[0] - 1e-13
    assert values[0] >= values[1] - 1e-13


def test_acceleration_does_not_raise_the_objective_on_its_way():
    loss, penalty = LeastSquares(*regression(1, p=10)), catalog.log_sum().at(beta=0.2, eps=0.3)
    values = [proximal_gradient(loss, penalty, max_iterations=limit).objective for limit in range(1, 60)]
    assert (np.diff(values) <= 1e-13).all()


def test_the_momentum_is_that_of_beck_and_teboulle():
    loss, penalty = LeastSquares([[2, 0], [0, 1]], [3, 5]), catalog.l1().at(beta=0.1)
    first, second = (penalty.prox(-loss.gradient(np.zeros(2)) / loss.lipschitz, 1 / loss.lipschitz), (1 + 5**0.5) / 2)
    ahead = first + (second - 1) / ((1 + (1 + 4 * second**2) ** 0.5) / 2) * first
    expected = penalty.prox(ahead - loss.gradient(ahead) / loss.lipschitz, 1 / loss.lipschitz)
    found = proximal_gradient(loss, penalty, max_iterations=2).solution
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_acceleration_and_restarts_pay():
    loss, penalty = LeastSquares(*regression(1, p=10, correlation=0.99)), catalog.l2().at(beta=0.001)
    result = proximal_gradient(loss, penalty)
    assert result.converged and result.iterations < 2000  # without restarts it takes 6700 steps


@settings(max_examples=25)
@given(st.sampled_from(SMOOTH), st.integers(0, 1000), st.integers(1, 40))
def test_gradient_descent_never_raises_the_objective(name, seed, iterations):
    loss, penalty = LeastSquares(*regression(seed, correlation=0.9)), PENALTIES[name]
    start, limits = np.random.default_rng(seed).normal(size=loss.size), (iterations, iterations + 1)
    values = [gradient_descent(loss, penalty, start=start, max_iterations=limit).objective for limit in limits]
    assert objective(loss, penalty, start) >= values[0] >= values[1] - 1e-13


@pytest.mark.parametrize("name", CONVEX)
def test_all_solvers_agree_where_the_minimizer_is_unique(name):
    loss, penalty = LeastSquares(*regression(5, p=4, correlation=0.2)), PENALTIES[name]
    solvers = ALL if name in SMOOTH else EXACT
    first, *others = [solver(loss, penalty).solution for solver in solvers]
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-10)
        np.testing.assert_array_equal(other == 0.0, first == 0.0)


@pytest.mark.parametrize("solver", EXACT)
def test_the_start_does_not_matter_for_convex_problems(solver):
    loss, penalty = LeastSquares(*regression(6)), catalog.l1().at(beta=0.1)
    from_zero = solver(loss, penalty).solution
    far = solver(loss, penalty, start=np.full(loss.size, 1e3)).solution
    np.testing.assert_allclose(far, from_zero, atol=1e-9)
    np.testing.assert_array_equal(far == 0.0, from_zero == 0.0)


# Which solvers reach zero, and which do not.


@pytest.mark.parametrize("solver", EXACT)
def test_an_exact_solver_is_at_zero_exactly_where_the_slope_is_inside_the_zero_interval(solver):
    for seed in range(5):
        loss, penalty = LeastSquares(*regression(seed)), catalog.l1().at(beta=0.15)
        solution = solver(loss, penalty).solution
        np.testing.assert_array_equal(solution == 0.0, np.abs(loss.gradient(solution)) < 0.15 - 1e-9)
        assert not np.signbit(solution[solution == 0.0]).any()


@pytest.mark.parametrize("solver", EXACT)
def test_at_the_largest_slope_of_the_loss_at_zero_all_weights_are_zero(solver):
    loss = LeastSquares(*regression(1))
    largest = np.abs(loss.gradient(np.zeros(loss.size))).max()
    assert (solver(loss, catalog.l1().at(beta=1.001 * largest)).solution == 0.0).all()
    assert (solver(loss, catalog.l1().at(beta=0.999 * largest)).solution != 0.0).sum() == 1


@pytest.mark.parametrize("diminishing", [False, True])
def test_subgradient_descent_misses_zero_where_the_exact_solvers_hit_it(diminishing):
    for seed in range(3):
        loss, penalty = LeastSquares(*regression(seed)), catalog.l1().at(beta=0.15)
        zeros = proximal_gradient(loss, penalty).solution == 0.0
        step = 0.5 / loss.lipschitz
        result = subgradient_descent(loss, penalty, step=step, diminishing=diminishing, max_iterations=300)
        assert zeros.any() and not (result.solution == 0.0).any()
        assert (np.abs(result.solution[zeros]) < 0.1).all()
        assert (result.converged, result.reason, result.iterations) == (False, "iteration limit", 300)


def test_subgradient_descent_leaves_the_solution_and_stays_in_a_band():
    loss, penalty, step = Quadratic(-0.3, 1), catalog.l1().at(beta=0.5), 0.01
    assert proximal_gradient(loss, penalty).solution == 0.0
    path = [subgradient_descent(loss, penalty, step=step, max_iterations=k).solution[0] for k in range(1, 100)]
    assert path[0] == pytest.approx(0.003)
    assert all(0 < abs(weight) < 2 * 0.5 * step for weight in path)


def test_a_diminishing_step_comes_as_near_as_one_likes():
    loss, penalty = LeastSquares(*regression(2)), catalog.l1().at(beta=0.15)
    solution = proximal_gradient(loss, penalty).solution
    ends = [
        subgradient_descent(loss, penalty, step=0.3, diminishing=True, max_iterations=limit).solution
        for limit in (10, 100, 1000)
    ]
    distances = [np.abs(end - solution).max() for end in ends]
    assert distances == sorted(distances, reverse=True) and 0 < distances[-1] < 0.02


def test_the_first_subgradient_steps_by_hand():
    loss, penalty = Quadratic(-2, 1), catalog.l1().at(beta=0.5)
    assert subgradient_descent(loss, penalty, step=0.1, max_iterations=1).solution == pytest.approx([0.2])
    second = 0.2 + 0.1 / np.sqrt(2) * (2 - 0.2 - 0.5)
    twice = subgradient_descent(loss, penalty, step=0.1, diminishing=True, max_iterations=2)
    assert twice.solution == pytest.approx([second])


def test_a_step_that_is_too_long_is_reported():
    result = subgradient_descent(Quadratic(-2, 1), catalog.l2().at(beta=1), step=10, max_iterations=10_000)
    assert result.reason == "diverged: the step is too long" and not result.converged
    assert np.isfinite(result.solution).all() and result.iterations < 100


# Corner cases.


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize("name, expected", [("l1", 0.0), ("nonnegative", 2.0)])
def test_the_weight_of_a_column_of_zeros_goes_where_the_penalty_wants_it(solver, name, expected):
    X, y = regression(4)
    X[:, 2] = 0
    penalty = PENALTIES[name]
    result = solver(LeastSquares(X, y), penalty, start=np.full(6, 2.0))
    assert result.converged and result.solution[2] == expected
    others = np.arange(6) != 2
    without = solver(LeastSquares(X[:, others], y), penalty)
    np.testing.assert_allclose(result.solution[others], without.solution, atol=1e-9)
    assert solver(LeastSquares(X, y), PENALTIES["l2"]).solution[2] == 0.0


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize("scale", [0.0, 1e-160, 1e-100])
def test_features_of_almost_no_size_give_zeros(solver, scale):
    X, y = regression(4)
    result = solver(LeastSquares(scale * X, y), catalog.l1().at(beta=0.1), start=np.full(6, 0.5))
    assert result.converged and (result.solution == 0.0).all()


@pytest.mark.parametrize("scale", [1e-3, 1e-9, 1e-12])
def test_a_column_of_other_units_keeps_its_own_curvature(scale):
    """Of orthogonal columns coordinate descent needs one sweep, however small one of them is."""
    penalty = catalog.l1().at(beta=scale / 10)
    result = coordinate_descent(LeastSquares([[1, 0], [0, scale]], [1, 1]), penalty)
    assert result.converged and result.iterations == 1
    np.testing.assert_allclose(result.solution, [1 - scale / 5, 0.8 / scale], rtol=1e-13)


@pytest.mark.parametrize("solver", EXACT)
def test_targets_that_are_all_zero_give_zeros(solver):
    X, _ = regression(4)
    result = solver(LeastSquares(X, np.zeros(30)), catalog.l1().at(beta=0.1), start=np.ones(6))
    assert result.converged and (result.solution == 0.0).all()


@pytest.mark.parametrize("solver", EXACT)
def test_units_do_not_matter(solver):
    X, y = regression(0)
    one = solver(LeastSquares(X, y), catalog.l1().at(beta=0.1))
    other = solver(LeastSquares(X, y * 2.0**-40), catalog.l1().at(beta=0.1 * 2.0**-40))
    np.testing.assert_allclose(other.solution * 2.0**40, one.solution, rtol=1e-9)
    assert one.iterations == other.iterations


@pytest.mark.parametrize("solver", EXACT)
def test_a_start_outside_a_constraint_is_brought_inside(solver):
    loss, penalty = LeastSquares(*regression(0)), catalog.nonnegative()
    result = solver(loss, penalty, start=np.full(6, -1.0))
    assert result.converged and (result.solution >= 0).all() and np.isfinite(result.objective)


@pytest.mark.parametrize("solver", ALL)
@pytest.mark.parametrize("seed", range(3))
def test_a_tolerance_beyond_rounding_is_met_at_rounding(solver, seed):
    assert solver(LeastSquares(*regression(seed)), catalog.l2().at(beta=0.1), tolerance=1e-300).converged


def test_a_loss_of_ones_own_can_be_minimized():
    class Valley(Loss):
        size, lipschitz = 2, 1.0

        def __call__(self, w):
            return float(np.logaddexp(w - 1, 1 - w).sum())

        def gradient(self, w):
            return np.tanh(w - 1)

    for solver in EXACT:
        solution = solver(Valley(), catalog.l1().at(beta=0.5)).solution
        np.testing.assert_allclose(solution, 1 - np.arctanh(0.5), atol=1e-10)
        assert (solver(Valley(), catalog.l1().at(beta=0.8)).solution == 0.0).all()


def test_gradient_descent_says_when_no_step_helps():
    kink_elsewhere = Penalty(sp.Abs(w - 1))  # differentiable at 0, and not at 1, where the minimum is
    result = gradient_descent(Quadratic(-1.5, 1), kink_elsewhere)
    assert (result.converged, result.reason) == (False, "no step lowers the objective")
    np.testing.assert_allclose(result.solution, 1.0, atol=1e-12)


@pytest.mark.parametrize("solver", ALL)
def test_the_iteration_limit_is_kept_and_reported(solver):
    result = solver(LeastSquares(*regression(0, correlation=0.9)), catalog.l2().at(beta=1e-3), max_iterations=3)
    assert (result.iterations, result.converged, result.reason) == (3, False, "iteration limit")


@pytest.mark.parametrize("solver", ALL)
def test_a_looser_tolerance_stops_earlier(solver):
    loss, penalty = LeastSquares(*regression(0)), catalog.l2().at(beta=0.1)
    loose, tight = (solver(loss, penalty, tolerance=tolerance) for tolerance in (1e-3, 1e-12))
    assert loose.converged and loose.iterations < tight.iterations
    np.testing.assert_allclose(loose.solution, tight.solution, atol=1e-1)


@pytest.mark.parametrize("solver", ALL)
def test_the_start_is_left_alone_and_a_solution_is_its_own_array(solver):
    start = np.ones(6)
    result = solver(LeastSquares(*regression(0)), catalog.l2().at(beta=0.1), start=start)
    assert (start == 1).all() and not np.shares_memory(start, result.solution)
    with pytest.raises(AttributeError):
        result.solution = start


# Bad input.

LOSS, L1, L2 = Quadratic(1, 1), catalog.l1().at(beta=0.5), catalog.l2().at(beta=0.5)
SOLVERS = [*ALL, lambda *args, **options: subgradient_descent(*args, step=0.1, **options)]
NAMES = ["gradient", "proximal", "coordinate", "subgradient"]


@pytest.mark.parametrize("name", sorted(set(PENALTIES) - set(SMOOTH)))
def test_gradient_descent_refuses_a_singular_penalty(name):
    with pytest.raises(ValueError, match="penalty must be differentiable at 0.*proximal_gradient.*subgradient_descent"):
        gradient_descent(LOSS, PENALTIES[name])


@pytest.mark.parametrize("solver", SOLVERS, ids=NAMES)
@pytest.mark.parametrize(
    "loss, penalty, error, message",
    [
        (np.eye(2), L2, TypeError, "loss must be a Loss"),
        (Quadratic, L2, TypeError, "loss must be a Loss"),
        (LOSS, "l2", TypeError, "penalty must be a Penalty, got 'l2'"),
        (LOSS, catalog.l2, TypeError, "penalty must be a Penalty"),
        (LOSS, catalog.l2(), ValueError, r"penalty must have numbers.*beta.*\.at"),
    ],
)
def test_a_bad_problem_is_refused(solver, loss, penalty, error, message):
    with pytest.raises(error, match=message):
        solver(loss, penalty)


@pytest.mark.parametrize("solver", SOLVERS, ids=NAMES)
@pytest.mark.parametrize(
    "start, error",
    [*((x, ValueError) for x in ([1, 2], 0.0, [np.nan], [np.inf], [])), *((x, TypeError) for x in ([1j], "0", [None]))],
)
def test_a_bad_start_is_refused(solver, start, error):
    with pytest.raises(error, match="start must"):
        solver(LOSS, L2, start=start)


@pytest.mark.parametrize("solver", SOLVERS, ids=NAMES)
@pytest.mark.parametrize("limit, error", [(0, ValueError), (-1, ValueError), (10.0, TypeError), ("10", TypeError)])
def test_a_bad_iteration_limit_is_refused(solver, limit, error):
    with pytest.raises(error, match="max_iterations must be"):
        solver(LOSS, L2, max_iterations=limit)


BAD_POSITIVE = [*((x, ValueError) for x in (0, -1e-3, np.nan, np.inf)), *((x, TypeError) for x in ("1", 1j, [1], None))]


@pytest.mark.parametrize("solver", ALL)
@pytest.mark.parametrize("tolerance, error", BAD_POSITIVE)
def test_a_bad_tolerance_is_refused(solver, tolerance, error):
    with pytest.raises(error, match="tolerance must be"):
        solver(LOSS, L2, tolerance=tolerance)


@pytest.mark.parametrize("step, error", BAD_POSITIVE)
def test_a_bad_step_is_refused(step, error):
    with pytest.raises(error, match="step must be"):
        subgradient_descent(LOSS, L1, step=step)


def test_a_bad_choice_of_steps_is_refused():
    with pytest.raises(TypeError, match="diminishing must be a bool"):
        subgradient_descent(LOSS, L1, step=1, diminishing="yes")


def test_subgradient_descent_refuses_to_leave_where_the_penalty_is_finite():
    with pytest.raises(ValueError, match="x must lie where the penalty is finite"):
        subgradient_descent(Quadratic(1, 1), catalog.nonnegative(), step=0.1)
