"""Measure how many gradient evaluations an audit costs: the best of interleaved runs on one thread.

With numba installed, all but the first few audits run in compiled loops.

Usage: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/audit.py
"""

from time import perf_counter

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
    where = [random.integers(end, size=size, dtype=np.int32) for end in (20_000, 100_000)]
    sparse = scipy.sparse.csr_array((random.normal(size=size), where), shape=(20_000, 100_000))
    y = random.normal(size=20_000)
    yield "sparse by rows 20000 x 100000, 0.1 %", sparse, y
    yield "sparse by columns", sparse.tocsc(), y


def models(X, y):
    """Yield a tight fit with few non-zero weights, and one at the solver's default tolerance."""
    strength = 0.7 * np.abs(X.T @ (y - y.mean())).max() / len(y)
    for tol in (1e-10, 1e-4):
        yield f"tol={tol:g}", Lasso(strength, tol=tol, max_iter=10_000).fit(X, y)


def compare(name, model, X, y):
    """Print the best times, their ratio, and the time of the first audit."""
    first = seconds(lambda: audit_estimator(model, X, y))
    pairs = []
    for _ in range(ROUNDS):
        gradient = seconds(lambda: X.T @ (X @ model.coef_ + model.intercept_ - y) / len(y))
        pairs.append((seconds(lambda: audit_estimator(model, X, y)), gradient))
    ours, floor = map(min, zip(*pairs, strict=True))
    print(
        f"{name}: audit {1e3 * ours:.1f} ms, gradient {1e3 * floor:.1f} ms, ratio {ours / floor:.2f} (at most {TARGET})"
    )
    print(f"  {np.count_nonzero(model.coef_)} weights are not zero; the first audit took {1e3 * first:.0f} ms")


def main():
    """Compare the audit with a gradient on each problem."""
    for name, X, y in problems():
        for fit, model in models(X, y):
            compare(f"{name}, {fit}", model, X, y)


if __name__ == "__main__":
    main()
