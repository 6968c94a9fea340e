"""Compare the experiments that count zeros with the random draw alone, which all of them need.

Usage: python benchmarks/zero_frequency.py [ROUNDS]
"""

import importlib
import statistics
import sys
from time import perf_counter

import numpy as np

from exactzeros import catalog
from exactzeros.experiments import regression_zero_frequency, zero_frequency

PROBLEMS = 100_000
TARGET = 1.0  # seconds for ridge and L1 together


def seconds(function):
    """Return how long one call takes."""
    start = perf_counter()
    function()
    return perf_counter() - start


def both(strength=0.5):
    """Count the zeros of 10^5 ridge and 10^5 L1 problems."""
    for penalty in (catalog.l2(), catalog.l1()):
        zero_frequency(penalty.at(beta=strength), problems=PROBLEMS)


def draw():
    """Draw the same number of random slopes, and do nothing else."""
    for _ in range(2):
        np.random.default_rng(0).normal(size=PROBLEMS)


def main(rounds=15):
    """Print the time of the first run, the medians and their ratio."""
    loading = seconds(lambda: importlib.import_module("scipy.special"))  # otherwise the first experiment imports it
    first = seconds(both)  # derives the slopes and compiles the proximal operators
    pairs = [(seconds(both), seconds(draw)) for _ in range(rounds)]
    ours, floor = map(statistics.median, zip(*pairs, strict=True))
    print(f"2 x {PROBLEMS:,} problems, first run: {first:.3f} s (at most {TARGET}); SciPy loads in {loading:.3f} s")
    print(f"2 x {PROBLEMS:,} problems, again:     {ours:.4f} s")
    print(f"the random draw alone:         {floor:.4f} s, ratio {ours / floor:.1f}")
    ridge, lasso = catalog.l2().at(beta=0.5), catalog.l1().at(beta=0.5)
    for name, penalty, data, problems in (
        ("ridge", ridge, "gaussian", 500_000),
        ("ridge", ridge, "ternary", PROBLEMS),
        ("lasso", lasso, "gaussian", 10_000),
    ):
        taken = seconds(lambda: print(regression_zero_frequency(penalty, data, problems=problems)))
        print(f"  {name}, {problems:,} {data} regressions: {taken:.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
