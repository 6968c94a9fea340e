"""Compare soft thresholding with a plain copy, taking turns in one run; the best of several rounds counts.

Usage: python benchmarks/soft_thresholding.py
"""

import time

import numpy as np

from exactzeros import catalog

SIZE, ROUNDS, STRENGTH = 10**7, 7, 0.5


def candidates(v, out):
    """Return each candidate by name: the function to time, and the name of the copy to compare it with."""
    prox = catalog.l1().at(beta=STRENGTH).prox

    def sign_maximum():
        return np.sign(v) * np.maximum(np.abs(v) - STRENGTH, 0.0)

    def where():
        return np.where(v > STRENGTH, v - STRENGTH, np.where(v < -STRENGTH, v + STRENGTH, 0.0))

    return {
        "np.copyto(o, v)": (lambda: np.copyto(out, v), "np.copyto(o, v)"),
        "v.copy()": (v.copy, "v.copy()"),
        "prox(v, out=o)": (lambda: prox(v, out=out), "np.copyto(o, v)"),
        "prox(v)": (lambda: prox(v), "v.copy()"),
        "sign*maximum": (sign_maximum, "v.copy()"),
        "np.where": (where, "v.copy()"),
    }


def main():
    v = np.random.default_rng(0).normal(size=SIZE)
    ways = candidates(v, np.zeros_like(v))
    best = dict.fromkeys(ways, np.inf)
    for _ in range(ROUNDS):
        for name, (run, _) in ways.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    for name, (_, copy) in ways.items():
        print(f"{name:16} {1e3 * best[name]:7.1f} ms   {best[name] / best[copy]:5.2f} times {copy}")


if __name__ == "__main__":
    main()
