"""Zeros of every exact solution: never wrong against solutions that are exact to the last digits, and none left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression

from exactzeros import audit_estimator
from exactzeros._sample_losses import Logistic, Softmax, Squared
from exactzeros.auditing.certificate import kink_and_square
from exactzeros.auditing.norms import Euclidean


def data(seed, n=40, p=12, kind="regression", offset=0.0):
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, 1)) * 0.5 + random.normal(size=(n, p)) + offset
    scores = X[:, :3] @ [1.5, -1.0, 0.5] + random.normal(size=n)
    if kind == "regression":
        return X, scores
    if kind == "binary":
        return X, (scores > np.median(scores) + 0.3).astype(int)
    return X, np.digitize(scores, np.quantile(scores, [0.4, 0.75]))


def minimum(X, y, loss, a, r, positive=False, blocks=False, intercept=True, rounds=40_000):
    """Minimize the mean loss plus `a*|w| + r*w**2/2` by accelerated proximal steps, in one row per output."""
    n, outputs = len(X), (y.shape[1] if y.ndim == 2 else 1)
    Z = np.c_[X, np.ones(n)] if intercept else X
    step = 1 / (loss.curvature * np.linalg.norm(Z, 2) ** 2 / n + r)
    free = np.arange(Z.shape[1]) >= X.shape[1]
    limits = np.where(free, 0.0, a)
    w = ahead = np.zeros((outputs, Z.shape[1]))
    labels = np.tile(np.arange(Z.shape[1]), (outputs, 1))
    t = 1.0
    for _ in range(rounds):
        slopes = loss.slope((Z @ ahead.T).reshape(y.shape), y).reshape(n, outputs)
        v = ahead - step * (slopes.T @ Z / n + np.where(free, 0, r) * ahead)
        if blocks:
            new = Euclidean().prox(v, labels, step * limits)
        else:
            new = np.sign(v) * np.maximum(np.abs(v) - step * limits, 0)
        if positive:
            new = np.where(~free & (new < 0), 0.0, new)
        later = (1 + np.sqrt(1 + 4 * t * t)) / 2
        if ((ahead - new) * (new - w)).sum() > 0:
            later, t = 1.0, 1.0
        if np.abs(new - w).max() <= 1e-15 and np.abs(new - ahead).max() <= 1e-15:
            break
        ahead, w, t = new + (t - 1) / later * (new - w), new, later
    slopes = loss.slope((Z @ w.T).reshape(y.shape), y).reshape(n, outputs)
    return w, slopes.T @ Z / n


REGRESSIONS = [
    (lambda a, **o: Lasso(a, **o), lambda a: (a, 0.0, False)),
    (lambda a, **o: Lasso(a, positive=True, **o), lambda a: (a, 0.0, True)),
    (lambda a, **o: ElasticNet(a, l1_ratio=0.7, **o), lambda a: (0.7 * a, 0.3 * a, False)),
    (lambda a, **o: ElasticNet(a, l1_ratio=0.5, positive=True, **o), lambda a: (0.5 * a, 0.5 * a, True)),
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Objective did not converge")
@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10_000), st.floats(0.01, 0.9), st.integers(0, 3), st.booleans(), st.sampled_from([1, 2, 3, 8, 1000]),
    st.sampled_from([0.0, 5.0]),
)  # fmt: skip
def test_a_regression_is_never_certified_wrongly(seed, share, kind, intercept, rounds, offset):
    X, y = data(seed, offset=offset)
    strength = share * np.abs((X - intercept * X.mean(0)).T @ (y - intercept * y.mean())).max() / len(y)
    make, shape = REGRESSIONS[kind]
    model = make(strength, fit_intercept=intercept, max_iter=rounds, tol=1e-14).fit(X, y)
    report = audit_estimator(model, X, y)
    a, r, positive = shape(strength)
    exact, slopes = minimum(X, y, Squared(), a, r, positive, intercept=intercept)
    assert (exact[0][report.zero_in_every_solution] == 0).all()
    slack = (a + slopes[0] if positive else a - np.abs(slopes[0]))[:12]
    proved = report.margin[:12][report.zero_in_every_solution[:12]]
    assert (proved <= slack[report.zero_in_every_solution[:12]] + 1e-12).all()
    if rounds == 1000:
        strict = (exact[0][:12] == 0) & (slack > 1e-5 * strength)
        assert report.zero_in_every_solution[:12][strict].all()


@pytest.mark.filterwarnings("ignore:The max_iter was reached")
@pytest.mark.parametrize("kind", ["binary", "several"])
@settings(max_examples=6, deadline=None)
@given(
    st.integers(0, 10_000), st.floats(0.02, 0.8), st.booleans(), st.sampled_from([1, 3, 30, 2000]),
    st.sampled_from([1.0, 0.6]),
)  # fmt: skip
def test_a_classifier_is_never_certified_wrongly(kind, seed, share, intercept, rounds, ratio):
    X, y = data(seed, kind=kind)
    strength = share * 0.3
    model = LogisticRegression(
        C=1 / (len(y) * strength), l1_ratio=ratio, solver="saga", max_iter=rounds, tol=1e-14, fit_intercept=intercept,
        random_state=0,
    )  # fmt: skip
    report = audit_estimator(model.fit(X, y), X, y)
    loss, targets = (Logistic(), 2.0 * y - 1) if kind == "binary" else (Softmax(), np.eye(3)[y])
    exact, slopes = minimum(X, targets, loss, ratio * strength, (1 - ratio) * strength, intercept=intercept)
    certified = report.zero_in_every_solution.reshape(exact.shape)
    assert (exact[certified] == 0).all()
    strict = (exact == 0) & (ratio * strength - np.abs(slopes) > 1e-4 * strength)
    strict[:, 12:] = False
    if rounds == 2000 and ratio < 1:
        assert certified[strict].all()


def test_the_intercept_has_to_be_at_its_best():
    """The example of the chapter: with the intercept forgotten, the gap would be 0 and the zero certified."""
    X, y = np.array([[1.0], [1.0], [1.0], [3.0]]), np.array([1, 1, 1, 0])
    model = LogisticRegression(C=1.0, l1_ratio=1, solver="saga", max_iter=1000).fit(X, y)
    model.coef_[:], model.intercept_[:] = 0.0, 0.0
    assert not audit_estimator(model, X, y).zero_in_every_solution.any()


@pytest.mark.filterwarnings("ignore:Objective did not converge")
def test_a_smaller_gap_certifies_more_and_at_last_all():
    X, y = data(1, 60, 100)
    kept, gaps = [], []
    for tol in (1e-1, 1e-3, 1e-5, 1e-12):
        report = audit_estimator(Lasso(0.2, tol=tol, max_iter=100_000).fit(X, y), X, y)
        kept.append(int(report.zero_in_every_solution.sum()))
        gaps.append(report.gap)
    assert kept == sorted(kept)
    assert gaps == sorted(gaps, reverse=True)
    assert kept[-1] == (report.slack[:-1] > 1e-5)[report.weights[:-1] == 0].sum() > 80
    assert f"{kept[-1]} of {(report.weights == 0).sum()} zeros are zeros of every exact solution" in str(report)


def test_families_without_a_certificate():
    from sklearn.linear_model import Ridge

    X, y = data(0)
    report = audit_estimator(Ridge().fit(X, y), X, y)
    assert (report.zero_in_every_solution, report.margin, report.gap) == (None, None, None)
    assert "every exact solution" not in str(report)


def test_kinks_and_squares():
    from exactzeros import catalog

    assert kink_and_square(catalog.l1().at(beta=2)) == 0
    assert kink_and_square(catalog.elastic_net().at(beta=2, a=0.25)) == 1.5
    assert kink_and_square(catalog.one_sided().at(beta=2)) == 0
    assert kink_and_square(catalog.nonnegative()) == 0
    for name, numbers in (("mcp", {"beta": 1, "gamma": 3}), ("lp", None), ("log_sum", {"beta": 1, "eps": 1})):
        penalty = catalog.lp(0.5).at(beta=1) if numbers is None else catalog.every()[name].at(**numbers)
        assert kink_and_square(penalty) is None


@pytest.mark.parametrize(
    "loss", ["Squared", "Logistic", "SquaredHinge", "ModifiedHuber", "Huber", "SquaredEpsilonInsensitive"]
)
@settings(max_examples=30)
@given(st.floats(-4, 4), st.sampled_from([-1.0, 1.0]))
def test_conjugates_meet_their_losses(loss, prediction, y):
    from exactzeros import _sample_losses

    kind = getattr(_sample_losses, loss)
    each = kind(0.7) if loss in ("Huber", "SquaredEpsilonInsensitive") else kind()
    f, y = np.array([prediction]), np.array([y])
    slope = each.slope(f, y)
    assert each.value(f, y) + each.conjugate(slope, y) == pytest.approx(slope * f, abs=1e-12)
