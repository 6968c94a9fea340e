"""The chapters' numbers and data."""

import numpy as np
import pytest

from exactzeros import catalog
from exactzeros.book import examples


@pytest.mark.parametrize("name", catalog.every())
def test_every_penalty_has_example_numbers(name):
    assert examples.penalty(name).parameters == ()


def test_numbers_can_be_replaced():
    assert examples.penalty("l1", beta=0.25) == catalog.l1().at(beta=0.25)


def test_all_examples_but_the_square_root_have_a_convex_objective():
    """The gallery's caption relies on this: the flat stretch is then the zero interval."""
    slopes = np.linspace(-2.5, 2.5, 1001)
    jumps = {name for name in catalog.every() if np.abs(np.diff(examples.penalty(name).prox(-slopes))).max() > 0.1}
    assert jumps == {"lp(1/2)"}


def test_diabetes_is_standardized():
    data = examples.diabetes()
    assert data.X.shape == (442, 10)
    assert len(data.names) == 10
    np.testing.assert_allclose([data.X.mean(axis=0), data.X.std(axis=0) - 1], 0, atol=1e-12)
    assert abs(data.y.mean()) < 1e-10


def test_paths_satisfy_their_stationarity():
    data, betas = examples.diabetes(), np.array([0.1, 1.0, 10.0])
    n = len(data.y)
    for beta, ridge, lasso in zip(
        betas, examples.ridge_path(data.X, data.y, betas), examples.lasso_path(data.X, data.y, betas), strict=True
    ):
        np.testing.assert_allclose(data.X.T @ (data.X @ ridge - data.y) / n + 2 * beta * ridge, 0, atol=1e-9)
        slopes = data.X.T @ (data.X @ lasso - data.y) / n
        assert (np.abs(slopes[lasso == 0]) <= beta).all()
        np.testing.assert_allclose(slopes[lasso != 0], -beta * np.sign(lasso[lasso != 0]), atol=1e-3)


def test_lasso_path_follows_the_order_of_its_strengths():
    data = examples.diabetes()
    up = examples.lasso_path(data.X, data.y, np.array([1.0, 10.0]))
    down = examples.lasso_path(data.X, data.y, np.array([10.0, 1.0]))
    np.testing.assert_allclose(up, down[::-1], atol=1e-6)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("l1", "2/beta"),
        ("mcp", "infinite: no proper prior"),
        ("smoothed_l1", "finite, no formula"),
        ("log_sum", "finite only under an assumption: $\\beta > 1$"),
    ],
)
def test_normalizer_in_words(name, answer):
    assert str(examples.normalizer(name)) == answer


def test_prediction_is_within_the_noise_of_the_simulation():
    predicted, measured = examples.predicted_and_measured(
        ("l1", "l2"), np.array([0.5, 1.5]), spread=1.2, problems=20_000
    )
    for name, runs in measured.items():
        for probability, run in zip(predicted[name], runs, strict=True):
            deviation = np.sqrt(probability * (1 - probability) / run.problems)
            assert abs(run.frequency - probability) <= 6 * deviation


def test_prostate_has_the_rows_of_the_book():
    data = examples.prostate()
    assert data.X.shape == (97, 8)
    assert data.train.sum() == 67
    assert data.X[0].tolist() == [-0.579818495, 2.769459, 50, -1.38629436, 0, -1.38629436, 6, 0]
    assert (data.y[0], data.y[-1]) == (-0.4307829, 5.5829322)


def test_published_lasso_to_the_printed_digits():
    printed = np.array([2.468, 0.533, 0.169, 0, 0.002, 0.094, 0, 0, 0])
    ours = examples.esl_lasso()
    assert np.abs(ours - printed).max() < 0.00055
    np.testing.assert_array_equal(ours == 0, printed == 0)


def test_bootstrap_counts_exact_zeros_the_same_way_twice():
    data = examples.diabetes()
    shares = examples.bootstrap_zeros(data.X, data.y, 5.0, resamples=10)
    assert set(np.unique(10 * shares)) <= set(range(11))
    np.testing.assert_array_equal(shares, examples.bootstrap_zeros(data.X, data.y, 5.0, resamples=10))
    assert (examples.bootstrap_zeros(data.X, data.y, 1000.0, resamples=2) == 1).all()
