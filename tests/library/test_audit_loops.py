"""The audit's compiled loops add up what NumPy adds up; what is not finite is found without a look at each entry."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.linear_model import Lasso

from exactzeros import audit_estimator
from exactzeros._sample_losses import Squared
from exactzeros.auditing import compiled, design

RANDOM = np.random.default_rng(0)
ROWS, COLUMNS = 53, 40
X = RANDOM.normal(size=(ROWS, COLUMNS)) * (RANDOM.random((ROWS, COLUMNS)) < 0.4) + 0.5 * (np.arange(COLUMNS) < 9)
Y = RANDOM.normal(size=ROWS)
FORMS = {
    "dense": np.asarray,
    "by columns in memory": np.asfortranarray,
    "blocks": lambda X: [X[:11], X[11:]],
    "single precision": lambda X: X.astype(np.float32),
    "sparse rows": scipy.sparse.csr_array,
    "sparse columns": scipy.sparse.csc_array,
    "sparse, single precision": lambda X: scipy.sparse.csr_array(X, dtype=np.float32),
}
WEIGHTS = {"equal": np.ones(ROWS), "different": RANDOM.random(ROWS), "some zero": np.arange(ROWS) % 2.0}
COEFFICIENTS = {"few": np.eye(COLUMNS)[3], "many": RANDOM.normal(size=COLUMNS), "none": np.zeros(COLUMNS)}


def reading(X, coefficients, weights):
    return design.read(X, coefficients, np.array(0.5), Squared(), Y, weights / ROWS)


def assert_loops_agree(monkeypatch, form, coefficients, weights):
    X_in_form = FORMS[form](X)
    monkeypatch.setattr(compiled, "IS_AVAILABLE", False)
    plain = reading(X_in_form, COEFFICIENTS[coefficients], WEIGHTS[weights])
    monkeypatch.setattr(compiled, "IS_AVAILABLE", True)
    monkeypatch.setattr(compiled, "WORTH_COMPILING", 0)
    fast = reading(X_in_form, COEFFICIENTS[coefficients], WEIGHTS[weights])
    for name in ("predictions", "sample_slopes", "gradient", "squares"):
        np.testing.assert_allclose(getattr(fast, name), getattr(plain, name), rtol=1e-13, atol=1e-15)
    if fast.sums is not None:
        seen = X.astype(np.float32).astype(float) if "single" in form else X
        np.testing.assert_allclose(fast.sums, WEIGHTS[weights] / ROWS @ seen, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("coefficients", COEFFICIENTS)
@pytest.mark.parametrize("form", FORMS)
def test_the_text_of_the_loops(form, coefficients, weights, monkeypatch):
    monkeypatch.setattr(compiled, "compiled", lambda function: function)
    assert_loops_agree(monkeypatch, form, coefficients, weights)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_compiled_loops(form, monkeypatch):
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    for coefficients in COEFFICIENTS:
        assert_loops_agree(monkeypatch, form, coefficients, "equal")
    assert_loops_agree(monkeypatch, form, "few", "different")


def test_numba_compiles_once_earlier_audits_have_read_many_entries(monkeypatch):
    monkeypatch.setattr(compiled, "compiled", lambda function: function)
    monkeypatch.setattr(compiled, "IS_AVAILABLE", True)
    monkeypatch.setattr(compiled, "_entries_read", 0)
    monkeypatch.setattr(compiled, "WORTH_COMPILING", 2 * X.size)
    found = []
    for _ in range(3):
        found.append(compiled.is_worth_while())
        reading(X, COEFFICIENTS["many"], WEIGHTS["equal"])
    assert found == [False, False, True]
    assert compiled._entries_read == 3 * X.size


@pytest.mark.parametrize("compiles", [False, True])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_finite_is_found_wherever_it_is(form, value, compiles, monkeypatch):
    """Also in a column without weight, and where the slope of the loss, or the sample's weight, is 0."""
    monkeypatch.setattr(compiled, "compiled", lambda function: function)
    monkeypatch.setattr(compiled, "IS_AVAILABLE", compiles)
    monkeypatch.setattr(compiled, "WORTH_COMPILING", 0)
    weights = np.where(np.arange(ROWS) == 7, 0.0, 1.0)
    for coefficients in (np.zeros(COLUMNS), np.eye(COLUMNS)[3]):
        model = Lasso(0.1)
        model.coef_, model.intercept_, model.n_features_in_ = coefficients, 0.0, COLUMNS
        exact = X @ coefficients  # all slopes of the loss are 0
        for row, column in ((0, 0), (7, 5), (ROWS - 1, COLUMNS - 1), (20, 3)):
            wrong = X.copy()
            wrong[row, column] = value
            for y in (Y, exact):
                with np.errstate(all="ignore"), pytest.raises(ValueError, match="X must "):
                    audit_estimator(model, FORMS[form](wrong), y, weights)
