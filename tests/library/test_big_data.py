"""Data in blocks: memory-mapped, single-precision, sparse, chunked and batched data give the same audit, uncopied."""

import tracemalloc

import numpy as np
import pytest
import scipy.sparse
from sklearn.linear_model import Lasso, LogisticRegression

from exactzeros import audit_estimator
from exactzeros.auditing import compiled

pytestmark = pytest.mark.slow  # numba compiles, and processes start

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(500, 40)) + 1
Y = X[:, :5].sum(axis=1) + RANDOM.normal(size=500)
MODEL = Lasso(0.1, tol=1e-10).fit(X, Y)
REPORT = audit_estimator(MODEL, X, Y, strength_max=True)


def assert_same(report):
    np.testing.assert_allclose(report.slopes, REPORT.slopes, atol=1e-12)
    np.testing.assert_allclose(report.strength_max, REPORT.strength_max, rtol=1e-12)
    assert (report.codes == REPORT.codes).all()
    assert (report.zero_in_every_solution == REPORT.zero_in_every_solution).all()


@pytest.mark.parametrize(
    "form",
    [
        np.asfortranarray,
        scipy.sparse.csr_array,
        scipy.sparse.csc_array,
        np.ndarray.tolist,
        lambda X: [X[:200], X[200:]],
    ],
)
def test_every_form_gives_the_same_report(form):
    assert_same(audit_estimator(MODEL, form(X), Y, strength_max=True))


def test_batches_can_come_one_after_the_other():
    report = audit_estimator(MODEL, (X[start : start + 77] for start in range(0, 500, 77)), Y)
    np.testing.assert_allclose(report.slopes, REPORT.slopes, atol=1e-12)
    labels = (Y > Y.mean()).astype(int)
    model = LogisticRegression(C=0.1, tol=1e-8).fit(X, labels)
    batched = audit_estimator(model, [X[:300], X[300:]], labels)
    np.testing.assert_allclose(batched.slopes, audit_estimator(model, X, labels).slopes, atol=1e-12)
    for batches in ([X[:100]], [X, X[:1]]):
        with pytest.raises(ValueError, match="X must have 500 rows, as y has"):
            audit_estimator(MODEL, batches, Y)
    with pytest.raises(ValueError, match=r"X must have blocks of shape \(n, 40\)"):
        audit_estimator(MODEL, [X[:, :3]], Y)


@pytest.mark.parametrize("least", [0, np.inf], ids=["compiled loops", "NumPy"])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_memory_mapped_array_is_not_copied(tmp_path, kind, least, monkeypatch):
    monkeypatch.setattr(compiled, "WORTH_COMPILING", least)
    n, p = 20_000, 400
    stored = np.memmap(tmp_path / "X", kind, "w+", shape=(n, p))
    stored[:] = RANDOM.normal(size=(n, p))
    model = Lasso(0.1)
    model.coef_, model.intercept_, model.n_features_in_ = np.zeros(p), 0.0, p
    y = np.asarray(stored[:, 0], float)
    audit_estimator(model, stored[:100], y[:100])
    tracemalloc.start()
    try:
        report = audit_estimator(model, stored, y)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.slopes[0] == pytest.approx(-(y @ y) / n)
    assert peak < 0.05 * n * p * 8


def test_dask():
    array = pytest.importorskip("dask.array")
    assert_same(audit_estimator(MODEL, array.from_array(X, chunks=(120, 15)), Y, strength_max=True))


@pytest.mark.filterwarnings("ignore")
def test_dask_on_a_cluster():
    array, distributed = pytest.importorskip("dask.array"), pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        with distributed.Client(cluster):
            assert_same(audit_estimator(MODEL, array.from_array(X, chunks=(250, 40)), Y, strength_max=True))
