"""Time `import sparsity` against the floor `import sympy, numpy`, each in fresh processes, turn by turn.

Usage: python benchmarks/import_time.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys

TARGET = 1.2
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # compiled once, as for any user
CLOCK = "from time import perf_counter as now; start = now(); import {}; print(now() - start)"


def seconds(modules):
    """Return how long one import takes in a new interpreter."""
    return float(subprocess.check_output([sys.executable, "-c", CLOCK.format(modules)], env=ENVIRONMENT))


def main(rounds=15):
    """Print both medians and their ratio."""
    times = {"sympy, numpy": [], "sparsity": []}
    for modules in times:
        seconds(modules)  # compiles what is not compiled yet
    for _ in range(rounds):
        for modules, measured in times.items():
            measured.append(seconds(modules))
    floor, ours = map(statistics.median, times.values())
    print(f"import sympy, numpy: {floor:.3f} s\nimport sparsity:     {ours:.3f} s")
    print(f"ratio: {ours / floor:.2f} (at most {TARGET})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
