"""Compare the import of all public names with `import sympy, numpy`, taking turns, each in a fresh process.

Usage: python benchmarks/import_time.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys

TARGET = 1.2
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # compile once, as for any user
CLOCK = "from time import perf_counter as now; start = now(); {}; print(now() - start)"


def seconds(statement):
    """Return how long one import takes in a new interpreter."""
    return float(subprocess.check_output([sys.executable, "-c", CLOCK.format(statement)], env=ENVIRONMENT))


def main(rounds=15):
    """Print both medians and their ratio."""
    times = {"import sympy, numpy": [], "from exactzeros import *": []}
    for statement in times:
        seconds(statement)  # the first run compiles the modules
    for _ in range(rounds):
        for statement, measured in times.items():
            measured.append(seconds(statement))
    floor, ours = map(statistics.median, times.values())
    print(f"import sympy, numpy:    {floor:.3f} s\nfrom exactzeros import *: {ours:.3f} s")
    print(f"ratio: {ours / floor:.2f} (at most {TARGET})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
