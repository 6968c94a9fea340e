"""Measure how many gradient evaluations an audit costs: medians of interleaved runs.

Usage: python benchmarks/audit.py
"""

import statistics
from time import perf_counter
from types import SimpleNamespace

import numpy as np
import scipy.sparse
from sklearn.linear_model import Lasso

from exactzeros import audit_estimator

ROUNDS, TARGET = 51, 1.2


def seconds(function):
    """Return how long one call takes."""
    start = perf_counter()
    function()
    return perf_counter() - start


def problems():
    """Yield the name and the data of each problem."""
    random = np.random.default_rng(0)
    yield "dense 1000 x 5000", random.normal(size=(1000, 5000)), random.normal(size=1000)
    size = 2_000_000
    where = random.integers(20_000, size=size), random.integers(100_000, size=size)
    sparse = scipy.sparse.csr_array((random.normal(size=size), where), shape=(20_000, 100_000))
    yield "sparse 20000 x 100000, 0.1 %", sparse, random.normal(size=20_000)


def model_of(features):
    """Return a Lasso with 50 non-zero weights, set by hand: the cost of an audit does not depend on their origin."""
    model = Lasso(alpha=0.05)
    model.coef_, model.intercept_, model.n_features_in_ = np.zeros(features), 0.1, features
    model.coef_[:50] = 1.0
    return model


def main():
    """Print the medians, their ratio, and the time of the first audit."""
    for name, X, y in problems():
        model = model_of(X.shape[1])
        problem = SimpleNamespace(first=seconds(lambda: audit_estimator(model, X, y)), pairs=[])
        for _ in range(ROUNDS):
            gradient = seconds(lambda: X.T @ (X @ model.coef_ + model.intercept_ - y) / len(y))
            problem.pairs.append((seconds(lambda: audit_estimator(model, X, y)), gradient))
        ours, floor = map(statistics.median, zip(*problem.pairs, strict=True))
        print(
            f"{name}: audit {1e3 * ours:.1f} ms, gradient {1e3 * floor:.1f} ms, "
            f"ratio {ours / floor:.2f} (at most {TARGET})"
        )
        print(
            f"  first audit, with the import of scikit-learn's checks or the derivation: {1e3 * problem.first:.0f} ms"
        )


if __name__ == "__main__":
    main()
