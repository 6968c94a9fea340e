"""Compare the proximal operator of every catalog penalty with a plain copy and with a hand-written compiled loop.

Everything takes turns in one process on one thread. Each number is the best of several rounds, in nanoseconds per
element. The compiled loops need numba.

Usage: python benchmarks/prox.py [SIZE]
"""

import sys
import time

import numba
import numpy as np

from exactzeros import catalog
from exactzeros.book import examples

ROUNDS = 5
STEP = 0.7


def penalties():
    """Return every catalog penalty with the book's example numbers, but for two."""
    return {name: examples.penalty(name, beta=0.5, eps=0.5) for name in catalog.every()}


@numba.njit
def l1(v, step, out):
    for i in range(v.size):
        edge = step[i] * 0.5
        out[i] = v[i] - min(max(v[i], -edge), edge)


@numba.njit
def l2(v, step, out):
    for i in range(v.size):
        out[i] = v[i] / (1 + step[i])


@numba.njit
def elastic_net(v, step, out):
    for i in range(v.size):
        edge = step[i] * 0.25
        out[i] = (v[i] - min(max(v[i], -edge), edge)) / (1 + step[i] * 0.25)


@numba.njit
def huber(v, step, out):
    for i in range(v.size):
        size = abs(v[i])
        out[i] = np.copysign(max(size / (1 + step[i]), size - 0.5 * step[i]), v[i])


@numba.njit
def mcp(v, step, out):
    for i in range(v.size):
        size = abs(v[i])
        out[i] = np.copysign(min(max(size - 0.5 * step[i], 0.0) / (1 - step[i] / 3), size), v[i])


@numba.njit
def scad(v, step, out):
    for i in range(v.size):
        size = abs(v[i])
        middle = (size - step[i] * 0.5 * 3.7 / 2.7) / (1 - step[i] / 2.7)
        out[i] = np.copysign(min(max(max(size - 0.5 * step[i], 0.0), middle), size), v[i])


@numba.njit
def one_sided(v, step, out):
    for i in range(v.size):
        out[i] = v[i] - min(max(v[i], 0.0), 0.5 * step[i])


@numba.njit
def nonnegative(v, step, out):
    for i in range(v.size):
        out[i] = max(v[i], 0.0)


@numba.njit
def log_sum(v, step, out):
    for i in range(v.size):
        size, weight = abs(v[i]), step[i] * 0.5
        inner = (size + 0.5) ** 2 - 4 * weight
        found = 0.0
        if inner > 0:
            point = (size - 0.5 + np.sqrt(inner)) / 2
            if point > 0 and weight * np.log1p(point / 0.5) + point * (point / 2 - size) < 0:
                found = point
        out[i] = np.copysign(found, v[i])


@numba.njit
def root(v, step, out):
    for i in range(v.size):
        size, weight = abs(v[i]), step[i] * 0.5
        found = 0.0
        if size > 1.5 * weight ** (2 / 3):
            angle = np.arccos(-weight / 4 * (size / 3) ** -1.5)
            found = 2 / 3 * size * (1 + np.cos(2 / 3 * (np.pi - (np.pi - angle))))
        out[i] = np.copysign(found, v[i])


@numba.njit
def power(v, step, out):
    for i in range(v.size):
        size, half = abs(v[i]), 0.75 * 0.5 * step[i]
        out[i] = np.copysign((size / (half + np.sqrt(half * half + size))) ** 2, v[i])


@numba.njit
def smoothed_l1(v, step, out):
    for i in range(v.size):
        size, weight = abs(v[i]), step[i] * 0.5
        point = max(size - weight, size / (1 + weight / 0.5))
        for _ in range(30):
            distance = np.sqrt(point * point + 0.25)
            move = (point + weight * point / distance - size) / (1 + weight * 0.25 / (distance * distance * distance))
            point -= move
            if abs(move) <= 1e-16 * point:
                break
        out[i] = np.copysign(point, v[i])


LOOPS = {"lp(1/2)": root, "lp(3/2)": power} | {
    each.__name__: each
    for each in (l1, l2, elastic_net, huber, mcp, scad, one_sided, nonnegative, log_sum, smoothed_l1)
}


def main(size=10**6):
    """Print a row per penalty: the hand-written loop, and ours with one step and with a step for each element."""
    rng = np.random.default_rng(0)
    v, out = rng.normal(size=size) * 2, np.empty(size)
    same, own = np.full(size, STEP), rng.uniform(0.5 * STEP, 1.5 * STEP, size=size)
    names = ("copy", "loop", "loop, steps", "ours", "ours, steps")
    print(f"{size:,} doubles, ns an element\n{'':12}" + "".join(f"{name:>13}" for name in names))
    for name, penalty in penalties().items():
        loop = LOOPS[name]
        runs = (
            lambda: np.copyto(out, v),
            lambda loop=loop: loop(v, same, out),
            lambda loop=loop: loop(v, own, out),
            lambda penalty=penalty: penalty.prox(v, STEP, out=out),
            lambda penalty=penalty: penalty.prox(v, own, out=out),
        )
        best = [np.inf] * len(runs)
        for _ in range(ROUNDS):
            for i, run in enumerate(runs):
                start = time.process_time()
                run()
                best[i] = min(best[i], time.process_time() - start)
        print(f"{name:12}" + "".join(f"{1e9 * each / size:13.2f}" for each in best), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
