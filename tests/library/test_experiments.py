"""The experiments count what they compute, and their intervals cover what they should."""

import dataclasses
import functools
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binomtest

from exactzeros import Penalty, catalog, experiments, w
from exactzeros.experiments import predicted_zero_probability, regression_zero_frequency, zero_frequency
from exactzeros.losses import LeastSquares, Quadratic
from exactzeros.solvers import coordinate_descent

pytestmark = pytest.mark.slow  # they solve thousands of problems

L1, L2 = catalog.l1().at(beta=0.5), catalog.l2().at(beta=0.5)
CONVEX = {
    "l1": L1,
    "elastic net": catalog.elastic_net().at(beta=0.8, a=0.5),
    "log-sum": catalog.log_sum().at(beta=0.4, eps=0.7),  # convex together with w**2/2, since beta < eps**2
    "mcp": catalog.mcp().at(beta=0.6, gamma=2),
    "one-sided": catalog.one_sided().at(beta=0.7),
    "non-negative": catalog.nonnegative(),
    "unequal": Penalty(sp.Max(w / 3, -w / 5)),
    "l2": L2,
    "huber": catalog.huber().at(beta=0.5, delta=0.1),
    "smoothed": catalog.smoothed_l1().at(beta=0.5, eps=0.1),
}

# One dimension.


@pytest.mark.parametrize("name", CONVEX)
@pytest.mark.parametrize("spread", [0.4, 1.5])
def test_the_prediction_is_met(name, spread):
    probability = predicted_zero_probability(CONVEX[name], spread)
    run = zero_frequency(CONVEX[name], spread, problems=20_000, confidence=0.9999)
    assert run.low <= probability <= run.high
    if not CONVEX[name].is_singular:
        assert (run.zeros, probability) == (0, 0.0)


@pytest.mark.parametrize("curvature", [0.9, 2.0, 30.0])
def test_for_a_convex_penalty_the_curvature_plays_no_part(curvature):
    assert zero_frequency(L1, curvature=curvature, problems=5000).zeros == zero_frequency(L1, problems=5000).zeros


def test_for_a_non_convex_objective_the_prediction_is_an_upper_bound():
    root = catalog.lp(0.5).at(beta=0.5)
    assert predicted_zero_probability(root) == 1.0
    assert zero_frequency(root, problems=2000).high < 0.9


def test_the_count_is_that_of_the_minimizers_one_by_one():
    slopes = np.random.default_rng(3).normal(scale=0.7, size=200)
    minimizers = [coordinate_descent(Quadratic(slope, 1.7), L1).solution[0] for slope in slopes]
    run = zero_frequency(L1, 0.7, curvature=1.7, problems=200, seed=3)
    assert (run.zeros, run.problems) == (minimizers.count(0.0), 200)
    assert run.frequency == run.zeros / 200


@pytest.mark.parametrize(
    "penalty, expected",
    [(L1, 0.3829249), (catalog.one_sided().at(beta=1), 0.3413447), (catalog.nonnegative(), 0.5), (L2, 0)],
    ids=str,
)
def test_predictions_from_the_normal_table(penalty, expected):
    assert predicted_zero_probability(penalty) == pytest.approx(expected, abs=1e-7)


def test_a_kink_upwards_has_no_zeros():
    upwards = Penalty(-sp.Abs(w) + w**2)
    assert predicted_zero_probability(upwards) == 0.0
    assert zero_frequency(upwards, problems=1000).zeros == 0


@pytest.mark.parametrize("experiment", [zero_frequency, regression_zero_frequency])
def test_the_seed_decides(experiment):
    assert experiment(L1, problems=300) == experiment(L1, problems=300, seed=0)
    assert experiment(L1, problems=300) != experiment(L1, problems=300, seed=1)


def test_a_frequency_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        zero_frequency(L1, problems=10).zeros = 0


# The confidence interval.


@pytest.mark.parametrize("problems", [1, 7, 400])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("penalty", [L2, L1, catalog.l1().at(beta=50)], ids=["none", "some", "all"])
def test_the_interval_is_that_of_clopper_and_pearson(penalty, problems, confidence):
    run = zero_frequency(penalty, problems=problems, confidence=confidence)
    exact = binomtest(run.zeros, problems).proportion_ci(confidence, method="exact")
    assert (run.low, run.high) == pytest.approx((exact.low, exact.high), rel=1e-9)
    assert run.low <= run.frequency <= run.high and run.confidence == confidence


def test_the_interval_covers_the_probability_as_often_as_it_says():
    probability = predicted_zero_probability(L1)
    runs = [zero_frequency(L1, problems=200, confidence=0.9, seed=seed) for seed in range(400)]
    covered = np.mean([run.low <= probability <= run.high for run in runs])
    assert 0.87 < covered < 0.97


# Regressions.


def test_ridge_has_no_zeros_on_gaussian_data_and_l1_has_many():
    assert regression_zero_frequency(L2, problems=50_000).zeros == 0
    assert regression_zero_frequency(L1, problems=500).frequency > 0.5


def test_ridge_has_zeros_on_ternary_data():
    run = regression_zero_frequency(L2, "ternary", problems=20_000)
    assert 0.03 < run.low and run.high < 0.05


def test_all_coefficients_are_zero_equally_often():
    X, y = experiments._draw("ternary", 20_000, 6, 3, 0)
    shares = (experiments._solve_in_integers(sp.Rational(1, 2), sp.S.Zero, X, y) == 0).mean(axis=0)
    assert np.ptp(shares) < 0.005


def fraction_solution(X, y, square, linear):
    """Solve `(X'X + 2*n*square*I) w = X'y - n*linear` by elimination in fractions."""
    n, p = X.shape
    gram, moments = (X.T @ X).tolist(), (X.T @ y).tolist()
    rows = [
        [Fraction(gram[i][j]) + (2 * n * square if i == j else 0) for j in range(p)] + [moments[i] - n * linear]
        for i in range(p)
    ]
    for k in range(p):
        rows[k] = [entry / rows[k][k] for entry in rows[k]]
        for i in set(range(p)) - {k}:
            rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [float(row[-1]) for row in rows]


@pytest.mark.parametrize("square, linear", [("1/2", "0"), ("1/10", "0"), ("123456789/100000", "1/7"), ("1/12", "-1/3")])
@pytest.mark.parametrize("samples, features", [(6, 3), (2, 5), (4, 1)])
def test_the_solution_in_integers_is_exact(square, linear, samples, features):
    X, y = experiments._draw("ternary", 40, samples, features, 1)
    computed = experiments._solve_in_integers(sp.Rational(square), sp.Rational(linear), X, y)
    strengths = Fraction(square), Fraction(linear)
    expected = [fraction_solution(*problem, *strengths) for problem in zip(X, y[..., 0], strict=True)]
    np.testing.assert_array_equal(computed, expected)
    in_floats = experiments._solve_in_floats(sp.Rational(square), sp.Rational(linear), X, y)
    np.testing.assert_allclose(in_floats, computed, atol=1e-12)


def test_floating_point_would_miss_zeros_on_ternary_data():
    X, y = experiments._draw("ternary", 5000, 6, 3, 0)
    exact, rounded = (
        np.count_nonzero(solve(sp.Rational(1, 2), sp.S.Zero, X, y) == 0)
        for solve in (experiments._solve_in_integers, experiments._solve_in_floats)
    )
    assert rounded < exact


@pytest.mark.parametrize(
    "penalty",
    [L1, CONVEX["elastic net"], Penalty(w**4), Penalty(-(w**2) / 200), Penalty(sp.Abs(w) + w / 2)],
    ids=str,
)
def test_the_general_route_minimizes_each_problem(penalty):
    X, y = experiments._draw("gaussian", 5, 12, 3, 0)
    together = experiments._solve_by_proximal_gradient(penalty, X, y)
    alone = [coordinate_descent(LeastSquares(*problem), penalty).solution for problem in zip(X, y[..., 0], strict=True)]
    np.testing.assert_allclose(together, alone, atol=1e-9)
    np.testing.assert_array_equal(together == 0.0, np.array(alone) == 0.0)


@pytest.mark.parametrize("data", ["gaussian", "ternary"])
@pytest.mark.parametrize("expression", [w**2 / 2, (w - 1) ** 2 / 3, 2 * w**2 - w + 5])
def test_both_routes_agree_on_a_quadratic_penalty(expression, data):
    penalty = Penalty(expression)
    X, y = experiments._draw(data, 50, 6, 3, 0)
    general = experiments._solve_by_proximal_gradient(penalty, X, y)
    solve = experiments._solve_in_integers if data == "ternary" else experiments._solve_in_floats
    np.testing.assert_allclose(solve(*experiments._quadratic_coefficients(penalty), X, y), general, atol=1e-9)


def test_a_penalty_that_opens_downwards_is_not_solved_by_linear_equations():
    assert experiments._quadratic_coefficients(Penalty(-(w**2))) is None
    with pytest.raises(ValueError, match="no minimizer"):
        regression_zero_frequency(Penalty(-100 * w**2))


def test_problems_are_minimized_in_parts_of_bounded_size(monkeypatch):
    whole = regression_zero_frequency(L1, problems=101)
    monkeypatch.setattr(experiments, "_AT_ONCE", 10)
    assert regression_zero_frequency(L1, problems=101) == whole


def test_the_entries_have_the_law_that_is_asked_for():
    X, y = experiments._draw("ternary", 6000, 5, 2, 0)
    assert (X.shape, y.shape) == ((6000, 5, 2), (6000, 5, 1))
    values, counts = np.unique(np.concatenate([X, y], axis=2), return_counts=True)
    assert values.tolist() == [-1, 0, 1] and np.ptp(counts) < 0.03 * counts.mean()
    X, y = experiments._draw("gaussian", 6000, 5, 2, 0)
    assert abs(X.mean()) < 0.02 and abs(X.std() - 1) < 0.02 and abs(y.std() - 1) < 0.02


def test_a_minimization_that_does_not_converge_is_an_error(monkeypatch):
    impatient = functools.partial(experiments.proximal_gradient, max_iterations=2)
    monkeypatch.setattr(experiments, "proximal_gradient", impatient)
    with pytest.raises(ArithmeticError, match="has not converged after 2 steps"):
        regression_zero_frequency(L1, problems=10)


# Bad input.


@pytest.mark.parametrize("experiment", [zero_frequency, predicted_zero_probability, regression_zero_frequency])
@pytest.mark.parametrize(
    "penalty, error, message",
    [
        ("l1", TypeError, "penalty must be a Penalty"),
        (catalog.l1, TypeError, "penalty must be a Penalty"),
        (catalog.l2(), ValueError, "penalty must have numbers.*at.beta="),
    ],
)
def test_a_bad_penalty_is_refused(experiment, penalty, error, message):
    with pytest.raises(error, match=message):
        experiment(penalty)


BAD_POSITIVE = [*((x, ValueError) for x in (0, -1.0, np.nan, np.inf)), *((x, TypeError) for x in ("1", 1j, [1.0]))]
BAD_COUNT = [(0, ValueError), (-1, ValueError), (10.0, TypeError), ("10", TypeError), (True, TypeError)]
BAD_CONFIDENCE = [*((x, ValueError) for x in (0, 1, 1.5, -0.1, np.nan)), ("0.95", TypeError)]


@pytest.mark.parametrize("name", ["spread", "curvature"])
@pytest.mark.parametrize("value, error", BAD_POSITIVE)
def test_a_bad_family_is_refused(name, value, error):
    with pytest.raises(error, match=f"{name} must be"):
        zero_frequency(L1, **{name: value})


@pytest.mark.parametrize("value, error", BAD_POSITIVE)
def test_a_bad_spread_is_refused_by_the_prediction(value, error):
    with pytest.raises(error, match="spread must be"):
        predicted_zero_probability(L1, value)


@pytest.mark.parametrize("value, error", BAD_COUNT)
def test_a_bad_count_is_refused(value, error):
    with pytest.raises(error, match="problems must be"):
        zero_frequency(L1, problems=value)
    for name in ("problems", "samples", "features"):
        with pytest.raises(error, match=f"{name} must be"):
            regression_zero_frequency(L1, **{name: value})


@pytest.mark.parametrize("experiment", [zero_frequency, regression_zero_frequency])
@pytest.mark.parametrize("value, error", BAD_CONFIDENCE)
def test_a_bad_confidence_is_refused(experiment, value, error):
    with pytest.raises(error, match="confidence must be"):
        experiment(L2, problems=10, confidence=value)


@pytest.mark.parametrize("experiment", [zero_frequency, regression_zero_frequency])
@pytest.mark.parametrize("value, error", [(-1, ValueError), (0.5, TypeError), (None, TypeError), ("0", TypeError)])
def test_a_bad_seed_is_refused(experiment, value, error):
    with pytest.raises(error, match="seed must be"):
        experiment(L2, problems=10, seed=value)


@pytest.mark.parametrize("data", ["integers", None, 3, ["gaussian"]])
def test_unknown_data_is_refused(data):
    with pytest.raises(ValueError, match="data must be 'gaussian' or 'ternary'"):
        regression_zero_frequency(L2, data, problems=10)


def test_an_irrational_ridge_is_refused_on_ternary_data():
    irrational = Penalty(sp.sqrt(2) * w**2)
    with pytest.raises(ValueError, match="penalty must have rational coefficients for ternary data, got sqrt"):
        regression_zero_frequency(irrational, "ternary", problems=10)
    assert regression_zero_frequency(irrational, problems=10).zeros == 0


def test_importing_the_experiments_loads_no_heavy_library():
    heavy = "{'scipy', 'sklearn', 'matplotlib', 'IPython'}"
    code = f"import sys, exactzeros.experiments; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
