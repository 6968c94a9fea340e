"""Compare the proximal operator on PyTorch tensors with a copy and with PyTorch's own soft thresholding.

Everything takes turns in one process on one thread. Each number is the best of several rounds, in nanoseconds per
element of float32.

Usage: python benchmarks/prox_tensors.py [SIZE]
"""

import sys
import time

import torch

from exactzeros import catalog
from exactzeros.book import examples

ROUNDS = 5
STEP = 0.7


def penalties():
    """Return every catalog penalty with the book's example numbers, but for two."""
    return {name: examples.penalty(name, beta=0.5, eps=0.5) for name in catalog.every()}


def main(size=10**7):
    """Print a row per penalty, with one step and with a step for each element."""
    torch.set_num_threads(1)
    v = torch.randn(size, generator=torch.Generator().manual_seed(0)) * 2
    steps = torch.full_like(v, STEP)
    runs = {"copy": v.clone, "softshrink": lambda: torch.nn.functional.softshrink(v, STEP * 0.5)}
    for name, penalty in penalties().items():
        runs[name] = lambda penalty=penalty: penalty.prox(v, STEP)
        runs[f"{name}, steps"] = lambda penalty=penalty: penalty.prox(v, steps)
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - start)
    print(f"{size:,} elements, ns an element")
    for name, seconds in best.items():
        print(f"{name:20}{1e9 * seconds / size:8.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
