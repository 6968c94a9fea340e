"""The models that people have: converged fits pass, a strength that is wrong by 1 % is caught, zeros are certified."""

import copy
import importlib
import pickle

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import NMF, DictionaryLearning
from sklearn.ensemble import BaggingRegressor
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import (
    ElasticNet,
    GammaRegressor,
    Lasso,
    LassoCV,
    LassoLarsCV,
    LassoLarsIC,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    MultiTaskElasticNet,
    MultiTaskElasticNetCV,
    MultiTaskLasso,
    MultiTaskLassoCV,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
    TweedieRegressor,
)
from sklearn.manifold import LocallyLinearEmbedding
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler, TargetEncoder
from sklearn.svm import LinearSVC, LinearSVR

from exactzeros import audit, audit_estimator, catalog

pytestmark = pytest.mark.slow  # they fit models

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(120, 10))
Y = X[:, :3] @ [1.0, -0.7, 0.5] + 0.5 * RANDOM.normal(size=120) + 0.3
LABELS = np.where(Y > 0.5, "yes", "no")
THREE = np.digitize(Y, [-0.3, 0.8])
POSITIVE = np.exp(Y / 2)
COUNTS = RANDOM.poisson(POSITIVE).astype(float)
TWO = np.c_[Y, X[:, 1] - 0.5 * Y + 0.3 * RANDOM.normal(size=120)]
WEIGHTS = RANDOM.uniform(0.5, 2, 120)

TIGHT = [
    (LassoCV(cv=3, tol=1e-8), Y), (LassoLarsCV(cv=3), Y), (LassoLarsIC(), Y), (LinearRegression(), Y),
    (LinearRegression(positive=True), Y), (LinearRegression(), TWO), (Ridge(2.0), TWO), (RidgeCV(), Y),
    (RidgeCV(alpha_per_target=True), TWO), (RidgeClassifier(), LABELS), (RidgeClassifier(2.0), THREE),
    (RidgeClassifier(class_weight="balanced"), THREE), (RidgeClassifierCV(), LABELS),
    (MultiTaskLasso(0.1, tol=1e-8), TWO), (MultiTaskElasticNet(0.1, tol=1e-8), TWO),
    (MultiTaskLassoCV(cv=3, tol=1e-8), TWO), (MultiTaskElasticNetCV(cv=3, tol=1e-8), TWO),
    (MultiTaskLasso(0.1, fit_intercept=False, tol=1e-8), TWO),
    (PoissonRegressor(alpha=0.1), COUNTS), (GammaRegressor(alpha=0.1), POSITIVE),
    (TweedieRegressor(power=1.5), POSITIVE), (TweedieRegressor(alpha=0.1), Y),
    (TweedieRegressor(power=0, link="log", alpha=0.1), POSITIVE),
    (LinearSVC(C=0.05, penalty="l1", tol=1e-8, max_iter=100_000, intercept_scaling=2), LABELS),
    (LinearSVC(C=0.05, penalty="l1", tol=1e-8, max_iter=100_000, class_weight="balanced"), THREE),
    (LinearSVC(C=0.05, tol=1e-8, max_iter=100_000, dual=False), LABELS),
    (LinearSVR(C=0.05, epsilon=0.2, loss="squared_epsilon_insensitive", tol=1e-8, dual=False), Y),
    (
        LogisticRegressionCV(
            Cs=[0.02, 0.1], cv=3, l1_ratios=(1.0,), solver="saga", tol=1e-8, max_iter=20_000, scoring="neg_log_loss",
            use_legacy_attributes=False, random_state=0,
        ),
        THREE,
    ),
]  # fmt: skip


def assert_passes(report):
    assert not report.violations.any(), report
    assert report.weights.shape == report.slack.shape == report.margin.shape if report.certificate else True
    strict = (report.weights == 0) & (report.slack > 2 * report.threshold)
    assert report.certified_zeros[strict].all()


@pytest.mark.parametrize(("model", "y"), TIGHT, ids=repr)
def test_converged_fits_pass_and_their_strict_zeros_are_certified(model, y):
    report = audit_estimator(model.fit(X, y), X, y, strength_max=True)
    assert_passes(report)
    if report.certificate is not None and report.strength and not isinstance(model, LinearSVC):
        strict = (report.weights == 0) & (report.slack > 1e-3 * report.strength)
        assert report.zero_in_every_solution[strict].all()


STRENGTHS = [
    (Lasso(0.1, tol=1e-8), Y, "alpha"), (ElasticNet(0.1, tol=1e-8), Y, "alpha"), (Ridge(5.0), Y, "alpha"),
    (Lasso(0.1, positive=True), Y, "alpha"), (MultiTaskLasso(0.1, tol=1e-8), TWO, "alpha"),
    (MultiTaskElasticNet(0.1, tol=1e-8), TWO, "alpha"), (RidgeClassifier(5.0), LABELS, "alpha"),
    (PoissonRegressor(alpha=0.1, tol=1e-8), COUNTS, "alpha"), (GammaRegressor(alpha=0.1, tol=1e-8), POSITIVE, "alpha"),
    (LogisticRegression(C=0.1, tol=1e-8), THREE, "C"),
    (LogisticRegression(C=0.1, l1_ratio=1, solver="liblinear", tol=1e-8), LABELS, "C"),
    (LinearSVC(C=0.05, penalty="l1", tol=1e-8, max_iter=100_000), LABELS, "C"),
]  # fmt: skip


@pytest.mark.parametrize("factor", [0.99, 1.01])
@pytest.mark.parametrize(("model", "y", "name"), STRENGTHS, ids=repr)
def test_a_strength_that_is_wrong_by_one_percent_is_caught(model, y, name, factor):
    model.fit(X, y)
    assert_passes(audit_estimator(model, X, y))
    right = getattr(model, name)
    model.set_params(**{name: factor * right})
    assert audit_estimator(model, X, y).violations.any()
    model.set_params(**{name: right})


SMOOTH = [
    (PoissonRegressor(alpha=0.1), COUNTS, "alpha"), (GammaRegressor(alpha=0.1), POSITIVE, "alpha"),
    (TweedieRegressor(alpha=0.1), Y, "alpha"), (LogisticRegression(C=0.1), LABELS, "C"),
    (LogisticRegression(C=0.1), THREE, "C"), (LogisticRegression(C=np.inf), THREE, None),
]  # fmt: skip


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize(("model", "y", "name"), SMOOTH, ids=repr)
def test_a_solver_that_can_get_no_closer_has_converged(model, y, name, weights):
    """With a tiny tolerance L-BFGS stops where the objective no longer changes; a wrong strength is still caught."""
    model = clone(model).set_params(tol=1e-12, max_iter=10_000).fit(X, y, sample_weight=weights)
    assert_passes(audit_estimator(model, X, y, weights))
    for factor in (0.99, 1.01) if name else ():
        wrong = copy.deepcopy(model).set_params(**{name: factor * getattr(model, name)})
        assert audit_estimator(wrong, X, y, weights).violations.any()


@pytest.mark.parametrize("y", [LABELS, THREE], ids=["two", "three"])
@pytest.mark.parametrize("classes", ["balanced", "named"])
@pytest.mark.parametrize(
    "model",
    [
        LinearSVC(C=0.05, penalty="l1", tol=1e-8, max_iter=100_000), LinearSVC(C=0.05, dual=False, tol=1e-8),
        LogisticRegression(C=0.1, tol=1e-8), RidgeClassifier(2.0),
    ],
    ids=repr,
)  # fmt: skip
def test_class_weights_with_sample_weights(model, classes, y):
    weights = classes if classes == "balanced" else {y[0]: 3.0}
    model = clone(model).set_params(class_weight=weights).fit(X, y, sample_weight=WEIGHTS)
    assert_passes(audit_estimator(model, X, y, WEIGHTS))


def test_least_squares_is_no_lasso():
    free = LinearRegression().fit(X, Y)
    model = Lasso(0.018).fit(X, Y)
    model.coef_, model.intercept_ = free.coef_, free.intercept_
    assert audit_estimator(model, X, Y).violations[:10].all()


def test_zeros_of_a_lasso_with_little_noise_are_certified():
    random = np.random.default_rng(0)
    data = random.normal(size=(200, 40))
    y = data[:, :11] @ random.normal(size=11) + 0.01 * random.normal(size=200)
    model = LassoCV().fit(data, y)
    report = audit_estimator(model, data, y)
    assert report.certified_zeros.sum() == (model.coef_ == 0).sum() == 29


def test_a_tiny_weight_of_a_huge_column_is_a_weight():
    data = X * np.where(np.arange(10) == 0, 1e6, 1.0)
    model = Lasso(0.1, tol=1e-10).fit(data, Y)
    model.coef_[0] *= 0.5
    assert audit_estimator(model, data, Y).verdicts[0] == "not stationary"


GROUPS = [[0, 5, 2], [1, 3], [4, 6, 7, 8, 9]]
OTHERS = [
    ("skglm", "Lasso", {"alpha": 0.1}, Y), ("skglm", "ElasticNet", {"alpha": 0.1}, Y),
    ("skglm", "WeightedLasso", {"alpha": 0.1, "weights": np.tile([1.0, 2.0], 5)}, Y),
    ("skglm", "MCPRegression", {"alpha": 0.1, "positive": True}, Y),
    ("skglm", "MCPRegression", {"alpha": 0.1, "weights": np.tile([1.0, 0.0], 5)}, Y),
    ("skglm", "MultiTaskLasso", {"alpha": 0.1}, TWO),
    ("skglm", "GroupLasso", {"alpha": 0.1, "groups": 2}, Y),
    ("skglm", "GroupLasso", {"alpha": 0.1, "groups": GROUPS, "weights": np.array([1.0, 2.0, 0.5])}, Y),
    ("skglm", "SparseLogisticRegression", {"alpha": 0.05, "l1_ratio": 0.5}, LABELS),
    ("celer", "Lasso", {"alpha": 0.1}, Y),
    ("celer", "ElasticNet", {"alpha": 0.1, "l1_ratio": 0.5, "weights": np.tile([1.0, 2.0], 5)}, Y),
    ("celer", "GroupLasso", {"alpha": 0.1, "groups": [3, 3, 4]}, Y),
    ("celer", "LogisticRegression", {"C": 0.3}, LABELS), ("celer", "LogisticRegression", {"C": 0.3}, THREE),
]  # fmt: skip


@pytest.mark.parametrize(("package", "name", "options", "y"), OTHERS, ids=lambda each: str(each)[:40])
@pytest.mark.filterwarnings("ignore:.* is faster on contiguous arrays", "ignore::FutureWarning", "ignore::UserWarning")
def test_other_packages(package, name, options, y):
    module = pytest.importorskip(package)
    model = getattr(module, name)(**options, tol=1e-9).fit(np.asfortranarray(X), y)
    report = audit_estimator(model, X, y, strength_max=True)
    assert_passes(report)
    unpenalized = "weights" in options and not np.all(options["weights"])
    assert (report.certificate is None) == (name == "MCPRegression")
    assert (report.strength_max is None) == (name == "MCPRegression" or unpenalized)
    if report.certificate is not None:
        strict = (report.weights == 0) & (report.slack > 1e-2 * report.strength)
        assert report.zero_in_every_solution[strict].all()


@pytest.mark.filterwarnings("ignore:.* is faster on contiguous arrays", "ignore::FutureWarning")
@pytest.mark.parametrize(
    ("datafit", "penalty", "y"),
    [
        ("Quadratic", "L1(0.1)", Y), ("Quadratic", "L1_plus_L2(0.1, 0.5)", Y), ("Quadratic", "SCAD(0.1, 3.7)", Y),
        ("Quadratic", "L0_5(0.1)", Y), ("Quadratic", "L2_3(0.1)", Y), ("Quadratic", "LogSumPenalty(0.1, 1.0)", Y),
        ("Quadratic", "PositiveConstraint()", Y), ("Quadratic", "IndicatorBox(0.5)", Y),
        ("Logistic", "L1(0.03)", LABELS), ("Huber(0.5)", "L1(0.05)", Y),
    ],
)  # fmt: skip
def test_estimators_built_from_parts(datafit, penalty, y):
    skglm = pytest.importorskip("skglm")
    from skglm import datafits, penalties, solvers

    where = {**vars(datafits), **vars(penalties)}
    made = eval(datafit if "(" in datafit else f"{datafit}()", where), eval(penalty, where)
    solver = solvers.AndersonCD(tol=1e-10, fit_intercept=True, ws_strategy="fixpoint")
    model = skglm.GeneralizedLinearEstimator(*made, solver).fit(np.asfortranarray(X), y)
    assert_passes(audit_estimator(model, X, y))


FACTORS = np.tile([1.0, 2.0], 5)
SHARES = 1 / (1 + np.exp(-2 * Y))


@pytest.mark.filterwarnings("ignore:Line search failed")  # within rounding of the minimum
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("options", "y"),
    [
        ({"l1_ratio": 1}, Y), ({"family": "poisson"}, COUNTS), ({"family": "poisson", "l1_ratio": 0}, COUNTS),
        ({"family": "gamma", "l1_ratio": 1}, POSITIVE), ({"family": "binomial", "l1_ratio": 1}, (Y > 0.5) * 1.0),
        ({"family": "binomial"}, SHARES), ({"family": "tweedie"}, POSITIVE), ({"fit_intercept": False}, Y),
        ({"P1": FACTORS}, Y), ({"P2": FACTORS}, Y), ({"P1": 2 * FACTORS, "P2": np.diag(FACTORS)}, Y),
        ({"P2": sparse.diags_array(FACTORS).tocsc(), "l1_ratio": 0}, Y), ({"P1": FACTORS - 1, "l1_ratio": 1}, Y),
        ({"alpha": [0.1, 0.05], "alpha_search": True}, Y),
    ],
    ids=lambda each: str(each)[:60],
)  # fmt: skip
def test_glum(options, y, weights):
    glum = pytest.importorskip("glum")
    options = {"alpha": 0.05, "l1_ratio": 0.5, "gradient_tol": 1e-9} | options
    model = glum.GeneralizedLinearRegressor(**options).fit(X, y, sample_weight=weights)
    report = audit_estimator(model, X, y, weights)
    assert_passes(report)
    if options["l1_ratio"] and "P1" not in options:
        assert report.strength == 0.05
    if not options.get("alpha_search"):
        model.alpha = 0.0505
        assert audit_estimator(model, X, y, weights).violations.any()


def test_glum_with_cross_validation_and_data_frames():
    glum, pandas = pytest.importorskip("glum"), pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcdefghij"))
    model = glum.GeneralizedLinearRegressorCV(l1_ratio=[0.5, 1.0], gradient_tol=1e-9, cv=3).fit(frame, Y)
    report = audit_estimator(model, frame, Y)
    assert_passes(report)
    assert report.strength == model.alpha_
    assert report.row(1).name == "b"
    with pytest.raises(ValueError, match="X must have its columns in the order of fit"):
        audit_estimator(model, frame[list("bacdefghij")], Y)


def test_what_of_glum_is_refused():
    glum = pytest.importorskip("glum")
    for options in ({"scale_predictors": True}, {"lower_bounds": np.zeros(10)}):
        model = glum.GeneralizedLinearRegressor(alpha=0.05, l1_ratio=1, **options).fit(X, Y)
        with pytest.raises(ValueError, match="^model must have scale_predictors=False, .* and no constraints"):
            audit_estimator(model, X, Y)
    model = glum.GeneralizedLinearRegressor(alpha=0.05, l1_ratio=0, P2=np.ones((10, 10))).fit(X, Y)
    with pytest.raises(ValueError, match="^model must have a P2 with one factor a feature, got a matrix that is not"):
        audit_estimator(model, X, Y)
    model = glum.GeneralizedLinearRegressor(alpha=0.05, l1_ratio=1, family="binomial").fit(X, (Y > 0) * 1.0)
    with pytest.raises(ValueError, match="^y must have shares of successes, from 0 to 1, got -1$"):
        audit_estimator(model, X, np.where(Y > 0, 1.0, -1.0))


def test_statsmodels_with_an_offset():
    api = pytest.importorskip("statsmodels.api")
    options = {"alpha": 4.0, "disp": 0, "acc": 1e-13, "trim_mode": "size", "size_trim_tol": 1e-6}
    for extra in ({"exposure": WEIGHTS}, {"offset": np.log(WEIGHTS)}, {"exposure": WEIGHTS, "offset": Y / 4}):
        report = audit_estimator(api.Poisson(COUNTS, X, **extra).fit_regularized(**options), X, COUNTS)
        assert_passes(report)
        assert report.certified_zeros.any()
    binary = (Y > 0.5) * 1.0
    with pytest.raises(ValueError, match="^model must have no offset, or be a Poisson model"):
        audit_estimator(api.Logit(binary, X, offset=WEIGHTS).fit_regularized(**options), X, binary)
    with pytest.raises(ValueError, match=r"^y must hold only 0 and 1, got 0\.5$"):
        audit_estimator(api.Logit(binary, X).fit_regularized(**options), X, binary / 2)


def test_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    fitted = api.Logit((Y > 0.5) * 1.0, X).fit_regularized(
        alpha=4.0, disp=0, acc=1e-12, trim_mode="size", size_trim_tol=1e-6
    )
    report = audit_estimator(fitted, X, (Y > 0.5) * 1.0)
    assert_passes(report)
    assert report.zero_in_every_solution.any()
    for made in (api.OLS(Y, X), api.GLM(COUNTS, X, family=api.families.Poisson())):
        for share, penalty in ((1.0, catalog.l1().at(beta=0.1)), (0.5, catalog.elastic_net().at(beta=0.1, a=0.5))):
            model = made.fit_regularized(alpha=0.1, L1_wt=share, maxiter=500, cnvrg_tol=1e-12)
            with pytest.raises(ValueError, match=r"model must keep its strength, .*: call exactzeros\.audit\(model"):
                audit_estimator(model, X, made.endog)
            slopes = -model.model.score(model.params, scale=1) / len(X)  # what the message says to do instead
            assert_passes(audit(model.params, slopes, penalty))


@pytest.mark.filterwarnings("ignore:.* is faster on contiguous arrays", "ignore::FutureWarning", "ignore::UserWarning")
def test_estimators_of_several_targets_built_from_parts():
    skglm = pytest.importorskip("skglm")
    from skglm import datafits, penalties, solvers

    for penalty in (penalties.L2_1(0.1), penalties.BlockSCAD(0.1, 3.7)):
        made = (datafits.QuadraticMultiTask(), penalty, solvers.MultiTaskBCD(tol=1e-10))
        model = skglm.GeneralizedLinearEstimator(*made).fit(np.asfortranarray(X), TWO)
        if isinstance(penalty, penalties.L2_1):
            report = audit_estimator(model, X, TWO)
            assert_passes(report)
            assert report.zero_in_every_solution.any()
        else:
            with pytest.raises(ValueError, match="^model must have one of the penalties L1, .*, got BlockSCAD$"):
                audit_estimator(model, X, TWO)


class MyLasso(Lasso):
    """A user's own."""


def test_wrappers_and_subclasses():
    assert_passes(audit_estimator(MyLasso(0.1).fit(X, Y), X, Y))
    grid = {"lasso__alpha": [0.05, 0.1]}
    for search in (GridSearchCV, RandomizedSearchCV):
        extra = {"n_iter": 2, "random_state": 0} if search is RandomizedSearchCV else {}
        found = search(make_pipeline(StandardScaler(), Lasso()), grid, cv=3, **extra).fit(X, Y)
        report = audit_estimator(found, X, Y)
        assert_passes(report)
        assert report.strength == found.best_params_["lasso__alpha"]
    with pytest.raises(TypeError, match="refit=True"):
        audit_estimator(GridSearchCV(Lasso(), {"alpha": [0.1, 1.0]}, cv=3, refit=False).fit(X, Y), X, Y)
    target = TransformedTargetRegressor(make_pipeline(StandardScaler(), Lasso(0.1)), transformer=StandardScaler())
    assert_passes(audit_estimator(target.fit(X, Y), X, Y))
    both = TransformedTargetRegressor(Lasso(0.1), func=np.log, inverse_func=np.exp).fit(X, POSITIVE)
    assert_passes(audit_estimator(both, X, POSITIVE))


def test_several_models_in_one():
    each = LogisticRegression(C=0.1, l1_ratio=1, solver="liblinear", tol=1e-8)
    report = audit_estimator(OneVsRestClassifier(each).fit(X, THREE), X, THREE)
    assert_passes(report)
    assert report.weights.shape == (3, 11)
    assert report.zero_in_every_solution.shape == (3, 11)
    assert report.row(12).name == "1, x1"
    regressors = MultiOutputRegressor(Lasso(0.1)).fit(X, TWO)
    assert_passes(audit_estimator(regressors, X, TWO))
    labels = np.c_[THREE > 1, THREE > 0].astype(int)
    assert_passes(audit_estimator(MultiOutputClassifier(each).fit(X, labels), X, labels))


def test_feature_names_come_from_the_steps():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X[:, :3], columns=["age", "bmi", "bp"]).assign(sex=np.where(X[:, 3] > 0, "f", "m"))
    columns = ColumnTransformer([("n", StandardScaler(), ["age", "bmi", "bp"]), ("c", OneHotEncoder(), ["sex"])])
    model = make_pipeline(columns, Lasso(0.1)).fit(frame, Y)
    report = audit_estimator(model, frame, Y)
    assert_passes(report)
    assert list(report.to_frame().index) == ["n__age", "n__bmi", "n__bp", "c__sex_f", "c__sex_m", "intercept"]


def test_pipelines_in_pipelines():
    inner = make_pipeline(PolynomialFeatures(2, include_bias=False), Lasso(0.1, tol=1e-8))
    report = audit_estimator(make_pipeline(StandardScaler(), inner).fit(X, Y), X, Y)
    assert_passes(report)
    assert [report.row(i).name for i in (0, 10, 11, 65)] == ["x0", "x0^2", "x0 x1", "intercept"]
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X[:, :2], columns=["age", "bmi"])
    search = GridSearchCV(make_pipeline(StandardScaler(), clone(inner)), {"pipeline__lasso__alpha": [0.1, 0.2]}, cv=3)
    report = audit_estimator(search.fit(frame, Y), frame, Y)
    assert [report.row(i).name for i in range(5)] == ["age", "bmi", "age^2", "age bmi", "bmi^2"]
    assert audit_estimator(search, frame, Y, names=list("vwxyz")).row(4).name == "z"


def test_columns_in_another_order_are_refused():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcdefghij"))
    model = Lasso(0.1).fit(frame, Y)
    assert_passes(audit_estimator(model, frame, Y))
    assert_passes(audit_estimator(model, X, Y))
    with pytest.raises(ValueError, match="X must have its columns in the order of fit"):
        audit_estimator(model, frame[list("bacdefghij")], Y)
    with pytest.raises(ValueError, match="X must have the columns of fit"):
        audit_estimator(model, frame.rename(columns={"a": "z"}), Y)


def test_boolean_and_nullable_columns():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcdefghij")).assign(b=X[:, 1] > 0)
    frame["c"] = pandas.array(np.round(X[:, 2]).astype(int), dtype="Int64")
    model = Lasso(0.1).fit(frame, Y)
    assert_passes(audit_estimator(model, frame, pandas.DataFrame(Y)))
    assert_passes(audit_estimator(Lasso(0.1).fit(X > 0, Y), X > 0, Y.reshape(-1, 1)))
    assert_passes(audit_estimator(Lasso(0.05, tol=1e-8).fit(X, Y > 0), X, Y > 0))


def test_steps_that_change_the_data_at_fit_are_refused():
    codes = np.c_[np.digitize(X[:, 0], [-0.5, 0.5]), X[:, 1]]
    columns = ColumnTransformer([("t", TargetEncoder(target_type="continuous"), [0])], remainder="passthrough")
    model = make_pipeline(columns, Lasso(0.1)).fit(codes, Y)
    with pytest.raises(ValueError, match="changes the data at fit, got TargetEncoder"):
        audit_estimator(model, codes, Y)


@pytest.mark.parametrize(
    "step", [DictionaryLearning(3, max_iter=5), NMF(3, tol=0.1), LocallyLinearEmbedding()], ids=repr
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_steps_whose_transform_is_another_are_refused(step):
    model = make_pipeline(step, Lasso(0.01)).fit(np.abs(X), Y)
    with pytest.raises(ValueError, match=f"changes the data at fit, got {type(step).__name__}"):
        audit_estimator(model, np.abs(X), Y)


def test_an_unsupported_model_names_what_to_pass_instead():
    with pytest.raises(TypeError, match="pass its attribute estimator_ or estimators_ instead"):
        audit_estimator(BaggingRegressor(Lasso(0.1), n_estimators=2).fit(X, Y), X, Y)
    with pytest.raises(TypeError, match="pass its attribute estimator_ instead"):
        audit_estimator(SelectFromModel(Lasso(0.1)).fit(X, Y), X, Y)


def test_strengths_from_which_all_weights_are_zero_exist_only_with_kinks():
    assert audit_estimator(Ridge(1.0, positive=True).fit(X, Y), X, Y, strength_max=True).strength_max is None
    assert audit_estimator(Ridge(1.0).fit(X, Y), X, Y, strength_max=True).strength_max is None
    report = audit_estimator(MultiTaskLasso(0.1).fit(X, TWO), X, TWO, strength_max=True)
    assert (MultiTaskLasso(1.001 * report.strength_max, tol=1e-10).fit(X, TWO).coef_ == 0).all()
    assert (MultiTaskLasso(0.99 * report.strength_max, tol=1e-10).fit(X, TWO).coef_ != 0).any()


def test_reports_and_penalties_can_be_stored():
    import gc
    import weakref

    joblib = importlib.import_module("joblib")
    data = X.copy()
    report = audit_estimator(Lasso(0.1).fit(data, Y), data, Y)
    again = pickle.loads(pickle.dumps(report))
    assert str(again) == str(report)
    alive = weakref.ref(data)
    del data
    gc.collect()
    assert alive() is None
    assert len(repr(report)) < 120
    assert joblib.hash(report) == joblib.hash(again)
    penalty = catalog.mcp().at(beta=0.5, gamma=3)
    penalty.prox([1.0])
    assert pickle.loads(pickle.dumps(penalty)) == penalty
    assert pickle.loads(pickle.dumps(penalty)).prox([1.0]) == penalty.prox([1.0])


def test_groups_of_weights_with_a_sign_are_refused():
    skglm = pytest.importorskip("skglm")
    model = skglm.GroupLasso(alpha=0.1, groups=2, positive=True)
    model.coef_, model.intercept_, model.n_features_in_ = np.zeros(X.shape[1]), 0.0, X.shape[1]
    with pytest.raises(ValueError, match=r"positive=False, .*: a group of zeros is a minimum if the length of the pos"):
        audit_estimator(model, X, Y)


BROKEN = {
    "X masked": (lambda model: None, np.ma.masked_array(X, X > 2), Y, TypeError, "^X must have a number in each place"),
    "y masked": (lambda model: None, X, np.ma.masked_array(Y, Y > 2), TypeError, "^y must have a number in each"),
    "y huge": (lambda model: None, X, 1e200 * Y, ValueError, "^X and y must have entries whose squares are finite"),
    "no intercept": (lambda model: delattr(model, "intercept_"), X, Y, ValueError, "got none called intercept_$"),
    "no weights": (lambda model: delattr(model, "coef_"), X, Y, ValueError, "got none called coef_$"),
    "several": (
        lambda model: setattr(model, "intercept_", [0.0, 1.0]),
        X,
        Y,
        ValueError,
        "^intercept_ must have shape",
    ),
    "text": (lambda model: setattr(model, "intercept_", "x"), X, Y, TypeError, "^intercept_ must hold real numbers"),
    "none": (lambda model: setattr(model, "fit_intercept", False), X, Y, ValueError, "^intercept_ must be 0 for"),
    "strength": (lambda model: setattr(model, "alpha", -1), X, Y, ValueError, "^beta must be positive, got -1$"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_models_and_data_that_cannot_be_audited(name):
    change, data, y, error, message = BROKEN[name]
    model = Lasso(0.1).fit(X, Y)
    change(model)
    with pytest.raises(error, match=message):
        audit_estimator(model, data, y)


def test_an_argument_of_another_kind():
    with pytest.raises(TypeError, match="^strength_max must be a bool, got 'yes' of type str$"):
        audit_estimator(Lasso(0.1).fit(X, Y), X, Y, strength_max="yes")
    with pytest.raises(TypeError, match="^y must hold the model's classes .* got mixed types$"):
        audit_estimator(LogisticRegression().fit(X, LABELS), X, np.array([1, "no"] * 60, dtype=object))


def test_a_pipeline_whose_steps_do_nothing():
    assert_passes(audit_estimator(make_pipeline("passthrough", Lasso(0.1)).fit(X, Y), X, Y))
