"""The audit of fitted models, on seeded data: converged fits pass, and the same fits, once perturbed, are caught."""

import copy
import importlib

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import make_regression
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    ElasticNetCV,
    Lasso,
    LassoCV,
    LassoLars,
    LogisticRegression,
    Ridge,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from exactzeros import audit_estimator

X, Y = make_regression(200, 12, n_informative=4, noise=10, random_state=0)
Y = Y / 50 + 1
LABELS = np.where(Y + np.random.default_rng(2).normal(size=200) > 1.5, "yes", "no")
THREE = np.digitize(Y + np.random.default_rng(1).normal(size=200), [0, 2])
WEIGHTS = np.random.default_rng(0).uniform(0.5, 2, 200)
TWO_TARGETS = np.c_[Y, X[:, 0] - Y]

REGRESSORS = [
    Lasso(0.1), Lasso(0.1, fit_intercept=False), Lasso(0.1, positive=True), LassoCV(cv=3),
    ElasticNet(0.1), ElasticNet(0.2, l1_ratio=0.9), ElasticNetCV(cv=3, tol=1e-6),
    Ridge(3.0), Ridge(3.0, positive=True, tol=1e-9), Ridge(3.0, fit_intercept=False),
]  # fmt: skip
SAGA = {"solver": "saga", "max_iter": 1000, "random_state": 0}
CLASSIFIERS = [
    LogisticRegression(), LogisticRegression(C=np.inf), LogisticRegression(C=0.1, class_weight="balanced"),
    LogisticRegression(C=0.1, l1_ratio=1, **SAGA), LogisticRegression(C=0.1, l1_ratio=0.5, **SAGA),
]  # fmt: skip
LIBLINEAR = [
    LogisticRegression(C=0.1, l1_ratio=ratio, solver="liblinear", intercept_scaling=3, tol=1e-6) for ratio in (0, 1)
]


def assert_passes(report):
    assert not report.violations.any(), report
    zeros = report.weights == 0
    assert np.isin(report.verdicts[zeros], ["certified zero", "on the edge"]).all()


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("model", REGRESSORS, ids=repr)
def test_converged_regressions_pass(model, weights):
    assert_passes(audit_estimator(model.fit(X, Y, sample_weight=weights), X, Y, weights))


@pytest.mark.parametrize(
    "model",
    [LassoLars(0.1), LassoLars(0.1, positive=True), Lasso(0.0001, tol=1e-8), LassoLars(0.1, fit_intercept=False)],
    ids=repr,
)
def test_converged_paths_pass(model):
    assert_passes(audit_estimator(model.fit(X, Y), X, Y))


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("labels", [LABELS, THREE], ids=["binary", "multinomial"])
@pytest.mark.parametrize("model", CLASSIFIERS, ids=repr)
def test_converged_classifiers_pass(model, labels, weights):
    report = audit_estimator(model.fit(X, labels, sample_weight=weights), X, labels, weights)
    assert_passes(report)
    assert report.weights.shape == ((13,) if labels is LABELS else (3, 13))


@pytest.mark.parametrize("model", LIBLINEAR, ids=repr)
def test_liblinear_penalizes_the_intercept(model):
    report = audit_estimator(model.fit(X, LABELS, sample_weight=WEIGHTS), X, LABELS, WEIGHTS)
    assert_passes(report)
    assert report.weights[-1] == pytest.approx(model.intercept_[0] / 3)


@pytest.mark.parametrize("kind", [Lasso(0.1), Ridge([1.0, 30.0]), ElasticNet(0.1)], ids=repr)
def test_several_targets(kind):
    report = audit_estimator(kind.fit(X, TWO_TARGETS), X, TWO_TARGETS)
    assert_passes(report)
    assert report.weights.shape == (2, 13)


@pytest.mark.parametrize("form", ["csr_array", "csc_array", "coo_array", "csr_matrix"])
@pytest.mark.parametrize("model", [Lasso(0.05), LogisticRegression(C=0.1)], ids=repr)
def test_sparse_data(model, form):
    sparse = getattr(scipy.sparse, form)(np.where(np.abs(X) > 1, X, 0))
    y = Y if isinstance(model, Lasso) else THREE
    report = audit_estimator(model.fit(sparse.tocsc(), y), sparse, y)
    assert_passes(report)
    dense = audit_estimator(model, sparse.toarray(), y)
    np.testing.assert_allclose(report.slopes, dense.slopes, atol=1e-12)


def test_pipeline_and_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X * 7 + 3, columns=[f"feature {i}" for i in range(12)])
    model = make_pipeline(StandardScaler().set_output(transform="pandas"), Lasso(0.1)).fit(frame, Y)
    report = audit_estimator(model, frame, Y)
    assert_passes(report)
    assert [report.name_of(column) for column in (0, 1, 12)] == ["feature 0", "feature 1", "intercept"]
    assert_passes(audit_estimator(make_pipeline(Lasso(0.1)).fit(X, Y), X, Y))


STEADY = {
    "max_iter": 300,
    "tol": None,
    "learning_rate": "invscaling",
    "eta0": 0.05,
    "power_t": 0.6,
    "random_state": 0,
    "alpha": 0.1,
    "epsilon": 1.0,
}
SGD_LOSSES = ["log_loss", "squared_hinge", "modified_huber", "squared_error", "huber", "squared_epsilon_insensitive"]


@pytest.mark.parametrize("penalty", ["l1", "l2", "elasticnet", None])
@pytest.mark.parametrize("loss", SGD_LOSSES)
def test_stochastic_gradient_descent_is_roughly_stationary(loss, penalty):
    model = SGDClassifier(loss=loss, penalty=penalty, **STEADY).fit(X, LABELS, sample_weight=WEIGHTS)
    report = audit_estimator(model, X, LABELS, WEIGHTS, tolerance=0.4 if loss == "log_loss" else 0.1)
    assert_passes(report)


@pytest.mark.parametrize("loss", SGD_LOSSES[3:])
def test_stochastic_gradient_regression(loss):
    model = SGDRegressor(loss=loss, penalty="l1", **STEADY).fit(X, Y, sample_weight=WEIGHTS)
    assert_passes(audit_estimator(model, X, Y, WEIGHTS, tolerance=0.2))


def test_stochastic_gradient_one_against_the_rest():
    model = SGDClassifier(
        loss="squared_hinge", penalty="elasticnet", class_weight={0: 2.0, 1: 1.0, 2: 0.5}, **STEADY
    ).fit(X, THREE)
    report = audit_estimator(model, X, THREE, tolerance=0.4)
    assert_passes(report)
    assert report.weights.shape == (3, 13)


@pytest.mark.parametrize(
    ("package", "name", "options"),
    [
        ("skglm", "Lasso", {"alpha": 0.1}),
        ("skglm", "MCPRegression", {"alpha": 0.1}),
        ("skglm", "MCPRegression", {"alpha": 0.1, "weights": np.tile([1.0, 2.0], 6)}),
        ("skglm", "SparseLogisticRegression", {"alpha": 0.05}),
        ("celer", "Lasso", {"alpha": 0.1}),
        ("celer", "Lasso", {"alpha": 0.1, "weights": np.tile([1.0, 2.0], 6)}),
    ],
)
@pytest.mark.slow  # the packages compile their solvers first
@pytest.mark.filterwarnings("ignore:.* is faster on contiguous arrays")
def test_other_packages(package, name, options):
    module = pytest.importorskip(package)
    y = LABELS if "Logistic" in name else Y
    model = getattr(module, name)(**options).fit(X, y)
    report = audit_estimator(model, X, y)
    assert_passes(report)
    assert report.certified_zeros.any()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.* is faster on contiguous arrays")
def test_several_classes_of_skglm_lose_their_intercepts():
    skglm = pytest.importorskip("skglm")
    assert_passes(audit_estimator(skglm.SparseLogisticRegression(0.02, fit_intercept=False).fit(X, THREE), X, THREE))
    model = skglm.SparseLogisticRegression(0.02).fit(X, THREE)
    assert model.intercept_ == 0
    assert audit_estimator(model, X, THREE).violations.any()


def exact(model):
    """The models to be perturbed, converged tightly."""
    return model.set_params(tol=1e-10)


@pytest.mark.parametrize(
    "model",
    [exact(Lasso(0.1)), exact(ElasticNet(0.1, l1_ratio=0.9)), exact(LogisticRegression(C=0.1, l1_ratio=1, **SAGA))],
    ids=repr,
)
class TestPerturbed:
    @pytest.fixture
    def fitted(self, model):
        y = LABELS if isinstance(model, LogisticRegression) else Y
        fitted = copy.deepcopy(model).fit(X, y)
        report = audit_estimator(fitted, X, y)
        assert_passes(report)
        coefficients = fitted.coef_.reshape(-1)  # a view
        return fitted, y, coefficients, np.flatnonzero(report.certified_zeros)[0], np.abs(coefficients).argmax()

    def test_a_zero_moved(self, fitted):
        model, y, coefficients, zero, _ = fitted
        for size in (1e-12, -1e-6, 1e-3):
            coefficients[zero] = size
            report = audit_estimator(model, X, y)
            assert report.verdicts[zero] == "should be zero"
            assert report.violations.sum() == 1
        coefficients[zero] = 1.0
        assert audit_estimator(model, X, y).verdicts[zero] == "not stationary"

    def test_a_weight_zeroed(self, fitted):
        model, y, coefficients, _, largest = fitted
        coefficients[largest] = 0.0
        report = audit_estimator(model, X, y)
        assert report.verdicts[largest] == "zero, not stationary"
        assert report.worst.name == f"x{largest}"

    def test_a_sign_flipped(self, fitted):
        model, y, coefficients, _, largest = fitted
        coefficients[largest] *= -1
        assert audit_estimator(model, X, y).violations[largest]

    @pytest.mark.parametrize("factor", [0.9, 1.1, 2.0])
    def test_another_strength(self, fitted, factor):
        model, y, _, _, largest = fitted
        name = "C" if hasattr(model, "C") else "alpha"
        model.set_params(**{name: getattr(model, name) * factor})
        assert audit_estimator(model, X, y).verdicts[largest] == "not stationary"

    def test_a_forgotten_intercept(self, fitted):
        model, y, *_ = fitted
        model.intercept_ = np.zeros_like(model.intercept_)
        report = audit_estimator(model, X, y)
        assert report.verdicts[-1] in ("zero, not stationary", "not stationary")

    def test_unscaled_data(self, fitted):
        model, y, *_ = fitted
        assert audit_estimator(model, 3 * X, y).violations.any()


@pytest.mark.parametrize(
    ("model", "labels", "tight"),
    [
        (Lasso(), None, {"tol": 1e-12}),
        (ElasticNet(l1_ratio=0.5), None, {"tol": 1e-12}),
        (Lasso(positive=True), None, {"tol": 1e-12}),
        (LogisticRegression(l1_ratio=1, **SAGA), LABELS, {"tol": 1e-8}),
        (LogisticRegression(l1_ratio=1, **SAGA), THREE, {"tol": 1e-8}),
        (LogisticRegression(l1_ratio=1, solver="liblinear"), LABELS, {"tol": 1e-8}),
    ],
    ids=repr,
)
def test_all_weights_are_zero_exactly_from_strength_max_on(model, labels, tight):
    y = Y if labels is None else labels
    report = audit_estimator(model.set_params(**tight).fit(X, y), X, y, strength_max=True)
    for factor, all_zero in ((1.001, True), (0.99, False)):
        strength = factor * report.strength_max
        model.set_params(**({"alpha": strength} if labels is None else {"C": 1 / (len(y) * strength)}))
        assert (model.fit(X, y).coef_ == 0).all() == all_zero


@pytest.mark.parametrize("labels", [Y > 1.9, np.digitize(Y, [0, 1.9])], ids=["two", "three"])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 0.5, 1: 3.0}], ids=str)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_strength_max_of_unbalanced_classes(labels, class_weight, weights):
    model = LogisticRegression(
        C=0.05, l1_ratio=1, class_weight=class_weight, **{**SAGA, "tol": 1e-9, "max_iter": 10_000}
    )
    labels = labels.astype(int)
    report = audit_estimator(model.fit(X, labels, sample_weight=weights), X, labels, weights, strength_max=True)
    for factor, all_zero in ((1.001, True), (0.99, False)):
        model.set_params(C=0.05 * report.strength / (factor * report.strength_max))
        assert (model.fit(X, labels, sample_weight=weights).coef_ == 0).all() == all_zero


def test_a_class_without_weight_is_refused():
    weights = (LABELS == "yes").astype(float)
    model = LogisticRegression().fit(X, LABELS)
    with pytest.raises(ValueError, match=r"^sample_weight must leave each class a weight, got 0 for a whole class$"):
        audit_estimator(model, X, LABELS, weights)


def test_least_share_is_where_the_zero_leaves_with_the_others_held():
    report = audit_estimator(Lasso(0.1).fit(X, Y), X, Y)
    zeros = report.certified_zeros
    np.testing.assert_allclose(report.least_share[zeros], np.abs(report.slopes[zeros]) / 0.1)
    assert np.isnan(report.least_share[~zeros]).all()


def test_a_loose_solver_is_caught():
    rng = np.random.default_rng(0)
    correlated = rng.normal(size=(100, 1)) + 0.3 * rng.normal(size=(100, 40))
    y = correlated[:, :5].sum(axis=1) + rng.normal(size=100)
    assert audit_estimator(Lasso(0.01, tol=0.1).fit(correlated, y), correlated, y).violations.any()


def test_unsupported_model():
    model = BayesianRidge().fit(X, Y)
    with pytest.raises(TypeError, match=r"sklearn\.Lasso, .*celer\.Lasso, .*exactzeros\.audit .*") as caught:
        audit_estimator(model, X, Y)
    assert "BayesianRidge" in str(caught.value)
    for other in (None, "Lasso", Lasso, make_pipeline(StandardScaler())):
        with pytest.raises(TypeError, match=r"^model must be "):
            audit_estimator(other, X, Y)


def test_a_loss_without_a_derivative():
    with pytest.raises(ValueError, match=r"^model must have a differentiable loss, .* got 'hinge'"):
        audit_estimator(SGDClassifier(random_state=0).fit(X, LABELS), X, LABELS)


def test_unfitted_model():
    for model in (Lasso(), make_pipeline(StandardScaler(), Lasso())):
        with pytest.raises(NotFittedError):
            audit_estimator(model, X, Y)


WITH_NAN = np.where(np.arange(200)[:, np.newaxis] == 3, np.nan, X)


@pytest.mark.parametrize(
    ("data", "targets", "weights", "kind", "message"),
    [
        (X[:, :5], Y, None, ValueError, r"X must have shape \(n, 12\), got \(200, 5\)"),
        (X[:50], Y, None, ValueError, r"y must have shape \(50,\)"),
        (X, Y[:50], None, ValueError, r"y must have shape \(200,\)"),
        (WITH_NAN, Y, None, ValueError, r"X must be finite, got nan at index \(3, 0\)"),
        (scipy.sparse.csr_array(WITH_NAN), Y, None, ValueError, "X must be finite, got nan"),
        (np.where(np.isnan(WITH_NAN), np.inf, X), Y, None, ValueError, "X must be finite, got inf"),
        (X, np.where(Y == Y[0], np.nan, Y), None, ValueError, "y must be finite"),
        (X[0], Y, None, ValueError, "X must have shape"),
        (X.astype(str), Y, None, TypeError, "X must hold real numbers"),
        (scipy.sparse.csr_array(X + 0j), Y, None, TypeError, "X must hold real numbers"),
        (1e200 * X, 1e200 * Y, None, ValueError, "X must have entries whose products are finite"),
        (X, Y, WEIGHTS[:5], ValueError, r"sample_weight must have shape \(200,\)"),
        (X, Y, -WEIGHTS, ValueError, "sample_weight must not be negative"),
        (X, Y, 0 * WEIGHTS, ValueError, "sample_weight must not be negative, and not all 0"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_bad_data(data, targets, weights, kind, message):
    with pytest.raises(kind, match=message):
        audit_estimator(Lasso(0.1).fit(X, Y), data, targets, weights)


def test_bad_labels():
    model = LogisticRegression().fit(X, LABELS)
    for labels in (np.full(200, "yes"), np.where(LABELS == "yes", "maybe", "no"), np.full(200, 1.0)):
        with pytest.raises(ValueError, match=r"^y must hold the model's classes \['no', 'yes'\], all of them, got "):
            audit_estimator(model, X, labels)


def test_sample_weights_for_a_model_that_takes_none():
    with pytest.raises(ValueError, match="sample_weight must be None for LassoLars"):
        audit_estimator(LassoLars(0.1).fit(X, Y), X, Y, WEIGHTS)


def test_estimators_are_not_imported_by_the_package():
    import subprocess
    import sys

    code = "import sys, exactzeros; print(*{'sklearn', 'scipy', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    assert importlib.util.find_spec("sklearn")
