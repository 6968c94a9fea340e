"""Compare values and gradients of the piecewise polynomial penalties with a copy and with hand-written compiled loops.

Everything takes turns in one process on one thread. Each number is the best of several rounds, in nanoseconds per
element: with NumPy alone, and compiled by numba, which must be installed.

Usage: python benchmarks/values.py [SIZE]
"""

import sys
import time

import numba
import numpy as np

from exactzeros._derive import compiled
from exactzeros.book import examples

ROUNDS = 7


def loops(value, slope):
    """Return two compiled functions of `(x, out)` for an even penalty, from its value and slope at `|x|`."""
    value, slope = numba.njit(value), numba.njit(slope)

    @numba.njit
    def values(x, out):
        for i in range(x.size):
            out[i] = value(abs(x[i]))

    @numba.njit
    def slopes(x, out):
        for i in range(x.size):
            out[i] = 0.0 if x[i] == 0 else np.copysign(slope(abs(x[i])), x[i])

    return values, slopes


def scad(t):
    """Return the value at `t`."""
    if t <= 0.5:
        return 0.5 * t
    return (3.7 * t - t * t - 0.25) / 5.4 if t <= 1.85 else 0.5875


LOOPS = {
    "l1": loops(lambda t: 0.5 * t, lambda t: 0.5),
    "l2": loops(lambda t: 0.5 * t * t, lambda t: t),
    "elastic_net": loops(lambda t: 0.25 * t + 0.125 * t * t, lambda t: 0.25 + 0.25 * t),
    "huber": loops(
        lambda t: t * t / 2 if t <= 0.5 else 0.5 * (t - 0.25),
        lambda t: min(t, 0.5),
    ),
    "mcp": loops(
        lambda t: 0.5 * t - t * t / 6 if t <= 1.5 else 0.375,
        lambda t: max(0.5 - t / 3, 0.0),
    ),
    "scad": loops(scad, lambda t: max(min(0.5, (1.85 - t) / 2.7), 0.0)),
}


def best(functions):
    """Return the best time of each function in nanoseconds per element."""
    times = [np.inf] * len(functions)
    for _ in range(ROUNDS):
        for i, function in enumerate(functions):
            start = time.process_time()
            function()
            times[i] = min(times[i], time.process_time() - start)
    return times


def main(size=10**6):
    """Print a row per penalty: for the value and for the gradient the loop by hand, compiled, and NumPy."""
    rng = np.random.default_rng(0)
    x, out = rng.normal(size=size) * 2, np.empty(size)
    names = ("copy", "value: loop", "compiled", "NumPy", "slope: loop", "compiled", "NumPy")
    print(f"{size:,} doubles, ns an element\n{'':12}" + "".join(f"{name:>13}" for name in names))
    for name, by_hand in LOOPS.items():
        penalty = examples.penalty(name, beta=0.5)
        rows = []
        for loop, ours in zip(by_hand, (penalty, penalty.gradient), strict=True):
            compiled.IS_AVAILABLE = True
            loop(x, out)
            np.testing.assert_allclose(ours(x), out, rtol=1e-12, atol=1e-15)
            fast = best((lambda: np.copyto(out, x), lambda loop=loop: loop(x, out), lambda ours=ours: ours(x)))
            compiled.IS_AVAILABLE = False
            rows.append((*fast, *best((lambda ours=ours: ours(x),))))
        copy, *times = [min(rows[0][0], rows[1][0]), *rows[0][1:], *rows[1][1:]]
        print(f"{name:12}" + "".join(f"{1e9 * each / size:13.2f}" for each in (copy, *times)), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
